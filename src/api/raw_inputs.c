#include "api/raw_inputs.h"

#include <string.h>

static tnn_status find(size_t *out, const tnn_graph *graph, const tnn_input_stats *stats, size_t place, tnn_error *err) {
    *out = place;
    if (stats->input == NULL) {
        if (place < graph->n_inputs) return TNN_OK;
        return tnn_fail(err, TNN_ERR_INVALID, "input_stats", "are for %zu inputs, the model has %zu", place + 1, graph->n_inputs);
    }
    for (*out = 0; *out < graph->n_inputs; ++*out)
        if (strcmp(graph->inputs[*out]->name, stats->input) == 0) return TNN_OK;
    return tnn_fail(err, TNN_ERR_INVALID, stats->input, "is no input of the model");
}

static tnn_status apply_one(tnn_raw_inputs *raw, tnn_graph *graph, const tnn_input_stats *given, size_t place,
                            tnn_error *err) {
    tnn_raw_stats stats = {given->mean, given->std, given->n_mean, given->n_std};
    size_t index;
    TNN_TRY(find(&index, graph, given, place, err));
    tnn_value *input = graph->inputs[index];
    if (input->quant != NULL) return tnn_fail(err, TNN_ERR_INVALID, input->name, "has two means and stds");
    if (raw->dtypes[index] == TNN_DTYPE_F32) raw->dtypes[index] = TNN_DTYPE_U8;
    return tnn_raw_input(&raw->maps[index], graph, input, &stats, err);
}

tnn_status tnn_raw_inputs_apply(tnn_raw_inputs *out, tnn_graph *graph, const tnn_quantize_options *options,
                                tnn_error *err) {
    tnn_arena *arena = graph->model->arena;
    *out = (tnn_raw_inputs){0};
    if (options->n_input_stats == 0) return TNN_OK;
    out->maps = TNN_NEW_ARRAY(arena, graph->n_inputs, tnn_raw_map);
    out->dtypes = TNN_NEW_ARRAY(arena, graph->n_inputs, tnn_dtype);
    if (out->maps == NULL || out->dtypes == NULL) return tnn_fail_nomem(err);
    for (size_t i = 0; i < graph->n_inputs; i++) out->dtypes[i] = options->io;
    for (size_t k = 0; k < options->n_input_stats; k++)
        TNN_TRY(apply_one(out, graph, &options->input_stats[k], k, err));
    return TNN_OK;
}
