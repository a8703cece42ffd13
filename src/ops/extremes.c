/* Reductions to the largest, the smallest, the product, and to whether any or all are true. */
#include <math.h>

#include "ops/infer.h"
#include "ops/list.h"
#include "ops/promote.h"
#include "ops/reduce.h"

enum { SELF, DIM, KEEPDIM, DTYPE };

static tnn_status infer_extreme(const tnn_call *call, tnn_type *outs, uint32_t *n_outs, tnn_error *err) {
    tnn_shape shape;
    TNN_TRY(tnn_reduced_shape(call, &shape, err));
    return tnn_call_result(outs, n_outs, tnn_call_tensor(call, SELF)->dtype, &shape);
}

/* A NaN stays: x is then not less than anything. */
static double larger(double so_far, double x) { return isnan(so_far) || x <= so_far ? so_far : x; }

static int64_t larger_int(int64_t so_far, int64_t x) { return x > so_far ? x : so_far; }

static tnn_status run_amax(const tnn_kernel_call *call, tnn_error *err) {
    static const tnn_fold fold = {-INFINITY, INT64_MIN, larger, larger_int};
    return tnn_fold_run(call, &fold, call->outputs[0].dtype, 1, err);
}

const tnn_op_row tnn_op_amax = {
    .op = {"amax", "amax(Tensor self, int[1] dim=[], bool keepdim=False) -> Tensor", TNN_OP_amax, TNN_OPLIST_ATEN},
    .op_class = TNN_CLASS_REDUCTION, .infer = infer_extreme, .kernel = run_amax,
};

static double smaller(double so_far, double x) { return isnan(so_far) || x >= so_far ? so_far : x; }

static int64_t smaller_int(int64_t so_far, int64_t x) { return x < so_far ? x : so_far; }

static tnn_status run_amin(const tnn_kernel_call *call, tnn_error *err) {
    static const tnn_fold fold = {INFINITY, INT64_MAX, smaller, smaller_int};
    return tnn_fold_run(call, &fold, call->outputs[0].dtype, 1, err);
}

const tnn_op_row tnn_op_amin = {
    .op = {"amin", "amin(Tensor self, int[1] dim=[], bool keepdim=False) -> Tensor", TNN_OP_amin, TNN_OPLIST_ATEN},
    .op_class = TNN_CLASS_REDUCTION, .infer = infer_extreme, .kernel = run_amin,
};

static tnn_status infer_prod(const tnn_call *call, tnn_type *outs, uint32_t *n_outs, tnn_error *err) {
    tnn_dtype dtype = tnn_arg_dtype(&call->args[DTYPE]);
    TNN_TRY(infer_extreme(call, outs, n_outs, err));
    if (dtype != TNN_DTYPE_NONE) outs[0].dtype = dtype;
    else if (tnn_dtype_is_integral(outs[0].dtype)) outs[0].dtype = TNN_DTYPE_I64;
    return TNN_OK;
}

static double times(double so_far, double x) { return so_far * x; }

static int64_t times_int(int64_t so_far, int64_t x) { return (int64_t)((uint64_t)so_far * (uint64_t)x); }

static tnn_status run_prod(const tnn_kernel_call *call, tnn_error *err) {
    static const tnn_fold fold = {1, 1, times, times_int};
    return tnn_fold_run(call, &fold, call->outputs[0].dtype, 1, err);
}

const tnn_op_row tnn_op_prod = {
    .op = {"prod", "prod(Tensor self, int[]? dim=None, bool keepdim=False, *, ScalarType? dtype=None) -> Tensor",
           TNN_OP_prod, TNN_OPLIST_ATEN},
    .op_class = TNN_CLASS_REDUCTION, .infer = infer_prod, .kernel = run_prod,
};

/* PyTorch answers in uint8 for uint8. */
static tnn_status infer_truth(const tnn_call *call, tnn_type *outs, uint32_t *n_outs, tnn_error *err) {
    TNN_TRY(infer_extreme(call, outs, n_outs, err));
    if (outs[0].dtype != TNN_DTYPE_U8) outs[0].dtype = TNN_DTYPE_BOOL;
    return TNN_OK;
}

static tnn_status run_any(const tnn_kernel_call *call, tnn_error *err) {
    static const tnn_fold fold = {0, 0, larger, larger_int};
    return tnn_fold_run(call, &fold, TNN_DTYPE_BOOL, 1, err);
}

const tnn_op_row tnn_op_any = {
    .op = {"any", "any(Tensor self, int[]? dim=None, bool keepdim=False) -> Tensor", TNN_OP_any, TNN_OPLIST_ATEN},
    .op_class = TNN_CLASS_REDUCTION, .infer = infer_truth, .kernel = run_any,
};

static tnn_status run_all(const tnn_kernel_call *call, tnn_error *err) {
    static const tnn_fold fold = {1, 1, smaller, smaller_int};
    return tnn_fold_run(call, &fold, TNN_DTYPE_BOOL, 1, err);
}

const tnn_op_row tnn_op_all = {
    .op = {"all", "all(Tensor self, int[]? dim=None, bool keepdim=False) -> Tensor", TNN_OP_all, TNN_OPLIST_ATEN},
    .op_class = TNN_CLASS_REDUCTION, .infer = infer_truth, .kernel = run_all,
};
