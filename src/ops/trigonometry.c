/* Functions of angles. */
#include <math.h>

#include "ops/class.h"
#include "ops/list.h"

static double sine(double x, const tnn_scalar *args) {
    (void)args;
    return sin(x);
}

const tnn_op_row tnn_op_sin = {
    .op = {"sin", "sin(Tensor self) -> Tensor", TNN_OP_sin, TNN_OPLIST_ATEN}, .op_class = TNN_CLASS_UNARY,
    .infer = tnn_infer_unary_to_float, .kernel = tnn_kernel_unary, .unary = sine,
};

static double cosine(double x, const tnn_scalar *args) {
    (void)args;
    return cos(x);
}

const tnn_op_row tnn_op_cos = {
    .op = {"cos", "cos(Tensor self) -> Tensor", TNN_OP_cos, TNN_OPLIST_ATEN}, .op_class = TNN_CLASS_UNARY,
    .infer = tnn_infer_unary_to_float, .kernel = tnn_kernel_unary, .unary = cosine,
};

/* The angle of the point (other, self), from -pi to pi. */
static double angle(double y, double x, const tnn_scalar *args) {
    (void)args;
    return atan2(y, x);
}

const tnn_op_row tnn_op_atan2 = {
    .op = {"atan2", "atan2(Tensor|Scalar self, Tensor|Scalar other) -> Tensor", TNN_OP_atan2, TNN_OPLIST_ATEN},
    .op_class = TNN_CLASS_BINARY, .infer = tnn_infer_binary_to_float, .kernel = tnn_kernel_binary, .binary = angle,
};
