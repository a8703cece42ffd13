/* Element by element, two operands, broadcasting.
 *
 * PyTorch computes in the promoted type: operands are cast to it first. TFLite's arithmetic has kernels for float32,
 * int32 and int64; smaller integers are computed in 32 bits and cut back. Broadcasting lines dimensions up from the
 * end, in memory order: an operand of fewer dimensions gets 1s where the result's order needs them. */
#include "ir/recipe.h"
#include "ops/list.h"
#include "tflite/layout.h"
#include "tflite/lower.h"

/* The shape of an operand seen against the physical dimensions of the result. */
static tnn_box align(const tnn_value *operand, const tnn_value *result) {
    const tnn_layout *layout = result->layout;
    int lead = result->shape.rank - operand->shape.rank;
    tnn_box out = {.rank = 0};
    for (uint8_t k = 0; k < layout->n_atoms; k++) {
        const tnn_layout_atom *a = &layout->atoms[k];
        int dim = a->dim - lead;
        bool spread = dim < 0 || operand->shape.dims[dim].hint == 1;
        int64_t size = spread ? 1 : a->size;
        if (k > 0 && a[-1].dim == a->dim && a[-1].part + 1 == a->part) out.at[out.rank - 1] *= size;
        else out.at[out.rank++] = size;
    }
    return out;
}

static tnn_box without_first(tnn_box dims) {
    dims.rank--;
    for (uint8_t k = 0; k < dims.rank; k++) dims.at[k] = dims.at[k + 1];
    return dims;
}

static tnn_box drop_leading_ones(tnn_box dims) {
    while (dims.rank > 0 && dims.at[0] == 1) dims = without_first(dims);
    return dims;
}

/* One side of the operation. */
typedef struct side {
    const tnn_arg *arg;
    tnn_value *tensor; /* in the type of computation */
} side;

static const tnn_value *value_of(const side *s) { return s->arg->kind == TNN_ARG_TENSOR ? s->arg->as.tensor : NULL; }

/* Both sides have all of the result's elements and lie under the same shape, whatever that is. */
static tnn_status same_shapes(tnn_lower *l, const tnn_node *node, const side *a, const side *b, bool *same,
                              tnn_error *err) {
    const tnn_value *x = value_of(a), *y = value_of(b), *out = node->outputs[0];
    tnn_value *tx, *ty;
    *same = false;
    if (x == NULL || y == NULL) return TNN_OK;
    if (!tnn_shape_equal_hints(&x->shape, &out->shape) || !tnn_shape_equal_hints(&y->shape, &out->shape)) return TNN_OK;
    TNN_TRY(tnn_lower_get_any(l, x, &tx, err));
    TNN_TRY(tnn_lower_get_any(l, y, &ty, err));
    tnn_box dx = tnn_box_of(tx), dy = tnn_box_of(ty);
    *same = tnn_box_equal(&dx, &dy);
    return TNN_OK;
}

static tnn_status get_side(tnn_lower *l, const tnn_node *node, side *s, bool any_shape, tnn_dtype dtype,
                           tnn_error *err) {
    const tnn_value *value = value_of(s), *out = node->outputs[0];
    if (value == NULL) return tnn_lower_scalar(l, dtype, tnn_arg_number(s->arg), &s->tensor, err);
    if (any_shape) {
        TNN_TRY(tnn_lower_get_any(l, value, &s->tensor, err));
    } else {
        tnn_box dims = align(value, out);
        bool whole = tnn_shape_equal_hints(&value->shape, &out->shape);
        if (!whole && value->constant != NULL) dims = drop_leading_ones(dims);
        TNN_TRY(tnn_lower_get_shaped(l, value, &dims, &s->tensor, err));
    }
    return tnn_lower_cast(l, s->tensor, dtype, &s->tensor, err);
}

static tnn_dtype computed_in(tnn_dtype result) {
    switch (result) {
    case TNN_DTYPE_F32: case TNN_DTYPE_I32: case TNN_DTYPE_I64: case TNN_DTYPE_BOOL: return result;
    case TNN_DTYPE_U8: case TNN_DTYPE_I8: case TNN_DTYPE_I16: return TNN_DTYPE_I32;
    case TNN_DTYPE_NONE: case TNN_DTYPE_F16: case TNN_DTYPE_BF16: case TNN_DTYPE_F64: case TNN_DTYPE_COUNT: break;
    }
    return TNN_DTYPE_F32;
}

static tnn_status get_sides(tnn_lower *l, const tnn_node *node, side *a, side *b, tnn_error *err) {
    tnn_dtype dtype = computed_in(node->outputs[0]->dtype);
    bool any_shape;
    a->arg = &node->args[0];
    b->arg = &node->args[1];
    TNN_TRY(same_shapes(l, node, a, b, &any_shape, err));
    if (value_of(a) != NULL && value_of(b) == NULL) /* a number goes with any shape */
        any_shape = tnn_shape_equal_hints(&value_of(a)->shape, &node->outputs[0]->shape);
    if (value_of(b) != NULL && value_of(a) == NULL)
        any_shape = tnn_shape_equal_hints(&value_of(b)->shape, &node->outputs[0]->shape);
    TNN_TRY(get_side(l, node, a, any_shape, dtype, err));
    return get_side(l, node, b, any_shape, dtype, err);
}

static tnn_status finish(tnn_lower *l, const tnn_node *node, tnn_value *y, tnn_error *err) {
    TNN_TRY(tnn_lower_cast(l, y, node->outputs[0]->dtype, &y, err));
    tnn_lower_set(l, node->outputs[0], y);
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
    return finish(l, node, out, err);
}

static tnn_status plain(tnn_lower *l, const tnn_node *node, const tnn_tfl_row *row, side *a, side *b, tnn_error *err) {
    tnn_value *out;
    TNN_TRY(tnn_emit_binary(l, row, NULL, a->tensor, b->tensor, &out, err));
    return finish(l, node, out, err);
}

static tnn_status times(tnn_lower *l, side *s, double alpha, tnn_error *err) {
    tnn_value *factor;
    if (alpha == 1) return TNN_OK;
    if (value_of(s) == NULL) return tnn_lower_scalar(l, s->tensor->dtype, tnn_arg_number(s->arg) * alpha, &s->tensor, err);
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

/* Toward zero: floor of what is positive, less the floor of what is negative with its sign turned. (CEIL would save an
 * operator, but LiteRT's reference resolver has none.) */
static tnn_status truncate(tnn_lower *l, tnn_value **x, tnn_error *err) {
    tnn_value *high, *low;
    TNN_TRY(tnn_emit_unary(l, &tnn_tfl_RELU, "high", *x, &high, err));
    TNN_TRY(tnn_emit_unary(l, &tnn_tfl_FLOOR, "high", high, &high, err));
    TNN_TRY(tnn_emit_unary(l, &tnn_tfl_NEG, "low", *x, &low, err));
    TNN_TRY(tnn_emit_unary(l, &tnn_tfl_RELU, "low", low, &low, err));
    TNN_TRY(tnn_emit_unary(l, &tnn_tfl_FLOOR, "low", low, &low, err));
    return tnn_emit_binary(l, &tnn_tfl_SUB, NULL, high, low, x, err);
}

static tnn_status lower_div(tnn_lower *l, const tnn_node *node, tnn_error *err) {
    const tnn_arg *mode = tnn_node_arg(node, "rounding_mode");
    bool floors = mode->kind == TNN_ARG_STRING && mode->as.text[0] == 'f';
    bool truncates = mode->kind == TNN_ARG_STRING && mode->as.text[0] == 't';
    side a, b;
    tnn_value *out;
    TNN_TRY(get_sides(l, node, &a, &b, err));
    bool integers = a.tensor->dtype != TNN_DTYPE_F32;
    if (integers && a.tensor->dtype != TNN_DTYPE_I32 && !floors)
        return tnn_lower_refuse(node, err, "TFLite's DIV takes int32, this one is %s", tnn_dtype_name(a.tensor->dtype));
    if (floors) return plain(l, node, &tnn_tfl_FLOOR_DIV, &a, &b, err);
    TNN_TRY(emit_arithmetic(l, node, &tnn_tfl_DIV, &a, &b, &out, err)); /* integers: toward zero, as C divides */
    if (truncates && !integers) TNN_TRY(truncate(l, &out, err));
    return finish(l, node, out, err);
}

static tnn_status lower_extremum(tnn_lower *l, const tnn_node *node, tnn_error *err) {
    bool maximum = tnn_node_is(node, TNN_OP_maximum);
    side a, b;
    TNN_TRY(get_sides(l, node, &a, &b, err));
    if (a.tensor->dtype == TNN_DTYPE_BOOL)
        return plain(l, node, maximum ? &tnn_tfl_LOGICAL_OR : &tnn_tfl_LOGICAL_AND, &a, &b, err);
    return plain(l, node, maximum ? &tnn_tfl_MAXIMUM : &tnn_tfl_MINIMUM, &a, &b, err);
}

static tnn_status lower_pow(tnn_lower *l, const tnn_node *node, tnn_error *err) {
    side a, b;
    TNN_TRY(get_sides(l, node, &a, &b, err));
    bool number = value_of(&b) == NULL;
    if (number && tnn_arg_number(b.arg) == 1) return finish(l, node, a.tensor, err);
    if (number && tnn_arg_number(b.arg) == 2) {
        b.tensor = a.tensor;
        return arithmetic(l, node, &tnn_tfl_MUL, &a, &b, err);
    }
    if (a.tensor->dtype != TNN_DTYPE_F32 && a.tensor->dtype != TNN_DTYPE_I32)
        return tnn_lower_refuse(node, err, "TFLite's POW takes float32 and int32, this one is %s",
                                tnn_dtype_name(a.tensor->dtype));
    return plain(l, node, &tnn_tfl_POW, &a, &b, err);
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
ROW(prelu, lower_prelu, NULL);
