#include "quant/divide.h"

#include "ir/recipe.h"
#include "ops/list.h"
#include "passes/rewrite.h"

static bool is_plain_division(const tnn_node *node) {
    return tnn_node_is(node, TNN_OP_div) && node->outputs[0]->dtype == TNN_DTYPE_F32 &&
           tnn_node_arg(node, "rounding_mode")->kind == TNN_ARG_NONE && node->args[0].kind == TNN_ARG_TENSOR;
}

/* `*factor` is NONE when the divisor is not known, or holds a 0. */
static tnn_status reciprocal_of(const tnn_node *node, tnn_arg *factor, tnn_error *err) {
    const tnn_arg *divisor = &node->args[1];
    *factor = tnn_arg_none();
    if (divisor->kind != TNN_ARG_TENSOR) {
        double number = tnn_arg_number(divisor);
        if (number != 0) *factor = tnn_arg_of_float(1 / number);
        return TNN_OK;
    }
    const tnn_value *value = divisor->as.tensor;
    if (value->constant == NULL || value->dtype != TNN_DTYPE_F32) return TNN_OK;
    tnn_arena *arena = node->graph->model->arena;
    double *numbers;
    TNN_TRY(tnn_recipe_numbers(&numbers, arena, value->constant, err));
    for (int64_t i = 0; i < tnn_recipe_count(value->constant); i++) {
        if (numbers[i] == 0) return TNN_OK;
        numbers[i] = 1 / numbers[i];
    }
    const tnn_recipe *recipe;
    tnn_value *constant;
    TNN_TRY(tnn_rewrite_numbers(&recipe, arena, TNN_DTYPE_F32, value->constant->rank, value->constant->dims, numbers, err));
    TNN_TRY(tnn_graph_constant(&constant, node->graph, value->name, recipe, err));
    *factor = tnn_arg_of_tensor(constant);
    return TNN_OK;
}

static tnn_status multiply(tnn_node *node, tnn_error *err) {
    tnn_arg args[2] = {node->args[0]};
    tnn_node *product;
    tnn_value *out;
    TNN_TRY(reciprocal_of(node, &args[1], err));
    if (args[1].kind == TNN_ARG_NONE) return TNN_OK;
    TNN_TRY(tnn_graph_node(&product, node->graph, node, &tnn_op_mul.op, args, 2, err));
    TNN_TRY(tnn_node_output(&out, product, NULL, TNN_DTYPE_F32, &node->outputs[0]->shape, err));
    tnn_rewrite_origin(product, node);
    product->activation = node->activation;
    return tnn_rewrite_renamed(node, out, err);
}

tnn_status tnn_quant_divisions(tnn_graph *graph, tnn_error *err) {
    for (tnn_node *node = graph->first, *next; node != NULL; node = next) {
        next = node->next;
        if (is_plain_division(node)) TNN_TRY(multiply(node, err));
    }
    return TNN_OK;
}
