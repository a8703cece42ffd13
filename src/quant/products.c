#include "quant/products.h"

#include "ir/recipe.h"
#include "ops/list.h"
#include "passes/rewrite.h"

#define MAX_POWER 4 /* each factor rounds once more */

/* ---- the second factor ---- */

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

static bool is_plain_division(const tnn_node *node) {
    return tnn_node_is(node, TNN_OP_div) && tnn_node_arg(node, "rounding_mode")->kind == TNN_ARG_NONE;
}

static tnn_status factor_of(const tnn_node *node, tnn_arg *factor, tnn_error *err) {
    *factor = tnn_arg_none();
    if (is_plain_division(node)) return reciprocal_of(node, factor, err);
    if (tnn_node_is(node, TNN_OP_neg)) *factor = tnn_arg_of_float(-1);
    return TNN_OK;
}

/* ---- products ---- */

static tnn_status product(tnn_value **out, tnn_node *node, tnn_arg a, tnn_arg b, tnn_error *err) {
    tnn_node *made;
    TNN_TRY(tnn_graph_node(&made, node->graph, node, &tnn_op_mul.op, (tnn_arg[]){a, b}, 2, err));
    TNN_TRY(tnn_node_output(out, made, NULL, TNN_DTYPE_F32, &node->outputs[0]->shape, err));
    tnn_rewrite_origin(made, node);
    return TNN_OK;
}

static tnn_status replace(tnn_node *node, tnn_value *with, tnn_error *err) {
    with->producer->activation = node->activation;
    return tnn_rewrite_renamed(node, with, err);
}

/* The whole exponent of a power that is worth it; 0: it is none. The square is a product in the file already. */
static int small_power(const tnn_node *node) {
    if (!tnn_node_is(node, TNN_OP_pow) || node->args[1].kind == TNN_ARG_TENSOR) return 0;
    double exponent = tnn_arg_number(&node->args[1]);
    for (int n = 3; n <= MAX_POWER; n++)
        if (exponent == n) return n;
    return 0;
}

static tnn_status multiply(tnn_node *node, tnn_error *err) {
    tnn_arg factor;
    tnn_value *out;
    TNN_TRY(factor_of(node, &factor, err));
    if (factor.kind != TNN_ARG_NONE) {
        TNN_TRY(product(&out, node, node->args[0], factor, err));
        return replace(node, out, err);
    }
    int power = small_power(node);
    if (power == 0) return TNN_OK;
    TNN_TRY(product(&out, node, node->args[0], node->args[0], err));
    for (int n = 2; n < power; n++) TNN_TRY(product(&out, node, tnn_arg_of_tensor(out), node->args[0], err));
    return replace(node, out, err);
}

tnn_status tnn_quant_products(tnn_graph *graph, tnn_error *err) {
    for (tnn_node *node = graph->first, *next; node != NULL; node = next) {
        next = node->next;
        if (node->n_outputs == 1 && node->outputs[0]->dtype == TNN_DTYPE_F32 && node->op->list == TNN_OPLIST_ATEN &&
            node->schema->n_args > 0 && node->args[0].kind == TNN_ARG_TENSOR)
            TNN_TRY(multiply(node, err));
    }
    return TNN_OK;
}
