/* A range by the divergence of distributions. */
#ifndef TNN_QUANT_RANGE_KL_H
#define TNN_QUANT_RANGE_KL_H

#include "quant/range.h"

/* Least divergence of what 256 levels keep of the numbers, from the numbers. `h` is not empty. */
tnn_range tnn_range_kl(const tnn_histogram *h);

#endif
