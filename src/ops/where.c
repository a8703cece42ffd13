/* where: an element of `self` where the condition is true, of `other` else; all three broadcast. */
#include "ops/class.h"
#include "ops/infer.h"
#include "ops/list.h"
#include "ops/promote.h"
#include "ops/walk.h"

enum { CONDITION, SELF, OTHER, N_ARGS };

static tnn_status infer_where(const tnn_call *call, tnn_type *outs, uint32_t *n_outs, tnn_error *err) {
    const tnn_value *condition = tnn_call_tensor(call, CONDITION);
    tnn_shape shape = {0};
    if (condition->dtype != TNN_DTYPE_BOOL && condition->dtype != TNN_DTYPE_U8) {
        return tnn_call_invalid(call, err, "condition is %s, expected bool", tnn_dtype_name(condition->dtype));
    }
    for (size_t i = CONDITION; i < N_ARGS; i++) {
        const tnn_arg *arg = &call->args[i];
        if (arg->kind == TNN_ARG_TENSOR) {
            TNN_TRY(tnn_call_broadcast(call, &shape, &arg->as.tensor->shape, &shape, err));
        }
    }
    return tnn_call_result(outs, n_outs, tnn_promoted(&call->args[SELF], 2), &shape);
}

/* The elements of `from` where the condition is `side`. */
static void take(tnn_tensor *out, const tnn_tensor *condition, const tnn_tensor *from, bool side) {
    tnn_walk walk = tnn_walk_start(out->rank, out->dims);
    tnn_walk_broadcast(&walk, 0, condition);
    tnn_walk_broadcast(&walk, 1, from);
    for (int64_t i = 0; i < out->n_elems; i++, tnn_walk_step(&walk)) {
        if ((tnn_tensor_integer(condition, walk.at[0]) != 0) != side) continue;
        if (tnn_dtype_is_float(out->dtype)) tnn_tensor_set_number(out, i, tnn_tensor_number(from, walk.at[1]));
        else tnn_tensor_set_integer(out, i, tnn_tensor_integer(from, walk.at[1]));
    }
}

static tnn_status run_where(const tnn_kernel_call *call, tnn_error *err) {
    const tnn_arg *args = call->node->args;
    for (size_t i = SELF; i <= OTHER; i++) {
        tnn_tensor from = {0};
        TNN_TRY(tnn_operand_as(&from, call->operands[i], &args[i], call->outputs[0].dtype, err));
        take(&call->outputs[0], call->operands[CONDITION], &from, i == SELF);
        tnn_tensor_clear(&from);
    }
    return TNN_OK;
}

const tnn_op_row tnn_op_where = {
    .op = {"where", "where(Tensor condition, Tensor|Scalar self, Tensor|Scalar other) -> Tensor", TNN_OP_where,
           TNN_OPLIST_ATEN},
    .op_class = TNN_CLASS_BINARY, .infer = infer_where, .kernel = run_where,
};
