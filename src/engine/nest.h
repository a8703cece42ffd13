/* Loops over several strided arrays of one shape: as few as the strides allow, the innermost handed to a function. */
#ifndef TNN_ENGINE_NEST_H
#define TNN_ENGINE_NEST_H

#include "engine/place.h"

#define TNN_NEST_SIDES 4

/* Innermost last. No dimension of size 1 is left, and neighbours that all sides go through as one are one. */
typedef struct tnn_nest {
    uint8_t rank, n_sides;
    uint32_t elem_bytes[TNN_NEST_SIDES];
    int64_t dims[TNN_MAX_RANK];
    int64_t strides[TNN_NEST_SIDES][TNN_MAX_RANK]; /* elements */
} tnn_nest;

/* The loops in the order of side 0, whose shape counts; the other sides broadcast to it. */
tnn_nest tnn_nest_make(const tnn_place *const *sides, uint8_t n_sides);

/* `n` elements a side, `strides` elements apart, from `at` on. */
typedef void tnn_line_fn(void *const *at, const int64_t *strides, int64_t n, const void *context);

/* `bases` are the first elements of the sides. A nest without dimensions is one line of one element. */
void tnn_nest_each(const tnn_nest *nest, void *const *bases, tnn_line_fn *line, const void *context);

#endif
