/* Operands of element-wise operators, brought to shapes that broadcast in memory order. */
#ifndef TNN_TFLITE_LOWER_SIDES_H
#define TNN_TFLITE_LOWER_SIDES_H

#include "tflite/lower.h"

#define TNN_MAX_SIDES 3

/* Arguments 0 … n - 1 of the node, tensors or numbers, as tensors of the given types.
 *   max_rank  of shapes that differ, as far as the kernel broadcasts; 0: the kernel wants equal shapes
 * Broadcasting lines dimensions up from the end, in memory order: an operand of fewer dimensions gets 1s where the
 * result's order needs them. Where there are more than `max_rank` dimensions, those that all operands have or lack
 * together are merged; operands are spread by BROADCAST_TO if that is not enough. */
tnn_status tnn_lower_sides(tnn_lower *lower, const tnn_node *node, size_t n, const tnn_dtype *dtypes,
                           uint8_t max_rank, tnn_value **tensors, tnn_error *err);

/* The type in which TFLite computes what PyTorch computes in `dtype`: small integers in 32 bits, bools stay. */
tnn_dtype tnn_lower_computed_in(tnn_dtype dtype);

/* A binary operator of the node's two operands, computed in `dtype`; the result, of type `out_dtype`, is cast to the
 * node's and holds it. */
tnn_status tnn_lower_two_sides(tnn_lower *lower, const tnn_node *node, const tnn_tfl_row *row, tnn_dtype dtype,
                               tnn_dtype out_dtype, tnn_error *err);

/* An operator without options on tensors that broadcast. */
tnn_status tnn_emit_typed(tnn_lower *lower, const tnn_tfl_row *row, const char *suffix, tnn_value *const *operands,
                          size_t n, tnn_dtype dtype, tnn_value **out, tnn_error *err);

/* Cast to the node's type, and hold its result. */
tnn_status tnn_lower_finish(tnn_lower *lower, const tnn_node *node, tnn_value *tensor, tnn_error *err);

#endif
