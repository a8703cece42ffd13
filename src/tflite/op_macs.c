#include "tflite/op_macs.h"

static uint64_t product(const int64_t *dims, uint8_t from, uint8_t to) {
    uint64_t n = 1;
    for (uint8_t k = from; k < to; k++) n *= (uint64_t)dims[k];
    return n;
}

static bool is(int32_t code, const tnn_tfl_row *row) { return code == row->op.id; }

uint64_t tnn_tfl_macs(int32_t code, uint64_t n_in, uint64_t n_out, const int64_t *filter, uint8_t filter_rank,
                      bool transposed) {
    if (filter_rank < 2) return 0;
    uint8_t last = (uint8_t)(filter_rank - 1);
    if (is(code, &tnn_tfl_CONV_2D) || is(code, &tnn_tfl_FULLY_CONNECTED)) /* [O, …, I] */
        return n_out * product(filter, 1, filter_rank);
    if (is(code, &tnn_tfl_DEPTHWISE_CONV_2D)) /* [1, H, W, O] */
        return n_out * product(filter, 0, last);
    if (is(code, &tnn_tfl_CONV_3D)) /* [D, H, W, I, O] */
        return n_out * product(filter, 0, last);
    if (is(code, &tnn_tfl_TRANSPOSE_CONV) || is(code, &tnn_tfl_CONV_3D_TRANSPOSE)) /* […, I] */
        return n_in * product(filter, 0, last);
    if (is(code, &tnn_tfl_BATCH_MATMUL)) return n_out * (uint64_t)filter[transposed ? last : last - 1];
    return 0;
}

static uint64_t n_elems(const tnn_value *v) {
    int64_t n = 0;
    return v != NULL && tnn_shape_count(&v->shape, &n) ? (uint64_t)n : 0;
}

/* Transposed convolutions have their output shape in front. */
static uint64_t node_macs(const tnn_node *node) {
    if (node->args[0].kind != TNN_ARG_TENSOR || node->schema->n_args < 2 || node->args[1].kind != TNN_ARG_TENSOR) return 0;
    bool shape_first = is(node->op->id, &tnn_tfl_TRANSPOSE_CONV) || is(node->op->id, &tnn_tfl_CONV_3D_TRANSPOSE);
    const tnn_value *filter = node->args[1].as.tensor, *data = tnn_arg_tensor(&node->args[shape_first ? 2 : 0]);
    const tnn_arg *adj = tnn_node_arg(node, "adj_y");
    int64_t dims[TNN_MAX_RANK];
    for (uint8_t k = 0; k < filter->shape.rank; k++) dims[k] = filter->shape.dims[k].hint;
    return tnn_tfl_macs(node->op->id, n_elems(data), n_elems(node->outputs[0]), dims, filter->shape.rank,
                        adj != NULL && tnn_arg_bool(adj));
}

uint64_t tnn_tfl_graph_macs(const tnn_graph *graph) {
    uint64_t sum = 0;
    for (const tnn_node *node = graph->first; node != NULL; node = node->next) sum += node_macs(node);
    return sum;
}
