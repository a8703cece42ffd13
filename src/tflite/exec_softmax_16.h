/* SOFTMAX of integers of 16 bits. */
#ifndef TNN_TFLITE_EXEC_SOFTMAX_16_H
#define TNN_TFLITE_EXEC_SOFTMAX_16_H

#include "tflite/exec_kernel.h"

/* Operand and result have one type and shape, and a dimension. */
tnn_status tnn_exec_softmax_16(const tnn_exec_call *call, float beta, tnn_error *err);

#endif
