/* A concatenation that only another one along the same dimension reads becomes part of that. */
#include "ops/list.h"
#include "passes/passes.h"
#include "passes/rewrite.h"

static int64_t dim_of(const tnn_node *cat) {
    int64_t dim = tnn_arg_int(tnn_node_arg(cat, "dim"));
    return dim < 0 ? dim + cat->outputs[0]->shape.rank : dim;
}

static bool is_part(const tnn_node *outer, const tnn_value *value) {
    const tnn_node *inner = value->producer;
    const tnn_value *whole = outer->outputs[0];
    return inner != NULL && tnn_node_is(inner, TNN_OP_cat) && inner->activation == TNN_ACT_NONE &&
           tnn_rewrite_single_use(outer->graph, value) && value->dtype == whole->dtype &&
           value->shape.rank == whole->shape.rank && dim_of(inner) == dim_of(outer);
}

/* How many tensors `outer` reads once its parts are taken in. */
static size_t count_tensors(const tnn_node *outer) {
    const tnn_arg *own = &outer->args[0];
    size_t n = 0;
    for (uint32_t i = 0; i < own->n; i++) {
        const tnn_value *value = own->as.tensors[i];
        n += is_part(outer, value) ? value->producer->args[0].n : 1;
    }
    return n;
}

static tnn_status take_in(tnn_node *outer, size_t n, tnn_error *err) {
    const tnn_arg *own = &outer->args[0];
    tnn_value **tensors = TNN_NEW_ARRAY(outer->graph->model->arena, n, tnn_value *);
    if (tensors == NULL) return tnn_fail_nomem(err);
    size_t at = 0;
    for (uint32_t i = 0; i < own->n; i++) {
        tnn_value *value = own->as.tensors[i];
        bool part = is_part(outer, value);
        const tnn_arg *inner = part ? &value->producer->args[0] : NULL;
        for (uint32_t k = 0; part && k < inner->n; k++) tensors[at++] = inner->as.tensors[k];
        if (!part) tensors[at++] = value;
    }
    return tnn_node_set_arg(outer, 0, tnn_arg_of_tensors(tensors, n), err);
}

/* Nodes stand in order, so what a part was made of has been taken in before. The parts are dead afterwards. */
tnn_status tnn_pass_cat(tnn_graph *graph, tnn_error *err) {
    for (tnn_node *node = graph->first; node != NULL; node = node->next) {
        if (!tnn_node_is(node, TNN_OP_cat)) continue;
        size_t n = count_tensors(node);
        if (n > node->args[0].n) TNN_TRY(take_in(node, n, err));
    }
    return tnn_pass_dead(graph, err);
}
