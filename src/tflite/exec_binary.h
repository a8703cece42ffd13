/* Operators of two operands, element by element with broadcasting: a row says what they do with each kind of number. */
#ifndef TNN_TFLITE_EXEC_BINARY_H
#define TNN_TFLITE_EXEC_BINARY_H

#include "tflite/exec_clamp.h"
#include "tflite/exec_fixed.h"

/* The factors of a quantized operator: of the operands, after a left shift, and of the result. */
typedef struct tnn_exec_factors {
    tnn_fixed x, y, out;
    int left;
} tnn_exec_factors;

typedef struct tnn_exec_binary {
    float (*real)(float x, float y);            /* NULL: none */
    int64_t (*integer)(int64_t x, int64_t y);   /* NULL: none; the result is cut to the type */
    bool is_of_stored;    /* small integers are compared as stored, their scales being one */
    bool needs_divisor;   /* an integer 0 on the right is TNN_ERR_INVALID */
    bool has_activation;  /* its options have fused_activation_function */
    /* Of small integers with scales: factors once, then each element, zero points taken off and to be put on. */
    tnn_exec_factors (*prepare)(const tnn_exec_call *call);
    int32_t (*scaled)(const tnn_exec_factors *f, int32_t x, int32_t y);
} tnn_exec_binary;

/* Runs the tnn_exec_binary in `call->data`. */
tnn_status tnn_exec_run_binary(const tnn_exec_call *call, tnn_error *err);

/* The factors of ADD, SUB and comparable: both operands on twice the larger scale. */
tnn_exec_factors tnn_exec_common_scale(const tnn_exec_call *call, int left);

#endif
