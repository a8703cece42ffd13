/* Inference for classes of operators. */
#include "ops/class.h"

#include "ops/infer.h"
#include "ops/promote.h"

tnn_status tnn_infer_unary(const tnn_call *call, tnn_type *outs, uint32_t *n_outs, tnn_error *err) {
    (void)err;
    const tnn_value *self = tnn_call_tensor(call, 0);
    return tnn_call_result(outs, n_outs, self->dtype, &self->shape);
}

tnn_status tnn_infer_unary_number(const tnn_call *call, tnn_type *outs, uint32_t *n_outs, tnn_error *err) {
    if (tnn_call_tensor(call, 0)->dtype == TNN_DTYPE_BOOL) {
        return tnn_call_invalid(call, err, "%s is bool, expected a number type", call->schema->args[0].name);
    }
    return tnn_infer_unary(call, outs, n_outs, err);
}

tnn_status tnn_infer_unary_float(const tnn_call *call, tnn_type *outs, uint32_t *n_outs, tnn_error *err) {
    TNN_TRY(tnn_call_need_float(call, 0, err));
    return tnn_infer_unary(call, outs, n_outs, err);
}

tnn_status tnn_infer_unary_to_float(const tnn_call *call, tnn_type *outs, uint32_t *n_outs, tnn_error *err) {
    TNN_TRY(tnn_infer_unary(call, outs, n_outs, err));
    outs[0].dtype = tnn_dtype_to_float(outs[0].dtype);
    return TNN_OK;
}

static bool is_operand(const tnn_schema_arg *arg) {
    return !arg->type.list && (arg->type.base == TNN_TYPE_TENSOR || arg->type.base == TNN_TYPE_OPERAND);
}

tnn_status tnn_infer_binary(const tnn_call *call, tnn_type *outs, uint32_t *n_outs, tnn_error *err) {
    tnn_promotion promotion = {0};
    tnn_shape shape = {0};
    for (size_t i = 0; i < call->schema->n_args; i++) {
        const tnn_arg *arg = &call->args[i];
        if (!is_operand(&call->schema->args[i])) continue;
        tnn_promotion_add(&promotion, arg);
        if (arg->kind == TNN_ARG_TENSOR) {
            TNN_TRY(tnn_call_broadcast(call, &shape, &arg->as.tensor->shape, &shape, err));
        }
    }
    return tnn_call_result(outs, n_outs, tnn_promotion_result(&promotion), &shape);
}

tnn_status tnn_infer_binary_to_float(const tnn_call *call, tnn_type *outs, uint32_t *n_outs, tnn_error *err) {
    TNN_TRY(tnn_infer_binary(call, outs, n_outs, err));
    outs[0].dtype = tnn_dtype_to_float(outs[0].dtype);
    return TNN_OK;
}
