/* Operators that the tensor layer does itself, because they alias, copy or write: no node of their own. */
#ifndef TNN_EVAL_NATIVE_H
#define TNN_EVAL_NATIVE_H

#include "eval/handle.h"

/* `args` are bound to the row's signature. */
typedef tnn_status tnn_native_fn(tnn_interp *interp, const tnn_obj *args, tnn_obj *out, tnn_error *err);

typedef struct tnn_native_row {
    const char *name;      /* with or without overload, as in tnn_spelling_row */
    const char *signature; /* ATen's; Tensor(a) marks a view */
    tnn_native_fn *run;
} tnn_native_row;

extern const tnn_native_row tnn_native_rows[];
extern const size_t tnn_n_native_rows;

tnn_native_fn tnn_native_view, tnn_native_view_dtype, tnn_native_reshape, tnn_native_permute;
tnn_native_fn tnn_native_transpose, tnn_native_expand;
tnn_native_fn tnn_native_slice, tnn_native_select, tnn_native_squeeze, tnn_native_unsqueeze, tnn_native_alias;
tnn_native_fn tnn_native_as_strided, tnn_native_diagonal, tnn_native_unfold;
tnn_native_fn tnn_native_contiguous, tnn_native_clone, tnn_native_full_like, tnn_native_to, tnn_native_dropout;
tnn_native_fn tnn_native_copy, tnn_native_fill, tnn_native_fill_tensor;
tnn_native_fn tnn_native_storage_offset;
tnn_native_fn tnn_native_size, tnn_native_sizes, tnn_native_stride, tnn_native_strides, tnn_native_numel;
tnn_native_fn tnn_native_dim, tnn_native_is_floating_point, tnn_native_is_contiguous, tnn_native_nothing;

/* `dim` of a tensor of rank `rank`, negative ones counted from the end.
 * Errors: TNN_ERR_INVALID (out of range). */
tnn_status tnn_native_dim_of(tnn_interp *interp, const tnn_obj *dim, int rank, uint8_t *out, tnn_error *err);

/* A number of the evaluator as an argument of a node. */
tnn_arg tnn_native_number_arg(const tnn_obj *obj);

/* A result may not be written into a tensor of a lower kind: bool < integers < floats. Errors: TNN_ERR_INVALID. */
tnn_status tnn_native_check_cast(tnn_interp *interp, tnn_dtype from, tnn_dtype to, tnn_error *err);
/* Write the result of an in-place operator. */
tnn_status tnn_native_write_result(tnn_interp *interp, tnn_handle *handle, tnn_handle *result, tnn_error *err);

#endif
