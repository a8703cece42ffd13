#include "quant/improve.h"

#include <inttypes.h>
#include <string.h>

#include "quant/absorb.h"
#include "quant/adaround.h"
#include "quant/bias.h"
#include "quant/bias_analytic.h"
#include "quant/equalize.h"
#include "quant/range_search.h"
#include "quant/snapshot.h"

#define MEASURED_SAMPLES 8
#define MEASURED_BYTES (16u << 20)
#define CHANNEL_SAMPLES 32 /* ranges of channels need few */
#define BIAS_SAMPLES 32         /* so do means */
#define BIAS_BYTES (96u << 20)
#define ROUNDING_SAMPLES 16
#define ROUNDING_BYTES (64u << 20)
#define SEARCH_SAMPLES 16 /* networks' outputs tell ranges apart soon */
#define SEARCH_RUNS 256

/* What a step works on. `plan` and `calibration` are NULL before there are ranges. */
typedef struct scene {
    tnn_improver *improver;
    tnn_quant_plan *plan;
    const tnn_calibration *calibration;
    tnn_bias_means *means; /* of layers, before weights are rounded; NULL: not known yet */
} scene;

typedef struct step_row {
    const char *name, *unit;
    bool (*wanted)(const tnn_improve_options *options);
    tnn_status (*run)(scene *s, uint32_t *n_changed, tnn_error *err);
    bool stays; /* whatever it gains by itself: the next step builds on it */
} step_row;

/* ---- the steps ---- */

static bool wants_equalization(const tnn_improve_options *o) { return o->equalizes; }
static bool wants_absorption(const tnn_improve_options *o) { return o->absorbs_biases; }
static bool wants_adaround(const tnn_improve_options *o) { return o->adarounds; }
static bool wants_range_search(const tnn_improve_options *o) { return o->searches_ranges && o->method == TNN_RANGE_L2; }
static bool wants_bias_correction(const tnn_improve_options *o) { return o->corrects_biases; }

static tnn_status channel_stats(const tnn_improver *m, tnn_channel_stats *out, tnn_error *err) {
    return tnn_channel_stats_collect(out, m->graph, m->source, CHANNEL_SAMPLES, m->options.n_threads, m->arena, err);
}

static tnn_status equalize(scene *s, uint32_t *n_changed, tnn_error *err) {
    tnn_channel_stats stats;
    TNN_TRY(channel_stats(s->improver, &stats, err));
    return tnn_equalize(s->improver->graph, &stats, s->improver->options.per_tensor, n_changed, err);
}

static tnn_status absorb_biases(scene *s, uint32_t *n_changed, tnn_error *err) {
    tnn_channel_stats stats;
    TNN_TRY(channel_stats(s->improver, &stats, err));
    return tnn_absorb_biases(s->improver->graph, &stats, n_changed, err);
}

static tnn_status search_ranges(scene *s, uint32_t *n_changed, tnn_error *err) {
    tnn_range_search_options options = {SEARCH_SAMPLES, SEARCH_RUNS, s->improver->options.n_threads};
    return tnn_range_search(s->calibration, s->plan, s->improver->source, &options, n_changed, err);
}

static bool corrects_by_samples(const tnn_improve_options *o) { return o->corrects_biases && !o->is_analytic; }

static tnn_bias_options bias_options(const tnn_improve_options *o) {
    return (tnn_bias_options){o->per_tensor, BIAS_SAMPLES, BIAS_BYTES, o->n_threads};
}

static tnn_status observe_means(scene *s, tnn_error *err) {
    tnn_bias_options options = bias_options(&s->improver->options);
    return s->means != NULL ? TNN_OK : tnn_bias_observe(&s->means, s->plan, s->improver->source, &options, err);
}

static tnn_status round_weights(scene *s, uint32_t *n_changed, tnn_error *err) {
    const tnn_improve_options *o = &s->improver->options;
    bool centred = corrects_by_samples(o);
    tnn_adaround_options options = {o->per_tensor, centred, ROUNDING_SAMPLES, ROUNDING_BYTES, o->n_threads};
    uint32_t n_too_large;
    if (centred) TNN_TRY(observe_means(s, err));
    TNN_TRY(tnn_adaround(s->plan, s->improver->source, &options, n_changed, &n_too_large, err));
    if (n_too_large == 0) return TNN_OK;
    return tnn_graph_model_warn(s->improver->graph->model, err,
                                "%" PRIu32 " layers are rounded to nearest: an output has more than %d weights", n_too_large,
                                TNN_ADAROUND_MAX_ROW);
}

static tnn_status correct_analytically(scene *s, uint32_t *n_changed, tnn_error *err) {
    TNN_TRY(tnn_bias_correct_analytically(s->plan, s->improver->options.per_tensor, n_changed, err));
    if (*n_changed > 0) return TNN_OK;
    return tnn_graph_model_warn(s->improver->graph->model, err,
                                "biases are not corrected: no layer has a batch norm before it whose statistics are known");
}

static tnn_status correct_biases(scene *s, uint32_t *n_changed, tnn_error *err) {
    tnn_bias_options options = bias_options(&s->improver->options);
    if (s->improver->options.is_analytic) return correct_analytically(s, n_changed, err);
    TNN_TRY(observe_means(s, err));
    return tnn_bias_correct(s->means, s->improver->source, &options, n_changed, err);
}

static const step_row value_steps[] = {
    {"equalization", "groups of values", wants_equalization, equalize, false},
    {"bias absorption", "layers", wants_absorption, absorb_biases, false},
};

static const step_row range_steps[] = {
    {"range search", "ranges", wants_range_search, search_ranges, false},
};

static const step_row weight_steps[] = {
    {"rounding", "layers", wants_adaround, round_weights, true},
    {"bias correction", "layers", wants_bias_correction, correct_biases, false},
};

/* ---- measuring ---- */

static tnn_status measure_roughly(const tnn_improver *m, tnn_arena *arena, double *decibels, tnn_error *err) {
    tnn_calibration calibration;
    tnn_quant_plan plan;
    TNN_TRY(tnn_quant_plan_make(&plan, m->graph, m->options.keeps_float, m->options.context, err));
    TNN_TRY(tnn_calibrate(&calibration, &plan, &m->quality.source, false, m->options.n_threads, arena, err));
    TNN_TRY(tnn_calibration_choose(&calibration, &plan, m->options.method, m->options.share, err));
    return tnn_quality_measure(&m->quality, &plan, decibels, err);
}

/* Before there are ranges: by those that the few samples give. */
static tnn_status measure(const scene *s, double *decibels, tnn_error *err) {
    if (s->plan != NULL) return tnn_quality_measure(&s->improver->quality, s->plan, decibels, err);
    tnn_arena *arena = tnn_arena_new();
    tnn_status status = arena != NULL ? measure_roughly(s->improver, arena, decibels, err) : tnn_fail_nomem(err);
    tnn_arena_free(arena);
    return status;
}

/* ---- one after the other ---- */

typedef struct saved {
    tnn_snapshot constants;
    tnn_quant_class *classes; /* of the plan */
} saved;

static tnn_status save(const scene *s, saved *out, tnn_error *err) {
    const tnn_quant_plan *plan = s->plan;
    out->classes = NULL;
    TNN_TRY(tnn_snapshot_take(&out->constants, s->improver->graph, err));
    if (plan == NULL) return TNN_OK;
    out->classes = tnn_arena_copy(plan->arena, plan->classes, plan->n_classes, sizeof *plan->classes);
    return out->classes != NULL ? TNN_OK : tnn_fail_nomem(err);
}

static tnn_status take_back(const scene *s, const saved *before, tnn_error *err) {
    if (s->plan != NULL) memcpy(s->plan->classes, before->classes, s->plan->n_classes * sizeof *before->classes);
    return tnn_snapshot_restore(&before->constants, err);
}

/* `*decibels` of the network as it is becomes that of what the step leaves. */
static tnn_status take_step(scene *s, const step_row *row, double *decibels, tnn_error *err) {
    tnn_quant_steps *out = s->improver->out;
    tnn_quant_step *step = &out->steps[out->n++];
    saved before;
    *step = (tnn_quant_step){.name = row->name, .unit = row->unit, .before = *decibels, .after = *decibels};
    TNN_TRY(save(s, &before, err));
    TNN_TRY(row->run(s, &step->n_changed, err));
    if (step->n_changed == 0) return TNN_OK;
    TNN_TRY(measure(s, &step->after, err));
    step->taken_back = step->after < step->before && !row->stays;
    if (step->taken_back) return take_back(s, &before, err);
    *decibels = step->after;
    return TNN_OK;
}

static tnn_status take_steps(scene *s, const step_row *rows, size_t n, tnn_error *err) {
    tnn_improver *m = s->improver;
    for (size_t i = 0; i < n; i++) {
        if (!rows[i].wanted(&m->options)) continue;
        if (!m->is_measured) TNN_TRY(measure(s, &m->decibels, err));
        m->is_measured = true;
        TNN_TRY(take_step(s, &rows[i], &m->decibels, err));
    }
    return TNN_OK;
}

tnn_status tnn_improve_values(tnn_improver *improver, tnn_error *err) {
    scene s = {.improver = improver};
    TNN_TRY(take_steps(&s, value_steps, sizeof value_steps / sizeof *value_steps, err));
    improver->is_measured = false; /* with the ranges that come now */
    return TNN_OK;
}

tnn_status tnn_improve_ranges(tnn_improver *improver, tnn_quant_plan *plan, const tnn_calibration *calibration,
                              tnn_error *err) {
    scene s = {.improver = improver, .plan = plan, .calibration = calibration};
    return take_steps(&s, range_steps, sizeof range_steps / sizeof *range_steps, err);
}

tnn_status tnn_improve_biases(tnn_improver *improver, tnn_quant_plan *plan, tnn_error *err) {
    scene s = {.improver = improver, .plan = plan};
    return take_steps(&s, weight_steps, sizeof weight_steps / sizeof *weight_steps, err);
}

tnn_status tnn_improver_init(tnn_improver *out, tnn_graph *graph, const tnn_sample_source *source,
                             const tnn_improve_options *options, tnn_quant_steps *steps, tnn_error *err) {
    tnn_quality_options measuring = {options->per_tensor, MEASURED_SAMPLES, MEASURED_BYTES, options->n_threads};
    *out = (tnn_improver){.graph = graph, .source = source, .options = *options, .arena = graph->model->arena, .out = steps};
    return tnn_quality_new(&out->quality, graph, source, &measuring, out->arena, err);
}
