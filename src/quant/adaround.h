/* The weights of all layers rounded by what they are multiplied with: quant/round_search.h, layer by layer. */
#ifndef TNN_QUANT_ADAROUND_H
#define TNN_QUANT_ADAROUND_H

#include "quant/calibrate.h"

#define TNN_ADAROUND_MAX_ROW 4608 /* weights of one output: 512 channels of 3x3 */

typedef struct tnn_adaround_options {
    bool per_tensor;
    bool centred;       /* means are left to bias correction */
    size_t max_samples; /* their inputs are those of the exact network */
    size_t max_bytes;   /* of inputs that are kept; one layer's at least */
    int n_threads;
} tnn_adaround_options;

/* Weights become numbers that rounding to nearest keeps. The same for any number of threads.
 *   plan         its graph is changed, where layers are computed in integers and their weights are their own
 *   n_layers     how many were rounded so
 *   n_too_large  how many have rows of more than TNN_ADAROUND_MAX_ROW weights and stay
 * Errors: those of the source and of the engine. */
tnn_status tnn_adaround(const tnn_quant_plan *plan, const tnn_sample_source *source, const tnn_adaround_options *options,
                        uint32_t *n_layers, uint32_t *n_too_large, tnn_error *err);

#endif
