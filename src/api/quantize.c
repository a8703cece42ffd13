/* Quantization joins a conversion twice: the prepared graph is calibrated and told its scales, the lowered one is turned
 * into integers. */
#include "tinynn/quantize.h"

#include <string.h>

#include "api/analysis.h"
#include "api/precision.h"
#include "api/range_method.h"
#include "api/raw_inputs.h"
#include "api/sample_feed.h"
#include "api/stages.h"
#include "quant/concat.h"
#include "quant/improve.h"
#include "quant/masks.h"
#include "quant/products.h"
#include "quant/statistics.h"
#include "tflite/int8_graph.h"

#define LOSS_SAMPLES 8 /* noise is much the same in all of them */
#define LOSS_RUNS 256
#define MAX_BUDGET 200.0 /* dB; float32 has about 140 */

tnn_quantize_options tnn_quantize_options_default(void) {
    return (tnn_quantize_options){.percentile = 99.99, .io = TNN_DTYPE_F32, .n_threads = 1};
}

typedef struct quantization {
    const tnn_quantize_options *options;
    tnn_sample_feed feed;
    tnn_raw_inputs raw;
    tnn_graph *graph; /* prepared */
    bool *floats;     /* what stays float whatever it could, by id of a node's first output, below n_floats */
    size_t n_floats;
    tnn_quant_plan plan;
    tnn_calibration seen; /* of all values that are stored; where losses are measured */
    tnn_engine *exact;    /* of the graph before biases are corrected; likewise */
    tnn_analysis analysis;
    tnn_int8_stats stats;
    tnn_quant_steps steps;
    tnn_calibration_notes notes;
} quantization;

/* ---- what the user keeps float ---- */

static bool keeps_float(const void *context, const tnn_node *node) {
    const quantization *q = context;
    uint32_t id = node->outputs[0]->id;
    return id < q->n_floats && q->floats[id];
}

/* Room for all nodes that there are now. */
static tnn_status grow_floats(quantization *q, tnn_error *err) {
    size_t n = q->graph->model->next_value_id;
    bool *floats = TNN_NEW_ARRAY(q->graph->model->arena, n, bool);
    if (floats == NULL) return tnn_fail_nomem(err);
    if (q->n_floats > 0) memcpy(floats, q->floats, q->n_floats * sizeof *floats);
    q->floats = floats;
    q->n_floats = n;
    return TNN_OK;
}

static tnn_status choose_floats(quantization *q, tnn_error *err) {
    tnn_operators ops;
    if (q->options->precision == NULL) return TNN_OK;
    TNN_TRY(tnn_operators_list(&ops, q->feed.graph, q->graph, q->graph->model->arena, err));
    TNN_TRY(tnn_precision_choose(&q->floats, q->options->precision, &ops, q->graph->model->arena, err));
    q->n_floats = ops.n_values;
    return TNN_OK;
}

/* ---- steps ---- */

static void leave_out(quantization *q, bool *step, const char *why) {
    if (*step) q->notes.left_out[q->notes.n_left_out++] = why;
    *step = false;
}

/* Statistics are of the values as they are, and to know what a step gains takes samples. */
static void leave_out_steps(quantization *q, tnn_improve_options *steps) {
    if (q->options->statistics == NULL) return;
    leave_out(q, &steps->equalizes, "equalization: it would change the values that the statistics are of");
    leave_out(q, &steps->absorbs_biases, "bias absorption: it would change the values that the statistics are of");
    if (q->feed.reader != NULL) return;
    leave_out(q, &steps->searches_ranges, "range search: it needs samples");
    leave_out(q, &steps->adarounds, "rounding: it needs samples");
    leave_out(q, &steps->corrects_biases, "bias correction: it needs samples");
}

static tnn_improve_options improve_options(quantization *q) {
    const tnn_quantize_options *options = q->options;
    tnn_improve_options steps = {
        .per_tensor = options->per_tensor,
        .absorbs_biases = options->absorb_bias,
        .adarounds = options->adaround,
        .is_analytic = options->analytic_bias,
        .equalizes = !options->no_equalization,
        .searches_ranges = !options->no_range_search && options->method == TNN_CALIBRATION_L2,
        .corrects_biases = !options->no_bias_correction,
        .method = tnn_range_method_of(options->method),
        .share = 1 - options->percentile / 100,
        .n_threads = options->n_threads,
        .keeps_float = keeps_float,
        .context = q,
    };
    leave_out_steps(q, &steps);
    return steps;
}

static tnn_status give(quantization *q, const tnn_quant_plan *plan, tnn_calibration *out, tnn_error *err) {
    TNN_TRY(tnn_statistics_give(out, q->options->statistics, plan, err));
    q->notes.n_samples = out->n_samples;
    return TNN_OK;
}

/* Until masks and infinities are dealt with, which takes a second round where there are some. */
static tnn_status calibrate(quantization *q, tnn_quant_plan *plan, tnn_calibration *out, tnn_error *err) {
    bool changed;
    do {
        TNN_TRY(tnn_quant_plan_make(plan, q->graph, keeps_float, q, err));
        if (q->options->statistics != NULL) return give(q, plan, out, err);
        TNN_TRY(tnn_sample_feed_calibrate(out, plan, &q->feed, false, err));
        TNN_TRY(tnn_quant_masks(plan, out, &changed, err));
    } while (changed);
    q->notes.n_samples = out->n_samples;
    return TNN_OK;
}

/* Concatenations that one scale does not suit are split, or kept float, before the network is quantized. */
static tnn_status part_concats(quantization *q, tnn_error *err) {
    tnn_quant_plan plan;
    tnn_calibration calibration;
    tnn_concat_clashes clashes;
    bool *marked;
    if (q->options->concat == TNN_CONCAT_KEEP) return TNN_OK;
    TNN_TRY(calibrate(q, &plan, &calibration, err));
    TNN_TRY(tnn_concat_find(&clashes, &plan, &calibration, err));
    if (q->options->concat == TNN_CONCAT_SPLIT) return tnn_concat_split(&clashes, q->graph, err);
    TNN_TRY(tnn_concat_warn(&clashes, q->graph, "it stays float, and what follows", err));
    TNN_TRY(grow_floats(q, err));
    TNN_TRY(tnn_concat_mark(&marked, &clashes, q->graph, err));
    for (size_t id = 0; id < q->n_floats; id++) q->floats[id] = q->floats[id] || marked[id];
    return TNN_OK;
}

/* `improver` NULL: there are no samples to make ranges better by. */
static tnn_status choose_ranges(quantization *q, tnn_improver *improver, const tnn_improve_options *options,
                                tnn_error *err) {
    tnn_calibration calibration;
    tnn_concat_clashes clashes;
    TNN_TRY(calibrate(q, &q->plan, &calibration, err));
    TNN_TRY(tnn_concat_find(&clashes, &q->plan, &calibration, err));
    TNN_TRY(tnn_concat_warn(&clashes, q->graph, "one scale holds both", err));
    TNN_TRY(tnn_calibration_choose(&calibration, &q->plan, options->method, options->share, err));
    return improver != NULL ? tnn_improve_ranges(improver, &q->plan, &calibration, err) : TNN_OK;
}

/* ---- what is lost ---- */

static bool measures(const quantization *q) { return q->options->analyze || q->options->auto_exclude > 0; }

static tnn_status exclude(quantization *q, tnn_improver *improver, tnn_error *err) {
    tnn_exclude_options options = {q->options->auto_exclude, improver->options.method, improver->options.share};
    TNN_TRY(grow_floats(q, err));
    TNN_TRY(tnn_exclude(&q->analysis.exclusions, &q->plan, q->floats, &q->seen, &q->analysis.sensitivity,
                        &improver->quality, &options, err));
    improver->is_measured = false;
    return TNN_OK;
}

static tnn_status measure_losses(quantization *q, tnn_improver *improver, tnn_error *err) {
    tnn_sensitivity_options options = {q->options->per_tensor, LOSS_SAMPLES, LOSS_RUNS, q->options->n_threads};
    if (!measures(q)) return TNN_OK;
    TNN_TRY(tnn_calibrate(&q->seen, &q->plan, improver->source, true, q->options->n_threads, q->plan.arena, err));
    TNN_TRY(tnn_engine_new(&q->exact, q->graph, NULL, err));
    TNN_TRY(tnn_sensitivity_measure(&q->analysis.sensitivity, &q->plan, q->exact, improver->source, &options, err));
    return q->options->auto_exclude > 0 ? exclude(q, improver, err) : TNN_OK;
}

static tnn_status measure_sum(quantization *q, const tnn_improver *improver, tnn_error *err) {
    tnn_accumulation_options options = {q->options->per_tensor, LOSS_SAMPLES, q->options->n_threads};
    tnn_difference *values;
    if (!measures(q)) return TNN_OK;
    TNN_TRY(tnn_accumulate(&values, &q->plan, q->exact, improver->source, &options, err));
    q->analysis.values = values;
    return tnn_quality_measure(&improver->quality, &q->plan, &q->analysis.decibels, err);
}

/* ---- stages ---- */

static tnn_status quantize_by_samples(quantization *q, const tnn_improve_options *options, tnn_error *err) {
    tnn_sample_source source = tnn_sample_feed_source(&q->feed);
    tnn_improver improver;
    TNN_TRY(tnn_improver_init(&improver, q->graph, &source, options, &q->steps, err));
    TNN_TRY(tnn_improve_values(&improver, err));
    TNN_TRY(choose_ranges(q, &improver, options, err));
    TNN_TRY(measure_losses(q, &improver, err));
    TNN_TRY(tnn_improve_biases(&improver, &q->plan, err));
    return measure_sum(q, &improver, err);
}

static tnn_status quantize(quantization *q, tnn_error *err) {
    tnn_improve_options options = improve_options(q);
    TNN_TRY(tnn_raw_inputs_apply(&q->raw, q->graph, q->options, err));
    q->feed.maps = q->raw.maps;
    TNN_TRY(tnn_quant_products(q->graph, err));
    TNN_TRY(choose_floats(q, err));
    if (q->feed.reader != NULL) TNN_TRY(tnn_sample_feed_start(&q->feed, q->graph, err));
    TNN_TRY(part_concats(q, err));
    if (q->feed.reader != NULL) TNN_TRY(quantize_by_samples(q, &options, err));
    else TNN_TRY(choose_ranges(q, NULL, &options, err));
    tnn_quant_plan_apply(&q->plan);
    return TNN_OK;
}

static tnn_status prepared(void *context, tnn_graph *graph, tnn_error *err) {
    quantization *q = context;
    q->graph = graph;
    tnn_status status = quantize(q, err);
    tnn_engine_free(q->exact);
    q->exact = NULL;
    return status;
}

static tnn_status lowered(void *context, tnn_graph *graph, tnn_error *err) {
    quantization *q = context;
    tnn_int8_options options = {q->options->io, q->raw.dtypes, q->options->per_tensor};
    return tnn_int8_graph(graph, &options, &q->stats, err);
}

static tnn_status check(const quantization *q, const tnn_model *model, const tnn_convert_options *convert, tnn_error *err) {
    const tnn_quantize_options *options = q->options;
    if (convert != NULL && (convert->dynamic_range.enabled || convert->float16))
        return tnn_fail(err, TNN_ERR_INVALID, convert->float16 ? "float16" : "dynamic_range",
                        "is for files whose values stay float");
    if (convert != NULL && options->concat == TNN_CONCAT_SPLIT &&
        (convert->output_layouts != NULL || convert->output_names != NULL))
        return tnn_fail(err, TNN_ERR_INVALID, convert->output_names != NULL ? "output_names" : "output_layouts",
                        "cannot be given where concatenations are split: outputs change");
    if (options->statistics == NULL || q->feed.reader != NULL) TNN_TRY(tnn_sample_feed_check(&q->feed, model->path, err));
    if (!(options->percentile > 0 && options->percentile <= 100))
        return tnn_fail(err, TNN_ERR_INVALID, "percentile", "is %g, expected more than 0, at most 100",
                        options->percentile);
    if (!(options->auto_exclude >= 0 && options->auto_exclude <= MAX_BUDGET))
        return tnn_fail(err, TNN_ERR_INVALID, "auto_exclude", "is %g dB, expected 0 to %g", options->auto_exclude,
                        MAX_BUDGET);
    if (measures(q) && q->feed.reader == NULL)
        return tnn_fail(err, TNN_ERR_INVALID, options->analyze ? "analyze" : "auto_exclude", "needs samples");
    if (options->io != TNN_DTYPE_F32 && options->io != TNN_DTYPE_I8 && options->io != TNN_DTYPE_U8)
        return tnn_fail(err, TNN_ERR_INVALID, "io", "is %s, expected float32, int8 or uint8",
                        tnn_dtype_name(options->io));
    return TNN_OK;
}

tnn_status tnn_model_quantize(const tnn_model *model, const char *path, const tnn_sample_reader *samples,
                              const tnn_convert_options *convert, const tnn_quantize_options *options,
                              tnn_report **report, tnn_lacks *lacks, tnn_error *err) {
    tnn_quantize_options defaults = tnn_quantize_options_default();
    quantization q = {.options = options == NULL ? &defaults : options};
    tnn_convert_stages stages = {&q, prepared, lowered, &q.stats, &q.steps, &q.notes, measures(&q) ? &q.analysis : NULL};
    q.feed = (tnn_sample_feed){.graph = model->graphs[0], .reader = samples, .n_threads = q.options->n_threads,
                               .progress = q.options->progress, .progress_context = q.options->progress_context};
    q.analysis = (tnn_analysis){.path = path, .plan = &q.plan, .calibration = &q.seen, .budget = q.options->auto_exclude};
    if (report != NULL) *report = NULL;
    if (lacks != NULL) memset(lacks, 0, sizeof *lacks);
    TNN_TRY(check(&q, model, convert, err));
    return tnn_convert_in_stages(model, path, convert, &stages, report, lacks, err);
}
