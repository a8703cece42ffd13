/* Weights of 4 bits in a graph of TFLite operators: two in a byte of the file, the first in the low half, within [-7, 7]. XNNPACK
 * computes fully connected layers with them as they are; LiteRT's own kernels, which all others are left to, unpack them. */
#ifndef TNN_TFLITE_INT4_WEIGHTS_H
#define TNN_TFLITE_INT4_WEIGHTS_H

#include "quant/int4_plan.h"

/* Is the node to have them, and does its operator take them? */
bool tnn_int4_takes(const tnn_node *node);

/* Count them in the finished graph, and note the layers that were to have them and keep 8 bits. Errors: TNN_ERR_NOMEM. */
tnn_status tnn_int4_count(tnn_int4_stats *stats, const tnn_graph *graph, tnn_error *err);

#endif
