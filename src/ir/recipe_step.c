/* Steps that change sizes or places: pad, concatenate, flip, dilate. */
#include <string.h>

#include "ir/checked.h"
#include "ir/elems.h"
#include "ir/recipe_node.h"

static bool same_bits(double a, double b) {
    return memcmp(&a, &b, sizeof a) == 0;
}

/* Cut where fewer than 0 elements are added. */
static tnn_status cut_margins(const tnn_recipe **child, tnn_arena *arena, const int64_t *before,
                              const int64_t *after, tnn_error *err) {
    for (uint8_t d = 0; d < (*child)->rank; d++) {
        int64_t size = (*child)->dims[d];
        int64_t front = before[d] < 0 ? before[d] : 0, back = after[d] < 0 ? after[d] : 0;
        if (front < -size || back < -size - front)
            return tnn_fail(err, TNN_ERR_INVALID, NULL, "a pad cuts more than the %lld elements of dimension %d",
                            (long long)size, d);
        TNN_TRY(tnn_recipe_slice(child, arena, *child, d, -front, size + front + back, 1, err));
    }
    return TNN_OK;
}

/* Sizes and margins of the result; `*none`: there are no margins. */
static tnn_status pad_dims(const tnn_recipe *child, const int64_t *before, const int64_t *after, int64_t *dims,
                           bool *none, tnn_error *err) {
    *none = true;
    for (uint8_t d = 0; d < child->rank; d++) {
        dims[d] = child->dims[d];
        if (before[d] > 0 || after[d] > 0) *none = false;
        if ((before[d] > 0 && !tnn_add_i64(dims[d], before[d], &dims[d])) ||
            (after[d] > 0 && !tnn_add_i64(dims[d], after[d], &dims[d])))
            return tnn_fail(err, TNN_ERR_LIMIT, NULL, "the size of a padded constant exceeds 63 bits");
    }
    return tnn_recipe_check_dims(child->rank, dims, NULL, err);
}

static tnn_status pad_node(const tnn_recipe **out, tnn_arena *arena, const tnn_recipe *child,
                           const int64_t *before, const int64_t *dims, double value, tnn_error *err) {
    const tnn_recipe *inner = child;
    bool same_pad = child->kind == TNN_RECIPE_PAD && same_bits(child->as.pad.value, value);
    if (same_pad) inner = child->children[0];
    tnn_recipe *node;
    TNN_TRY(tnn_recipe_node(&node, arena, TNN_RECIPE_PAD, &inner, 1, err));
    for (uint8_t d = 0; d < child->rank; d++) {
        node->dims[d] = dims[d];
        node->as.pad.before[d] = (before[d] > 0 ? before[d] : 0) + (same_pad ? child->as.pad.before[d] : 0);
    }
    node->as.pad.value = value;
    *out = node;
    return TNN_OK;
}

static bool is_fill_of(const tnn_recipe *recipe, double value) {
    if (recipe->kind != TNN_RECIPE_FILL) return false;
    return tnn_dtype_is_float(recipe->dtype) ? same_bits(recipe->as.fill.number, value)
                                             : (double)recipe->as.fill.integer == value;
}

tnn_status tnn_recipe_pad(const tnn_recipe **out, tnn_arena *arena, const tnn_recipe *child,
                          const int64_t *before, const int64_t *after, double value, tnn_error *err) {
    uint8_t elem[8] = {0};
    tnn_elem_set_number(elem, child->dtype, 0, value);
    value = tnn_elem_number(elem, child->dtype, 0);
    TNN_TRY(cut_margins(&child, arena, before, after, err));
    int64_t dims[TNN_MAX_RANK];
    bool none;
    TNN_TRY(pad_dims(child, before, after, dims, &none, err));
    *out = child;
    if (none) return TNN_OK;
    if (tnn_recipe_count(child) == 0 || is_fill_of(child, value))
        return tnn_recipe_fill_number(out, arena, child->dtype, child->rank, dims, value, err);
    return pad_node(out, arena, child, before, dims, value, err);
}

static tnn_status check_parts(const tnn_recipe *const *children, uint32_t n, uint8_t axis, tnn_error *err) {
    if (n == 0) return tnn_fail(err, TNN_ERR_INVALID, NULL, "a concatenation of nothing");
    TNN_TRY(tnn_recipe_check_axis(children[0], axis, err));
    for (uint32_t c = 1; c < n; c++) {
        bool fits = children[c]->dtype == children[0]->dtype && children[c]->rank == children[0]->rank;
        for (uint8_t d = 0; fits && d < children[0]->rank; d++)
            fits = d == axis || children[c]->dims[d] == children[0]->dims[d];
        if (!fits)
            return tnn_fail(err, TNN_ERR_INVALID, NULL, "part %u of a concatenation does not fit the first one", c);
    }
    return TNN_OK;
}

static bool is_concat_along(const tnn_recipe *recipe, uint8_t axis) {
    return recipe->kind == TNN_RECIPE_CONCAT && recipe->as.axis.axis == axis;
}

/* The parts without empty ones, with the parts of concatenations along the same axis; in the arena. `n_parts` begins
 * as 0. */
static tnn_status flatten(const tnn_recipe ***parts, uint32_t *n_parts, tnn_arena *arena,
                          const tnn_recipe *const *children, uint32_t n, uint8_t axis, tnn_error *err) {
    uint64_t n_all = 0;
    for (uint32_t c = 0; c < n; c++)
        n_all += is_concat_along(children[c], axis) ? children[c]->n_children : 1;
    if (n_all > TNN_RECIPE_MAX_NODES)
        return tnn_fail(err, TNN_ERR_LIMIT, NULL, "a constant is made of more than %d parts", TNN_RECIPE_MAX_NODES);
    *parts = TNN_NEW_ARRAY(arena, n_all, const tnn_recipe *);
    if (*parts == NULL) return tnn_fail_nomem(err);
    for (uint32_t c = 0; c < n; c++) {
        bool nested = is_concat_along(children[c], axis);
        uint32_t n_inner = nested ? children[c]->n_children : 1;
        const tnn_recipe *const *inner = nested ? children[c]->children : &children[c];
        for (uint32_t i = 0; i < n_inner; i++)
            if (tnn_recipe_count(inner[i]) > 0) (*parts)[(*n_parts)++] = inner[i];
    }
    return TNN_OK;
}

static bool all_one_fill(const tnn_recipe *const *parts, uint32_t n) {
    for (uint32_t c = 0; c < n; c++) {
        if (parts[c]->kind != TNN_RECIPE_FILL) return false;
        if (!same_bits(parts[c]->as.fill.number, parts[0]->as.fill.number) ||
            parts[c]->as.fill.integer != parts[0]->as.fill.integer)
            return false;
    }
    return true;
}

tnn_status tnn_recipe_concat(const tnn_recipe **out, tnn_arena *arena, const tnn_recipe *const *children,
                             uint32_t n_children, uint8_t axis, tnn_error *err) {
    TNN_TRY(check_parts(children, n_children, axis, err));
    int64_t dims[TNN_MAX_RANK];
    memcpy(dims, children[0]->dims, sizeof dims);
    for (uint32_t c = 1; c < n_children; c++)
        if (!tnn_add_i64(dims[axis], children[c]->dims[axis], &dims[axis]))
            return tnn_fail(err, TNN_ERR_LIMIT, NULL, "the size of a concatenation exceeds 63 bits");
    TNN_TRY(tnn_recipe_check_dims(children[0]->rank, dims, NULL, err));
    const tnn_recipe **parts = NULL;
    uint32_t n_parts = 0;
    TNN_TRY(flatten(&parts, &n_parts, arena, children, n_children, axis, err));
    if (n_parts == 0) return tnn_recipe_empty(out, arena, children[0]->dtype, children[0]->rank, dims, err);
    *out = parts[0];
    if (n_parts == 1) return TNN_OK;
    if (all_one_fill(parts, n_parts)) return tnn_recipe_refill(out, arena, parts[0], parts[0]->rank, dims, err);
    tnn_recipe *node;
    TNN_TRY(tnn_recipe_node(&node, arena, TNN_RECIPE_CONCAT, parts, n_parts, err));
    node->dims[axis] = dims[axis];
    node->as.axis.axis = axis;
    *out = node;
    return TNN_OK;
}

tnn_status tnn_recipe_flip(const tnn_recipe **out, tnn_arena *arena, const tnn_recipe *child, uint8_t axis,
                           tnn_error *err) {
    TNN_TRY(tnn_recipe_check_axis(child, axis, err));
    *out = child;
    if (child->dims[axis] == 1 || child->kind == TNN_RECIPE_FILL) return TNN_OK;
    if (child->kind == TNN_RECIPE_FLIP && child->as.axis.axis == axis) {
        *out = child->children[0];
        return TNN_OK;
    }
    tnn_recipe *node;
    TNN_TRY(tnn_recipe_node(&node, arena, TNN_RECIPE_FLIP, &child, 1, err));
    node->as.axis.axis = axis;
    *out = node;
    return TNN_OK;
}

tnn_status tnn_recipe_dilate(const tnn_recipe **out, tnn_arena *arena, const tnn_recipe *child, uint8_t axis,
                             int64_t step, tnn_error *err) {
    TNN_TRY(tnn_recipe_check_axis(child, axis, err));
    if (step < 1) return tnn_fail(err, TNN_ERR_INVALID, NULL, "a dilation of %lld", (long long)step);
    *out = child;
    int64_t dims[TNN_MAX_RANK], size = child->dims[axis];
    if (step == 1 || size <= 1) return TNN_OK;
    memcpy(dims, child->dims, sizeof dims);
    if (!tnn_mul_i64(size - 1, step, &dims[axis]) || !tnn_add_i64(dims[axis], 1, &dims[axis]))
        return tnn_fail(err, TNN_ERR_LIMIT, NULL, "the size of a dilated constant exceeds 63 bits");
    TNN_TRY(tnn_recipe_check_dims(child->rank, dims, NULL, err));
    if (tnn_recipe_count(child) == 0) return tnn_recipe_empty(out, arena, child->dtype, child->rank, dims, err);
    tnn_recipe *node;
    TNN_TRY(tnn_recipe_node(&node, arena, TNN_RECIPE_DILATE, &child, 1, err));
    node->dims[axis] = dims[axis];
    node->as.dilate.axis = axis;
    node->as.dilate.step = step;
    *out = node;
    return TNN_OK;
}

tnn_status tnn_recipe_nibbles(const tnn_recipe **out, tnn_arena *arena, const tnn_recipe *child, tnn_error *err) {
    int64_t bytes = tnn_recipe_count(child) / 2 + tnn_recipe_count(child) % 2;
    tnn_recipe *node;
    if (child->dtype != TNN_DTYPE_I8)
        return tnn_fail(err, TNN_ERR_INVALID, NULL, "a constant of %s is packed", tnn_dtype_name(child->dtype));
    if (bytes == 0) return tnn_recipe_empty(out, arena, TNN_DTYPE_U8, 1, &bytes, err);
    TNN_TRY(tnn_recipe_node(&node, arena, TNN_RECIPE_NIBBLES, &child, 1, err));
    node->dtype = TNN_DTYPE_U8;
    node->rank = 1;
    node->dims[0] = bytes;
    *out = node;
    return TNN_OK;
}
