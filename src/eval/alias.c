/* Operators that give back their input or a copy of it, as PyTorch decides, and questions about a tensor. */
#include "eval/native.h"
#include "eval/strides.h"
#include "ir/tensor.h"
#include "ops/list.h"

/* alias(self), detach(self) */
tnn_status tnn_native_alias(tnn_interp *interp, const tnn_obj *args, tnn_obj *out, tnn_error *err) {
    const tnn_handle *self = args[0].as.tensor;
    tnn_step step = {.kind = TNN_STEP_NONE};
    return tnn_handle_view(interp, args[0].as.tensor, step, &self->shape, self->strides, out, err);
}

static bool wants_channels_last(const tnn_handle *self, tnn_memory_format format) {
    return (format == TNN_MEMORY_CHANNELS_LAST && self->shape.rank == 4) ||
           (format == TNN_MEMORY_CHANNELS_LAST_3D && self->shape.rank == 5);
}

/* The strides of a copy of `self` in a memory format; preserving keeps the order of the dimensions. */
static tnn_status copy_strides(tnn_interp *interp, const tnn_handle *self, tnn_memory_format format,
                               int64_t *strides, tnn_error *err) {
    if (format == TNN_MEMORY_PRESERVE && tnn_strides_are_dense(&self->shape, self->strides)) {
        for (int k = 0; k < self->shape.rank; k++) strides[k] = self->strides[k];
    } else if (format == TNN_MEMORY_PRESERVE) {
        tnn_strides_elementwise(&self->shape, &self, 1, strides);
    } else if (wants_channels_last(self, format)) {
        tnn_strides_channels_last(&self->shape, strides);
    } else if (format == TNN_MEMORY_CONTIGUOUS) {
        tnn_strides_contiguous(&self->shape, strides);
    } else {
        return tnn_fail(err, TNN_ERR_INVALID, interp->origin.name, "channels_last for a tensor with %d dimensions",
                        self->shape.rank);
    }
    return TNN_OK;
}

static tnn_memory_format format_of(const tnn_obj *obj) {
    return obj->kind == TNN_OBJ_NONE ? TNN_MEMORY_PRESERVE : obj->as.memory_format;
}

/* A new storage with the same elements, cast to `dtype`. In a functional graph a copy needs no node. */
static tnn_status copy_tensor(tnn_interp *interp, tnn_handle *self, tnn_dtype dtype, tnn_memory_format format,
                              tnn_obj *out, tnn_error *err) {
    int64_t strides[TNN_MAX_RANK];
    tnn_value *value;
    TNN_TRY(copy_strides(interp, self, format, strides, err));
    TNN_TRY(tnn_interp_read(interp, self, &value, err));
    TNN_TRY(tnn_emit_cast(interp, value, dtype, &value, err));
    return tnn_handle_new(interp, value, strides, out, err);
}

static tnn_status has_format(tnn_interp *interp, const tnn_handle *self, tnn_memory_format format, bool *out,
                             tnn_error *err) {
    int64_t strides[TNN_MAX_RANK];
    *out = format == TNN_MEMORY_PRESERVE;
    if (*out) return TNN_OK;
    TNN_TRY(copy_strides(interp, self, format, strides, err));
    *out = tnn_strides_match(&self->shape, self->strides, strides);
    return TNN_OK;
}

/* contiguous(self, memory_format) */
tnn_status tnn_native_contiguous(tnn_interp *interp, const tnn_obj *args, tnn_obj *out, tnn_error *err) {
    tnn_handle *self = args[0].as.tensor;
    tnn_memory_format format = args[1].as.memory_format;
    bool same;
    TNN_TRY(has_format(interp, self, format, &same, err));
    *out = args[0];
    return same ? TNN_OK : copy_tensor(interp, self, tnn_handle_dtype(self), format, out, err);
}

/* clone(self, memory_format) */
tnn_status tnn_native_clone(tnn_interp *interp, const tnn_obj *args, tnn_obj *out, tnn_error *err) {
    tnn_handle *self = args[0].as.tensor;
    return copy_tensor(interp, self, tnn_handle_dtype(self), format_of(&args[1]), out, err);
}

/* full_like(self, fill_value, dtype, layout, device, pin_memory, memory_format) */
tnn_status tnn_native_full_like(tnn_interp *interp, const tnn_obj *args, tnn_obj *out, tnn_error *err) {
    const tnn_handle *self = args[0].as.tensor;
    tnn_dtype dtype = args[2].kind == TNN_OBJ_NONE ? tnn_handle_dtype(self) : args[2].as.dtype;
    tnn_shape shape = self->shape;
    int64_t strides[TNN_MAX_RANK];
    tnn_value *value;
    tnn_arg node_args[] = {tnn_arg_of_sizes(shape.dims, shape.rank), tnn_native_number_arg(&args[1]),
                           tnn_arg_of_dtype(dtype)};
    TNN_TRY(copy_strides(interp, self, format_of(&args[6]), strides, err));
    TNN_TRY(tnn_emit(interp, &interp->origin, TNN_OP_full, node_args, 3, &value, err));
    return tnn_handle_new(interp, value, strides, out, err);
}

/* to(self, dtype, non_blocking, copy, memory_format) */
tnn_status tnn_native_to(tnn_interp *interp, const tnn_obj *args, tnn_obj *out, tnn_error *err) {
    tnn_handle *self = args[0].as.tensor;
    tnn_dtype have = tnn_handle_dtype(self), want = args[1].kind == TNN_OBJ_NONE ? have : args[1].as.dtype;
    tnn_memory_format format = format_of(&args[4]);
    bool same;
    TNN_TRY(has_format(interp, self, format, &same, err));
    *out = args[0];
    if (same && want == have && !args[3].as.boolean) return TNN_OK;
    return copy_tensor(interp, self, want, format, out, err);
}

static tnn_status dropout_node(tnn_interp *interp, const tnn_obj *args, tnn_obj *out, tnn_error *err) {
    tnn_value *value;
    TNN_TRY(tnn_interp_read(interp, args[0].as.tensor, &value, err));
    tnn_arg node_args[] = {tnn_arg_of_tensor(value), tnn_arg_of_float(args[1].as.number),
                           tnn_arg_of_bool(args[2].as.boolean)};
    TNN_TRY(tnn_emit(interp, &interp->origin, TNN_OP_dropout, node_args, 3, &value, err));
    return tnn_handle_new(interp, value, NULL, out, err);
}

/* Everything is dropped. */
static tnn_status dropout_all(tnn_interp *interp, const tnn_obj *input, tnn_obj *out, tnn_error *err) {
    tnn_obj args[] = {*input, tnn_obj_int(tnn_size_const(0))};
    return tnn_interp_call(interp, "full_like", "", args, 2, NULL, 0, out, err);
}

/* dropout(input, p, train): the input itself when not training, or when nothing is dropped */
tnn_status tnn_native_dropout(tnn_interp *interp, const tnn_obj *args, tnn_obj *out, tnn_error *err) {
    tnn_handle *self = args[0].as.tensor;
    double p = args[1].as.number;
    bool train = args[2].as.boolean;
    tnn_step step = {.kind = TNN_STEP_DROPOUT, .p = p};
    if (train && p == 1) return dropout_all(interp, &args[0], out, err);
    if (train && p != 0) return dropout_node(interp, args, out, err);
    return tnn_handle_view(interp, self, step, &self->shape, self->strides, out, err);
}

/* size(self, dim) */
tnn_status tnn_native_size(tnn_interp *interp, const tnn_obj *args, tnn_obj *out, tnn_error *err) {
    const tnn_handle *self = args[0].as.tensor;
    uint8_t dim;
    TNN_TRY(tnn_native_dim_of(interp, &args[1], self->shape.rank, &dim, err));
    if (self->shape.rank == 0)
        return tnn_fail(err, TNN_ERR_INVALID, interp->origin.name, "size of a tensor without dimensions");
    *out = tnn_obj_int(self->shape.dims[dim]);
    return TNN_OK;
}

/* size(self), also x.shape */
tnn_status tnn_native_sizes(tnn_interp *interp, const tnn_obj *args, tnn_obj *out, tnn_error *err) {
    const tnn_shape *shape = &args[0].as.tensor->shape;
    TNN_TRY(tnn_list_new(interp, TNN_OBJ_TUPLE, shape->rank, out, err));
    for (int k = 0; k < shape->rank; k++)
        TNN_TRY(tnn_list_push(interp, out->as.list, tnn_obj_int(shape->dims[k]), err));
    return TNN_OK;
}

/* stride(self, dim) */
tnn_status tnn_native_stride(tnn_interp *interp, const tnn_obj *args, tnn_obj *out, tnn_error *err) {
    const tnn_handle *self = args[0].as.tensor;
    uint8_t dim;
    TNN_TRY(tnn_native_dim_of(interp, &args[1], self->shape.rank, &dim, err));
    if (self->shape.rank == 0)
        return tnn_fail(err, TNN_ERR_INVALID, interp->origin.name, "stride of a tensor without dimensions");
    *out = tnn_obj_int(tnn_size_const(self->strides[dim]));
    return TNN_OK;
}

/* stride(self) */
tnn_status tnn_native_strides(tnn_interp *interp, const tnn_obj *args, tnn_obj *out, tnn_error *err) {
    const tnn_handle *self = args[0].as.tensor;
    TNN_TRY(tnn_list_new(interp, TNN_OBJ_TUPLE, self->shape.rank, out, err));
    for (int k = 0; k < self->shape.rank; k++)
        TNN_TRY(tnn_list_push(interp, out->as.list, tnn_obj_int(tnn_size_const(self->strides[k])), err));
    return TNN_OK;
}

/* numel(self) */
tnn_status tnn_native_numel(tnn_interp *interp, const tnn_obj *args, tnn_obj *out, tnn_error *err) {
    const tnn_shape *shape = &args[0].as.tensor->shape;
    tnn_size count = tnn_size_const(1);
    for (int k = 0; k < shape->rank; k++)
        TNN_TRY(tnn_size_mul(&count, interp->arena, count, shape->dims[k], err));
    *out = tnn_obj_int(count);
    return TNN_OK;
}

/* storage_offset(self) */
tnn_status tnn_native_storage_offset(tnn_interp *interp, const tnn_obj *args, tnn_obj *out, tnn_error *err) {
    (void)interp;
    (void)err;
    *out = tnn_obj_int(tnn_size_const(args[0].as.tensor->offset));
    return TNN_OK;
}

/* dim(self) */
tnn_status tnn_native_dim(tnn_interp *interp, const tnn_obj *args, tnn_obj *out, tnn_error *err) {
    (void)interp;
    (void)err;
    *out = tnn_obj_int(tnn_size_const(args[0].as.tensor->shape.rank));
    return TNN_OK;
}

/* is_floating_point(self) */
tnn_status tnn_native_is_floating_point(tnn_interp *interp, const tnn_obj *args, tnn_obj *out, tnn_error *err) {
    (void)interp;
    (void)err;
    *out = tnn_obj_bool(tnn_dtype_is_float(tnn_handle_dtype(args[0].as.tensor)));
    return TNN_OK;
}

/* is_contiguous(self, memory_format) */
tnn_status tnn_native_is_contiguous(tnn_interp *interp, const tnn_obj *args, tnn_obj *out, tnn_error *err) {
    bool same;
    TNN_TRY(has_format(interp, args[0].as.tensor, args[1].as.memory_format, &same, err));
    *out = tnn_obj_bool(same);
    return TNN_OK;
}

/* Checks that the exporter leaves behind: shapes are inferred and compared elsewhere. */
tnn_status tnn_native_nothing(tnn_interp *interp, const tnn_obj *args, tnn_obj *out, tnn_error *err) {
    (void)interp;
    (void)args;
    (void)err;
    *out = tnn_obj_none();
    return TNN_OK;
}
