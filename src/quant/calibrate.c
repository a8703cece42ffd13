#include "quant/calibrate.h"

#include <math.h>

#include "base/alloc.h"
#include "engine/engine.h"
#include "quant/scales.h"

/* What one thread has seen. Counts may be added in any order. */
typedef struct watcher {
    tnn_calibration seen;
    float *dense; /* room for a value whose numbers have to be copied */
    size_t dense_elems;
    bool masked; /* a softmax of the sample has a row that is masked as a whole, so that it gives NaN */
    const tnn_value *nan; /* the first value of the sample that has some; NULL: none has */
} watcher;

typedef struct work {
    const tnn_quant_plan *plan;
    const tnn_sample_source *source;
    bool every; /* value that is stored is looked at, those of fixed parameters, too */
    tnn_calibration *total;
    watcher *watchers; /* one a thread */
    int n_threads;
} work;

/* ---- tables ---- */

tnn_status tnn_calibration_init(tnn_calibration *out, const tnn_quant_plan *plan, tnn_arena *arena, tnn_error *err) {
    *out = (tnn_calibration){.plan = plan, .arena = arena};
    out->values = TNN_NEW_ARRAY(arena, plan->n_values, tnn_calibrated *);
    return out->values != NULL ? TNN_OK : tnn_fail_nomem(err);
}

static tnn_status add_value(tnn_calibration *c, const work *w, const tnn_value *value, tnn_error *err) {
    const tnn_quant_class *class = tnn_quant_class_of(c->plan, value);
    if (class == NULL || (class->is_fixed && !w->every)) return TNN_OK;
    tnn_calibrated *seen = c->values[value->id] = TNN_NEW(c->arena, tnn_calibrated);
    if (seen == NULL) return tnn_fail_nomem(err);
    tnn_histogram_init(&seen->histogram);
    seen->rows = tnn_mask_rows_of(c->plan->graph, value);
    seen->lowest = INFINITY;
    seen->infinite = SIZE_MAX;
    return TNN_OK;
}

static tnn_status init(tnn_calibration *c, const work *w, tnn_arena *arena, tnn_error *err) {
    const tnn_quant_plan *plan = w->plan;
    TNN_TRY(tnn_calibration_init(c, plan, arena, err));
    for (size_t i = 0; i < plan->graph->n_inputs; i++) TNN_TRY(add_value(c, w, plan->graph->inputs[i], err));
    for (const tnn_node *node = plan->graph->first; node != NULL; node = node->next)
        for (uint32_t k = 0; k < node->n_outputs; k++) TNN_TRY(add_value(c, w, node->outputs[k], err));
    return TNN_OK;
}

/* ---- a sample ---- */

static tnn_status fill(void *context, size_t sample, int thread, const void **inputs, tnn_error *err) {
    const work *w = context;
    TNN_TRY(w->source->fill(w->source->context, sample, thread, inputs, err));
    w->watchers[thread].nan = NULL;
    w->watchers[thread].masked = false;
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

/* Room for the elements of the view. */
static tnn_status make_room(watcher *w, size_t n, tnn_error *err) {
    if (w->dense_elems >= n) return TNN_OK;
    tnn_free(w->dense);
    w->dense = tnn_alloc(n, sizeof *w->dense);
    w->dense_elems = w->dense != NULL ? n : 0;
    return w->dense != NULL ? TNN_OK : tnn_fail_nomem(err);
}

/* The numbers that count, one behind the other. */
static tnn_status read_numbers(watcher *w, tnn_calibrated *to, const tnn_engine_view *view, const float **out, int64_t *n,
                               tnn_error *err) {
    *n = count(view);
    *out = view->data;
    if (to->rows.reach == 0 && is_dense(view)) return TNN_OK;
    TNN_TRY(make_room(w, (size_t)*n, err));
    *out = w->dense;
    if (to->rows.reach > 0) *n = tnn_mask_rows_read(view, to->rows, w->dense, &to->lowest);
    else (void)gather(view, 0, view->data, w->dense);
    w->masked = w->masked || *n < count(view);
    return TNN_OK;
}

static tnn_status nan_error(const tnn_value *value, size_t sample, tnn_error *err) {
    return tnn_fail(err, TNN_ERR_INVALID, value->name, "sample %zu gives nan", sample);
}

/* The finite ones of numbers of which some are not. */
static tnn_status add_finite(watcher *w, tnn_calibrated *to, const tnn_value *value, size_t sample, const float *numbers,
                             int64_t n, tnn_error *err) {
    int64_t n_finite = 0, bad;
    TNN_TRY(make_room(w, (size_t)n, err));
    for (int64_t i = 0; i < n; i++) {
        if (isnan(numbers[i]) && !w->masked) return nan_error(value, sample, err);
        if (isnan(numbers[i]) && w->nan == NULL) w->nan = value;
        if (isinf(numbers[i]) && sample < to->infinite) to->infinite = sample;
        if (isfinite(numbers[i])) w->dense[n_finite++] = numbers[i];
    }
    (void)tnn_histogram_add(&to->histogram, w->dense, n_finite, &bad);
    return TNN_OK;
}

static tnn_status seen(void *context, size_t sample, int thread, const tnn_value *value, const tnn_engine_view *view,
                       tnn_error *err) {
    const work *w = context;
    watcher *mine = &w->watchers[thread];
    tnn_calibrated *to = mine->seen.values[value->id];
    const float *numbers;
    int64_t n, bad = 0;
    if (to == NULL) return TNN_OK;
    TNN_TRY(read_numbers(mine, to, view, &numbers, &n, err));
    if (tnn_histogram_add(&to->histogram, numbers, n, &bad)) return TNN_OK;
    return add_finite(mine, to, value, sample, numbers, n, err);
}

static bool has_nan(const tnn_value *value, const float *x) {
    int64_t n = 0, k = 0;
    (void)tnn_shape_count(&value->shape, &n);
    while (k < n && !isnan(x[k])) k++;
    return k < n;
}

/* NaN that a masked row gives is an error only where the network gives it, too. */
static tnn_status done(void *context, size_t sample, int thread, const void *const *outputs, tnn_error *err) {
    const work *w = context;
    const tnn_graph *graph = w->plan->graph;
    for (size_t i = 0; i < graph->n_outputs; i++) {
        const tnn_value *output = graph->outputs[i], *first = w->watchers[thread].nan;
        if (output->dtype == TNN_DTYPE_F32 && has_nan(output, outputs[i]))
            return nan_error(first != NULL ? first : output, sample, err);
    }
    return w->source->done == NULL ? TNN_OK : w->source->done(w->source->context, sample + 1, err);
}

/* ---- all of them ---- */

static void merge(tnn_calibrated *to, const tnn_calibrated *from) {
    tnn_histogram_merge(&to->histogram, &from->histogram);
    to->lowest = fminf(to->lowest, from->lowest);
    to->infinite = from->infinite < to->infinite ? from->infinite : to->infinite;
}

static void merge_all(work *w) {
    for (int t = 0; t < w->n_threads; t++) w->total->n_samples += w->watchers[t].seen.n_samples;
    for (uint32_t id = 0; id < w->plan->n_values; id++)
        for (int t = 0; w->total->values[id] != NULL && t < w->n_threads; t++)
            merge(w->total->values[id], w->watchers[t].seen.values[id]);
}

static tnn_status run(work *w, const tnn_engine *engine, tnn_arena *arena, tnn_error *err) {
    for (int t = 0; t < w->n_threads; t++) TNN_TRY(init(&w->watchers[t].seen, w, arena, err));
    tnn_engine_job job = {w, w->source->n_samples, w->n_threads, fill, seen, done};
    TNN_TRY(tnn_engine_for_each(engine, &job, err));
    merge_all(w);
    return TNN_OK;
}

tnn_status tnn_calibrate(tnn_calibration *out, const tnn_quant_plan *plan, const tnn_sample_source *source, bool every,
                         int n_threads, tnn_arena *arena, tnn_error *err) {
    work w = {.plan = plan, .source = source, .every = every, .total = out, .n_threads = n_threads};
    tnn_engine *engine = NULL;
    TNN_TRY(init(out, &w, arena, err));
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
            tnn_histogram_merge(&all, &calibration->values[class->origins[i]->id]->histogram);
        tnn_range r = tnn_range_choose(&all, is_outside(plan, class) ? TNN_RANGE_MINMAX : method, share);
        TNN_TRY(tnn_quant_of_range(&class->quant, plan->arena, r.low, r.high, err));
    }
    return TNN_OK;
}
