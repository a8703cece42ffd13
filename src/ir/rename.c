/* Giving a value of a finished graph another name. */
#include <string.h>

#include "ir/graph.h"

static tnn_value *if_named(tnn_value *value, const char *name) {
    return value != NULL && strcmp(value->name, name) == 0 ? value : NULL;
}

static tnn_value *find_in_arg(const tnn_arg *arg, const char *name) {
    if (arg->kind == TNN_ARG_TENSOR) return if_named(arg->as.tensor, name);
    tnn_value *found = NULL;
    for (uint32_t i = 0; arg->kind == TNN_ARG_TENSORS && i < arg->n && found == NULL; i++)
        found = if_named(arg->as.tensors[i], name);
    return found;
}

static tnn_value *find_at_node(const tnn_node *node, const char *name) {
    tnn_value *found = NULL;
    for (size_t i = 0; i < node->schema->n_args && found == NULL; i++) found = find_in_arg(&node->args[i], name);
    for (uint32_t i = 0; i < node->n_outputs && found == NULL; i++) found = if_named(node->outputs[i], name);
    return found;
}

/* Inputs, results, and the constants that nodes and outputs use. */
static tnn_value *find_value(const tnn_graph *graph, const char *name) {
    tnn_value *found = NULL;
    for (size_t i = 0; i < graph->n_inputs && found == NULL; i++) found = if_named(graph->inputs[i], name);
    for (const tnn_node *n = graph->first; n != NULL && found == NULL; n = n->next) found = find_at_node(n, name);
    for (size_t i = 0; i < graph->n_outputs && found == NULL; i++) found = if_named(graph->outputs[i], name);
    return found;
}

static tnn_status record_name(tnn_strmap *names, const char *name, tnn_error *err) {
    uint32_t *next = TNN_NEW(names->arena, uint32_t);
    if (next == NULL) return tnn_fail_nomem(err);
    *next = 1;
    return tnn_strmap_set(names, name, next) == TNN_OK ? TNN_OK : tnn_fail_nomem(err);
}

tnn_status tnn_graph_rename(tnn_graph *graph, tnn_value *value, const char *name, tnn_error *err) {
    tnn_value *holder = find_value(graph, name);
    if (tnn_strmap_find(&graph->value_names, name) == NULL) TNN_TRY(record_name(&graph->value_names, name, err));
    if (holder != NULL) holder->name = value->name;
    value->name = tnn_strmap_find(&graph->value_names, name)->key;
    return TNN_OK;
}
