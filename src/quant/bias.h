/* Bias correction: rounding the weights of a layer moves the means of its output channels; the bias takes that back.
 * Source: Nagel et al., Data-Free Quantization Through Weight Equalization and Bias Correction (1906.04721), section 4.2; the means
 * are those of samples here, not of batch normalisations. */
#ifndef TNN_QUANT_BIAS_H
#define TNN_QUANT_BIAS_H

#include "quant/calibrate.h"

/* The biases of all layers that the calibration knows. Nodes without one get one. */
tnn_status tnn_bias_correct(const tnn_calibration *calibration, tnn_graph *graph, bool per_tensor, tnn_error *err);

#endif
