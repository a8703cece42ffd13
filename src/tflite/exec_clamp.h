/* Fused activations: the bounds of a result. */
#ifndef TNN_TFLITE_EXEC_CLAMP_H
#define TNN_TFLITE_EXEC_CLAMP_H

#include "tflite/exec_kernel.h"

typedef struct tnn_exec_bounds {
    float low, high;        /* of floats */
    int64_t first, last;    /* of integers, as stored */
} tnn_exec_bounds;

/* The bounds that `fused_activation_function` of the options gives to the result; none where the operator has no such option. Errors: TNN_ERR_UNSUPPORTED. */
tnn_status tnn_exec_bounds_of(const tnn_exec_call *call, const tnn_exec_tensor *out, tnn_exec_bounds *bounds,
                              tnn_error *err);
/* The same for real bounds. */
tnn_exec_bounds tnn_exec_bounds_between(const tnn_exec_tensor *out, float low, float high);

/* NaN stays. */
static inline float tnn_exec_clamp(float x, const tnn_exec_bounds *bounds) {
    return x < bounds->low ? bounds->low : x > bounds->high ? bounds->high : x;
}

#endif
