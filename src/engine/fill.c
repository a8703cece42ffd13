/* Constant numbers. */
#include "engine/fill.h"

static tnn_status run_fill(const tnn_step_call *call, tnn_error *err) {
    (void)err;
    float *out = call->out[0], number = *(const float *)call->step->data;
    int64_t n = tnn_place_elems(&call->step->out[0]);
    for (int64_t i = 0; i < n; i++) out[i] = number;
    return TNN_OK;
}

tnn_status tnn_plan_add_fill(tnn_planner *p, const tnn_place *place, float number, tnn_error *err) {
    tnn_step step = {.run = run_fill, .data = tnn_arena_copy(p->engine->arena, &number, 1, sizeof number), .out = place,
                     .n_out = 1};
    if (step.data == NULL) return tnn_fail_nomem(err);
    return tnn_plan_add(p, &step, err);
}
