/* Element by element, two operands, broadcasting.
 *
 * PyTorch computes in the promoted type: operands are cast to it first. TFLite's arithmetic has kernels for float32,
 * int32 and int64; smaller integers are computed in 32 bits and cut back. */
#include <math.h>

#include "ir/recipe.h"
#include "ops/list.h"
#include "tflite/layout.h"
#include "tflite/lower_bits.h"
#include "tflite/lower_int64.h"
#include "tflite/lower_sides.h"

/* Dimensions that the kernels of arithmetic broadcast; those of remainders and powers do fewer in older runtimes. */
#define MAX_ARITHMETIC_RANK 6
#define MAX_OTHER_RANK 4

static tnn_box without_first(tnn_box dims) {
    dims.rank--;
    for (uint8_t k = 0; k < dims.rank; k++) dims.at[k] = dims.at[k + 1];
    return dims;
}

/* One side of the operation. */
typedef struct side {
    const tnn_arg *arg;
    tnn_value *tensor; /* in the type of computation */
} side;

static const tnn_value *value_of(const side *s) { return s->arg->kind == TNN_ARG_TENSOR ? s->arg->as.tensor : NULL; }

static uint8_t max_rank(const tnn_node *node) {
    switch (node->op->id) {
    case TNN_OP_pow: case TNN_OP_remainder: return MAX_OTHER_RANK;
    case TNN_OP_div: return tnn_node_is_none(node, "rounding_mode") ? MAX_ARITHMETIC_RANK : MAX_OTHER_RANK;
    default: return MAX_ARITHMETIC_RANK;
    }
}

static tnn_status get_sides(tnn_lower *l, const tnn_node *node, side *a, side *b, tnn_error *err) {
    tnn_dtype dtype = tnn_lower_computed_in(node->outputs[0]->dtype);
    tnn_value *tensors[2];
    TNN_TRY(tnn_lower_sides(l, node, 2, (tnn_dtype[]){dtype, dtype}, max_rank(node), tensors, err));
    *a = (side){&node->args[0], tensors[0]};
    *b = (side){&node->args[1], tensors[1]};
    return TNN_OK;
}

/* An operator with a fused activation. */
static tnn_status emit_arithmetic(tnn_lower *l, const tnn_node *node, const tnn_tfl_row *row, const side *a,
                                  const side *b, tnn_value **out, tnn_error *err) {
    tnn_box x = tnn_box_of(a->tensor), y = tnn_box_of(b->tensor), dims = tnn_box_broadcast(&x, &y);
    tnn_emit e;
    TNN_TRY(tnn_emit_begin(&e, l, row, err));
    tnn_emit_tensor(&e, a->tensor);
    tnn_emit_tensor(&e, b->tensor);
    tnn_emit_activation(&e, node);
    return tnn_emit_end(&e, NULL, a->tensor->dtype, &dims, out, err);
}

static tnn_status arithmetic(tnn_lower *l, const tnn_node *node, const tnn_tfl_row *row, side *a, side *b,
                             tnn_error *err) {
    tnn_value *out;
    TNN_TRY(emit_arithmetic(l, node, row, a, b, &out, err));
    return tnn_lower_finish(l, node, out, err);
}

static tnn_status plain(tnn_lower *l, const tnn_node *node, const tnn_tfl_row *row, side *a, side *b, tnn_error *err) {
    tnn_value *out;
    TNN_TRY(tnn_emit_binary(l, row, NULL, a->tensor, b->tensor, &out, err));
    return tnn_lower_finish(l, node, out, err);
}

static tnn_status times(tnn_lower *l, side *s, double alpha, tnn_error *err) {
    tnn_value *factor;
    if (alpha == 1) return TNN_OK;
    if (value_of(s) == NULL)
        return tnn_lower_scalar(l, s->tensor->dtype, tnn_arg_number(s->arg) * alpha, &s->tensor, err);
    TNN_TRY(tnn_lower_scalar(l, s->tensor->dtype, alpha, &factor, err));
    return tnn_emit_binary(l, &tnn_tfl_MUL, "alpha", s->tensor, factor, &s->tensor, err);
}

static tnn_status lower_add(tnn_lower *l, const tnn_node *node, tnn_error *err) {
    side a, b;
    TNN_TRY(get_sides(l, node, &a, &b, err));
    double alpha = tnn_node_number(node, "alpha", 1);
    if (a.tensor->dtype == TNN_DTYPE_BOOL)
        return alpha != 0 ? plain(l, node, &tnn_tfl_LOGICAL_OR, &a, &b, err)
                          : tnn_lower_refuse(node, err, "adds booleans with alpha=0");
    TNN_TRY(times(l, &b, alpha, err));
    return arithmetic(l, node, &tnn_tfl_ADD, &a, &b, err);
}

static tnn_status lower_sub(tnn_lower *l, const tnn_node *node, tnn_error *err) {
    side a, b;
    TNN_TRY(get_sides(l, node, &a, &b, err));
    TNN_TRY(times(l, &b, tnn_node_number(node, "alpha", 1), err));
    return arithmetic(l, node, &tnn_tfl_SUB, &a, &b, err);
}

static tnn_status lower_mul(tnn_lower *l, const tnn_node *node, tnn_error *err) {
    side a, b;
    TNN_TRY(get_sides(l, node, &a, &b, err));
    if (a.tensor->dtype == TNN_DTYPE_BOOL) return plain(l, node, &tnn_tfl_LOGICAL_AND, &a, &b, err);
    return arithmetic(l, node, &tnn_tfl_MUL, &a, &b, err);
}

/* ---- division and what it leaves ---- */

/* Is the quotient by it exact, so that rounding it down is all that FLOOR_DIV does? */
static bool is_power_of_two(const side *s) {
    int exponent;
    return value_of(s) == NULL && fabs(frexp(tnn_arg_number(s->arg), &exponent)) == 0.5;
}

/* PyTorch starts from the remainder: the rounded quotient may have come up to an integer that is not reached. */
static tnn_status divide_down(tnn_lower *l, const tnn_node *node, side *a, side *b, tnn_error *err) {
    tnn_value *rest, *out;
    TNN_TRY(tnn_emit_binary(l, &tnn_tfl_FLOOR_MOD, "rest", a->tensor, b->tensor, &rest, err));
    TNN_TRY(tnn_emit_binary(l, &tnn_tfl_SUB, "multiple", a->tensor, rest, &out, err));
    TNN_TRY(tnn_emit_binary(l, &tnn_tfl_DIV, "quotient", out, b->tensor, &out, err));
    TNN_TRY(tnn_emit_unary(l, &tnn_tfl_ROUND, NULL, out, &out, err));
    return tnn_lower_finish(l, node, out, err);
}

/* Toward zero. */
static tnn_status truncate(tnn_lower *l, tnn_value *x, tnn_value **out, tnn_error *err) {
    tnn_value *size, *sign;
    TNN_TRY(tnn_emit_unary(l, &tnn_tfl_ABS, "size", x, &size, err));
    TNN_TRY(tnn_emit_unary(l, &tnn_tfl_FLOOR, "floor", size, &size, err));
    TNN_TRY(tnn_emit_unary(l, &tnn_tfl_SIGN, "sign", x, &sign, err));
    return tnn_emit_binary(l, &tnn_tfl_MUL, NULL, size, sign, out, err);
}

/* Does the int64 tensor hold numbers that were made as 32-bit ones, or places along a dimension? */
static bool is_narrow(const tnn_value *tensor) {
    const tnn_node *node = tensor->producer;
    while (node != NULL && (node->op == &tnn_tfl_RESHAPE.op || node->op == &tnn_tfl_TRANSPOSE.op))
        node = node->args[0].as.tensor->producer;
    if (node == NULL) return false;
    if (node->op == &tnn_tfl_ARG_MAX.op || node->op == &tnn_tfl_ARG_MIN.op) return true;
    if (node->op != &tnn_tfl_CAST.op) return false;
    tnn_dtype from = node->args[0].as.tensor->dtype;
    return from != TNN_DTYPE_I64 && !tnn_dtype_is_float(from);
}

static bool fits_in_32_bits(const side *s) {
    if (value_of(s) == NULL) return fabs(tnn_arg_number(s->arg)) < 0x1p31;
    return is_narrow(s->tensor);
}

/* TFLite divides 32-bit integers. */
static tnn_status divide_int64(tnn_lower *l, const tnn_node *node, const tnn_tfl_row *row, side *a, side *b,
                               tnn_error *err) {
    tnn_value *x, *y, *out;
    if (!fits_in_32_bits(a) || !fits_in_32_bits(b)) {
        TNN_TRY(tnn_lower_divide_int64(l, a->tensor, b->tensor, row == &tnn_tfl_FLOOR_DIV, &out, err));
        return tnn_lower_finish(l, node, out, err);
    }
    TNN_TRY(tnn_lower_cast(l, a->tensor, TNN_DTYPE_I32, &x, err));
    TNN_TRY(tnn_lower_cast(l, b->tensor, TNN_DTYPE_I32, &y, err));
    TNN_TRY(tnn_emit_binary(l, row, NULL, x, y, &out, err));
    return tnn_lower_finish(l, node, out, err);
}

static tnn_status lower_div(tnn_lower *l, const tnn_node *node, tnn_error *err) {
    const tnn_arg *mode = tnn_node_arg(node, "rounding_mode");
    bool floors = mode->kind == TNN_ARG_STRING && mode->as.text[0] == 'f';
    bool truncates = mode->kind == TNN_ARG_STRING && mode->as.text[0] == 't';
    const tnn_tfl_row *row = floors ? &tnn_tfl_FLOOR_DIV : &tnn_tfl_DIV; /* of integers toward zero, as C divides */
    side a, b;
    tnn_value *out;
    TNN_TRY(get_sides(l, node, &a, &b, err));
    bool floats = a.tensor->dtype == TNN_DTYPE_F32;
    if (a.tensor->dtype == TNN_DTYPE_I64) return divide_int64(l, node, row, &a, &b, err);
    if (floats && floors && !is_power_of_two(&b)) return divide_down(l, node, &a, &b, err);
    if (floors) return plain(l, node, row, &a, &b, err);
    TNN_TRY(emit_arithmetic(l, node, row, &a, &b, &out, err));
    if (truncates && floats) TNN_TRY(truncate(l, out, &out, err));
    return tnn_lower_finish(l, node, out, err);
}

static tnn_status lower_remainder(tnn_lower *l, const tnn_node *node, tnn_error *err) {
    side a, b;
    TNN_TRY(get_sides(l, node, &a, &b, err));
    return plain(l, node, &tnn_tfl_FLOOR_MOD, &a, &b, err);
}

/* ATAN2 takes equal shapes only. */
static tnn_status lower_atan2(tnn_lower *l, const tnn_node *node, tnn_error *err) {
    tnn_value *sides[2], *out;
    TNN_TRY(tnn_lower_need_float(node, err));
    TNN_TRY(tnn_lower_sides(l, node, 2, (tnn_dtype[]){TNN_DTYPE_F32, TNN_DTYPE_F32}, 0, sides, err));
    TNN_TRY(tnn_emit_binary(l, &tnn_tfl_ATAN2, NULL, sides[0], sides[1], &out, err));
    return tnn_lower_finish(l, node, out, err);
}

/* ---- extremes and powers ---- */

static tnn_status lower_extremum(tnn_lower *l, const tnn_node *node, tnn_error *err) {
    bool maximum = tnn_node_is(node, TNN_OP_maximum);
    side a, b;
    TNN_TRY(get_sides(l, node, &a, &b, err));
    if (a.tensor->dtype == TNN_DTYPE_BOOL)
        return plain(l, node, maximum ? &tnn_tfl_LOGICAL_OR : &tnn_tfl_LOGICAL_AND, &a, &b, err);
    return plain(l, node, maximum ? &tnn_tfl_MAXIMUM : &tnn_tfl_MINIMUM, &a, &b, err);
}

/* By squaring: integers wrap around as PyTorch's do, and int64 has no POW. */
static tnn_status emit_power(tnn_lower *l, tnn_value *x, int64_t exponent, tnn_value **out, tnn_error *err) {
    *out = NULL;
    for (;; exponent /= 2) {
        if (exponent % 2 == 1 && *out == NULL) *out = x;
        else if (exponent % 2 == 1) TNN_TRY(tnn_emit_binary(l, &tnn_tfl_MUL, "power", *out, x, out, err));
        if (exponent <= 1) return TNN_OK;
        TNN_TRY(tnn_emit_binary(l, &tnn_tfl_MUL, "square", x, x, &x, err));
    }
}

static tnn_status hold_ones(tnn_lower *l, const tnn_node *node, tnn_error *err) {
    const tnn_recipe *recipe;
    tnn_value *ones;
    tnn_box dims;
    TNN_TRY(tnn_lower_dims(node->outputs[0], &dims, err));
    TNN_TRY(tnn_recipe_fill(&recipe, l->arena, node->outputs[0]->dtype, dims.rank, dims.at, 1, 1, err));
    TNN_TRY(tnn_lower_constant(l, NULL, recipe, &ones, err));
    return tnn_lower_finish(l, node, ones, err);
}

static tnn_status lower_pow(tnn_lower *l, const tnn_node *node, tnn_error *err) {
    side a, b;
    TNN_TRY(get_sides(l, node, &a, &b, err));
    double exponent = value_of(&b) == NULL ? tnn_arg_number(b.arg) : NAN;
    if (exponent == 0) return hold_ones(l, node, err);
    if (exponent == 1) return tnn_lower_finish(l, node, a.tensor, err);
    if (exponent == 2) {
        b.tensor = a.tensor;
        return arithmetic(l, node, &tnn_tfl_MUL, &a, &b, err);
    }
    if (a.tensor->dtype == TNN_DTYPE_F32) return plain(l, node, &tnn_tfl_POW, &a, &b, err);
    if (value_of(&a) == NULL && tnn_arg_number(a.arg) == 2) {
        TNN_TRY(tnn_lower_powers_of_two(l, b.tensor, &b.tensor, err));
        return tnn_lower_finish(l, node, b.tensor, err);
    }
    if (!(exponent > 0))
        return tnn_lower_refuse(node, err, "TFLite's POW fails on negative exponents of integers, and these are known "
                                           "only when the model runs; cast to float32 first");
    TNN_TRY(emit_power(l, a.tensor, (int64_t)exponent, &a.tensor, err));
    return tnn_lower_finish(l, node, a.tensor, err);
}

/* The slope is [1] or [channels of dimension 1]; TFLite broadcasts it over [.., C]. */
static tnn_status lower_prelu(tnn_lower *l, const tnn_node *node, tnn_error *err) {
    const tnn_value *x = node->args[0].as.tensor, *weight = node->args[1].as.tensor, *result = node->outputs[0];
    tnn_value *tensor, *slope, *out;
    TNN_TRY(tnn_lower_need_float(node, err));
    tnn_box dims, alpha;
    TNN_TRY(tnn_lower_dims(result, &dims, err));
    alpha = dims;
    uint8_t positions[TNN_MAX_ATOMS];
    bool one = weight->shape.rank == 0 || weight->shape.dims[0].hint == 1;
    for (uint8_t k = 0; k < alpha.rank; k++) alpha.at[k] = 1;
    if (!one && tnn_layout_positions(result, 1, positions) != 1)
        return tnn_lower_refuse(node, err, "its channels do not lie together");
    if (!one) alpha.at[positions[0]] = weight->shape.dims[0].hint;
    TNN_TRY(tnn_lower_get_shaped(l, x, &dims, &tensor, err));
    TNN_TRY(tnn_lower_get_shaped(l, weight, &alpha, &slope, err));
    if (alpha.rank > 1) alpha = without_first(alpha); /* the kernel wants no batch in the slope */
    TNN_TRY(tnn_lower_reshape(l, slope, &alpha, &slope, err));
    TNN_TRY(tnn_emit_binary(l, &tnn_tfl_PRELU, NULL, tensor, slope, &out, err));
    tnn_lower_set(l, result, out);
    return TNN_OK;
}

static bool is_float(const tnn_node *node) { return node->outputs[0]->dtype == TNN_DTYPE_F32; }

static bool fuses(const tnn_node *node, tnn_activation act) {
    (void)act;
    return is_float(node);
}

static bool fuses_div(const tnn_node *node, tnn_activation act) {
    (void)act;
    return is_float(node) && tnn_node_is_none(node, "rounding_mode");
}

#define ROW(name, lower, fuses) const tnn_lower_row tnn_lowering_##name = {{TNN_DEMAND_FREE, NULL, NULL}, lower, fuses}

ROW(add, lower_add, fuses);
ROW(sub, lower_sub, fuses);
ROW(mul, lower_mul, fuses);
ROW(div, lower_div, fuses_div);
ROW(maximum, lower_extremum, NULL);
ROW(minimum, lower_extremum, NULL);
ROW(pow, lower_pow, NULL);
ROW(remainder, lower_remainder, NULL);
ROW(atan2, lower_atan2, NULL);
ROW(prelu, lower_prelu, NULL);
