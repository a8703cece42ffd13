/* Writing through handles. */
#include "eval/overlap.h"
#include "eval/handle.h"

static bool is_empty(const tnn_shape *shape) {
    for (int k = 0; k < shape->rank; k++)
        if (shape->dims[k].hint == 0) return true;
    return false;
}

static bool step_repeats(const tnn_step *step) {
    return step->kind == TNN_STEP_EXPAND || (step->kind == TNN_STEP_UNFOLD && step->window > step->stride);
}

/* An expansion or overlapping windows stand in the chain: no step inverts them, though what is left of them may repeat
 * nothing. */
static bool chain_repeats(const tnn_view *view) {
    for (; view->base; view = view->base)
        if (step_repeats(&view->step)) return true;
    return false;
}

static tnn_status write_chain(tnn_interp *interp, tnn_storage *storage, tnn_view *view, tnn_value *value,
                              tnn_error *err) {
    uint64_t next = storage->generation + 1;
    for (; view->base; view = view->base) {
        tnn_value *whole = NULL, *base;
        TNN_TRY(tnn_view_read(interp, storage, view->base, &whole, err));
        TNN_TRY(tnn_view_invert(interp, view, whole, value, &base, err));
        view->value = value;
        view->value_generation = next;
        value = base;
    }
    storage->value = value;
    storage->generation = next;
    return TNN_OK;
}

tnn_status tnn_handle_write(tnn_interp *interp, const tnn_handle *handle, tnn_value *value, tnn_error *err) {
    tnn_obj direct;
    if (is_empty(&handle->shape)) return TNN_OK;
    TNN_TRY(tnn_overlap_check_own(interp, handle, err));
    if (!chain_repeats(handle->view)) return write_chain(interp, handle->storage, handle->view, value, err);
    TNN_TRY(tnn_handle_strided(interp, handle, &handle->shape, handle->strides, handle->offset, &direct, err));
    return write_chain(interp, handle->storage, direct.as.tensor->view, value, err);
}

tnn_status tnn_handle_distinct(tnn_interp *interp, tnn_handle *handle, tnn_obj *out, tnn_error *err) {
    tnn_shape shape = handle->shape;
    bool repeats = false;
    for (int k = 0; k < shape.rank; k++) {
        if (handle->strides[k] != 0 || shape.dims[k].hint <= 1) continue;
        shape.dims[k] = tnn_size_const(1);
        repeats = true;
    }
    *out = (tnn_obj){.kind = TNN_OBJ_TENSOR};
    out->as.tensor = handle;
    if (!repeats) return TNN_OK;
    return tnn_handle_strided(interp, handle, &shape, handle->strides, handle->offset, out, err);
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

tnn_status tnn_handle_assign(tnn_interp *interp, const tnn_handle *handle, tnn_value *value, tnn_error *err) {
    TNN_TRY(check_broadcast(interp, &value->shape, &handle->shape, err));
    TNN_TRY(tnn_emit_cast(interp, value, tnn_handle_dtype(handle), &value, err));
    TNN_TRY(tnn_emit_expand(interp, &interp->origin, value, &handle->shape, &value, err));
    return tnn_handle_write(interp, handle, value, err);
}
