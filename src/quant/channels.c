#include "quant/channels.h"

#include <math.h>
#include <string.h>

#include "engine/engine.h"
#include "ops/list.h"

typedef struct work {
    const tnn_sample_source *source;
    tnn_channel_stats *total;
    tnn_channel_stats *mine; /* one a thread: of the sample that it runs */
} work;

uint8_t tnn_channels_dim(const tnn_value *value) {
    bool linear = value->producer != NULL && tnn_node_is(value->producer, TNN_OP_linear);
    for (size_t i = 0; i < value->n_users; i++)
        linear = linear || (tnn_node_is(value->users[i], TNN_OP_linear) && tnn_node_operand(value->users[i], 0) == value);
    return value->shape.rank > 2 && linear ? (uint8_t)(value->shape.rank - 1) : 1;
}

static tnn_status add_value(tnn_channel_stats *s, const tnn_value *value, tnn_arena *arena, tnn_error *err) {
    if (value->dtype != TNN_DTYPE_F32 || value->constant != NULL || value->shape.rank < 2) return TNN_OK;
    tnn_channels *c = s->of[value->id] = TNN_NEW(arena, tnn_channels);
    if (c == NULL) return tnn_fail_nomem(err);
    c->n = value->shape.dims[tnn_channels_dim(value)].hint;
    c->largest = TNN_NEW_ARRAY(arena, (size_t)c->n, float);
    c->square_sum = TNN_NEW_ARRAY(arena, (size_t)c->n, double);
    c->sum = TNN_NEW_ARRAY(arena, (size_t)c->n, double);
    return c->largest != NULL && c->square_sum != NULL && c->sum != NULL ? TNN_OK : tnn_fail_nomem(err);
}

static tnn_status init(tnn_channel_stats *s, const tnn_graph *graph, tnn_arena *arena, tnn_error *err) {
    s->n_values = graph->model->next_value_id;
    s->of = TNN_NEW_ARRAY(arena, s->n_values, tnn_channels *);
    if (s->of == NULL) return tnn_fail_nomem(err);
    for (size_t i = 0; i < graph->n_inputs; i++) TNN_TRY(add_value(s, graph->inputs[i], arena, err));
    for (const tnn_node *node = graph->first; node != NULL; node = node->next)
        for (uint32_t k = 0; k < node->n_outputs; k++) TNN_TRY(add_value(s, node->outputs[k], arena, err));
    return TNN_OK;
}

static tnn_status fill(void *context, size_t sample, int thread, const void **inputs, tnn_error *err) {
    const work *w = context;
    return w->source->fill(w->source->context, sample, thread, inputs, err);
}

/* The numbers of one position, or of a row of them, one behind the other in memory. */
static void add_run(tnn_channels *c, int64_t channel, int64_t channel_step, const float *x, int64_t n, int64_t stride) {
    for (int64_t i = 0; i < n; i++) {
        float number = x[i * stride], v = fabsf(number);
        int64_t k = channel + i * channel_step;
        c->largest[k] = v > c->largest[k] ? v : c->largest[k];
        c->sum[k] += (double)number;
        c->square_sum[k] += (double)v * (double)v;
    }
}

/* All elements, with the channels innermost. */
static void add_dims(tnn_channels *c, const tnn_engine_view *v, uint8_t dim, uint8_t d, const float *at) {
    if (d == dim) d++;
    if (d >= v->rank) {
        add_run(c, 0, 1, at, c->n, v->strides[dim]);
        c->count++;
        return;
    }
    for (int64_t i = 0; i < v->dims[d]; i++) add_dims(c, v, dim, (uint8_t)(d + 1), at + i * v->strides[d]);
}

static tnn_status seen(void *context, size_t sample, int thread, const tnn_value *value, const tnn_engine_view *view,
                       tnn_error *err) {
    const work *w = context;
    tnn_channels *c = w->mine[thread].of[value->id];
    (void)sample;
    (void)err;
    if (c != NULL) add_dims(c, view, tnn_channels_dim(value), 0, view->data);
    return TNN_OK;
}

static void take(tnn_channels *to, tnn_channels *from) {
    for (int64_t k = 0; k < to->n; k++) {
        to->largest[k] = from->largest[k] > to->largest[k] ? from->largest[k] : to->largest[k];
        to->sum[k] += from->sum[k];
        to->square_sum[k] += from->square_sum[k];
    }
    to->count += from->count;
    from->count = 0;
    memset(from->largest, 0, (size_t)from->n * sizeof *from->largest);
    memset(from->sum, 0, (size_t)from->n * sizeof *from->sum);
    memset(from->square_sum, 0, (size_t)from->n * sizeof *from->square_sum);
}

static tnn_status done(void *context, size_t sample, int thread, const void *const *outputs, tnn_error *err) {
    const work *w = context;
    (void)sample;
    (void)outputs;
    (void)err;
    for (uint32_t id = 0; id < w->total->n_values; id++)
        if (w->total->of[id] != NULL) take(w->total->of[id], w->mine[thread].of[id]);
    return TNN_OK;
}

tnn_status tnn_channel_stats_collect(tnn_channel_stats *out, const tnn_graph *graph, const tnn_sample_source *source,
                                     size_t max_samples, int n_threads, tnn_arena *arena, tnn_error *err) {
    work w = {.source = source, .total = out, .mine = TNN_NEW_ARRAY(arena, (size_t)n_threads, tnn_channel_stats)};
    size_t n = source->n_samples < max_samples ? source->n_samples : max_samples;
    tnn_engine_job job = {&w, n, n_threads, fill, seen, done};
    tnn_engine *engine = NULL;
    if (w.mine == NULL) return tnn_fail_nomem(err);
    TNN_TRY(init(out, graph, arena, err));
    for (int t = 0; t < n_threads; t++) TNN_TRY(init(&w.mine[t], graph, arena, err));
    TNN_TRY(tnn_engine_new(&engine, graph, NULL, err));
    tnn_status status = tnn_engine_for_each(engine, &job, err);
    tnn_engine_free(engine);
    return status;
}
