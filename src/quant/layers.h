/* Convolutions and linear layers with constant weights, as what changes their numbers sees them. */
#ifndef TNN_QUANT_LAYERS_H
#define TNN_QUANT_LAYERS_H

#include "ir/graph.h"

/* A linear layer, or a convolution that is not transposed and has a batch, with constants of float32 for weights [out, in / groups, …]
 * and bias [out] or none. */
bool tnn_layer_is_plain(const tnn_node *node);

/* Is the dimension that tnn_channels_dim says of its input and result that of the layer's channels? */
bool tnn_layer_has_its_channels(const tnn_node *node);

int64_t tnn_layer_groups(const tnn_node *node);

/* Is a `mean` one over positions only? */
bool tnn_mean_keeps_channels(const tnn_node *node);

/* bias[c] += shift[c] of `n` channels; a layer without a bias gets one. */
tnn_status tnn_layer_add_bias(tnn_node *node, const double *shift, int64_t n, tnn_error *err);

#endif
