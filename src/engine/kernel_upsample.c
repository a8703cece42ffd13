/* upsample with channels innermost: a result's line of channels is a weighted sum of a few lines of the operand. Which
 * ones is known when the plan is made. */
#include <string.h>

#include "base/alloc.h"
#include "engine/kernels.h"
#include "ops/upsample.h"

#define SPATIAL 3

typedef struct tap {
    int64_t from;
    float weight;
} tap;

/* What the results of one dimension are made of: taps start[i] … start[i + 1] of result i. */
typedef struct axis_taps {
    int64_t in, out;
    int64_t *start;
    tap *taps;
} axis_taps;

typedef struct upsample_data {
    int64_t batch, channels;
    axis_taps axes[SPATIAL]; /* where there are fewer dimensions, the first ones have size 1 */
} upsample_data;

/* ---- running ---- */

static void add_line(float *out, const float *x, float weight, int64_t n) {
    for (int64_t c = 0; c < n; c++) out[c] += weight * x[c];
}

static void make_line(const upsample_data *u, const float *image, const int64_t *at, float *out) {
    const axis_taps *d = &u->axes[0], *h = &u->axes[1], *w = &u->axes[2];
    memset(out, 0, (size_t)u->channels * sizeof *out);
    for (int64_t i = d->start[at[0]]; i < d->start[at[0] + 1]; i++)
        for (int64_t j = h->start[at[1]]; j < h->start[at[1] + 1]; j++)
            for (int64_t k = w->start[at[2]]; k < w->start[at[2] + 1]; k++) {
                int64_t place = (d->taps[i].from * h->in + h->taps[j].from) * w->in + w->taps[k].from;
                add_line(out, image + place * u->channels, d->taps[i].weight * h->taps[j].weight * w->taps[k].weight,
                         u->channels);
            }
}

static tnn_status run_upsample(const tnn_step_call *call, tnn_error *err) {
    (void)err;
    const upsample_data *u = call->step->data;
    int64_t image = u->channels, at[SPATIAL];
    const float *in = call->in[0];
    float *out = call->out[0];
    for (int d = 0; d < SPATIAL; d++) image *= u->axes[d].in;
    for (int64_t b = 0; b < u->batch; b++, in += image)
        for (at[0] = 0; at[0] < u->axes[0].out; at[0]++)
            for (at[1] = 0; at[1] < u->axes[1].out; at[1]++)
                for (at[2] = 0; at[2] < u->axes[2].out; at[2]++, out += u->channels) make_line(u, in, at, out);
    return TNN_OK;
}

/* ---- planning ---- */

/* Weights of result `i`, axis->in of them. */
static void weights_of(const tnn_upsample_axis *axis, int64_t i, double *weights) {
    if (!tnn_upsample_is_nearest(axis)) {
        tnn_upsample_weights(axis, i, weights);
        return;
    }
    memset(weights, 0, (size_t)axis->in * sizeof *weights);
    weights[tnn_upsample_nearest(axis, i)] = 1;
}

/* The taps of all results: counted when `taps` is NULL. */
static int64_t collect(const tnn_upsample_axis *axis, double *weights, int64_t *start, tap *taps) {
    int64_t n = 0;
    for (int64_t i = 0; i < axis->out; i++) {
        start[i] = n;
        weights_of(axis, i, weights);
        for (int64_t k = 0; k < axis->in; k++) {
            if (weights[k] == 0) continue;
            if (taps != NULL) taps[n] = (tap){k, (float)weights[k]};
            n++;
        }
    }
    start[axis->out] = n;
    return n;
}

static tnn_status fill_axis(tnn_arena *arena, const tnn_upsample_axis *axis, double *weights, axis_taps *out,
                            tnn_error *err) {
    out->in = axis->in;
    out->out = axis->out;
    out->start = TNN_NEW_ARRAY(arena, (size_t)axis->out + 1, int64_t);
    if (out->start == NULL) return tnn_fail_nomem(err);
    out->taps = TNN_NEW_ARRAY(arena, (size_t)collect(axis, weights, out->start, NULL), tap);
    if (out->taps == NULL) return tnn_fail_nomem(err);
    (void)collect(axis, weights, out->start, out->taps);
    return TNN_OK;
}

static tnn_status make_axis(tnn_arena *arena, const tnn_upsample_axis *axis, axis_taps *out, tnn_error *err) {
    double *weights = tnn_alloc((size_t)axis->in, sizeof *weights);
    tnn_status status = weights != NULL ? fill_axis(arena, axis, weights, out, err) : tnn_fail_nomem(err);
    tnn_free(weights);
    return status;
}

/* The same element, for a dimension that is not there. */
static const tnn_upsample_axis no_axis = {.mode = TNN_UPSAMPLE_NEAREST, .in = 1, .out = 1, .scale = 1};

static tnn_status describe(tnn_planner *p, const tnn_node *node, upsample_data *u, tnn_error *err) {
    const tnn_shape *shape = &node->args[0].as.tensor->shape;
    int n = shape->rank - 2;
    u->batch = shape->dims[0].hint;
    u->channels = shape->dims[1].hint;
    for (int d = 0; d < SPATIAL; d++) {
        int k = d - (SPATIAL - n);
        tnn_upsample_axis axis = k < 0 ? no_axis : tnn_upsample_axis_of(node, (uint8_t)k);
        TNN_TRY(make_axis(p->engine->arena, &axis, &u->axes[d], err));
    }
    return TNN_OK;
}

tnn_status tnn_plan_upsample(tnn_planner *p, const tnn_node *node, bool *done, tnn_error *err) {
    const tnn_value *self = node->args[0].as.tensor, *result = node->outputs[0];
    uint8_t rank = result->shape.rank;
    tnn_place in, out;
    if (!tnn_plan_is_f32(result) || rank > 2 + SPATIAL) return TNN_OK;
    upsample_data *u = TNN_NEW(p->engine->arena, upsample_data);
    if (u == NULL) return tnn_fail_nomem(err);
    tnn_order order = tnn_order_channels_last(rank, rank - 2u);
    TNN_TRY(describe(p, node, u, err));
    TNN_TRY(tnn_plan_get_in(p, self, &order, &in, err));
    TNN_TRY(tnn_plan_result(p, result, &order, &out, err));
    *done = true;
    return tnn_plan_add_node(p, node, run_upsample, u, &in, 1, &out, node->activation, 0, err);
}
