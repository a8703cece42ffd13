/* High-bias absorption: a channel that stays far above 0 behind a ReLU wastes the levels below it. What it never falls below is taken
 * from the bias of the layer that makes it, and the layers that read it add what their weights make of that to their own.
 * Source: Nagel et al. (1906.04721), section 4.1.3: c = max(0, mean - 3 deviations). Differs from it: mean and deviation are those of
 * the samples; only layers without padding read the channel, for a border of zeros would become one of c. */
#ifndef TNN_QUANT_ABSORB_H
#define TNN_QUANT_ABSORB_H

#include "quant/channels.h"

/* The graph's constants change; `*n_layers` of those that make channels. */
tnn_status tnn_absorb_biases(tnn_graph *graph, const tnn_channel_stats *stats, uint32_t *n_layers, tnn_error *err);

#endif
