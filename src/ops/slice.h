/* What a slice takes, for all who must know. */
#ifndef TNN_OPS_SLICE_H
#define TNN_OPS_SLICE_H

#include "ops/row.h"

typedef struct tnn_slice_range {
    uint8_t dim;
    int64_t start, step; /* 0 <= start, step >= 1 */
    int64_t count;       /* elements taken */
} tnn_slice_range;

/* By hints, of a node that is a slice or a slice_scatter. */
tnn_slice_range tnn_slice_range_of(const tnn_node *node);

#endif
