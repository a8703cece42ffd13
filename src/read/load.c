/* The reading half of tinynn/model.h. */
#include <assert.h>
#include <string.h>

#include "ir/graph.h"
#include "read/graph_json.h"
#include "read/pt2_graph.h"
#include "read/python_load.h"
#include "read/torchscript_graph.h"

tnn_load_options tnn_load_options_default(void) {
    tnn_load_options options = {.written_buffers = TNN_WRITTEN_IGNORE,
                                .max_entries = 1000000,
                                .max_inflated = UINT64_C(4) << 30,
                                .max_depth = 200,
                                .max_steps = 10000000};
    return options;
}

static tnn_status load_pt2(tnn_model **out, tnn_file *file, const tnn_load_options *options, tnn_lacks *lacks,
                           tnn_error *err) {
    tnn_pt2 pt2;
    tnn_status status = tnn_pt2_open_file(&pt2, file, options, err);
    if (status == TNN_OK) status = tnn_pt2_to_model(out, &pt2, options, lacks, err);
    tnn_pt2_close(&pt2);
    return status;
}

tnn_status tnn_model_load(tnn_model **out, const char *path, const tnn_load_options *options, tnn_lacks *lacks,
                          tnn_error *err) {
    tnn_load_options defaults = tnn_load_options_default();
    if (options == NULL) options = &defaults;
    if (lacks != NULL) memset(lacks, 0, sizeof *lacks);
    *out = NULL;
    tnn_file *file = NULL;
    tnn_torchscript archive;
    bool is_torchscript;
    TNN_TRY(tnn_file_open(&file, path, err));
    if (tnn_python_is(path)) {
        tnn_status read = tnn_python_to_model(out, file, options, lacks, err);
        tnn_file_free(file);
        return read;
    }
    tnn_status status = tnn_torchscript_open(&archive, file, options, &is_torchscript, err);
    if (status == TNN_OK && is_torchscript) {
        status = tnn_torchscript_to_model(out, &archive, options, NULL, lacks, err);
    } else if (status == TNN_OK) {
        status = load_pt2(out, file, options, lacks, err);
    }
    tnn_torchscript_close(&archive);
    tnn_file_free(file);
    return status;
}

static const tnn_graph *main_graph(const tnn_model *model) {
    assert(model->n_graphs > 0);
    return model->graphs[0];
}

static tnn_value_info describe(const tnn_value *value, const char *name) {
    tnn_value_info info = {.name = name, .dtype = value->dtype, .rank = value->shape.rank};
    for (unsigned i = 0; i < value->shape.rank; i++) info.dims[i] = value->shape.dims[i].hint;
    return info;
}

size_t tnn_model_n_inputs(const tnn_model *model) { return main_graph(model)->n_inputs; }
size_t tnn_model_n_outputs(const tnn_model *model) { return main_graph(model)->n_outputs; }

tnn_value_info tnn_model_input(const tnn_model *model, size_t index) {
    const tnn_graph *graph = main_graph(model);
    assert(index < graph->n_inputs);
    return describe(graph->inputs[index], graph->inputs[index]->name);
}

tnn_value_info tnn_model_output(const tnn_model *model, size_t index) {
    const tnn_graph *graph = main_graph(model);
    assert(index < graph->n_outputs);
    return describe(graph->outputs[index], graph->output_names[index]);
}

tnn_status tnn_model_text(const tnn_model *model, char **out, tnn_error *err) {
    tnn_strbuf text = {0};
    tnn_graph_print(&text, main_graph(model));
    *out = tnn_strbuf_take(&text);
    return *out == NULL ? tnn_fail_nomem(err) : TNN_OK;
}

tnn_status tnn_model_graph_json(const tnn_model *model, char **out, tnn_error *err) {
    tnn_strbuf text = {0};
    tnn_graph_json(&text, main_graph(model));
    *out = tnn_strbuf_take(&text);
    return *out == NULL ? tnn_fail_nomem(err) : TNN_OK;
}

size_t tnn_model_n_warnings(const tnn_model *model) { return model->n_warnings; }

const char *tnn_model_warning(const tnn_model *model, size_t index) {
    assert(index < model->n_warnings);
    return model->warnings[index];
}
