/* Reshape.
 *
 * Splitting a dimension is always a matter of strides, merging is not. So where the leaves cannot take a new shape, the
 * child is split to the common factors of both shapes and a RESHAPE above it only merges: through that, permutes and
 * most slices still find their way down. */
#include <string.h>

#include "ir/recipe_node.h"
#include "ir/strided.h"

typedef struct shape {
    uint8_t rank;
    int64_t dims[TNN_MAX_RANK];
} shape;

static tnn_status view_as(const tnn_recipe **out, tnn_arena *arena, const tnn_recipe *recipe, const shape *to,
                          tnn_error *err);

static tnn_status view_child(const tnn_recipe **out, tnn_arena *arena, const tnn_recipe *child,
                             const tnn_recipe *node, const void *to, tnn_error *err) {
    (void)node;
    return view_as(out, arena, child, to, err);
}

static tnn_status view_source(const tnn_recipe **out, tnn_arena *arena, const tnn_recipe *source,
                              const shape *to, tnn_error *err) {
    int64_t strides[TNN_MAX_RANK];
    tnn_strided window = tnn_strided_merge(source->rank, source->dims, source->as.source.strides);
    if (!tnn_strided_view(&window, to->rank, to->dims, strides)) return TNN_OK;
    return tnn_recipe_source(out, arena, source->as.source.file, source->as.source.bytes,
                             source->as.source.n_bytes, source->dtype, to->rank, to->dims, strides,
                             source->as.source.offset, err);
}

static void set_shape(tnn_recipe *recipe, const shape *to) {
    recipe->rank = to->rank;
    memcpy(recipe->dims, to->dims, sizeof recipe->dims);
}

static tnn_status view_affine(const tnn_recipe **out, tnn_arena *arena, const tnn_recipe *affine,
                              const shape *to, tnn_error *err) {
    int64_t strides[TNN_MAX_RANK] = {0};
    tnn_strided window = tnn_strided_merge(affine->rank, affine->dims, affine->as.affine.strides);
    if (!tnn_strided_view(&window, to->rank, to->dims, strides)) return TNN_OK;
    tnn_recipe *node;
    TNN_TRY(tnn_recipe_over_views(&node, arena, affine, view_child, to, err));
    *out = node;
    if (node == NULL) return TNN_OK;
    set_shape(node, to);
    memcpy(node->as.affine.strides, strides, sizeof strides);
    return TNN_OK;
}

static tnn_status view_cast(const tnn_recipe **out, tnn_arena *arena, const tnn_recipe *cast, const shape *to,
                            tnn_error *err) {
    tnn_recipe *node;
    TNN_TRY(tnn_recipe_over_views(&node, arena, cast, view_child, to, err));
    *out = node;
    if (node != NULL) set_shape(node, to);
    return TNN_OK;
}

/* Where in `to` the whole of `axis` is found again; -1: nowhere. */
static int axis_in(const tnn_recipe *recipe, uint8_t axis, const shape *to) {
    tnn_rows rows = tnn_recipe_rows(recipe, axis);
    int64_t inner = 1;
    for (int d = to->rank - 1; d >= 0; d--) {
        if (inner == rows.inner && to->dims[d] == rows.axis) return d;
        inner *= to->dims[d];
    }
    return -1;
}

/* The axes of a node to which a child's size may differ from the node's, and where they go. */
typedef struct axes_view {
    const shape *to;
    int8_t to_dim[TNN_MAX_RANK]; /* -1: the node leaves this dimension alone */
} axes_view;

static tnn_status view_axes_child(const tnn_recipe **out, tnn_arena *arena, const tnn_recipe *child,
                                  const tnn_recipe *node, const void *what, tnn_error *err) {
    const axes_view *axes = what;
    shape child_to = *axes->to;
    for (uint8_t d = 0; d < node->rank; d++)
        if (axes->to_dim[d] >= 0) child_to.dims[axes->to_dim[d]] = child->dims[d];
    return view_as(out, arena, child, &child_to, err);
}

static tnn_status view_axes(const tnn_recipe **out, tnn_arena *arena, const tnn_recipe *recipe, const shape *to,
                            tnn_error *err) {
    axes_view axes = {.to = to};
    for (uint8_t d = 0; d < recipe->rank; d++) {
        axes.to_dim[d] = -1;
        if (!tnn_recipe_works_along(recipe, d)) continue;
        int found = axis_in(recipe, d, to);
        if (found < 0) return TNN_OK;
        axes.to_dim[d] = (int8_t)found;
    }
    tnn_recipe *node;
    TNN_TRY(tnn_recipe_over_views(&node, arena, recipe, view_axes_child, &axes, err));
    *out = node;
    if (node == NULL) return TNN_OK;
    set_shape(node, to);
    tnn_recipe_move_axes(node, recipe, axes.to_dim);
    return TNN_OK;
}

/* The recipe under another shape without a RESHAPE on top; `*out` is NULL when that cannot be. */
static tnn_status view_as(const tnn_recipe **out, tnn_arena *arena, const tnn_recipe *recipe, const shape *to,
                          tnn_error *err) {
    *out = NULL;
    if (recipe->rank == to->rank && memcmp(recipe->dims, to->dims, to->rank * sizeof to->dims[0]) == 0) {
        *out = recipe;
        return TNN_OK;
    }
    switch (recipe->kind) {
    case TNN_RECIPE_SOURCE: return view_source(out, arena, recipe, to, err);
    case TNN_RECIPE_FILL: return tnn_recipe_refill(out, arena, recipe, to->rank, to->dims, err);
    case TNN_RECIPE_RESHAPE: return view_as(out, arena, recipe->children[0], to, err);
    case TNN_RECIPE_CAST: return view_cast(out, arena, recipe, to, err);
    case TNN_RECIPE_AFFINE:
    case TNN_RECIPE_QUANTIZE: return view_affine(out, arena, recipe, to, err);
    case TNN_RECIPE_NIBBLES: return TNN_OK;
    case TNN_RECIPE_SLICE:
    case TNN_RECIPE_PAD:
    case TNN_RECIPE_CONCAT:
    case TNN_RECIPE_FLIP:
    case TNN_RECIPE_DILATE: break;
    }
    return view_axes(out, arena, recipe, to, err);
}

/* The coarsest shape of which both are merges; false when there is none or its rank is too high. */
static bool common_factors(const tnn_recipe *recipe, const shape *to, shape *factors) {
    int64_t reversed[TNN_MAX_RANK], a = 1, b = 1;
    int i = recipe->rank, j = to->rank, n = 0;
    for (;;) {
        while (a == 1 && i > 0) a = recipe->dims[--i];
        while (b == 1 && j > 0) b = to->dims[--j];
        if (a == 1 && b == 1) break;
        int64_t factor = a < b ? a : b;
        if (a % factor != 0 || b % factor != 0 || n == TNN_MAX_RANK) return false;
        reversed[n++] = factor;
        a /= factor;
        b /= factor;
    }
    *factors = (shape){.rank = (uint8_t)n};
    for (int d = 0; d < n; d++) factors->dims[d] = reversed[n - 1 - d];
    return true;
}

static tnn_status reshape_node(const tnn_recipe **out, tnn_arena *arena, const tnn_recipe *child,
                               const shape *to, tnn_error *err) {
    while (child->kind == TNN_RECIPE_RESHAPE) child = child->children[0];
    shape factors;
    const tnn_recipe *split = NULL;
    if (common_factors(child, to, &factors)) TNN_TRY(view_as(&split, arena, child, &factors, err));
    if (split == NULL) split = child;
    tnn_recipe *node;
    TNN_TRY(tnn_recipe_node(&node, arena, TNN_RECIPE_RESHAPE, &split, 1, err));
    set_shape(node, to);
    *out = node;
    return TNN_OK;
}

tnn_status tnn_recipe_reshape(const tnn_recipe **out, tnn_arena *arena, const tnn_recipe *child, uint8_t rank,
                              const int64_t *dims, tnn_error *err) {
    int64_t n_elems = 0, n_child = tnn_recipe_count(child);
    TNN_TRY(tnn_recipe_check_dims(rank, dims, &n_elems, err));
    shape to = {.rank = rank};
    if (rank != 0) memcpy(to.dims, dims, rank * sizeof *dims);
    if (n_elems != n_child)
        return tnn_fail(err, TNN_ERR_INVALID, NULL, "a constant of %lld elements reshaped to %lld",
                        (long long)n_child, (long long)n_elems);
    const tnn_recipe *view;
    TNN_TRY(view_as(&view, arena, child, &to, err));
    if (view == NULL) TNN_TRY(reshape_node(&view, arena, child, &to, err));
    *out = view;
    return TNN_OK;
}

bool tnn_recipe_merged_dims(const tnn_recipe *reshape, uint8_t *first) {
    const tnn_recipe *child = reshape->children[0];
    uint8_t at = child->rank;
    first[reshape->rank] = at;
    for (int d = reshape->rank - 1; d >= 0; d--) {
        int64_t size = 1;
        while (size < reshape->dims[d] && at > 0) size *= child->dims[--at];
        if (size != reshape->dims[d]) return false;
        first[d] = at;
    }
    first[0] = 0; /* what is left are dims of size 1 */
    return true;
}
