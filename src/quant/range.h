/* Which numbers 256 levels should span, given what was seen. */
#ifndef TNN_QUANT_RANGE_H
#define TNN_QUANT_RANGE_H

#include "quant/histogram.h"

typedef enum tnn_range_method {
    TNN_RANGE_L2 = 0,      /* least mean square error, of rounding and of clipping */
    TNN_RANGE_MINMAX,      /* everything that was seen */
    TNN_RANGE_AVERAGE,     /* the means of the samples' extremes: unlike moving averages they have no order */
    TNN_RANGE_PERCENTILE,  /* all but a share of the numbers at either end */
    TNN_RANGE_KL           /* least divergence of the distributions: quant/range_kl.h */
} tnn_range_method;

typedef struct tnn_range {
    double low, high; /* low <= 0 <= high */
} tnn_range;

/* `share`: of PERCENTILE, left out at both ends together, 0 to 1. */
tnn_range tnn_range_choose(const tnn_histogram *h, tnn_range_method method, double share);

#endif
