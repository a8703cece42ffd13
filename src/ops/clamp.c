/* clamp: between a least and a greatest number, of which one may be absent. */
#include <math.h>

#include "ops/class.h"
#include "ops/infer.h"
#include "ops/list.h"
#include "ops/promote.h"

enum { SELF, MIN, MAX };

/* args: min, max. A NaN among the three gives NaN; where min > max, max wins. */
static double clamp(double x, const tnn_scalar *args) {
    const tnn_scalar *min = &args[0], *max = &args[1];
    if (isnan(x)) return x;
    if (min->present && !(x >= min->number)) x = min->number;
    if (max->present && !(x <= max->number) && !isnan(x)) x = max->number;
    return x;
}

static int64_t clamp_int(int64_t x, const tnn_scalar *args) {
    if (args[0].present && x < args[0].integer) x = args[0].integer;
    if (args[1].present && x > args[1].integer) x = args[1].integer;
    return x;
}

static tnn_status check_bound(const tnn_call *call, size_t index, tnn_dtype dtype, tnn_error *err) {
    const tnn_arg *bound = &call->args[index];
    uint64_t stored = 0;
    if (bound->kind != TNN_ARG_INT || tnn_dtype_is_float(dtype)) return TNN_OK;
    tnn_elem_set_integer(&stored, dtype, 0, tnn_arg_int(bound));
    if (tnn_elem_integer(&stored, dtype, 0) == tnn_arg_int(bound)) return TNN_OK;
    return tnn_call_unsupported(call, err, "%s is %lld, which %s does not hold", call->schema->args[index].name,
                            (long long)tnn_arg_int(bound), tnn_dtype_name(dtype));
}

static tnn_status infer_clamp(const tnn_call *call, tnn_type *outs, uint32_t *n_outs, tnn_error *err) {
    tnn_promotion promotion = {0};
    for (size_t i = SELF; i <= MAX; i++) tnn_promotion_add(&promotion, &call->args[i]);
    tnn_dtype dtype = tnn_promotion_result(&promotion);
    if (call->args[MIN].kind == TNN_ARG_NONE && call->args[MAX].kind == TNN_ARG_NONE) {
        return tnn_call_invalid(call, err, "min and max are both None, expected one of them at least");
    }
    if (dtype == TNN_DTYPE_BOOL) return tnn_call_invalid(call, err, "self is bool, expected a number type");
    TNN_TRY(check_bound(call, MIN, dtype, err));
    TNN_TRY(check_bound(call, MAX, dtype, err));
    return tnn_call_result(outs, n_outs, dtype, &tnn_call_tensor(call, SELF)->shape);
}

const tnn_op_row tnn_op_clamp = {
    .op = {"clamp", "clamp(Tensor self, Scalar? min=None, Scalar? max=None) -> Tensor", TNN_OP_clamp,
           TNN_OPLIST_ATEN},
    .op_class = TNN_CLASS_UNARY, .infer = infer_clamp, .kernel = tnn_kernel_unary,
    .unary = clamp, .unary_int = clamp_int,
};
