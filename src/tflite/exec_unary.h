/* Operators of one operand, element by element. */
#ifndef TNN_TFLITE_EXEC_UNARY_H
#define TNN_TFLITE_EXEC_UNARY_H

#include "tflite/exec_kernel.h"

typedef struct tnn_exec_unary {
    float (*real)(float x);           /* NULL: none */
    int64_t (*integer)(int64_t x);    /* of integers without scales; NULL: none */
    bool has_int8, has_uint8;         /* LiteRT has a table of the function for these */
} tnn_exec_unary;

/* The result is of the operand's type and shape. */
tnn_status tnn_exec_run_function(const tnn_exec_call *call, const tnn_exec_unary *row, tnn_error *err);

#endif
