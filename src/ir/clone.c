/* Copying a model: graphs first, so that nodes may name any of them, then their values and nodes. */
#include "ir/clone.h"

#include "base/alloc.h"

typedef struct cloner {
    tnn_model *to;
    const tnn_model *from;
    tnn_value **values; /* by id in `from` */
    tnn_error *err;
} cloner;

static void finish_value(cloner *c, const tnn_value *from, tnn_value *to) {
    to->layout = from->layout;
    to->quant = from->quant;
    to->is_parameter = from->is_parameter;
    to->is_buffer = from->is_buffer;
    c->values[from->id] = to;
}

/* The copy of a value that a node or an output reads; constants are copied when first read. */
static tnn_status map_value(cloner *c, tnn_graph *graph, const tnn_value *from, tnn_value **to) {
    *to = from ? c->values[from->id] : NULL;
    if (*to || !from) return TNN_OK;
    TNN_TRY(tnn_graph_constant(to, graph, from->name, from->constant, c->err));
    finish_value(c, from, *to);
    return TNN_OK;
}

static tnn_graph *map_graph(const cloner *c, const tnn_graph *from) {
    for (size_t i = 0; i < c->from->n_graphs; i++) {
        if (c->from->graphs[i] == from) return c->to->graphs[i];
    }
    return NULL;
}

/* The lists of `arg` are those of the original still; the graph copies them. */
static tnn_status map_arg(cloner *c, tnn_graph *graph, tnn_arg *arg) {
    if (arg->kind == TNN_ARG_TENSOR) return map_value(c, graph, arg->as.tensor, &arg->as.tensor);
    if (arg->kind == TNN_ARG_GRAPH) arg->as.graph = map_graph(c, arg->as.graph);
    if (arg->kind != TNN_ARG_TENSORS) return TNN_OK;
    tnn_value **tensors = TNN_NEW_ARRAY(c->to->arena, arg->n, tnn_value *);
    if (!tensors) return tnn_fail_nomem(c->err);
    for (uint32_t i = 0; i < arg->n; i++) TNN_TRY(map_value(c, graph, arg->as.tensors[i], &tensors[i]));
    arg->as.tensors = tensors;
    return TNN_OK;
}

static tnn_status clone_outputs_of(cloner *c, const tnn_node *from, tnn_node *to) {
    for (uint32_t i = 0; i < from->n_outputs; i++) {
        const tnn_value *value = from->outputs[i];
        tnn_value *copy;
        TNN_TRY(tnn_node_output(&copy, to, value->name, value->dtype, &value->shape, c->err));
        finish_value(c, value, copy);
    }
    return TNN_OK;
}

static tnn_status clone_node(cloner *c, tnn_graph *graph, const tnn_node *from) {
    size_t n_args = from->schema->n_args;
    tnn_arg *args = tnn_arena_copy(c->to->arena, from->args, n_args, sizeof *args);
    tnn_node *to;
    if (!args) return tnn_fail_nomem(c->err);
    for (size_t i = 0; i < n_args; i++) TNN_TRY(map_arg(c, graph, &args[i]));
    TNN_TRY(tnn_graph_node(&to, graph, NULL, from->op, args, n_args, c->err));
    to->activation = from->activation;
    to->why_float = from->why_float;
    to->wants_int4 = from->wants_int4;
    to->name = from->name;
    to->scope = from->scope;
    to->source = from->source;
    return clone_outputs_of(c, from, to);
}

static tnn_status clone_graph(cloner *c, const tnn_graph *from, tnn_graph *to) {
    for (size_t i = 0; i < from->n_inputs; i++) {
        const tnn_value *value = from->inputs[i];
        tnn_value *copy;
        TNN_TRY(tnn_graph_input(&copy, to, value->name, value->dtype, &value->shape, c->err));
        finish_value(c, value, copy);
    }
    for (const tnn_node *node = from->first; node; node = node->next) TNN_TRY(clone_node(c, to, node));
    for (size_t i = 0; i < from->n_outputs; i++) {
        tnn_value *copy;
        TNN_TRY(map_value(c, to, from->outputs[i], &copy));
        TNN_TRY(tnn_graph_output(to, copy, from->output_names[i], c->err));
    }
    return TNN_OK;
}

static tnn_status clone_texts(cloner *c) {
    const tnn_model *from = c->from;
    tnn_model *to = c->to;
    to->guards = tnn_arena_copy(to->arena, from->guards, from->n_guards, sizeof *from->guards);
    to->warnings = tnn_arena_copy(to->arena, from->warnings, from->n_warnings, sizeof *from->warnings);
    if (!to->guards || !to->warnings) return tnn_fail_nomem(c->err);
    to->n_guards = to->cap_guards = from->n_guards;
    to->n_warnings = to->cap_warnings = from->n_warnings;
    to->locator = from->locator;
    to->customs = from->customs;
    for (size_t i = 0; i < from->said.n_entries; i++) {
        if (tnn_strmap_set(&to->said, from->said.entries[i].key, to) != TNN_OK) return tnn_fail_nomem(c->err);
    }
    return TNN_OK;
}

static tnn_status clone_all(cloner *c) {
    for (size_t i = 0; i < c->from->n_graphs; i++) {
        tnn_graph *graph;
        TNN_TRY(tnn_graph_new(&graph, c->to, c->from->graphs[i]->name, c->err));
    }
    for (size_t i = 0; i < c->from->n_graphs; i++) {
        TNN_TRY(clone_graph(c, c->from->graphs[i], c->to->graphs[i]));
    }
    return clone_texts(c);
}

tnn_status tnn_graph_model_clone(tnn_model **out, const tnn_model *model, tnn_error *err) {
    cloner c = {.from = model, .err = err};
    *out = NULL;
    TNN_TRY(tnn_graph_model_new(&c.to, model->path, err));
    c.values = tnn_alloc_zero(model->next_value_id, sizeof(tnn_value *));
    tnn_status status = c.values ? clone_all(&c) : tnn_fail_nomem(err);
    tnn_free(c.values);
    if (status == TNN_OK) *out = c.to;
    else tnn_graph_model_free(c.to);
    return status;
}
