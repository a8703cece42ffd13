/* The reference kernel of convolution. */
#ifndef TNN_OPS_CONV_H
#define TNN_OPS_CONV_H

#include "ops/window.h"

typedef struct tnn_conv {
    tnn_window_geometry window;
    bool transposed;
    int64_t batch, groups;
    int64_t in_channels, out_channels; /* of one group */
    const tnn_tensor *input, *weight, *bias; /* shapes as in conv.c; bias may be NULL */
    tnn_tensor *out;
} tnn_conv;

/* Errors: TNN_ERR_NOMEM. */
tnn_status tnn_conv_run(const tnn_conv *conv, tnn_error *err);

#endif
