/* What is known of a value over all samples, in constant memory.
 *
 * Bins lie on a grid of powers of two: bin k counts numbers in [k * 2^exponent, (k + 1) * 2^exponent). Where a number
 * falls outside of the bins that there are, the exponent grows and pairs of bins become one. The last exponent is the
 * least one under which all fit, so that neither the order of samples nor how they are spread over threads or machines
 * changes the counts. */
#ifndef TNN_QUANT_HISTOGRAM_H
#define TNN_QUANT_HISTOGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "quant/exact_sum.h"
#include "tinynn/error.h"

#define TNN_HISTOGRAM_BINS 2048

typedef struct tnn_histogram {
    float low, high;   /* of all numbers; low > high: there are none */
    int32_t exponent;
    int64_t first_bin; /* the k of counts[0] */
    uint64_t n;        /* counted */
    uint64_t n_zeros;  /* of them, exact zeros: they are never rounded */
    uint64_t n_samples;
    tnn_exact_sum lows, highs; /* of the samples' extremes */
    uint64_t counts[TNN_HISTOGRAM_BINS];
} tnn_histogram;

void tnn_histogram_init(tnn_histogram *h);
/* The numbers of one sample. Their extremes are exact; of more than 16384 numbers some are counted.
 * False: one is NaN or infinite, and nothing is added; `*bad` is its index. */
bool tnn_histogram_add(tnn_histogram *h, const float *numbers, int64_t n, int64_t *bad);
/* `to` counts what `from` has counted: the same as if it had been given the samples of both. */
void tnn_histogram_merge(tnn_histogram *to, const tnn_histogram *from);
/* Give the bins of a histogram without counts the places that numbers of these extremes have. */
void tnn_histogram_span(tnn_histogram *h, float low, float high);
/* From the bin of the lowest number to that of the highest; there are numbers. */
size_t tnn_histogram_n_bins(const tnn_histogram *h);

/* The middle of bin `index`, and the width of a bin. */
double tnn_histogram_middle(const tnn_histogram *h, int index);
double tnn_histogram_width(const tnn_histogram *h);
/* Of all numbers, as the bins tell it: within half a bin's width. 0 when there are none. */
double tnn_histogram_mean(const tnn_histogram *h);

#endif
