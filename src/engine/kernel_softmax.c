/* softmax and its logarithm: the dimension innermost, row by row. */
#include <math.h>

#include "engine/kernels.h"
#include "ops/infer.h"
#include "ops/list.h"

static float largest(const float *x, int64_t n) {
    float most = -INFINITY;
    for (int64_t i = 0; i < n; i++) most = x[i] > most || isnan(x[i]) ? x[i] : most;
    return most;
}

/* y = exp(x - max) / sum */
static void softmax_row(float *y, const float *x, int64_t n) {
    float most = largest(x, n);
    double sum = 0;
    for (int64_t i = 0; i < n; i++) {
        y[i] = expf(x[i] - most);
        sum += (double)y[i];
    }
    float factor = (float)(1 / sum);
    for (int64_t i = 0; i < n; i++) y[i] *= factor;
}

/* y = x - max - log(sum) */
static void log_softmax_row(float *y, const float *x, int64_t n) {
    float most = largest(x, n);
    double sum = 0;
    for (int64_t i = 0; i < n; i++) sum += (double)expf(x[i] - most);
    float less = (float)log(sum);
    for (int64_t i = 0; i < n; i++) y[i] = x[i] - most - less;
}

static tnn_status run_softmax(const tnn_step_call *call, tnn_error *err) {
    (void)err;
    int64_t n = *(const int64_t *)call->step->data, n_elems = tnn_place_elems(&call->step->out[0]);
    bool logarithm = tnn_node_is(call->step->node, TNN_OP_log_softmax);
    const float *x = call->in[0];
    float *y = call->out[0];
    for (int64_t i = 0; i < n_elems; i += n) {
        if (logarithm) log_softmax_row(y + i, x + i, n);
        else softmax_row(y + i, x + i, n);
    }
    return TNN_OK;
}

/* As the operand lies, with `dim` moved to the inside. */
static tnn_order with_last(const tnn_order *order, uint8_t dim) {
    tnn_order out = {0};
    for (uint8_t i = 0; i < order->rank; i++) {
        if (order->dims[i] != dim) out.dims[out.rank++] = order->dims[i];
    }
    out.dims[out.rank++] = dim;
    return out;
}

static tnn_status add_step(tnn_planner *p, const tnn_node *node, int64_t n, const tnn_place *in, const tnn_place *out,
                           tnn_error *err) {
    bool logarithm = tnn_node_is(node, TNN_OP_log_softmax);
    tnn_dnnl_op *op = NULL;
    TNN_TRY(tnn_dnnl_softmax_new(&op, p->engine->dnnl, tnn_place_elems(in) / n, n, logarithm, err));
    TNN_TRY(tnn_plan_own_dnnl(p, op, err));
    if (op != NULL) {
        return tnn_plan_add_node(p, node, tnn_run_dnnl, op, in, 1, out, node->activation, tnn_dnnl_scratch_bytes(op),
                                 err);
    }
    const int64_t *length = tnn_arena_copy(p->engine->arena, &n, 1, sizeof n);
    if (length == NULL) return tnn_fail_nomem(err);
    return tnn_plan_add_node(p, node, run_softmax, length, in, 1, out, node->activation, 0, err);
}

tnn_status tnn_plan_softmax(tnn_planner *p, const tnn_node *node, bool *done, tnn_error *err) {
    const tnn_value *self = node->args[0].as.tensor, *result = node->outputs[0];
    int64_t dim = tnn_arg_int(&node->args[1]);
    tnn_place in, out;
    if (!tnn_plan_is_f32(self) || !tnn_plan_is_f32(result) || self->shape.rank == 0) return TNN_OK;
    if (dim < 0) dim += self->shape.rank;
    TNN_TRY(tnn_plan_get(p, self, &in, err));
    tnn_order order = tnn_order_of(&in), last = with_last(&order, (uint8_t)dim);
    TNN_TRY(tnn_plan_get_in(p, self, &last, &in, err));
    TNN_TRY(tnn_plan_result(p, result, &last, &out, err));
    *done = true;
    return add_step(p, node, self->shape.dims[dim].hint, &in, &out, err);
}
