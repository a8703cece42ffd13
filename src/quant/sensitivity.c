#include "quant/sensitivity.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/parallel.h"
#include "ir/recipe.h"
#include "quant/outputs.h"
#include "quant/quant_rows.h"
#include "quant/simulate.h"

/* Of one loss in one sample. */
typedef struct sample_loss {
    tnn_difference by_weights, by_values, by_both;
} sample_loss;

/* What one thread works with. */
typedef struct lane {
    tnn_engine_state *exact, *rounded, *tried;
    const void **inputs;
    void **wanted, **got;
} lane;

typedef struct work {
    const tnn_quant_plan *plan;
    const tnn_engine *exact;
    tnn_engine *rounded; /* all weights are */
    const tnn_sample_source *source;
    const tnn_sensitivity_options *options;
    tnn_sensitivity *out;
    size_t n_samples, n_outputs;
    lane *lanes;
    size_t n_lanes;
    sample_loss *losses;     /* [n_samples, n] */
    tnn_difference *outputs; /* [n_samples, n, 2, n_outputs]: by weights, by values */
    bool *ran;               /* [n_samples] */
} work;

/* ---- what is rounded ---- */

static bool is_origin(const tnn_quant_class *class, const tnn_value *value) {
    for (uint32_t i = 0; i < class->n_origins; i++)
        if (class->origins[i] == value) return true;
    return false;
}

static bool is_rounded(const tnn_quant_plan *plan, const tnn_value *value) {
    const tnn_quant_class *class = tnn_quant_class_of(plan, value);
    return class != NULL && is_origin(class, value);
}

static void add_loss(work *w, const tnn_node *node, const tnn_value *value) {
    bool integer = node != NULL && tnn_quant_plan_is_integer(w->plan, node);
    tnn_loss loss = {.node = node, .value = value, .step = tnn_engine_step_of(w->exact, value)};
    loss.weights = integer && tnn_weights_of(node) != NULL;
    loss.values = is_rounded(w->plan, value);
    if ((loss.weights || loss.values) && loss.step != SIZE_MAX) w->out->losses[w->out->n++] = loss;
}

static int by_step(const void *a, const void *b) {
    const tnn_loss *x = a, *y = b;
    return x->step < y->step ? -1 : x->step > y->step;
}

static tnn_status find_losses(work *w, tnn_error *err) {
    const tnn_graph *graph = w->plan->graph;
    w->out->losses = TNN_NEW_ARRAY(w->plan->arena, graph->n_inputs + graph->n_nodes, tnn_loss);
    if (w->out->losses == NULL) return tnn_fail_nomem(err);
    for (size_t i = 0; i < graph->n_inputs; i++) add_loss(w, NULL, graph->inputs[i]);
    for (const tnn_node *node = graph->first; node != NULL; node = node->next) add_loss(w, node, node->outputs[0]);
    qsort(w->out->losses, w->out->n, sizeof *w->out->losses, by_step);
    return TNN_OK;
}

static double runs_of_a_sample(const work *w) {
    double all = (double)tnn_engine_n_steps(w->exact), runs = 2;
    for (size_t i = 0; i < w->out->n; i++) {
        const tnn_loss *loss = &w->out->losses[i];
        runs += (loss->weights + loss->values) * (all - (double)loss->step) / all;
    }
    return runs;
}

static size_t choose_samples(const work *w) {
    enum { FEW = 2 };
    size_t n = w->source->n_samples < w->options->max_samples ? w->source->n_samples : w->options->max_samples;
    while (n > FEW && (double)n * runs_of_a_sample(w) > (double)w->options->max_runs) n--;
    return n;
}

/* ---- weights themselves ---- */

static tnn_status measure_weights(const work *w, tnn_loss *loss, tnn_error *err) {
    const tnn_recipe *recipe = tnn_weights_of(loss->node)->constant;
    int64_t n = tnn_recipe_count(recipe);
    tnn_difference sums = {0};
    float *rounded, *weights = tnn_alloc((size_t)n, sizeof *weights);
    tnn_status status = tnn_read_rounded_weights(&rounded, loss->node, w->options->per_tensor, w->plan->arena, err);
    if (status == TNN_OK) status = weights != NULL ? tnn_recipe_read(recipe, 0, n, weights, err) : tnn_fail_nomem(err);
    if (status == TNN_OK) tnn_dense_compare(weights, rounded, n, &sums);
    loss->own_noise = tnn_noise_of(&sums);
    tnn_free(rounded);
    tnn_free(weights);
    return status;
}

/* ---- one sample ---- */

/* From behind the loss to the outputs; what the state holds is used up. */
static tnn_status finish(const work *w, const lane *l, const tnn_loss *loss, tnn_difference *outputs, tnn_error *err) {
    TNN_TRY(tnn_engine_steps(w->exact, l->tried, loss->step + 1, tnn_engine_n_steps(w->exact), NULL, err));
    tnn_outputs_compare(w->plan->graph, l->wanted, l->got, outputs);
    return TNN_OK;
}

/* `l->rounded` has computed the result with rounded weights, `l->exact` with exact ones. */
static tnn_status try_weights(const work *w, const lane *l, const tnn_loss *loss, sample_loss *sums,
                              tnn_difference *outputs, tnn_error *err) {
    tnn_engine_view exact = tnn_engine_view_of(w->exact, l->exact, loss->value);
    tnn_engine_view rounded = tnn_engine_view_of(w->rounded, l->rounded, loss->value);
    tnn_view_compare(&exact, &rounded, &sums->by_weights);
    tnn_engine_state_copy(l->tried, l->rounded);
    TNN_TRY(finish(w, l, loss, outputs, err));
    if (loss->values) tnn_round_view(&rounded, tnn_quant_class_of(w->plan, loss->value)->quant);
    tnn_view_compare(&exact, &rounded, &sums->by_both);
    return TNN_OK;
}

static tnn_status try_values(const work *w, const lane *l, const tnn_loss *loss, sample_loss *sums,
                             tnn_difference *outputs, tnn_error *err) {
    tnn_engine_view exact = tnn_engine_view_of(w->exact, l->exact, loss->value);
    tnn_engine_view rounded = tnn_engine_view_of(w->exact, l->tried, loss->value);
    tnn_engine_state_copy(l->tried, l->exact);
    tnn_round_view(&rounded, tnn_quant_class_of(w->plan, loss->value)->quant);
    tnn_view_compare(&exact, &rounded, &sums->by_values);
    if (!loss->weights) sums->by_both = sums->by_values;
    return finish(w, l, loss, outputs, err);
}

static tnn_status try_loss(const work *w, const lane *l, const tnn_loss *loss, sample_loss *sums,
                           tnn_difference *outputs, tnn_error *err) {
    if (loss->weights) {
        tnn_engine_state_copy(l->rounded, l->exact);
        TNN_TRY(tnn_engine_steps(w->rounded, l->rounded, loss->step, loss->step + 1, NULL, err));
    }
    TNN_TRY(tnn_engine_steps(w->exact, l->exact, loss->step, loss->step + 1, NULL, err));
    if (loss->weights) TNN_TRY(try_weights(w, l, loss, sums, outputs, err));
    return loss->values ? try_values(w, l, loss, sums, outputs + w->n_outputs, err) : TNN_OK;
}

static tnn_status run_sample(void *context, size_t sample, int thread, tnn_error *err) {
    const work *w = context;
    const lane *l = &w->lanes[thread];
    size_t at = 0, n = w->out->n;
    TNN_TRY(w->source->fill(w->source->context, sample, thread, l->inputs, err));
    w->ran[sample] = l->inputs[0] != NULL;
    if (!w->ran[sample]) return TNN_OK;
    TNN_TRY(tnn_engine_run(w->exact, l->tried, l->inputs, l->wanted, NULL, err));
    tnn_engine_begin(w->exact, l->tried, l->inputs, l->got);
    tnn_engine_begin(w->exact, l->exact, l->inputs, NULL);
    tnn_engine_begin(w->rounded, l->rounded, l->inputs, NULL);
    for (size_t i = 0; i < n; i++) {
        const tnn_loss *loss = &w->out->losses[i];
        tnn_difference *outputs = w->outputs + (sample * n + i) * 2 * w->n_outputs;
        TNN_TRY(tnn_engine_steps(w->exact, l->exact, at, loss->step, NULL, err));
        TNN_TRY(try_loss(w, l, loss, &w->losses[sample * n + i], outputs, err));
        at = loss->step + 1;
    }
    return TNN_OK;
}

/* ---- all of them ---- */

/* In the order of samples, so that sums do not depend on threads. */
static double cost_of(const work *w, size_t loss, size_t part, tnn_difference *sums) {
    memset(sums, 0, w->n_outputs * sizeof *sums);
    for (size_t s = 0; s < w->n_samples; s++)
        for (size_t o = 0; o < w->n_outputs; o++)
            tnn_difference_add(&sums[o], &w->outputs[((s * w->out->n + loss) * 2 + part) * w->n_outputs + o]);
    return tnn_outputs_noise(w->plan->graph, sums);
}

static tnn_status add_up(const work *w, tnn_error *err) {
    tnn_difference *sums = TNN_NEW_ARRAY(w->plan->arena, w->n_outputs, tnn_difference);
    if (sums == NULL) return tnn_fail_nomem(err);
    for (size_t i = 0; i < w->out->n; i++) {
        tnn_loss *loss = &w->out->losses[i];
        for (size_t s = 0; s < w->n_samples; s++) {
            const sample_loss *one = &w->losses[s * w->out->n + i];
            tnn_difference_add(&loss->by_weights, &one->by_weights);
            tnn_difference_add(&loss->by_values, &one->by_values);
            tnn_difference_add(&loss->by_both, &one->by_both);
        }
        loss->weights_cost = cost_of(w, i, 0, sums);
        loss->values_cost = cost_of(w, i, 1, sums);
        if (loss->weights) TNN_TRY(measure_weights(w, loss, err));
    }
    for (size_t s = 0; s < w->n_samples; s++) w->out->n_samples += w->ran[s];
    return TNN_OK;
}

static tnn_status fill_lane(const work *w, lane *l, tnn_error *err) {
    l->inputs = TNN_NEW_ARRAY(w->plan->arena, w->plan->graph->n_inputs, const void *);
    if (l->inputs == NULL) return tnn_fail_nomem(err);
    TNN_TRY(tnn_outputs_new(&l->wanted, w->plan->graph, err));
    TNN_TRY(tnn_outputs_new(&l->got, w->plan->graph, err));
    TNN_TRY(tnn_engine_state_new(&l->exact, w->exact, NULL, err));
    TNN_TRY(tnn_engine_state_new(&l->rounded, w->rounded, NULL, err));
    return tnn_engine_state_new(&l->tried, w->exact, NULL, err);
}

static void clear_lane(const work *w, lane *l) {
    tnn_outputs_free(l->wanted, w->plan->graph);
    tnn_outputs_free(l->got, w->plan->graph);
    tnn_engine_state_free(l->exact);
    tnn_engine_state_free(l->rounded);
    tnn_engine_state_free(l->tried);
}

static tnn_status run(work *w, tnn_error *err) {
    size_t n = w->n_samples * w->out->n;
    w->losses = TNN_NEW_ARRAY(w->plan->arena, n, sample_loss);
    w->outputs = TNN_NEW_ARRAY(w->plan->arena, n * 2 * w->n_outputs, tnn_difference);
    w->ran = TNN_NEW_ARRAY(w->plan->arena, w->n_samples, bool);
    w->lanes = TNN_NEW_ARRAY(w->plan->arena, (size_t)w->options->n_threads, lane);
    if (w->losses == NULL || w->outputs == NULL || w->ran == NULL || w->lanes == NULL) return tnn_fail_nomem(err);
    while (w->n_lanes < (size_t)w->options->n_threads) TNN_TRY(fill_lane(w, &w->lanes[w->n_lanes++], err));
    TNN_TRY(tnn_parallel(w->n_samples, w->options->n_threads, run_sample, w, err));
    return add_up(w, err);
}

tnn_status tnn_sensitivity_measure(tnn_sensitivity *out, const tnn_quant_plan *plan, const tnn_engine *exact,
                                   const tnn_sample_source *source, const tnn_sensitivity_options *options,
                                   tnn_error *err) {
    work w = {.plan = plan, .exact = exact, .source = source, .options = options, .out = out,
              .n_outputs = plan->graph->n_outputs};
    *out = (tnn_sensitivity){0};
    TNN_TRY(find_losses(&w, err));
    w.n_samples = choose_samples(&w);
    TNN_TRY(tnn_simulation_new(&w.rounded, plan, options->per_tensor, NULL, err));
    tnn_status status = run(&w, err);
    for (size_t i = 0; i < w.n_lanes; i++) clear_lane(&w, &w.lanes[i]);
    tnn_engine_free(w.rounded);
    return status;
}
