/* Operators of one operand, element by element. Of floats the function is called for each; of integers with scales it
 * is tabulated, as LiteRT does for 8 bits. */
#include <math.h>

#include "tflite/exec_unary.h"

static float elu(float x) { return x < 0 ? expm1f(x) : x; }
static float square(float x) { return x * x; }
static float negate(float x) { return -x; }
static float sign(float x) { return x < 0 ? -1.0f : x > 0 ? 1.0f : x; }
static float gelu(float x) { return 0.5f * x * erfcf(x * -0.70710678f); }
/* sqrt(2 / pi) (x + 0.044715 x^3) */
static float gelu_of_tanh(float x) { return 0.5f * x * (1 + tanhf(0.7978846f * (x + 0.044715f * x * x * x))); }

/* Half to even, as the default rounding does. */
static float round_even(float x) { return nearbyintf(x); }

/* ---- tables ---- */

/* The stored result of each stored operand; sums and products are those of floats. */
static void fill_table(int32_t *table, const tnn_exec_tensor *in, const tnn_exec_tensor *out, float (*real)(float)) {
    int32_t first = (int32_t)tnn_exec_type_min(in->dtype), last = (int32_t)tnn_exec_type_max(in->dtype);
    float inverse = 1 / out->scale;
    for (int32_t x = first; x <= last; x++) {
        float value = real(in->scale * (float)(x - in->zero_point));
        float stored = roundf(value * inverse) + (float)out->zero_point;
        table[x - first] = stored <= (float)first ? first : stored >= (float)last ? last : (int32_t)stored;
    }
}

static tnn_status run_table(const tnn_exec_call *call, float (*real)(float), tnn_error *err) {
    const tnn_exec_tensor *in = call->in[0];
    tnn_exec_tensor *out = call->out[0];
    int32_t table[256], first = (int32_t)tnn_exec_type_min(in->dtype);
    TNN_TRY(tnn_exec_need_scale(call, in, err));
    TNN_TRY(tnn_exec_need_scale(call, out, err));
    fill_table(table, in, out, real);
    for (int64_t i = 0; i < in->n_elems; i++)
        tnn_elem_set_integer(out->data, out->dtype, i, table[tnn_elem_integer(in->data, in->dtype, i) - first]);
    return TNN_OK;
}

/* ---- all types ---- */

static bool has_table(const tnn_exec_unary *row, const tnn_exec_tensor *in) {
    return (in->dtype == TNN_DTYPE_I8 && row->has_int8) || (in->dtype == TNN_DTYPE_U8 && row->has_uint8);
}

tnn_status tnn_exec_run_function(const tnn_exec_call *call, const tnn_exec_unary *row, tnn_error *err) {
    const tnn_exec_tensor *in = call->in[0];
    tnn_exec_tensor *out = call->out[0];
    TNN_TRY(tnn_exec_need_same_type(call, in, out, err));
    TNN_TRY(tnn_exec_need_same_shape(call, in, out, err));
    if (has_table(row, in)) return run_table(call, row->real, err);
    const float *x = in->data;
    if (in->dtype == TNN_DTYPE_F32 && row->real != NULL) {
        for (int64_t i = 0; i < in->n_elems; i++) ((float *)out->data)[i] = row->real(x[i]);
    } else if (!tnn_dtype_is_float(in->dtype) && !tnn_exec_is_quantized(in) && row->integer != NULL) {
        for (int64_t i = 0; i < in->n_elems; i++)
            tnn_elem_set_integer(out->data, out->dtype, i, row->integer(tnn_elem_integer(in->data, in->dtype, i)));
    } else {
        return tnn_exec_no_kernel(call, in, err);
    }
    return TNN_OK;
}

static tnn_status run_unary(const tnn_exec_call *call, tnn_error *err) {
    return tnn_exec_run_function(call, call->data, err);
}

static int64_t negate_integer(int64_t x) { return (int64_t)(0 - (uint64_t)x); }
static int64_t square_integer(int64_t x) { return (int64_t)((uint64_t)x * (uint64_t)x); }
static int64_t sign_integer(int64_t x) { return (x > 0) - (x < 0); }
static int64_t not_integer(int64_t x) { return !x; }

#define UNARY(name, ...)                                                                           \
    static const tnn_exec_unary name##_row = {__VA_ARGS__};                                        \
    const tnn_exec_row tnn_exec_##name = {run_unary, 1, 1, 1, &name##_row};

UNARY(CEIL, .real = ceilf)
UNARY(COS, .real = cosf)
UNARY(ELU, .real = elu, .has_int8 = true)
UNARY(EXP, .real = expf, .has_int8 = true)
UNARY(FLOOR, .real = floorf)
UNARY(LOGICAL_NOT, .integer = not_integer)
UNARY(NEG, .real = negate, .integer = negate_integer)
UNARY(ROUND, .real = round_even)
UNARY(SIGN, .real = sign, .integer = sign_integer)
UNARY(SIN, .real = sinf)
UNARY(SQUARE, .real = square, .integer = square_integer)

static tnn_status run_gelu(const tnn_exec_call *call, tnn_error *err) {
    bool approximate = tnn_fb_int(call->options, "approximate") != 0;
    tnn_exec_unary row = {.real = approximate ? gelu_of_tanh : gelu, .has_int8 = true, .has_uint8 = true};
    return tnn_exec_run_function(call, &row, err);
}

const tnn_exec_row tnn_exec_GELU = {run_gelu, 1, 1, 1, NULL};

/* ---- LOG, whose table has the least number where there is no logarithm ---- */

static float log_or_least(float x) { return x <= 0 ? -INFINITY : logf(x); }

static tnn_status run_log(const tnn_exec_call *call, tnn_error *err) {
    tnn_exec_unary row = {.real = call->in[0]->dtype == TNN_DTYPE_F32 ? logf : log_or_least, .has_int8 = true};
    return tnn_exec_run_function(call, &row, err);
}

const tnn_exec_row tnn_exec_LOG = {run_log, 1, 1, 1, NULL};
