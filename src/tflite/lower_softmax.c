/* softmax and log_softmax over the innermost dimension; layout has put it there. */
#include "ops/list.h"
#include "tflite/lower.h"

static uint8_t softmax_dim(const tnn_node *node) {
    uint8_t rank = tnn_node_tensor(node, "self")->shape.rank;
    return rank == 0 ? 0 : tnn_node_dim(tnn_node_int(node, "dim"), rank);
}

static tnn_status lower_softmax(tnn_lower *l, const tnn_node *node, tnn_error *err) {
    const tnn_value *x = tnn_node_tensor(node, "self"), *result = node->outputs[0];
    bool is_log = tnn_node_is(node, TNN_OP_log_softmax);
    tnn_value *tensor, *out;
    tnn_box dims;
    TNN_TRY(tnn_lower_need_float(node, err));
    TNN_TRY(tnn_lower_dims(result, &dims, err));
    int64_t row = x->shape.rank == 0 ? 1 : x->shape.dims[softmax_dim(node)].hint;
    bool split = dims.rank > 0 && dims.at[dims.rank - 1] != row; /* the dimension lies in several pieces */
    if (dims.rank > 4 || dims.rank == 0 || split) dims = (tnn_box){2, {row == 0 ? 0 : tnn_box_count(&dims) / row, row}};
    TNN_TRY(tnn_lower_get_shaped(l, x, &dims, &tensor, err));
    TNN_TRY(tnn_lower_cast(l, tensor, TNN_DTYPE_F32, &tensor, err));
    tnn_emit e;
    TNN_TRY(tnn_emit_begin(&e, l, is_log ? &tnn_tfl_LOG_SOFTMAX : &tnn_tfl_SOFTMAX, err));
    tnn_emit_tensor(&e, tensor);
    if (!is_log) tnn_emit_float(&e, "beta", 1.0);
    TNN_TRY(tnn_emit_end(&e, NULL, TNN_DTYPE_F32, &dims, &out, err));
    tnn_lower_set(l, result, out);
    return TNN_OK;
}

const tnn_lower_row tnn_lowering_softmax = {{TNN_DEMAND_LAST, softmax_dim, NULL}, lower_softmax, NULL};
const tnn_lower_row tnn_lowering_log_softmax = {{TNN_DEMAND_LAST, softmax_dim, NULL}, lower_softmax, NULL};
