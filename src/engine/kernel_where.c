/* where: of two float32 operands, by a condition; all three broadcast. */
#include "engine/kernels.h"
#include "engine/nest.h"

static void where_line(void *const *at, const int64_t *strides, int64_t n, const void *context) {
    float *out = at[0];
    const uint8_t *condition = at[1];
    const float *a = at[2], *b = at[3];
    (void)context;
    for (int64_t i = 0; i < n; i++)
        out[i * strides[0]] = condition[i * strides[1]] ? a[i * strides[2]] : b[i * strides[3]];
}

static tnn_status run_where(const tnn_step_call *call, tnn_error *err) {
    (void)err;
    void *const bases[] = {call->out[0], call->in[0], call->in[1], call->in[2]};
    tnn_nest_each(call->step->data, bases, where_line, NULL);
    return TNN_OK;
}

static bool is_fit(const tnn_node *node) {
    const tnn_value *condition = node->args[0].as.tensor;
    return tnn_plan_is_f32(node->outputs[0]) && condition->dtype == TNN_DTYPE_BOOL &&
           tnn_plan_is_operand(&node->args[1]) && tnn_plan_is_operand(&node->args[2]);
}

tnn_status tnn_plan_where(tnn_planner *p, const tnn_node *node, bool *done, tnn_error *err) {
    tnn_place in[3], out;
    if (!is_fit(node)) return TNN_OK;
    TNN_TRY(tnn_plan_get(p, node->args[0].as.tensor, &in[0], err));
    TNN_TRY(tnn_plan_get_operand(p, &node->args[1], &in[1], err));
    TNN_TRY(tnn_plan_get_operand(p, &node->args[2], &in[2], err));
    tnn_order order = tnn_plan_order_of(in, 3, node->outputs[0]);
    TNN_TRY(tnn_plan_result(p, node->outputs[0], &order, &out, err));
    const tnn_place *sides[] = {&out, &in[0], &in[1], &in[2]};
    tnn_nest nest = tnn_nest_make(sides, 4);
    const tnn_nest *kept = tnn_arena_copy(p->engine->arena, &nest, 1, sizeof nest);
    if (kept == NULL) return tnn_fail_nomem(err);
    *done = true;
    return tnn_plan_add_node(p, node, run_where, kept, in, 3, &out, node->activation, 0, err);
}
