/* Bias correction: what rounding does to the means of a layer's output channels, the layer's bias takes back.
 * Source: Nagel et al., Data-Free Quantization Through Weight Equalization and Bias Correction (1906.04721), section 4.2, and its
 * empirical form. Layers are corrected in their order, each when all before it are. Only weights are rounded meanwhile:
 * what clipping of values does to means differs from sample to sample, and to correct it makes most samples worse (by 7 dB on
 * torchvision's MobileNetV2). */
#ifndef TNN_QUANT_BIAS_H
#define TNN_QUANT_BIAS_H

#include "quant/calibrate.h"

typedef struct tnn_bias_options {
    bool per_tensor;
    size_t max_samples;
    size_t max_bytes; /* of the values of all samples that are computed side by side; one sample at least */
    int n_threads;
} tnn_bias_options;

/* Means of the channels of layers where nothing is rounded; in the arena of the graph's model. */
typedef struct tnn_bias_means tnn_bias_means;

/* Of the graph as it is, before its weights are rounded in any way. `*out` borrows the plan. Errors: those of the source and of the engine. */
tnn_status tnn_bias_observe(tnn_bias_means **out, const tnn_quant_plan *plan, const tnn_sample_source *source,
                            const tnn_bias_options *options, tnn_error *err);

/* Correct the biases of the convolutions and linear layers that are computed in integers, `*n_layers` of them, towards `means`. Those
 * without one get one. The same for any number of threads. The plan's graph is changed; other arguments and errors as above. */
tnn_status tnn_bias_correct(const tnn_bias_means *means, const tnn_sample_source *source, const tnn_bias_options *options,
                            uint32_t *n_layers, tnn_error *err);

#endif
