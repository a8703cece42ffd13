/* CAST, QUANTIZE and DEQUANTIZE. */
#include <math.h>

#include "tflite/exec_fixed.h"
#include "tflite/exec_kernel.h"

static tnn_status run_cast(const tnn_exec_call *call, tnn_error *err) {
    const tnn_exec_tensor *in = call->in[0];
    tnn_exec_tensor *out = call->out[0];
    TNN_TRY(tnn_exec_need_same_shape(call, in, out, err));
    if (in->n_elems > 0) tnn_convert_elems(out->data, out->dtype, in->data, in->dtype, in->n_elems);
    return TNN_OK;
}

const tnn_exec_row tnn_exec_CAST = {run_cast, 1, 1, 1, NULL};

/* Which scale serves element `i`. */
static size_t scale_of(const tnn_exec_tensor *t, int64_t i) {
    if (t->n_scales <= 1) return 0;
    return (size_t)(i / tnn_exec_inner(t, (uint8_t)(t->axis + 1)) % t->dims[t->axis]);
}

/* ---- DEQUANTIZE ---- */

static tnn_status run_dequantize(const tnn_exec_call *call, tnn_error *err) {
    const tnn_exec_tensor *in = call->in[0];
    tnn_exec_tensor *out = call->out[0];
    TNN_TRY(tnn_exec_need_same_shape(call, in, out, err));
    if (out->dtype != TNN_DTYPE_F32) return tnn_exec_no_kernel(call, out, err);
    if (in->dtype == TNN_DTYPE_F16) {
        if (in->n_elems > 0) tnn_convert_elems(out->data, out->dtype, in->data, in->dtype, in->n_elems);
        return TNN_OK;
    }
    if (!tnn_exec_is_small_int(in)) return tnn_exec_no_kernel(call, in, err);
    TNN_TRY(tnn_exec_need_scale(call, in, err));
    for (int64_t i = 0; i < in->n_elems; i++) {
        size_t s = scale_of(in, i);
        int64_t x = tnn_elem_integer(in->data, in->dtype, i) - in->zero_points[s];
        ((float *)out->data)[i] = (float)((double)in->scales[s] * (double)x);
    }
    return TNN_OK;
}

const tnn_exec_row tnn_exec_DEQUANTIZE = {run_dequantize, 1, 1, 1, NULL};

/* ---- QUANTIZE ---- */

static void store(tnn_exec_tensor *out, int64_t i, double x) {
    double low = (double)tnn_exec_type_min(out->dtype), high = (double)tnn_exec_type_max(out->dtype);
    tnn_elem_set_integer(out->data, out->dtype, i, isnan(x) ? 0 : (int64_t)fmin(high, fmax(low, x)));
}

static void quantize_floats(const tnn_exec_tensor *in, tnn_exec_tensor *out) {
    const float *x = in->data;
    for (int64_t i = 0; i < in->n_elems; i++) {
        size_t s = scale_of(out, i);
        store(out, i, (double)roundf(x[i] / out->scales[s]) + (double)out->zero_points[s]);
    }
}

static void requantize(const tnn_exec_tensor *in, tnn_exec_tensor *out) {
    tnn_fixed factor = tnn_fixed_from((double)in->scale / (double)out->scale);
    for (int64_t i = 0; i < in->n_elems; i++) {
        int32_t x = (int32_t)(tnn_elem_integer(in->data, in->dtype, i) - in->zero_point);
        store(out, i, (double)tnn_fixed_scale(x, factor) + (double)out->zero_point);
    }
}

static tnn_status run_quantize(const tnn_exec_call *call, tnn_error *err) {
    const tnn_exec_tensor *in = call->in[0];
    tnn_exec_tensor *out = call->out[0];
    TNN_TRY(tnn_exec_need_same_shape(call, in, out, err));
    if (!tnn_exec_is_small_int(out)) return tnn_exec_no_kernel(call, out, err);
    TNN_TRY(tnn_exec_need_scale(call, out, err));
    if (in->dtype == TNN_DTYPE_F32) {
        quantize_floats(in, out);
        return TNN_OK;
    }
    if (!tnn_exec_is_small_int(in) || in->n_scales > 1 || out->n_scales > 1) return tnn_exec_no_kernel(call, in, err);
    TNN_TRY(tnn_exec_need_scale(call, in, err));
    requantize(in, out);
    return TNN_OK;
}

const tnn_exec_row tnn_exec_QUANTIZE = {run_quantize, 1, 1, 1, NULL};
