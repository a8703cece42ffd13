/* Slices of a concatenation. */
#include "ops/list.h"
#include "passes/passes.h"

enum { ARG_SELF, ARG_DIM, ARG_START, ARG_END };

static uint8_t positive_dim(const tnn_arg *arg, uint8_t rank) {
    int64_t dim = tnn_arg_int(arg);
    return (uint8_t)(dim < 0 ? dim + rank : dim);
}

/* The concatenation that the node cuts along its own dimension, or NULL. */
static const tnn_node *cat_before(const tnn_node *node) {
    if (!tnn_node_is(node, TNN_OP_slice)) return NULL;
    const tnn_value *x = node->args[ARG_SELF].as.tensor;
    const tnn_node *cat = x->producer;
    if (!cat || !tnn_node_is(cat, TNN_OP_cat) || cat->activation != TNN_ACT_NONE) return NULL;
    bool same = positive_dim(&cat->args[1], x->shape.rank) == positive_dim(&node->args[ARG_DIM], x->shape.rank);
    return same ? cat : NULL;
}

/* The operand that holds places [start, end), and where it begins; NULL when there is none. */
static tnn_value *operand_of(const tnn_node *cat, uint8_t dim, int64_t start, int64_t end, int64_t *begin) {
    const tnn_value *whole = cat->outputs[0];
    *begin = 0;
    for (uint32_t i = 0; i < cat->args[0].n; i++) {
        tnn_value *part = cat->args[0].as.tensors[i];
        if (part->shape.rank != whole->shape.rank || part->shape.dims[dim].expr || part->dtype != whole->dtype)
            return NULL;
        int64_t size = part->shape.dims[dim].hint;
        if (start >= *begin && end <= *begin + size) return part;
        *begin += size;
    }
    return NULL;
}

static tnn_status fold_slice(tnn_node *node, const tnn_node *cat, tnn_error *err) {
    const tnn_arg *args = node->args;
    uint8_t dim = positive_dim(&args[ARG_DIM], cat->outputs[0]->shape.rank);
    int64_t start = tnn_arg_int(&args[ARG_START]), end = tnn_arg_int(&args[ARG_END]), begin;
    if (args[ARG_START].as.size.expr || args[ARG_END].as.size.expr || start < 0 || end <= start) return TNN_OK;
    tnn_value *part = operand_of(cat, dim, start, end, &begin);
    if (!part) return TNN_OK;
    TNN_TRY(tnn_node_set_arg(node, ARG_SELF, tnn_arg_of_tensor(part), err));
    TNN_TRY(tnn_node_set_arg(node, ARG_START, tnn_arg_of_int(start - begin), err));
    return tnn_node_set_arg(node, ARG_END, tnn_arg_of_int(end - begin), err);
}

tnn_status tnn_pass_slice(tnn_graph *graph, tnn_error *err) {
    for (tnn_node *node = graph->first; node; node = node->next) {
        const tnn_node *cat = cat_before(node);
        if (cat) TNN_TRY(fold_slice(node, cat, err));
    }
    return TNN_OK;
}
