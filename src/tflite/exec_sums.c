#include "tflite/exec_sums.h"

#include <math.h>

/* ---- making ---- */

static tnn_status read_bias(const tnn_exec_call *call, tnn_exec_sums *sums, const tnn_exec_tensor *bias, int64_t n,
                            tnn_error *err) {
    bool is_integer = bias->dtype == TNN_DTYPE_I32 || bias->dtype == TNN_DTYPE_I64;
    if (bias->n_elems != n)
        return tnn_exec_malformed(call, err, "a bias of %lld for %lld channels", (long long)bias->n_elems, (long long)n);
    if (sums->factors != NULL ? !is_integer : bias->dtype != TNN_DTYPE_F32) return tnn_exec_no_kernel(call, bias, err);
    double *numbers = TNN_NEW_ARRAY(call->arena, (size_t)n, double);
    if (numbers == NULL) return tnn_fail_nomem(err);
    for (int64_t c = 0; c < n; c++) numbers[c] = tnn_elem_number(bias->data, bias->dtype, c);
    sums->bias = numbers;
    return TNN_OK;
}

static tnn_status make_factors(const tnn_exec_call *call, tnn_exec_sums *sums, const tnn_exec_tensor *in,
                               const tnn_exec_tensor *weights, int64_t n, bool float_product, tnn_error *err) {
    tnn_fixed *factors = TNN_NEW_ARRAY(call->arena, (size_t)n, tnn_fixed);
    double *reals = TNN_NEW_ARRAY(call->arena, (size_t)n, double);
    if (factors == NULL || reals == NULL) return tnn_fail_nomem(err);
    for (int64_t c = 0; c < n; c++) {
        float scale = weights->scales[weights->n_scales > 1 ? c : 0];
        double product = float_product ? (double)(in->scale * scale) : (double)in->scale * (double)scale;
        reals[c] = product / (double)sums->out->scale;
        factors[c] = tnn_fixed_from(reals[c]);
    }
    sums->factors = factors;
    sums->reals = reals;
    return TNN_OK;
}

static tnn_status make_scales(const tnn_exec_call *call, tnn_exec_sums *sums, const tnn_exec_tensor *weights, int64_t n,
                              tnn_error *err) {
    float *scales = TNN_NEW_ARRAY(call->arena, (size_t)n, float);
    if (scales == NULL) return tnn_fail_nomem(err);
    for (int64_t c = 0; c < n; c++) scales[c] = weights->scales[weights->n_scales > 1 ? c : 0];
    sums->scales = scales;
    sums->is_hybrid = true;
    return TNN_OK;
}

tnn_status tnn_exec_sums_begin(const tnn_exec_call *call, tnn_exec_sums *sums, const tnn_exec_tensor *in,
                               const tnn_exec_tensor *weights, const tnn_exec_tensor *bias, int64_t n, bool float_product,
                               tnn_error *err) {
    *sums = (tnn_exec_sums){.out = call->out[0]};
    bool is_float = in->dtype == TNN_DTYPE_F32;
    TNN_TRY(tnn_exec_need_same_type(call, in, sums->out, err));
    if (!is_float && !tnn_exec_is_small_int(in)) return tnn_exec_no_kernel(call, in, err);
    TNN_TRY(tnn_exec_need_scale(call, in, err));
    TNN_TRY(tnn_exec_need_scale(call, weights, err));
    TNN_TRY(tnn_exec_need_scale(call, sums->out, err));
    if (weights->n_scales > 1 && weights->n_scales != (uint64_t)n)
        return tnn_exec_malformed(call, err, "%zu scales for %lld channels", weights->n_scales, (long long)n);
    if (!is_float && !tnn_exec_is_small_int(weights)) return tnn_exec_no_kernel(call, weights, err);
    if (!is_float) TNN_TRY(make_factors(call, sums, in, weights, n, float_product, err));
    else if (tnn_exec_is_small_int(weights)) TNN_TRY(make_scales(call, sums, weights, n, err));
    if (bias != NULL) TNN_TRY(read_bias(call, sums, bias, n, err));
    sums->is_wide = in->dtype == TNN_DTYPE_I16 && (bias == NULL || bias->dtype == TNN_DTYPE_I64);
    return tnn_exec_bounds_of(call, sums->out, &sums->bounds, err);
}

/* ---- results ---- */

/* Four sums side by side, because an addition waits for the one before. */
double tnn_exec_dot(const float *a, const float *b, int64_t n) {
    double sums[4] = {0};
    int64_t i = 0;
    for (; i + 4 <= n; i += 4)
        for (int k = 0; k < 4; k++) sums[k] += (double)a[i + k] * (double)b[i + k];
    for (; i < n; i++) sums[0] += (double)a[i] * (double)b[i];
    return (sums[0] + sums[1]) + (sums[2] + sums[3]);
}

static int32_t rescale(const tnn_exec_sums *sums, double sum, int64_t c) {
    tnn_fixed factor = sums->factors[c];
    if (sums->is_real) return (int32_t)fmin(fmax(round(sum * sums->reals[c]), INT32_MIN), INT32_MAX);
    int64_t exact = sum >= 0x1p62 ? INT64_C(1) << 62 : sum <= -0x1p62 ? -(INT64_C(1) << 62) : (int64_t)sum;
    if (sums->is_wide) return tnn_fixed_scale_64(exact, factor);
    return tnn_fixed_scale((int32_t)(uint32_t)(uint64_t)exact, factor);
}

void tnn_exec_sums_put(const tnn_exec_sums *sums, int64_t i, int64_t c, double sum) {
    tnn_exec_tensor *out = sums->out;
    if (sums->is_hybrid) sum *= (double)(sums->scales[c] * sums->dynamic_scale);
    if (sums->bias != NULL) sum += sums->bias[c];
    if (sums->factors == NULL) {
        ((float *)out->data)[i] = tnn_exec_clamp((float)sum, &sums->bounds);
    } else {
        int64_t x = (int64_t)rescale(sums, sum, c) + out->zero_point;
        tnn_elem_set_integer(out->data, out->dtype, i, tnn_fixed_clamp(x, sums->bounds.first, sums->bounds.last));
    }
}

/* ---- hybrid operands ---- */

static float quantize_symmetric(float *out, const float *in, int64_t n) {
    float range = 0;
    for (int64_t i = 0; i < n; i++) range = fmaxf(range, fabsf(in[i]));
    float inverse = range > 0 ? 127 / range : 0;
    for (int64_t i = 0; i < n; i++) out[i] = fminf(127, fmaxf(-127, roundf(in[i] * inverse)));
    return range > 0 ? range / 127 : 1;
}

/* The zero point is the one of the two that the ends of the range give whose error is smaller. */
static float quantize_with_zero(float *out, const float *in, int64_t n) {
    double low = 0, high = 0;
    for (int64_t i = 0; i < n; i++) {
        low = fmin(low, (double)in[i]);
        high = fmax(high, (double)in[i]);
    }
    double scale = low == high ? 1 : (high - low) / 255;
    double from_low = -128 - low / scale, from_high = 127 - high / scale;
    double zero = 128 + fabs(low / scale) < 127 + fabs(high / scale) ? from_low : from_high;
    zero = low == high || zero <= -128 ? (low == high ? 0 : -128) : zero >= 127 ? 127 : round(zero);
    float inverse = low == high ? 0 : 1 / (float)scale;
    for (int64_t i = 0; i < n; i++)
        out[i] = fminf(127, fmaxf(-128, roundf((float)zero + in[i] * inverse))) - (float)zero;
    return (float)scale;
}

float tnn_exec_quantize_dynamic(float *out, const float *in, int64_t n, bool is_symmetric) {
    return is_symmetric ? quantize_symmetric(out, in, n) : quantize_with_zero(out, in, n);
}
