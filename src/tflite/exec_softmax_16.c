/* LiteRT tabulates e^x and 1 / (1 + x) at 513 places, and takes what lies between two of them from the line through both. */
#include "tflite/exec_softmax_16.h"

#include <math.h>

#include "tflite/exec_fixed.h"

#define PLACES 513
#define REACH 10.0 /* e^-10 is the last power of the table */

typedef struct tables {
    int16_t power[PLACES];   /* e^x for x from -REACH to 0, in Q0.15 */
    int16_t inverse[PLACES]; /* 1 / (1 + x) for x from 0 to 1, in Q0.15 */
} tables;

static double inverse(double x) { return 1 / (1 + x); }

static int16_t limited(double x) { return (int16_t)fmin(fmax(x, INT16_MIN), INT16_MAX); }

/* A place is moved by half of the line's error in the middle. */
static void fill_table(int16_t *table, double (*function)(double x), double low, double high) {
    double step = (high - low) / (PLACES - 1);
    for (int k = 0; k < PLACES - 1; k++) {
        double x = low + k * step, here = round(function(x) * 0x1p15);
        double middle = round(function(x + step / 2) * 0x1p15);
        double line = round((function(x + step) * 0x1p15 + here) / 2);
        table[k] = limited(here - round((line - middle) / 2));
    }
    table[PLACES - 1] = limited(round(function(high) * 0x1p15));
}

/* For the whole range of x. */
static int16_t look_up(const int16_t *table, int16_t x) {
    int at = 256 + (x >> 7), offset = x & 0x7f, slope = table[at + 1] - table[at];
    return (int16_t)(table[at] + ((slope * offset + 64) >> 7));
}

/* e^(x - most) */
static int16_t power_of(const tables *t, int32_t x, int32_t most, tnn_fixed factor) {
    int64_t below = (int64_t)tnn_fixed_scale(x - most, factor) + INT16_MAX;
    return look_up(t->power, (int16_t)tnn_fixed_clamp(below, INT16_MIN, INT16_MAX));
}

static void softmax_row(const tables *t, const int16_t *x, int16_t *out, int64_t n, tnn_fixed factor) {
    int32_t most = INT16_MIN, sum = 0;
    for (int64_t c = 0; c < n; c++) most = x[c] > most ? x[c] : most;
    for (int64_t c = 0; c < n; c++) {
        out[c] = power_of(t, x[c], most, factor);
        sum = tnn_fixed_wrap_add(sum, out[c]);
    }
    int zeros = tnn_fixed_leading_zeros((uint32_t)sum), shift = 31 - zeros;
    int64_t whole = zeros > 0 ? (((int64_t)sum << (zeros - 1)) + (1 << 13)) >> 14 : 0;
    int64_t above_one = whole - (1 << 16) - (1 << 15);
    int16_t scale = look_up(t->inverse, (int16_t)tnn_fixed_clamp(above_one, INT16_MIN, INT16_MAX));
    int64_t half = shift > 0 ? INT64_C(1) << (shift - 1) : 0;
    for (int64_t c = 0; c < n; c++)
        out[c] = (int16_t)tnn_fixed_clamp(((int64_t)out[c] * scale + half) >> shift, 0, INT16_MAX);
}

tnn_status tnn_exec_softmax_16(const tnn_exec_call *call, float beta, tnn_error *err) {
    const tnn_exec_tensor *in = call->in[0];
    tnn_exec_tensor *out = call->out[0];
    int64_t width = in->dims[in->rank - 1];
    tables t;
    if (in->zero_point != 0 || out->zero_point != 0 || out->scale != 0x1p-15f)
        return tnn_exec_malformed(call, err, "16 bits want zero points of 0, and a result of the scale 1/32768");
    tnn_fixed factor = tnn_fixed_from((double)in->scale * (double)beta / (REACH / 65535.0));
    fill_table(t.power, exp, -REACH, 0);
    fill_table(t.inverse, inverse, 0, 1);
    for (int64_t i = 0; width > 0 && i < in->n_elems; i += width)
        softmax_row(&t, (const int16_t *)in->data + i, (int16_t *)out->data + i, width, factor);
    return TNN_OK;
}
