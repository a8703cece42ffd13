/* Views that show parts of a tensor in a new way: its diagonal, and windows on it. */
#include <string.h>

#include "eval/native.h"

/* Both dimensions to the end, dim1 before dim2. */
static tnn_status move_last(tnn_interp *interp, const tnn_handle *self, uint8_t dim1, uint8_t dim2, tnn_obj *out,
                            tnn_error *err) {
    tnn_step step = {.kind = TNN_STEP_PERMUTE};
    tnn_shape shape = self->shape;
    int64_t strides[TNN_MAX_RANK];
    uint8_t n = 0;
    for (uint8_t k = 0; k < shape.rank; k++)
        if (k != dim1 && k != dim2) step.order[n++] = k;
    step.order[n++] = dim1;
    step.order[n] = dim2;
    for (int k = 0; k < shape.rank; k++) {
        shape.dims[k] = self->shape.dims[step.order[k]];
        strides[k] = self->strides[step.order[k]];
    }
    return tnn_handle_view(interp, self, step, &shape, strides, out, err);
}

typedef struct diagonal {
    int64_t down, right; /* where it starts */
    tnn_size size;
} diagonal;

/* The diagonal that starts `offset` columns to the right, or -offset rows down, of a matrix of that size. */
static tnn_status find_diagonal(tnn_interp *interp, int64_t offset, tnn_size rows, tnn_size columns, diagonal *out,
                                tnn_error *err) {
    out->down = offset < 0 ? -offset : 0;
    out->right = offset > 0 ? offset : 0;
    TNN_TRY(tnn_size_sub(&rows, interp->arena, rows, tnn_size_const(out->down), err));
    TNN_TRY(tnn_size_sub(&columns, interp->arena, columns, tnn_size_const(out->right), err));
    TNN_TRY(tnn_size_min(&out->size, interp->arena, rows, columns, err));
    if (out->size.hint > 0) return TNN_OK;
    *out = (diagonal){0, 0, tnn_size_const(0)};
    return TNN_OK;
}

/* Of the last two dimensions seen as one, every (columns + 1)-th element. */
static tnn_status flat_diagonal(tnn_interp *interp, const tnn_handle *matrix, const diagonal *d, tnn_obj *out,
                                tnn_error *err) {
    static const int64_t none[TNN_MAX_RANK];
    tnn_shape shape = matrix->shape;
    uint8_t last = (uint8_t)(shape.rank - 2);
    tnn_size rows = shape.dims[last], columns = shape.dims[last + 1], length;
    tnn_step reshape = {.kind = TNN_STEP_RESHAPE}, slice = {.kind = TNN_STEP_SLICE, .dim = last};
    slice.stride = columns.hint + 1;
    TNN_TRY(tnn_size_mul(&slice.start, interp->arena, columns, tnn_size_const(d->down), err));
    TNN_TRY(tnn_size_add(&slice.start, interp->arena, slice.start, tnn_size_const(d->right), err));
    TNN_TRY(tnn_size_mul(&length, interp->arena, d->size, tnn_size_const(slice.stride), err));
    TNN_TRY(tnn_size_sub(&length, interp->arena, length, tnn_size_const(d->size.hint > 0 ? columns.hint : 0), err));
    TNN_TRY(tnn_size_add(&slice.end, interp->arena, slice.start, length, err));
    shape.rank--;
    TNN_TRY(tnn_size_mul(&shape.dims[last], interp->arena, rows, columns, err));
    TNN_TRY(tnn_handle_view(interp, matrix, reshape, &shape, none, out, err));
    shape.dims[last] = d->size;
    return tnn_handle_view(interp, out->as.tensor, slice, &shape, none, out, err);
}

/* diagonal(self, offset, dim1, dim2) */
tnn_status tnn_native_diagonal(tnn_interp *interp, const tnn_obj *args, tnn_obj *out, tnn_error *err) {
    const tnn_handle *self = args[0].as.tensor;
    uint8_t dim1 = 0, dim2 = 0;
    int64_t offset;
    diagonal d;
    TNN_TRY(tnn_obj_to_int(interp, &args[1], &offset, err));
    TNN_TRY(tnn_native_dim_of(interp, &args[2], self->shape.rank, &dim1, err));
    TNN_TRY(tnn_native_dim_of(interp, &args[3], self->shape.rank, &dim2, err));
    if (dim1 == dim2)
        return tnn_fail(err, TNN_ERR_INVALID, interp->origin.name, "diagonal: both dimensions are %d", dim1);
    if (offset < -INT32_MAX || offset > INT32_MAX)
        return tnn_fail(err, TNN_ERR_UNSUPPORTED, interp->origin.name, "diagonal: offset %lld", (long long)offset);
    TNN_TRY(find_diagonal(interp, offset, self->shape.dims[dim1], self->shape.dims[dim2], &d, err));
    TNN_TRY(move_last(interp, self, dim1, dim2, out, err));
    tnn_handle matrix = *out->as.tensor;
    TNN_TRY(flat_diagonal(interp, &matrix, &d, out, err));
    const int64_t *last = &matrix.strides[self->shape.rank - 2];
    memcpy(out->as.tensor->strides, matrix.strides, sizeof(matrix.strides));
    out->as.tensor->strides[self->shape.rank - 2] = last[0] + last[1];
    out->as.tensor->offset = matrix.offset + d.down * last[0] + d.right * last[1];
    return TNN_OK;
}

static tnn_status fail_unfold(tnn_interp *interp, const char *what, int64_t found, int64_t size, tnn_error *err) {
    return tnn_fail(err, TNN_ERR_INVALID, interp->origin.name, "unfold: %s %lld for a dimension of %lld", what,
                    (long long)found, (long long)size);
}

/* unfold(self, dimension, size, step): windows, (length - size) / step + 1 of them */
tnn_status tnn_native_unfold(tnn_interp *interp, const tnn_obj *args, tnn_obj *out, tnn_error *err) {
    const tnn_handle *self = args[0].as.tensor;
    tnn_step step = {.kind = TNN_STEP_UNFOLD};
    tnn_shape shape = self->shape;
    int64_t strides[TNN_MAX_RANK], length = 1;
    TNN_TRY(tnn_native_dim_of(interp, &args[1], shape.rank, &step.dim, err));
    TNN_TRY(tnn_obj_to_int(interp, &args[2], &step.window, err));
    TNN_TRY(tnn_obj_to_int(interp, &args[3], &step.stride, err));
    if (shape.rank == TNN_MAX_RANK)
        return tnn_fail(err, TNN_ERR_UNSUPPORTED, interp->origin.name, "unfold of a tensor with %d dimensions",
                        TNN_MAX_RANK);
    if (shape.rank > 0) length = shape.dims[step.dim].hint;
    if (step.window < 0 || step.window > length) return fail_unfold(interp, "size", step.window, length, err);
    if (step.stride < 1) return fail_unfold(interp, "step", step.stride, length, err);
    memcpy(strides, self->strides, sizeof(strides));
    strides[shape.rank] = shape.rank > 0 ? strides[step.dim] : 1;
    shape.dims[shape.rank] = tnn_size_const(step.window);
    if (self->shape.rank > 0) {
        tnn_size *windows = &shape.dims[step.dim];
        TNN_TRY(tnn_size_sub(windows, interp->arena, *windows, tnn_size_const(step.window), err));
        TNN_TRY(tnn_size_floordiv(windows, interp->arena, *windows, tnn_size_const(step.stride), err));
        TNN_TRY(tnn_size_add(windows, interp->arena, *windows, tnn_size_const(1), err));
        strides[step.dim] *= step.stride;
    } else {
        step.kind = TNN_STEP_RESHAPE;
    }
    shape.rank++;
    return tnn_handle_view(interp, self, step, &shape, strides, out, err);
}
