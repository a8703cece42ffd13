/* The road from a model to a .tflite: a copy of the model is prepared, laid out, lowered and written. */
#include "tinynn/convert.h"

#include <string.h>

#include "api/io_names.h"
#include "api/report.h"
#include "api/stages.h"
#include "base/alloc.h"
#include "base/progress.h"
#include "ir/clone.h"
#include "passes/prepare.h"
#include "tflite/layout.h"
#include "tflite/lower.h"
#include "tflite/metadata.h"
#include "tflite/write.h"
#include "tflite/zip_append.h"

/* tnn_convert_options.optimize */
#define MAX_LEVEL 5
#define ONE_LAYOUT_LEVEL 4
#define FUSING_LEVEL 3
#define BATCH_NORM_LEVEL 2

#define MICRO_CONCAT_INPUTS 10
#define MIN_ELEMS 1024 /* below, scales and quantizing cost more than bytes are saved; as TensorFlow's converter */

tnn_convert_options tnn_convert_options_default(void) {
    return (tnn_convert_options){.layout = TNN_LAYOUT_NHWC, .optimize = MAX_LEVEL,
                                 .dynamic_range = {.min_elems = MIN_ELEMS}, .int4 = {.min_elems = MIN_ELEMS}};
}

/* Of a conversion that writes: what comes before the writing, which grows with the number of operators and not with the
 * size of the file. A guess. */
#define PREPARATION 0.3

/* What lives during a conversion. */
typedef struct conversion {
    tnn_model *work;    /* the copy that passes change */
    tnn_model *target;  /* owns the TFLite graph */
    tnn_graph *lowered;
    tnn_layout_result layout;
    tnn_metadata_parts metadata;
    tnn_tflite_stats stats;
    tnn_dynamic_range_stats dynamic_range;
    tnn_int4_stats int4;
    tnn_progress_span preparing, writing;
} conversion;

static tnn_status check_count(const char *what, const tnn_io_layout *layouts, size_t n, size_t expected, tnn_error *err) {
    if (layouts == NULL || n == expected) return TNN_OK;
    return tnn_fail(err, TNN_ERR_INVALID, what, "%zu layouts, the model has %zu", n, expected);
}

static tnn_status layout_options(const tnn_model *model, const tnn_convert_options *options, tnn_layout_options *out,
                                 tnn_error *err) {
    *out = (tnn_layout_options){options->layout == TNN_LAYOUT_NHWC, options->input_layouts, options->output_layouts,
                                options->optimize < ONE_LAYOUT_LEVEL};
    TNN_TRY(check_count("inputs", out->inputs, options->n_input_layouts, tnn_model_n_inputs(model), err));
    return check_count("outputs", out->outputs, options->n_output_layouts, tnn_model_n_outputs(model), err);
}

static tnn_prepare_options prepare_options(const tnn_convert_options *options) {
    tnn_prepare_level level = options->optimize >= FUSING_LEVEL       ? TNN_PREPARE_ALL
                              : options->optimize >= BATCH_NORM_LEVEL ? TNN_PREPARE_BATCH_NORMS
                                                                      : TNN_PREPARE_NEEDED;
    return (tnn_prepare_options){
        .level = level, .part_linear = options->separate_gates, .can_fuse = tnn_lower_can_fuse, .keeps = tnn_lower_keeps};
}

static tnn_lower_options lower_options(const tnn_convert_options *options) {
    uint32_t dims = options->max_transpose_dims;
    return (tnn_lower_options){
        .split_groups = options->split_groups,
        .float16 = options->float16,
        .dynamic_range = options->dynamic_range.enabled ? &options->dynamic_range : NULL,
        .legacy_gelu = options->legacy_gelu,
        .tconv_bias_as_add = options->tconv_bias_as_add,
        .mtk_ops = options->mtk_ops,
        .max_transpose_dims = (uint8_t)(dims < TNN_MAX_RANK ? dims : TNN_MAX_RANK),
        .max_concat_inputs = options->micro ? MICRO_CONCAT_INPUTS : 0,
    };
}

static tnn_status check_level(const tnn_convert_options *options, tnn_error *err) {
    if (options->optimize <= MAX_LEVEL) return TNN_OK;
    return tnn_fail(err, TNN_ERR_INVALID, "optimize", "is %u, expected 0 to %d", (unsigned)options->optimize, MAX_LEVEL);
}

tnn_status tnn_convert_prepare(tnn_model **out, const tnn_model *model, const tnn_convert_options *options, tnn_error *err) {
    tnn_prepare_options preparing = prepare_options(options);
    *out = NULL;
    TNN_TRY(check_level(options, err));
    TNN_TRY(tnn_graph_model_clone(out, model, err));
    tnn_status status = tnn_pass_prepare((*out)->graphs[0], &preparing, err);
    if (status == TNN_OK) return TNN_OK;
    tnn_graph_model_free(*out);
    *out = NULL;
    return status;
}

static tnn_status plan_int4(conversion *c, const tnn_convert_options *options, bool has_integers, tnn_error *err) {
    c->int4.arena = c->work->arena;
    if (!options->int4.enabled) return TNN_OK;
    if (!has_integers && !options->dynamic_range.enabled)
        return tnn_fail(err, TNN_ERR_INVALID, "int4", "is for files of integers and of dynamic range");
    const char *linear_why = has_integers || options->dynamic_range.even_if_slower ? NULL
                             : "would be slower: XNNPACK has no such kernel for convolutions";
    return tnn_int4_plan(c->work->graphs[0], &options->int4, linear_why, &c->int4, err);
}

static tnn_status lower(conversion *c, const tnn_model *model, const tnn_convert_options *options,
                        const tnn_convert_stages *stages, tnn_lacks *lacks, tnn_error *err) {
    tnn_layout_options layout;
    tnn_lower_options lowering = lower_options(options);
    lowering.dynamic_stats = &c->dynamic_range;
    TNN_TRY(layout_options(model, options, &layout, err));
    TNN_TRY(tnn_io_names_check(model, options, err));
    TNN_TRY(tnn_convert_prepare(&c->work, model, options, err));
    TNN_TRY(plan_int4(c, options, stages != NULL, err));
    tnn_graph *graph = c->work->graphs[0];
    if (stages != NULL) TNN_TRY(stages->prepared(stages->context, graph, err));
    TNN_TRY(tnn_progress_tell(&c->preparing, 1.0 / 3, 0, err));
    TNN_TRY(tnn_layout_assign(graph, &layout, &c->layout, err));
    TNN_TRY(tnn_pass_verify(graph, err));
    TNN_TRY(tnn_progress_tell(&c->preparing, 2.0 / 3, 0, err));
    TNN_TRY(tnn_graph_model_new(&c->target, model->path, err));
    TNN_TRY(tnn_lower_graph(graph, c->target, &lowering, lacks, &c->lowered, err));
    TNN_TRY(tnn_io_names_apply(c->lowered, options, err));
    if (stages != NULL) TNN_TRY(stages->lowered(stages->context, c->lowered, err));
    TNN_TRY(tnn_int4_count(&c->int4, c->lowered, err));
    TNN_TRY(tnn_pass_verify(c->lowered, err));
    if (options->metadata != NULL)
        TNN_TRY(tnn_metadata_make(&c->metadata, options->metadata, c->lowered, c->target->arena, err));
    return tnn_progress_tell(&c->preparing, 1, 0, err);
}

static tnn_status append_labels(conversion *c, tnn_out *out, tnn_error *err) {
    const char *labels = c->metadata.labels;
    if (labels == NULL) return TNN_OK;
    TNN_TRY(tnn_zip_append(out, TNN_LABELS_FILE, labels, strlen(labels), err));
    c->stats.file_bytes = tnn_out_position(out);
    return TNN_OK;
}

static tnn_status write(conversion *c, const char *path, tnn_error *err) {
    tnn_out *out = NULL;
    tnn_tflite_write_options options = tnn_tflite_write_options_default();
    options.progress = &c->writing;
    options.metadata = c->metadata.entry.data;
    options.metadata_bytes = c->metadata.entry.size;
    TNN_TRY(tnn_out_open(&out, path, err));
    tnn_status status = tnn_tflite_write(c->lowered, &options, out, &c->stats, err);
    if (status == TNN_OK) status = append_labels(c, out, err);
    if (status == TNN_OK) status = tnn_progress_tell(&c->writing, 1, c->stats.file_bytes, err);
    if (status == TNN_OK) status = tnn_out_commit(out, err);
    tnn_out_free(out);
    return status;
}

static void start_progress(conversion *c, const tnn_convert_options *options, bool writes) {
    double written_from = writes ? PREPARATION : 1;
    c->preparing = (tnn_progress_span){options->progress, options->progress_context, 0, written_from};
    c->writing = (tnn_progress_span){options->progress, options->progress_context, written_from, 1};
}

/* `path` NULL: nothing is written. */
tnn_status tnn_convert_in_stages(const tnn_model *model, const char *path, const tnn_convert_options *options,
                                 const tnn_convert_stages *stages, tnn_report **report, tnn_lacks *lacks,
                                 tnn_error *err) {
    tnn_convert_options defaults = tnn_convert_options_default();
    conversion c = {0};
    if (lacks != NULL) memset(lacks, 0, sizeof *lacks);
    if (report != NULL) *report = NULL;
    if (options == NULL) options = &defaults;
    start_progress(&c, options, path != NULL);
    tnn_status status = lower(&c, model, options, stages, lacks, err);
    if (status == TNN_OK && path != NULL) status = write(&c, path, err);
    if (status == TNN_OK && path == NULL) c.stats.n_operators = (uint32_t)c.lowered->n_nodes;
    if (status == TNN_OK && report != NULL) {
        tnn_report_facts facts = {.lowered = c.lowered, .source = c.work, .layout = &c.layout, .stats = &c.stats};
        if (options->dynamic_range.enabled) facts.dynamic_range = &c.dynamic_range;
        if (options->int4.enabled) facts.int4 = &c.int4;
        if (stages != NULL) {
            facts.integers = stages->stats;
            facts.steps = stages->steps;
            facts.notes = stages->notes;
            facts.analysis = stages->analysis;
        }
        status = tnn_report_new(report, &facts, err);
    }
    tnn_free(c.metadata.entry.data);
    tnn_graph_model_free(c.target);
    tnn_graph_model_free(c.work);
    return status;
}

tnn_status tnn_model_convert(const tnn_model *model, const char *path, const tnn_convert_options *options,
                             tnn_report **report, tnn_lacks *lacks, tnn_error *err) {
    return tnn_convert_in_stages(model, path, options, NULL, report, lacks, err);
}

tnn_status tnn_model_check(const tnn_model *model, const tnn_convert_options *options, tnn_report **report,
                           tnn_lacks *lacks, tnn_error *err) {
    return tnn_convert_in_stages(model, NULL, options, NULL, report, lacks, err);
}
