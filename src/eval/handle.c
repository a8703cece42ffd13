#include "eval/handle.h"

#include <string.h>

#include "eval/strides.h"
#include "ops/list.h"

/* Reading and writing recurse over the chain. */
#define MAX_STEPS 100

tnn_dtype tnn_handle_dtype(const tnn_handle *handle) { return handle->storage->value->dtype; }

static tnn_obj tensor_obj(tnn_handle *handle) {
    tnn_obj obj = {.kind = TNN_OBJ_TENSOR};
    obj.as.tensor = handle;
    return obj;
}

tnn_status tnn_handle_new(tnn_interp *interp, tnn_value *value, const int64_t *strides, tnn_obj *out,
                          tnn_error *err) {
    tnn_handle *handle = TNN_NEW(interp->arena, tnn_handle);
    tnn_storage *storage = TNN_NEW(interp->arena, tnn_storage);
    if (!handle || !storage) return tnn_fail_nomem(err);
    storage->value = value;
    handle->storage = storage;
    handle->shape = value->shape;
    if (strides) memcpy(handle->strides, strides, value->shape.rank * sizeof(*strides));
    else tnn_strides_contiguous(&value->shape, handle->strides);
    *out = tensor_obj(handle);
    return TNN_OK;
}

static bool shapes_same(const tnn_shape *a, const tnn_shape *b) {
    if (a->rank != b->rank) return false;
    for (int k = 0; k < a->rank; k++)
        if (!tnn_size_same(a->dims[k], b->dims[k])) return false;
    return true;
}

static bool order_is_identity(const uint8_t *order, int rank) {
    for (int k = 0; k < rank; k++)
        if (order[k] != k) return false;
    return true;
}

/* Some size 1 becomes another: several elements of the view are one element of the base. */
static bool expand_repeats(const tnn_shape *from, const tnn_shape *to) {
    int lead = to->rank - from->rank;
    for (int k = 0; k < to->rank; k++) {
        tnn_size own = k < lead ? tnn_size_const(1) : from->dims[k - lead];
        if (!tnn_size_same(own, to->dims[k])) return true;
    }
    return false;
}

/* A slice along a dimension that an expansion repeats is a smaller expansion. */
static bool slices_repeats(const tnn_handle *base, const tnn_step *step) {
    return step->kind == TNN_STEP_SLICE && base->step.kind == TNN_STEP_EXPAND && base->strides[step->dim] == 0;
}

/* Let `step` on `*base` take in the base's own step where both are one step of the same kind. */
static void merge_step(tnn_handle **base, tnn_step *step, int rank) {
    if (slices_repeats(*base, step)) step->kind = TNN_STEP_EXPAND;
    if ((*base)->step.kind != step->kind) return;
    if (step->kind == TNN_STEP_PERMUTE) {
        for (int k = 0; k < rank; k++) step->order[k] = (*base)->step.order[step->order[k]];
        *base = (*base)->base;
    } else if (step->kind == TNN_STEP_RESHAPE || step->kind == TNN_STEP_EXPAND) {
        *base = (*base)->base;
    }
}

static bool step_is_identity(const tnn_handle *base, const tnn_step *step, const tnn_shape *shape) {
    switch (step->kind) {
    case TNN_STEP_NONE: return true;
    case TNN_STEP_RESHAPE:
    case TNN_STEP_EXPAND: return shapes_same(&base->shape, shape);
    case TNN_STEP_PERMUTE: return order_is_identity(step->order, shape->rank);
    case TNN_STEP_SLICE: return step->stride == 1 && tnn_size_same(step->start, tnn_size_const(0)) &&
                                shapes_same(&base->shape, shape);
    case TNN_STEP_DROPOUT: break;
    }
    return false;
}

static tnn_status new_view(tnn_interp *interp, const tnn_handle *like, tnn_handle **out, tnn_error *err) {
    *out = tnn_arena_copy(interp->arena, like, 1, sizeof(*like));
    if (!*out) return tnn_fail_nomem(err);
    (*out)->made = like->storage->generation;
    return TNN_OK;
}

tnn_status tnn_handle_view(tnn_interp *interp, tnn_handle *base, tnn_step step, const tnn_shape *shape,
                           const int64_t *strides, tnn_obj *out, tnn_error *err) {
    tnn_handle *handle;
    merge_step(&base, &step, shape->rank);
    if (step.kind == TNN_STEP_EXPAND && !expand_repeats(&base->shape, shape)) {
        step.kind = TNN_STEP_RESHAPE;
        merge_step(&base, &step, shape->rank);
    }
    TNN_TRY(new_view(interp, base, &handle, err));
    memcpy(handle->strides, strides, shape->rank * sizeof(*strides));
    *out = tensor_obj(handle);
    if (step_is_identity(base, &step, shape)) return TNN_OK;
    if (base->n_steps == MAX_STEPS)
        return tnn_fail(err, TNN_ERR_LIMIT, interp->origin.name, "a chain of more than %d views", MAX_STEPS);
    handle->base = base;
    handle->step = step;
    handle->n_steps = base->n_steps + 1;
    handle->shape = *shape;
    handle->origin = interp->origin;
    handle->value = NULL;
    return TNN_OK;
}

static tnn_status emit_reshape(tnn_interp *interp, const tnn_origin *origin, tnn_value *value,
                               const tnn_shape *shape, tnn_value **out, tnn_error *err) {
    tnn_shape sizes = *shape;
    tnn_arg args[] = {tnn_arg_of_tensor(value), tnn_arg_of_sizes(sizes.dims, sizes.rank)};
    return tnn_emit(interp, origin, TNN_OP_reshape, args, 2, out, err);
}

static tnn_status emit_expand(tnn_interp *interp, const tnn_origin *origin, tnn_value *value,
                              const tnn_shape *shape, tnn_value **out, tnn_error *err) {
    tnn_shape sizes = *shape;
    tnn_arg args[] = {tnn_arg_of_tensor(value), tnn_arg_of_sizes(sizes.dims, sizes.rank)};
    return tnn_emit(interp, origin, TNN_OP_expand, args, 2, out, err);
}

static tnn_status emit_permute(tnn_interp *interp, const tnn_origin *origin, tnn_value *value,
                               const uint8_t *order, tnn_value **out, tnn_error *err) {
    tnn_size dims[TNN_MAX_RANK];
    for (int k = 0; k < value->shape.rank; k++) dims[k] = tnn_size_const(order[k]);
    tnn_arg args[] = {tnn_arg_of_tensor(value), tnn_arg_of_sizes(dims, value->shape.rank)};
    return tnn_emit(interp, origin, TNN_OP_permute, args, 2, out, err);
}

static tnn_status emit_slice(tnn_interp *interp, const tnn_origin *origin, tnn_value *value,
                             const tnn_step *step, tnn_value **out, tnn_error *err) {
    tnn_arg args[] = {tnn_arg_of_tensor(value), tnn_arg_of_int(step->dim), tnn_arg_of_size(step->start),
                      tnn_arg_of_size(step->end), tnn_arg_of_int(step->stride)};
    return tnn_emit(interp, origin, TNN_OP_slice, args, 5, out, err);
}

static tnn_status emit_dropout(tnn_interp *interp, const tnn_origin *origin, tnn_value *value, double p,
                               tnn_value **out, tnn_error *err) {
    tnn_arg args[] = {tnn_arg_of_tensor(value), tnn_arg_of_float(p), tnn_arg_of_bool(false)};
    return tnn_emit(interp, origin, TNN_OP_dropout, args, 3, out, err);
}

/* What the handle shows of its base's value. */
static tnn_status apply_step(tnn_interp *interp, const tnn_handle *handle, tnn_value *value, tnn_value **out,
                             tnn_error *err) {
    const tnn_origin *origin = &handle->origin;
    switch (handle->step.kind) {
    case TNN_STEP_NONE: break;
    case TNN_STEP_RESHAPE: return emit_reshape(interp, origin, value, &handle->shape, out, err);
    case TNN_STEP_EXPAND: return emit_expand(interp, origin, value, &handle->shape, out, err);
    case TNN_STEP_PERMUTE: return emit_permute(interp, origin, value, handle->step.order, out, err);
    case TNN_STEP_SLICE: return emit_slice(interp, origin, value, &handle->step, out, err);
    case TNN_STEP_DROPOUT: return emit_dropout(interp, origin, value, handle->step.p, out, err);
    }
    *out = value;
    return TNN_OK;
}

tnn_status tnn_interp_read(tnn_interp *interp, tnn_handle *handle, tnn_value **out, tnn_error *err) {
    tnn_storage *storage = handle->storage;
    if (!handle->base) {
        *out = storage->value;
        return TNN_OK;
    }
    if (!handle->value || handle->value_generation != storage->generation) {
        tnn_value *base;
        TNN_TRY(tnn_interp_read(interp, handle->base, &base, err));
        TNN_TRY(apply_step(interp, handle, base, &handle->value, err));
        handle->value_generation = storage->generation;
    }
    *out = handle->value;
    return TNN_OK;
}

bool tnn_interp_was_written(const tnn_handle *handle) { return handle->storage->generation != handle->made; }

static tnn_status emit_slice_scatter(tnn_interp *interp, tnn_handle *handle, tnn_value *value, tnn_value **out,
                                     tnn_error *err) {
    tnn_value *whole;
    const tnn_step *step = &handle->step;
    TNN_TRY(tnn_interp_read(interp, handle->base, &whole, err));
    tnn_arg args[] = {tnn_arg_of_tensor(whole),      tnn_arg_of_tensor(value),   tnn_arg_of_int(step->dim),
                      tnn_arg_of_size(step->start), tnn_arg_of_size(step->end), tnn_arg_of_int(step->stride)};
    return tnn_emit(interp, &interp->origin, TNN_OP_slice_scatter, args, 6, out, err);
}

/* What the base becomes when the handle shows `value`. */
static tnn_status invert_step(tnn_interp *interp, tnn_handle *handle, tnn_value *value, tnn_value **out,
                              tnn_error *err) {
    uint8_t inverse[TNN_MAX_RANK] = {0};
    switch (handle->step.kind) {
    case TNN_STEP_NONE:
    case TNN_STEP_DROPOUT: break;
    case TNN_STEP_RESHAPE:
        return emit_reshape(interp, &interp->origin, value, &handle->base->shape, out, err);
    case TNN_STEP_PERMUTE:
        for (uint8_t k = 0; k < handle->shape.rank; k++) inverse[handle->step.order[k]] = k;
        return emit_permute(interp, &interp->origin, value, inverse, out, err);
    case TNN_STEP_SLICE: return emit_slice_scatter(interp, handle, value, out, err);
    case TNN_STEP_EXPAND:
        return tnn_fail(err, TNN_ERR_INVALID, interp->origin.name,
                        "a write to an expanded tensor: several of its elements are one element in memory; "
                        "clone() it first");
    }
    *out = value;
    return TNN_OK;
}

tnn_status tnn_handle_write(tnn_interp *interp, tnn_handle *handle, tnn_value *value, tnn_error *err) {
    uint64_t next = handle->storage->generation + 1;
    tnn_handle *at = handle;
    for (; at->base; at = at->base) {
        tnn_value *base;
        TNN_TRY(invert_step(interp, at, value, &base, err));
        at->value = value;
        at->value_generation = next;
        value = base;
    }
    handle->storage->value = value;
    handle->storage->generation = next;
    return TNN_OK;
}

static tnn_status fail_shape(tnn_interp *interp, const tnn_shape *have, const tnn_shape *want, tnn_error *err) {
    tnn_strbuf text = {0};
    tnn_shape_print(&text, have);
    tnn_strbuf_add(&text, " cannot be written into a tensor of shape ");
    tnn_shape_print(&text, want);
    tnn_status status = text.failed ? tnn_fail_nomem(err)
                                    : tnn_fail(err, TNN_ERR_INVALID, interp->origin.name,
                                               "a result of shape %s", text.data);
    tnn_strbuf_free(&text);
    return status;
}

/* `from` broadcast gives `to`, size 1 and missing dimensions stretching. */
static tnn_status check_broadcast(tnn_interp *interp, const tnn_shape *from, const tnn_shape *to, tnn_error *err) {
    int lead = to->rank - from->rank;
    if (lead < 0) return fail_shape(interp, from, to, err);
    for (int k = 0; k < from->rank; k++) {
        bool same, one;
        TNN_TRY(tnn_guard_equal(interp->graph->model, from->dims[k], to->dims[k + lead], &same, err));
        if (same) continue;
        TNN_TRY(tnn_guard_equal(interp->graph->model, from->dims[k], tnn_size_const(1), &one, err));
        if (!one) return fail_shape(interp, from, to, err);
    }
    return TNN_OK;
}

tnn_status tnn_handle_assign(tnn_interp *interp, tnn_handle *handle, tnn_value *value, tnn_error *err) {
    TNN_TRY(check_broadcast(interp, &value->shape, &handle->shape, err));
    TNN_TRY(tnn_emit_cast(interp, value, tnn_handle_dtype(handle), &value, err));
    if (!tnn_shape_equal_hints(&value->shape, &handle->shape))
        TNN_TRY(emit_expand(interp, &interp->origin, value, &handle->shape, &value, err));
    return tnn_handle_write(interp, handle, value, err);
}
