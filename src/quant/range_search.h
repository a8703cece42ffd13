/* Ranges by what they do to the network's outputs.
 *
 * Least squares take every number of a value for equally important. Where a few numbers lie far from all others this can be
 * wrong by much: what reads them may saturate, so that clipping them costs nothing, and keeping them costs all others their
 * precision. For such values, and only for them, several ranges are tried, each alone in an otherwise exact network. */
#ifndef TNN_QUANT_RANGE_SEARCH_H
#define TNN_QUANT_RANGE_SEARCH_H

#include "quant/calibrate.h"

typedef struct tnn_range_search_options {
    size_t max_samples;
    size_t max_runs; /* of the network, over all samples together: values with the longest tails come first */
    int n_threads;
} tnn_range_search_options;

/* Change the parameters of classes where that brings the outputs nearer to the exact ones; `*n_changed` of them. The same for any number of threads.
 * Errors: those of the source and of the engine. */
tnn_status tnn_range_search(const tnn_calibration *calibration, tnn_quant_plan *plan, const tnn_sample_source *source,
                            const tnn_range_search_options *options, uint32_t *n_changed, tnn_error *err);

#endif
