/* Which nodes to compute beforehand. A step of a constant computation may be large as long as its end is not: a table of
 * positions that goes through a small network is worth its few results, a vector that is repeated a thousand times is not
 * worth a constant. */
#include "passes/fold_plan.h"

#include "base/alloc.h"
#include "ops/row.h"

#define MAX_GROWTH (64 * 1024)           /* bytes that a result may have more than the constants it comes from */
#define MAX_RESULT (64 * 1024 * 1024ull) /* bytes of any step */

static bool has_fixed_shape(const tnn_value *value) {
    for (uint8_t i = 0; i < value->shape.rank; i++) {
        if (value->shape.dims[i].expr) return false;
    }
    return true;
}

bool tnn_fold_is_empty(const tnn_value *value) {
    int64_t count;
    return has_fixed_shape(value) && tnn_shape_count(&value->shape, &count) && count == 0;
}

/* Bytes of all results; false when a shape is not fixed or they are too large. */
static bool result_bytes(const tnn_node *node, uint64_t *n_bytes) {
    *n_bytes = 0;
    for (uint32_t i = 0; i < node->n_outputs; i++) {
        int64_t count;
        const tnn_value *output = node->outputs[i];
        if (!has_fixed_shape(output) || !tnn_shape_count(&output->shape, &count)) return false;
        if ((uint64_t)count > MAX_RESULT) return false; /* so that the product fits */
        *n_bytes += (uint64_t)count * tnn_dtype_bytes(output->dtype);
    }
    return *n_bytes <= MAX_RESULT;
}

/* Every operand is a constant, has no elements, or can be computed; `*n_bytes` are those of the constants at their start. */
static bool find_sources(const tnn_fold_plan *plan, const tnn_node *node, uint64_t *n_bytes) {
    *n_bytes = 0;
    for (size_t i = 0; i < tnn_node_n_operands(node); i++) {
        const tnn_value *operand = tnn_node_operand(node, i);
        if (!operand || (!operand->constant && tnn_fold_is_empty(operand))) continue;
        if (!operand->constant && !plan->values[operand->id].known) return false;
        uint64_t more = operand->constant ? tnn_recipe_bytes(operand->constant) : plan->values[operand->id].n_source_bytes;
        *n_bytes = *n_bytes + more < more ? UINT64_MAX : *n_bytes + more;
    }
    return true;
}

static void mark_known(tnn_fold_plan *plan, const tnn_node *node) {
    uint64_t n_source_bytes, n_bytes;
    if (node->op->list != TNN_OPLIST_ATEN || node->n_outputs == 0 || node->n_outputs > TNN_MAX_OUTPUTS) return;
    if (!find_sources(plan, node, &n_source_bytes) || !result_bytes(node, &n_bytes)) return;
    for (uint32_t i = 0; i < node->n_outputs; i++) {
        tnn_fold_value *value = &plan->values[node->outputs[i]->id];
        value->known = true;
        value->n_source_bytes = n_source_bytes;
        value->worth = n_bytes <= MAX_GROWTH || n_bytes - MAX_GROWTH <= n_source_bytes;
    }
}

bool tnn_fold_plan_has(const tnn_fold_plan *plan, const tnn_node *node) {
    return node->n_outputs > 0 && plan->values[node->outputs[0]->id].worth;
}

/* Nothing is left of the results once their readers are computed as well. */
static bool is_step(const tnn_fold_plan *plan, const tnn_node *node) {
    size_t n_users = 0;
    for (uint32_t i = 0; i < node->n_outputs; i++) {
        const tnn_value *output = node->outputs[i];
        if (plan->values[output->id].is_output) return false;
        for (size_t k = 0; k < output->n_users; k++)
            if (!tnn_fold_plan_has(plan, output->users[k])) return false;
        n_users += output->n_users;
    }
    return n_users > 0;
}

static void mark_step(tnn_fold_plan *plan, const tnn_node *node) {
    if (node->n_outputs == 0 || !plan->values[node->outputs[0]->id].known || !is_step(plan, node)) return;
    for (uint32_t i = 0; i < node->n_outputs; i++) plan->values[node->outputs[i]->id].worth = true;
}

tnn_status tnn_fold_plan_make(tnn_fold_plan *plan, const tnn_graph *graph, tnn_error *err) {
    plan->values = tnn_alloc_zero((size_t)graph->model->next_value_id + 1, sizeof *plan->values);
    if (!plan->values) return tnn_fail_nomem(err);
    for (size_t i = 0; i < graph->n_outputs; i++) plan->values[graph->outputs[i]->id].is_output = true;
    for (const tnn_node *node = graph->first; node; node = node->next) mark_known(plan, node);
    for (const tnn_node *node = graph->last; node; node = node->prev) mark_step(plan, node);
    return TNN_OK;
}

void tnn_fold_plan_free(tnn_fold_plan *plan) { tnn_free(plan->values); }
