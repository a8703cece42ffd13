/* Walking over elements by strides, for kernels that move or broadcast. */
#ifndef TNN_OPS_WALK_H
#define TNN_OPS_WALK_H

#include "ops/row.h"

#define TNN_WALK_SIDES 2

/* All index tuples of a shape in row-major order, with the place that each of two sides has then. */
typedef struct tnn_walk {
    uint8_t rank;
    int64_t dims[TNN_MAX_RANK];
    int64_t index[TNN_MAX_RANK];
    int64_t strides[TNN_WALK_SIDES][TNN_MAX_RANK]; /* elements */
    int64_t at[TNN_WALK_SIDES];                    /* elements */
} tnn_walk;

tnn_walk tnn_walk_start(uint8_t rank, const int64_t *dims);

/* Row-major strides of `dims`. */
void tnn_strides_of(uint8_t rank, const int64_t *dims, int64_t *strides);

/* Side `side` is `tensor`, broadcast to the walk's shape. */
void tnn_walk_broadcast(tnn_walk *walk, int side, const tnn_tensor *tensor);

/* To the next tuple; behind the last comes the first. */
void tnn_walk_step(tnn_walk *walk);

/* Copy the elements of a walk from places of side 1 in `in` to places of side 0 in `out`, which has the same dtype.
 * Uses the walk up. */
void tnn_walk_copy(tnn_walk *walk, tnn_tensor *out, const tnn_tensor *in);

#endif
