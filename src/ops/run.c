/* Running nodes and graphs by the reference kernels. */
#include "ops/run.h"

#include <string.h>

#include "base/alloc.h"
#include "ops/class.h"
#include "ops/infer.h"

static double activate(double x, tnn_activation act) {
    double low = act == TNN_ACT_RELU_N1_TO_1 ? -1 : 0;
    double high = act == TNN_ACT_RELU_N1_TO_1 ? 1 : 6;
    if (x < low) return low;
    return act != TNN_ACT_RELU && x > high ? high : x;
}

static void apply_activation(tnn_tensor *tensor, tnn_activation act) {
    if (act == TNN_ACT_NONE) return;
    for (int64_t i = 0; i < tensor->n_elems; i++) {
        tnn_tensor_set_number(tensor, i, activate(tnn_tensor_number(tensor, i), act));
    }
}

tnn_status tnn_node_run(const tnn_node *node, const tnn_tensor *const *operands, size_t n_operands,
                        tnn_tensor *outputs, tnn_error *err) {
    const tnn_op_row *row = tnn_op_row_of(node->op);
    tnn_kernel_call call = {node, operands, n_operands, outputs};
    if (!row) return tnn_fail(err, TNN_ERR_INTERNAL, tnn_node_where(node), "%s is no primitive", node->op->name);
    TNN_TRY(row->kernel(&call, err));
    apply_activation(&outputs[0], node->activation);
    return TNN_OK;
}

/* A value during a run. */
typedef struct slot {
    const tnn_tensor *tensor; /* NULL: not computed, or released */
    tnn_tensor owned;         /* what `tensor` points to unless it is an input of the caller */
    size_t n_uses;            /* still to come */
} slot;

typedef struct run {
    const tnn_graph *graph;
    slot *slots; /* by id of the value */
    size_t n_slots;
} run;

static tnn_status init_tensor(tnn_tensor *tensor, tnn_dtype dtype, const tnn_shape *shape, tnn_error *err) {
    int64_t dims[TNN_MAX_RANK];
    for (uint8_t d = 0; d < shape->rank; d++) dims[d] = shape->dims[d].hint;
    return tnn_tensor_init(tensor, dtype, shape->rank, dims, err);
}

static bool fits(const tnn_tensor *tensor, const tnn_value *value) {
    bool same = tensor->dtype == value->dtype && tensor->rank == value->shape.rank;
    for (uint8_t d = 0; same && d < tensor->rank; d++) same = tensor->dims[d] == value->shape.dims[d].hint;
    return same;
}

static tnn_status fail_input(const tnn_value *value, const tnn_tensor *tensor, tnn_error *err) {
    tnn_shape shape = {.rank = tensor->rank};
    for (uint8_t d = 0; d < tensor->rank; d++) shape.dims[d] = tnn_size_const(tensor->dims[d]);
    return tnn_fail(err, TNN_ERR_INVALID, value->name, "input is %s%s, expected %s%s", tnn_dtype_name(tensor->dtype),
                    tnn_shape_text_of(&shape).text, tnn_dtype_name(value->dtype),
                    tnn_shape_text_of(&value->shape).text);
}

static tnn_status set_inputs(run *r, const tnn_tensor *inputs, tnn_error *err) {
    for (size_t i = 0; i < r->graph->n_inputs; i++) {
        const tnn_value *value = r->graph->inputs[i];
        if (!fits(&inputs[i], value)) return fail_input(value, &inputs[i], err);
        r->slots[value->id].tensor = &inputs[i];
    }
    return TNN_OK;
}

static void count_uses(run *r) {
    for (const tnn_node *node = r->graph->first; node; node = node->next) {
        for (size_t i = 0; i < tnn_node_n_operands(node); i++) {
            const tnn_value *value = tnn_node_operand(node, i);
            if (value) r->slots[value->id].n_uses++;
        }
    }
    for (size_t i = 0; i < r->graph->n_outputs; i++) r->slots[r->graph->outputs[i]->id].n_uses++;
}

static void release_use(run *r, const tnn_value *value) {
    slot *s = &r->slots[value->id];
    if (--s->n_uses > 0) return;
    tnn_tensor_clear(&s->owned);
    s->tensor = NULL;
}

/* The tensor of a value; a constant is made when it is asked for first. */
static tnn_status get(run *r, const tnn_value *value, const tnn_tensor **out, tnn_error *err) {
    slot *s = &r->slots[value->id];
    if (!s->tensor) {
        if (!value->constant) return tnn_fail(err, TNN_ERR_INTERNAL, value->name, "value has no producer");
        TNN_TRY(tnn_tensor_from_recipe(&s->owned, value->constant, err));
        s->tensor = &s->owned;
    }
    *out = s->tensor;
    return TNN_OK;
}

static tnn_status make_outputs(const tnn_node *node, tnn_tensor *outputs, tnn_error *err) {
    for (uint32_t i = 0; i < node->n_outputs; i++) {
        TNN_TRY(init_tensor(&outputs[i], node->outputs[i]->dtype, &node->outputs[i]->shape, err));
    }
    return TNN_OK;
}

/* Hand the results over to their values, those that nobody reads aside. */
static void keep_outputs(run *r, const tnn_node *node, tnn_tensor *outputs) {
    for (uint32_t i = 0; i < node->n_outputs; i++) {
        slot *s = &r->slots[node->outputs[i]->id];
        if (s->n_uses == 0) continue;
        s->owned = outputs[i];
        s->tensor = &s->owned;
        memset(&outputs[i], 0, sizeof outputs[i]);
    }
}

static tnn_status run_node(run *r, const tnn_node *node, const tnn_tensor **operands, size_t n, tnn_error *err) {
    tnn_tensor outputs[TNN_MAX_OUTPUTS] = {0};
    tnn_status status = TNN_OK;
    for (size_t i = 0; i < n && status == TNN_OK; i++) {
        const tnn_value *value = tnn_node_operand(node, i);
        if (value) status = get(r, value, &operands[i], err);
    }
    if (status == TNN_OK) status = make_outputs(node, outputs, err);
    if (status == TNN_OK) status = tnn_node_run(node, operands, n, outputs, err);
    if (status == TNN_OK) keep_outputs(r, node, outputs);
    for (uint32_t i = 0; i < TNN_MAX_OUTPUTS; i++) tnn_tensor_clear(&outputs[i]);
    for (size_t i = 0; i < n && status == TNN_OK; i++) {
        const tnn_value *value = tnn_node_operand(node, i);
        if (value) release_use(r, value);
    }
    return status;
}

static tnn_status run_nodes(run *r, tnn_error *err) {
    tnn_status status = TNN_OK;
    for (const tnn_node *node = r->graph->first; node && status == TNN_OK; node = node->next) {
        size_t n = tnn_node_n_operands(node);
        const tnn_tensor **operands = tnn_alloc_zero(n, sizeof *operands);
        status = operands ? run_node(r, node, operands, n, err) : tnn_fail_nomem(err);
        tnn_free(operands);
    }
    return status;
}

/* A value may be several outputs, an input or a constant: each output is a copy. */
static tnn_status copy_outputs(run *r, tnn_tensor *outputs, tnn_error *err) {
    for (size_t i = 0; i < r->graph->n_outputs; i++) {
        const tnn_tensor *tensor = NULL;
        TNN_TRY(get(r, r->graph->outputs[i], &tensor, err));
        TNN_TRY(tnn_operand_as(&outputs[i], tensor, NULL, tensor->dtype, err));
        release_use(r, r->graph->outputs[i]);
    }
    return TNN_OK;
}

tnn_status tnn_graph_run(const tnn_graph *graph, const tnn_tensor *inputs, tnn_tensor *outputs, tnn_error *err) {
    run r = {.graph = graph, .n_slots = graph->model->next_value_id};
    for (size_t i = 0; i < graph->n_outputs; i++) memset(&outputs[i], 0, sizeof outputs[i]);
    r.slots = tnn_alloc_zero(r.n_slots, sizeof *r.slots);
    if (!r.slots) return tnn_fail_nomem(err);
    count_uses(&r);
    tnn_status status = set_inputs(&r, inputs, err);
    if (status == TNN_OK) status = run_nodes(&r, err);
    if (status == TNN_OK) status = copy_outputs(&r, outputs, err);
    for (size_t i = 0; i < r.n_slots; i++) tnn_tensor_clear(&r.slots[i].owned);
    for (size_t i = 0; i < graph->n_outputs && status != TNN_OK; i++) tnn_tensor_clear(&outputs[i]);
    tnn_free(r.slots);
    return status;
}
