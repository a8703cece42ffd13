/* Element by element, one operand: one TFLite operator on the tensor under whatever shape it has. */
#include <math.h>

#include "ir/recipe.h"
#include "ops/list.h"
#include "tflite/lower.h"

/* The operand as the result's type; PyTorch computes there. */
static tnn_status operand(tnn_lower *l, const tnn_node *node, tnn_value **x, tnn_error *err) {
    TNN_TRY(tnn_lower_get_any(l, tnn_node_operand(node, 0), x, err));
    return tnn_lower_cast(l, *x, node->outputs[0]->dtype, x, err);
}

static tnn_status finish(tnn_lower *l, const tnn_node *node, tnn_value *y) {
    tnn_lower_set(l, node->outputs[0], y);
    return TNN_OK;
}

static tnn_status emit_float(tnn_lower *l, const tnn_node *node, const tnn_tfl_row *row, tnn_error *err) {
    tnn_value *x;
    TNN_TRY(tnn_lower_need_float(node, err));
    TNN_TRY(operand(l, node, &x, err));
    TNN_TRY(tnn_emit_unary(l, row, NULL, x, &x, err));
    return finish(l, node, x);
}

/* ATen's operator and TFLite's are the same function. */
static tnn_status lower_same(tnn_lower *l, const tnn_node *node, tnn_error *err) {
    static const tnn_tfl_row *const row[TNN_OP_COUNT] = {
        [TNN_OP_sigmoid] = &tnn_tfl_LOGISTIC, [TNN_OP_tanh] = &tnn_tfl_TANH,
        [TNN_OP_hardswish] = &tnn_tfl_HARD_SWISH, [TNN_OP_exp] = &tnn_tfl_EXP,
        [TNN_OP_log] = &tnn_tfl_LOG, [TNN_OP_sqrt] = &tnn_tfl_SQRT, [TNN_OP_rsqrt] = &tnn_tfl_RSQRT,
        [TNN_OP_sin] = &tnn_tfl_SIN, [TNN_OP_cos] = &tnn_tfl_COS,
    };
    return emit_float(l, node, row[node->op->id], err);
}

/* ---- with integer forms ---- */

/* Integers are whole already. */
static tnn_status lower_rounding(tnn_lower *l, const tnn_node *node, tnn_error *err) {
    static const tnn_tfl_row *const row[TNN_OP_COUNT] = {
        [TNN_OP_floor] = &tnn_tfl_FLOOR, [TNN_OP_ceil] = &tnn_tfl_CEIL, [TNN_OP_round] = &tnn_tfl_ROUND,
    };
    tnn_value *x;
    if (node->outputs[0]->dtype == TNN_DTYPE_F32) return emit_float(l, node, row[node->op->id], err);
    TNN_TRY(operand(l, node, &x, err));
    return finish(l, node, x);
}

static bool is_wide(tnn_dtype dtype) {
    return dtype == TNN_DTYPE_F32 || dtype == TNN_DTYPE_I32 || dtype == TNN_DTYPE_I64;
}

/* Small integers are computed in 32 bits and cut back, which is what wrapping around means. */
static tnn_status widen(tnn_lower *l, tnn_value **x, tnn_error *err) {
    return is_wide((*x)->dtype) ? TNN_OK : tnn_lower_cast(l, *x, TNN_DTYPE_I32, x, err);
}

static tnn_status narrow(tnn_lower *l, const tnn_node *node, tnn_value *y, tnn_error *err) {
    TNN_TRY(tnn_lower_cast(l, y, node->outputs[0]->dtype, &y, err));
    return finish(l, node, y);
}

static tnn_status lower_neg(tnn_lower *l, const tnn_node *node, tnn_error *err) {
    tnn_value *x;
    TNN_TRY(operand(l, node, &x, err));
    TNN_TRY(widen(l, &x, err));
    TNN_TRY(tnn_emit_unary(l, &tnn_tfl_NEG, NULL, x, &x, err));
    return narrow(l, node, x, err);
}

static tnn_status lower_abs(tnn_lower *l, const tnn_node *node, tnn_error *err) {
    tnn_value *x, *minus;
    TNN_TRY(operand(l, node, &x, err));
    TNN_TRY(widen(l, &x, err));
    if (x->dtype == TNN_DTYPE_F32) {
        TNN_TRY(tnn_emit_unary(l, &tnn_tfl_ABS, NULL, x, &x, err));
    } else { /* the integer kernel came late; the larger of x and -x is the same */
        TNN_TRY(tnn_emit_unary(l, &tnn_tfl_NEG, "negative", x, &minus, err));
        TNN_TRY(tnn_emit_binary(l, &tnn_tfl_MAXIMUM, NULL, x, minus, &x, err));
    }
    return narrow(l, node, x, err);
}

/* max(min, …) and min(max, …) with constants; the bounds that have an operator of their own use it. */
static tnn_status bound(tnn_lower *l, tnn_value **x, double low, double high, tnn_error *err) {
    tnn_value *limit;
    if ((*x)->dtype == TNN_DTYPE_F32) {
        const tnn_tfl_row *row = NULL;
        if (low == 0 && high == INFINITY) row = &tnn_tfl_RELU;
        if (low == 0 && high == 6) row = &tnn_tfl_RELU6;
        if (low == -1 && high == 1) row = &tnn_tfl_RELU_N1_TO_1;
        if (row != NULL) return tnn_emit_unary(l, row, NULL, *x, x, err);
    }
    if (low != -INFINITY) {
        TNN_TRY(tnn_lower_scalar(l, (*x)->dtype, low, &limit, err));
        TNN_TRY(tnn_emit_binary(l, &tnn_tfl_MAXIMUM, "low", *x, limit, x, err));
    }
    if (high != INFINITY) {
        TNN_TRY(tnn_lower_scalar(l, (*x)->dtype, high, &limit, err));
        TNN_TRY(tnn_emit_binary(l, &tnn_tfl_MINIMUM, "high", *x, limit, x, err));
    }
    return TNN_OK;
}

static tnn_status lower_sign(tnn_lower *l, const tnn_node *node, tnn_error *err) {
    tnn_value *x;
    if (node->outputs[0]->dtype == TNN_DTYPE_F32) return emit_float(l, node, &tnn_tfl_SIGN, err);
    TNN_TRY(operand(l, node, &x, err));
    if (x->dtype == TNN_DTYPE_BOOL) return finish(l, node, x);
    TNN_TRY(widen(l, &x, err));
    TNN_TRY(bound(l, &x, -1, 1, err));
    return narrow(l, node, x, err);
}

static tnn_status lower_relu(tnn_lower *l, const tnn_node *node, tnn_error *err) {
    tnn_value *x;
    TNN_TRY(operand(l, node, &x, err));
    TNN_TRY(widen(l, &x, err));
    TNN_TRY(bound(l, &x, 0, INFINITY, err));
    return narrow(l, node, x, err);
}

/* Not through double, which does not hold every int64. */
static tnn_status bound_integer(tnn_lower *l, const tnn_node *node, const char *name, const tnn_tfl_row *row,
                                tnn_value **x, tnn_error *err) {
    const tnn_recipe *recipe;
    tnn_value *limit;
    if (tnn_node_is_none(node, name)) return TNN_OK;
    TNN_TRY(tnn_recipe_fill(&recipe, l->arena, (*x)->dtype, 0, NULL, 0, tnn_node_int(node, name), err));
    TNN_TRY(tnn_lower_constant(l, name, recipe, &limit, err));
    return tnn_emit_binary(l, row, NULL, *x, limit, x, err);
}

static tnn_status lower_clamp(tnn_lower *l, const tnn_node *node, tnn_error *err) {
    tnn_value *x;
    TNN_TRY(operand(l, node, &x, err));
    TNN_TRY(widen(l, &x, err));
    if (x->dtype != TNN_DTYPE_F32) {
        TNN_TRY(bound_integer(l, node, "min", &tnn_tfl_MAXIMUM, &x, err));
        TNN_TRY(bound_integer(l, node, "max", &tnn_tfl_MINIMUM, &x, err));
        return narrow(l, node, x, err);
    }
    double low = tnn_node_number(node, "min", -INFINITY), high = tnn_node_number(node, "max", INFINITY);
    TNN_TRY(bound(l, &x, low, high, err));
    return narrow(l, node, x, err);
}

/* ---- with parameters ---- */

static tnn_status lower_leaky_relu(tnn_lower *l, const tnn_node *node, tnn_error *err) {
    tnn_value *x;
    tnn_emit e;
    TNN_TRY(tnn_lower_need_float(node, err));
    TNN_TRY(operand(l, node, &x, err));
    tnn_box dims = tnn_box_of(x);
    TNN_TRY(tnn_emit_begin(&e, l, &tnn_tfl_LEAKY_RELU, err));
    tnn_emit_tensor(&e, x);
    tnn_emit_float(&e, "alpha", tnn_node_number(node, "negative_slope", 0.01));
    TNN_TRY(tnn_emit_end(&e, NULL, x->dtype, &dims, &x, err));
    return finish(l, node, x);
}

static tnn_status times(tnn_lower *l, tnn_value **x, double factor, tnn_error *err) {
    tnn_value *k;
    if (factor == 1) return TNN_OK;
    TNN_TRY(tnn_lower_scalar(l, TNN_DTYPE_F32, factor, &k, err));
    return tnn_emit_binary(l, &tnn_tfl_MUL, "scaled", *x, k, x, err);
}

/* x * sigmoid(1.702 x), for runtimes without GELU. */
static tnn_status lower_legacy_gelu(tnn_lower *l, const tnn_node *node, tnn_value *x, tnn_error *err) {
    tnn_value *gate = x, *out;
    TNN_TRY(tnn_graph_model_warn(l->source->model, err,
                                 "gelu(approximate='%s') is written as x * sigmoid(1.702 x), which is up to 0.021 away",
                                 tnn_node_arg(node, "approximate")->as.text));
    TNN_TRY(times(l, &gate, 1.702, err));
    TNN_TRY(tnn_emit_unary(l, &tnn_tfl_LOGISTIC, "gate", gate, &gate, err));
    TNN_TRY(tnn_emit_binary(l, &tnn_tfl_MUL, NULL, x, gate, &out, err));
    return finish(l, node, out);
}

static tnn_status lower_gelu(tnn_lower *l, const tnn_node *node, tnn_error *err) {
    tnn_value *x;
    tnn_emit e;
    TNN_TRY(tnn_lower_need_float(node, err));
    TNN_TRY(operand(l, node, &x, err));
    if (l->options.legacy_gelu) return lower_legacy_gelu(l, node, x, err);
    tnn_box dims = tnn_box_of(x);
    TNN_TRY(tnn_emit_begin(&e, l, &tnn_tfl_GELU, err));
    tnn_emit_tensor(&e, x);
    tnn_emit_bool(&e, "approximate", tnn_node_arg(node, "approximate")->as.text[0] == 't');
    TNN_TRY(tnn_emit_end(&e, NULL, x->dtype, &dims, &x, err));
    return finish(l, node, x);
}

/* scale * x for x > 0, scale * alpha * (exp(input_scale * x) - 1) else: the two halves added, each 0 on the other's
 * side. TFLite's ELU is the second half without factors. */
static tnn_status lower_elu(tnn_lower *l, const tnn_node *node, tnn_error *err) {
    double alpha = tnn_node_number(node, "alpha", 1), scale = tnn_node_number(node, "scale", 1);
    double input_scale = tnn_node_number(node, "input_scale", 1);
    if (alpha == 1 && scale == 1 && input_scale == 1) return emit_float(l, node, &tnn_tfl_ELU, err);
    tnn_value *x, *high, *low, *zero;
    TNN_TRY(tnn_lower_need_float(node, err));
    TNN_TRY(operand(l, node, &x, err));
    TNN_TRY(tnn_lower_scalar(l, TNN_DTYPE_F32, 0, &zero, err));
    TNN_TRY(tnn_emit_unary(l, &tnn_tfl_RELU, "high", x, &high, err));
    TNN_TRY(times(l, &high, scale, err));
    TNN_TRY(tnn_emit_binary(l, &tnn_tfl_MINIMUM, "low", x, zero, &low, err));
    TNN_TRY(times(l, &low, input_scale, err));
    TNN_TRY(tnn_emit_unary(l, &tnn_tfl_ELU, "low", low, &low, err));
    TNN_TRY(times(l, &low, scale * alpha, err));
    TNN_TRY(tnn_emit_binary(l, &tnn_tfl_ADD, NULL, high, low, &x, err));
    return finish(l, node, x);
}

#define ROW(name, lower) const tnn_lower_row tnn_lowering_##name = {{TNN_DEMAND_FREE, NULL, NULL}, lower, NULL}

ROW(sigmoid, lower_same);
ROW(tanh, lower_same);
ROW(hardswish, lower_same);
ROW(exp, lower_same);
ROW(log, lower_same);
ROW(sqrt, lower_same);
ROW(rsqrt, lower_same);
ROW(sin, lower_same);
ROW(cos, lower_same);
ROW(floor, lower_rounding);
ROW(ceil, lower_rounding);
ROW(round, lower_rounding);
ROW(sign, lower_sign);
ROW(neg, lower_neg);
ROW(abs, lower_abs);
ROW(relu, lower_relu);
ROW(clamp, lower_clamp);
ROW(leaky_relu, lower_leaky_relu);
ROW(gelu, lower_gelu);
ROW(elu, lower_elu);
