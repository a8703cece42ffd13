/* cat: tensors side by side along one dimension. Tensors of shape [0] are skipped, whatever the others' rank. */
#include "ops/class.h"
#include "ops/infer.h"
#include "ops/link.h"
#include "ops/list.h"
#include "ops/promote.h"
#include "ops/walk.h"

enum { TENSORS, DIM };

static bool is_skipped(const tnn_value *value) {
    return value->shape.rank == 1 && value->shape.dims[0].hint == 0;
}

/* The first tensor that counts; the first of all where none does. */
static const tnn_value *first_of(const tnn_arg *tensors) {
    for (uint32_t i = 0; i < tensors->n; i++) {
        if (!is_skipped(tensors->as.tensors[i])) return tensors->as.tensors[i];
    }
    return tensors->as.tensors[0];
}

static tnn_status add_tensor(const tnn_call *call, uint32_t index, const tnn_shape *first, uint8_t dim,
                             tnn_size *total, tnn_error *err) {
    const tnn_shape *shape = &call->args[TENSORS].as.tensors[index]->shape;
    bool equal = shape->rank == first->rank;
    for (uint8_t d = 0; d < shape->rank && equal; d++) {
        if (d != dim) TNN_TRY(tnn_guard_equal(call->model, shape->dims[d], first->dims[d], &equal, err));
    }
    if (equal) return tnn_size_add(total, call->model->arena, *total, shape->dims[dim], err);
    return tnn_call_invalid(call, err, "tensor %u has shape %s, expected %s but for dimension %u", index,
                            tnn_shape_text_of(shape).text, tnn_shape_text_of(first).text, dim);
}

static tnn_status infer_cat(const tnn_call *call, tnn_type *outs, uint32_t *n_outs, tnn_error *err) {
    const tnn_arg *tensors = &call->args[TENSORS];
    tnn_promotion promotion = {0};
    if (tensors->n == 0) return tnn_call_invalid(call, err, "tensors is an empty list, expected 1 or more");
    const tnn_value *first = first_of(tensors);
    tnn_shape shape = first->shape;
    uint8_t dim = 0;
    if (!is_skipped(first)) {
        TNN_TRY(tnn_call_dim(call, tnn_arg_int(&call->args[DIM]), shape.rank, &dim, err));
    }
    shape.dims[dim] = tnn_size_const(0);
    tnn_promotion_add(&promotion, tensors);
    for (uint32_t i = 0; i < tensors->n; i++) {
        const tnn_value *value = tensors->as.tensors[i];
        if (value->shape.rank == 0) return tnn_call_invalid(call, err, "tensor %u has no dimensions", i);
        if (!is_skipped(value)) TNN_TRY(add_tensor(call, i, &first->shape, dim, &shape.dims[dim], err));
    }
    return tnn_call_result(outs, n_outs, tnn_promotion_result(&promotion), &shape);
}

/* The dimension of a node, not negative. */
static uint8_t dim_of(const tnn_node *node) {
    const tnn_value *first = first_of(&node->args[TENSORS]);
    int64_t dim = tnn_arg_int(&node->args[DIM]);
    if (is_skipped(first)) return 0;
    return (uint8_t)(dim < 0 ? dim + first->shape.rank : dim);
}

static tnn_status run_cat(const tnn_kernel_call *call, tnn_error *err) {
    tnn_tensor *out = &call->outputs[0];
    uint8_t dim = dim_of(call->node);
    int64_t strides[TNN_MAX_RANK], start = 0;
    tnn_strides_of(out->rank, out->dims, strides);
    for (size_t i = 0; i < call->n_operands; i++) {
        tnn_tensor in = {0};
        if (call->operands[i]->n_elems == 0) continue;
        TNN_TRY(tnn_operand_as(&in, call->operands[i], NULL, out->dtype, err));
        tnn_walk walk = tnn_walk_start(in.rank, in.dims);
        for (uint8_t d = 0; d < in.rank; d++) walk.strides[0][d] = strides[d];
        tnn_strides_of(in.rank, in.dims, walk.strides[1]);
        walk.at[0] = start * strides[dim];
        start += in.dims[dim];
        tnn_walk_copy(&walk, out, &in);
        tnn_tensor_clear(&in);
    }
    return TNN_OK;
}

static tnn_status dims_cat(const tnn_node *node, tnn_dimmap *map, tnn_error *err) {
    const tnn_arg *tensors = &node->args[TENSORS];
    uint8_t dim = dim_of(node);
    int64_t start = 0;
    for (uint32_t i = 0; i < tensors->n; i++) {
        const tnn_value *value = tensors->as.tensors[i];
        if (is_skipped(value)) continue;
        int64_t count = value->shape.dims[dim].hint;
        TNN_TRY(tnn_link_others(map, node, (int)i, dim, err));
        TNN_TRY(tnn_link_part(map, node, (int)i, TNN_RESULT, dim, 0, start, 1, count, err));
        start += count;
    }
    return TNN_OK;
}

const tnn_op_row tnn_op_cat = {
    .op = {"cat", "cat(Tensor[] tensors, int dim=0) -> Tensor", TNN_OP_cat, TNN_OPLIST_ATEN},
    .op_class = TNN_CLASS_OTHER, .infer = infer_cat, .kernel = run_cat, .dims = dims_cat,
};
