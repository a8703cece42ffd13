#include "quant/range_search.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/parallel.h"
#include "quant/outputs.h"
#include "quant/scales.h"
#include "quant/simulate.h"

#define LONG_TAIL 16.0 /* range / root mean square; that of normal numbers is about 9 by least squares */
#define N_RANGES 6
#define FACTOR 0.75 /* of each range to the one before */

/* A class whose range is sought. */
typedef struct candidate {
    uint32_t class; /* index */
    double tail;
    const tnn_value *first; /* of its values, in the order of a run */
    size_t step;
    const tnn_quant *ranges[N_RANGES]; /* what least squares gave first */
} candidate;

/* What one thread works with. */
typedef struct lane {
    tnn_engine_state *exact, *tried;
    const void **inputs;
    void **wanted, **got;
    tnn_difference *differences; /* of the outputs */
} lane;

typedef struct work {
    const tnn_calibration *calibration;
    tnn_quant_plan *plan;
    const tnn_sample_source *source;
    const tnn_range_search_options *options;
    tnn_arena *arena;
    const tnn_engine *engine;
    candidate *candidates;
    size_t n_candidates;
    size_t n_samples;
    lane *lanes;
    size_t n_lanes;
    double *errors; /* [n_samples, n_candidates, N_RANGES] */
} work;

/* ---- which classes ---- */

static bool is_output(const tnn_quant_plan *plan, const tnn_quant_class *class) {
    for (size_t i = 0; i < plan->graph->n_outputs; i++)
        if (tnn_quant_class_of(plan, plan->graph->outputs[i]) == class) return true;
    return false;
}

/* How wide the range is beside most of the numbers. */
static double tail_of(const tnn_calibration *calibration, const tnn_quant_class *class) {
    double sum = 0, count = 0;
    for (uint32_t i = 0; i < class->n_origins; i++) {
        const tnn_histogram *h = &calibration->values[class->origins[i]->id]->histogram;
        for (int k = 0; k < TNN_HISTOGRAM_BINS; k++) {
            double n = (double)h->counts[k], x = tnn_histogram_middle(h, k);
            sum += n * x * x;
            count += n;
        }
    }
    double width = 255 * (double)class->quant->scale[0];
    return sum > 0 ? width / sqrt(sum / count) : 0;
}

static tnn_status add_ranges(work *w, candidate *c, tnn_error *err) {
    const tnn_quant *quant = w->plan->classes[c->class].quant;
    double scale = (double)quant->scale[0], zero = (double)quant->zero_point[0];
    double low = (-128 - zero) * scale, high = (127 - zero) * scale;
    c->ranges[0] = quant;
    for (int i = 1; i < N_RANGES; i++) {
        low *= FACTOR, high *= FACTOR;
        TNN_TRY(tnn_quant_of_range(&c->ranges[i], w->arena, low, high, err));
    }
    return TNN_OK;
}

static void note_step(const work *w, candidate **of_class, const tnn_value *value) {
    uint32_t number = value->id < w->plan->n_values ? w->plan->class_of[value->id] : 0;
    candidate *c = number != 0 ? of_class[number - 1] : NULL;
    size_t step = c != NULL ? tnn_engine_step_of(w->engine, value) : SIZE_MAX;
    if (c == NULL || step == SIZE_MAX || (c->first != NULL && c->step <= step)) return;
    c->first = value;
    c->step = step;
}

static tnn_status find_steps(work *w, tnn_error *err) {
    const tnn_graph *graph = w->plan->graph;
    candidate **of_class = TNN_NEW_ARRAY(w->arena, w->plan->n_classes, candidate *);
    if (of_class == NULL) return tnn_fail_nomem(err);
    for (size_t i = 0; i < w->n_candidates; i++) of_class[w->candidates[i].class] = &w->candidates[i];
    for (size_t i = 0; i < graph->n_inputs; i++) note_step(w, of_class, graph->inputs[i]);
    for (const tnn_node *node = graph->first; node != NULL; node = node->next)
        for (uint32_t k = 0; k < node->n_outputs; k++) note_step(w, of_class, node->outputs[k]);
    return TNN_OK;
}

static tnn_status find_candidates(work *w, tnn_error *err) {
    w->candidates = TNN_NEW_ARRAY(w->arena, w->plan->n_classes, candidate);
    if (w->candidates == NULL) return tnn_fail_nomem(err);
    for (uint32_t k = 0; k < w->plan->n_classes; k++) {
        const tnn_quant_class *class = &w->plan->classes[k];
        if (class->is_fixed || is_output(w->plan, class)) continue;
        candidate c = {.class = k, .tail = tail_of(w->calibration, class)};
        if (c.tail < LONG_TAIL) continue;
        TNN_TRY(add_ranges(w, &c, err));
        w->candidates[w->n_candidates++] = c;
    }
    return TNN_OK;
}

/* ---- how many ---- */

static int by_tail(const void *a, const void *b) {
    const candidate *x = a, *y = b;
    if (x->tail != y->tail) return x->tail < y->tail ? 1 : -1;
    return x->class < y->class ? -1 : x->class > y->class;
}

static int by_step(const void *a, const void *b) {
    const candidate *x = a, *y = b;
    if (x->step != y->step) return x->step < y->step ? -1 : 1;
    return x->class < y->class ? -1 : x->class > y->class;
}

/* Runs a sample: two that are exact, and for each range what comes behind the value. */
static double runs_of(const work *w, size_t n_candidates) {
    double all = (double)tnn_engine_n_steps(w->engine), runs = 2;
    for (size_t i = 0; i < n_candidates; i++) runs += N_RANGES * (all - (double)w->candidates[i].step) / all;
    return runs;
}

/* Fewer samples first, but not less than some; then fewer classes. */
static void fit_budget(work *w) {
    enum { FEW = 4 };
    size_t n = w->source->n_samples < w->options->max_samples ? w->source->n_samples : w->options->max_samples;
    size_t least = n < FEW ? n : FEW;
    qsort(w->candidates, w->n_candidates, sizeof *w->candidates, by_tail);
    while (n > least && (double)n * runs_of(w, w->n_candidates) > (double)w->options->max_runs) n--;
    while (w->n_candidates > 0 && (double)n * runs_of(w, w->n_candidates) > (double)w->options->max_runs)
        w->n_candidates--;
    qsort(w->candidates, w->n_candidates, sizeof *w->candidates, by_step);
    w->n_samples = n;
}

/* ---- one sample ---- */

typedef struct rounding {
    const tnn_quant_plan *plan;
    const tnn_quant_class *class;
    const tnn_quant *quant;
} rounding;

static tnn_status seen(void *context, const tnn_value *value, const tnn_engine_view *view, tnn_error *err) {
    const rounding *r = context;
    (void)err;
    if (tnn_quant_class_of(r->plan, value) == r->class) tnn_round_view(view, r->quant);
    return TNN_OK;
}

static tnn_status try_range(const work *w, const lane *l, const candidate *c, const tnn_quant *quant, double *error,
                            tnn_error *err) {
    rounding r = {w->plan, &w->plan->classes[c->class], quant};
    tnn_engine_watch watch = {&r, seen};
    tnn_engine_state_copy(l->tried, l->exact);
    tnn_engine_view view = tnn_engine_view_of(w->engine, l->tried, c->first);
    tnn_round_view(&view, quant);
    TNN_TRY(tnn_engine_steps(w->engine, l->tried, c->step + 1, tnn_engine_n_steps(w->engine), &watch, err));
    memset(l->differences, 0, w->plan->graph->n_outputs * sizeof *l->differences);
    tnn_outputs_compare(w->plan->graph, l->wanted, l->got, l->differences);
    *error = tnn_outputs_noise(w->plan->graph, l->differences);
    return TNN_OK;
}

static tnn_status run_sample(void *context, size_t sample, int thread, tnn_error *err) {
    const work *w = context;
    const lane *l = &w->lanes[thread];
    double *errors = w->errors + sample * w->n_candidates * N_RANGES;
    size_t at = 0;
    TNN_TRY(w->source->fill(w->source->context, sample, thread, l->inputs, err));
    if (l->inputs[0] == NULL) return TNN_OK;
    TNN_TRY(tnn_engine_run(w->engine, l->tried, l->inputs, l->wanted, NULL, err));
    tnn_engine_begin(w->engine, l->tried, l->inputs, l->got);
    tnn_engine_begin(w->engine, l->exact, l->inputs, NULL);
    for (size_t i = 0; i < w->n_candidates; i++) {
        const candidate *c = &w->candidates[i];
        TNN_TRY(tnn_engine_steps(w->engine, l->exact, at, c->step + 1, NULL, err));
        at = c->step + 1 > at ? c->step + 1 : at;
        for (int k = 0; k < N_RANGES; k++) TNN_TRY(try_range(w, l, c, c->ranges[k], errors++, err));
    }
    return TNN_OK;
}

/* ---- all of them ---- */

static tnn_status fill_lane(work *w, lane *l, tnn_error *err) {
    const tnn_graph *graph = w->plan->graph;
    l->inputs = TNN_NEW_ARRAY(w->arena, graph->n_inputs, const void *);
    l->differences = TNN_NEW_ARRAY(w->arena, graph->n_outputs, tnn_difference);
    if (l->inputs == NULL || l->differences == NULL) return tnn_fail_nomem(err);
    TNN_TRY(tnn_outputs_new(&l->wanted, graph, err));
    TNN_TRY(tnn_outputs_new(&l->got, graph, err));
    TNN_TRY(tnn_engine_state_new(&l->exact, w->engine, NULL, err));
    return tnn_engine_state_new(&l->tried, w->engine, NULL, err);
}

static void clear_lane(const work *w, lane *l) {
    tnn_outputs_free(l->wanted, w->plan->graph);
    tnn_outputs_free(l->got, w->plan->graph);
    tnn_engine_state_free(l->exact);
    tnn_engine_state_free(l->tried);
}

static void take_best(work *w) {
    for (size_t i = 0; i < w->n_candidates; i++) {
        double least = INFINITY;
        for (int k = 0; k < N_RANGES; k++) {
            double error = 0;
            for (size_t s = 0; s < w->n_samples; s++) error += w->errors[(s * w->n_candidates + i) * N_RANGES + (size_t)k];
            if (!(error < least)) continue;
            least = error;
            w->plan->classes[w->candidates[i].class].quant = w->candidates[i].ranges[k];
        }
    }
}

static tnn_status run(work *w, tnn_error *err) {
    w->errors = TNN_NEW_ARRAY(w->arena, w->n_samples * w->n_candidates * N_RANGES, double);
    w->lanes = TNN_NEW_ARRAY(w->arena, (size_t)w->options->n_threads, lane);
    if (w->errors == NULL || w->lanes == NULL) return tnn_fail_nomem(err);
    while (w->n_lanes < (size_t)w->options->n_threads) TNN_TRY(fill_lane(w, &w->lanes[w->n_lanes++], err));
    TNN_TRY(tnn_parallel(w->n_samples, w->options->n_threads, run_sample, w, err));
    take_best(w);
    return TNN_OK;
}

static tnn_status search(work *w, tnn_error *err) {
    TNN_TRY(find_steps(w, err));
    fit_budget(w);
    return w->n_candidates > 0 ? run(w, err) : TNN_OK;
}

tnn_status tnn_range_search(const tnn_calibration *calibration, tnn_quant_plan *plan, const tnn_sample_source *source,
                            const tnn_range_search_options *options, uint32_t *n_changed, tnn_error *err) {
    work w = {.calibration = calibration, .plan = plan, .source = source, .options = options, .arena = plan->arena};
    tnn_engine *engine;
    *n_changed = 0;
    TNN_TRY(find_candidates(&w, err));
    if (w.n_candidates == 0) return TNN_OK;
    TNN_TRY(tnn_engine_new(&engine, plan->graph, NULL, err));
    w.engine = engine;
    tnn_status status = search(&w, err);
    for (size_t i = 0; i < w.n_candidates; i++)
        *n_changed += plan->classes[w.candidates[i].class].quant != w.candidates[i].ranges[0];
    for (size_t i = 0; i < w.n_lanes; i++) clear_lane(&w, &w.lanes[i]);
    tnn_engine_free(engine);
    return status;
}
