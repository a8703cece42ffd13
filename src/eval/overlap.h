/* Which tensors share memory with themselves or with others, by PyTorch's rules (at::has_internal_overlap,
 * at::get_overlap_status), and tensors by strides alone. */
#ifndef TNN_EVAL_OVERLAP_H
#define TNN_EVAL_OVERLAP_H

#include "eval/handle.h"

/* Errors: TNN_ERR_INVALID when several elements of the handle are one element in memory. */
tnn_status tnn_overlap_check_own(tnn_interp *interp, const tnn_handle *handle, tnn_error *err);

/* An operator reads `in` and writes `out` element by element.
 * Errors: TNN_ERR_INVALID when they share a part of their memory, both being dense, and are not the same. */
tnn_status tnn_overlap_check(tnn_interp *interp, const tnn_handle *out, const tnn_handle *in, tnn_error *err);

/* The tensor on `handle`'s storage whose element [i, j, …] lies at offset + i * strides[0] + j * strides[1] …, as a
 * chain of views: torch.as_strided.
 * Errors: TNN_ERR_INVALID (leaves the storage, a negative stride), TNN_ERR_UNSUPPORTED (the storage has holes). */
tnn_status tnn_handle_strided(tnn_interp *interp, const tnn_handle *handle, const tnn_shape *shape,
                              const int64_t *strides, int64_t offset, tnn_obj *out, tnn_error *err);

/* `handle` with each element of memory once: dimensions of stride 0 have size 1. Itself when nothing is repeated. */
tnn_status tnn_handle_distinct(tnn_interp *interp, tnn_handle *handle, tnn_obj *out, tnn_error *err);

#endif
