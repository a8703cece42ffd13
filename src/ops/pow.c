/* Powers. */
#include <math.h>

#include "ops/class.h"
#include "ops/infer.h"
#include "ops/list.h"
#include "ops/promote.h"

enum { SELF, EXPONENT };

static tnn_status infer_pow(const tnn_call *call, tnn_type *outs, uint32_t *n_outs, tnn_error *err) {
    const tnn_arg *exponent = &call->args[EXPONENT];
    TNN_TRY(tnn_infer_binary(call, outs, n_outs, err));
    tnn_dtype dtype = outs[0].dtype;
    if (tnn_dtype_is_integral(dtype) && exponent->kind == TNN_ARG_INT && tnn_arg_int(exponent) < 0) {
        return tnn_call_invalid(call, err, "%s to the power of %lld, expected a power that is not negative",
                                tnn_dtype_name(dtype), (long long)tnn_arg_int(exponent));
    }
    if (dtype == TNN_DTYPE_BOOL && exponent->kind == TNN_ARG_TENSOR) {
        return tnn_call_invalid(call, err, "two bools, expected a number");
    }
    return TNN_OK;
}

static double power(double x, double y, const tnn_scalar *args) {
    (void)args;
    return pow(x, y);
}

/* 1 / x^-y, toward zero; PyTorch gives 0 for 0. */
static int64_t inverse_power(int64_t x, int64_t y) {
    if (x == 1) return 1;
    return x == -1 ? (y % 2 == 0 ? 1 : -1) : 0;
}

/* By squaring, wrapping around. */
static int64_t power_int(int64_t x, int64_t y, const tnn_scalar *args) {
    (void)args;
    if (y < 0) return inverse_power(x, y);
    uint64_t product = 1, square = (uint64_t)x;
    for (; y > 0; y /= 2, square *= square) {
        if (y % 2 == 1) product *= square;
    }
    return (int64_t)product;
}

const tnn_op_row tnn_op_pow = {
    .op = {"pow", "pow(Tensor|Scalar self, Tensor|Scalar exponent) -> Tensor", TNN_OP_pow, TNN_OPLIST_ATEN},
    .op_class = TNN_CLASS_BINARY, .infer = infer_pow, .kernel = tnn_kernel_binary,
    .binary = power, .binary_int = power_int,
};
