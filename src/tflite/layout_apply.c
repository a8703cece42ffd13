/* The chosen orders, written into the graph. */
#include "tflite/layout_problem.h"

#include <string.h>

#include "ops/list.h"

static tnn_status set_layout(tnn_graph *g, const lay_value *v, const lay_order *order, tnn_value *value,
                             tnn_error *err) {
    tnn_layout *layout = TNN_NEW(g->model->arena, tnn_layout);
    if (layout == NULL) return tnn_fail_nomem(err);
    layout->n_atoms = order->n;
    for (uint8_t k = 0; k < order->n; k++) layout->atoms[k] = v->atoms[order->at[k]];
    value->layout = layout;
    return TNN_OK;
}

static bool order_equal(const lay_order *a, const lay_order *b) {
    return a->n == b->n && memcmp(a->at, b->at, a->n) == 0;
}

static const char *who(const lay_node *n) {
    return n->node == NULL ? (n->n_results == 1 ? "the model's input" : "the model's output") : tnn_node_where(n->node);
}

static void print_order(tnn_strbuf *out, const lay_value *v, const lay_order *order) {
    tnn_strbuf_add(out, "[");
    for (uint8_t k = 0; k < order->n; k++)
        tnn_strbuf_printf(out, k == 0 ? "%u" : ",%u", (unsigned)v->atoms[order->at[k]].dim);
    tnn_strbuf_add(out, "]");
}

/* "%x comes in dimension order [0,1,2,3] from the model's input, convolution … wants [0,2,3,1]" */
static tnn_status explain(lay_problem *p, const lay_value *v, const lay_use *use, tnn_layout_result *result,
                          tnn_error *err) {
    tnn_strbuf text = {0};
    tnn_strbuf_printf(&text, "%%%s comes in dimension order ", v->value->name);
    print_order(&text, v, lay_given(v));
    tnn_strbuf_printf(&text, " from %s, and ", who(v->producer));
    tnn_strbuf_printf(&text, "%s wants ", who(use->node));
    print_order(&text, v, lay_wanted(use));
    tnn_arena *arena = p->graph->model->arena;
    const char *line = text.failed ? NULL : tnn_arena_str(arena, text.data);
    tnn_strbuf_free(&text);
    const char **reasons = tnn_arena_grow(arena, result->reasons, result->n_reasons, &result->cap_reasons,
                                          result->n_reasons + 1, sizeof *reasons);
    if (line == NULL || reasons == NULL) return tnn_fail_nomem(err);
    result->reasons = reasons;
    result->reasons[result->n_reasons++] = line;
    return TNN_OK;
}

static tnn_status use_replace(tnn_graph *g, const lay_use *use, tnn_value *with, size_t output_index,
                              tnn_error *err) {
    if (use->node->node != NULL) return tnn_node_set_operand(use->node->node, use->slot, with, err);
    g->outputs[output_index] = with;
    return TNN_OK;
}

/* The same elements in the order that a reader wants. */
static tnn_status make_copy(lay_problem *p, const lay_value *v, const lay_order *order, tnn_value **out,
                            tnn_error *err) {
    tnn_graph *g = p->graph;
    if (v->producer == NULL) {
        TNN_TRY(tnn_graph_constant(out, g, v->value->name, v->value->constant, err));
    } else {
        tnn_arg arg = tnn_arg_of_tensor(v->value);
        tnn_node *after = v->value->producer, *node;
        tnn_node *before = after == NULL ? g->first : after->next;
        TNN_TRY(tnn_op_append(&node, g, before, &tnn_op_relayout.op, &arg, 1, v->value->name, err));
        if (after != NULL) node->scope = after->scope, node->source = after->source, node->name = after->name;
        *out = node->outputs[0];
    }
    return set_layout(g, v, order, *out, err);
}

/* A value whose readers are not all content gets one copy for each other order. */
static tnn_status apply_value(lay_problem *p, const lay_value *v, tnn_layout_result *result, tnn_error *err) {
    lay_order given;
    if (v->producer != NULL) given = *lay_given(v);
    else lay_order_identity(v, &given);
    if (v->producer == NULL && v->n_uses > 0) given = *lay_wanted(&v->uses[0]);
    TNN_TRY(set_layout(p->graph, v, &given, v->value, err));

    tnn_value **copies = TNN_NEW_ARRAY(p->arena, v->n_uses, tnn_value *);
    if (copies == NULL) return tnn_fail_nomem(err);
    for (size_t i = 0; i < v->n_uses; i++) {
        const lay_use *use = &v->uses[i];
        const lay_order *wanted = lay_wanted(use);
        if (order_equal(wanted, &given)) continue;
        for (size_t k = 0; k < i && copies[i] == NULL; k++)
            if (copies[k] != NULL && order_equal(lay_wanted(&v->uses[k]), wanted)) copies[i] = copies[k];
        if (copies[i] == NULL) {
            TNN_TRY(make_copy(p, v, wanted, &copies[i], err));
            if (v->producer != NULL && !lay_order_same(v, &given, wanted)) TNN_TRY(explain(p, v, use, result, err));
        }
        size_t output_index = use->node->node == NULL ? (size_t)(use->node - p->nodes) - p->first_output : 0;
        TNN_TRY(use_replace(p->graph, use, copies[i], output_index, err));
    }
    return TNN_OK;
}

tnn_status lay_apply(lay_problem *p, tnn_layout_result *result, tnn_error *err) {
    for (uint32_t id = 0; id < p->n_ids; id++)
        if (p->by_id[id] != NULL) TNN_TRY(apply_value(p, p->by_id[id], result, err));
    return TNN_OK;
}
