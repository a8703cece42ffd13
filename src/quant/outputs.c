#include "quant/outputs.h"

#include "base/alloc.h"

static tnn_status fill(void **outputs, const tnn_graph *graph, tnn_error *err) {
    for (size_t i = 0; i < graph->n_outputs; i++) {
        int64_t n;
        if (!tnn_shape_count(&graph->outputs[i]->shape, &n))
            return tnn_fail(err, TNN_ERR_LIMIT, graph->output_names[i], "the output is too large");
        outputs[i] = tnn_alloc((size_t)n, tnn_dtype_bytes(graph->outputs[i]->dtype));
        if (outputs[i] == NULL) return tnn_fail_nomem(err);
    }
    return TNN_OK;
}

tnn_status tnn_outputs_new(void ***out, const tnn_graph *graph, tnn_error *err) {
    *out = tnn_alloc_zero(graph->n_outputs, sizeof **out);
    if (*out == NULL) return tnn_fail_nomem(err);
    tnn_status status = fill(*out, graph, err);
    if (status == TNN_OK) return TNN_OK;
    tnn_outputs_free(*out, graph);
    *out = NULL;
    return status;
}

void tnn_outputs_free(void **outputs, const tnn_graph *graph) {
    for (size_t i = 0; outputs != NULL && i < graph->n_outputs; i++) tnn_free(outputs[i]);
    tnn_free(outputs);
}

void tnn_outputs_compare(const tnn_graph *graph, void *const *exact, void *const *other, tnn_difference *sums) {
    for (size_t i = 0; i < graph->n_outputs; i++) {
        int64_t n;
        bool real = graph->outputs[i]->dtype == TNN_DTYPE_F32 && tnn_shape_count(&graph->outputs[i]->shape, &n);
        if (real) tnn_dense_compare(exact[i], other[i], n, &sums[i]);
    }
}

double tnn_outputs_noise(const tnn_graph *graph, const tnn_difference *sums) {
    double noise = 0, n = 0;
    for (size_t i = 0; i < graph->n_outputs; i++) {
        if (!(sums[i].power > 0)) continue;
        noise += tnn_noise_of(&sums[i]);
        n++;
    }
    return n > 0 ? noise / n : 0;
}
