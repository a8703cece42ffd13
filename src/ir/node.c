/* Nodes: their arguments, outputs and places in the list; and who uses which value. */
#include <string.h>

#include "ir/graph.h"

static tnn_status reserve_users(tnn_value *value, tnn_arena *arena, size_t n_more, tnn_error *err) {
    tnn_node **users = tnn_arena_grow(arena, value->users, value->n_users, &value->cap_users,
                                      value->n_users + n_more, sizeof *users);
    if (!users) return tnn_fail_nomem(err);
    value->users = users;
    return TNN_OK;
}

static tnn_status add_user(tnn_value *value, tnn_node *node, tnn_error *err) {
    TNN_TRY(reserve_users(value, node->graph->model->arena, 1, err));
    value->users[value->n_users++] = node;
    return TNN_OK;
}

static void drop_user(tnn_value *value, const tnn_node *node) {
    for (size_t i = 0; i < value->n_users; i++) {
        if (value->users[i] != node) continue;
        value->users[i] = value->users[--value->n_users];
        return;
    }
}

static tnn_status add_uses(tnn_node *node, const tnn_arg *arg, tnn_error *err) {
    if (arg->kind == TNN_ARG_TENSOR) return add_user(arg->as.tensor, node, err);
    for (uint32_t i = 0; arg->kind == TNN_ARG_TENSORS && i < arg->n; i++) {
        if (arg->as.tensors[i]) TNN_TRY(add_user(arg->as.tensors[i], node, err));
    }
    return TNN_OK;
}

static void drop_uses(const tnn_node *node, const tnn_arg *arg) {
    if (arg->kind == TNN_ARG_TENSOR) drop_user(arg->as.tensor, node);
    for (uint32_t i = 0; arg->kind == TNN_ARG_TENSORS && i < arg->n; i++) {
        if (arg->as.tensors[i]) drop_user(arg->as.tensors[i], node);
    }
}

static const void *own_texts(tnn_arg *arg, tnn_arena *arena) {
    const char **texts = TNN_NEW_ARRAY(arena, arg->n, const char *);
    for (uint32_t i = 0; texts && i < arg->n; i++) {
        texts[i] = tnn_arena_str(arena, arg->as.texts[i]);
        if (!texts[i]) return NULL;
    }
    return arg->as.texts = texts;
}

/* Give `arg` lists of its own. */
static tnn_status own_lists(tnn_arg *arg, tnn_arena *arena, tnn_error *err) {
    const void *copy = arg; /* kinds without a list have nothing to copy and cannot fail */
    if (arg->kind == TNN_ARG_TENSORS) {
        copy = arg->as.tensors = tnn_arena_copy(arena, arg->as.tensors, arg->n, sizeof *arg->as.tensors);
    } else if (arg->kind == TNN_ARG_INTS) {
        copy = arg->as.sizes = tnn_arena_copy(arena, arg->as.sizes, arg->n, sizeof *arg->as.sizes);
    } else if (arg->kind == TNN_ARG_FLOATS) {
        copy = arg->as.numbers = tnn_arena_copy(arena, arg->as.numbers, arg->n, sizeof *arg->as.numbers);
    } else if (arg->kind == TNN_ARG_BOOLS) {
        copy = arg->as.bools = tnn_arena_copy(arena, arg->as.bools, arg->n, sizeof *arg->as.bools);
    } else if (arg->kind == TNN_ARG_STRINGS) {
        copy = own_texts(arg, arena);
    } else if (arg->kind == TNN_ARG_STRING) {
        copy = arg->as.text = tnn_arena_str(arena, arg->as.text);
    }
    return copy ? TNN_OK : tnn_fail_nomem(err);
}

static tnn_status fail_arg(const tnn_op *op, const tnn_schema_arg *arg, const char *what, tnn_error *err) {
    return tnn_fail(err, TNN_ERR_INTERNAL, op->name, "argument %s %s", arg->name, what);
}

static tnn_status fill_args(tnn_node *node, const tnn_arg *args, size_t n_args, tnn_error *err) {
    const tnn_schema *schema = node->schema;
    for (size_t i = 0; i < schema->n_args; i++) {
        const tnn_schema_arg *wanted = &schema->args[i];
        if (i >= n_args && !wanted->has_default) return fail_arg(node->op, wanted, "is missing", err);
        node->args[i] = i < n_args ? args[i] : *wanted->default_value;
        if (!tnn_arg_fits(&node->args[i], &wanted->type)) return fail_arg(node->op, wanted, "is of a wrong kind", err);
        TNN_TRY(own_lists(&node->args[i], node->graph->model->arena, err));
    }
    return TNN_OK;
}

static void link_before(tnn_node *node, tnn_node *before) {
    tnn_graph *graph = node->graph;
    node->next = before;
    node->prev = before ? before->prev : graph->last;
    if (node->prev) node->prev->next = node;
    else graph->first = node;
    if (before) before->prev = node;
    else graph->last = node;
    graph->n_nodes++;
}

tnn_status tnn_graph_node(tnn_node **out, tnn_graph *graph, tnn_node *before, const tnn_op *op,
                          const tnn_arg *args, size_t n_args, tnn_error *err) {
    tnn_arena *arena = graph->model->arena;
    tnn_node *node = TNN_NEW(arena, tnn_node);
    *out = NULL;
    if (!node) return tnn_fail_nomem(err);
    node->graph = graph;
    node->op = op;
    TNN_TRY(tnn_graph_model_schema(&node->schema, graph->model, op, err));
    if (n_args > node->schema->n_args) {
        return tnn_fail(err, TNN_ERR_INTERNAL, op->name, "%zu arguments, the schema has %zu", n_args,
                        node->schema->n_args);
    }
    node->args = TNN_NEW_ARRAY(arena, node->schema->n_args, tnn_arg);
    if (!node->args) return tnn_fail_nomem(err);
    TNN_TRY(fill_args(node, args, n_args, err));
    for (size_t i = 0; i < node->schema->n_args; i++) TNN_TRY(add_uses(node, &node->args[i], err));
    link_before(node, before);
    *out = node;
    return TNN_OK;
}

tnn_status tnn_node_output(tnn_value **out, tnn_node *node, const char *name, tnn_dtype dtype,
                           const tnn_shape *shape, tnn_error *err) {
    tnn_arena *arena = node->graph->model->arena;
    tnn_value **outputs = TNN_NEW_ARRAY(arena, node->n_outputs + 1, tnn_value *);
    *out = NULL;
    if (!outputs) return tnn_fail_nomem(err);
    if (node->n_outputs > 0) memcpy(outputs, node->outputs, node->n_outputs * sizeof *outputs);
    TNN_TRY(tnn_graph_value(out, node->graph, name ? name : node->op->name, dtype, shape, err));
    (*out)->producer = node;
    (*out)->output_index = node->n_outputs;
    outputs[node->n_outputs++] = *out;
    node->outputs = outputs;
    return TNN_OK;
}

tnn_status tnn_node_set_arg(tnn_node *node, size_t index, tnn_arg arg, tnn_error *err) {
    const tnn_schema_arg *wanted = &node->schema->args[index];
    if (!tnn_arg_fits(&arg, &wanted->type)) return fail_arg(node->op, wanted, "is of a wrong kind", err);
    TNN_TRY(own_lists(&arg, node->graph->model->arena, err));
    TNN_TRY(add_uses(node, &arg, err));
    drop_uses(node, &node->args[index]);
    node->args[index] = arg;
    return TNN_OK;
}

static void replace_in_arg(tnn_arg *arg, const tnn_value *old, tnn_value *with) {
    if (arg->kind == TNN_ARG_TENSOR && arg->as.tensor == old) arg->as.tensor = with;
    for (uint32_t i = 0; arg->kind == TNN_ARG_TENSORS && i < arg->n; i++) {
        if (arg->as.tensors[i] == old) arg->as.tensors[i] = with;
    }
}

tnn_status tnn_value_replace(tnn_graph *graph, tnn_value *old, tnn_value *with, tnn_error *err) {
    if (old == with) return TNN_OK;
    TNN_TRY(reserve_users(with, graph->model->arena, old->n_users, err));
    for (size_t i = 0; i < old->n_users; i++) {
        tnn_node *user = old->users[i];
        for (size_t k = 0; k < user->schema->n_args; k++) replace_in_arg(&user->args[k], old, with);
        with->users[with->n_users++] = user;
    }
    old->n_users = 0;
    for (size_t i = 0; i < graph->n_outputs; i++) {
        if (graph->outputs[i] == old) graph->outputs[i] = with;
    }
    return TNN_OK;
}

void tnn_node_remove(tnn_node *node) {
    tnn_graph *graph = node->graph;
    for (size_t i = 0; i < node->schema->n_args; i++) drop_uses(node, &node->args[i]);
    if (node->prev) node->prev->next = node->next;
    else graph->first = node->next;
    if (node->next) node->next->prev = node->prev;
    else graph->last = node->prev;
    graph->n_nodes--;
}

const tnn_arg *tnn_node_arg(const tnn_node *node, const char *name) {
    int index = tnn_schema_find(node->schema, name);
    return index < 0 ? NULL : &node->args[index];
}

const char *tnn_node_where(const tnn_node *node) {
    const char *name = node->name ? node->name : node->n_outputs > 0 ? node->outputs[0]->name : node->op->name;
    tnn_arena *arena = node->graph->model->arena;
    const char *text = node->scope && node->scope[0] ? tnn_arena_printf(arena, "node %s (%s)", name, node->scope)
                                                     : tnn_arena_printf(arena, "node %s", name);
    return text ? text : name;
}

static bool is_unused(const tnn_graph *graph, const tnn_node *node) {
    for (uint32_t i = 0; i < node->n_outputs; i++) {
        const tnn_value *output = node->outputs[i];
        if (output->n_users > 0 || tnn_value_n_output_uses(graph, output) > 0) return false;
    }
    return true;
}

void tnn_graph_drop_unused(tnn_graph *graph) {
    tnn_node *before;
    for (tnn_node *node = graph->last; node; node = before) {
        before = node->prev;
        if (is_unused(graph, node)) tnn_node_remove(node);
    }
}
