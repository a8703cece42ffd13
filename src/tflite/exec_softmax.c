/* SOFTMAX, LOG_SOFTMAX and L2_NORMALIZATION over the last dimension. */
#include <math.h>

#include "tflite/exec_fixed.h"
#include "tflite/exec_kernel.h"
#include "tflite/exec_softmax_16.h"

typedef struct rows {
    const tnn_exec_tensor *in;
    tnn_exec_tensor *out;
    int64_t n, width;
} rows;

static tnn_status begin(const tnn_exec_call *call, rows *r, tnn_error *err) {
    r->in = call->in[0];
    r->out = call->out[0];
    TNN_TRY(tnn_exec_need_same_type(call, r->in, r->out, err));
    TNN_TRY(tnn_exec_need_same_shape(call, r->in, r->out, err));
    if (r->in->rank == 0) return tnn_exec_malformed(call, err, "no dimension");
    TNN_TRY(tnn_exec_need_scale(call, r->in, err));
    TNN_TRY(tnn_exec_need_scale(call, r->out, err));
    r->width = r->in->dims[r->in->rank - 1];
    r->n = tnn_exec_outer(r->in, (uint8_t)(r->in->rank - 1));
    return TNN_OK;
}

/* ---- floats ---- */

static void softmax_row(const float *x, float *out, int64_t n, double beta) {
    double most = -INFINITY, sum = 0;
    for (int64_t c = 0; c < n; c++) most = fmax(most, (double)x[c]);
    for (int64_t c = 0; c < n; c++) sum += exp(((double)x[c] - most) * beta);
    for (int64_t c = 0; c < n; c++) out[c] = (float)(exp(((double)x[c] - most) * beta) / sum);
}

static void log_softmax_row(const float *x, float *out, int64_t n) {
    double most = -INFINITY, sum = 0;
    for (int64_t c = 0; c < n; c++) most = fmax(most, (double)x[c]);
    for (int64_t c = 0; c < n; c++) sum += exp((double)x[c] - most);
    for (int64_t c = 0; c < n; c++) out[c] = (float)((double)x[c] - most - log(sum));
}

static void normalize_row(const float *x, float *out, int64_t n) {
    double sum = 0;
    for (int64_t c = 0; c < n; c++) sum += (double)x[c] * (double)x[c];
    double length = fmax(sqrt(sum), 1e-6);
    for (int64_t c = 0; c < n; c++) out[c] = (float)((double)x[c] / length);
}

/* ---- 8 bits ---- */

/* Differences to a row's largest number as Q5.26: their factor, and the least that is not left out. */
typedef struct difference {
    tnn_fixed factor;
    int32_t least;
} difference;

static difference difference_of(float scale, float beta) {
    double real = fmin((double)beta * (double)scale * (1 << 26), 0x1p31 - 1);
    difference d = {tnn_fixed_from(real), 0};
    d.least = -(int32_t)floor(31.0 * (1 << 26) / (double)(INT64_C(1) << (d.factor.shift > 0 ? d.factor.shift : 0)));
    return d;
}

static int32_t element(const rows *r, int64_t row, int64_t c) {
    return (int32_t)tnn_elem_integer(r->in->data, r->in->dtype, row * r->width + c);
}

static void put(const rows *r, int64_t row, int64_t c, int64_t x) {
    int64_t low = tnn_exec_type_min(r->out->dtype), high = tnn_exec_type_max(r->out->dtype);
    tnn_elem_set_integer(r->out->data, r->out->dtype, row * r->width + c, tnn_fixed_clamp(x, low, high));
}

static int32_t largest(const rows *r, int64_t row) {
    int32_t most = INT32_MIN;
    for (int64_t c = 0; c < r->width; c++) most = element(r, row, c) > most ? element(r, row, c) : most;
    return most;
}

/* The sum of e^(x - most) in Q12.19. */
static int32_t sum_of_powers(const rows *r, int64_t row, int32_t most, const difference *d) {
    int32_t sum = 0;
    for (int64_t c = 0; c < r->width; c++) {
        int32_t x = element(r, row, c) - most;
        if (x < d->least) continue;
        int32_t power = tnn_fixed_exp(tnn_fixed_scale(x, d->factor));
        sum = tnn_fixed_wrap_add(sum, tnn_fixed_round_shift(power, 12));
    }
    return sum;
}

static void softmax_row_8(const rows *r, int64_t row, const difference *d) {
    int32_t most = largest(r, row), over;
    int32_t inverse = tnn_fixed_reciprocal(sum_of_powers(r, row, most, d), 12, &over);
    int64_t low = tnn_exec_type_min(r->out->dtype);
    for (int64_t c = 0; c < r->width; c++) {
        int32_t x = element(r, row, c) - most, share = 0;
        if (x >= d->least) {
            int32_t power = tnn_fixed_exp(tnn_fixed_scale(x, d->factor));
            share = tnn_fixed_round_shift(tnn_fixed_high_mul(inverse, power), over + 31 - 8);
        }
        put(r, row, c, share + low);
    }
}

/* The result's scale is 1/16 and its zero point 127. */
static void log_softmax_row_8(const rows *r, int64_t row, const difference *d, tnn_fixed back) {
    int32_t most = largest(r, row), log_sum = tnn_fixed_log(sum_of_powers(r, row, most, d));
    int32_t reach = tnn_fixed_scale(tnn_fixed_wrap_add(log_sum, INT32_MIN), back);
    int32_t least = d->least - 1 > reach ? d->least - 1 : reach;
    for (int64_t c = 0; c < r->width; c++) {
        int32_t x = element(r, row, c) - most;
        int32_t log = tnn_fixed_wrap_sub(tnn_fixed_scale(x, d->factor), log_sum);
        put(r, row, c, x > least ? tnn_fixed_round_shift(log, 31 - 5 - 4) + 127 : INT8_MIN);
    }
}

/* The result's scale is 1/128 and its zero point 0. */
static void normalize_row_8(const rows *r, int64_t row) {
    uint32_t sum = 0;
    for (int64_t c = 0; c < r->width; c++) {
        int32_t x = element(r, row, c) - r->in->zero_point;
        sum += (uint32_t)(x * x);
    }
    tnn_fixed factor = tnn_fixed_inverse_sqrt((int32_t)sum);
    factor.shift += 7;
    for (int64_t c = 0; c < r->width; c++)
        put(r, row, c, tnn_fixed_scale(element(r, row, c) - r->in->zero_point, factor));
}

/* ---- operators ---- */

static tnn_status run_softmax(const tnn_exec_call *call, tnn_error *err) {
    float beta = (float)tnn_fb_number(call->options, "beta");
    rows r;
    TNN_TRY(begin(call, &r, err));
    bool is_float = r.in->dtype == TNN_DTYPE_F32;
    if (r.in->dtype == TNN_DTYPE_I16) return tnn_exec_softmax_16(call, beta, err);
    if (!is_float && r.in->dtype != TNN_DTYPE_I8 && r.in->dtype != TNN_DTYPE_U8) return tnn_exec_no_kernel(call, r.in, err);
    difference d = difference_of(r.in->scale, beta);
    for (int64_t row = 0; row < r.n && r.width > 0; row++) {
        if (is_float) {
            softmax_row((const float *)r.in->data + row * r.width, (float *)r.out->data + row * r.width, r.width,
                        (double)beta);
        } else softmax_row_8(&r, row, &d);
    }
    return TNN_OK;
}

static tnn_status run_log_softmax(const tnn_exec_call *call, tnn_error *err) {
    rows r;
    TNN_TRY(begin(call, &r, err));
    bool is_float = r.in->dtype == TNN_DTYPE_F32;
    if (!is_float && r.in->dtype != TNN_DTYPE_I8) return tnn_exec_no_kernel(call, r.in, err);
    difference d = difference_of(r.in->scale, 1);
    tnn_fixed back = {0, 0};
    if (!is_float) back = tnn_fixed_from(ldexp(1, 31 - d.factor.shift) / (double)d.factor.multiplier);
    for (int64_t row = 0; row < r.n && r.width > 0; row++) {
        if (is_float)
            log_softmax_row((const float *)r.in->data + row * r.width, (float *)r.out->data + row * r.width, r.width);
        else log_softmax_row_8(&r, row, &d, back);
    }
    return TNN_OK;
}

static tnn_status run_l2_normalization(const tnn_exec_call *call, tnn_error *err) {
    rows r;
    TNN_TRY(begin(call, &r, err));
    bool is_float = r.in->dtype == TNN_DTYPE_F32;
    if (!is_float && r.in->dtype != TNN_DTYPE_I8) return tnn_exec_no_kernel(call, r.in, err);
    if (tnn_fb_int(call->options, "fused_activation_function") != 0)
        return tnn_fail(err, TNN_ERR_UNSUPPORTED, call->where, "exec knows no activation here");
    for (int64_t row = 0; row < r.n; row++) {
        if (is_float)
            normalize_row((const float *)r.in->data + row * r.width, (float *)r.out->data + row * r.width, r.width);
        else normalize_row_8(&r, row);
    }
    return TNN_OK;
}

const tnn_exec_row tnn_exec_SOFTMAX = {run_softmax, 1, 1, 1, NULL};
const tnn_exec_row tnn_exec_LOG_SOFTMAX = {run_log_softmax, 1, 1, 1, NULL};
const tnn_exec_row tnn_exec_L2_NORMALIZATION = {run_l2_normalization, 1, 1, 1, NULL};
