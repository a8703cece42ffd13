/* LOGISTIC and TANH. Of 16 bits LiteRT takes the nearest of 256 values of the logistic function, and what lies between two of
 * them from the line through both: tanh(x) = 2 logistic(2x) - 1. */
#include <math.h>
#include <stdlib.h>

#include "tflite/exec_unary.h"

#define TABLE 256
#define STEPS 24 /* of the table for a difference of 1 */

static float logistic(float x) { return 1.0f / (1.0f + expf(-x)); }

static const tnn_exec_unary logistic_row = {.real = logistic, .has_int8 = true, .has_uint8 = true};
static const tnn_exec_unary tanh_row = {.real = tanhf, .has_int8 = true, .has_uint8 = true};

static double logistic_16_bits(double k) { return 0x1p16 / (1 + exp(-k / STEPS)); }

/* logistic(k / STEPS) in Q0.16, moved by half of the line's error in the middle; the last is 1. */
static void fill_table(uint32_t *table) {
    for (int k = 0; k < TABLE - 1; k++) {
        double here = logistic_16_bits(k), line = (here + logistic_16_bits(k + 1)) / 2;
        table[k] = (uint32_t)round(here - (line - logistic_16_bits(k + 0.5)) / 2);
    }
    table[TABLE - 1] = UINT16_MAX;
}

/* How an operand becomes steps of 1 / (3 * 4096). */
typedef struct steps {
    int32_t multiplier;
    int shift;
} steps;

/* Scales of 2^-12 times powers of two up are exact, others have 15 bits. */
static steps steps_of(float scale) {
    int exponent;
    bool is_power = frexpf(scale, &exponent) == 0.5f;
    if (is_power && exponent - 1 == -12) return (steps){3, 0};
    double real = (double)scale * 4096 * 3;
    steps s = {0, 0};
    for (; real <= 32767.0 / 2 && s.shift <= 30; s.shift++) real *= 2;
    s.multiplier = (int16_t)fmin(real, INT16_MAX);
    return s;
}

static int32_t scaled(int64_t x, steps s) {
    int64_t half = s.shift > 0 ? INT64_C(1) << (s.shift - 1) : 0;
    return (int32_t)((x * s.multiplier + half) >> s.shift);
}

/* Between two values of the table, of which each has 2^bits steps; `last` from its end on. */
static int32_t between(const uint32_t *table, int32_t x, int bits, int32_t last) {
    uint32_t size = (uint32_t)abs(x), at = size >> bits, rest = size & ((1u << bits) - 1);
    if (at >= TABLE - 1) return last;
    return (int32_t)((table[at] << bits) + rest * (table[at + 1] - table[at]));
}

static int32_t logistic_16(const uint32_t *table, int32_t x) {
    int32_t result = between(table, x, 9, 0x7fff << 10);
    return (x >= 0 ? result + (1 << 9) : (1 << 25) - result + (1 << 9) - 1) >> 10;
}

static int32_t tanh_16(const uint32_t *table, int32_t x) {
    int32_t result = between(table, x, 8, 0xffff << 8);
    return (x >= 0 ? result - (1 << 23) + (1 << 7) : -result + (1 << 23) + (1 << 7) - 1) >> 8;
}

static tnn_status run_16(const tnn_exec_call *call, int32_t (*function)(const uint32_t *table, int32_t x), tnn_error *err) {
    const tnn_exec_tensor *in = call->in[0];
    tnn_exec_tensor *out = call->out[0];
    uint32_t table[TABLE];
    TNN_TRY(tnn_exec_need_same_type(call, in, out, err));
    TNN_TRY(tnn_exec_need_same_shape(call, in, out, err));
    TNN_TRY(tnn_exec_need_scale(call, in, err));
    if (in->zero_point != 0 || out->zero_point != 0 || out->scale != 0x1p-15f)
        return tnn_exec_malformed(call, err, "16 bits want zero points of 0, and a result of the scale 1/32768");
    steps s = steps_of(in->scale);
    fill_table(table);
    for (int64_t i = 0; i < in->n_elems; i++)
        ((int16_t *)out->data)[i] = (int16_t)function(table, scaled(((const int16_t *)in->data)[i], s));
    return TNN_OK;
}

static tnn_status run_logistic(const tnn_exec_call *call, tnn_error *err) {
    bool is_16 = call->in[0]->dtype == TNN_DTYPE_I16;
    return is_16 ? run_16(call, logistic_16, err) : tnn_exec_run_function(call, &logistic_row, err);
}

static tnn_status run_tanh(const tnn_exec_call *call, tnn_error *err) {
    bool is_16 = call->in[0]->dtype == TNN_DTYPE_I16;
    return is_16 ? run_16(call, tanh_16, err) : tnn_exec_run_function(call, &tanh_row, err);
}

const tnn_exec_row tnn_exec_LOGISTIC = {run_logistic, 1, 1, 1, NULL};
const tnn_exec_row tnn_exec_TANH = {run_tanh, 1, 1, 1, NULL};
