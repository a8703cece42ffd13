/* remainder: what division rounded down leaves, with the sign of the divisor, as Python's %. */
#include <math.h>

#include "ops/class.h"
#include "ops/list.h"

static double modulo(double x, double y, const tnn_scalar *args) {
    (void)args;
    double rest = fmod(x, y);
    return rest != 0 && (rest < 0) != (y < 0) ? rest + y : rest;
}

/* y is not 0. The smallest integer divided by -1 overflows; its rest is 0. */
static int64_t modulo_int(int64_t x, int64_t y, const tnn_scalar *args) {
    (void)args;
    if (y == -1) return 0;
    int64_t rest = x % y;
    return rest != 0 && (rest < 0) != (y < 0) ? rest + y : rest;
}

static tnn_status run_remainder(const tnn_kernel_call *call, tnn_error *err) {
    TNN_TRY(tnn_check_divisor(call, err));
    return tnn_kernel_binary(call, err);
}

const tnn_op_row tnn_op_remainder = {
    .op = {"remainder", "remainder(Tensor|Scalar self, Tensor|Scalar other) -> Tensor", TNN_OP_remainder,
           TNN_OPLIST_ATEN},
    .op_class = TNN_CLASS_BINARY, .infer = tnn_infer_binary, .kernel = run_remainder,
    .binary = modulo, .binary_int = modulo_int,
};
