/* Nodes that give back their input, and chains of reshapes and of permutes. */
#include "ops/list.h"
#include "passes/passes.h"
#include "passes/rewrite.h"

static bool same_shape(const tnn_value *a, const tnn_value *b) {
    if (a->shape.rank != b->shape.rank) return false;
    for (uint8_t i = 0; i < a->shape.rank; i++) {
        if (!tnn_size_same(a->shape.dims[i], b->shape.dims[i])) return false;
    }
    return true;
}

/* Dimension k of a permute's argument, counted from 0. */
static int64_t permuted_dim(const tnn_node *permute, uint32_t k) {
    const tnn_arg *dims = tnn_node_arg(permute, "dims");
    int64_t dim = dims->as.sizes[k].hint;
    return dim < 0 ? dim + dims->n : dim;
}

static bool is_in_order(const tnn_node *permute) {
    for (uint32_t k = 0; k < tnn_node_arg(permute, "dims")->n; k++) {
        if (permuted_dim(permute, k) != k) return false;
    }
    return true;
}

/* What a concatenation of one tensor gives back. */
static tnn_value *only_tensor(const tnn_node *cat) {
    const tnn_arg *tensors = &cat->args[0];
    return tensors->n == 1 ? tensors->as.tensors[0] : NULL;
}

/* The result is argument 0. A slice of the full length can only have started at 0 with step 1. */
static bool gives_back(const tnn_node *node) {
    const tnn_value *input = node->args[0].as.tensor, *result = node->outputs[0];
    switch (node->op->id) {
    case TNN_OP_dropout:
    case TNN_OP_relayout:
        return true;
    case TNN_OP_to:
        return input->dtype == result->dtype;
    case TNN_OP_permute:
        return is_in_order(node);
    case TNN_OP_reshape:
    case TNN_OP_expand:
    case TNN_OP_slice:
        return same_shape(input, result);
    default:
        return false;
    }
}

/* The input that the node gives back, or NULL. */
static tnn_value *given_back(const tnn_node *node) {
    if (node->activation != TNN_ACT_NONE || node->op->list != TNN_OPLIST_ATEN) return NULL;
    if (tnn_node_is(node, TNN_OP_cat)) return only_tensor(node);
    return gives_back(node) ? node->args[0].as.tensor : NULL;
}

/* The node before `node` when both are of operator `id` and nothing happens between them. */
static tnn_node *same_before(const tnn_node *node, int id) {
    tnn_node *before = tnn_node_is(node, id) ? node->args[0].as.tensor->producer : NULL;
    return before && tnn_node_is(before, id) && before->activation == TNN_ACT_NONE ? before : NULL;
}

static tnn_status read_past(tnn_node *node, tnn_node *before, tnn_error *err) {
    TNN_TRY(tnn_node_set_arg(node, 0, before->args[0], err));
    if (tnn_rewrite_unused(node->graph, before->outputs[0])) tnn_node_remove(before);
    return TNN_OK;
}

static tnn_status merge_permutes(tnn_node *node, tnn_node *before, tnn_error *err) {
    tnn_size dims[TNN_MAX_RANK];
    uint32_t rank = tnn_node_arg(node, "dims")->n;
    for (uint32_t k = 0; k < rank; k++) {
        dims[k] = tnn_size_const(permuted_dim(before, (uint32_t)permuted_dim(node, k)));
    }
    int index = tnn_schema_find(node->schema, "dims");
    TNN_TRY(tnn_node_set_arg(node, (size_t)index, tnn_arg_of_sizes(dims, rank), err));
    return read_past(node, before, err);
}

/* Everything before `node` is merged already, so one step is enough. */
static tnn_status merge_with_before(tnn_node *node, tnn_error *err) {
    tnn_node *before = same_before(node, TNN_OP_reshape);
    if (before) return read_past(node, before, err);
    before = same_before(node, TNN_OP_permute);
    return before ? merge_permutes(node, before, err) : TNN_OK;
}

tnn_status tnn_pass_identity(tnn_graph *graph, tnn_error *err) {
    for (tnn_node *node = graph->first, *next; node; node = next) {
        next = node->next;
        TNN_TRY(merge_with_before(node, err));
        tnn_value *input = given_back(node);
        if (input) TNN_TRY(tnn_rewrite_node(node, input, err));
    }
    return TNN_OK;
}
