/* What TFLite has for 32-bit integers only, on int64 tensors. */
#ifndef TNN_TFLITE_LOWER_INT64_H
#define TNN_TFLITE_LOWER_INT64_H

#include "tflite/lower.h"

/* a / b, rounded down or toward zero: exact but for numbers within 2^39 of the ends of int64, where float32 leaves its
 * range, and those whose multiple of b does. Shapes broadcast over at most 4 dimensions. */
tnn_status tnn_lower_divide_int64(tnn_lower *lower, tnn_value *a, tnn_value *b, bool down, tnn_value **out,
                                  tnn_error *err);

/* int64 [dims] as int32 [dims, 2], low bits first, and back. */
tnn_status tnn_lower_halves(tnn_lower *lower, tnn_value *tensor, tnn_value **out, tnn_error *err);
tnn_status tnn_lower_whole(tnn_lower *lower, tnn_value *halves, tnn_value **out, tnn_error *err);

#endif
