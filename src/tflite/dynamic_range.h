/* Weights of 8 bits in a float graph: LiteRT quantizes what meets them while it runs ("dynamic range", hybrid kernels).
 *
 *     before   FULLY_CONNECTED(x, weight, bias)
 *     behind   the same, where weight is int8 with a scale for each output channel; x, bias and the result stay float
 *
 * Convolutions and fully connected layers only: XNNPACK computes those faster than in floats, when they have many weights. DEPTHWISE_CONV_2D, for which it has no
 * such kernel, takes two to three times as long when LiteRT's own does it. */
#ifndef TNN_TFLITE_DYNAMIC_RANGE_H
#define TNN_TFLITE_DYNAMIC_RANGE_H

#include "ir/graph.h"
#include "tinynn/convert.h"

typedef struct tnn_dynamic_range_stats {
    uint32_t n_operators; /* with weights of 8 bits */
    uint32_t n_floats;    /* with constant weights that stay floats */
    const char **reasons; /* why, a line each, in the arena of the graph's model */
} tnn_dynamic_range_stats;

/* On a graph of TFLite operators. Errors: TNN_ERR_INVALID (a name of options->floats that no operator's result has: `where` is it),
 * TNN_ERR_NOMEM, and what reading weights gives. */
tnn_status tnn_dynamic_range(tnn_graph *graph, const tnn_dynamic_range_options *options, tnn_dynamic_range_stats *stats,
                             tnn_error *err);

#endif
