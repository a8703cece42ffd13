/* Slice: pushed through every step, changing those that work along the sliced axis. */
#include <string.h>

#include "ir/recipe_node.h"

typedef struct cut {
    uint8_t axis;
    int64_t start, length, step;
} cut;

static tnn_status slice_child(const tnn_recipe **out, tnn_arena *arena, const tnn_recipe *child,
                              const tnn_recipe *node, const void *what, tnn_error *err) {
    (void)node;
    const cut *c = what;
    return tnn_recipe_slice(out, arena, child, c->axis, c->start, c->length, c->step, err);
}

static tnn_status slice_of(const tnn_recipe **out, tnn_arena *arena, const tnn_recipe *child, cut c,
                           tnn_error *err) {
    return tnn_recipe_slice(out, arena, child, c.axis, c.start, c.length, c.step, err);
}

static tnn_status slice_source(const tnn_recipe **out, tnn_arena *arena, const tnn_recipe *source, cut c,
                               tnn_error *err) {
    tnn_recipe *copy = tnn_arena_copy(arena, source, 1, sizeof *source);
    if (copy == NULL) return tnn_fail_nomem(err);
    int64_t *stride = &copy->as.source.strides[c.axis];
    copy->as.source.offset += c.start * *stride;
    *stride = c.length == 1 ? 0 : *stride * c.step;
    copy->dims[c.axis] = c.length;
    *out = copy;
    return TNN_OK;
}

/* The step does not work along the axis; its numbers are sliced likewise. */
static tnn_status slice_beside(const tnn_recipe **out, tnn_arena *arena, const tnn_recipe *node, cut c,
                               tnn_error *err) {
    tnn_recipe *copy;
    TNN_TRY(tnn_recipe_over_views(&copy, arena, node, slice_child, &c, err));
    copy->dims[c.axis] = c.length;
    *out = copy;
    if (!tnn_recipe_has_numbers(node)) return TNN_OK;
    int64_t *stride = &copy->as.affine.strides[c.axis];
    copy->as.affine.scale += c.start * *stride;
    if (copy->as.affine.shift != NULL) copy->as.affine.shift += c.start * *stride;
    *stride = c.length == 1 ? 0 : *stride * c.step;
    return TNN_OK;
}

/* Steps of the cut that fall below `end`: the number of k in [0, length) with start + k * step < end. */
static int64_t steps_below(const cut *c, int64_t end) {
    if (end <= c->start) return 0;
    int64_t n = (end - c->start - 1) / c->step + 1;
    return n < c->length ? n : c->length;
}

/* The part of the cut that lies in [begin, end), seen from `begin`. */
static cut part_within(const cut *c, int64_t begin, int64_t end, int64_t *skipped) {
    int64_t first = steps_below(c, begin);
    *skipped = first;
    return (cut){c->axis, c->start + first * c->step - begin, steps_below(c, end) - first, c->step};
}

static tnn_status slice_concat(const tnn_recipe **out, tnn_arena *arena, const tnn_recipe *concat, cut c,
                               tnn_error *err) {
    const tnn_recipe **parts = TNN_NEW_ARRAY(arena, concat->n_children, const tnn_recipe *);
    if (parts == NULL) return tnn_fail_nomem(err);
    uint32_t n = 0;
    int64_t begin = 0, skipped;
    for (uint32_t i = 0; i < concat->n_children; i++) {
        const tnn_recipe *child = concat->children[i];
        int64_t end = begin + child->dims[c.axis];
        cut part = part_within(&c, begin, end, &skipped);
        if (part.length > 0) TNN_TRY(slice_of(&parts[n++], arena, child, part, err));
        begin = end;
    }
    return tnn_recipe_concat(out, arena, parts, n, c.axis, err);
}

static tnn_status slice_pad(const tnn_recipe **out, tnn_arena *arena, const tnn_recipe *pad, cut c,
                            tnn_error *err) {
    const tnn_recipe *child = pad->children[0], *inner;
    int64_t before[TNN_MAX_RANK], after[TNN_MAX_RANK], skipped;
    int64_t begin = pad->as.pad.before[c.axis];
    cut part = part_within(&c, begin, begin + child->dims[c.axis], &skipped);
    part.length = part.length > 0 ? part.length : 0;
    if (part.length == 0) part.start = 0;
    TNN_TRY(slice_of(&inner, arena, child, part, err));
    for (uint8_t d = 0; d < pad->rank; d++) {
        before[d] = pad->as.pad.before[d];
        after[d] = pad->dims[d] - before[d] - child->dims[d];
    }
    before[c.axis] = skipped;
    after[c.axis] = c.length - skipped - part.length;
    return tnn_recipe_pad(out, arena, inner, before, after, pad->as.pad.value, err);
}

static tnn_status slice_flip(const tnn_recipe **out, tnn_arena *arena, const tnn_recipe *flip, cut c,
                             tnn_error *err) {
    const tnn_recipe *part;
    int64_t last = c.start + (c.length - 1) * c.step;
    c.start = flip->dims[c.axis] - 1 - last;
    TNN_TRY(slice_of(&part, arena, flip->children[0], c, err));
    return tnn_recipe_flip(out, arena, part, c.axis, err);
}

static tnn_status slice_node(const tnn_recipe **out, tnn_arena *arena, const tnn_recipe *child, cut c,
                             tnn_error *err) {
    tnn_recipe *node;
    TNN_TRY(tnn_recipe_node(&node, arena, TNN_RECIPE_SLICE, &child, 1, err));
    node->dims[c.axis] = c.length;
    node->as.slice.axis = c.axis;
    node->as.slice.start = c.start;
    node->as.slice.step = c.step;
    *out = node;
    return TNN_OK;
}

static tnn_status slice_slice(const tnn_recipe **out, tnn_arena *arena, const tnn_recipe *slice, cut c,
                              tnn_error *err) {
    c.start = slice->as.slice.start + c.start * slice->as.slice.step;
    if (c.length > 1) c.step *= slice->as.slice.step;
    return slice_of(out, arena, slice->children[0], c, err);
}

/* The cut in terms of the outermost of the dims that were merged into its axis; false when it does not cut between
 * whole indices of that dim. */
static bool cut_of_merge(const tnn_recipe *reshape, cut c, cut *child_cut) {
    uint8_t first[TNN_MAX_RANK + 1];
    const tnn_recipe *child = reshape->children[0];
    if (!tnn_recipe_merged_dims(reshape, first)) return false;
    uint8_t outermost = first[c.axis], end = first[c.axis + 1];
    while (outermost < end && child->dims[outermost] == 1) outermost++;
    if (outermost == end) return false;
    int64_t inner = 1;
    for (uint8_t d = (uint8_t)(outermost + 1); d < end; d++) inner *= child->dims[d];
    *child_cut = (cut){outermost, c.start / inner, c.length / inner, c.step};
    return inner == 1 || (c.step == 1 && c.start % inner == 0 && c.length % inner == 0);
}

static tnn_status slice_reshape(const tnn_recipe **out, tnn_arena *arena, const tnn_recipe *reshape, cut c,
                                tnn_error *err) {
    cut child_cut;
    if (!cut_of_merge(reshape, c, &child_cut)) return slice_node(out, arena, reshape, c, err);
    int64_t dims[TNN_MAX_RANK];
    memcpy(dims, reshape->dims, sizeof dims);
    dims[c.axis] = c.length;
    const tnn_recipe *part;
    TNN_TRY(slice_of(&part, arena, reshape->children[0], child_cut, err));
    return tnn_recipe_reshape(out, arena, part, reshape->rank, dims, err);
}

/* Along the axis of a step. */
static tnn_status slice_along(const tnn_recipe **out, tnn_arena *arena, const tnn_recipe *node, cut c,
                              tnn_error *err) {
    switch (node->kind) {
    case TNN_RECIPE_CONCAT: return slice_concat(out, arena, node, c, err);
    case TNN_RECIPE_PAD: return slice_pad(out, arena, node, c, err);
    case TNN_RECIPE_FLIP: return slice_flip(out, arena, node, c, err);
    case TNN_RECIPE_SLICE: return slice_slice(out, arena, node, c, err);
    case TNN_RECIPE_DILATE:
    case TNN_RECIPE_SOURCE:
    case TNN_RECIPE_FILL:
    case TNN_RECIPE_RESHAPE:
    case TNN_RECIPE_AFFINE:
    case TNN_RECIPE_QUANTIZE:
    case TNN_RECIPE_NIBBLES:
    case TNN_RECIPE_CAST: break;
    }
    return slice_node(out, arena, node, c, err);
}

static tnn_status check_cut(const tnn_recipe *child, const cut *c, tnn_error *err) {
    TNN_TRY(tnn_recipe_check_axis(child, c->axis, err));
    int64_t size = child->dims[c->axis];
    bool fits = c->step >= 1 && c->length >= 0 && c->start >= 0 && c->start <= size;
    if (fits && c->length > 0) fits = c->start < size && (c->length - 1) <= (size - 1 - c->start) / c->step;
    if (fits) return TNN_OK;
    return tnn_fail(err, TNN_ERR_INVALID, NULL, "a slice of %lld from %lld in steps of %lld out of %lld",
                    (long long)c->length, (long long)c->start, (long long)c->step, (long long)size);
}

tnn_status tnn_recipe_slice(const tnn_recipe **out, tnn_arena *arena, const tnn_recipe *child, uint8_t axis,
                            int64_t start, int64_t length, int64_t step, tnn_error *err) {
    cut c = {axis, start, length, step};
    TNN_TRY(check_cut(child, &c, err));
    if (length == child->dims[axis]) {
        *out = child;
        return TNN_OK;
    }
    if (length == 1) c.step = 1;
    int64_t dims[TNN_MAX_RANK];
    memcpy(dims, child->dims, sizeof dims);
    dims[axis] = length;
    if (length == 0) return tnn_recipe_empty(out, arena, child->dtype, child->rank, dims, err);
    if (child->kind == TNN_RECIPE_FILL) return tnn_recipe_refill(out, arena, child, child->rank, dims, err);
    if (child->kind == TNN_RECIPE_SOURCE) return slice_source(out, arena, child, c, err);
    if (child->kind == TNN_RECIPE_RESHAPE) return slice_reshape(out, arena, child, c, err);
    if (tnn_recipe_works_along(child, axis)) return slice_along(out, arena, child, c, err);
    return slice_beside(out, arena, child, c, err);
}
