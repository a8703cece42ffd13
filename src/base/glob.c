#include "base/glob.h"

/* After a star only the last one is tried again: what an earlier one took need not change. */
bool tnn_glob(const char *pattern, const char *text, size_t length) {
    const char *star = NULL, *behind = NULL, *end = text + length;
    while (text < end) {
        if (*pattern == '*') {
            star = pattern++;
            behind = text;
        } else if (*pattern == '?' || *pattern == *text) {
            pattern++;
            text++;
        } else if (star != NULL) {
            pattern = star + 1;
            text = ++behind;
        } else {
            return false;
        }
    }
    while (*pattern == '*') pattern++;
    return *pattern == '\0';
}
