/* Quantization joins a conversion twice: the prepared graph is calibrated and told its scales, the lowered one is turned
 * into integers. */
#include "tinynn/quantize.h"

#include <string.h>

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

tnn_quantize_options tnn_quantize_options_default(void) {
    return (tnn_quantize_options){.percentile = 99.99, .io = TNN_DTYPE_F32, .n_threads = 1};
}

typedef struct quantization {
    const tnn_quantize_options *options;
    tnn_sample_feed feed;
    tnn_raw_inputs raw;
    tnn_int8_stats stats;
    tnn_quant_steps steps;
    tnn_calibration_notes notes;
    const bool *floats; /* nodes that stay float, by id of their first output; NULL: none */
} quantization;

static bool keeps_float(const void *context, const tnn_node *node) {
    const quantization *q = context;
    return q->floats != NULL && q->floats[node->outputs[0]->id];
}

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
    leave_out(q, &steps->corrects_biases, "bias correction: it needs samples");
}

static tnn_improve_options improve_options(quantization *q) {
    const tnn_quantize_options *options = q->options;
    tnn_improve_options steps = {
        .per_tensor = options->per_tensor,
        .absorbs_biases = options->absorb_bias,
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
static tnn_status calibrate(quantization *q, tnn_graph *graph, tnn_quant_plan *plan, tnn_calibration *out, tnn_error *err) {
    bool changed;
    do {
        TNN_TRY(tnn_quant_plan_make(plan, graph, keeps_float, q, err));
        if (q->options->statistics != NULL) return give(q, plan, out, err);
        TNN_TRY(tnn_sample_feed_calibrate(out, plan, &q->feed, err));
        TNN_TRY(tnn_quant_masks(plan, out, &changed, err));
    } while (changed);
    q->notes.n_samples = out->n_samples;
    return TNN_OK;
}

/* Concatenations that one scale does not suit are split, or kept float, before the network is quantized. */
static tnn_status part_concats(quantization *q, tnn_graph *graph, tnn_error *err) {
    tnn_quant_plan plan;
    tnn_calibration calibration;
    tnn_concat_clashes clashes;
    bool *floats;
    if (q->options->concat == TNN_CONCAT_KEEP) return TNN_OK;
    TNN_TRY(calibrate(q, graph, &plan, &calibration, err));
    TNN_TRY(tnn_concat_find(&clashes, &plan, &calibration, err));
    if (q->options->concat == TNN_CONCAT_SPLIT) return tnn_concat_split(&clashes, graph, err);
    TNN_TRY(tnn_concat_warn(&clashes, graph, "it stays float, and what follows", err));
    TNN_TRY(tnn_concat_mark(&floats, &clashes, graph, err));
    q->floats = floats;
    return TNN_OK;
}

/* Choose the parameters of all values. `improver` NULL: there are no samples to make them better by. */
static tnn_status choose(quantization *q, tnn_graph *graph, tnn_improver *improver, const tnn_improve_options *options,
                         tnn_error *err) {
    tnn_quant_plan plan;
    tnn_calibration calibration;
    tnn_concat_clashes clashes;
    if (improver != NULL) TNN_TRY(tnn_improve_values(improver, err));
    TNN_TRY(calibrate(q, graph, &plan, &calibration, err));
    TNN_TRY(tnn_concat_find(&clashes, &plan, &calibration, err));
    TNN_TRY(tnn_concat_warn(&clashes, graph, "one scale holds both", err));
    TNN_TRY(tnn_calibration_choose(&calibration, &plan, options->method, options->share, err));
    if (improver != NULL) TNN_TRY(tnn_improve_plan(improver, &plan, &calibration, err));
    tnn_quant_plan_apply(&plan);
    return TNN_OK;
}

static tnn_status prepared(void *context, tnn_graph *graph, tnn_error *err) {
    quantization *q = context;
    tnn_improve_options options = improve_options(q);
    TNN_TRY(tnn_raw_inputs_apply(&q->raw, graph, q->options, err));
    q->feed.maps = q->raw.maps;
    TNN_TRY(tnn_quant_products(graph, err));
    if (q->feed.reader != NULL) TNN_TRY(tnn_sample_feed_start(&q->feed, graph, err));
    TNN_TRY(part_concats(q, graph, err));
    if (q->feed.reader == NULL) return choose(q, graph, NULL, &options, err);
    tnn_sample_source source = tnn_sample_feed_source(&q->feed);
    tnn_improver improver;
    TNN_TRY(tnn_improver_init(&improver, graph, &source, &options, &q->steps, err));
    return choose(q, graph, &improver, &options, err);
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
    tnn_convert_stages stages = {&q, prepared, lowered, &q.stats, &q.steps, &q.notes};
    q.feed = (tnn_sample_feed){.graph = model->graphs[0], .reader = samples, .n_threads = q.options->n_threads,
                               .progress = q.options->progress, .progress_context = q.options->progress_context};
    if (report != NULL) *report = NULL;
    if (lacks != NULL) memset(lacks, 0, sizeof *lacks);
    TNN_TRY(check(&q, model, convert, err));
    return tnn_convert_in_stages(model, path, convert, &stages, report, lacks, err);
}
