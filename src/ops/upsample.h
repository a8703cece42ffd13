/* Which elements of one dimension a resampled element is made of. */
#ifndef TNN_OPS_UPSAMPLE_H
#define TNN_OPS_UPSAMPLE_H

#include "ops/row.h"

typedef enum tnn_upsample_mode {
    TNN_UPSAMPLE_NEAREST,
    TNN_UPSAMPLE_NEAREST_EXACT,
    TNN_UPSAMPLE_LINEAR,
    TNN_UPSAMPLE_CUBIC,
    TNN_UPSAMPLE_LINEAR_AA, /* antialiased: the filter is as wide as what one result covers */
    TNN_UPSAMPLE_CUBIC_AA
} tnn_upsample_mode;

/* One dimension. */
typedef struct tnn_upsample_axis {
    tnn_upsample_mode mode;
    bool align_corners;
    int64_t in, out;
    double scale; /* steps of the input for one of the output */
} tnn_upsample_axis;

/* Dimension 2 + k of a node of `upsample`. */
tnn_upsample_axis tnn_upsample_axis_of(const tnn_node *node, uint8_t k);

static inline bool tnn_upsample_is_nearest(const tnn_upsample_axis *axis) {
    return axis->mode <= TNN_UPSAMPLE_NEAREST_EXACT;
}

/* The element that result `i` of a nearest mode is. */
int64_t tnn_upsample_nearest(const tnn_upsample_axis *axis, int64_t i);

/* weights[k], axis->in of them: what element k contributes to result `i`. */
void tnn_upsample_weights(const tnn_upsample_axis *axis, int64_t i, double *weights);

#endif
