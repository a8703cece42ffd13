#ifndef TNN_TFLITE_LOWER_BITS_H
#define TNN_TFLITE_LOWER_BITS_H

#include "tflite/lower.h"

/* 2^n for every n of an int32 or int64 tensor, in its type: 0 for negative numbers, and from the width of the type on. */
tnn_status tnn_lower_powers_of_two(tnn_lower *lower, tnn_value *n, tnn_value **out, tnn_error *err);

#endif
