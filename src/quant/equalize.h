/* Channel equalization: where a value's channels differ in range, they are scaled to be alike, exactly. The rows of the layers
 * that make the value are divided by a scale a channel, the columns of the layers that read it multiplied; between the
 * two stand only operators that a positive scale passes through (ReLU, additions of values scaled alike, pools, flattening).
 * Source: Nagel et al. (1906.04721), section 4.1, and Xiao et al., SmoothQuant (2211.10438), section 3. Differs from both: of
 * several rules for the scales the one is taken, or none, that promises the least noise in what reads the value. Where layers follow
 * each other, what is best for one value depends on the scales of the next, so all values are gone through several times. */
#ifndef TNN_QUANT_EQUALIZE_H
#define TNN_QUANT_EQUALIZE_H

#include "quant/channels.h"

/* The graph's constants change, and `stats` with them. `*n_scaled` counts values, or groups of values that share their scales. */
tnn_status tnn_equalize(tnn_graph *graph, tnn_channel_stats *stats, bool per_tensor, uint32_t *n_scaled, tnn_error *err);

#endif
