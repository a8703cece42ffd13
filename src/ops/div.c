/* Division: true, toward zero, toward minus infinity. */
#include <math.h>
#include <string.h>

#include "ops/class.h"
#include "ops/infer.h"
#include "ops/list.h"
#include "ops/promote.h"

enum { SELF, OTHER, ROUNDING_MODE };

static const char *mode_of(const tnn_arg *args) {
    return args[ROUNDING_MODE].kind == TNN_ARG_NONE ? "true" : args[ROUNDING_MODE].as.text;
}

static tnn_status infer_div(const tnn_call *call, tnn_type *outs, uint32_t *n_outs, tnn_error *err) {
    const char *mode = mode_of(call->args);
    if (call->args[ROUNDING_MODE].kind == TNN_ARG_NONE) return tnn_infer_binary_to_float(call, outs, n_outs, err);
    if (strcmp(mode, "floor") != 0 && strcmp(mode, "trunc") != 0) {
        return tnn_call_invalid(call, err, "rounding_mode is '%s', expected None, 'trunc' or 'floor'", mode);
    }
    TNN_TRY(tnn_infer_binary(call, outs, n_outs, err));
    if (outs[0].dtype == TNN_DTYPE_BOOL) return tnn_call_invalid(call, err, "two bools, expected a number");
    return TNN_OK;
}

static double divide(double x, double y, const tnn_scalar *args) {
    (void)args;
    return x / y;
}

/* Python's: from the remainder, which is exact, so that the quotient never rounds up over an integer. */
static double divide_floor(double x, double y, const tnn_scalar *args) {
    (void)args;
    if (y == 0) return x / y;
    double rest = fmod(x, y), quotient = (x - rest) / y;
    if (rest != 0 && (y < 0) != (rest < 0)) quotient -= 1;
    if (quotient == 0) return copysign(0, x / y);
    double whole = floor(quotient);
    return quotient - whole > 0.5 ? whole + 1 : whole;
}

/* y is not 0. The quotient of the smallest integer and -1 wraps around. */
static int64_t divide_trunc_int(int64_t x, int64_t y, const tnn_scalar *args) {
    (void)args;
    return y == -1 ? (int64_t)(0 - (uint64_t)x) : x / y;
}

static int64_t divide_floor_int(int64_t x, int64_t y, const tnn_scalar *args) {
    if (y == -1) return divide_trunc_int(x, y, args);
    return x / y - (x % y != 0 && (x < 0) != (y < 0) ? 1 : 0);
}

tnn_status tnn_check_divisor(const tnn_kernel_call *call, tnn_error *err) {
    tnn_tensor divisor = {0};
    bool zero = false;
    if (tnn_dtype_is_float(call->outputs[0].dtype)) return TNN_OK;
    TNN_TRY(tnn_operand_as(&divisor, call->operands[OTHER], &call->node->args[OTHER], call->outputs[0].dtype, err));
    for (int64_t i = 0; i < divisor.n_elems && !zero; i++) zero = tnn_tensor_integer(&divisor, i) == 0;
    tnn_tensor_clear(&divisor);
    if (!zero) return TNN_OK;
    return tnn_fail(err, TNN_ERR_INVALID, tnn_node_where(call->node), "%s: integer division by zero",
                    call->node->op->name);
}

/* After the quotient is rounded to its dtype: that decides on which side of an integer it falls. */
static void truncate(tnn_tensor *quotients) {
    if (!tnn_dtype_is_float(quotients->dtype)) return;
    for (int64_t i = 0; i < quotients->n_elems; i++) {
        tnn_tensor_set_number(quotients, i, trunc(tnn_tensor_number(quotients, i)));
    }
}

static tnn_status run_div(const tnn_kernel_call *call, tnn_error *err) {
    const char *mode = mode_of(call->node->args);
    TNN_TRY(tnn_check_divisor(call, err));
    if (strcmp(mode, "floor") == 0) return tnn_map_binary(call, divide_floor, divide_floor_int, err);
    TNN_TRY(tnn_map_binary(call, divide, divide_trunc_int, err));
    if (strcmp(mode, "trunc") == 0) truncate(&call->outputs[0]);
    return TNN_OK;
}

const tnn_op_row tnn_op_div = {
    .op = {"div", "div(Tensor|Scalar self, Tensor|Scalar other, *, str? rounding_mode=None) -> Tensor", TNN_OP_div,
           TNN_OPLIST_ATEN},
    .op_class = TNN_CLASS_BINARY, .infer = infer_div, .kernel = run_div,
};
