/* What an operator of PyTorch becomes in a .tflite file, found by converting a small program that calls it once. */
#ifndef TNN_API_SAMPLE_H
#define TNN_API_SAMPLE_H

#include "base/strbuf.h"

/* Append the names of the TFLite operators to `out`, "MUL, ADD, ADD", or "none" where the call costs nothing, and to `floats`
 * the names of the operators of the graph that stay float in a file of integers, "sin, div", or "none"; nothing where
 * there are no real numbers.
 *   name       PyTorch's with its overload, "conv2d.padding"; "primitive" as overload is the operator of the graph
 *   signature  ATen's
 * Arguments have their defaults and others have usual values: float32 tensors of four dimensions where the operator takes
 * them. Nothing is appended where no sample fits. Errors: TNN_ERR_NOMEM. */
tnn_status tnn_sample_operators(tnn_strbuf *out, tnn_strbuf *floats, const char *name, const char *signature, tnn_error *err);

#endif
