/* Operators that write into a tensor. */
#include "eval/native.h"
#include "eval/overlap.h"
#include "ir/tensor.h"
#include "ops/list.h"

/* bool < integers < floats: an in-place operator may not go down. */
static int dtype_rank(tnn_dtype dtype) {
    if (tnn_dtype_is_float(dtype)) return 2;
    return dtype == TNN_DTYPE_BOOL ? 0 : 1;
}

tnn_status tnn_native_check_cast(tnn_interp *interp, tnn_dtype from, tnn_dtype to, tnn_error *err) {
    if (dtype_rank(from) <= dtype_rank(to)) return TNN_OK;
    return tnn_fail(err, TNN_ERR_INVALID, interp->origin.name,
                    "a result of type %s cannot be written into a tensor of type %s", tnn_dtype_name(from),
                    tnn_dtype_name(to));
}

tnn_status tnn_native_write_result(tnn_interp *interp, tnn_handle *handle, tnn_handle *result, tnn_error *err) {
    tnn_value *value;
    TNN_TRY(tnn_native_check_cast(interp, tnn_handle_dtype(result), tnn_handle_dtype(handle), err));
    TNN_TRY(tnn_interp_read(interp, result, &value, err));
    return tnn_handle_assign(interp, handle, value, err);
}

/* copy_(self, src, non_blocking) */
tnn_status tnn_native_copy(tnn_interp *interp, const tnn_obj *args, tnn_obj *out, tnn_error *err) {
    tnn_value *value;
    TNN_TRY(tnn_overlap_check(interp, args[0].as.tensor, args[1].as.tensor, err));
    TNN_TRY(tnn_interp_read(interp, args[1].as.tensor, &value, err));
    *out = args[0];
    return tnn_handle_assign(interp, args[0].as.tensor, value, err);
}

tnn_arg tnn_native_number_arg(const tnn_obj *obj) {
    if (obj->kind == TNN_OBJ_INT) return tnn_arg_of_size(obj->as.size);
    return obj->kind == TNN_OBJ_BOOL ? tnn_arg_of_bool(obj->as.boolean) : tnn_arg_of_float(obj->as.number);
}

/* fill_(self, value): every element the same, so an expanded tensor may be filled */
tnn_status tnn_native_fill(tnn_interp *interp, const tnn_obj *args, tnn_obj *out, tnn_error *err) {
    tnn_obj distinct;
    TNN_TRY(tnn_handle_distinct(interp, args[0].as.tensor, &distinct, err));
    const tnn_handle *self = distinct.as.tensor;
    tnn_shape shape = self->shape;
    tnn_value *value;
    tnn_arg node_args[] = {tnn_arg_of_sizes(shape.dims, shape.rank), tnn_native_number_arg(&args[1]),
                           tnn_arg_of_dtype(tnn_handle_dtype(self))};
    TNN_TRY(tnn_emit(interp, &interp->origin, TNN_OP_full, node_args, 3, &value, err));
    *out = args[0];
    return tnn_handle_write(interp, self, value, err);
}

/* fill_(self, value), the value a tensor without dimensions */
tnn_status tnn_native_fill_tensor(tnn_interp *interp, const tnn_obj *args, tnn_obj *out, tnn_error *err) {
    if (args[1].as.tensor->shape.rank != 0)
        return tnn_fail(err, TNN_ERR_INVALID, interp->origin.name, "fill_: the value has %d dimensions, expected 0",
                        args[1].as.tensor->shape.rank);
    tnn_obj distinct[2] = {args[0], args[1]}, filled;
    TNN_TRY(tnn_handle_distinct(interp, args[0].as.tensor, &distinct[0], err));
    *out = args[0];
    return tnn_native_copy(interp, distinct, &filled, err);
}
