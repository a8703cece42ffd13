/* The nodes of views: a step applied, and a step inverted. */
#include "eval/handle.h"
#include "ir/checked.h"
#include "ir/recipe.h"
#include "ops/list.h"

static tnn_status emit_reshape(tnn_interp *interp, const tnn_origin *origin, tnn_value *value,
                               const tnn_shape *shape, tnn_value **out, tnn_error *err) {
    tnn_shape sizes = *shape;
    tnn_arg args[] = {tnn_arg_of_tensor(value), tnn_arg_of_sizes(sizes.dims, sizes.rank)};
    return tnn_emit(interp, origin, TNN_OP_reshape, args, 2, out, err);
}

tnn_status tnn_emit_expand(tnn_interp *interp, const tnn_origin *origin, tnn_value *value, const tnn_shape *shape,
                           tnn_value **out, tnn_error *err) {
    tnn_shape sizes = *shape;
    tnn_arg args[] = {tnn_arg_of_tensor(value), tnn_arg_of_sizes(sizes.dims, sizes.rank)};
    *out = value;
    if (tnn_shape_equal_hints(&value->shape, shape)) return TNN_OK;
    return tnn_emit(interp, origin, TNN_OP_expand, args, 2, out, err);
}

static tnn_status emit_permute(tnn_interp *interp, const tnn_origin *origin, tnn_value *value,
                               const uint8_t *order, tnn_value **out, tnn_error *err) {
    tnn_size dims[TNN_MAX_RANK];
    for (int k = 0; k < value->shape.rank; k++) dims[k] = tnn_size_const(order[k]);
    tnn_arg args[] = {tnn_arg_of_tensor(value), tnn_arg_of_sizes(dims, value->shape.rank)};
    return tnn_emit(interp, origin, TNN_OP_permute, args, 2, out, err);
}

static tnn_status emit_dropout(tnn_interp *interp, const tnn_origin *origin, tnn_value *value, double p,
                               tnn_value **out, tnn_error *err) {
    tnn_arg args[] = {tnn_arg_of_tensor(value), tnn_arg_of_float(p), tnn_arg_of_bool(false)};
    return tnn_emit(interp, origin, TNN_OP_dropout, args, 3, out, err);
}

/* Slices: what was written there before need not be cut out of the whole again. */

#define MAX_WRITES_BACK 64

static bool same_slice(const tnn_node *scatter, const tnn_step *step) {
    return tnn_size_same(scatter->args[3].as.size, step->start) && tnn_size_same(scatter->args[4].as.size, step->end) &&
           tnn_arg_int(&scatter->args[5]) == step->stride;
}

static bool apart(const tnn_node *scatter, const tnn_step *step) {
    tnn_size start = scatter->args[3].as.size, end = scatter->args[4].as.size;
    if (start.expr || end.expr || step->start.expr || step->end.expr) return false;
    return end.hint <= step->start.hint || step->end.hint <= start.hint;
}

/* The slice_scatter along the step's dimension that made the value, or NULL. */
static const tnn_node *scatter_of(const tnn_value *value, const tnn_step *step) {
    const tnn_node *node = value->producer;
    bool is = node && tnn_node_is(node, TNN_OP_slice_scatter) && tnn_arg_int(&node->args[2]) == step->dim;
    return is && node->activation == TNN_ACT_NONE ? node : NULL;
}

/* What was written into exactly this slice of `*whole`, or NULL. Writes elsewhere are taken off `*whole`. */
static tnn_value *find_written(tnn_value **whole, const tnn_step *step) {
    const tnn_node *scatter;
    for (int n = 0; n < MAX_WRITES_BACK && (scatter = scatter_of(*whole, step)) != NULL; n++) {
        if (same_slice(scatter, step)) return scatter->args[1].as.tensor;
        if (!apart(scatter, step)) break;
        *whole = scatter->args[0].as.tensor;
    }
    return NULL;
}

static tnn_status emit_slice(tnn_interp *interp, const tnn_origin *origin, tnn_value *value,
                             const tnn_step *step, tnn_value **out, tnn_error *err) {
    *out = find_written(&value, step);
    if (*out) return TNN_OK;
    tnn_arg args[] = {tnn_arg_of_tensor(value), tnn_arg_of_int(step->dim), tnn_arg_of_size(step->start),
                      tnn_arg_of_size(step->end), tnn_arg_of_int(step->stride)};
    return tnn_emit(interp, origin, TNN_OP_slice, args, 5, out, err);
}

static tnn_status emit_slice_scatter(tnn_interp *interp, tnn_value *whole, tnn_value *value, const tnn_step *step,
                                     tnn_value **out, tnn_error *err) {
    const tnn_node *before = scatter_of(whole, step);
    if (before && same_slice(before, step)) whole = before->args[0].as.tensor;
    tnn_arg args[] = {tnn_arg_of_tensor(whole),     tnn_arg_of_tensor(value),   tnn_arg_of_int(step->dim),
                      tnn_arg_of_size(step->start), tnn_arg_of_size(step->end), tnn_arg_of_int(step->stride)};
    return tnn_emit(interp, &interp->origin, TNN_OP_slice_scatter, args, 6, out, err);
}

/* Windows: place `k` of all of them is a slice of the base with the step of the windows. */

static tnn_step place_slice(const tnn_view *view, int64_t k) {
    int64_t n = view->shape.dims[view->step.dim].hint, stride = view->step.stride;
    tnn_step step = {.kind = TNN_STEP_SLICE, .dim = view->step.dim, .stride = stride};
    step.start = tnn_size_const(k);
    step.end = tnn_size_const(n > 0 ? k + (n - 1) * stride + 1 : k);
    return step;
}

/* The places of all windows, one window after another. */
static tnn_status window_places(tnn_interp *interp, int64_t n_windows, const tnn_step *step, tnn_value **out,
                                tnn_error *err) {
    const tnn_recipe *recipe;
    int64_t n, *places;
    if (!tnn_mul_i64(n_windows, step->window, &n))
        return tnn_fail(err, TNN_ERR_LIMIT, interp->origin.name, "windows with too many elements");
    TNN_TRY(tnn_interp_step(interp, (uint64_t)n, err));
    places = TNN_NEW_ARRAY(interp->arena, (size_t)n, int64_t);
    if (!places) return tnn_fail_nomem(err);
    for (int64_t k = 0; k < n; k++) places[k] = k / step->window * step->stride + k % step->window;
    TNN_TRY(tnn_recipe_copy(&recipe, interp->arena, places, TNN_DTYPE_I64, 1, &n, err));
    return tnn_graph_constant(out, interp->graph, "windows", recipe, err);
}

/* The places inside of a window, which stand behind the windows, become the last dimension. */
static tnn_status move_places_last(tnn_interp *interp, const tnn_view *view, tnn_value *value, tnn_value **out,
                                   tnn_error *err) {
    uint8_t order[TNN_MAX_RANK], n = 0;
    tnn_shape shape = view->shape;
    for (uint8_t k = 0; k < shape.rank; k++)
        if (k != view->step.dim + 1) order[n++] = k;
    order[n] = (uint8_t)(view->step.dim + 1);
    for (int k = 0; k < shape.rank; k++) shape.dims[order[k]] = view->shape.dims[k];
    TNN_TRY(emit_reshape(interp, &view->origin, value, &shape, &value, err));
    *out = value;
    if (view->step.dim + 2 == shape.rank) return TNN_OK;
    return emit_permute(interp, &view->origin, value, order, out, err);
}

static tnn_status unfold(tnn_interp *interp, const tnn_view *view, tnn_value *value, tnn_value **out,
                         tnn_error *err) {
    const tnn_step *step = &view->step;
    int64_t n = view->shape.dims[step->dim].hint, size = view->base->shape.dims[step->dim].hint;
    if (step->window != step->stride || n * step->window != size) {
        tnn_value *places;
        TNN_TRY(window_places(interp, n, step, &places, err));
        tnn_arg args[] = {tnn_arg_of_tensor(value), tnn_arg_of_int(step->dim), tnn_arg_of_tensor(places)};
        TNN_TRY(tnn_emit(interp, &view->origin, TNN_OP_index_select, args, 3, &value, err));
    }
    return move_places_last(interp, view, value, out, err);
}

static tnn_status fold(tnn_interp *interp, const tnn_view *view, tnn_value *whole, tnn_value *value,
                       tnn_value **out, tnn_error *err) {
    tnn_shape shape = view->shape;
    uint8_t last = --shape.rank;
    if (view->step.window > view->step.stride && shape.dims[view->step.dim].hint > 1)
        return tnn_fail(err, TNN_ERR_UNSUPPORTED, interp->origin.name,
                        "a write to windows that overlap: several of its elements are one element in memory");
    TNN_TRY(tnn_interp_step(interp, (uint64_t)view->step.window, err));
    for (int64_t k = 0; k < view->step.window; k++) {
        tnn_step place = {.kind = TNN_STEP_SLICE, .dim = last, .stride = 1}, step = place_slice(view, k);
        tnn_value *part;
        place.start = tnn_size_const(k);
        place.end = tnn_size_const(k + 1);
        TNN_TRY(emit_slice(interp, &interp->origin, value, &place, &part, err));
        TNN_TRY(emit_reshape(interp, &interp->origin, part, &shape, &part, err));
        TNN_TRY(emit_slice_scatter(interp, whole, part, &step, &whole, err));
    }
    *out = whole;
    return TNN_OK;
}

tnn_status tnn_view_apply(tnn_interp *interp, const tnn_view *view, tnn_value *value, tnn_value **out,
                          tnn_error *err) {
    const tnn_origin *origin = &view->origin;
    switch (view->step.kind) {
    case TNN_STEP_NONE: break;
    case TNN_STEP_RESHAPE: return emit_reshape(interp, origin, value, &view->shape, out, err);
    case TNN_STEP_EXPAND: return tnn_emit_expand(interp, origin, value, &view->shape, out, err);
    case TNN_STEP_PERMUTE: return emit_permute(interp, origin, value, view->step.order, out, err);
    case TNN_STEP_SLICE: return emit_slice(interp, origin, value, &view->step, out, err);
    case TNN_STEP_UNFOLD: return unfold(interp, view, value, out, err);
    case TNN_STEP_DROPOUT: return emit_dropout(interp, origin, value, view->step.p, out, err);
    }
    *out = value;
    return TNN_OK;
}

static tnn_status fail_repeated(tnn_interp *interp, tnn_error *err) {
    return tnn_fail(err, TNN_ERR_INVALID, interp->origin.name,
                    "a write to an expanded tensor: several of its elements are one element in memory; "
                    "clone() it first");
}

tnn_status tnn_view_invert(tnn_interp *interp, const tnn_view *view, tnn_value *whole, tnn_value *value,
                           tnn_value **out, tnn_error *err) {
    uint8_t inverse[TNN_MAX_RANK] = {0};
    switch (view->step.kind) {
    case TNN_STEP_NONE:
    case TNN_STEP_DROPOUT: break;
    case TNN_STEP_RESHAPE: return emit_reshape(interp, &interp->origin, value, &view->base->shape, out, err);
    case TNN_STEP_PERMUTE:
        for (uint8_t k = 0; k < view->shape.rank; k++) inverse[view->step.order[k]] = k;
        return emit_permute(interp, &interp->origin, value, inverse, out, err);
    case TNN_STEP_SLICE: return emit_slice_scatter(interp, whole, value, &view->step, out, err);
    case TNN_STEP_UNFOLD: return fold(interp, view, whole, value, out, err);
    case TNN_STEP_EXPAND: return fail_repeated(interp, err);
    }
    *out = value;
    return TNN_OK;
}

tnn_status tnn_view_read(tnn_interp *interp, const tnn_storage *storage, tnn_view *view, tnn_value **out,
                         tnn_error *err) {
    if (!view->base) {
        *out = storage->value;
        return TNN_OK;
    }
    if (!view->value || view->value_generation != storage->generation) {
        tnn_value *base;
        TNN_TRY(tnn_view_read(interp, storage, view->base, &base, err));
        TNN_TRY(tnn_view_apply(interp, view, base, &view->value, err));
        view->value_generation = storage->generation;
    }
    *out = view->value;
    return TNN_OK;
}

tnn_status tnn_interp_read(tnn_interp *interp, tnn_handle *handle, tnn_value **out, tnn_error *err) {
    return tnn_view_read(interp, handle->storage, handle->view, out, err);
}

void tnn_interp_shows(tnn_handle *handle, tnn_value *value) {
    tnn_view *view = handle->view;
    if (!view->base) {
        handle->storage->value = value;
        return;
    }
    view->value = value;
    view->value_generation = handle->storage->generation;
}
