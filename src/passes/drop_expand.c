/* An expand in front of an operator that broadcasts by itself. */
#include "ops/list.h"
#include "passes/passes.h"
#include "passes/rewrite.h"

/* Operands broadcast to the result's shape, aligned at the last dimension. */
static bool broadcasts(const tnn_node *node) {
    if (node->op->list != TNN_OPLIST_ATEN || node->n_outputs != 1) return false;
    return tnn_op_rows[node->op->id]->op_class == TNN_CLASS_BINARY || tnn_node_is(node, TNN_OP_where);
}

static tnn_node *expand_before(const tnn_value *operand) {
    tnn_node *before = operand ? operand->producer : NULL;
    return before && tnn_node_is(before, TNN_OP_expand) && before->activation == TNN_ACT_NONE ? before : NULL;
}

/* Is dimension `from_last`, counted from the last one as 0, of `operand` as long as the result's? */
static bool spans(const tnn_value *operand, uint8_t from_last, tnn_size size) {
    uint8_t rank = operand->shape.rank;
    return from_last < rank && tnn_size_same(operand->shape.dims[rank - 1 - from_last], size);
}

/* With `narrow` in the place of operand `slot`, is every dimension of the result still that of some operand? */
static bool still_spans(const tnn_node *node, size_t slot, const tnn_value *narrow) {
    const tnn_shape *result = &node->outputs[0]->shape;
    for (uint8_t k = 0; k < result->rank; k++) {
        bool found = false;
        for (size_t s = 0; s < tnn_node_n_operands(node) && !found; s++) {
            const tnn_value *operand = s == slot ? narrow : tnn_node_operand(node, s);
            found = operand && spans(operand, k, result->dims[result->rank - 1 - k]);
        }
        if (!found) return false;
    }
    return true;
}

static tnn_status read_narrow(tnn_node *node, size_t slot, tnn_error *err) {
    tnn_node *expand = expand_before(tnn_node_operand(node, slot));
    tnn_value *narrow = expand ? expand->args[0].as.tensor : NULL;
    if (!narrow || !still_spans(node, slot, narrow)) return TNN_OK;
    TNN_TRY(tnn_node_set_operand(node, slot, narrow, err));
    if (tnn_rewrite_unused(node->graph, expand->outputs[0])) tnn_node_remove(expand);
    return TNN_OK;
}

tnn_status tnn_pass_broadcast(tnn_graph *graph, tnn_error *err) {
    for (tnn_node *node = graph->first; node; node = node->next) {
        if (!broadcasts(node)) continue;
        for (size_t slot = 0; slot < tnn_node_n_operands(node); slot++) TNN_TRY(read_narrow(node, slot, err));
    }
    return TNN_OK;
}
