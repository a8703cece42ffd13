/* An input that takes bytes as they are: real = (byte - mean) / std.
 *
 * One mean and one std are a scale and a zero point. Otherwise what differs between channels, or lies between two zero points, goes into
 * the weights and biases of the convolutions that read the input, exactly:
 *
 *   x[c] = v[c] * scale[c] + shift[c],    v = (byte - zero point) / std of all
 *   sum of w * x + b = sum of (w * scale) * v + (b + sum of w * shift)
 *
 * The second line needs all terms everywhere: a convolution that pads with zeros has none at the border, unless shift is 0. */
#ifndef TNN_QUANT_RAW_INPUT_H
#define TNN_QUANT_RAW_INPUT_H

#include "ir/graph.h"

typedef struct tnn_raw_stats {
    const double *mean, *std;
    size_t n_mean, n_std; /* 1, or the channels */
} tnn_raw_stats;

/* What the input becomes, of what it was: v = x * scale[c] + shift[c]. */
typedef struct tnn_raw_map {
    int64_t n;            /* channels; 0: it stays what it was */
    int64_t inner;        /* elements from one channel to the next */
    double *scale, *shift;
} tnn_raw_map;

/* Change the graph, and give the input its parameters (input->quant), of int8: the byte - 128. Where a mean lies between two zero points and
 * cannot be folded, the nearer one is taken, with a warning.
 * Errors: TNN_ERR_INVALID (numbers that mean nothing; their count), TNN_ERR_UNSUPPORTED, which lists all that stands in the way. */
tnn_status tnn_raw_input(tnn_raw_map *out, tnn_graph *graph, tnn_value *input, const tnn_raw_stats *stats,
                         tnn_error *err);

#endif
