#include "eval/handle.h"
#include "ops/list.h"

tnn_status tnn_emit(tnn_interp *interp, const tnn_origin *origin, int op_id, const tnn_arg *args, size_t n_args,
                    tnn_value **out, tnn_error *err) {
    tnn_node *node;
    TNN_TRY(tnn_op_append(&node, interp->graph, interp->before, &tnn_op_rows[op_id]->op, args, n_args,
                          origin->name, err));
    node->name = origin->name;
    node->scope = origin->scope;
    node->source = origin->source;
    *out = node->outputs[0];
    return TNN_OK;
}

tnn_status tnn_emit_cast(tnn_interp *interp, tnn_value *value, tnn_dtype dtype, tnn_value **out, tnn_error *err) {
    *out = value;
    if (value->dtype == dtype) return TNN_OK;
    tnn_arg args[] = {tnn_arg_of_tensor(value), tnn_arg_of_dtype(dtype)};
    return tnn_emit(interp, &interp->origin, TNN_OP_to, args, 2, out, err);
}
