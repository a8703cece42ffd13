/* Quantization joins a conversion twice: the prepared graph is calibrated and told its scales, the lowered one is turned
 * into integers. */
#include "tinynn/quantize.h"

#include <string.h>

#include "api/run_model.h"
#include "api/stages.h"
#include "quant/concat.h"
#include "quant/improve.h"
#include "quant/masks.h"
#include "quant/products.h"
#include "tflite/int8_graph.h"

tnn_quantize_options tnn_quantize_options_default(void) {
    return (tnn_quantize_options){.percentile = 99.99, .io = TNN_DTYPE_F32, .n_threads = 1};
}

typedef struct quantization {
    const tnn_model *model;
    const tnn_sample_reader *samples;
    const tnn_quantize_options *options;
    tnn_int8_stats stats;
    tnn_quant_steps steps;
    const bool *floats; /* nodes that stay float, by id of their first output; NULL: none */
} quantization;

static tnn_range_method method_of(const tnn_quantize_options *options) {
    switch (options->method) {
    case TNN_CALIBRATION_MINMAX: return TNN_RANGE_MINMAX;
    case TNN_CALIBRATION_AVERAGE: return TNN_RANGE_AVERAGE;
    case TNN_CALIBRATION_PERCENTILE: return TNN_RANGE_PERCENTILE;
    case TNN_CALIBRATION_KL: return TNN_RANGE_KL;
    case TNN_CALIBRATION_L2: break;
    }
    return TNN_RANGE_L2;
}

static tnn_status fill(void *context, size_t sample, int thread, const void **inputs, tnn_error *err) {
    const quantization *q = context;
    const tnn_graph *graph = q->model->graphs[0];
    const tnn_array *arrays = NULL;
    inputs[0] = NULL;
    TNN_TRY(q->samples->read(q->samples->context, sample, (uint32_t)thread, &arrays, err));
    for (size_t i = 0; arrays != NULL && i < graph->n_inputs; i++) {
        TNN_TRY(tnn_array_check(&arrays[i], graph->inputs[i], graph->inputs[i]->name, err));
        inputs[i] = arrays[i].data;
    }
    return TNN_OK;
}

static bool keeps_float(const void *context, const tnn_node *node) {
    const quantization *q = context;
    return q->floats != NULL && q->floats[node->outputs[0]->id];
}

static tnn_improve_options improve_options(const quantization *q) {
    const tnn_quantize_options *options = q->options;
    return (tnn_improve_options){
        .per_tensor = options->per_tensor,
        .absorbs_biases = options->absorb_bias,
        .is_analytic = options->analytic_bias,
        .equalizes = !options->no_equalization,
        .searches_ranges = !options->no_range_search,
        .corrects_biases = !options->no_bias_correction,
        .method = method_of(options),
        .share = 1 - options->percentile / 100,
        .n_threads = options->n_threads,
        .keeps_float = keeps_float,
        .context = q,
    };
}

/* Until masks and infinities are dealt with, which takes a second round where there are some. */
static tnn_status calibrate(const quantization *q, tnn_graph *graph, const tnn_sample_source *source, tnn_quant_plan *plan,
                            tnn_calibration *out, tnn_error *err) {
    bool changed;
    do {
        TNN_TRY(tnn_quant_plan_make(plan, graph, keeps_float, q, err));
        TNN_TRY(tnn_calibrate(out, plan, source, q->options->n_threads, graph->model->arena, err));
        if (out->n_samples == 0) return tnn_fail(err, TNN_ERR_INVALID, "samples", "none of them can be read");
        TNN_TRY(tnn_quant_masks(plan, out, &changed, err));
    } while (changed);
    return TNN_OK;
}

/* Concatenations that one scale does not suit are split, or kept float, before the network is quantized. */
static tnn_status part_concats(quantization *q, tnn_graph *graph, const tnn_sample_source *source, tnn_error *err) {
    tnn_quant_plan plan;
    tnn_calibration calibration;
    tnn_concat_clashes clashes;
    bool *floats;
    if (q->options->concat == TNN_CONCAT_KEEP) return TNN_OK;
    TNN_TRY(calibrate(q, graph, source, &plan, &calibration, err));
    TNN_TRY(tnn_concat_find(&clashes, &plan, &calibration, err));
    if (q->options->concat == TNN_CONCAT_SPLIT) return tnn_concat_split(&clashes, graph, err);
    TNN_TRY(tnn_concat_warn(&clashes, graph, "it stays float, and what follows", err));
    TNN_TRY(tnn_concat_mark(&floats, &clashes, graph, err));
    q->floats = floats;
    return TNN_OK;
}

static tnn_status prepared(void *context, tnn_graph *graph, tnn_error *err) {
    quantization *q = context;
    tnn_sample_source source = {q, (size_t)q->samples->n_samples, fill};
    tnn_improve_options options = improve_options(q);
    tnn_improver improver;
    tnn_quant_plan plan;
    tnn_calibration calibration;
    tnn_concat_clashes clashes;
    TNN_TRY(tnn_quant_products(graph, err));
    TNN_TRY(part_concats(q, graph, &source, err));
    TNN_TRY(tnn_improver_init(&improver, graph, &source, &options, &q->steps, err));
    TNN_TRY(tnn_improve_values(&improver, err));
    TNN_TRY(calibrate(q, graph, &source, &plan, &calibration, err));
    TNN_TRY(tnn_concat_find(&clashes, &plan, &calibration, err));
    TNN_TRY(tnn_concat_warn(&clashes, graph, "one scale holds both", err));
    TNN_TRY(tnn_calibration_choose(&calibration, &plan, options.method, options.share, err));
    TNN_TRY(tnn_improve_plan(&improver, &plan, &calibration, err));
    tnn_quant_plan_apply(&plan);
    return TNN_OK;
}

static tnn_status lowered(void *context, tnn_graph *graph, tnn_error *err) {
    quantization *q = context;
    tnn_int8_options options = {q->options->io, q->options->per_tensor};
    return tnn_int8_graph(graph, &options, &q->stats, err);
}

static tnn_status check(const tnn_model *model, const tnn_sample_reader *samples, const tnn_convert_options *convert,
                        const tnn_quantize_options *options, tnn_error *err) {
    if (convert != NULL && (convert->dynamic_range.enabled || convert->float16))
        return tnn_fail(err, TNN_ERR_INVALID, convert->float16 ? "float16" : "dynamic_range",
                        "is for files whose values stay float");
    if (convert != NULL && options->concat == TNN_CONCAT_SPLIT &&
        (convert->output_layouts != NULL || convert->output_names != NULL))
        return tnn_fail(err, TNN_ERR_INVALID, convert->output_names != NULL ? "output_names" : "output_layouts",
                        "cannot be given where concatenations are split: outputs change");
    if (tnn_model_n_inputs(model) == 0)
        return tnn_fail(err, TNN_ERR_INVALID, model->path, "has no inputs, so there is nothing to calibrate with");
    if (samples->n_samples == 0) return tnn_fail(err, TNN_ERR_INVALID, "samples", "there are none");
    if (options->n_threads < 1)
        return tnn_fail(err, TNN_ERR_INVALID, "n_threads", "is %d, expected 1 or more", options->n_threads);
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
    quantization q = {.model = model, .samples = samples, .options = options == NULL ? &defaults : options};
    tnn_convert_stages stages = {&q, prepared, lowered, &q.stats, &q.steps};
    if (report != NULL) *report = NULL;
    if (lacks != NULL) memset(lacks, 0, sizeof *lacks);
    TNN_TRY(check(model, samples, convert, q.options, err));
    return tnn_convert_in_stages(model, path, convert, &stages, report, lacks, err);
}
