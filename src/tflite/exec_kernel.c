/* Checks and conversions that kernels share. */
#include "tflite/exec_kernel.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

#include "ir/checked.h"

/* ---- errors ---- */

tnn_status tnn_exec_malformed(const tnn_exec_call *call, tnn_error *err, const char *format, ...) {
    char text[256];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    return tnn_fail(err, TNN_ERR_MALFORMED, call->where, "%s", text);
}

tnn_status tnn_exec_no_kernel(const tnn_exec_call *call, const tnn_exec_tensor *tensor, tnn_error *err) {
    return tnn_fail(err, TNN_ERR_UNSUPPORTED, call->where, "exec has no kernel for %s%s (tensor \"%.60s\")",
                    tensor->n_scales > 0 ? "quantized " : "", tensor->is_int4 ? "int4" : tnn_dtype_name(tensor->dtype),
                    tensor->name);
}

tnn_status tnn_exec_spend(const tnn_exec_call *call, uint64_t work, tnn_error *err) {
    tnn_exec_budget *budget = call->budget;
    if (!budget->is_limited) return TNN_OK;
    if (work > budget->left) return tnn_fail(err, TNN_ERR_LIMIT, call->where, "the run takes more work than is allowed");
    budget->left -= work;
    return TNN_OK;
}

tnn_status tnn_exec_spend_product(const tnn_exec_call *call, int64_t n, int64_t each, tnn_error *err) {
    int64_t work;
    return tnn_exec_spend(call, tnn_mul_i64(n, each, &work) ? (uint64_t)work : UINT64_MAX, err);
}

/* ---- checks ---- */

tnn_status tnn_exec_need_rank(const tnn_exec_call *call, const tnn_exec_tensor *tensor, uint8_t rank, tnn_error *err) {
    if (tensor->rank == rank) return TNN_OK;
    return tnn_exec_malformed(call, err, "tensor \"%.60s\" has %d dimensions, expected %d", tensor->name, tensor->rank,
                              rank);
}

tnn_status tnn_exec_need_shape(const tnn_exec_call *call, const tnn_exec_tensor *tensor, uint8_t rank,
                               const int64_t *dims, tnn_error *err) {
    TNN_TRY(tnn_exec_need_rank(call, tensor, rank, err));
    for (uint8_t k = 0; k < rank; k++) {
        if (tensor->dims[k] != dims[k])
            return tnn_exec_malformed(call, err, "dimension %d of tensor \"%.60s\" is %lld, expected %lld", k,
                                      tensor->name, (long long)tensor->dims[k], (long long)dims[k]);
    }
    return TNN_OK;
}

tnn_status tnn_exec_need_same_shape(const tnn_exec_call *call, const tnn_exec_tensor *a, const tnn_exec_tensor *b,
                                    tnn_error *err) {
    return tnn_exec_need_shape(call, b, a->rank, a->dims, err);
}

tnn_status tnn_exec_need_same_type(const tnn_exec_call *call, const tnn_exec_tensor *a, const tnn_exec_tensor *b,
                                   tnn_error *err) {
    if (a->dtype == b->dtype) return TNN_OK;
    return tnn_exec_malformed(call, err, "tensor \"%.60s\" is %s, tensor \"%.60s\" is %s", a->name,
                              tnn_dtype_name(a->dtype), b->name, tnn_dtype_name(b->dtype));
}

tnn_status tnn_exec_need_scale(const tnn_exec_call *call, const tnn_exec_tensor *tensor, tnn_error *err) {
    if (!tnn_exec_is_small_int(tensor)) return TNN_OK;
    bool fits = tensor->n_scales > 0;
    for (size_t i = 0; i < tensor->n_scales && fits; i++) fits = isfinite(tensor->scales[i]) && tensor->scales[i] > 0;
    if (fits) return TNN_OK;
    return tnn_exec_malformed(call, err, "tensor \"%.60s\" has no scale, or one that is not positive", tensor->name);
}

tnn_status tnn_exec_axis(const tnn_exec_call *call, int64_t axis, uint8_t rank, uint8_t *out, tnn_error *err) {
    int64_t from_zero = axis < 0 ? axis + rank : axis;
    if (from_zero < 0 || from_zero >= rank)
        return tnn_exec_malformed(call, err, "axis %lld of a tensor with %d dimensions", (long long)axis, rank);
    *out = (uint8_t)from_zero;
    return TNN_OK;
}

/* ---- elements ---- */

int64_t tnn_exec_type_min(tnn_dtype dtype) {
    switch ((int)dtype) {
    case TNN_DTYPE_I8: return INT8_MIN;
    case TNN_DTYPE_I16: return INT16_MIN;
    case TNN_DTYPE_I32: return INT32_MIN;
    case TNN_DTYPE_I64: return INT64_MIN;
    default: return 0;
    }
}

int64_t tnn_exec_type_max(tnn_dtype dtype) {
    switch ((int)dtype) {
    case TNN_DTYPE_BOOL: return 1;
    case TNN_DTYPE_I8: return INT8_MAX;
    case TNN_DTYPE_U8: return UINT8_MAX;
    case TNN_DTYPE_I16: return INT16_MAX;
    case TNN_DTYPE_I32: return INT32_MAX;
    default: return INT64_MAX;
    }
}

tnn_status tnn_exec_integers(const tnn_exec_call *call, const tnn_exec_tensor *tensor, size_t n, int64_t *out,
                             size_t *found, tnn_error *err) {
    if (tensor->dtype != TNN_DTYPE_I32 && tensor->dtype != TNN_DTYPE_I64) return tnn_exec_no_kernel(call, tensor, err);
    if ((uint64_t)tensor->n_elems > n)
        return tnn_exec_malformed(call, err, "tensor \"%.60s\" has %lld numbers, expected at most %zu", tensor->name,
                                  (long long)tensor->n_elems, n);
    for (int64_t i = 0; i < tensor->n_elems; i++) out[i] = tnn_elem_integer(tensor->data, tensor->dtype, i);
    *found = (size_t)tensor->n_elems;
    return TNN_OK;
}

static float *widen_integers(float *out, const tnn_exec_tensor *t) {
    int64_t inner = t->n_scales > 1 ? tnn_exec_inner(t, (uint8_t)(t->axis + 1)) : 1;
    for (int64_t i = 0; i < t->n_elems; i++) {
        int64_t zero = t->n_scales > 1 ? t->zero_points[i / inner % t->dims[t->axis]] : t->zero_point;
        out[i] = (float)(tnn_elem_integer(t->data, t->dtype, i) - zero);
    }
    return out;
}

tnn_status tnn_exec_floats(const tnn_exec_call *call, const tnn_exec_tensor *tensor, const float **out, tnn_error *err) {
    *out = tensor->data;
    if (tensor->dtype == TNN_DTYPE_F32) return TNN_OK;
    bool is_half = tensor->dtype == TNN_DTYPE_F16 || tensor->dtype == TNN_DTYPE_BF16;
    if (!is_half && !tnn_exec_is_small_int(tensor)) return tnn_exec_no_kernel(call, tensor, err);
    float *wide = TNN_NEW_ARRAY(call->arena, (size_t)tensor->n_elems, float);
    if (wide == NULL) return tnn_fail_nomem(err);
    if (is_half) tnn_convert_elems(wide, TNN_DTYPE_F32, tensor->data, tensor->dtype, tensor->n_elems);
    else widen_integers(wide, tensor);
    *out = wide;
    return TNN_OK;
}

int64_t tnn_exec_outer(const tnn_exec_tensor *tensor, uint8_t from) {
    int64_t n = 1;
    for (uint8_t k = 0; k < from; k++) n *= tensor->dims[k];
    return n;
}

int64_t tnn_exec_inner(const tnn_exec_tensor *tensor, uint8_t from) {
    int64_t n = 1;
    for (uint8_t k = from; k < tensor->rank; k++) n *= tensor->dims[k];
    return n;
}
