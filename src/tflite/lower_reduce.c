/* mean and sum: MEAN and SUM over the physical dimensions that the reduced ones have become. */
#include "ops/list.h"
#include "tflite/layout.h"
#include "tflite/lower.h"

static bool reduces(const tnn_node *node, uint8_t dim, uint8_t rank) {
    size_t n = tnn_node_list_n(node, "dim");
    for (size_t i = 0; i < n; i++)
        if (tnn_node_dim(tnn_node_list_int(node, "dim", i), rank) == dim) return true;
    return n == 0;
}

static uint8_t reduced_axes(const tnn_node *node, const tnn_value *x, int64_t *axes) {
    uint8_t n = 0, positions[TNN_MAX_ATOMS];
    for (uint8_t d = 0; d < x->shape.rank; d++) {
        if (!reduces(node, d, x->shape.rank)) continue;
        uint8_t n_positions = tnn_layout_positions(x, d, positions);
        for (uint8_t k = 0; k < n_positions; k++) axes[n++] = positions[k];
    }
    return n;
}

/* What is left when every reduced dimension is kept as 1, or dropped. */
static tnn_box reduced_dims(const tnn_box *in, const int64_t *axes, uint8_t n_axes, bool keep) {
    tnn_box out = {.rank = 0};
    for (uint8_t k = 0; k < in->rank; k++) {
        bool gone = false;
        for (uint8_t i = 0; i < n_axes; i++) gone = gone || axes[i] == k;
        if (!gone) out.at[out.rank++] = in->at[k];
        else if (keep) out.at[out.rank++] = 1;
    }
    return out;
}

static tnn_status lower_reduction(tnn_lower *l, const tnn_node *node, tnn_error *err) {
    const tnn_value *x = tnn_node_tensor(node, "self"), *result = node->outputs[0];
    int64_t axes[2 * TNN_MAX_RANK];
    tnn_value *tensor, *axes_tensor, *out;
    tnn_box in;
    if (result->dtype != TNN_DTYPE_F32 && result->dtype != TNN_DTYPE_I32 && result->dtype != TNN_DTYPE_I64)
        return tnn_lower_refuse(node, err, "TFLite reduces float32, int32 and int64, this is %s",
                                tnn_dtype_name(result->dtype));
    TNN_TRY(tnn_lower_dims(x, &in, err));
    TNN_TRY(tnn_lower_get(l, x, &tensor, err));
    TNN_TRY(tnn_lower_cast(l, tensor, result->dtype, &tensor, err));
    uint8_t n_axes = reduced_axes(node, x, axes);
    bool keep = tnn_node_bool(node, "keepdim");
    if (n_axes == 0) { /* a scalar */
        tnn_lower_set(l, result, tensor);
        return TNN_OK;
    }
    tnn_box dims = reduced_dims(&in, axes, n_axes, keep), one = {.rank = 1, .at = {n_axes}};
    tnn_emit e;
    TNN_TRY(tnn_lower_ints(l, "axes", axes, &one, &axes_tensor, err));
    TNN_TRY(tnn_emit_begin(&e, l, tnn_node_is(node, TNN_OP_mean) ? &tnn_tfl_MEAN : &tnn_tfl_SUM, err));
    tnn_emit_tensor(&e, tensor);
    tnn_emit_tensor(&e, axes_tensor);
    tnn_emit_bool(&e, "keep_dims", keep);
    TNN_TRY(tnn_emit_end(&e, NULL, result->dtype, &dims, &out, err));
    tnn_lower_set(l, result, out);
    return TNN_OK;
}

const tnn_lower_row tnn_lowering_mean = {{TNN_DEMAND_FREE, NULL, NULL}, lower_reduction, NULL};
const tnn_lower_row tnn_lowering_sum = {{TNN_DEMAND_FREE, NULL, NULL}, lower_reduction, NULL};
