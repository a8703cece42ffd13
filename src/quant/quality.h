/* How near the outputs of a network of integers, simulated, are to those of the exact one, on a few samples. */
#ifndef TNN_QUANT_QUALITY_H
#define TNN_QUANT_QUALITY_H

#include "quant/simulate.h"

typedef struct tnn_quality_options {
    bool per_tensor;
    size_t max_samples;
    size_t max_bytes; /* of the exact outputs, which are kept; one sample at least */
    int n_threads;
} tnn_quality_options;

typedef struct tnn_quality {
    tnn_sample_source source; /* the samples that are used */
    tnn_quality_options options;
    size_t n_outputs;
    float **wanted;           /* [n_samples, n_outputs]; NULL: left out, or no real numbers */
} tnn_quality;

/* Run the graph as it is. All that is kept lives in `arena`. `source` is borrowed as long as `out` is used. Errors: those of the
 * source and of the engine. */
tnn_status tnn_quality_new(tnn_quality *out, const tnn_graph *graph, const tnn_sample_source *source,
                           const tnn_quality_options *options, tnn_arena *arena, tnn_error *err);

/* The ratio of signal to noise of all outputs, each in units of its own power, in dB. Infinite: they are exact; NaN: no output
 * has real numbers other than 0. The same for any number of threads.
 *   plan  of the graph, which computes the same as before but for rounding; its classes have parameters */
tnn_status tnn_quality_measure(const tnn_quality *quality, const tnn_quant_plan *plan, double *decibels, tnn_error *err);

#endif
