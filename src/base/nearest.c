#include "base/nearest.h"

#include <string.h>

#define MAX_LETTERS 64 /* longer words are near to nothing */

static size_t smallest(size_t a, size_t b, size_t c) {
    size_t least = a < b ? a : b;
    return least < c ? least : c;
}

/* Edit distance, row by row of its table. */
static size_t distance(const char *a, size_t n_a, const char *b, size_t n_b) {
    size_t row[MAX_LETTERS + 1];
    for (size_t k = 0; k <= n_b; k++) row[k] = k;
    for (size_t i = 1; i <= n_a; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t k = 1; k <= n_b; k++) {
            size_t replaced = diagonal + (a[i - 1] != b[k - 1]);
            diagonal = row[k];
            row[k] = smallest(row[k] + 1, row[k - 1] + 1, replaced);
        }
    }
    return row[n_b];
}

const char *tnn_nearest(const char *word, const char *const *names, size_t n) {
    size_t length = strlen(word), best = length / 2 + 1;
    const char *nearest = NULL;
    for (size_t i = 0; i < n && length <= MAX_LETTERS; i++) {
        size_t other = strlen(names[i]);
        size_t d = other <= MAX_LETTERS ? distance(word, length, names[i], other) : best;
        if (d >= best) continue;
        best = d;
        nearest = names[i];
    }
    return nearest;
}
