/* Reshape, permute, expand and slice as views on the memory of their operand; concatenation and padding as copies into
 * parts of their result. */
#include <string.h>

#include "engine/fill.h"
#include "engine/move.h"
#include "ir/strided.h"
#include "ops/slice.h"

/* The result of `node` is `place`. A constant's memory is nobody's to write to, so that is copied. */
static tnn_status finish_view(tnn_planner *p, const tnn_node *node, const tnn_place *place, bool *done,
                              tnn_error *err) {
    const tnn_value *value = node->outputs[0];
    *done = true;
    if (p->engine->buffers[place->buffer].kind != TNN_BUFFER_CONSTANT) {
        tnn_plan_set(p, value, place);
        return tnn_plan_add_view(p, node, err);
    }
    tnn_order plain = tnn_order_plain(place->rank);
    tnn_place to;
    TNN_TRY(tnn_plan_result(p, value, &plain, &to, err));
    return tnn_plan_add_node(p, node, tnn_run_copy, NULL, place, 1, &to, TNN_ACT_NONE, 0, err);
}

static uint8_t dim_of(int64_t dim, uint8_t rank) {
    return (uint8_t)(dim < 0 ? dim + rank : dim);
}

static void take_dims(tnn_place *place, const tnn_shape *shape) {
    place->rank = shape->rank;
    for (uint8_t d = 0; d < shape->rank; d++) place->dims[d] = shape->dims[d].hint;
}

/* ---- views ---- */

static bool view_as(const tnn_place *from, const tnn_shape *shape, tnn_place *to) {
    tnn_strided merged = tnn_strided_merge(from->rank, from->dims, from->strides);
    *to = *from;
    take_dims(to, shape);
    return tnn_strided_view(&merged, to->rank, to->dims, to->strides);
}

tnn_status tnn_plan_reshape(tnn_planner *p, const tnn_node *node, bool *done, tnn_error *err) {
    const tnn_value *self = node->args[0].as.tensor;
    tnn_place from, to;
    TNN_TRY(tnn_plan_get(p, self, &from, err));
    if (!view_as(&from, &node->outputs[0]->shape, &to)) {
        tnn_order plain = tnn_order_plain(from.rank);
        TNN_TRY(tnn_plan_get_in(p, self, &plain, &from, err));
        if (!view_as(&from, &node->outputs[0]->shape, &to)) return TNN_OK;
    }
    return finish_view(p, node, &to, done, err);
}

tnn_status tnn_plan_permute(tnn_planner *p, const tnn_node *node, bool *done, tnn_error *err) {
    tnn_place from, to;
    TNN_TRY(tnn_plan_get(p, node->args[0].as.tensor, &from, err));
    to = from;
    for (uint8_t d = 0; d < from.rank; d++) {
        uint8_t source = dim_of(node->args[1].as.sizes[d].hint, from.rank);
        to.dims[d] = from.dims[source];
        to.strides[d] = from.strides[source];
    }
    return finish_view(p, node, &to, done, err);
}

tnn_status tnn_plan_expand(tnn_planner *p, const tnn_node *node, bool *done, tnn_error *err) {
    tnn_place from, to;
    TNN_TRY(tnn_plan_get(p, node->args[0].as.tensor, &from, err));
    to = from;
    take_dims(&to, &node->outputs[0]->shape);
    tnn_place_broadcast(&from, to.rank, to.dims, to.strides);
    return finish_view(p, node, &to, done, err);
}

/* The part of `whole` that a slice or slice_scatter names. */
static tnn_place part_of(const tnn_place *whole, const tnn_node *node) {
    tnn_slice_range range = tnn_slice_range_of(node);
    return tnn_place_part(whole, range.dim, range.start, range.count, range.step);
}

tnn_status tnn_plan_slice(tnn_planner *p, const tnn_node *node, bool *done, tnn_error *err) {
    tnn_place from;
    TNN_TRY(tnn_plan_get(p, node->args[0].as.tensor, &from, err));
    tnn_place to = part_of(&from, node);
    return finish_view(p, node, &to, done, err);
}

/* ---- copies into parts ---- */

/* Copy into a part of the node's result; the last one of a node makes it ready. */
static tnn_status add_part(tnn_planner *p, const tnn_node *node, const tnn_place *from, const tnn_place *part,
                           bool last, tnn_error *err) {
    if (!last) return tnn_plan_add_copy(p, from, part, err);
    return tnn_plan_add_node(p, node, tnn_run_copy, NULL, from, 1, part, TNN_ACT_NONE, 0, err);
}

tnn_status tnn_plan_slice_scatter(tnn_planner *p, const tnn_node *node, bool *done, tnn_error *err) {
    const tnn_value *self = node->args[0].as.tensor, *src = node->args[1].as.tensor;
    tnn_place whole, part, to;
    if (self->dtype != src->dtype) return TNN_OK;
    TNN_TRY(tnn_plan_get(p, self, &whole, err));
    TNN_TRY(tnn_plan_get(p, src, &part, err));
    tnn_order order = tnn_order_of(&whole);
    TNN_TRY(tnn_plan_result(p, node->outputs[0], &order, &to, err));
    TNN_TRY(tnn_plan_add_copy(p, &whole, &to, err));
    tnn_place into = part_of(&to, node);
    *done = true;
    return add_part(p, node, &part, &into, true, err);
}

/* The order of the largest operand: copying the others then jumps least. */
static tnn_status order_of_largest(tnn_planner *p, const tnn_arg *tensors, tnn_order *order, tnn_error *err) {
    int64_t most = -1;
    for (uint32_t i = 0; i < tensors->n; i++) {
        tnn_place place;
        TNN_TRY(tnn_plan_get(p, tensors->as.tensors[i], &place, err));
        if (tnn_place_elems(&place) <= most) continue;
        most = tnn_place_elems(&place);
        *order = tnn_order_of(&place);
    }
    return TNN_OK;
}

static bool same_dtypes(const tnn_arg *tensors, tnn_dtype dtype) {
    for (uint32_t i = 0; i < tensors->n; i++) {
        if (tensors->as.tensors[i]->dtype != dtype) return false;
    }
    return true;
}

tnn_status tnn_plan_cat(tnn_planner *p, const tnn_node *node, bool *done, tnn_error *err) {
    const tnn_arg *tensors = &node->args[0];
    uint8_t dim = dim_of(tnn_arg_int(&node->args[1]), node->outputs[0]->shape.rank);
    int64_t start = 0;
    tnn_order order;
    tnn_place to, from;
    if (!same_dtypes(tensors, node->outputs[0]->dtype)) return TNN_OK;
    TNN_TRY(order_of_largest(p, tensors, &order, err));
    TNN_TRY(tnn_plan_result(p, node->outputs[0], &order, &to, err));
    for (uint32_t i = 0; i < tensors->n; i++) {
        TNN_TRY(tnn_plan_get(p, tensors->as.tensors[i], &from, err));
        tnn_place part = tnn_place_part(&to, dim, start, from.dims[dim], 1);
        TNN_TRY(add_part(p, node, &from, &part, i + 1 == tensors->n, err));
        start += from.dims[dim];
    }
    *done = true;
    return TNN_OK;
}

/* The part of a padded place that is not padding; false where a side is cut off. The list has (before, after) of the last
 * dimension, then of the one before it. */
static bool inside(const tnn_place *padded, const tnn_arg *pads, const tnn_place *from, tnn_place *out) {
    *out = *padded;
    for (uint32_t i = 0; i + 1 < pads->n; i += 2) {
        uint8_t dim = (uint8_t)(padded->rank - 1 - i / 2);
        int64_t before = pads->as.sizes[i].hint;
        if (before < 0 || pads->as.sizes[i + 1].hint < 0) return false;
        *out = tnn_place_part(out, dim, before, from->dims[dim], 1);
    }
    return true;
}

tnn_status tnn_plan_pad(tnn_planner *p, const tnn_node *node, bool *done, tnn_error *err) {
    const tnn_arg *pads = &node->args[1], *value = &node->args[3];
    tnn_place from, part, shape = {.rank = node->outputs[0]->shape.rank};
    if (strcmp(node->args[2].as.text, "constant") != 0 || !tnn_plan_is_f32(node->outputs[0])) return TNN_OK;
    TNN_TRY(tnn_plan_get(p, node->args[0].as.tensor, &from, err));
    if (from.dtype != TNN_DTYPE_F32 || !inside(&shape, pads, &from, &part)) return TNN_OK;
    tnn_order order = tnn_order_of(&from);
    tnn_place to;
    TNN_TRY(tnn_plan_result(p, node->outputs[0], &order, &to, err));
    TNN_TRY(tnn_plan_add_fill(p, &to, value->kind == TNN_ARG_NONE ? 0 : (float)tnn_arg_number(value), err));
    (void)inside(&to, pads, &from, &part);
    *done = true;
    return add_part(p, node, &from, &part, true, err);
}
