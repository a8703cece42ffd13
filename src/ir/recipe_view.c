/* Permute and expand: pushed to the leaves through every step. */
#include <string.h>

#include "ir/recipe_node.h"

/* Dim k of the result is dim order[k] of the child. */
static void permute_sizes(int64_t *sizes, uint8_t rank, const uint8_t *order) {
    int64_t old[TNN_MAX_RANK];
    memcpy(old, sizes, sizeof old);
    for (uint8_t d = 0; d < rank; d++) sizes[d] = old[order[d]];
}

static tnn_status permute_child(const tnn_recipe **out, tnn_arena *arena, const tnn_recipe *child,
                                const tnn_recipe *node, const void *order, tnn_error *err) {
    (void)node;
    return tnn_recipe_permute(out, arena, child, order, err);
}

static tnn_status permute_source(const tnn_recipe **out, tnn_arena *arena, const tnn_recipe *source,
                                 const uint8_t *order, tnn_error *err) {
    tnn_recipe *copy = tnn_arena_copy(arena, source, 1, sizeof *source);
    if (copy == NULL) return tnn_fail_nomem(err);
    permute_sizes(copy->dims, copy->rank, order);
    permute_sizes(copy->as.source.strides, copy->rank, order);
    *out = copy;
    return TNN_OK;
}

static tnn_status permute_step(const tnn_recipe **out, tnn_arena *arena, const tnn_recipe *step,
                               const uint8_t *order, tnn_error *err) {
    tnn_recipe *node;
    TNN_TRY(tnn_recipe_over_views(&node, arena, step, permute_child, order, err));
    permute_sizes(node->dims, node->rank, order);
    int8_t to_dim[TNN_MAX_RANK];
    for (uint8_t d = 0; d < step->rank; d++) to_dim[order[d]] = (int8_t)d;
    if (tnn_recipe_has_numbers(step))
        permute_sizes(node->as.affine.strides, node->rank, order);
    else
        tnn_recipe_move_axes(node, step, to_dim);
    *out = node;
    return TNN_OK;
}

/* A merge of dims is permuted by permuting the groups that it merges. */
static tnn_status permute_reshape(const tnn_recipe **out, tnn_arena *arena, const tnn_recipe *reshape,
                                  const uint8_t *order, tnn_error *err) {
    uint8_t first[TNN_MAX_RANK + 1], child_order[TNN_MAX_RANK], n = 0;
    const tnn_recipe *child = reshape->children[0];
    int64_t dims[TNN_MAX_RANK];
    memcpy(dims, reshape->dims, sizeof dims);
    permute_sizes(dims, reshape->rank, order);
    if (!tnn_recipe_merged_dims(reshape, first)) {
        TNN_TRY(tnn_recipe_evaluate(&child, arena, reshape, err));
        return tnn_recipe_permute(out, arena, child, order, err);
    }
    for (uint8_t d = 0; d < reshape->rank; d++)
        for (uint8_t c = first[order[d]]; c < first[order[d] + 1]; c++) child_order[n++] = c;
    TNN_TRY(tnn_recipe_permute(&child, arena, child, child_order, err));
    return tnn_recipe_reshape(out, arena, child, reshape->rank, dims, err);
}

static tnn_status check_order(const tnn_recipe *child, const uint8_t *order, bool *in_order, tnn_error *err) {
    bool seen[TNN_MAX_RANK] = {false};
    *in_order = true;
    for (uint8_t d = 0; d < child->rank; d++) {
        if (order[d] >= child->rank || seen[order[d]])
            return tnn_fail(err, TNN_ERR_INVALID, NULL, "an order of %d dimensions names %d wrongly", child->rank,
                            order[d]);
        seen[order[d]] = true;
        if (order[d] != d) *in_order = false;
    }
    return TNN_OK;
}

tnn_status tnn_recipe_permute(const tnn_recipe **out, tnn_arena *arena, const tnn_recipe *child,
                              const uint8_t *order, tnn_error *err) {
    bool in_order;
    TNN_TRY(check_order(child, order, &in_order, err));
    if (in_order) {
        *out = child;
        return TNN_OK;
    }
    if (child->kind == TNN_RECIPE_SOURCE) return permute_source(out, arena, child, order, err);
    if (child->kind == TNN_RECIPE_RESHAPE) return permute_reshape(out, arena, child, order, err);
    if (child->kind != TNN_RECIPE_FILL) return permute_step(out, arena, child, order, err);
    int64_t dims[TNN_MAX_RANK];
    memcpy(dims, child->dims, sizeof dims);
    permute_sizes(dims, child->rank, order);
    return tnn_recipe_refill(out, arena, child, child->rank, dims, err);
}

typedef struct shape {
    uint8_t rank;
    int64_t dims[TNN_MAX_RANK];
} shape;

/* Strides of the expanded dims: what is repeated has stride 0. */
static void expand_strides(int64_t *strides, const tnn_recipe *child, const shape *to) {
    uint8_t lead = (uint8_t)(to->rank - child->rank);
    int64_t old[TNN_MAX_RANK];
    memcpy(old, strides, sizeof old);
    for (uint8_t d = 0; d < to->rank; d++)
        strides[d] = d < lead || child->dims[d - lead] == 1 ? 0 : old[d - lead];
}

static tnn_status expand_source(const tnn_recipe **out, tnn_arena *arena, const tnn_recipe *source,
                                const shape *to, tnn_error *err) {
    tnn_recipe *copy = tnn_arena_copy(arena, source, 1, sizeof *source);
    if (copy == NULL) return tnn_fail_nomem(err);
    expand_strides(copy->as.source.strides, source, to);
    copy->rank = to->rank;
    memcpy(copy->dims, to->dims, sizeof copy->dims);
    *out = copy;
    return TNN_OK;
}

/* A dim that the node does not repeat keeps the child's own size. */
static tnn_status expand_child(const tnn_recipe **out, tnn_arena *arena, const tnn_recipe *child,
                               const tnn_recipe *node, const void *what, tnn_error *err) {
    shape to = *(const shape *)what;
    uint8_t lead = (uint8_t)(to.rank - node->rank);
    for (uint8_t d = 0; d < node->rank; d++)
        if (node->dims[d] == to.dims[lead + d]) to.dims[lead + d] = child->dims[d];
    return tnn_recipe_expand(out, arena, child, to.rank, to.dims, err);
}

static tnn_status expand_step(const tnn_recipe **out, tnn_arena *arena, const tnn_recipe *step, const shape *to,
                              tnn_error *err) {
    tnn_recipe *node;
    TNN_TRY(tnn_recipe_over_views(&node, arena, step, expand_child, to, err));
    int8_t to_dim[TNN_MAX_RANK];
    for (uint8_t d = 0; d < step->rank; d++) to_dim[d] = (int8_t)(to->rank - step->rank + d);
    if (tnn_recipe_has_numbers(step))
        expand_strides(node->as.affine.strides, step, to);
    else
        tnn_recipe_move_axes(node, step, to_dim);
    node->rank = to->rank;
    memcpy(node->dims, to->dims, sizeof node->dims);
    *out = node;
    return TNN_OK;
}

static tnn_status check_expand(const tnn_recipe *child, const shape *to, tnn_error *err) {
    for (uint8_t d = 0; d < child->rank; d++) {
        int64_t want = to->dims[to->rank - child->rank + d];
        if (child->dims[d] != want && child->dims[d] != 1)
            return tnn_fail(err, TNN_ERR_INVALID, NULL, "a dimension of size %lld expanded to %lld",
                            (long long)child->dims[d], (long long)want);
    }
    return TNN_OK;
}

tnn_status tnn_recipe_expand(const tnn_recipe **out, tnn_arena *arena, const tnn_recipe *child, uint8_t rank,
                             const int64_t *dims, tnn_error *err) {
    int64_t n_elems = 0;
    TNN_TRY(tnn_recipe_check_dims(rank, dims, &n_elems, err));
    if (rank < child->rank)
        return tnn_fail(err, TNN_ERR_INVALID, NULL, "%d dimensions expanded to %d", child->rank, rank);
    shape to = {.rank = rank};
    if (rank != 0) memcpy(to.dims, dims, rank * sizeof *dims);
    TNN_TRY(check_expand(child, &to, err));
    if (rank == child->rank && memcmp(to.dims, child->dims, rank * sizeof *dims) == 0) {
        *out = child;
        return TNN_OK;
    }
    if (n_elems == 0) return tnn_recipe_empty(out, arena, child->dtype, rank, dims, err);
    if (child->kind == TNN_RECIPE_FILL) return tnn_recipe_refill(out, arena, child, rank, dims, err);
    /* Steps that hide the dims of their own child from this one. */
    if (child->kind == TNN_RECIPE_RESHAPE || child->kind == TNN_RECIPE_SLICE)
        TNN_TRY(tnn_recipe_evaluate(&child, arena, child, err));
    if (child->kind == TNN_RECIPE_SOURCE) return expand_source(out, arena, child, &to, err);
    return expand_step(out, arena, child, &to, err);
}
