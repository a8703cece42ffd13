/* Constants through nodes: by a step on the recipe, which copies nothing, or else by the reference kernel. What has no
 * elements is a constant as well, wherever it comes from: TFLite's kernels do not expect such tensors. */
#include "base/alloc.h"
#include "ops/list.h"
#include "passes/fold_plan.h"
#include "passes/fold_steps.h"
#include "passes/passes.h"
#include "passes/rewrite.h"

/* Every operand that is there is a constant or has no elements; `*recipes` says that all have a recipe. */
static bool operands_are_constant(const tnn_node *node, bool *recipes) {
    *recipes = true;
    for (size_t i = 0; i < tnn_node_n_operands(node); i++) {
        const tnn_value *operand = tnn_node_operand(node, i);
        if (!operand || operand->constant) continue;
        if (!tnn_fold_is_empty(operand)) return false;
        *recipes = false;
    }
    return true;
}

static bool results_are_empty(const tnn_node *node) {
    for (uint32_t i = 0; i < node->n_outputs; i++)
        if (!tnn_fold_is_empty(node->outputs[i])) return false;
    return node->n_outputs > 0 && node->n_outputs <= TNN_MAX_OUTPUTS;
}

/* What the reference kernel reads and writes. */
typedef struct kernel_run {
    size_t n_operands;
    tnn_tensor *tensors;         /* n_operands */
    const tnn_tensor **operands; /* n_operands; NULL: absent */
    tnn_tensor outputs[TNN_MAX_OUTPUTS];
} kernel_run;

static tnn_status make_tensor(tnn_tensor *out, const tnn_value *value, tnn_error *err) {
    int64_t dims[TNN_MAX_RANK];
    for (uint8_t k = 0; k < value->shape.rank; k++) dims[k] = value->shape.dims[k].hint;
    return tnn_tensor_init(out, value->dtype, value->shape.rank, dims, err);
}

static tnn_status load_operands(kernel_run *run, const tnn_node *node, tnn_error *err) {
    run->tensors = tnn_alloc_zero(run->n_operands, sizeof *run->tensors);
    run->operands = tnn_alloc_zero(run->n_operands, sizeof *run->operands);
    if (!run->tensors || !run->operands) return tnn_fail_nomem(err);
    for (size_t i = 0; i < run->n_operands; i++) {
        const tnn_value *operand = tnn_node_operand(node, i);
        if (!operand) continue;
        if (operand->constant) TNN_TRY(tnn_tensor_from_recipe(&run->tensors[i], operand->constant, err));
        else TNN_TRY(make_tensor(&run->tensors[i], operand, err));
        run->operands[i] = &run->tensors[i];
    }
    return TNN_OK;
}

static tnn_status make_outputs(kernel_run *run, const tnn_node *node, tnn_error *err) {
    for (uint32_t i = 0; i < node->n_outputs; i++) TNN_TRY(make_tensor(&run->outputs[i], node->outputs[i], err));
    return TNN_OK;
}

static void clear_run(kernel_run *run, uint32_t n_outputs) {
    for (size_t i = 0; run->tensors && i < run->n_operands; i++) tnn_tensor_clear(&run->tensors[i]);
    for (uint32_t i = 0; i < n_outputs; i++) tnn_tensor_clear(&run->outputs[i]);
    tnn_free(run->tensors);
    tnn_free(run->operands);
}

static tnn_status run_kernel(kernel_run *run, const tnn_node *node, const tnn_recipe **recipes, tnn_error *err) {
    TNN_TRY(load_operands(run, node, err));
    TNN_TRY(make_outputs(run, node, err));
    TNN_TRY(tnn_node_run(node, run->operands, run->n_operands, run->outputs, err));
    for (uint32_t i = 0; i < node->n_outputs; i++) {
        const tnn_tensor *tensor = &run->outputs[i];
        TNN_TRY(tnn_recipe_copy(&recipes[i], node->graph->model->arena, tensor->data, tensor->dtype, tensor->rank,
                                tensor->dims, err));
    }
    return TNN_OK;
}

static tnn_status fold_by_kernel(const tnn_node *node, const tnn_recipe **recipes, tnn_error *err) {
    kernel_run run = {.n_operands = tnn_node_n_operands(node)};
    tnn_status status = run_kernel(&run, node, recipes, err);
    clear_run(&run, node->n_outputs);
    return status;
}

/* The constants take the names of the outputs they stand for. */
static tnn_status put_constants(tnn_node *node, const tnn_recipe *const *recipes, tnn_error *err) {
    for (uint32_t i = 0; i < node->n_outputs; i++) {
        tnn_value *output = node->outputs[i], *constant;
        TNN_TRY(tnn_graph_constant(&constant, node->graph, output->name, recipes[i], err));
        TNN_TRY(tnn_value_replace(node->graph, output, constant, err));
        tnn_rewrite_swap_names(output, constant);
    }
    tnn_node_remove(node);
    return TNN_OK;
}

static tnn_status fold_node(tnn_node *node, bool by_step, tnn_error *err) {
    const tnn_recipe *recipes[TNN_MAX_OUTPUTS] = {NULL};
    if (by_step && node->activation == TNN_ACT_NONE) TNN_TRY(tnn_fold_step(&recipes[0], node, err));
    tnn_status status = recipes[0] ? TNN_OK : fold_by_kernel(node, recipes, err);
    if (status == TNN_ERR_UNSUPPORTED) return TNN_OK; /* the node stays, and is reported where it is lowered */
    return status == TNN_OK ? put_constants(node, recipes, err) : status;
}

/* No kernel needs to run for results without elements. */
static tnn_status empty_node(tnn_node *node, tnn_error *err) {
    const tnn_recipe *recipes[TNN_MAX_OUTPUTS] = {NULL};
    for (uint32_t i = 0; i < node->n_outputs; i++) {
        const tnn_value *output = node->outputs[i];
        int64_t dims[TNN_MAX_RANK];
        for (uint8_t k = 0; k < output->shape.rank; k++) dims[k] = output->shape.dims[k].hint;
        TNN_TRY(tnn_recipe_copy(&recipes[i], node->graph->model->arena, NULL, output->dtype, output->shape.rank, dims,
                                err));
    }
    return put_constants(node, recipes, err);
}

static tnn_status fold_all(tnn_graph *graph, const tnn_fold_plan *plan, tnn_error *err) {
    for (tnn_node *node = graph->first, *next; node; node = next) {
        bool recipes;
        next = node->next;
        if (results_are_empty(node)) TNN_TRY(empty_node(node, err));
        else if (tnn_fold_plan_has(plan, node) && operands_are_constant(node, &recipes))
            TNN_TRY(fold_node(node, recipes, err));
    }
    return TNN_OK;
}

tnn_status tnn_pass_constants(tnn_graph *graph, tnn_error *err) {
    tnn_fold_plan plan = {NULL};
    tnn_status status = tnn_fold_plan_make(&plan, graph, err);
    if (status == TNN_OK) status = fold_all(graph, &plan, err);
    tnn_fold_plan_free(&plan);
    return status;
}
