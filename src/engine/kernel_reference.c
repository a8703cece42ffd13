/* Nodes by the reference kernels of their rows: operands and results in PyTorch's order. */
#include <string.h>

#include "base/alloc.h"
#include "engine/engine_plan.h"
#include "ops/row.h"

/* What the step's data is. */
typedef struct reference {
    size_t n_operands;
    bool is_present[]; /* by slot: operands of the step stand for these, in order */
} reference;

static tnn_tensor tensor_at(const tnn_place *place, void *data) {
    tnn_tensor t = {.dtype = place->dtype, .rank = place->rank, .n_elems = tnn_place_elems(place), .data = data};
    memcpy(t.dims, place->dims, sizeof t.dims);
    return t;
}

static tnn_status run_with(const tnn_step_call *call, tnn_tensor *tensors, const tnn_tensor **operands,
                           tnn_error *err) {
    const tnn_step *step = call->step;
    const reference *r = step->data;
    tnn_tensor outputs[TNN_MAX_OUTPUTS];
    uint32_t n = 0;
    for (size_t i = 0; i < r->n_operands; i++) {
        if (!r->is_present[i]) continue;
        tensors[n] = tensor_at(&step->in[n], call->in[n]);
        operands[i] = &tensors[n++];
    }
    for (uint32_t i = 0; i < step->n_out; i++) {
        outputs[i] = tensor_at(&step->out[i], call->out[i]);
        memset(call->out[i], 0, (size_t)outputs[i].n_elems * tnn_dtype_bytes(outputs[i].dtype));
    }
    return tnn_node_run(step->node, operands, r->n_operands, outputs, err);
}

static tnn_status run_reference(const tnn_step_call *call, tnn_error *err) {
    const reference *r = call->step->data;
    tnn_tensor *tensors = tnn_alloc_zero(call->step->n_in, sizeof *tensors);
    const tnn_tensor **operands = tnn_alloc_zero(r->n_operands, sizeof *operands);
    tnn_status status = tensors != NULL && operands != NULL ? run_with(call, tensors, operands, err)
                                                            : tnn_fail_nomem(err);
    tnn_free(tensors);
    tnn_free(operands);
    return status;
}

static tnn_status get_operands(tnn_planner *p, const tnn_node *node, reference *r, tnn_place *in, uint32_t *n,
                               tnn_error *err) {
    for (size_t i = 0; i < r->n_operands; i++) {
        const tnn_value *value = tnn_node_operand(node, i);
        r->is_present[i] = value != NULL;
        if (value == NULL) continue;
        tnn_order plain = tnn_order_plain(value->shape.rank);
        TNN_TRY(tnn_plan_get_in(p, value, &plain, &in[(*n)++], err));
    }
    return TNN_OK;
}

tnn_status tnn_plan_reference(tnn_planner *p, const tnn_node *node, bool *done, tnn_error *err) {
    size_t n_operands = tnn_node_n_operands(node);
    reference *r = tnn_arena_alloc(p->engine->arena, 1, sizeof *r + n_operands * sizeof r->is_present[0]);
    tnn_place *in = TNN_NEW_ARRAY(p->engine->arena, n_operands, tnn_place), out[TNN_MAX_OUTPUTS];
    uint32_t n_in = 0;
    if (r == NULL || in == NULL) return tnn_fail_nomem(err);
    r->n_operands = n_operands;
    TNN_TRY(get_operands(p, node, r, in, &n_in, err));
    for (uint32_t i = 0; i < node->n_outputs; i++) {
        tnn_order plain = tnn_order_plain(node->outputs[i]->shape.rank);
        TNN_TRY(tnn_plan_result(p, node->outputs[i], &plain, &out[i], err));
    }
    tnn_step step = {.run = run_reference, .node = node, .data = r, .in = in, .n_in = n_in, .out = out,
                     .n_out = node->n_outputs, .ready = node->outputs, .n_ready = node->n_outputs};
    *done = true;
    return tnn_plan_add(p, &step, err);
}
