/* What an operator's class supplies: inference and kernels of element-wise operators, for primitives and for the rows
 * of composites. */
#ifndef TNN_OPS_CLASS_H
#define TNN_OPS_CLASS_H

#include "ops/row.h"

/* One tensor, the first argument; the result has its shape. */
tnn_infer_fn tnn_infer_unary;         /* any dtype, kept */
tnn_infer_fn tnn_infer_unary_number;  /* kept; bools are refused (relu, neg, abs) */
tnn_infer_fn tnn_infer_unary_float;   /* kept; integers and bools are refused (gelu, leaky_relu, silu) */
tnn_infer_fn tnn_infer_unary_to_float; /* integers and bools give float32 (exp, sigmoid) */

/* All tensors and numbers among the arguments of type Tensor and Tensor|Scalar, one or more, are promoted and
 * broadcast. */
tnn_infer_fn tnn_infer_binary;
tnn_infer_fn tnn_infer_binary_to_float; /* integers and bools give float32 (true division) */

/* Kernels that apply the row's formulas. */
tnn_kernel_fn tnn_kernel_unary, tnn_kernel_binary;
/* Result 0 is operand 0, converted to the result's dtype. */
tnn_kernel_fn tnn_kernel_convert;

/* The same with given formulas; `fn_int` may be NULL. */
tnn_status tnn_map_unary(const tnn_kernel_call *call, tnn_unary_fn *fn, tnn_unary_int_fn *fn_int, tnn_error *err);
tnn_status tnn_map_binary(const tnn_kernel_call *call, tnn_binary_fn *fn, tnn_binary_int_fn *fn_int,
                          tnn_error *err);

/* Errors: TNN_ERR_INVALID when the result is an integer and argument 1 is, or holds, a 0. */
tnn_status tnn_check_divisor(const tnn_kernel_call *call, tnn_error *err);

#define TNN_MAX_SCALARS 8
/* The numeric arguments of a node that are no operands, in order; returns how many. */
size_t tnn_node_scalars(const tnn_node *node, tnn_scalar *out);

/* The elements of `operand` (or, where that is NULL, of the number `arg`, as one element without dimensions) as
 * `dtype`. `out` is a copy, released by tnn_tensor_clear. */
tnn_status tnn_operand_as(tnn_tensor *out, const tnn_tensor *operand, const tnn_arg *arg, tnn_dtype dtype,
                          tnn_error *err);

#endif
