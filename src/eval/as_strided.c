/* A tensor by strides alone, as a chain of views.
 *
 * The storage's elements in the order of memory are a vector of N. Its dimensions with the largest strides come first:
 * one of n steps of stride s over an extent E of all that lies further in is
 *
 *   a block      vector[start : start + n * s] seen as [n, s], when that fits and E <= s
 *   windows      unfold(E, s) otherwise
 *
 * and the rest lies in the last dimension, of s or E places. The innermost dimension is a slice with a step. */
#include <string.h>

#include "eval/native.h"
#include "eval/overlap.h"
#include "eval/strides.h"

typedef struct strided {
    tnn_interp *interp;
    tnn_obj at;      /* what has been made so far; its last dimension holds the rest */
    int64_t offset;  /* in the last dimension */
    uint8_t n;       /* dimensions that have a stride and a size above 1, by falling strides */
    uint8_t dims[TNN_MAX_RANK];
    int64_t sizes[TNN_MAX_RANK], strides[TNN_MAX_RANK];
} strided;

static const tnn_handle *so_far(const strided *s) { return s->at.as.tensor; }

static int64_t last_size(const strided *s) { return so_far(s)->shape.dims[so_far(s)->shape.rank - 1].hint; }

/* Strides of what lies on the way are never asked for. */
static tnn_status add_step(strided *s, tnn_step step, const tnn_shape *shape, tnn_error *err) {
    static const int64_t none[TNN_MAX_RANK];
    return tnn_handle_view(s->interp, so_far(s), step, shape, none, &s->at, err);
}

/* Places [start, end) of the last dimension, every `stride`-th. */
static tnn_status slice_last(strided *s, int64_t start, int64_t end, int64_t stride, tnn_error *err) {
    tnn_shape shape = so_far(s)->shape;
    uint8_t last = (uint8_t)(shape.rank - 1);
    tnn_step step = {.kind = TNN_STEP_SLICE, .dim = last, .stride = stride};
    step.start = tnn_size_const(start);
    step.end = tnn_size_const(end);
    shape.dims[last] = tnn_size_const((end - start + stride - 1) / stride);
    return add_step(s, step, &shape, err);
}

static tnn_status split_last(strided *s, tnn_step_kind kind, int64_t n, int64_t size, int64_t stride,
                             tnn_error *err) {
    tnn_shape shape = so_far(s)->shape;
    uint8_t last = (uint8_t)(shape.rank - 1);
    tnn_step step = {.kind = kind, .dim = last, .stride = stride, .window = size};
    shape.dims[last] = tnn_size_const(n);
    shape.dims[shape.rank++] = tnn_size_const(size);
    return add_step(s, step, &shape, err);
}

/* One dimension of which `extent` places lie further in. */
static tnn_status take_dim(strided *s, int64_t n, int64_t stride, int64_t extent, tnn_error *err) {
    int64_t room = last_size(s), start = s->offset < room - n * stride ? s->offset : room - n * stride;
    if (start >= 0 && s->offset - start + extent <= stride) {
        TNN_TRY(slice_last(s, start, start + n * stride, 1, err));
        s->offset -= start;
        return split_last(s, TNN_STEP_RESHAPE, n, stride, 0, err);
    }
    TNN_TRY(slice_last(s, s->offset, s->offset + (n - 1) * stride + extent, 1, err));
    s->offset = 0;
    return split_last(s, TNN_STEP_UNFOLD, n, extent, stride, err);
}

static tnn_status take_dims(strided *s, tnn_error *err) {
    int64_t extent = 1;
    for (int k = 0; k < s->n; k++) extent += (s->sizes[k] - 1) * s->strides[k];
    for (int k = 0; k + 1 < s->n; k++) {
        extent -= (s->sizes[k] - 1) * s->strides[k];
        TNN_TRY(take_dim(s, s->sizes[k], s->strides[k], extent, err));
    }
    int64_t n = s->n > 0 ? s->sizes[s->n - 1] : 1, stride = s->n > 0 ? s->strides[s->n - 1] : 1;
    return slice_last(s, s->offset, s->offset + (n - 1) * stride + 1, stride, err);
}

/* From the dimensions by falling strides to those of the result. */
static tnn_status arrange(strided *s, const tnn_shape *shape, tnn_error *err) {
    tnn_step permute = {.kind = TNN_STEP_PERMUTE};
    tnn_step reshape = {.kind = TNN_STEP_RESHAPE}, expand = {.kind = TNN_STEP_EXPAND};
    tnn_shape ones = *shape, made = {.rank = s->n};
    uint8_t at = 0;
    for (uint8_t k = 0; k < shape->rank; k++) ones.dims[k] = tnn_size_const(1);
    for (uint8_t k = 0; k < shape->rank; k++)
        for (uint8_t i = 0; i < s->n; i++) {
            if (s->dims[i] != k) continue;
            ones.dims[k] = shape->dims[k];
            made.dims[at] = shape->dims[k];
            permute.order[at++] = i;
        }
    if (s->n > 0) TNN_TRY(add_step(s, permute, &made, err));
    TNN_TRY(add_step(s, reshape, &ones, err));
    return add_step(s, expand, shape, err);
}

static void insert_dim(strided *s, uint8_t dim, int64_t size, int64_t stride) {
    uint8_t at = s->n++;
    for (; at > 0 && s->strides[at - 1] < stride; at--) {
        s->dims[at] = s->dims[at - 1];
        s->sizes[at] = s->sizes[at - 1];
        s->strides[at] = s->strides[at - 1];
    }
    s->dims[at] = dim;
    s->sizes[at] = size;
    s->strides[at] = stride;
}

/* The storage's elements in the order of memory. */
static tnn_status memory_of(strided *s, const tnn_handle *handle, int64_t *n_elems, tnn_error *err) {
    const tnn_storage *storage = handle->storage;
    tnn_shape shape = storage->value->shape, vector = {.rank = 1};
    tnn_step permute = {.kind = TNN_STEP_PERMUTE}, reshape = {.kind = TNN_STEP_RESHAPE};
    tnn_handle *whole = tnn_arena_copy(s->interp->arena, handle, 1, sizeof(*handle));
    if (!whole) return tnn_fail_nomem(err);
    if (!tnn_shape_count(&shape, n_elems) || !tnn_strides_are_dense(&shape, storage->strides))
        return tnn_fail(err, TNN_ERR_UNSUPPORTED, s->interp->origin.name,
                        "a view by strides of a tensor that does not lie dense in memory");
    while (whole->view->base) whole->view = whole->view->base;
    whole->shape = shape;
    whole->offset = 0;
    s->at = (tnn_obj){.kind = TNN_OBJ_TENSOR};
    s->at.as.tensor = whole;
    tnn_strides_order(&shape, storage->strides, permute.order);
    for (int k = 0; k < shape.rank; k++) shape.dims[k] = storage->value->shape.dims[permute.order[k]];
    vector.dims[0] = tnn_size_const(*n_elems);
    if (shape.rank > 0) TNN_TRY(add_step(s, permute, &shape, err));
    return add_step(s, reshape, &vector, err);
}

static tnn_status fail_place(const strided *s, int64_t n_elems, tnn_error *err) {
    return tnn_fail(err, TNN_ERR_INVALID, s->interp->origin.name,
                    "a view by strides leaves the %lld elements of its storage, or a stride is negative",
                    (long long)n_elems);
}

/* Sort the dimensions; they must stay in the storage. */
static tnn_status read_dims(strided *s, const tnn_shape *shape, const int64_t *strides, int64_t n_elems,
                            tnn_error *err) {
    int64_t last = s->offset;
    if (last < 0 || last >= n_elems) return fail_place(s, n_elems, err);
    for (uint8_t k = 0; k < shape->rank; k++) {
        int64_t size = shape->dims[k].hint;
        if (size <= 1) continue;
        if (strides[k] < 0 || strides[k] > (n_elems - 1 - last) / (size - 1)) return fail_place(s, n_elems, err);
        last += (size - 1) * strides[k];
        if (strides[k] > 0) insert_dim(s, k, size, strides[k]);
    }
    return TNN_OK;
}

tnn_status tnn_handle_strided(tnn_interp *interp, const tnn_handle *handle, const tnn_shape *shape,
                              const int64_t *strides, int64_t offset, tnn_obj *out, tnn_error *err) {
    strided s = {.interp = interp, .offset = offset};
    int64_t n_elems, n_out;
    TNN_TRY(memory_of(&s, handle, &n_elems, err));
    if (!tnn_shape_count(shape, &n_out))
        return tnn_fail(err, TNN_ERR_LIMIT, interp->origin.name, "a view with too many elements");
    if (n_out == 0) {
        tnn_step reshape = {.kind = TNN_STEP_RESHAPE};
        TNN_TRY(slice_last(&s, 0, 0, 1, err));
        TNN_TRY(add_step(&s, reshape, shape, err));
    } else {
        TNN_TRY(read_dims(&s, shape, strides, n_elems, err));
        TNN_TRY(take_dims(&s, err));
        TNN_TRY(arrange(&s, shape, err));
    }
    *out = s.at;
    memcpy(out->as.tensor->strides, strides, shape->rank * sizeof(*strides));
    out->as.tensor->offset = offset;
    out->as.tensor->made = handle->made;
    return TNN_OK;
}

/* as_strided(self, size, stride, storage_offset) */
tnn_status tnn_native_as_strided(tnn_interp *interp, const tnn_obj *args, tnn_obj *out, tnn_error *err) {
    const tnn_handle *self = args[0].as.tensor;
    const tnn_obj_list *sizes = args[1].as.list, *steps = args[2].as.list;
    tnn_shape shape = {0};
    int64_t strides[TNN_MAX_RANK], offset = self->offset;
    if (sizes->n != steps->n || sizes->n > TNN_MAX_RANK)
        return tnn_fail(err, TNN_ERR_INVALID, interp->origin.name,
                        "as_strided: %zu sizes and %zu strides, expected as many, at most %d", sizes->n, steps->n,
                        TNN_MAX_RANK);
    for (size_t k = 0; k < sizes->n; k++) {
        shape.dims[shape.rank++] = sizes->items[k].as.size;
        TNN_TRY(tnn_obj_to_int(interp, &steps->items[k], &strides[k], err));
        if (sizes->items[k].as.size.hint < 0)
            return tnn_fail(err, TNN_ERR_INVALID, interp->origin.name, "as_strided: a size is negative");
    }
    if (args[3].kind != TNN_OBJ_NONE) TNN_TRY(tnn_obj_to_int(interp, &args[3], &offset, err));
    return tnn_handle_strided(interp, self, &shape, strides, offset, out, err);
}
