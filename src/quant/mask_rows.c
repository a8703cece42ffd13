#include "quant/mask_rows.h"

#include <math.h>

#include "ops/list.h"

/* e^-12 of a number is far below half a step of softmax's 1/256, also of a thousand of them together. Logarithms end at -16. */
#define SOFTMAX_REACH 12
#define LOG_SOFTMAX_REACH 16
#define MASKED (-1e4f) /* a row with nothing above it is masked as a whole */

/* ---- which values ---- */

static bool is_output(const tnn_graph *graph, const tnn_value *value) {
    for (size_t i = 0; i < graph->n_outputs; i++)
        if (graph->outputs[i] == value) return true;
    return false;
}

static uint8_t softmax_dim(const tnn_node *node, const tnn_value *value) {
    int64_t dim = tnn_arg_int(tnn_node_arg(node, "dim"));
    return (uint8_t)(dim < 0 ? dim + value->shape.rank : dim);
}

/* A reshape that keeps the last dimension keeps rows along it. */
static bool keeps_rows(const tnn_node *node, const tnn_value *value) {
    const tnn_value *out = node->outputs[0];
    uint8_t m = value->shape.rank, n = out->shape.rank;
    return tnn_node_is(node, TNN_OP_reshape) && m > 0 && n > 0 &&
           value->shape.dims[m - 1].hint == out->shape.dims[n - 1].hint;
}

/* Its numbers, or others in their places. */
static bool is_choice(const tnn_node *node, const tnn_value *value) {
    return tnn_node_is(node, TNN_OP_where) && tnn_shape_equal_hints(&value->shape, &node->outputs[0]->shape);
}

static tnn_mask_rows rows_for(const tnn_graph *graph, const tnn_node *reader, const tnn_value *value) {
    if (value->shape.rank == 0) return (tnn_mask_rows){0, 0};
    if (tnn_node_is(reader, TNN_OP_softmax)) return (tnn_mask_rows){SOFTMAX_REACH, softmax_dim(reader, value)};
    if (tnn_node_is(reader, TNN_OP_log_softmax)) return (tnn_mask_rows){LOG_SOFTMAX_REACH, softmax_dim(reader, value)};
    if (is_choice(reader, value)) return tnn_mask_rows_of(graph, reader->outputs[0]);
    if (!keeps_rows(reader, value)) return (tnn_mask_rows){0, 0};
    tnn_mask_rows behind = tnn_mask_rows_of(graph, reader->outputs[0]);
    bool last = behind.dim + 1 == reader->outputs[0]->shape.rank;
    return (tnn_mask_rows){last ? behind.reach : 0, (uint8_t)(value->shape.rank - 1)};
}

tnn_mask_rows tnn_mask_rows_of(const tnn_graph *graph, const tnn_value *value) {
    tnn_mask_rows all = {0, 0};
    if (is_output(graph, value)) return all;
    for (size_t i = 0; i < value->n_users; i++) {
        tnn_mask_rows rows = rows_for(graph, value->users[i], value);
        if (rows.reach == 0 || (i > 0 && rows.dim != all.dim)) return (tnn_mask_rows){0, 0};
        all = (tnn_mask_rows){fmaxf(all.reach, rows.reach), rows.dim};
    }
    return all;
}

/* ---- their numbers ---- */

/* One row at `at`; NaN stays. Returns where the next one goes. */
static float *read_row(const float *at, int64_t n, int64_t stride, float reach, float *out, float *lowest) {
    float most = -INFINITY;
    for (int64_t i = 0; i < n; i++) {
        float x = out[i] = at[i * stride];
        most = x > most || isnan(x) ? x : most;
        *lowest = x < *lowest ? x : *lowest;
    }
    if (most < MASKED) return out;
    for (int64_t i = 0; i < n; i++) out[i] = out[i] < most - reach ? most - reach : out[i];
    return out + n;
}

static float *read_dims(const tnn_engine_view *view, tnn_mask_rows rows, uint8_t d, const float *at, float *out,
                        float *lowest) {
    if (d == rows.dim) d++;
    if (d >= view->rank) return read_row(at, view->dims[rows.dim], view->strides[rows.dim], rows.reach, out, lowest);
    for (int64_t i = 0; i < view->dims[d]; i++)
        out = read_dims(view, rows, (uint8_t)(d + 1), at + i * view->strides[d], out, lowest);
    return out;
}

int64_t tnn_mask_rows_read(const tnn_engine_view *view, tnn_mask_rows rows, float *out, float *lowest) {
    return read_dims(view, rows, 0, view->data, out, lowest) - out;
}
