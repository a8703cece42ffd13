/* Leaves of recipes, and what holds for every node. */
#include "ir/recipe.h"

#include <string.h>

#include "ir/elems.h"
#include "ir/recipe_node.h"
#include "ir/strided.h"

int64_t tnn_recipe_count(const tnn_recipe *recipe) {
    int64_t n_elems = 0;
    tnn_dims_count(recipe->rank, recipe->dims, &n_elems);
    return n_elems;
}

uint64_t tnn_recipe_bytes(const tnn_recipe *recipe) {
    return (uint64_t)tnn_recipe_count(recipe) * tnn_dtype_bytes(recipe->dtype);
}

tnn_status tnn_recipe_check_dims(uint8_t rank, const int64_t *dims, int64_t *n_elems, tnn_error *err) {
    if (rank > TNN_MAX_RANK)
        return tnn_fail(err, TNN_ERR_INVALID, NULL, "a constant has %d dimensions, at most %d are possible", rank,
                        TNN_MAX_RANK);
    int64_t count;
    if (!tnn_dims_count(rank, dims, &count) || count > INT64_MAX / 16)
        return tnn_fail(err, TNN_ERR_LIMIT, NULL, "a constant's size is negative or exceeds 63 bits");
    if (n_elems != NULL) *n_elems = count;
    return TNN_OK;
}

tnn_status tnn_recipe_check_axis(const tnn_recipe *child, uint8_t axis, tnn_error *err) {
    if (axis < child->rank) return TNN_OK;
    return tnn_fail(err, TNN_ERR_INVALID, NULL, "axis %d of a constant with %d dimensions", axis, child->rank);
}

static tnn_status leaf(tnn_recipe **out, tnn_arena *arena, tnn_recipe_kind kind, tnn_dtype dtype, uint8_t rank,
                       const int64_t *dims, tnn_error *err) {
    TNN_TRY(tnn_recipe_check_dims(rank, dims, NULL, err));
    if (tnn_dtype_bytes(dtype) == 0) return tnn_fail(err, TNN_ERR_INVALID, NULL, "a constant without a dtype");
    tnn_recipe *recipe = TNN_NEW(arena, tnn_recipe);
    if (recipe == NULL) return tnn_fail_nomem(err);
    recipe->kind = kind;
    recipe->n_nodes = 1;
    recipe->dtype = dtype;
    recipe->rank = rank;
    if (rank != 0) memcpy(recipe->dims, dims, rank * sizeof *dims);
    *out = recipe;
    return TNN_OK;
}

tnn_status tnn_recipe_fill(const tnn_recipe **out, tnn_arena *arena, tnn_dtype dtype, uint8_t rank,
                           const int64_t *dims, double number, int64_t integer, tnn_error *err) {
    tnn_recipe *fill = NULL;
    TNN_TRY(leaf(&fill, arena, TNN_RECIPE_FILL, dtype, rank, dims, err));
    uint8_t elem[8] = {0};
    if (tnn_dtype_is_float(dtype)) {
        tnn_elem_set_number(elem, dtype, 0, number);
        fill->as.fill.number = tnn_elem_number(elem, dtype, 0);
    } else {
        tnn_elem_set_integer(elem, dtype, 0, integer);
        fill->as.fill.integer = tnn_elem_integer(elem, dtype, 0);
    }
    *out = fill;
    return TNN_OK;
}

void tnn_recipe_fill_elem(const tnn_recipe *fill, void *elem) {
    if (tnn_dtype_is_float(fill->dtype))
        tnn_elem_set_number(elem, fill->dtype, 0, fill->as.fill.number);
    else
        tnn_elem_set_integer(elem, fill->dtype, 0, fill->as.fill.integer);
}

tnn_status tnn_recipe_refill(const tnn_recipe **out, tnn_arena *arena, const tnn_recipe *fill, uint8_t rank,
                             const int64_t *dims, tnn_error *err) {
    return tnn_recipe_fill(out, arena, fill->dtype, rank, dims, fill->as.fill.number, fill->as.fill.integer, err);
}

tnn_status tnn_recipe_fill_number(const tnn_recipe **out, tnn_arena *arena, tnn_dtype dtype, uint8_t rank,
                                  const int64_t *dims, double number, tnn_error *err) {
    uint8_t elem[8] = {0};
    tnn_elem_set_number(elem, dtype, 0, number);
    return tnn_recipe_fill(out, arena, dtype, rank, dims, number, tnn_elem_integer(elem, dtype, 0), err);
}

tnn_status tnn_recipe_empty(const tnn_recipe **out, tnn_arena *arena, tnn_dtype dtype, uint8_t rank,
                            const int64_t *dims, tnn_error *err) {
    return tnn_recipe_fill(out, arena, dtype, rank, dims, 0, 0, err);
}

static tnn_status fail_window(tnn_error *err, uint64_t n_elems) {
    return tnn_fail(err, TNN_ERR_MALFORMED, NULL,
                    "a tensor's offset, strides and sizes leave its storage of %llu elements",
                    (unsigned long long)n_elems);
}

/* Every element of the window lies in the storage. Each term is compared with what is left, so that nothing
 * overflows. */
static tnn_status check_window(const tnn_recipe *window, tnn_error *err) {
    uint64_t n_elems = window->as.source.n_bytes / tnn_dtype_bytes(window->dtype);
    if (window->as.source.offset < 0 || (uint64_t)window->as.source.offset >= n_elems)
        return fail_window(err, n_elems);
    uint64_t left = n_elems - 1 - (uint64_t)window->as.source.offset;
    for (uint8_t d = 0; d < window->rank; d++) {
        int64_t stride = window->as.source.strides[d], steps = window->dims[d] - 1;
        if (stride < 0 || (stride > 0 && (uint64_t)steps > left / (uint64_t)stride))
            return fail_window(err, n_elems);
        left -= (uint64_t)(steps * stride);
    }
    return TNN_OK;
}

tnn_status tnn_recipe_source(const tnn_recipe **out, tnn_arena *arena, const tnn_file *file,
                             const void *bytes, uint64_t n_bytes, tnn_dtype dtype, uint8_t rank,
                             const int64_t *dims, const int64_t *strides, int64_t offset, tnn_error *err) {
    int64_t n_elems = 0;
    TNN_TRY(tnn_recipe_check_dims(rank, dims, &n_elems, err));
    if (n_elems == 0) return tnn_recipe_empty(out, arena, dtype, rank, dims, err);
    if (n_bytes > INT64_MAX / 4)
        return tnn_fail(err, TNN_ERR_LIMIT, NULL, "a storage of %llu bytes", (unsigned long long)n_bytes);
    tnn_recipe *source = NULL;
    TNN_TRY(leaf(&source, arena, TNN_RECIPE_SOURCE, dtype, rank, dims, err));
    source->as.source.bytes = bytes;
    source->as.source.n_bytes = n_bytes;
    source->as.source.offset = offset;
    source->as.source.file = file;
    for (uint8_t d = 0; d < rank; d++) source->as.source.strides[d] = dims[d] == 1 ? 0 : strides[d];
    TNN_TRY(check_window(source, err));
    *out = source;
    return TNN_OK;
}

/* A source over a whole block that lives in the arena. */
static tnn_status whole_block(const tnn_recipe **out, tnn_arena *arena, const void *elems, tnn_dtype dtype,
                              uint8_t rank, const int64_t *dims, tnn_error *err) {
    int64_t strides[TNN_MAX_RANK], inner = 1;
    for (int d = rank - 1; d >= 0; d--) {
        strides[d] = inner;
        inner *= dims[d];
    }
    uint64_t n_bytes = (uint64_t)inner * tnn_dtype_bytes(dtype);
    return tnn_recipe_source(out, arena, NULL, elems, n_bytes, dtype, rank, dims, strides, 0, err);
}

tnn_status tnn_recipe_copy(const tnn_recipe **out, tnn_arena *arena, const void *elems, tnn_dtype dtype,
                           uint8_t rank, const int64_t *dims, tnn_error *err) {
    int64_t n_elems = 0;
    TNN_TRY(tnn_recipe_check_dims(rank, dims, &n_elems, err));
    if (n_elems == 0) return tnn_recipe_empty(out, arena, dtype, rank, dims, err);
    void *block = tnn_arena_copy(arena, elems, (size_t)n_elems, tnn_dtype_bytes(dtype));
    if (block == NULL) return tnn_fail_nomem(err);
    return whole_block(out, arena, block, dtype, rank, dims, err);
}

tnn_status tnn_recipe_evaluate(const tnn_recipe **out, tnn_arena *arena, const tnn_recipe *recipe,
                               tnn_error *err) {
    int64_t n_elems = tnn_recipe_count(recipe);
    void *block = tnn_arena_alloc(arena, (size_t)n_elems, tnn_dtype_bytes(recipe->dtype));
    if (block == NULL) return tnn_fail_nomem(err);
    TNN_TRY(tnn_recipe_read(recipe, 0, n_elems, block, err));
    return whole_block(out, arena, block, recipe->dtype, recipe->rank, recipe->dims, err);
}

/* Depth and number of nodes are bounded here for all kinds, so that no walk needs more stack or time than that. */
static tnn_status settle_children(tnn_recipe *node, tnn_arena *arena, tnn_error *err) {
    for (uint32_t c = 0; c < node->n_children; c++) {
        if (node->children[c]->depth >= TNN_RECIPE_MAX_DEPTH)
            TNN_TRY(tnn_recipe_evaluate(&node->children[c], arena, node->children[c], err));
        uint32_t depth = node->children[c]->depth + 1;
        if (depth > node->depth) node->depth = depth;
        node->n_nodes += node->children[c]->n_nodes;
        if (node->n_nodes > TNN_RECIPE_MAX_NODES)
            return tnn_fail(err, TNN_ERR_LIMIT, NULL, "a constant is made of more than %d parts", TNN_RECIPE_MAX_NODES);
    }
    return TNN_OK;
}

tnn_status tnn_recipe_node(tnn_recipe **out, tnn_arena *arena, tnn_recipe_kind kind,
                           const tnn_recipe *const *children, uint32_t n_children, tnn_error *err) {
    tnn_recipe *node = NULL;
    TNN_TRY(leaf(&node, arena, kind, children[0]->dtype, children[0]->rank, children[0]->dims, err));
    node->children = tnn_arena_copy(arena, children, n_children, sizeof(const tnn_recipe *));
    if (node->children == NULL) return tnn_fail_nomem(err);
    node->n_children = n_children;
    TNN_TRY(settle_children(node, arena, err));
    *out = node;
    return TNN_OK;
}

tnn_status tnn_recipe_over_views(tnn_recipe **out, tnn_arena *arena, const tnn_recipe *node,
                                 tnn_recipe_view_fn *view, const void *what, tnn_error *err) {
    *out = NULL;
    tnn_recipe *copy = tnn_arena_copy(arena, node, 1, sizeof *node);
    const tnn_recipe **children = TNN_NEW_ARRAY(arena, node->n_children, const tnn_recipe *);
    if (copy == NULL || children == NULL) return tnn_fail_nomem(err);
    for (uint32_t c = 0; c < node->n_children; c++) {
        TNN_TRY(view(&children[c], arena, node->children[c], node, what, err));
        if (children[c] == NULL) return TNN_OK;
    }
    copy->children = children;
    copy->depth = 0;
    copy->n_nodes = 1;
    TNN_TRY(settle_children(copy, arena, err));
    *out = copy;
    return TNN_OK;
}

bool tnn_recipe_has_numbers(const tnn_recipe *recipe) {
    return recipe->kind == TNN_RECIPE_AFFINE || recipe->kind == TNN_RECIPE_QUANTIZE;
}

bool tnn_recipe_works_along(const tnn_recipe *node, uint8_t dim) {
    switch (node->kind) {
    case TNN_RECIPE_CONCAT:
    case TNN_RECIPE_FLIP:
    case TNN_RECIPE_DILATE:
    case TNN_RECIPE_SLICE: return node->as.axis.axis == dim;
    case TNN_RECIPE_PAD: return node->dims[dim] != node->children[0]->dims[dim];
    case TNN_RECIPE_SOURCE:
    case TNN_RECIPE_FILL:
    case TNN_RECIPE_RESHAPE:
    case TNN_RECIPE_AFFINE:
    case TNN_RECIPE_QUANTIZE:
    case TNN_RECIPE_NIBBLES:
    case TNN_RECIPE_CAST: break;
    }
    return false;
}

void tnn_recipe_move_axes(tnn_recipe *node, const tnn_recipe *old, const int8_t *to_dim) {
    if (old->kind == TNN_RECIPE_PAD) memset(node->as.pad.before, 0, sizeof node->as.pad.before);
    for (uint8_t d = 0; d < old->rank; d++) {
        if (!tnn_recipe_works_along(old, d)) continue;
        if (old->kind == TNN_RECIPE_PAD)
            node->as.pad.before[to_dim[d]] = old->as.pad.before[d];
        else
            node->as.axis.axis = (uint8_t)to_dim[d];
    }
}

tnn_rows tnn_recipe_rows(const tnn_recipe *recipe, uint8_t axis) {
    tnn_rows rows = {1, recipe->dims[axis], 1};
    for (uint8_t d = 0; d < axis; d++) rows.outer *= recipe->dims[d];
    for (uint8_t d = (uint8_t)(axis + 1); d < recipe->rank; d++) rows.inner *= recipe->dims[d];
    return rows;
}

const void *tnn_recipe_direct(const tnn_recipe *recipe) {
    if (recipe->kind != TNN_RECIPE_SOURCE) return NULL;
    tnn_strided window = tnn_strided_merge(recipe->rank, recipe->dims, recipe->as.source.strides);
    if (window.rank > 1 || (window.rank == 1 && window.strides[0] != 1)) return NULL;
    return recipe->as.source.bytes + recipe->as.source.offset * (int64_t)tnn_dtype_bytes(recipe->dtype);
}

static void release_source(const tnn_recipe *source) {
    const tnn_file *file = source->as.source.file;
    if (file == NULL) return;
    int64_t n = 1, elem_bytes = tnn_dtype_bytes(source->dtype);
    for (uint8_t d = 0; d < source->rank; d++) n += (source->dims[d] - 1) * source->as.source.strides[d];
    const uint8_t *first = source->as.source.bytes + source->as.source.offset * elem_bytes;
    tnn_file_release_range(file, (size_t)(first - file->data), (size_t)(n * elem_bytes));
}

void tnn_recipe_release(const tnn_recipe *recipe) {
    if (recipe->kind == TNN_RECIPE_SOURCE) release_source(recipe);
    for (uint32_t c = 0; c < recipe->n_children; c++) tnn_recipe_release(recipe->children[c]);
}

tnn_status tnn_recipe_numbers(double **out, tnn_arena *arena, const tnn_recipe *recipe, tnn_error *err) {
    const tnn_recipe *wide;
    TNN_TRY(tnn_recipe_cast(&wide, arena, recipe, TNN_DTYPE_F64, err));
    int64_t n_elems = tnn_recipe_count(recipe);
    double *numbers = TNN_NEW_ARRAY(arena, (size_t)n_elems, double);
    if (numbers == NULL) return tnn_fail_nomem(err);
    TNN_TRY(tnn_recipe_read(wide, 0, n_elems, numbers, err));
    *out = numbers;
    return TNN_OK;
}
