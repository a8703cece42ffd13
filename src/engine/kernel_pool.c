/* Pooling with channels innermost: a window is a few lines of channels, joined line by line. */
#include <math.h>
#include <string.h>

#include "engine/kernels.h"
#include "ops/infer.h"
#include "ops/list.h"
#include "ops/window.h"

typedef struct pool_data {
    tnn_window_geometry window;
    int64_t batch, channels;
    bool adaptive, include_pad;
    int64_t divisor; /* 0: the number of places */
} pool_data;

/* The places of one window, first to end, and how many it has with the padding. */
typedef struct span {
    int64_t first[TNN_WINDOW_DIMS], end[TNN_WINDOW_DIMS], step[TNN_WINDOW_DIMS];
    int64_t padded;
} span;

static void slide(const tnn_window_geometry *w, int d, int64_t at, span *s) {
    int64_t start = at * w->stride[d] - w->before[d], end = start + (w->kernel[d] - 1) * w->dilation[d] + 1;
    int64_t limit = w->in[d] + w->after[d], step = w->dilation[d];
    s->first[d] = start < 0 ? start + (-start + step - 1) / step * step : start;
    s->end[d] = end < w->in[d] ? end : w->in[d];
    s->step[d] = step;
    s->padded *= (end < limit ? end : limit) - start;
}

/* floor(at * in / out) to ceil((at + 1) * in / out) */
static void stretch(const tnn_window_geometry *w, int d, int64_t at, span *s) {
    s->first[d] = at * w->in[d] / w->out[d];
    s->end[d] = ((at + 1) * w->in[d] + w->out[d] - 1) / w->out[d];
    s->step[d] = 1;
}

static span span_of(const pool_data *p, const int64_t *at) {
    span s = {.padded = 1};
    for (int d = 0; d < TNN_WINDOW_DIMS; d++) {
        if (p->adaptive) stretch(&p->window, d, at[d], &s);
        else slide(&p->window, d, at[d], &s);
    }
    return s;
}

/* What joins the lines of a window; `sums` holds `channels` doubles. */
typedef void join_fn(const pool_data *p, const span *s, const float *image, float *out, double *sums);

static const float *line_at(const pool_data *p, const float *image, int64_t d, int64_t h, int64_t w) {
    return image + ((d * p->window.in[1] + h) * p->window.in[2] + w) * p->channels;
}

static void join_max_line(float *out, const float *x, int64_t n) {
    for (int64_t c = 0; c < n; c++) out[c] = x[c] > out[c] || isnan(x[c]) ? x[c] : out[c];
}

static void join_max(const pool_data *p, const span *s, const float *image, float *out, double *sums) {
    (void)sums;
    for (int64_t c = 0; c < p->channels; c++) out[c] = -INFINITY;
    for (int64_t d = s->first[0]; d < s->end[0]; d += s->step[0])
        for (int64_t h = s->first[1]; h < s->end[1]; h += s->step[1])
            for (int64_t w = s->first[2]; w < s->end[2]; w += s->step[2])
                join_max_line(out, line_at(p, image, d, h, w), p->channels);
}

static int64_t divisor_of(const pool_data *p, const span *s) {
    if (p->divisor != 0) return p->divisor;
    if (p->include_pad) return s->padded;
    return (s->end[0] - s->first[0]) * (s->end[1] - s->first[1]) * (s->end[2] - s->first[2]);
}

static void join_sum_line(double *sums, const float *x, int64_t n) {
    for (int64_t c = 0; c < n; c++) sums[c] += (double)x[c];
}

static void join_mean(const pool_data *p, const span *s, const float *image, float *out, double *sums) {
    bool any = s->first[0] < s->end[0] && s->first[1] < s->end[1] && s->first[2] < s->end[2];
    memset(sums, 0, (size_t)p->channels * sizeof *sums);
    for (int64_t d = s->first[0]; d < s->end[0]; d += s->step[0])
        for (int64_t h = s->first[1]; h < s->end[1]; h += s->step[1])
            for (int64_t w = s->first[2]; w < s->end[2]; w += s->step[2])
                join_sum_line(sums, line_at(p, image, d, h, w), p->channels);
    double divisor = any ? (double)divisor_of(p, s) : 1;
    for (int64_t c = 0; c < p->channels; c++) out[c] = (float)(sums[c] / divisor);
}

static void run_windows(const tnn_step_call *call, join_fn *join) {
    const pool_data *p = call->step->data;
    const int64_t *n_out = p->window.out;
    int64_t image = tnn_window_product(p->window.in) * p->channels, at[TNN_WINDOW_DIMS];
    const float *in = call->in[0];
    float *out = call->out[0];
    for (int64_t b = 0; b < p->batch; b++, in += image)
        for (at[0] = 0; at[0] < n_out[0]; at[0]++)
            for (at[1] = 0; at[1] < n_out[1]; at[1]++)
                for (at[2] = 0; at[2] < n_out[2]; at[2]++, out += p->channels) {
                    span s = span_of(p, at);
                    join(p, &s, in, out, call->scratch);
                }
}

static tnn_status run_max(const tnn_step_call *call, tnn_error *err) {
    (void)err;
    run_windows(call, join_max);
    return TNN_OK;
}

static tnn_status run_mean(const tnn_step_call *call, tnn_error *err) {
    (void)err;
    run_windows(call, join_mean);
    return TNN_OK;
}

/* ---- planning ---- */

static tnn_tensor shape_of(const tnn_value *value) {
    tnn_tensor t = {.rank = value->shape.rank};
    for (uint8_t d = 0; d < t.rank; d++) t.dims[d] = value->shape.dims[d].hint;
    return t;
}

/* The window of `sizes`, an argument with an entry a spatial dimension. */
static void set_window(pool_data *pool, const tnn_node *node, const tnn_arg *sizes, const tnn_arg *stride,
                       const tnn_arg *padding, const tnn_arg *dilation) {
    tnn_tensor in = shape_of(node->args[0].as.tensor), out = shape_of(node->outputs[0]);
    int64_t kernel[TNN_WINDOW_DIMS];
    for (uint32_t i = 0; i < sizes->n; i++) kernel[i] = sizes->as.sizes[i].hint;
    pool->window = tnn_window_make(sizes->n, &in, &out, kernel, stride, padding, dilation);
    pool->batch = in.rank == sizes->n + 2 ? in.dims[0] : 1;
    pool->channels = in.dims[in.rank - sizes->n - 1];
}

static tnn_status plan_pool(tnn_planner *p, const tnn_node *node, const pool_data *pool, tnn_step_fn *run, bool *done,
                            tnn_error *err) {
    const tnn_value *self = node->args[0].as.tensor, *result = node->outputs[0];
    tnn_order order = tnn_order_channels_last(self->shape.rank, node->args[1].n);
    tnn_place in, out;
    const pool_data *data = tnn_arena_copy(p->engine->arena, pool, 1, sizeof *pool);
    if (data == NULL) return tnn_fail_nomem(err);
    if (!tnn_plan_is_f32(result)) return TNN_OK;
    TNN_TRY(tnn_plan_get_in(p, self, &order, &in, err));
    TNN_TRY(tnn_plan_result(p, result, &order, &out, err));
    *done = true;
    return tnn_plan_add_node(p, node, run, data, &in, 1, &out, node->activation,
                             (size_t)pool->channels * sizeof(double), err);
}

tnn_status tnn_plan_max_pool(tnn_planner *p, const tnn_node *node, bool *done, tnn_error *err) {
    const tnn_arg *args = node->args;
    pool_data pool = {0};
    set_window(&pool, node, &args[1], &args[2], &args[3], &args[4]);
    return plan_pool(p, node, &pool, run_max, done, err);
}

tnn_status tnn_plan_avg_pool(tnn_planner *p, const tnn_node *node, bool *done, tnn_error *err) {
    const tnn_arg *args = node->args;
    pool_data pool = {.include_pad = tnn_arg_bool(&args[5]),
                      .divisor = args[6].kind == TNN_ARG_INT ? tnn_arg_int(&args[6]) : 0};
    set_window(&pool, node, &args[1], &args[2], &args[3], NULL);
    return plan_pool(p, node, &pool, run_mean, done, err);
}

tnn_status tnn_plan_adaptive_pool(tnn_planner *p, const tnn_node *node, bool *done, tnn_error *err) {
    pool_data pool = {.adaptive = true};
    set_window(&pool, node, &node->args[1], NULL, NULL, NULL);
    return plan_pool(p, node, &pool, run_mean, done, err);
}
