/* Any bytes as a program of the Python subset: parsed, and its `main` evaluated on one tensor with few steps. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "eval/interp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void evaluate(tnn_graph *graph, const char *text) {
    static const int64_t dims[] = {2, 3, 4};
    tnn_interp_options options = {.max_steps = 20000, .max_depth = 60, .expand_composites = true};
    tnn_interp *interp;
    tnn_shape shape = {.rank = 3};
    tnn_value *value;
    tnn_obj input, out;
    tnn_error err;
    for (int k = 0; k < 3; k++) shape.dims[k] = tnn_size_const(dims[k]);
    if (tnn_size_symbol(&shape.dims[0], graph->model->arena, "s0", 2, &err) != TNN_OK) return;
    if (tnn_interp_new(&interp, graph, NULL, &options, &err) != TNN_OK) return;
    if (tnn_graph_input(&value, graph, "x", TNN_DTYPE_F32, &shape, &err) == TNN_OK &&
        tnn_interp_tensor(interp, value, NULL, &input, &err) == TNN_OK)
        (void)tnn_interp_run(interp, text, "main", &input, 1, &out, &err);
    tnn_interp_free(interp);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    tnn_model *model;
    tnn_graph *graph;
    char *text = malloc(size + 1);
    if (!text) return 0;
    if (size > 0) memcpy(text, data, size);
    text[size] = '\0';
    if (tnn_graph_model_new(&model, "fuzz", NULL) == TNN_OK) {
        if (tnn_graph_new(&graph, model, "main", NULL) == TNN_OK) evaluate(graph, text);
        tnn_graph_model_free(model);
    }
    free(text);
    return 0;
}
