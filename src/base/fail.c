/* Filling and printing error records. */
#include "base/fail.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const char *tnn_status_name(tnn_status status) {
    static const char *const names[] = {"ok",     "invalid", "malformed", "unsupported", "out of memory",
                                        "i/o",    "limit",   "internal",  "cancelled"};
    size_t index = (size_t)status;
    return index < sizeof names / sizeof names[0] ? names[index] : "unknown";
}

int tnn_error_format(const tnn_error *error, char *out, uint64_t out_bytes) {
    char position[32] = "";
    const char *gap = error->where[0] != '\0' ? " " : "";
    if (error->position != TNN_NO_POSITION)
        snprintf(position, sizeof position, "%s@%" PRIu64, gap, error->position);
    const char *colon = error->where[0] != '\0' || position[0] != '\0' ? ": " : "";
    return snprintf(out, (size_t)out_bytes, "%s%s%s%s", error->where, position, colon, error->message);
}

/* Copy, cut to `out_bytes`, on one line. */
static void copy_line(char *out, size_t out_bytes, const char *text) {
    size_t n = 0;
    for (; text[n] != '\0' && n + 1 < out_bytes; n++)
        out[n] = text[n] == '\n' || text[n] == '\r' ? ' ' : text[n];
    out[n] = '\0';
}

/* `format` may print parts of `err` itself, so the text is complete before the record changes. */
TNN_PRINTF(5, 0)
static void fill(tnn_error *err, tnn_status code, const char *where, uint64_t position,
                 const char *format, va_list args) {
    char message[sizeof err->message];
    char place[sizeof err->where] = "";
    vsnprintf(message, sizeof message, format, args);
    if (where != NULL) copy_line(place, sizeof place, where);
    err->code = code;
    err->position = position;
    memcpy(err->where, place, sizeof place);
    copy_line(err->message, sizeof err->message, message);
}

tnn_status tnn_fail(tnn_error *err, tnn_status code, const char *where, const char *format, ...) {
    if (err == NULL) return code;
    va_list args;
    va_start(args, format);
    fill(err, code, where, TNN_NO_POSITION, format, args);
    va_end(args);
    return code;
}

tnn_status tnn_fail_at(tnn_error *err, tnn_status code, const char *where, uint64_t position,
                       const char *format, ...) {
    if (err == NULL) return code;
    va_list args;
    va_start(args, format);
    fill(err, code, where, position, format, args);
    va_end(args);
    return code;
}

void tnn_error_prefix(tnn_error *err, const char *outer) {
    if (err == NULL) return;
    char inner[sizeof err->where];
    memcpy(inner, err->where, sizeof inner);
    copy_line(err->where, sizeof err->where, outer);
    if (inner[0] == '\0') return;
    size_t used = strlen(err->where);
    snprintf(err->where + used, sizeof err->where - used, ": %s", inner);
}
