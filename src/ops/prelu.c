/* prelu: negative inputs are scaled, by one number or by one a channel (dimension 1). */
#include "ops/infer.h"
#include "ops/link.h"
#include "ops/list.h"
#include "ops/walk.h"

enum { SELF, WEIGHT };

static tnn_status infer_prelu(const tnn_call *call, tnn_type *outs, uint32_t *n_outs, tnn_error *err) {
    const tnn_value *self = tnn_call_tensor(call, SELF), *weight = tnn_call_tensor(call, WEIGHT);
    TNN_TRY(tnn_call_need_float(call, SELF, err));
    TNN_TRY(tnn_call_need_dtype(call, WEIGHT, self->dtype, err));
    if (weight->shape.rank > 1) {
        return tnn_call_invalid(call, err, "weight has shape %s, expected 0 or 1 dimensions",
                                tnn_shape_text_of(&weight->shape).text);
    }
    if (weight->shape.rank == 1 && weight->shape.dims[0].hint != 1) {
        tnn_size channels = self->shape.rank > 1 ? self->shape.dims[1] : tnn_size_const(1);
        TNN_TRY(tnn_call_need_size(call, "the number of weights", weight->shape.dims[0], channels, err));
    }
    return tnn_call_result(outs, n_outs, self->dtype, &self->shape);
}

static tnn_status run_prelu(const tnn_kernel_call *call, tnn_error *err) {
    (void)err;
    const tnn_tensor *self = call->operands[SELF], *weight = call->operands[WEIGHT];
    tnn_tensor *out = &call->outputs[0];
    tnn_walk walk = tnn_walk_start(self->rank, self->dims);
    if (weight->n_elems > 1) walk.strides[0][1] = 1;
    for (int64_t i = 0; i < out->n_elems; i++, tnn_walk_step(&walk)) {
        double x = tnn_tensor_number(self, i);
        tnn_tensor_set_number(out, i, x > 0 ? x : x * tnn_tensor_number(weight, walk.at[0]));
    }
    return TNN_OK;
}

static tnn_status dims_prelu(const tnn_node *node, tnn_dimmap *map, tnn_error *err) {
    const tnn_value *weight = tnn_node_operand(node, WEIGHT);
    TNN_TRY(tnn_link_broadcast(map, node, SELF, err));
    if (weight->shape.rank == 0 || node->outputs[0]->shape.rank < 2) return TNN_OK;
    return tnn_link_same(map, node, WEIGHT, 0, TNN_RESULT, 1, err);
}

const tnn_op_row tnn_op_prelu = {
    .op = {"prelu", "prelu(Tensor self, Tensor weight) -> Tensor", TNN_OP_prelu, TNN_OPLIST_ATEN},
    .op_class = TNN_CLASS_OTHER, .infer = infer_prelu, .kernel = run_prelu, .dims = dims_prelu,
};
