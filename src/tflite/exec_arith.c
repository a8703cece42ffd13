/* The rows of binary operators. */
#include <math.h>

#include "tflite/exec_binary.h"

/* ---- floats ---- */

static float add_real(float x, float y) { return x + y; }
static float sub_real(float x, float y) { return x - y; }
static float mul_real(float x, float y) { return x * y; }
static float div_real(float x, float y) { return x / y; }
static float max_real(float x, float y) { return x > y ? x : y; }
static float min_real(float x, float y) { return x < y ? x : y; }
static float square_real(float x, float y) { return (x - y) * (x - y); }
static float floor_div_real(float x, float y) { return floorf(x / y); }

static float floor_mod_real(float x, float y) {
    float rest = fmodf(x, y);
    return rest != 0 && (rest < 0) != (y < 0) ? rest + y : rest;
}

/* ---- integers; sums and products wrap ---- */

static int64_t add_integer(int64_t x, int64_t y) { return (int64_t)((uint64_t)x + (uint64_t)y); }
static int64_t sub_integer(int64_t x, int64_t y) { return (int64_t)((uint64_t)x - (uint64_t)y); }
static int64_t mul_integer(int64_t x, int64_t y) { return (int64_t)((uint64_t)x * (uint64_t)y); }
static int64_t div_integer(int64_t x, int64_t y) { return y == -1 ? sub_integer(0, x) : x / y; }
static int64_t max_integer(int64_t x, int64_t y) { return x > y ? x : y; }
static int64_t min_integer(int64_t x, int64_t y) { return x < y ? x : y; }
static int64_t square_integer(int64_t x, int64_t y) { return mul_integer(sub_integer(x, y), sub_integer(x, y)); }

static int64_t floor_div_integer(int64_t x, int64_t y) {
    if (y == -1) return sub_integer(0, x);
    return x / y - (x % y != 0 && (x < 0) != (y < 0) ? 1 : 0);
}

static int64_t floor_mod_integer(int64_t x, int64_t y) {
    int64_t rest = y == -1 ? 0 : x % y;
    return rest != 0 && (rest < 0) != (y < 0) ? rest + y : rest;
}

static int64_t pow_integer(int64_t x, int64_t y) {
    int64_t result = 1;
    for (uint64_t n = y > 0 ? (uint64_t)y : 0; n > 0; n >>= 1) {
        if ((n & 1) != 0) result = mul_integer(result, x);
        x = mul_integer(x, x);
    }
    return result;
}

static int64_t and_integer(int64_t x, int64_t y) { return x & y; }
static int64_t or_integer(int64_t x, int64_t y) { return x | y; }
static int64_t xor_integer(int64_t x, int64_t y) { return x ^ y; }
/* Of what is shifted out, the sign is left. */
static int64_t shift_integer(int64_t x, int64_t y) { return x >> (y < 0 ? 0 : y > 63 ? 63 : y); }

/* ---- integers with scales ---- */

static tnn_exec_factors prepare_sum(const tnn_exec_call *call) {
    return tnn_exec_common_scale(call, call->out[0]->dtype == TNN_DTYPE_I16 ? 15 : 20);
}

/* Both operands on one scale. */
static void rescale(const tnn_exec_factors *f, int32_t *x, int32_t *y) {
    *x = tnn_fixed_scale(tnn_fixed_wrap_shift(*x, f->left), f->x);
    *y = tnn_fixed_scale(tnn_fixed_wrap_shift(*y, f->left), f->y);
}

static int32_t add_scaled(const tnn_exec_factors *f, int32_t x, int32_t y) {
    rescale(f, &x, &y);
    return tnn_fixed_scale(tnn_fixed_wrap_add(x, y), f->out);
}

static int32_t sub_scaled(const tnn_exec_factors *f, int32_t x, int32_t y) {
    rescale(f, &x, &y);
    return tnn_fixed_scale(tnn_fixed_wrap_sub(x, y), f->out);
}

static tnn_exec_factors prepare_square(const tnn_exec_call *call) {
    tnn_exec_factors f = tnn_exec_common_scale(call, 7);
    float x = call->in[0]->scale, y = call->in[1]->scale;
    double twice = 2 * (double)(x > y ? x : y);
    f.out = tnn_fixed_from(twice * twice / ((1 << 14) * (double)call->out[0]->scale));
    return f;
}

static int32_t square_scaled(const tnn_exec_factors *f, int32_t x, int32_t y) {
    rescale(f, &x, &y);
    int32_t difference = tnn_fixed_wrap_sub(x, y);
    return tnn_fixed_scale((int32_t)((uint32_t)difference * (uint32_t)difference), f->out);
}

/* The quotients of scales are those of floats. */
static tnn_exec_factors prepare_product(const tnn_exec_call *call) {
    float scale = call->in[0]->scale * call->in[1]->scale / call->out[0]->scale;
    return (tnn_exec_factors){.out = tnn_fixed_from((double)scale)};
}

static int32_t mul_scaled(const tnn_exec_factors *f, int32_t x, int32_t y) {
    return tnn_fixed_scale((int32_t)((uint32_t)x * (uint32_t)y), f->out);
}

static tnn_exec_factors prepare_quotient(const tnn_exec_call *call) {
    float scale = call->in[0]->scale / (call->in[1]->scale * call->out[0]->scale);
    return (tnn_exec_factors){.out = tnn_fixed_from((double)scale)};
}

/* x * (1 / y), x moved to the top of its 32 bits before. */
static int32_t div_scaled(const tnn_exec_factors *f, int32_t x, int32_t y) {
    if (y < 0) {
        x = -x;
        y = -y;
    }
    int over, headroom = tnn_fixed_leading_zeros((uint32_t)(x < 0 ? ~x : x)) - 1;
    int32_t inverse = tnn_fixed_reciprocal(y, 31, &over);
    int32_t quotient = tnn_fixed_high_mul(tnn_fixed_wrap_shift(x, headroom), inverse);
    tnn_fixed factor = {f->out.multiplier, f->out.shift - over - headroom};
    return tnn_fixed_scale(quotient, factor);
}

/* ---- rows ---- */

#define BINARY(name, ...)                                                                          \
    static const tnn_exec_binary name##_row = {__VA_ARGS__};                                       \
    const tnn_exec_row tnn_exec_##name = {tnn_exec_run_binary, 2, 2, 1, &name##_row};

BINARY(ADD, .real = add_real, .integer = add_integer, .has_activation = true, .prepare = prepare_sum,
       .scaled = add_scaled)
BINARY(SUB, .real = sub_real, .integer = sub_integer, .has_activation = true, .prepare = prepare_sum,
       .scaled = sub_scaled)
BINARY(MUL, .real = mul_real, .integer = mul_integer, .has_activation = true, .prepare = prepare_product,
       .scaled = mul_scaled)
BINARY(DIV, .real = div_real, .integer = div_integer, .has_activation = true, .needs_divisor = true,
       .prepare = prepare_quotient, .scaled = div_scaled)
BINARY(MAXIMUM, .real = max_real, .integer = max_integer, .is_of_stored = true)
BINARY(MINIMUM, .real = min_real, .integer = min_integer, .is_of_stored = true)
BINARY(SQUARED_DIFFERENCE, .real = square_real, .integer = square_integer, .prepare = prepare_square,
       .scaled = square_scaled)
BINARY(FLOOR_DIV, .real = floor_div_real, .integer = floor_div_integer, .needs_divisor = true)
BINARY(FLOOR_MOD, .real = floor_mod_real, .integer = floor_mod_integer, .needs_divisor = true)
BINARY(POW, .real = powf, .integer = pow_integer)
BINARY(ATAN2, .real = atan2f)
BINARY(LOGICAL_AND, .integer = and_integer)
BINARY(LOGICAL_OR, .integer = or_integer)
BINARY(BITWISE_XOR, .integer = xor_integer)
BINARY(RIGHT_SHIFT, .integer = shift_integer)
