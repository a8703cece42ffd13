#include "api/io_names.h"

#include <string.h>

static tnn_status check_list(const char *what, const char *const *names, size_t n, size_t expected, tnn_error *err) {
    if (names == NULL) return TNN_OK;
    if (n != expected) return tnn_fail(err, TNN_ERR_INVALID, what, "%zu names, the model has %zu", n, expected);
    for (size_t i = 0; i < n; i++) {
        if (names[i][0] == '\0') return tnn_fail(err, TNN_ERR_INVALID, what, "name %zu of %zu is empty", i + 1, n);
        for (size_t k = 0; k < i; k++)
            if (strcmp(names[k], names[i]) == 0)
                return tnn_fail(err, TNN_ERR_INVALID, what, "the name \"%s\" is given twice", names[i]);
    }
    return TNN_OK;
}

tnn_status tnn_io_names_check(const tnn_model *model, const tnn_convert_options *options, tnn_error *err) {
    TNN_TRY(check_list("inputs", options->input_names, options->n_input_names, tnn_model_n_inputs(model), err));
    return check_list("outputs", options->output_names, options->n_output_names, tnn_model_n_outputs(model), err);
}

static bool is_input_name(const tnn_graph *graph, const char *name) {
    for (size_t i = 0; i < graph->n_inputs; i++)
        if (strcmp(graph->inputs[i]->name, name) == 0) return true;
    return false;
}

static tnn_status name_output(tnn_graph *graph, size_t index, const char *name, tnn_error *err) {
    graph->output_names[index] = tnn_arena_str(graph->model->arena, name);
    if (graph->output_names[index] == NULL) return tnn_fail_nomem(err);
    return is_input_name(graph, name) ? TNN_OK : tnn_graph_rename(graph, graph->outputs[index], name, err);
}

tnn_status tnn_io_names_apply(tnn_graph *lowered, const tnn_convert_options *options, tnn_error *err) {
    for (size_t i = 0; options->input_names != NULL && i < lowered->n_inputs; i++)
        TNN_TRY(tnn_graph_rename(lowered, lowered->inputs[i], options->input_names[i], err));
    for (size_t i = 0; options->output_names != NULL && i < lowered->n_outputs; i++)
        TNN_TRY(name_output(lowered, i, options->output_names[i], err));
    return TNN_OK;
}
