/* Constants without dimensions, as tracing leaves them of a program's numbers, are numbers again. */
#include "ir/tensor.h"
#include "ops/infer.h"
#include "passes/passes.h"

static tnn_status number_of(tnn_arg *out, const tnn_recipe *recipe, tnn_error *err) {
    tnn_tensor tensor = {0};
    tnn_status status = tnn_tensor_from_recipe(&tensor, recipe, err);
    if (status == TNN_OK && tnn_dtype_is_float(recipe->dtype)) *out = tnn_arg_of_float(tnn_tensor_number(&tensor, 0));
    else if (status == TNN_OK && recipe->dtype == TNN_DTYPE_BOOL)
        *out = tnn_arg_of_bool(tnn_tensor_integer(&tensor, 0) != 0);
    else if (status == TNN_OK) *out = tnn_arg_of_int(tnn_tensor_integer(&tensor, 0));
    tnn_tensor_clear(&tensor);
    return status;
}

static bool is_lone_constant(const tnn_node *node, size_t index) {
    const tnn_arg *arg = &node->args[index];
    return node->schema->args[index].type.base == TNN_TYPE_OPERAND && arg->kind == TNN_ARG_TENSOR &&
           arg->as.tensor->constant && arg->as.tensor->shape.rank == 0;
}

/* Another operand is a tensor that keeps its type beside a number. */
static bool has_other_tensor(const tnn_node *node, size_t index) {
    for (size_t i = 0; i < node->schema->n_args; i++)
        if (i != index && node->args[i].kind == TNN_ARG_TENSOR) return true;
    return false;
}

/* PyTorch's promotion treats the two differently: the result's type decides. */
static tnn_status same_results(const tnn_node *node, bool *same, tnn_error *err) {
    tnn_dtype dtypes[TNN_MAX_OUTPUTS];
    tnn_shape shapes[TNN_MAX_OUTPUTS];
    *same = node->n_outputs <= TNN_MAX_OUTPUTS;
    if (!*same) return TNN_OK;
    tnn_status status = tnn_ops_verify_infer(node, dtypes, shapes, err);
    if (status == TNN_ERR_NOMEM) return status;
    for (uint32_t i = 0; i < node->n_outputs && status == TNN_OK; i++)
        *same = *same && dtypes[i] == node->outputs[i]->dtype &&
                tnn_shape_equal_hints(&shapes[i], &node->outputs[i]->shape);
    *same = *same && status == TNN_OK;
    return TNN_OK;
}

static tnn_status fold_operand(tnn_node *node, size_t index, tnn_error *err) {
    tnn_arg before = node->args[index], number;
    bool same;
    TNN_TRY(number_of(&number, before.as.tensor->constant, err));
    TNN_TRY(tnn_node_set_arg(node, index, number, err));
    TNN_TRY(same_results(node, &same, err));
    return same ? TNN_OK : tnn_node_set_arg(node, index, before, err);
}

tnn_status tnn_pass_numbers(tnn_graph *graph, tnn_error *err) {
    for (tnn_node *node = graph->first; node; node = node->next)
        for (size_t i = 0; i < node->schema->n_args; i++)
            if (is_lone_constant(node, i) && has_other_tensor(node, i)) TNN_TRY(fold_operand(node, i, err));
    return TNN_OK;
}
