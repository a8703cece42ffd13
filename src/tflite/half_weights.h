/* Weights of 16 bits: every float32 constant with dimensions becomes a float16 one behind a DEQUANTIZE, which LiteRT
 * computes once, and which XNNPACK and GPU delegates read past.
 *
 *     before   CONV_2D(x, weight, bias)
 *     behind   weight/float32 = DEQUANTIZE(weight), bias/float32 = DEQUANTIZE(bias)
 *              CONV_2D(x, weight/float32, bias/float32)
 *
 * A constant that several operators read, and constants of the same recipe, have one DEQUANTIZE. A single number stays as
 * it is, because an operator is larger than what it would save. So does what float16 cannot hold: a constant with a number
 * that would become infinite, and one all of whose numbers lie below float16's normal range, of which few digits or none
 * would be left. */
#ifndef TNN_TFLITE_HALF_WEIGHTS_H
#define TNN_TFLITE_HALF_WEIGHTS_H

#include "ir/graph.h"

/* On a graph of TFLite operators. `told` is warned of constants that would become infinite.
 * Errors: TNN_ERR_NOMEM, and those of tnn_recipe_read. */
tnn_status tnn_half_weights(tnn_graph *graph, tnn_model *told, tnn_error *err);

#endif
