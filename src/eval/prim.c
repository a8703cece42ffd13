/* ops.prim.NAME: functions of the language of TorchScript. */
#include <string.h>

#include "eval/frame.h"
#include "eval/handle.h"
#include "eval/script.h"
#include "ir/dtype_code.h"

static tnn_status want_tensor(tnn_interp *interp, const tnn_builtin_args *in, tnn_error *err) {
    if (in->items[0].kind == TNN_OBJ_TENSOR) return TNN_OK;
    return tnn_fail(err, TNN_ERR_INVALID, interp->origin.name, "%s of a %s", in->row->name,
                    tnn_obj_kind_text(&in->items[0]));
}

static tnn_status run_raise(tnn_interp *interp, const tnn_builtin_args *in, tnn_obj *out, tnn_error *err) {
    *out = tnn_obj_none();
    return tnn_fail(err, TNN_ERR_INVALID, interp->origin.name, "the program raises: %.400s",
                    in->items[0].kind == TNN_OBJ_STRING ? in->items[0].as.text : "");
}

/* A number: types are compared with ATen's codes. */
static tnn_status run_dtype(tnn_interp *interp, const tnn_builtin_args *in, tnn_obj *out, tnn_error *err) {
    TNN_TRY(want_tensor(interp, in, err));
    *out = tnn_obj_int(tnn_size_const(tnn_dtype_code(tnn_handle_dtype(in->items[0].as.tensor))));
    return TNN_OK;
}

static tnn_status run_device(tnn_interp *interp, const tnn_builtin_args *in, tnn_obj *out, tnn_error *err) {
    TNN_TRY(want_tensor(interp, in, err));
    *out = tnn_obj_string("cpu");
    return TNN_OK;
}

/* The type of a device is all that a device is. */
static tnn_status run_same(tnn_interp *interp, const tnn_builtin_args *in, tnn_obj *out, tnn_error *err) {
    (void)interp, (void)err;
    *out = in->items[0];
    return TNN_OK;
}

static tnn_status run_zero(tnn_interp *interp, const tnn_builtin_args *in, tnn_obj *out, tnn_error *err) {
    (void)interp, (void)in, (void)err;
    *out = tnn_obj_int(tnn_size_const(0));
    return TNN_OK;
}

static tnn_status run_no(tnn_interp *interp, const tnn_builtin_args *in, tnn_obj *out, tnn_error *err) {
    TNN_TRY(want_tensor(interp, in, err));
    *out = tnn_obj_bool(false);
    return TNN_OK;
}

static tnn_status run_yes(tnn_interp *interp, const tnn_builtin_args *in, tnn_obj *out, tnn_error *err) {
    TNN_TRY(want_tensor(interp, in, err));
    *out = tnn_obj_bool(true);
    return TNN_OK;
}

/* tensor.data: another handle on the same storage */
static tnn_status run_data(tnn_interp *interp, const tnn_builtin_args *in, tnn_obj *out, tnn_error *err) {
    return tnn_interp_call(interp, "detach", "", in->items, 1, NULL, 0, out, err);
}

/* A size as a tensor without dimensions, which traced programs compute with. */
static tnn_status run_to_tensor(tnn_interp *interp, const tnn_builtin_args *in, tnn_obj *out, tnn_error *err) {
    return tnn_tensor_of_numbers(interp, &in->items[0], TNN_DTYPE_NONE, out, err);
}

static tnn_status run_ndim(tnn_interp *interp, const tnn_builtin_args *in, tnn_obj *out, tnn_error *err) {
    return tnn_interp_call(interp, "dim", "", in->items, 1, NULL, 0, out, err);
}

static tnn_status run_shape(tnn_interp *interp, const tnn_builtin_args *in, tnn_obj *out, tnn_error *err) {
    TNN_TRY(tnn_interp_call(interp, "size", "", in->items, 1, NULL, 0, out, err));
    out->kind = TNN_OBJ_LIST;
    return TNN_OK;
}

static tnn_status run_attribute(tnn_interp *interp, const tnn_builtin_args *in, tnn_obj *out, tnn_error *err) {
    return tnn_run_attribute(interp, &in->items[0], in->row->name + strlen("prim."), out, err);
}

const tnn_builtin_row tnn_prim_rows[] = {
    {"prim.RaiseException", 1, 2, .run = run_raise, .takes_unknown = true},
    {"prim.min", 1, SIZE_MAX, .run = tnn_builtin_min},
    {"prim.max", 1, SIZE_MAX, .run = tnn_builtin_max},
    {"prim.abs", 1, 1, .run = tnn_builtin_abs},
    {"prim.dtype", 1, 1, .run = run_dtype},
    {"prim.device", 1, 1, .run = run_device},
    {"prim.type", 1, 1, .run = run_same},
    {"prim.index", 1, 1, .run = run_zero},
    {"prim.layout", 1, 1, .run = run_zero},
    {"prim.data", 1, 1, .run = run_data},
    {"prim.is_cuda", 1, 1, .run = run_no},
    {"prim.is_cpu", 1, 1, .run = run_yes},
    {"prim.is_sparse", 1, 1, .run = run_no},
    {"prim.is_sparse_csr", 1, 1, .run = run_no},
    {"prim.is_mkldnn", 1, 1, .run = run_no},
    {"prim.is_mps", 1, 1, .run = run_no},
    {"prim.is_xpu", 1, 1, .run = run_no},
    {"prim.is_vulkan", 1, 1, .run = run_no},
    {"prim.is_meta", 1, 1, .run = run_no},
    {"prim.is_nested", 1, 1, .run = run_no},
    {"prim.is_quantized", 1, 1, .run = run_no},
    {"prim.requires_grad", 1, 1, .run = run_no},
    {"prim.NumToTensor", 1, 1, .run = run_to_tensor},
    {"prim.ndim", 1, 1, .run = run_ndim},
    {"prim.shape", 1, 1, .run = run_shape},
    {"prim.name", 1, 1, .run = run_attribute},
    {"prim.value", 1, 1, .run = run_attribute},
    {"prim.unchecked_unwrap_optional", 1, 1, .run = run_same},
    {"prim.Print", 0, SIZE_MAX, .run = tnn_builtin_nothing, .takes_unknown = true},
};

const size_t tnn_n_prim_rows = sizeof(tnn_prim_rows) / sizeof(tnn_prim_rows[0]);
