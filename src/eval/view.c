/* View operators: the same memory under another shape. */
#include <string.h>

#include "eval/native.h"
#include "eval/strides.h"

tnn_status tnn_native_dim_of(tnn_interp *interp, const tnn_obj *obj, int rank, uint8_t *out, tnn_error *err) {
    int64_t dim;
    int64_t room = rank > 0 ? rank : 1;
    TNN_TRY(tnn_obj_to_int(interp, obj, &dim, err));
    if (dim < -room || dim >= room)
        return tnn_fail(err, TNN_ERR_INVALID, interp->origin.name,
                        "dimension %lld is out of range for a tensor with %d dimensions", (long long)dim, rank);
    *out = (uint8_t)(dim < 0 ? dim + room : dim);
    return TNN_OK;
}

static tnn_status fail_rank(tnn_interp *interp, size_t rank, tnn_error *err) {
    return tnn_fail(err, TNN_ERR_UNSUPPORTED, interp->origin.name,
                    "a tensor with %zu dimensions; at most %d are supported", rank, TNN_MAX_RANK);
}

/* Sizes as they were given, -1 included. */
static tnn_status shape_of_list(tnn_interp *interp, const tnn_obj *obj, tnn_shape *out, tnn_error *err) {
    const tnn_obj_list *list = obj->as.list;
    memset(out, 0, sizeof(*out));
    if (list->n > TNN_MAX_RANK) return fail_rank(interp, list->n, err);
    out->rank = (uint8_t)list->n;
    for (size_t k = 0; k < list->n; k++) out->dims[k] = list->items[k].as.size;
    return TNN_OK;
}

static tnn_status product(tnn_interp *interp, const tnn_shape *shape, int without, tnn_size *out, tnn_error *err) {
    *out = tnn_size_const(1);
    for (int k = 0; k < shape->rank; k++)
        if (k != without) TNN_TRY(tnn_size_mul(out, interp->arena, *out, shape->dims[k], err));
    return TNN_OK;
}

static bool is_minus_one(tnn_size size) { return !size.expr && size.hint == -1; }

static tnn_status fail_elements(tnn_interp *interp, const tnn_shape *from, const tnn_obj *to, tnn_error *err) {
    tnn_strbuf text = {0};
    tnn_shape_print(&text, from);
    tnn_strbuf_add(&text, " cannot be seen as [");
    for (size_t k = 0; k < to->as.list->n; k++) {
        if (k > 0) tnn_strbuf_add(&text, ", ");
        tnn_size_print(&text, to->as.list->items[k].as.size);
    }
    tnn_strbuf_add(&text, "]");
    tnn_status status = text.failed ? tnn_fail_nomem(err)
                                    : tnn_fail(err, TNN_ERR_INVALID, interp->origin.name, "shape %s", text.data);
    tnn_strbuf_free(&text);
    return status;
}

/* Index of the one -1 among the sizes, or -1; false when a size is negative otherwise. */
static bool find_free_dim(const tnn_shape *shape, int *free_dim) {
    *free_dim = -1;
    for (int k = 0; k < shape->rank; k++) {
        if (shape->dims[k].hint >= 0) continue;
        if (!is_minus_one(shape->dims[k]) || *free_dim >= 0) return false;
        *free_dim = k;
    }
    return true;
}

/* Sizes with one -1 to a shape of as many elements as `from`. */
static tnn_status resolve_shape(tnn_interp *interp, const tnn_shape *from, const tnn_obj *sizes, tnn_shape *out,
                                tnn_error *err) {
    int free_dim;
    bool equal;
    tnn_size have, rest, got;
    TNN_TRY(shape_of_list(interp, sizes, out, err));
    if (!find_free_dim(out, &free_dim)) return fail_elements(interp, from, sizes, err);
    TNN_TRY(product(interp, from, -1, &have, err));
    TNN_TRY(product(interp, out, free_dim, &rest, err));
    if (free_dim >= 0) {
        if (rest.hint == 0) return fail_elements(interp, from, sizes, err);
        TNN_TRY(tnn_size_floordiv(&out->dims[free_dim], interp->arena, have, rest, err));
    }
    TNN_TRY(product(interp, out, -1, &got, err));
    if (have.hint != got.hint) return fail_elements(interp, from, sizes, err);
    return tnn_guard_equal(interp->graph->model, got, have, &equal, err);
}

static tnn_status reshape_view(tnn_interp *interp, tnn_handle *base, const tnn_shape *shape, const int64_t *strides,
                               tnn_obj *out, tnn_error *err) {
    tnn_step step = {.kind = TNN_STEP_RESHAPE};
    return tnn_handle_view(interp, base, step, shape, strides, out, err);
}

/* view(self, size) */
tnn_status tnn_native_view(tnn_interp *interp, const tnn_obj *args, tnn_obj *out, tnn_error *err) {
    tnn_handle *self = args[0].as.tensor;
    tnn_shape shape;
    int64_t strides[TNN_MAX_RANK];
    TNN_TRY(resolve_shape(interp, &self->shape, &args[1], &shape, err));
    if (!tnn_strides_view(&self->shape, self->strides, &shape, strides))
        return tnn_fail(err, TNN_ERR_INVALID, interp->origin.name,
                        "view: the elements do not lie in memory in the order of the new shape; "
                        "reshape() copies them");
    return reshape_view(interp, self, &shape, strides, out, err);
}

/* view(self, dtype) */
tnn_status tnn_native_view_dtype(tnn_interp *interp, const tnn_obj *args, tnn_obj *out, tnn_error *err) {
    if (args[1].as.dtype == tnn_handle_dtype(args[0].as.tensor)) return tnn_native_alias(interp, args, out, err);
    return tnn_fail(err, TNN_ERR_UNSUPPORTED, interp->origin.name,
                    "view.dtype: the bytes of a tensor under another type");
}

/* reshape(self, shape): a view where that is possible, else a copy */
tnn_status tnn_native_reshape(tnn_interp *interp, const tnn_obj *args, tnn_obj *out, tnn_error *err) {
    tnn_handle *self = args[0].as.tensor;
    tnn_shape shape;
    int64_t strides[TNN_MAX_RANK];
    TNN_TRY(resolve_shape(interp, &self->shape, &args[1], &shape, err));
    if (tnn_strides_view(&self->shape, self->strides, &shape, strides))
        return reshape_view(interp, self, &shape, strides, out, err);
    tnn_value *value;
    tnn_strides_contiguous(&shape, strides);
    TNN_TRY(reshape_view(interp, self, &shape, strides, out, err));
    TNN_TRY(tnn_interp_read(interp, out->as.tensor, &value, err));
    return tnn_handle_new(interp, value, NULL, out, err);
}

static tnn_status permute_view(tnn_interp *interp, tnn_handle *self, const tnn_step *step, tnn_obj *out,
                               tnn_error *err) {
    tnn_shape shape = self->shape;
    int64_t strides[TNN_MAX_RANK];
    for (int k = 0; k < shape.rank; k++) {
        shape.dims[k] = self->shape.dims[step->order[k]];
        strides[k] = self->strides[step->order[k]];
    }
    return tnn_handle_view(interp, self, *step, &shape, strides, out, err);
}

/* permute(self, dims) */
tnn_status tnn_native_permute(tnn_interp *interp, const tnn_obj *args, tnn_obj *out, tnn_error *err) {
    tnn_handle *self = args[0].as.tensor;
    const tnn_obj_list *dims = args[1].as.list;
    tnn_step step = {.kind = TNN_STEP_PERMUTE};
    unsigned seen = 0;
    if (dims->n != self->shape.rank)
        return tnn_fail(err, TNN_ERR_INVALID, interp->origin.name, "permute: %zu dimensions for a tensor with %d",
                        dims->n, self->shape.rank);
    for (size_t k = 0; k < dims->n; k++) {
        TNN_TRY(tnn_native_dim_of(interp, &dims->items[k], self->shape.rank, &step.order[k], err));
        if (seen & (1u << step.order[k]))
            return tnn_fail(err, TNN_ERR_INVALID, interp->origin.name, "permute: dimension %d is named twice",
                            step.order[k]);
        seen |= 1u << step.order[k];
    }
    return permute_view(interp, self, &step, out, err);
}

/* transpose(self, dim0, dim1) */
tnn_status tnn_native_transpose(tnn_interp *interp, const tnn_obj *args, tnn_obj *out, tnn_error *err) {
    tnn_handle *self = args[0].as.tensor;
    tnn_step step = {.kind = TNN_STEP_PERMUTE};
    uint8_t a = 0, b = 0;
    TNN_TRY(tnn_native_dim_of(interp, &args[1], self->shape.rank, &a, err));
    TNN_TRY(tnn_native_dim_of(interp, &args[2], self->shape.rank, &b, err));
    for (uint8_t k = 0; k < self->shape.rank; k++) step.order[k] = k == a ? b : k == b ? a : k;
    return permute_view(interp, self, &step, out, err);
}

/* One size of an expansion: -1 keeps, 1 stretches, else equal. */
static tnn_status expand_dim(tnn_interp *interp, const tnn_handle *self, int own, tnn_size *want, int64_t *stride,
                             tnn_error *err) {
    bool same, one;
    tnn_size have = self->shape.dims[own];
    *stride = self->strides[own];
    if (is_minus_one(*want)) {
        *want = have;
        return TNN_OK;
    }
    TNN_TRY(tnn_guard_equal(interp->graph->model, have, *want, &same, err));
    if (same) return TNN_OK;
    TNN_TRY(tnn_guard_equal(interp->graph->model, have, tnn_size_const(1), &one, err));
    *stride = 0;
    if (one) return TNN_OK;
    return tnn_fail(err, TNN_ERR_INVALID, interp->origin.name, "expand: size %lld of dimension %d becomes %lld",
                    (long long)have.hint, own, (long long)want->hint);
}

/* expand(self, size, implicit) */
tnn_status tnn_native_expand(tnn_interp *interp, const tnn_obj *args, tnn_obj *out, tnn_error *err) {
    tnn_handle *self = args[0].as.tensor;
    tnn_step step = {.kind = TNN_STEP_EXPAND};
    tnn_shape shape;
    int64_t strides[TNN_MAX_RANK] = {0};
    TNN_TRY(shape_of_list(interp, &args[1], &shape, err));
    int lead = shape.rank - self->shape.rank;
    if (lead < 0)
        return tnn_fail(err, TNN_ERR_INVALID, interp->origin.name, "expand: %d sizes for a tensor with %d dimensions",
                        shape.rank, self->shape.rank);
    for (int k = 0; k < shape.rank; k++) {
        if (k >= lead) TNN_TRY(expand_dim(interp, self, k - lead, &shape.dims[k], &strides[k], err));
        if (shape.dims[k].hint < 0)
            return tnn_fail(err, TNN_ERR_INVALID, interp->origin.name, "expand: size %lld of a new dimension",
                            (long long)shape.dims[k].hint);
    }
    return tnn_handle_view(interp, self, step, &shape, strides, out, err);
}

/* unsqueeze(self, dim) */
tnn_status tnn_native_unsqueeze(tnn_interp *interp, const tnn_obj *args, tnn_obj *out, tnn_error *err) {
    tnn_handle *self = args[0].as.tensor;
    tnn_shape shape = {.rank = (uint8_t)(self->shape.rank + 1)};
    int64_t strides[TNN_MAX_RANK];
    uint8_t dim = 0;
    if (shape.rank > TNN_MAX_RANK) return fail_rank(interp, shape.rank, err);
    TNN_TRY(tnn_native_dim_of(interp, &args[1], shape.rank, &dim, err));
    for (int k = 0, own = 0; k < shape.rank; k++) {
        bool new_dim = k == dim;
        shape.dims[k] = new_dim ? tnn_size_const(1) : self->shape.dims[own];
        strides[k] = new_dim ? 1 : self->strides[own];
        if (!new_dim) own++;
    }
    return reshape_view(interp, self, &shape, strides, out, err);
}

/* The view without the dimensions whose bit is set; they have size 1. */
static tnn_status drop_dims(tnn_interp *interp, tnn_handle *self, unsigned dropped, tnn_obj *out, tnn_error *err) {
    tnn_shape shape = {0};
    int64_t strides[TNN_MAX_RANK];
    for (int k = 0; k < self->shape.rank; k++) {
        if (dropped & (1u << k)) continue;
        shape.dims[shape.rank] = self->shape.dims[k];
        strides[shape.rank++] = self->strides[k];
    }
    return reshape_view(interp, self, &shape, strides, out, err);
}

/* squeeze(self, dim): the dimensions named, or all, where their size is 1 */
tnn_status tnn_native_squeeze(tnn_interp *interp, const tnn_obj *args, tnn_obj *out, tnn_error *err) {
    tnn_handle *self = args[0].as.tensor;
    unsigned named = args[1].kind == TNN_OBJ_NONE ? ~0u : 0u, dropped = 0;
    for (size_t k = 0; args[1].kind != TNN_OBJ_NONE && k < args[1].as.list->n; k++) {
        uint8_t dim = 0;
        TNN_TRY(tnn_native_dim_of(interp, &args[1].as.list->items[k], self->shape.rank, &dim, err));
        named |= 1u << dim;
    }
    for (int k = 0; k < self->shape.rank; k++) {
        bool one;
        if (!(named & (1u << k))) continue;
        TNN_TRY(tnn_guard_equal(interp->graph->model, self->shape.dims[k], tnn_size_const(1), &one, err));
        if (one) dropped |= 1u << k;
    }
    return drop_dims(interp, self, dropped, out, err);
}

/* A bound of a slice: from the end when negative, clamped to 0 and the size. */
static tnn_status clamp_bound(tnn_interp *interp, tnn_size bound, tnn_size size, tnn_size *out, tnn_error *err) {
    tnn_model *model = interp->graph->model;
    bool less;
    *out = size;
    if (!bound.expr && bound.hint == INT64_MAX) return TNN_OK;
    TNN_TRY(tnn_guard_less(model, bound, tnn_size_const(0), &less, err));
    if (less) TNN_TRY(tnn_size_add(&bound, interp->arena, bound, size, err));
    TNN_TRY(tnn_guard_less(model, bound, tnn_size_const(0), &less, err));
    if (less) bound = tnn_size_const(0);
    TNN_TRY(tnn_guard_less(model, size, bound, &less, err));
    if (!less) *out = bound;
    return TNN_OK;
}

/* ceil((end - start) / stride), 0 when end < start, which then becomes start */
static tnn_status slice_length(tnn_interp *interp, tnn_step *step, tnn_size *out, tnn_error *err) {
    bool less;
    TNN_TRY(tnn_guard_less(interp->graph->model, step->end, step->start, &less, err));
    if (less) step->end = step->start;
    TNN_TRY(tnn_size_sub(out, interp->arena, step->end, step->start, err));
    if (step->stride == 1) return TNN_OK;
    TNN_TRY(tnn_size_add(out, interp->arena, *out, tnn_size_const(step->stride - 1), err));
    return tnn_size_floordiv(out, interp->arena, *out, tnn_size_const(step->stride), err);
}

static tnn_status slice_view(tnn_interp *interp, tnn_handle *self, tnn_step step, tnn_obj *out, tnn_error *err) {
    tnn_shape shape = self->shape;
    int64_t strides[TNN_MAX_RANK];
    memcpy(strides, self->strides, sizeof(strides));
    step.kind = TNN_STEP_SLICE;
    TNN_TRY(slice_length(interp, &step, &shape.dims[step.dim], err));
    if (shape.dims[step.dim].hint > 1) strides[step.dim] *= step.stride;
    return tnn_handle_view(interp, self, step, &shape, strides, out, err);
}

static tnn_status check_has_dims(tnn_interp *interp, const tnn_handle *self, const char *name, tnn_error *err) {
    if (self->shape.rank > 0) return TNN_OK;
    return tnn_fail(err, TNN_ERR_INVALID, interp->origin.name, "%s of a tensor without dimensions", name);
}

/* slice(self, dim, start, end, step) */
tnn_status tnn_native_slice(tnn_interp *interp, const tnn_obj *args, tnn_obj *out, tnn_error *err) {
    tnn_handle *self = args[0].as.tensor;
    tnn_step step = {0};
    tnn_size start = args[2].kind == TNN_OBJ_NONE ? tnn_size_const(0) : args[2].as.size;
    tnn_size end = args[3].kind == TNN_OBJ_NONE ? tnn_size_const(INT64_MAX) : args[3].as.size;
    TNN_TRY(check_has_dims(interp, self, "a slice", err));
    TNN_TRY(tnn_native_dim_of(interp, &args[1], self->shape.rank, &step.dim, err));
    TNN_TRY(tnn_obj_to_int(interp, &args[4], &step.stride, err));
    if (step.stride < 1)
        return tnn_fail(err, TNN_ERR_INVALID, interp->origin.name, "slice: step %lld, expected at least 1",
                        (long long)step.stride);
    tnn_size size = self->shape.dims[step.dim];
    TNN_TRY(clamp_bound(interp, start, size, &step.start, err));
    TNN_TRY(clamp_bound(interp, end, size, &step.end, err));
    return slice_view(interp, self, step, out, err);
}

static tnn_status fail_index(tnn_interp *interp, tnn_size index, tnn_size size, tnn_error *err) {
    return tnn_fail(err, TNN_ERR_INVALID, interp->origin.name, "index %lld is out of range for size %lld",
                    (long long)index.hint, (long long)size.hint);
}

/* select(self, dim, index): a slice of one, its dimension dropped */
tnn_status tnn_native_select(tnn_interp *interp, const tnn_obj *args, tnn_obj *out, tnn_error *err) {
    tnn_handle *self = args[0].as.tensor;
    tnn_step step = {.stride = 1};
    bool less;
    TNN_TRY(check_has_dims(interp, self, "an element", err));
    TNN_TRY(tnn_native_dim_of(interp, &args[1], self->shape.rank, &step.dim, err));
    tnn_size index = args[2].as.size, size = self->shape.dims[step.dim];
    TNN_TRY(tnn_guard_less(interp->graph->model, index, tnn_size_const(0), &less, err));
    step.start = index;
    if (less) TNN_TRY(tnn_size_add(&step.start, interp->arena, index, size, err));
    TNN_TRY(tnn_guard_less(interp->graph->model, step.start, size, &less, err));
    if (!less || step.start.hint < 0) return fail_index(interp, index, size, err);
    TNN_TRY(tnn_size_add(&step.end, interp->arena, step.start, tnn_size_const(1), err));
    TNN_TRY(slice_view(interp, self, step, out, err));
    return drop_dims(interp, out->as.tensor, 1u << step.dim, out, err);
}
