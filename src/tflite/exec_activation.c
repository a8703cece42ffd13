/* Activations and other functions that LiteRT computes in fixed point for small integers. */
#include <math.h>

#include "tflite/exec_clamp.h"
#include "tflite/exec_fixed.h"
#include "tflite/exec_move.h"
#include "tflite/exec_unary.h"

/* The operand and result of a quantized function, with what the elements share. */
typedef struct scaled_run {
    const tnn_exec_tensor *in;
    tnn_exec_tensor *out;
    tnn_fixed positive, negative; /* factors for x >= 0 and for the others */
    tnn_exec_bounds bounds;
} scaled_run;

static tnn_status begin(const tnn_exec_call *call, scaled_run *run, tnn_error *err) {
    *run = (scaled_run){.in = call->in[0], .out = call->out[0]};
    TNN_TRY(tnn_exec_need_same_type(call, run->in, run->out, err));
    TNN_TRY(tnn_exec_need_same_shape(call, run->in, run->out, err));
    if (run->in->dtype != TNN_DTYPE_F32 && !tnn_exec_is_quantized(run->in)) return tnn_exec_no_kernel(call, run->in, err);
    TNN_TRY(tnn_exec_need_scale(call, run->in, err));
    TNN_TRY(tnn_exec_need_scale(call, run->out, err));
    run->positive = run->negative = tnn_fixed_from((double)(run->in->scale / run->out->scale));
    run->bounds = tnn_exec_bounds_between(run->out, -INFINITY, INFINITY);
    return TNN_OK;
}

static int32_t stored(const scaled_run *run, int64_t i) {
    return (int32_t)tnn_elem_integer(run->in->data, run->in->dtype, i) - run->in->zero_point;
}

static void store(const scaled_run *run, int64_t i, int64_t x) {
    int32_t value = tnn_fixed_clamp(x + run->out->zero_point, run->bounds.first, run->bounds.last);
    tnn_elem_set_integer(run->out->data, run->out->dtype, i, value);
}

/* ---- bounds ---- */

typedef struct relu_limits {
    float low, high;
} relu_limits;

static tnn_status run_relu(const tnn_exec_call *call, tnn_error *err) {
    const relu_limits *limits = call->data;
    scaled_run run;
    TNN_TRY(begin(call, &run, err));
    run.bounds = tnn_exec_bounds_between(run.out, limits->low, limits->high);
    for (int64_t i = 0; i < run.in->n_elems; i++) {
        if (run.in->dtype == TNN_DTYPE_F32)
            ((float *)run.out->data)[i] = tnn_exec_clamp(((const float *)run.in->data)[i], &run.bounds);
        else store(&run, i, tnn_fixed_scale(stored(&run, i), run.positive));
    }
    return TNN_OK;
}

#define RELU(name, low, high)                                                                      \
    static const relu_limits name##_limits = {low, high};                                          \
    const tnn_exec_row tnn_exec_##name = {run_relu, 1, 1, 1, &name##_limits};

RELU(RELU, 0, INFINITY)
RELU(RELU6, 0, 6)
RELU(RELU_0_TO_1, 0, 1)
RELU(RELU_N1_TO_1, -1, 1)

/* ---- slopes ---- */

static tnn_status run_leaky_relu(const tnn_exec_call *call, tnn_error *err) {
    float alpha = (float)tnn_fb_number(call->options, "alpha");
    scaled_run run;
    TNN_TRY(begin(call, &run, err));
    run.negative = tnn_fixed_from((double)(run.in->scale * alpha / run.out->scale));
    for (int64_t i = 0; i < run.in->n_elems; i++) {
        if (run.in->dtype == TNN_DTYPE_F32) {
            float x = ((const float *)run.in->data)[i];
            ((float *)run.out->data)[i] = x > 0 ? x : x * alpha;
        } else {
            int32_t x = stored(&run, i);
            store(&run, i, tnn_fixed_scale(x, x >= 0 ? run.positive : run.negative));
        }
    }
    return TNN_OK;
}

const tnn_exec_row tnn_exec_LEAKY_RELU = {run_leaky_relu, 1, 1, 1, NULL};

static tnn_status run_prelu(const tnn_exec_call *call, tnn_error *err) {
    const tnn_exec_tensor *alpha = call->in[1];
    tnn_exec_side sides[2];
    scaled_run run;
    TNN_TRY(begin(call, &run, err));
    TNN_TRY(tnn_exec_need_same_type(call, run.in, alpha, err));
    if (run.in->dtype == TNN_DTYPE_I16) return tnn_exec_no_kernel(call, run.in, err);
    TNN_TRY(tnn_exec_need_scale(call, alpha, err));
    TNN_TRY(tnn_exec_broadcast(call, 2, sides, err));
    run.negative = tnn_fixed_from((double)(run.in->scale * alpha->scale / run.out->scale));
    tnn_exec_loops loops = tnn_exec_loops_over(run.out);
    int64_t index[TNN_EXEC_MAX_LOOPS] = {0}, at[2] = {0, 0};
    for (int64_t i = 0; i < run.out->n_elems; i++) {
        if (run.in->dtype == TNN_DTYPE_F32) {
            float x = ((const float *)run.in->data)[at[0]];
            ((float *)run.out->data)[i] = x >= 0 ? x : x * ((const float *)alpha->data)[at[1]];
        } else {
            int32_t x = stored(&run, at[0]);
            int32_t slope = (int32_t)tnn_elem_integer(alpha->data, alpha->dtype, at[1]) - alpha->zero_point;
            store(&run, i, x >= 0 ? tnn_fixed_scale(x, run.positive) : tnn_fixed_scale(x * slope, run.negative));
        }
        tnn_exec_next(&loops, index, 2, sides, at);
    }
    return TNN_OK;
}

const tnn_exec_row tnn_exec_PRELU = {run_prelu, 2, 2, 1, NULL};

/* ---- ABS, SQRT, RSQRT ---- */

static int64_t abs_integer(int64_t x) { return x < 0 ? (int64_t)(0 - (uint64_t)x) : x; }

static tnn_status run_abs(const tnn_exec_call *call, tnn_error *err) {
    static const tnn_exec_unary plain = {.real = fabsf, .integer = abs_integer};
    if (!tnn_exec_is_quantized(call->in[0])) return tnn_exec_run_function(call, &plain, err);
    scaled_run run;
    TNN_TRY(begin(call, &run, err));
    bool is_same = run.in->scale == run.out->scale;
    for (int64_t i = 0; i < run.in->n_elems; i++) {
        int32_t x = (int32_t)abs_integer(stored(&run, i));
        store(&run, i, is_same ? x : tnn_fixed_scale(x, run.positive));
    }
    return TNN_OK;
}

const tnn_exec_row tnn_exec_ABS = {run_abs, 1, 1, 1, NULL};

static tnn_status negative_root(const tnn_exec_call *call, tnn_error *err) {
    return tnn_fail(err, TNN_ERR_INVALID, call->where, "the root of a negative number");
}

/* In floats, and cut off instead of rounded. */
static tnn_status run_sqrt(const tnn_exec_call *call, tnn_error *err) {
    static const tnn_exec_unary plain = {.real = sqrtf};
    if (call->in[0]->dtype != TNN_DTYPE_I8) return tnn_exec_run_function(call, &plain, err);
    scaled_run run;
    TNN_TRY(begin(call, &run, err));
    for (int64_t i = 0; i < run.in->n_elems; i++) {
        int32_t x = stored(&run, i);
        if (x < 0) return negative_root(call, err);
        float root = sqrtf(run.in->scale * (float)x) / run.out->scale;
        store(&run, i, (int64_t)fminf(root, 255));
    }
    return TNN_OK;
}

const tnn_exec_row tnn_exec_SQRT = {run_sqrt, 1, 1, 1, NULL};

static float rsqrt_real(float x) { return 1 / sqrtf(x); }

static tnn_status run_rsqrt(const tnn_exec_call *call, tnn_error *err) {
    enum { SHIFT = 20 }; /* keeps the root an integer */
    static const tnn_exec_unary plain = {.real = rsqrt_real};
    if (call->in[0]->dtype != TNN_DTYPE_I8) return tnn_exec_run_function(call, &plain, err);
    scaled_run run;
    TNN_TRY(begin(call, &run, err));
    tnn_fixed factor = tnn_fixed_from(1.0 / (double)(sqrtf(run.in->scale) * run.out->scale));
    factor.shift -= SHIFT;
    for (int64_t i = 0; i < run.in->n_elems; i++) {
        int32_t x = stored(&run, i);
        if (x < 0) return negative_root(call, err);
        tnn_fixed root = tnn_fixed_inverse_sqrt(x);
        root.shift += SHIFT;
        store(&run, i, x == 0 ? INT8_MAX - run.out->zero_point : tnn_fixed_scale(tnn_fixed_scale(1, root), factor));
    }
    return TNN_OK;
}

const tnn_exec_row tnn_exec_RSQRT = {run_rsqrt, 1, 1, 1, NULL};

/* ---- HARD_SWISH: x * relu6(x + 3) / 6 in 16 bits ---- */

static int16_t saturate16(int64_t x) { return (int16_t)tnn_fixed_clamp(x, INT16_MIN, INT16_MAX); }

/* 2ab / 2^16, rounded half away from zero. */
static int16_t high_mul16(int16_t a, int16_t b) {
    int32_t product = (int32_t)a * b, half = product >= 0 ? 1 << 14 : 1 - (1 << 14);
    return saturate16((product + half) / (1 << 15));
}

static int16_t narrow_multiplier(int32_t multiplier) {
    return saturate16(((int64_t)multiplier + (1 << 15)) >> 16);
}

typedef struct swish_factors {
    int16_t out, relu;          /* multipliers */
    int out_shift, relu_shift;
} swish_factors;

/* The scales' quotients are those of floats: of the result, and of 3 / 2^15, on which relu6(x + 3) - 3 is one. */
static swish_factors swish_factors_of(const scaled_run *run) {
    float fine = run->in->scale / 128;
    tnn_fixed out = tnn_fixed_from((double)(fine / run->out->scale));
    tnn_fixed relu = tnn_fixed_from((double)(fine / (3.0f / 32768.0f)));
    return (swish_factors){narrow_multiplier(out.multiplier), narrow_multiplier(relu.multiplier), out.shift, relu.shift};
}

/* x in [-3, 3] as 0 to 32767 of 32768. */
static int16_t swish_gate(int16_t fine, const swish_factors *f) {
    int16_t gate = fine;
    if (f->relu_shift > 0) gate = saturate16((int64_t)gate * (INT64_C(1) << (f->relu_shift - 1)));
    gate = high_mul16(gate, f->relu);
    if (f->relu_shift > 0) gate = saturate16((int64_t)gate * 2);
    if (f->relu_shift < 0) gate = (int16_t)tnn_fixed_round_shift(gate, -f->relu_shift);
    return (int16_t)((gate + (1 << 15)) >> 1);
}

static float hard_swish_real(float x) { return x * fminf(6, fmaxf(0, x + 3)) / 6; }

static tnn_status run_hard_swish(const tnn_exec_call *call, tnn_error *err) {
    static const tnn_exec_unary plain = {.real = hard_swish_real};
    const tnn_exec_tensor *in = call->in[0];
    if (in->dtype != TNN_DTYPE_I8 && in->dtype != TNN_DTYPE_U8) return tnn_exec_run_function(call, &plain, err);
    scaled_run run;
    TNN_TRY(begin(call, &run, err));
    swish_factors f = swish_factors_of(&run);
    if (f.out_shift > 0) return tnn_exec_malformed(call, err, "the result's scale is too small for LiteRT");
    for (int64_t i = 0; i < in->n_elems; i++) {
        int16_t fine = (int16_t)(uint16_t)((uint32_t)stored(&run, i) << 7);
        int32_t product = (int32_t)swish_gate(fine, &f) * high_mul16(fine, f.out) / (1 << 15);
        int32_t result = tnn_fixed_round_shift(product, -f.out_shift);
        store(&run, i, result);
    }
    return TNN_OK;
}

const tnn_exec_row tnn_exec_HARD_SWISH = {run_hard_swish, 1, 1, 1, NULL};
