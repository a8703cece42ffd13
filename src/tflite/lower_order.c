/* Operators along one dimension in which order matters: ARG_MAX, ARG_MIN, TOPK_V2, CUMSUM. */
#include "ops/list.h"
#include "tflite/lower_sides.h"

static uint8_t dim_of(const tnn_node *node) {
    uint8_t rank = tnn_node_tensor(node, "self")->shape.rank;
    return rank == 0 ? 0 : tnn_node_dim(tnn_node_int(node, "dim"), rank);
}

/* A tensor without dimensions is a row of one element. */
static tnn_status get_with_axis(tnn_lower *l, const tnn_node *node, tnn_value **out, uint8_t *axis, tnn_error *err) {
    const tnn_value *x = tnn_node_tensor(node, "self");
    tnn_box row = {.rank = 1, .at = {1}};
    *axis = 0;
    if (x->shape.rank == 0) return tnn_lower_get_shaped(l, x, &row, out, err);
    *axis = tnn_lower_axis(x, dim_of(node));
    return tnn_lower_get(l, x, out, err);
}

/* ARG_MAX has no kernel for bools in LiteRT's reference set, and none for int16 and int64. */
static tnn_status comparable(tnn_lower *l, const tnn_node *node, tnn_value **x, tnn_error *err) {
    if ((*x)->dtype == TNN_DTYPE_I64)
        return tnn_lower_refuse(node, err, "TFLite finds the largest of float32 and int32, this is int64");
    tnn_dtype dtype = tnn_lower_computed_in((*x)->dtype);
    return tnn_lower_cast(l, *x, dtype == TNN_DTYPE_BOOL ? TNN_DTYPE_I32 : dtype, x, err);
}

static tnn_status lower_arg(tnn_lower *l, const tnn_node *node, tnn_error *err) {
    tnn_value *x, *axis_tensor, *out;
    uint8_t axis;
    tnn_emit e;
    TNN_TRY(get_with_axis(l, node, &x, &axis, err));
    TNN_TRY(comparable(l, node, &x, err));
    tnn_box dims = tnn_box_of(x);
    dims.rank--;
    for (uint8_t k = axis; k < dims.rank; k++) dims.at[k] = dims.at[k + 1];
    TNN_TRY(tnn_lower_scalar(l, TNN_DTYPE_I32, axis, &axis_tensor, err));
    TNN_TRY(tnn_emit_begin(&e, l, tnn_node_is(node, TNN_OP_argmax) ? &tnn_tfl_ARG_MAX : &tnn_tfl_ARG_MIN, err));
    tnn_emit_tensor(&e, x);
    tnn_emit_tensor(&e, axis_tensor);
    tnn_emit_int(&e, "output_type", tnn_tfl_type(TNN_DTYPE_I64));
    TNN_TRY(tnn_emit_end(&e, NULL, TNN_DTYPE_I64, &dims, &out, err));
    return tnn_lower_finish(l, node, out, err);
}

const tnn_lower_row tnn_lowering_argmax = {{TNN_DEMAND_WHOLE, dim_of, NULL}, lower_arg, NULL};
const tnn_lower_row tnn_lowering_argmin = {{TNN_DEMAND_WHOLE, dim_of, NULL}, lower_arg, NULL};

/* ---- topk ---- */

/* The other way round: -x, or for integers -1 - x, which does not overflow. */
static tnn_status turn(tnn_lower *l, const char *suffix, tnn_value **x, tnn_error *err) {
    tnn_value *minus_one;
    if ((*x)->dtype == TNN_DTYPE_F32) return tnn_emit_unary(l, &tnn_tfl_NEG, suffix, *x, x, err);
    TNN_TRY(tnn_lower_scalar(l, (*x)->dtype, -1, &minus_one, err));
    return tnn_emit_binary(l, &tnn_tfl_SUB, suffix, minus_one, *x, x, err);
}

static tnn_status emit_topk(tnn_lower *l, tnn_value *x, int64_t k, tnn_value **values, tnn_value **indices,
                            tnn_error *err) {
    tnn_value *count, *outs[2];
    tnn_box dims = tnn_box_of(x);
    tnn_emit e;
    dims.at[dims.rank - 1] = k;
    TNN_TRY(tnn_lower_scalar(l, TNN_DTYPE_I32, (double)k, &count, err));
    TNN_TRY(tnn_emit_begin(&e, l, &tnn_tfl_TOPK_V2, err));
    tnn_emit_tensor(&e, x);
    tnn_emit_tensor(&e, count);
    TNN_TRY(tnn_emit_end_many(&e, "topk", x->dtype, &dims, outs, 2, err));
    outs[1]->dtype = TNN_DTYPE_I32;
    *values = outs[0];
    *indices = outs[1];
    return TNN_OK;
}

/* Layout has put the dimension last. */
static tnn_status lower_topk(tnn_lower *l, const tnn_node *node, tnn_error *err) {
    tnn_value *x, *values, *indices;
    uint8_t axis;
    bool largest = tnn_node_bool(node, "largest");
    TNN_TRY(get_with_axis(l, node, &x, &axis, err));
    tnn_dtype dtype = tnn_lower_computed_in(x->dtype);
    TNN_TRY(tnn_lower_cast(l, x, dtype == TNN_DTYPE_BOOL ? TNN_DTYPE_I32 : dtype, &x, err));
    if (!largest) TNN_TRY(turn(l, "turned", &x, err));
    TNN_TRY(emit_topk(l, x, tnn_node_int(node, "k"), &values, &indices, err));
    if (!largest) TNN_TRY(turn(l, "values", &values, err));
    TNN_TRY(tnn_lower_cast(l, values, node->outputs[0]->dtype, &values, err));
    TNN_TRY(tnn_lower_cast(l, indices, TNN_DTYPE_I64, &indices, err));
    tnn_lower_set(l, node->outputs[0], values);
    tnn_lower_set(l, node->outputs[1], indices);
    return TNN_OK;
}

const tnn_lower_row tnn_lowering_topk = {{TNN_DEMAND_LAST_WHOLE, dim_of, NULL}, lower_topk, NULL};

/* ---- cumsum ---- */

static tnn_status lower_cumsum(tnn_lower *l, const tnn_node *node, tnn_error *err) {
    tnn_value *x, *axis_tensor, *out;
    uint8_t axis;
    tnn_emit e;
    TNN_TRY(get_with_axis(l, node, &x, &axis, err));
    tnn_dtype dtype = tnn_lower_computed_in(node->outputs[0]->dtype);
    TNN_TRY(tnn_lower_cast(l, x, dtype == TNN_DTYPE_BOOL ? TNN_DTYPE_I32 : dtype, &x, err));
    tnn_box dims = tnn_box_of(x);
    TNN_TRY(tnn_lower_scalar(l, TNN_DTYPE_I32, axis, &axis_tensor, err));
    TNN_TRY(tnn_emit_begin(&e, l, &tnn_tfl_CUMSUM, err));
    tnn_emit_tensor(&e, x);
    tnn_emit_tensor(&e, axis_tensor);
    TNN_TRY(tnn_emit_end(&e, NULL, x->dtype, &dims, &out, err));
    return tnn_lower_finish(l, node, out, err);
}

const tnn_lower_row tnn_lowering_cumsum = {{TNN_DEMAND_WHOLE, dim_of, NULL}, lower_cumsum, NULL};
