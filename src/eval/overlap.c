#include "eval/overlap.h"

#include "eval/strides.h"

tnn_status tnn_overlap_check_own(tnn_interp *interp, const tnn_handle *handle, tnn_error *err) {
    for (int k = 0; k < handle->shape.rank; k++)
        if (handle->strides[k] == 0 && handle->shape.dims[k].hint > 1)
            return tnn_fail(err, TNN_ERR_INVALID, interp->origin.name,
                            "a write to an expanded tensor: several of its elements are one element in memory; "
                            "clone() it first");
    return TNN_OK;
}

/* Where the elements of a dense tensor lie: from its offset, this many; false when it is not dense or empty. */
static bool extent(const tnn_handle *handle, int64_t *n_elems) {
    return tnn_shape_count(&handle->shape, n_elems) && *n_elems > 0 &&
           tnn_strides_are_dense(&handle->shape, handle->strides);
}

static bool same_place(const tnn_handle *a, const tnn_handle *b) {
    return a->offset == b->offset && tnn_shape_equal_hints(&a->shape, &b->shape) &&
           tnn_strides_match(&a->shape, a->strides, b->strides);
}

tnn_status tnn_overlap_check(tnn_interp *interp, const tnn_handle *out, const tnn_handle *in, tnn_error *err) {
    int64_t n_out, n_in;
    if (out == in || out->storage != in->storage || same_place(out, in)) return TNN_OK;
    if (!extent(out, &n_out) || !extent(in, &n_in)) return TNN_OK;
    if (out->offset >= in->offset + n_in || in->offset >= out->offset + n_out) return TNN_OK;
    return tnn_fail(err, TNN_ERR_INVALID, interp->origin.name,
                    "some elements of an input and of the tensor that is written are one element in memory; clone() "
                    "the input first");
}
