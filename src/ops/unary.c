/* Element-wise functions of one tensor. */
#include <math.h>

#include "ops/class.h"
#include "ops/list.h"

#define UNARY(id, arguments) {#id, #id "(Tensor self" arguments ") -> Tensor", TNN_OP_##id, TNN_OPLIST_ATEN}

/* A NaN stays: no comparison with it is true. */
static double relu(double x, const tnn_scalar *args) {
    (void)args;
    return x < 0 ? 0 : x;
}

static int64_t relu_int(int64_t x, const tnn_scalar *args) {
    (void)args;
    return x < 0 ? 0 : x;
}

const tnn_op_row tnn_op_relu = {
    .op = UNARY(relu, ""), .op_class = TNN_CLASS_UNARY, .infer = tnn_infer_unary_number,
    .kernel = tnn_kernel_unary, .unary = relu, .unary_int = relu_int,
};

static double negative(double x, const tnn_scalar *args) {
    (void)args;
    return -x;
}

static int64_t negative_int(int64_t x, const tnn_scalar *args) {
    (void)args;
    return (int64_t)(0 - (uint64_t)x);
}

const tnn_op_row tnn_op_neg = {
    .op = UNARY(neg, ""), .op_class = TNN_CLASS_UNARY, .infer = tnn_infer_unary_number,
    .kernel = tnn_kernel_unary, .unary = negative, .unary_int = negative_int,
};

static double absolute(double x, const tnn_scalar *args) {
    (void)args;
    return fabs(x);
}

static int64_t absolute_int(int64_t x, const tnn_scalar *args) {
    return x < 0 ? negative_int(x, args) : x;
}

const tnn_op_row tnn_op_abs = {
    .op = UNARY(abs, ""), .op_class = TNN_CLASS_UNARY, .infer = tnn_infer_unary_number,
    .kernel = tnn_kernel_unary, .unary = absolute, .unary_int = absolute_int,
};

static double sigmoid(double x, const tnn_scalar *args) {
    (void)args;
    return 1 / (1 + exp(-x));
}

const tnn_op_row tnn_op_sigmoid = {
    .op = UNARY(sigmoid, ""), .op_class = TNN_CLASS_UNARY, .infer = tnn_infer_unary_to_float,
    .kernel = tnn_kernel_unary, .unary = sigmoid,
};

static double tangent(double x, const tnn_scalar *args) {
    (void)args;
    return tanh(x);
}

const tnn_op_row tnn_op_tanh = {
    .op = UNARY(tanh, ""), .op_class = TNN_CLASS_UNARY, .infer = tnn_infer_unary_to_float,
    .kernel = tnn_kernel_unary, .unary = tangent,
};

static double exponential(double x, const tnn_scalar *args) {
    (void)args;
    return exp(x);
}

const tnn_op_row tnn_op_exp = {
    .op = UNARY(exp, ""), .op_class = TNN_CLASS_UNARY, .infer = tnn_infer_unary_to_float,
    .kernel = tnn_kernel_unary, .unary = exponential,
};

static double logarithm(double x, const tnn_scalar *args) {
    (void)args;
    return log(x);
}

const tnn_op_row tnn_op_log = {
    .op = UNARY(log, ""), .op_class = TNN_CLASS_UNARY, .infer = tnn_infer_unary_to_float,
    .kernel = tnn_kernel_unary, .unary = logarithm,
};

static double root(double x, const tnn_scalar *args) {
    (void)args;
    return sqrt(x);
}

const tnn_op_row tnn_op_sqrt = {
    .op = UNARY(sqrt, ""), .op_class = TNN_CLASS_UNARY, .infer = tnn_infer_unary_to_float,
    .kernel = tnn_kernel_unary, .unary = root,
};

static double inverse_root(double x, const tnn_scalar *args) {
    (void)args;
    return 1 / sqrt(x);
}

const tnn_op_row tnn_op_rsqrt = {
    .op = UNARY(rsqrt, ""), .op_class = TNN_CLASS_UNARY, .infer = tnn_infer_unary_to_float,
    .kernel = tnn_kernel_unary, .unary = inverse_root,
};

/* x * min(max(x + 3, 0), 6) / 6 */
static double hardswish(double x, const tnn_scalar *args) {
    (void)args;
    double gate = x + 3 < 0 ? 0 : x + 3;
    return x * (gate > 6 ? 6 : gate) / 6;
}

const tnn_op_row tnn_op_hardswish = {
    .op = UNARY(hardswish, ""), .op_class = TNN_CLASS_UNARY, .infer = tnn_infer_unary_float,
    .kernel = tnn_kernel_unary, .unary = hardswish,
};

static double leaky_relu(double x, const tnn_scalar *args) {
    return x > 0 ? x : x * args[0].number;
}

const tnn_op_row tnn_op_leaky_relu = {
    .op = UNARY(leaky_relu, ", Scalar negative_slope=0.01"), .op_class = TNN_CLASS_UNARY,
    .infer = tnn_infer_unary_float, .kernel = tnn_kernel_unary, .unary = leaky_relu,
};

/* args: alpha, scale, input_scale */
static double elu(double x, const tnn_scalar *args) {
    double scale = args[1].number;
    return x > 0 ? scale * x : scale * args[0].number * expm1(x * args[2].number);
}

const tnn_op_row tnn_op_elu = {
    .op = UNARY(elu, ", Scalar alpha=1, Scalar scale=1, Scalar input_scale=1"), .op_class = TNN_CLASS_UNARY,
    .infer = tnn_infer_unary_float, .kernel = tnn_kernel_unary, .unary = elu,
};
