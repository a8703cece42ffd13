/* Sizes: a number and, where it depends on an input's size, an expression over named sizes.
 *
 * The number (the hint) comes from the example or from --input and is what every decision uses. The
 * expression is kept in a normal form, so that equal sizes have structurally equal expressions:
 *
 *   sum     := c0 + c1 * product + c2 * product ...      products in order, coefficients not zero
 *   product := factor * factor ...                       factors in order
 *   factor  := symbol | floordiv(sum, sum) | mod(sum, sum) | min(sum, sum) | max(sum, sum)
 *
 * floordiv is flooring, mod has the divisor's sign, as in Python. Exact divisions cancel:
 * (s0 * 1280) // s0 is 1280 (symbols are at least 1). */
#ifndef TNN_IR_SIZE_H
#define TNN_IR_SIZE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/strbuf.h"

typedef struct tnn_expr tnn_expr;

typedef struct tnn_size {
    int64_t hint;
    const tnn_expr *expr; /* NULL: a constant, equal to the hint */
} tnn_size;

#define TNN_MAX_RANK 8

typedef struct tnn_shape {
    uint8_t rank;
    tnn_size dims[TNN_MAX_RANK]; /* dim 0 outermost, PyTorch's order */
} tnn_shape;

static inline tnn_size tnn_size_const(int64_t value) {
    tnn_size size = {value, 0};
    return size;
}

/* Errors of all of these: TNN_ERR_LIMIT (a hint overflows 64 bits), TNN_ERR_INVALID (division by zero),
 * TNN_ERR_NOMEM. */
tnn_status tnn_size_symbol(tnn_size *out, tnn_arena *arena, const char *name, int64_t hint, tnn_error *err);
tnn_status tnn_size_add(tnn_size *out, tnn_arena *arena, tnn_size a, tnn_size b, tnn_error *err);
tnn_status tnn_size_sub(tnn_size *out, tnn_arena *arena, tnn_size a, tnn_size b, tnn_error *err);
tnn_status tnn_size_mul(tnn_size *out, tnn_arena *arena, tnn_size a, tnn_size b, tnn_error *err);
tnn_status tnn_size_floordiv(tnn_size *out, tnn_arena *arena, tnn_size a, tnn_size b, tnn_error *err);
tnn_status tnn_size_mod(tnn_size *out, tnn_arena *arena, tnn_size a, tnn_size b, tnn_error *err);
tnn_status tnn_size_min(tnn_size *out, tnn_arena *arena, tnn_size a, tnn_size b, tnn_error *err);
tnn_status tnn_size_max(tnn_size *out, tnn_arena *arena, tnn_size a, tnn_size b, tnn_error *err);

/* Structurally equal: true for every value of the symbols. */
bool tnn_size_same(tnn_size a, tnn_size b);

/* "s0", "2*s0 + 1", "s0//2", or the number. */
void tnn_size_print(tnn_strbuf *out, tnn_size size);

/* "[s0, 3, 224, 224]" */
void tnn_shape_print(tnn_strbuf *out, const tnn_shape *shape);

/* Product of the hints; false when it overflows. The empty shape has one element. */
bool tnn_shape_count(const tnn_shape *shape, int64_t *n_elems);

/* All hints equal. */
bool tnn_shape_equal_hints(const tnn_shape *a, const tnn_shape *b);

#endif
