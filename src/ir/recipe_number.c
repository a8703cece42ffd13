/* Steps that change numbers: affine, cast, quantize. */
#include "ir/elems.h"
#include "ir/recipe_node.h"

static bool changes_nothing(const double *scale, const double *shift, int64_t n) {
    for (int64_t i = 0; i < n; i++)
        if (!(scale[i] == 1) || (shift != NULL && !(shift[i] == 0))) return false;
    return true;
}

/* Where the numbers of an AFFINE change along this axis at most. */
static bool varies_along(const tnn_recipe *affine, uint8_t axis) {
    for (uint8_t d = 0; d < affine->rank; d++)
        if (d != axis && affine->as.affine.strides[d] != 0) return false;
    return true;
}

/* (x * s0 + t0) * s1 + t1 = x * (s0 * s1) + (t0 * s1 + t1), with one rounding less. */
static tnn_status compose(const double **scale, const double **shift, tnn_arena *arena, const tnn_recipe *inner,
                          uint8_t axis, tnn_error *err) {
    int64_t n = inner->dims[axis], stride = inner->as.affine.strides[axis];
    double *both_scale = TNN_NEW_ARRAY(arena, (size_t)n, double);
    double *both_shift = TNN_NEW_ARRAY(arena, (size_t)n, double);
    if (both_scale == NULL || both_shift == NULL) return tnn_fail_nomem(err);
    const double *inner_shift = inner->as.affine.shift;
    for (int64_t i = 0; i < n; i++) {
        both_scale[i] = inner->as.affine.scale[i * stride] * (*scale)[i];
        both_shift[i] = (inner_shift != NULL ? inner_shift[i * stride] * (*scale)[i] : 0) +
                        (*shift != NULL ? (*shift)[i] : 0);
    }
    if (inner_shift != NULL || *shift != NULL) *shift = both_shift;
    *scale = both_scale;
    return TNN_OK;
}

tnn_status tnn_recipe_affine(const tnn_recipe **out, tnn_arena *arena, const tnn_recipe *child, uint8_t axis,
                             const double *scale, const double *shift, tnn_error *err) {
    TNN_TRY(tnn_recipe_check_axis(child, axis, err));
    if (tnn_recipe_count(child) == 0 || changes_nothing(scale, shift, child->dims[axis])) {
        *out = child;
        return TNN_OK;
    }
    /* Integers must be truncated between the two. */
    if (child->kind == TNN_RECIPE_AFFINE && tnn_dtype_is_float(child->dtype) && varies_along(child, axis)) {
        TNN_TRY(compose(&scale, &shift, arena, child, axis, err));
        child = child->children[0];
    }
    tnn_recipe *node;
    TNN_TRY(tnn_recipe_node(&node, arena, TNN_RECIPE_AFFINE, &child, 1, err));
    node->as.affine.scale = scale;
    node->as.affine.shift = shift;
    node->as.affine.strides[axis] = child->dims[axis] == 1 ? 0 : 1;
    *out = node;
    return TNN_OK;
}

/* Binary digits that a dtype holds exactly. */
static int digits(tnn_dtype dtype) {
    switch (dtype) {
    case TNN_DTYPE_BOOL: return 1;
    case TNN_DTYPE_F16: return 11;
    case TNN_DTYPE_BF16: return 8;
    case TNN_DTYPE_F32: return 24;
    case TNN_DTYPE_F64: return 53;
    case TNN_DTYPE_U8:
    case TNN_DTYPE_I8:
    case TNN_DTYPE_I16:
    case TNN_DTYPE_I32:
    case TNN_DTYPE_I64:
    case TNN_DTYPE_NONE:
    case TNN_DTYPE_COUNT: break;
    }
    return (int)tnn_dtype_bytes(dtype) * 8;
}

/* Every value of `from` is one of `to`. */
static bool is_exact(tnn_dtype from, tnn_dtype to) {
    if (from == TNN_DTYPE_BOOL) return true;
    if (tnn_dtype_is_float(from)) return to == TNN_DTYPE_F64 || (to == TNN_DTYPE_F32 && from != TNN_DTYPE_F64);
    return tnn_dtype_is_float(to) ? digits(from) <= digits(to) : digits(from) < digits(to);
}

static tnn_status cast_fill(const tnn_recipe **out, tnn_arena *arena, const tnn_recipe *fill, tnn_dtype dtype,
                            tnn_error *err) {
    uint8_t from[8] = {0}, to[8] = {0};
    tnn_recipe_fill_elem(fill, from);
    tnn_convert_elems(to, dtype, from, fill->dtype, 1);
    return tnn_recipe_fill(out, arena, dtype, fill->rank, fill->dims, tnn_elem_number(to, dtype, 0),
                           tnn_elem_integer(to, dtype, 0), err);
}

tnn_status tnn_recipe_cast(const tnn_recipe **out, tnn_arena *arena, const tnn_recipe *child, tnn_dtype dtype,
                           tnn_error *err) {
    while (child->kind == TNN_RECIPE_CAST && is_exact(child->children[0]->dtype, child->dtype))
        child = child->children[0];
    if (child->dtype == dtype) {
        *out = child;
        return TNN_OK;
    }
    if (child->kind == TNN_RECIPE_FILL) return cast_fill(out, arena, child, dtype, err);
    tnn_recipe *node;
    TNN_TRY(tnn_recipe_node(&node, arena, TNN_RECIPE_CAST, &child, 1, err));
    node->dtype = dtype;
    *out = node;
    return TNN_OK;
}

tnn_status tnn_recipe_quantize(const tnn_recipe **out, tnn_arena *arena, const tnn_recipe *child, tnn_dtype dtype,
                               uint8_t axis, const double *scale, const double *shift, int32_t low, int32_t high,
                               tnn_error *err) {
    TNN_TRY(tnn_recipe_check_axis(child, axis, err));
    if (child->dtype != TNN_DTYPE_F32)
        return tnn_fail(err, TNN_ERR_INVALID, NULL, "a constant of %s is quantized", tnn_dtype_name(child->dtype));
    if (tnn_recipe_count(child) == 0) return tnn_recipe_empty(out, arena, dtype, child->rank, child->dims, err);
    tnn_recipe *node;
    TNN_TRY(tnn_recipe_node(&node, arena, TNN_RECIPE_QUANTIZE, &child, 1, err));
    node->dtype = dtype;
    node->as.affine.scale = scale;
    node->as.affine.shift = shift;
    node->as.affine.strides[axis] = child->dims[axis] == 1 ? 0 : 1;
    node->as.affine.low = low;
    node->as.affine.high = high;
    *out = node;
    return TNN_OK;
}
