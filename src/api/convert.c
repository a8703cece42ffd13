/* The road from a model to a .tflite: a copy of the model is prepared, laid out, lowered and written. */
#include "tinynn/convert.h"

#include <string.h>

#include "api/report.h"
#include "ir/clone.h"
#include "passes/prepare.h"
#include "tflite/layout.h"
#include "tflite/lower.h"
#include "tflite/write.h"

tnn_convert_options tnn_convert_options_default(void) {
    return (tnn_convert_options){.layout = TNN_LAYOUT_NHWC};
}

/* What lives during a conversion. */
typedef struct conversion {
    tnn_model *work;    /* the copy that passes change */
    tnn_model *target;  /* owns the TFLite graph */
    tnn_graph *lowered;
    tnn_layout_result layout;
    tnn_tflite_stats stats;
} conversion;

static tnn_status check_count(const char *what, const tnn_io_layout *layouts, size_t n, size_t expected, tnn_error *err) {
    if (layouts == NULL || n == expected) return TNN_OK;
    return tnn_fail(err, TNN_ERR_INVALID, what, "%zu layouts, the model has %zu", n, expected);
}

static tnn_status layout_options(const tnn_model *model, const tnn_convert_options *options, tnn_layout_options *out,
                                 tnn_error *err) {
    *out = (tnn_layout_options){options->layout == TNN_LAYOUT_NHWC, options->input_layouts, options->output_layouts};
    TNN_TRY(check_count("inputs", out->inputs, options->n_input_layouts, tnn_model_n_inputs(model), err));
    return check_count("outputs", out->outputs, options->n_output_layouts, tnn_model_n_outputs(model), err);
}

static tnn_status lower(conversion *c, const tnn_model *model, const tnn_convert_options *options, tnn_lacks *lacks,
                        tnn_error *err) {
    tnn_layout_options layout;
    tnn_lower_options lowering = {.split_groups = options->split_groups};
    TNN_TRY(layout_options(model, options, &layout, err));
    TNN_TRY(tnn_graph_model_clone(&c->work, model, err));
    tnn_graph *graph = c->work->graphs[0];
    TNN_TRY(tnn_pass_prepare(graph, tnn_lower_can_fuse, NULL, err));
    TNN_TRY(tnn_layout_assign(graph, &layout, &c->layout, err));
    TNN_TRY(tnn_pass_verify(graph, err));
    TNN_TRY(tnn_graph_model_new(&c->target, model->path, err));
    TNN_TRY(tnn_lower_graph(graph, c->target, &lowering, lacks, &c->lowered, err));
    return tnn_pass_verify(c->lowered, err);
}

static tnn_status write(conversion *c, const char *path, tnn_error *err) {
    tnn_out *out = NULL;
    TNN_TRY(tnn_out_open(&out, path, err));
    tnn_status status = tnn_tflite_write(c->lowered, NULL, out, &c->stats, err);
    if (status == TNN_OK) status = tnn_out_commit(out, err);
    tnn_out_free(out);
    return status;
}

/* `path` NULL: nothing is written. */
static tnn_status convert(const tnn_model *model, const char *path, const tnn_convert_options *options,
                          tnn_report **report, tnn_lacks *lacks, tnn_error *err) {
    tnn_convert_options defaults = tnn_convert_options_default();
    conversion c = {0};
    if (lacks != NULL) memset(lacks, 0, sizeof *lacks);
    if (report != NULL) *report = NULL;
    tnn_status status = lower(&c, model, options == NULL ? &defaults : options, lacks, err);
    if (status == TNN_OK && path != NULL) status = write(&c, path, err);
    if (status == TNN_OK && path == NULL) c.stats.n_operators = (uint32_t)c.lowered->n_nodes;
    if (status == TNN_OK && report != NULL) {
        tnn_report_facts facts = {c.lowered, c.work, &c.layout, &c.stats};
        status = tnn_report_new(report, &facts, err);
    }
    tnn_graph_model_free(c.target);
    tnn_graph_model_free(c.work);
    return status;
}

tnn_status tnn_model_convert(const tnn_model *model, const char *path, const tnn_convert_options *options,
                             tnn_report **report, tnn_lacks *lacks, tnn_error *err) {
    return convert(model, path, options, report, lacks, err);
}

tnn_status tnn_model_check(const tnn_model *model, const tnn_convert_options *options, tnn_report **report,
                           tnn_lacks *lacks, tnn_error *err) {
    return convert(model, NULL, options, report, lacks, err);
}
