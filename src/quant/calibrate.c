#include "quant/calibrate.h"

#include "base/alloc.h"
#include "engine/engine.h"
#include "quant/scales.h"

/* What one thread has seen. Counts may be added in any order. */
typedef struct watcher {
    tnn_calibration seen;
    float *dense; /* room for a value that lies scattered */
    size_t dense_elems;
} watcher;

typedef struct work {
    const tnn_quant_plan *plan;
    const tnn_sample_source *source;
    tnn_calibration *total;
    watcher *watchers; /* one a thread */
    int n_threads;
} work;

/* ---- tables ---- */

static tnn_status add_histogram(tnn_calibration *c, const tnn_value *value, tnn_error *err) {
    const tnn_quant_class *class = tnn_quant_class_of(c->plan, value);
    if (class == NULL || class->is_fixed) return TNN_OK;
    c->histograms[value->id] = TNN_NEW(c->arena, tnn_histogram);
    if (c->histograms[value->id] == NULL) return tnn_fail_nomem(err);
    tnn_histogram_init(c->histograms[value->id]);
    return TNN_OK;
}

static tnn_status init(tnn_calibration *c, const tnn_quant_plan *plan, tnn_arena *arena, tnn_error *err) {
    *c = (tnn_calibration){.plan = plan, .arena = arena};
    c->histograms = TNN_NEW_ARRAY(arena, plan->n_values, tnn_histogram *);
    if (c->histograms == NULL) return tnn_fail_nomem(err);
    for (uint32_t k = 0; k < plan->n_classes; k++)
        for (uint32_t i = 0; i < plan->classes[k].n_origins; i++)
            TNN_TRY(add_histogram(c, plan->classes[k].origins[i], err));
    return TNN_OK;
}

/* ---- a sample ---- */

static tnn_status fill(void *context, size_t sample, int thread, const void **inputs, tnn_error *err) {
    const work *w = context;
    TNN_TRY(w->source->fill(w->source->context, sample, thread, inputs, err));
    if (inputs[0] != NULL) w->watchers[thread].seen.n_samples++;
    return TNN_OK;
}

static int64_t count(const tnn_engine_view *view) {
    int64_t n = 1;
    for (uint8_t d = 0; d < view->rank; d++) n *= view->dims[d];
    return n;
}

/* Do the elements fill one run of memory, in some order? */
static bool is_dense(const tnn_engine_view *view) {
    int64_t reach = 1;
    for (uint8_t d = 0; d < view->rank; d++) {
        if (view->dims[d] > 1 && view->strides[d] <= 0) return false;
        reach += (view->dims[d] - 1) * view->strides[d];
    }
    return reach == count(view);
}

static float *gather(const tnn_engine_view *view, uint8_t d, const float *at, float *out) {
    if (d == view->rank) {
        *out = *at;
        return out + 1;
    }
    for (int64_t i = 0; i < view->dims[d]; i++) out = gather(view, (uint8_t)(d + 1), at + i * view->strides[d], out);
    return out;
}

/* The elements one behind the other. */
static tnn_status densely(watcher *w, const tnn_engine_view *view, const float **out, tnn_error *err) {
    *out = view->data;
    if (is_dense(view)) return TNN_OK;
    size_t n = (size_t)count(view);
    if (w->dense_elems < n) {
        tnn_free(w->dense);
        w->dense = tnn_alloc(n, sizeof *w->dense);
        w->dense_elems = w->dense != NULL ? n : 0;
    }
    if (w->dense == NULL) return tnn_fail_nomem(err);
    (void)gather(view, 0, view->data, w->dense);
    *out = w->dense;
    return TNN_OK;
}

static tnn_status seen(void *context, size_t sample, int thread, const tnn_value *value, const tnn_engine_view *view,
                       tnn_error *err) {
    const work *w = context;
    watcher *mine = &w->watchers[thread];
    tnn_histogram *h = mine->seen.histograms[value->id];
    if (h != NULL) {
        const float *numbers;
        int64_t bad = 0;
        TNN_TRY(densely(mine, view, &numbers, err));
        if (!tnn_histogram_add(h, numbers, count(view), &bad))
            return tnn_fail(err, TNN_ERR_INVALID, value->name, "sample %zu gives %g", sample, (double)numbers[bad]);
    }
    return TNN_OK;
}

/* ---- all of them ---- */

static void merge_histograms(work *w) {
    for (int t = 0; t < w->n_threads; t++) w->total->n_samples += w->watchers[t].seen.n_samples;
    for (uint32_t id = 0; id < w->plan->n_values; id++)
        for (int t = 0; w->total->histograms[id] != NULL && t < w->n_threads; t++)
            tnn_histogram_merge(w->total->histograms[id], w->watchers[t].seen.histograms[id]);
}

static tnn_status run(work *w, const tnn_engine *engine, tnn_arena *arena, tnn_error *err) {
    for (int t = 0; t < w->n_threads; t++) TNN_TRY(init(&w->watchers[t].seen, w->plan, arena, err));
    tnn_engine_job job = {w, w->source->n_samples, w->n_threads, fill, seen, NULL};
    TNN_TRY(tnn_engine_for_each(engine, &job, err));
    merge_histograms(w);
    return TNN_OK;
}

tnn_status tnn_calibrate(tnn_calibration *out, const tnn_quant_plan *plan, const tnn_sample_source *source,
                         int n_threads, tnn_arena *arena, tnn_error *err) {
    work w = {.plan = plan, .source = source, .total = out, .n_threads = n_threads};
    tnn_engine *engine = NULL;
    TNN_TRY(init(out, plan, arena, err));
    w.watchers = TNN_NEW_ARRAY(arena, (size_t)n_threads, watcher);
    if (w.watchers == NULL) return tnn_fail_nomem(err);
    tnn_status status = tnn_engine_new(&engine, plan->graph, NULL, err);
    if (status == TNN_OK) status = run(&w, engine, arena, err);
    for (int t = 0; t < n_threads; t++) tnn_free(w.watchers[t].dense);
    tnn_engine_free(engine);
    return status;
}

/* ---- choosing ---- */

/* Is it what the model takes or gives? */
static bool is_outside(const tnn_quant_plan *plan, const tnn_quant_class *class) {
    const tnn_graph *graph = plan->graph;
    for (size_t i = 0; i < graph->n_inputs; i++)
        if (tnn_quant_class_of(plan, graph->inputs[i]) == class) return true;
    for (size_t i = 0; i < graph->n_outputs; i++)
        if (tnn_quant_class_of(plan, graph->outputs[i]) == class) return true;
    return false;
}

tnn_status tnn_calibration_choose(const tnn_calibration *calibration, tnn_quant_plan *plan, tnn_range_method method,
                                  double share, tnn_error *err) {
    for (uint32_t k = 0; k < plan->n_classes; k++) {
        tnn_quant_class *class = &plan->classes[k];
        tnn_histogram all;
        if (class->is_fixed) continue;
        tnn_histogram_init(&all);
        for (uint32_t i = 0; i < class->n_origins; i++)
            tnn_histogram_merge(&all, calibration->histograms[class->origins[i]->id]);
        tnn_range r = tnn_range_choose(&all, is_outside(plan, class) ? TNN_RANGE_MINMAX : method, share);
        TNN_TRY(tnn_quant_of_range(&class->quant, plan->arena, r.low, r.high, err));
    }
    return TNN_OK;
}
