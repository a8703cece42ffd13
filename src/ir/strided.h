/* Windows on row-major memory: sizes and strides in elements, dim 0 outermost. Sizes are at least 1 here, and strides
 * are such that size * stride does not overflow. */
#ifndef TNN_IR_STRIDED_H
#define TNN_IR_STRIDED_H

#include <stdbool.h>
#include <stdint.h>

#include "ir/size.h"

typedef struct tnn_strided {
    uint8_t rank;
    int64_t dims[TNN_MAX_RANK];
    int64_t strides[TNN_MAX_RANK];
} tnn_strided;

/* The same elements in the same order with as few dimensions as possible, none of size 1. */
tnn_strided tnn_strided_merge(uint8_t rank, const int64_t *dims, const int64_t *strides);

/* The strides of the same elements in the same order under `new_dims`; false when no strides can say it. */
bool tnn_strided_view(const tnn_strided *merged, uint8_t new_rank, const int64_t *new_dims,
                      int64_t *new_strides);

/* Where element `index` in row-major order lies, in elements from the first. */
int64_t tnn_strided_place(const tnn_strided *merged, int64_t index);

/* Elements [start, start + count) in row-major order of the window into `out`, `elem_bytes` (1, 2, 4 or 8) each. */
void tnn_strided_read(void *out, const uint8_t *first, uint32_t elem_bytes, const tnn_strided *merged,
                      int64_t start, int64_t count);

#endif
