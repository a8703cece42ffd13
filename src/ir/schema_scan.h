/* Scanning the text of a signature; used by schema.c alone. */
#ifndef TNN_IR_SCHEMA_SCAN_H
#define TNN_IR_SCHEMA_SCAN_H

#include "ir/schema.h"

typedef struct tnn_scan {
    const char *text;
    size_t pos;
    tnn_arena *arena;
} tnn_scan;

void tnn_scan_space(tnn_scan *s);

/* Step over a word of letters, digits, '_', '.' and ':'; its length, 0 when there is none. */
size_t tnn_scan_word(tnn_scan *s);

/* Step over spaces and `token` when it stands here. */
bool tnn_scan_take(tnn_scan *s, const char *token);
/* The same for a whole word. */
bool tnn_scan_take_word(tnn_scan *s, const char *word);
tnn_status tnn_scan_expect(tnn_scan *s, const char *token, tnn_error *err);

/* A number without sign, at most 1000; 0 when there is none. */
int tnn_scan_digits(tnn_scan *s);

/* TNN_ERR_MALFORMED "signature has X, expected `expected`" at the position. */
tnn_status tnn_scan_fail(const tnn_scan *s, const char *expected, tnn_error *err);

/* A default value of the given type. A single number for a list is repeated fixed_n times, or stands once. */
tnn_status tnn_scan_default(tnn_scan *s, const tnn_schema_type *type, const struct tnn_arg **out, tnn_error *err);

#endif
