/* Reductions: over the physical dimensions that the reduced ones have become. */
#include "ops/list.h"
#include "tflite/layout.h"
#include "tflite/lower_sides.h"

#define MAX_KERNEL_RANK 6 /* XNNPACK's */

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

static tnn_status emit_axes(tnn_lower *l, const tnn_tfl_row *row, tnn_value *x, const int64_t *axes, uint8_t n_axes,
                            bool keep, tnn_value **out, tnn_error *err) {
    tnn_box in = tnn_box_of(x), dims = reduced_dims(&in, axes, n_axes, keep), one = {.rank = 1, .at = {n_axes}};
    tnn_value *axes_tensor;
    tnn_emit e;
    TNN_TRY(tnn_lower_ints(l, "axes", axes, &one, &axes_tensor, err));
    TNN_TRY(tnn_emit_begin(&e, l, row, err));
    tnn_emit_tensor(&e, x);
    tnn_emit_tensor(&e, axes_tensor);
    tnn_emit_bool(&e, "keep_dims", keep);
    return tnn_emit_end(&e, NULL, x->dtype, &dims, out, err);
}

/* More dimensions than kernels take: one reduced dimension after another, all before it and all behind it as one. */
static tnn_status emit_in_turn(tnn_lower *l, const tnn_tfl_row *row, tnn_value *x, const int64_t *axes, uint8_t n_axes,
                               bool keep, tnn_value **out, tnn_error *err) {
    tnn_box in = tnn_box_of(x), dims = reduced_dims(&in, axes, n_axes, keep), now = in;
    for (uint8_t i = 0; i < n_axes; i++) {
        const int64_t middle = 1;
        tnn_box flat = {.rank = 3, .at = {1, now.at[axes[i]], 1}};
        for (uint8_t k = 0; k < now.rank; k++)
            if (k != axes[i]) flat.at[k < axes[i] ? 0 : 2] *= now.at[k];
        TNN_TRY(tnn_lower_reshape(l, x, &flat, &x, err));
        TNN_TRY(emit_axes(l, row, x, &middle, 1, true, &x, err));
        now.at[axes[i]] = 1;
    }
    return tnn_lower_reshape(l, x, &dims, out, err);
}

static tnn_status emit_reduction(tnn_lower *l, const tnn_node *node, const tnn_tfl_row *row, tnn_dtype dtype,
                                 tnn_error *err) {
    const tnn_value *x = tnn_node_tensor(node, "self");
    int64_t axes[2 * TNN_MAX_RANK];
    tnn_value *tensor, *out;
    TNN_TRY(tnn_lower_get(l, x, &tensor, err));
    TNN_TRY(tnn_lower_cast(l, tensor, dtype, &tensor, err));
    uint8_t n_axes = reduced_axes(node, x, axes);
    bool keep = tnn_node_bool(node, "keepdim");
    if (n_axes == 0) return tnn_lower_finish(l, node, tensor, err); /* a scalar */
    bool many = tensor->shape.rank > MAX_KERNEL_RANK;
    TNN_TRY((many ? emit_in_turn : emit_axes)(l, row, tensor, axes, n_axes, keep, &out, err));
    return tnn_lower_finish(l, node, out, err);
}

/* Computed in the result's type, small integers in 32 bits. */
static tnn_status lower_number(tnn_lower *l, const tnn_node *node, tnn_error *err) {
    static const tnn_tfl_row *const row[TNN_OP_COUNT] = {
        [TNN_OP_mean] = &tnn_tfl_MEAN, [TNN_OP_sum] = &tnn_tfl_SUM, [TNN_OP_prod] = &tnn_tfl_REDUCE_PROD,
        [TNN_OP_amax] = &tnn_tfl_REDUCE_MAX, [TNN_OP_amin] = &tnn_tfl_REDUCE_MIN,
    };
    tnn_dtype dtype = tnn_lower_computed_in(node->outputs[0]->dtype);
    if (dtype == TNN_DTYPE_BOOL) dtype = TNN_DTYPE_I32;
    return emit_reduction(l, node, row[node->op->id], dtype, err);
}

static tnn_status lower_truth(tnn_lower *l, const tnn_node *node, tnn_error *err) {
    bool any = tnn_node_is(node, TNN_OP_any);
    return emit_reduction(l, node, any ? &tnn_tfl_REDUCE_ANY : &tnn_tfl_REDUCE_ALL, TNN_DTYPE_BOOL, err);
}

#define ROW(name, lower) const tnn_lower_row tnn_lowering_##name = {{TNN_DEMAND_FREE, NULL, NULL}, lower, NULL}

ROW(mean, lower_number);
ROW(sum, lower_number);
ROW(prod, lower_number);
ROW(amax, lower_number);
ROW(amin, lower_number);
ROW(any, lower_truth);
ROW(all, lower_truth);
