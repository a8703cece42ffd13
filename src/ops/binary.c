/* Element-wise functions of two operands that broadcast: sums, products, extremes. */
#include <math.h>

#include "ops/class.h"
#include "ops/infer.h"
#include "ops/list.h"
#include "ops/promote.h"

enum { SELF, OTHER, ALPHA };

static tnn_status infer_sum(const tnn_call *call, tnn_type *outs, uint32_t *n_outs, tnn_error *err) {
    TNN_TRY(tnn_infer_binary(call, outs, n_outs, err));
    tnn_dtype dtype = outs[0].dtype;
    const tnn_arg *alpha = &call->args[ALPHA];
    if (alpha->kind == TNN_ARG_BOOL && dtype != TNN_DTYPE_BOOL) {
        return tnn_call_invalid(call, err, "alpha is a bool and the result %s, expected a number",
                                tnn_dtype_name(dtype));
    }
    if (alpha->kind == TNN_ARG_FLOAT && tnn_dtype_is_integral(dtype)) {
        return tnn_call_invalid(call, err, "alpha is a float and the result %s, expected an integer",
                                tnn_dtype_name(dtype));
    }
    return TNN_OK;
}

/* args: alpha */
static double add(double x, double y, const tnn_scalar *args) {
    return x + args[0].number * y;
}

static int64_t add_int(int64_t x, int64_t y, const tnn_scalar *args) {
    return (int64_t)((uint64_t)x + (uint64_t)args[0].integer * (uint64_t)y);
}

static int64_t add_bool(int64_t x, int64_t y, const tnn_scalar *args) {
    return x || (args[0].integer && y);
}

static tnn_status run_add(const tnn_kernel_call *call, tnn_error *err) {
    bool bools = call->outputs[0].dtype == TNN_DTYPE_BOOL;
    return tnn_map_binary(call, add, bools ? add_bool : add_int, err);
}

const tnn_op_row tnn_op_add = {
    .op = {"add", "add(Tensor|Scalar self, Tensor|Scalar other, *, Scalar alpha=1) -> Tensor", TNN_OP_add,
           TNN_OPLIST_ATEN},
    .op_class = TNN_CLASS_BINARY, .infer = infer_sum, .kernel = run_add,
};

static bool is_bool(const tnn_arg *arg) {
    return arg->kind == TNN_ARG_BOOL || (arg->kind == TNN_ARG_TENSOR && arg->as.tensor->dtype == TNN_DTYPE_BOOL);
}

static tnn_status infer_sub(const tnn_call *call, tnn_type *outs, uint32_t *n_outs, tnn_error *err) {
    for (size_t i = SELF; i <= OTHER; i++) {
        if (is_bool(&call->args[i])) {
            return tnn_call_invalid(call, err, "%s is bool, expected a number", call->schema->args[i].name);
        }
    }
    return infer_sum(call, outs, n_outs, err);
}

static double subtract(double x, double y, const tnn_scalar *args) {
    return x - args[0].number * y;
}

static int64_t subtract_int(int64_t x, int64_t y, const tnn_scalar *args) {
    return (int64_t)((uint64_t)x - (uint64_t)args[0].integer * (uint64_t)y);
}

const tnn_op_row tnn_op_sub = {
    .op = {"sub", "sub(Tensor|Scalar self, Tensor|Scalar other, *, Scalar alpha=1) -> Tensor", TNN_OP_sub,
           TNN_OPLIST_ATEN},
    .op_class = TNN_CLASS_BINARY, .infer = infer_sub, .kernel = tnn_kernel_binary,
    .binary = subtract, .binary_int = subtract_int,
};

static double multiply(double x, double y, const tnn_scalar *args) {
    (void)args;
    return x * y;
}

static int64_t multiply_int(int64_t x, int64_t y, const tnn_scalar *args) {
    (void)args;
    return (int64_t)((uint64_t)x * (uint64_t)y);
}

const tnn_op_row tnn_op_mul = {
    .op = {"mul", "mul(Tensor|Scalar self, Tensor|Scalar other) -> Tensor", TNN_OP_mul, TNN_OPLIST_ATEN},
    .op_class = TNN_CLASS_BINARY, .infer = tnn_infer_binary, .kernel = tnn_kernel_binary,
    .binary = multiply, .binary_int = multiply_int,
};

/* x + y is a NaN where one of them is. */
static double larger(double x, double y, const tnn_scalar *args) {
    (void)args;
    return isnan(x) || isnan(y) ? x + y : x > y ? x : y;
}

static int64_t larger_int(int64_t x, int64_t y, const tnn_scalar *args) {
    (void)args;
    return x > y ? x : y;
}

const tnn_op_row tnn_op_maximum = {
    .op = {"maximum", "maximum(Tensor self, Tensor other) -> Tensor", TNN_OP_maximum, TNN_OPLIST_ATEN},
    .op_class = TNN_CLASS_BINARY, .infer = tnn_infer_binary, .kernel = tnn_kernel_binary,
    .binary = larger, .binary_int = larger_int,
};

static double smaller(double x, double y, const tnn_scalar *args) {
    (void)args;
    return isnan(x) || isnan(y) ? x + y : x < y ? x : y;
}

static int64_t smaller_int(int64_t x, int64_t y, const tnn_scalar *args) {
    (void)args;
    return x < y ? x : y;
}

const tnn_op_row tnn_op_minimum = {
    .op = {"minimum", "minimum(Tensor self, Tensor other) -> Tensor", TNN_OP_minimum, TNN_OPLIST_ATEN},
    .op_class = TNN_CLASS_BINARY, .infer = tnn_infer_binary, .kernel = tnn_kernel_binary,
    .binary = smaller, .binary_int = smaller_int,
};
