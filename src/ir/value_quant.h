/* How a value's real numbers are stored as integers: real = (stored - zero_point) * scale. */
#ifndef TNN_IR_VALUE_QUANT_H
#define TNN_IR_VALUE_QUANT_H

#include <stdbool.h>
#include <stdint.h>

#include "tinynn/dtype.h"

struct tnn_quant {
    tnn_dtype dtype; /* int8, uint8, int16 or int32 */
    uint8_t axis;    /* n > 1: the dimension that has a scale for each of its indices */
    uint32_t n;      /* scales and zero points: 1, or the size of that dimension */
    const float *scale;
    const int64_t *zero_point;
    bool is_int4;    /* a constant of int8 within [-7, 7], which the file holds in 4 bits each */
};

#endif
