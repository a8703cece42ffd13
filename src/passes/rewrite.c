#include "passes/rewrite.h"

#include <string.h>

#include "ir/elems.h"
#include "ir/recipe.h"

bool tnn_rewrite_single_use(const tnn_graph *graph, const tnn_value *value) {
    return value->n_users == 1 && tnn_value_n_output_uses(graph, value) == 0;
}

bool tnn_rewrite_unused(const tnn_graph *graph, const tnn_value *value) {
    return value->n_users == 0 && tnn_value_n_output_uses(graph, value) == 0;
}

void tnn_rewrite_origin(tnn_node *to, const tnn_node *from) {
    to->name = from->name;
    to->scope = from->scope;
    to->source = from->source;
}

tnn_status tnn_rewrite_node(tnn_node *node, tnn_value *with, tnn_error *err) {
    TNN_TRY(tnn_value_replace(node->graph, node->outputs[0], with, err));
    tnn_node_remove(node);
    return TNN_OK;
}

void tnn_rewrite_swap_names(tnn_value *a, tnn_value *b) {
    const char *name = a->name;
    a->name = b->name;
    b->name = name;
}

tnn_status tnn_rewrite_renamed(tnn_node *node, tnn_value *with, tnn_error *err) {
    tnn_value *output = node->outputs[0];
    TNN_TRY(tnn_rewrite_node(node, with, err));
    tnn_rewrite_swap_names(with, output);
    return TNN_OK;
}

tnn_status tnn_rewrite_numbers(const tnn_recipe **out, tnn_arena *arena, tnn_dtype dtype, uint8_t rank,
                               const int64_t *dims, const double *numbers, tnn_error *err) {
    int64_t n;
    if (!tnn_dims_count(rank, dims, &n)) return tnn_fail(err, TNN_ERR_LIMIT, NULL, "a constant is too large");
    void *elems = tnn_arena_alloc(arena, (size_t)n, tnn_dtype_bytes(dtype));
    if (!elems) return tnn_fail_nomem(err);
    for (int64_t i = 0; i < n; i++) tnn_elem_set_number(elems, dtype, i, numbers[i]);
    return tnn_recipe_copy(out, arena, elems, dtype, rank, dims, err);
}

tnn_status tnn_rewrite_constant(tnn_node *node, size_t index, const tnn_recipe *recipe, tnn_error *err) {
    tnn_value *old = tnn_arg_tensor(&node->args[index]), *value;
    TNN_TRY(tnn_graph_constant(&value, node->graph, old->name, recipe, err));
    TNN_TRY(tnn_node_set_arg(node, index, tnn_arg_of_tensor(value), err));
    if (tnn_rewrite_unused(node->graph, old)) tnn_rewrite_swap_names(value, old);
    value->is_parameter = old->is_parameter;
    value->is_buffer = old->is_buffer;
    return TNN_OK;
}

const char *tnn_rewrite_bias_name(tnn_arena *arena, const tnn_value *weight) {
    static const char ending[] = "weight";
    size_t length = strlen(weight->name), n = sizeof ending - 1;
    bool ends_so = length >= n && strcmp(weight->name + length - n, ending) == 0;
    if (ends_so) return tnn_arena_printf(arena, "%.*sbias", (int)(length - n), weight->name);
    return tnn_arena_printf(arena, "%s.bias", weight->name);
}
