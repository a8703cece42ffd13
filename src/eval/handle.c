/* Making handles and views. */
#include "eval/handle.h"

#include <string.h>

#include "eval/strides.h"

/* Reading and writing recurse over the chain. */
#define MAX_STEPS 100
/* How many of the newest views on a base are asked whether they are the one wanted. */
#define MAX_TWINS 16

tnn_dtype tnn_handle_dtype(const tnn_handle *handle) { return handle->storage->value->dtype; }

static tnn_status tensor_obj(tnn_interp *interp, const tnn_handle *handle, tnn_obj *out, tnn_error *err) {
    *out = (tnn_obj){.kind = TNN_OBJ_TENSOR};
    out->as.tensor = tnn_arena_copy(interp->arena, handle, 1, sizeof(*handle));
    return out->as.tensor ? TNN_OK : tnn_fail_nomem(err);
}

tnn_status tnn_handle_new(tnn_interp *interp, tnn_value *value, const int64_t *strides, tnn_obj *out,
                          tnn_error *err) {
    tnn_storage *storage = TNN_NEW(interp->arena, tnn_storage);
    tnn_view *whole = TNN_NEW(interp->arena, tnn_view);
    if (!storage || !whole) return tnn_fail_nomem(err);
    storage->value = value;
    whole->shape = value->shape;
    tnn_handle handle = {.storage = storage, .view = whole, .shape = value->shape};
    if (strides) memcpy(handle.strides, strides, value->shape.rank * sizeof(*strides));
    else tnn_strides_contiguous(&value->shape, handle.strides);
    memcpy(storage->strides, handle.strides, sizeof(handle.strides));
    return tensor_obj(interp, &handle, out, err);
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

/* Does an expansion give dimension `dim` of `to` its size? */
static bool repeats_dim(const tnn_shape *from, const tnn_shape *to, int dim) {
    int own = dim - (to->rank - from->rank);
    return !tnn_size_same(own < 0 ? tnn_size_const(1) : from->dims[own], to->dims[dim]);
}

/* Some size 1 becomes another: several elements of the view are one element of the base. */
static bool expand_repeats(const tnn_shape *from, const tnn_shape *to) {
    for (int k = 0; k < to->rank; k++)
        if (repeats_dim(from, to, k)) return true;
    return false;
}

/* A slice along a dimension that an expansion repeats is a smaller expansion. */
static bool slices_repeats(const tnn_view *base, const tnn_step *step) {
    return step->kind == TNN_STEP_SLICE && base->step.kind == TNN_STEP_EXPAND &&
           repeats_dim(&base->base->shape, &base->shape, step->dim);
}

/* from + index * stride */
static tnn_status along(tnn_interp *interp, tnn_size from, tnn_size index, int64_t stride, tnn_size *out,
                        tnn_error *err) {
    TNN_TRY(tnn_size_mul(&index, interp->arena, index, tnn_size_const(stride), err));
    return tnn_size_add(out, interp->arena, from, index, err);
}

/* A slice of a slice along the same dimension is one slice. */
static tnn_status merge_slices(tnn_interp *interp, const tnn_step *outer, tnn_step *step, tnn_error *err) {
    TNN_TRY(along(interp, outer->start, step->start, outer->stride, &step->start, err));
    TNN_TRY(along(interp, outer->start, step->end, outer->stride, &step->end, err));
    if (step->start.hint > outer->end.hint) step->start = outer->end;
    if (step->end.hint > outer->end.hint) step->end = outer->end;
    step->stride *= outer->stride;
    return TNN_OK;
}

/* No product of steps that a size of 64 bits could not hold. */
static bool can_merge_slices(const tnn_step *outer, const tnn_step *step) {
    return outer->dim == step->dim && outer->stride < INT32_MAX && step->stride < INT32_MAX;
}

/* Let `step` on `*base` take in the base's own step where both are one step of the same kind. */
static tnn_status merge_step(tnn_interp *interp, tnn_view **base, tnn_step *step, int rank, tnn_error *err) {
    const tnn_step *outer = &(*base)->step;
    if (slices_repeats(*base, step)) step->kind = TNN_STEP_EXPAND;
    if (outer->kind != step->kind) return TNN_OK;
    if (step->kind == TNN_STEP_SLICE) {
        if (!can_merge_slices(outer, step)) return TNN_OK;
        TNN_TRY(merge_slices(interp, outer, step, err));
    } else if (step->kind == TNN_STEP_PERMUTE) {
        for (int k = 0; k < rank; k++) step->order[k] = outer->order[step->order[k]];
    } else if (step->kind != TNN_STEP_RESHAPE && step->kind != TNN_STEP_EXPAND) {
        return TNN_OK;
    }
    *base = (*base)->base;
    return TNN_OK;
}

static bool step_is_identity(const tnn_view *base, const tnn_step *step, const tnn_shape *shape) {
    switch (step->kind) {
    case TNN_STEP_NONE: return true;
    case TNN_STEP_RESHAPE:
    case TNN_STEP_EXPAND: return shapes_same(&base->shape, shape);
    case TNN_STEP_PERMUTE: return order_is_identity(step->order, shape->rank);
    case TNN_STEP_SLICE: return step->stride == 1 && tnn_size_same(step->start, tnn_size_const(0)) &&
                                shapes_same(&base->shape, shape);
    case TNN_STEP_UNFOLD:
    case TNN_STEP_DROPOUT: break;
    }
    return false;
}

static bool steps_same(const tnn_step *a, const tnn_step *b, int rank) {
    if (a->kind != b->kind) return false;
    switch (a->kind) {
    case TNN_STEP_NONE:
    case TNN_STEP_RESHAPE:
    case TNN_STEP_EXPAND: break;
    case TNN_STEP_PERMUTE: return memcmp(a->order, b->order, (size_t)rank) == 0;
    case TNN_STEP_SLICE: return a->dim == b->dim && a->stride == b->stride && tnn_size_same(a->start, b->start) &&
                                tnn_size_same(a->end, b->end);
    case TNN_STEP_UNFOLD: return a->dim == b->dim && a->stride == b->stride && a->window == b->window;
    case TNN_STEP_DROPOUT: return false;
    }
    return true;
}

/* A view that was made before with this step, or NULL. */
static tnn_view *find_twin(const tnn_view *base, const tnn_step *step, const tnn_shape *shape) {
    tnn_view *view = base->newest;
    for (int n = 0; view && n < MAX_TWINS; n++, view = view->older)
        if (steps_same(&view->step, step, shape->rank) && shapes_same(&view->shape, shape)) return view;
    return NULL;
}

static tnn_status add_view(tnn_interp *interp, tnn_view *base, const tnn_step *step, const tnn_shape *shape,
                           tnn_view **out, tnn_error *err) {
    *out = find_twin(base, step, shape);
    if (*out) return TNN_OK;
    if (base->n_steps == MAX_STEPS)
        return tnn_fail(err, TNN_ERR_LIMIT, interp->origin.name, "a chain of more than %d views", MAX_STEPS);
    *out = TNN_NEW(interp->arena, tnn_view);
    if (!*out) return tnn_fail_nomem(err);
    **out = (tnn_view){.base = base, .step = *step, .n_steps = base->n_steps + 1, .shape = *shape,
                       .origin = interp->origin, .older = base->newest};
    base->newest = *out;
    return TNN_OK;
}

/* One place has no step. */
static tnn_status simplify_slice(tnn_interp *interp, tnn_step *step, const tnn_shape *shape, tnn_error *err) {
    if (step->kind != TNN_STEP_SLICE || shape->dims[step->dim].expr || shape->dims[step->dim].hint > 1) return TNN_OK;
    step->stride = 1;
    return tnn_size_add(&step->end, interp->arena, step->start, shape->dims[step->dim], err);
}

tnn_status tnn_handle_view(tnn_interp *interp, const tnn_handle *base, tnn_step step, const tnn_shape *shape,
                           const int64_t *strides, tnn_obj *out, tnn_error *err) {
    tnn_handle handle = {.storage = base->storage, .view = base->view, .shape = *shape, .offset = base->offset,
                         .made = base->storage->generation};
    if (step.kind == TNN_STEP_SLICE) handle.offset += step.start.hint * base->strides[step.dim];
    memcpy(handle.strides, strides, shape->rank * sizeof(*strides));
    TNN_TRY(merge_step(interp, &handle.view, &step, shape->rank, err));
    if (step.kind == TNN_STEP_EXPAND && !expand_repeats(&handle.view->shape, shape)) {
        step.kind = TNN_STEP_RESHAPE;
        TNN_TRY(merge_step(interp, &handle.view, &step, shape->rank, err));
    }
    TNN_TRY(simplify_slice(interp, &step, shape, err));
    if (!step_is_identity(handle.view, &step, shape))
        TNN_TRY(add_view(interp, handle.view, &step, shape, &handle.view, err));
    return tensor_obj(interp, &handle, out, err);
}

bool tnn_interp_was_written(const tnn_handle *handle) { return handle->storage->generation != handle->made; }

void tnn_interp_is_number(tnn_handle *handle) { handle->is_number = handle->shape.rank == 0; }
