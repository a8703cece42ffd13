#include "quant/accumulated.h"

#include <stdint.h>
#include <string.h>

#include "quant/simulate.h"

/* The exact run of one thread, which follows the rounded one value by value. */
typedef struct lane {
    tnn_engine_state *state;
    size_t at;            /* steps that are done */
    tnn_difference *sums; /* of the sample, by id of a value */
} lane;

typedef struct work {
    const tnn_quant_plan *plan;
    const tnn_engine *exact;
    const tnn_sample_source *source;
    tnn_difference *values; /* of all samples */
    size_t *step_of;        /* by id of a value; SIZE_MAX: none */
    lane *lanes;
    size_t n_lanes;
} work;

static tnn_status fill(void *context, size_t sample, int thread, const void **inputs, tnn_error *err) {
    const work *w = context;
    lane *l = &w->lanes[thread];
    TNN_TRY(w->source->fill(w->source->context, sample, thread, inputs, err));
    if (inputs[0] != NULL) tnn_engine_begin(w->exact, l->state, inputs, NULL);
    l->at = 0;
    return TNN_OK;
}

static tnn_status seen(void *context, size_t sample, int thread, const tnn_value *value, const tnn_engine_view *view,
                       tnn_error *err) {
    const work *w = context;
    lane *l = &w->lanes[thread];
    size_t end = w->step_of[value->id] + 1;
    (void)sample;
    if (value->dtype != TNN_DTYPE_F32 || w->step_of[value->id] == SIZE_MAX) return TNN_OK;
    if (l->at < end) TNN_TRY(tnn_engine_steps(w->exact, l->state, l->at, end, NULL, err));
    l->at = l->at < end ? end : l->at;
    tnn_engine_view exact = tnn_engine_view_of(w->exact, l->state, value);
    tnn_view_compare(&exact, view, &l->sums[value->id]);
    return TNN_OK;
}

/* In the order of samples, so that sums do not depend on threads. */
static tnn_status done(void *context, size_t sample, int thread, const void *const *outputs, tnn_error *err) {
    const work *w = context;
    lane *l = &w->lanes[thread];
    (void)sample, (void)outputs, (void)err;
    for (uint32_t id = 0; id < w->plan->n_values; id++) tnn_difference_add(&w->values[id], &l->sums[id]);
    memset(l->sums, 0, w->plan->n_values * sizeof *l->sums);
    return TNN_OK;
}

/* ---- all of them ---- */

static void note_steps(work *w) {
    const tnn_graph *graph = w->plan->graph;
    for (uint32_t id = 0; id < w->plan->n_values; id++) w->step_of[id] = SIZE_MAX;
    for (size_t i = 0; i < graph->n_inputs; i++)
        w->step_of[graph->inputs[i]->id] = tnn_engine_step_of(w->exact, graph->inputs[i]);
    for (const tnn_node *node = graph->first; node != NULL; node = node->next)
        for (uint32_t k = 0; k < node->n_outputs; k++)
            w->step_of[node->outputs[k]->id] = tnn_engine_step_of(w->exact, node->outputs[k]);
}

static tnn_status fill_lane(const work *w, lane *l, tnn_error *err) {
    l->sums = TNN_NEW_ARRAY(w->plan->arena, w->plan->n_values, tnn_difference);
    if (l->sums == NULL) return tnn_fail_nomem(err);
    return tnn_engine_state_new(&l->state, w->exact, NULL, err);
}

static tnn_status run(work *w, const tnn_engine *rounded, const tnn_accumulation_options *options, tnn_error *err) {
    w->lanes = TNN_NEW_ARRAY(w->plan->arena, (size_t)options->n_threads, lane);
    if (w->lanes == NULL) return tnn_fail_nomem(err);
    while (w->n_lanes < (size_t)options->n_threads) TNN_TRY(fill_lane(w, &w->lanes[w->n_lanes++], err));
    tnn_sample_source both = {.context = w, .n_samples = w->source->n_samples, .fill = fill};
    tnn_simulation_job job = {.plan = w->plan, .source = &both, .n_samples = options->max_samples,
                              .n_threads = options->n_threads, .context = w, .seen = seen, .done = done};
    return tnn_simulation_run(rounded, &job, err);
}

tnn_status tnn_accumulate(tnn_difference **values, const tnn_quant_plan *plan, const tnn_engine *exact,
                          const tnn_sample_source *source, const tnn_accumulation_options *options, tnn_error *err) {
    work w = {.plan = plan, .exact = exact, .source = source};
    tnn_engine *rounded = NULL;
    *values = w.values = TNN_NEW_ARRAY(plan->arena, plan->n_values, tnn_difference);
    w.step_of = TNN_NEW_ARRAY(plan->arena, plan->n_values, size_t);
    if (w.values == NULL || w.step_of == NULL) return tnn_fail_nomem(err);
    note_steps(&w);
    TNN_TRY(tnn_simulation_new(&rounded, plan, options->per_tensor, NULL, err));
    tnn_status status = run(&w, rounded, options, err);
    for (size_t i = 0; i < w.n_lanes; i++) tnn_engine_state_free(w.lanes[i].state);
    tnn_engine_free(rounded);
    return status;
}
