/* Whole numbers near an element, and its sign. Integers are whole already. */
#include <math.h>

#include "ops/class.h"
#include "ops/list.h"

#define UNARY(id) {#id, #id "(Tensor self) -> Tensor", TNN_OP_##id, TNN_OPLIST_ATEN}

static int64_t itself(int64_t x, const tnn_scalar *args) {
    (void)args;
    return x;
}

static double round_down(double x, const tnn_scalar *args) {
    (void)args;
    return floor(x);
}

const tnn_op_row tnn_op_floor = {
    .op = UNARY(floor), .op_class = TNN_CLASS_UNARY, .infer = tnn_infer_unary_number,
    .kernel = tnn_kernel_unary, .unary = round_down, .unary_int = itself,
};

static double round_up(double x, const tnn_scalar *args) {
    (void)args;
    return ceil(x);
}

const tnn_op_row tnn_op_ceil = {
    .op = UNARY(ceil), .op_class = TNN_CLASS_UNARY, .infer = tnn_infer_unary_number,
    .kernel = tnn_kernel_unary, .unary = round_up, .unary_int = itself,
};

/* Halves go to the even neighbour. */
static double round_nearest(double x, const tnn_scalar *args) {
    (void)args;
    double down = floor(x), rest = x - down;
    if (rest != 0.5) return copysign(rest < 0.5 ? down : down + 1, x);
    return copysign(2 * floor(x / 2 + 0.5), x);
}

const tnn_op_row tnn_op_round = {
    .op = UNARY(round), .op_class = TNN_CLASS_UNARY, .infer = tnn_infer_unary_number,
    .kernel = tnn_kernel_unary, .unary = round_nearest, .unary_int = itself,
};

/* -1, 0 or 1. */
static double sign(double x, const tnn_scalar *args) {
    (void)args;
    return (x > 0) - (x < 0);
}

static int64_t sign_int(int64_t x, const tnn_scalar *args) {
    (void)args;
    return (x > 0) - (x < 0);
}

const tnn_op_row tnn_op_sign = {
    .op = UNARY(sign), .op_class = TNN_CLASS_UNARY, .infer = tnn_infer_unary,
    .kernel = tnn_kernel_unary, .unary = sign, .unary_int = sign_int,
};
