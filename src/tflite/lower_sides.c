#include "tflite/lower_sides.h"

#include "ir/elems.h"
#include "ir/recipe.h"
#include "ops/promote.h"
#include "tflite/layout.h"

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

static tnn_box drop_leading_ones(tnn_box dims) {
    while (dims.rank > 0 && dims.at[0] == 1) {
        dims.rank--;
        for (uint8_t k = 0; k < dims.rank; k++) dims.at[k] = dims.at[k + 1];
    }
    return dims;
}

static const tnn_value *value_of(const tnn_node *node, size_t i) {
    return node->args[i].kind == TNN_ARG_TENSOR ? node->args[i].as.tensor : NULL;
}

static bool is_whole(const tnn_value *value, const tnn_node *node) {
    return tnn_shape_equal_hints(&value->shape, &node->outputs[0]->shape);
}

/* All sides that are tensors have all of the result's elements and lie under the same shape, whatever that is. */
static tnn_status same_shapes(tnn_lower *l, const tnn_node *node, size_t n, bool *same, tnn_error *err) {
    tnn_box first = {.rank = 0};
    bool found = false;
    *same = true;
    for (size_t i = 0; i < n && *same; i++) {
        const tnn_value *value = value_of(node, i);
        tnn_value *tensor;
        if (value == NULL) continue;
        *same = is_whole(value, node);
        if (!*same) break;
        TNN_TRY(tnn_lower_get_any(l, value, &tensor, err));
        tnn_box dims = tnn_box_of(tensor);
        *same = !found || tnn_box_equal(&first, &dims);
        first = dims;
        found = true;
    }
    return TNN_OK;
}

/* ---- fewer dimensions ---- */

/* Do all sides have, or lack, dimensions k - 1 and k together? */
static bool merges(const tnn_box *sides, size_t n, const tnn_box *whole, uint8_t k) {
    for (size_t i = 0; i < n; i++) {
        bool has_outer = sides[i].at[k - 1] == whole->at[k - 1], has_inner = sides[i].at[k] == whole->at[k];
        if (has_outer != has_inner && whole->at[k - 1] != 1 && whole->at[k] != 1) return false;
    }
    return true;
}

static void merge_into(tnn_box *dims, uint8_t k) {
    dims->at[k - 1] *= dims->at[k];
    dims->rank--;
    for (uint8_t j = k; j < dims->rank; j++) dims->at[j] = dims->at[j + 1];
}

/* `sides` have the rank of `whole`. */
static void merge(tnn_box *sides, size_t n, tnn_box *whole) {
    for (uint8_t k = 1; k < whole->rank;) {
        if (!merges(sides, n, whole, k)) {
            k++;
            continue;
        }
        for (size_t i = 0; i < n; i++) merge_into(&sides[i], k);
        merge_into(whole, k);
    }
}

/* Dimensions of 1 in front of everything go first: what is left needs no other shape. */
static void drop_ones(tnn_box *sides, size_t n, tnn_box *whole, uint8_t max_rank) {
    while (whole->rank > max_rank && whole->at[0] == 1) {
        for (size_t i = 0; i < n; i++) merge_into(&sides[i], 1);
        merge_into(whole, 1);
    }
}

static tnn_status spread(tnn_lower *l, tnn_value *tensor, const tnn_box *dims, tnn_value **out, tnn_error *err) {
    tnn_box have = tnn_box_of(tensor), one = {.rank = 1, .at = {dims->rank}};
    tnn_value *shape;
    tnn_emit e;
    *out = tensor;
    if (tnn_box_equal(&have, dims)) return TNN_OK;
    TNN_TRY(tnn_lower_ints(l, "shape", dims->at, &one, &shape, err));
    TNN_TRY(tnn_emit_begin(&e, l, &tnn_tfl_BROADCAST_TO, err));
    tnn_emit_tensor(&e, tensor);
    tnn_emit_tensor(&e, shape);
    return tnn_emit_end(&e, "spread", tensor->dtype, dims, out, err);
}

/* ---- the sides ---- */

/* PyTorch brings a number to the type of the tensors beside it, where it wraps around, before it computes. */
static tnn_status number(tnn_lower *l, const tnn_arg *arg, tnn_dtype beside, tnn_dtype dtype, tnn_value **out,
                         tnn_error *err) {
    const tnn_recipe *recipe;
    double value = tnn_arg_number(arg);
    int64_t integer = 0;
    if (!tnn_dtype_is_float(dtype)) {
        uint8_t elem[8];
        tnn_dtype own = tnn_dtype_is_float(beside) ? dtype : beside;
        tnn_elem_set_integer(elem, own, 0, arg->kind == TNN_ARG_FLOAT ? (int64_t)value : tnn_arg_int(arg));
        integer = tnn_elem_integer(elem, own, 0);
    }
    TNN_TRY(tnn_recipe_fill(&recipe, l->arena, dtype, 0, NULL, value, integer, err));
    return tnn_lower_constant(l, "scalar", recipe, out, err);
}

static tnn_status get_side(tnn_lower *l, const tnn_node *node, size_t n, size_t i, const tnn_box *dims,
                           tnn_dtype dtype, tnn_value **out, tnn_error *err) {
    const tnn_value *value = value_of(node, i);
    if (value == NULL) return number(l, &node->args[i], tnn_promoted(node->args, n), dtype, out, err);
    if (dims == NULL) {
        TNN_TRY(tnn_lower_get_any(l, value, out, err));
    } else {
        bool part = value->constant != NULL && !is_whole(value, node);
        tnn_box shape = part ? drop_leading_ones(*dims) : *dims;
        TNN_TRY(tnn_lower_get_shaped(l, value, &shape, out, err));
    }
    return tnn_lower_cast(l, *out, dtype, out, err);
}

tnn_status tnn_lower_sides(tnn_lower *l, const tnn_node *node, size_t n, const tnn_dtype *dtypes, uint8_t max_rank,
                           tnn_value **tensors, tnn_error *err) {
    tnn_box dims[TNN_MAX_SIDES], whole;
    bool any_shape;
    TNN_TRY(same_shapes(l, node, n, &any_shape, err));
    TNN_TRY(tnn_lower_dims(node->outputs[0], &whole, err));
    for (size_t i = 0; i < n; i++) {
        dims[i] = tnn_box_make(whole.rank, whole.at);
        if (value_of(node, i) != NULL) dims[i] = align(value_of(node, i), node->outputs[0]);
        else for (uint8_t k = 0; k < whole.rank; k++) dims[i].at[k] = 1;
    }
    if (!any_shape && max_rank > 0) drop_ones(dims, n, &whole, max_rank);
    if (!any_shape && whole.rank > max_rank) merge(dims, n, &whole);
    for (size_t i = 0; i < n; i++) {
        TNN_TRY(get_side(l, node, n, i, any_shape ? NULL : &dims[i], dtypes[i], &tensors[i], err));
        if (any_shape && value_of(node, i) != NULL) whole = tnn_box_of(tensors[i]);
    }
    for (size_t i = 0; i < n && (max_rank == 0 || (!any_shape && whole.rank > max_rank)); i++)
        TNN_TRY(spread(l, tensors[i], &whole, &tensors[i], err));
    return TNN_OK;
}

tnn_dtype tnn_lower_computed_in(tnn_dtype dtype) {
    switch (dtype) {
    case TNN_DTYPE_F32: case TNN_DTYPE_I32: case TNN_DTYPE_I64: case TNN_DTYPE_BOOL: return dtype;
    case TNN_DTYPE_U8: case TNN_DTYPE_I8: case TNN_DTYPE_I16: return TNN_DTYPE_I32;
    case TNN_DTYPE_NONE: case TNN_DTYPE_F16: case TNN_DTYPE_BF16: case TNN_DTYPE_F64: case TNN_DTYPE_COUNT: break;
    }
    return TNN_DTYPE_F32;
}

tnn_status tnn_lower_finish(tnn_lower *l, const tnn_node *node, tnn_value *tensor, tnn_error *err) {
    TNN_TRY(tnn_lower_cast(l, tensor, node->outputs[0]->dtype, &tensor, err));
    tnn_lower_set(l, node->outputs[0], tensor);
    return TNN_OK;
}

tnn_status tnn_emit_typed(tnn_lower *l, const tnn_tfl_row *row, const char *suffix, tnn_value *const *operands,
                          size_t n, tnn_dtype dtype, tnn_value **out, tnn_error *err) {
    tnn_box dims = tnn_box_of(operands[0]);
    tnn_emit e;
    TNN_TRY(tnn_emit_begin(&e, l, row, err));
    for (size_t i = 0; i < n; i++) {
        tnn_box more = tnn_box_of(operands[i]);
        dims = tnn_box_broadcast(&dims, &more);
        tnn_emit_tensor(&e, operands[i]);
    }
    return tnn_emit_end(&e, suffix, dtype, &dims, out, err);
}

tnn_status tnn_lower_two_sides(tnn_lower *l, const tnn_node *node, const tnn_tfl_row *row, tnn_dtype dtype,
                               tnn_dtype out_dtype, tnn_error *err) {
    tnn_value *sides[2], *out;
    TNN_TRY(tnn_lower_sides(l, node, 2, (tnn_dtype[]){dtype, dtype}, 4, sides, err));
    TNN_TRY(tnn_emit_typed(l, row, NULL, sides, 2, out_dtype, &out, err));
    return tnn_lower_finish(l, node, out, err);
}
