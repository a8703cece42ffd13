/* How the channels of a layer's result are distributed before its activation, as a batch norm says that was folded into the layer. */
#ifndef TNN_IR_VALUE_MOMENTS_H
#define TNN_IR_VALUE_MOMENTS_H

#include <stdint.h>

struct tnn_moments {
    int64_t n; /* channels */
    const double *mean, *deviation;
};

#endif
