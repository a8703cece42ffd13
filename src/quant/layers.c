#include "quant/layers.h"

#include "ir/recipe.h"
#include "ops/list.h"
#include "passes/rewrite.h"
#include "quant/channels.h"

enum { INPUT, WEIGHT, BIAS };

bool tnn_layer_is_plain(const tnn_node *node) {
    bool conv = tnn_node_is(node, TNN_OP_convolution) && !tnn_arg_bool(tnn_node_arg(node, "transposed"));
    if (!conv && !tnn_node_is(node, TNN_OP_linear)) return false;
    const tnn_value *weight = tnn_node_operand(node, WEIGHT), *bias = tnn_node_operand(node, BIAS);
    if (weight->constant == NULL || weight->dtype != TNN_DTYPE_F32 || weight->shape.rank < 2) return false;
    if (conv && tnn_node_operand(node, INPUT)->shape.rank != weight->shape.rank) return false;
    return bias == NULL || (bias->constant != NULL && bias->shape.rank == 1);
}

bool tnn_layer_has_its_channels(const tnn_node *node) {
    const tnn_value *in = tnn_node_operand(node, INPUT), *out = node->outputs[0];
    bool linear = tnn_node_is(node, TNN_OP_linear);
    return tnn_channels_dim(in) == (linear ? in->shape.rank - 1 : 1) &&
           tnn_channels_dim(out) == (linear ? out->shape.rank - 1 : 1);
}

int64_t tnn_layer_groups(const tnn_node *node) {
    return tnn_node_is(node, TNN_OP_convolution) ? tnn_arg_int(tnn_node_arg(node, "groups")) : 1;
}

bool tnn_mean_keeps_channels(const tnn_node *node) {
    const tnn_arg *dims = tnn_node_arg(node, "dim");
    int64_t rank = tnn_node_operand(node, 0)->shape.rank;
    for (uint32_t i = 0; i < dims->n; i++) {
        int64_t d = dims->as.sizes[i].hint;
        if ((d < 0 ? d + rank : d) < 2) return false;
    }
    return dims->kind == TNN_ARG_INTS && dims->n > 0;
}

tnn_status tnn_layer_add_bias(tnn_node *node, const double *shift, int64_t n, tnn_error *err) {
    const tnn_value *bias = tnn_node_operand(node, BIAS);
    tnn_arena *arena = node->graph->model->arena;
    double *numbers = TNN_NEW_ARRAY(arena, (size_t)n, double);
    const tnn_recipe *recipe;
    tnn_value *value;
    if (numbers == NULL) return tnn_fail_nomem(err);
    if (bias != NULL) TNN_TRY(tnn_recipe_numbers(&numbers, arena, bias->constant, err));
    for (int64_t c = 0; c < n; c++) numbers[c] += shift[c];
    TNN_TRY(tnn_rewrite_numbers(&recipe, arena, TNN_DTYPE_F32, 1, &n, numbers, err));
    if (bias != NULL) return tnn_rewrite_constant(node, BIAS, recipe, err);
    TNN_TRY(tnn_graph_constant(&value, node->graph, "bias", recipe, err));
    return tnn_node_set_arg(node, BIAS, tnn_arg_of_tensor(value), err);
}
