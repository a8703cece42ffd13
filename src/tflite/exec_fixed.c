#include "tflite/exec_fixed.h"

#include <math.h>

/* ---- factors ---- */

tnn_fixed tnn_fixed_from(double real) {
    tnn_fixed none = {0, 0};
    if (isnan(real) || real == 0) return none;
    if (real >= 0x1p31) return (tnn_fixed){INT32_MAX, 31};
    int shift;
    int64_t multiplier = (int64_t)round(frexp(real, &shift) * 0x1p31);
    if (multiplier == INT64_C(1) << 31) {
        multiplier /= 2;
        shift++;
    }
    if (shift < -31) return none;
    return (tnn_fixed){(int32_t)multiplier, shift};
}

int32_t tnn_fixed_high_mul(int32_t a, int32_t b) {
    if (a == INT32_MIN && b == INT32_MIN) return INT32_MAX;
    int64_t product = (int64_t)a * b;
    int64_t half = product >= 0 ? 1 << 30 : 1 - (1 << 30);
    return (int32_t)((product + half) / (INT64_C(1) << 31));
}

int32_t tnn_fixed_round_shift(int32_t x, int exponent) {
    if (exponent > 32) return 0;
    int64_t mask = (INT64_C(1) << exponent) - 1, rest = x & mask;
    int64_t threshold = (mask >> 1) + (x < 0 ? 1 : 0);
    return (int32_t)(((int64_t)x >> exponent) + (rest > threshold ? 1 : 0));
}

int32_t tnn_fixed_scale(int32_t x, tnn_fixed factor) {
    int left = factor.shift > 0 ? factor.shift : 0;
    int32_t product = tnn_fixed_high_mul(tnn_fixed_wrap_shift(x, left), factor.multiplier);
    return tnn_fixed_round_shift(product, left - factor.shift);
}

int32_t tnn_fixed_scale_64(int64_t x, tnn_fixed factor) {
    int64_t multiplier = factor.multiplier < 0x7FFF0000 ? (factor.multiplier + (1 << 15)) >> 16 : 0x7FFF;
    int shift = 15 - factor.shift;
    if (shift < 1) return (int32_t)((uint64_t)x * (uint64_t)multiplier << (shift < -48 ? 63 : -shift));
    uint64_t sum = (uint64_t)x * (uint64_t)multiplier + (UINT64_C(1) << (shift - 1));
    return (int32_t)((int64_t)sum >> shift);
}

int tnn_fixed_leading_zeros(uint32_t x) {
    int n = 0;
    for (uint32_t bit = UINT32_C(1) << 31; bit != 0 && (x & bit) == 0; bit >>= 1) n++;
    return n;
}

/* ---- numbers in Qm.n ---- */

/* x * 2^bits, saturating. */
static int32_t shift_up(int32_t x, int bits) {
    int64_t wide = (int64_t)x * (INT64_C(1) << bits), threshold = (INT64_C(1) << (31 - bits)) - 1;
    if (x > threshold) return INT32_MAX;
    if (x < -threshold) return INT32_MIN;
    return (int32_t)wide;
}

static int32_t mul(int32_t a, int32_t b) { return tnn_fixed_high_mul(a, b); }
static int32_t add(int32_t a, int32_t b) { return tnn_fixed_wrap_add(a, b); }
static int32_t sub(int32_t a, int32_t b) { return tnn_fixed_wrap_sub(a, b); }

static int32_t half_sum(int32_t a, int32_t b) {
    int64_t sum = (int64_t)a + b;
    return (int32_t)((sum + (sum >= 0 ? 1 : -1)) / 2);
}

static int32_t saturate(int64_t x) { return tnn_fixed_clamp(x, INT32_MIN, INT32_MAX); }

/* e^x for x in [-1/4, 0), Q0.31, by its series around -1/8. */
static int32_t exp_near_zero(int32_t x) {
    const int32_t exp_eighth = 1895147668, third = 715827883; /* e^-1/8, 1/3 */
    int32_t a = add(x, 1 << 28);
    int32_t a2 = mul(a, a), a3 = mul(a2, a), a4_4 = tnn_fixed_round_shift(mul(a2, a2), 2);
    int32_t tail = tnn_fixed_round_shift(add(mul(add(a4_4, a3), third), a2), 1);
    return add(exp_eighth, mul(exp_eighth, add(a, tail)));
}

/* x = q - r with q in [-1/4, 0) and r a sum of powers of two from 1/4 to 16, each of which has its factor. */
int32_t tnn_fixed_exp(int32_t x) {
    static const int32_t factors[] = {/* e^-1/4, e^-1/2, e^-1, … e^-16 */
                                      1672461947, 1302514674, 790015084, 290630308, 39332535, 720401, 242};
    if (x == 0) return INT32_MAX;
    const int32_t quarter = 1 << 24;
    int32_t q = (x & (quarter - 1)) - quarter, r = sub(q, x);
    int32_t result = exp_near_zero(shift_up(q, 5));
    for (int i = 0; i < 7; i++)
        if ((r & (quarter << i)) != 0) result = mul(result, factors[i]);
    return result;
}

/* Newton's iteration for the reciprocal of (1 + x) / 2. */
int32_t tnn_fixed_one_over_one_plus(int32_t x) {
    const int32_t one_q2 = 1 << 29;
    int32_t d = half_sum(x, INT32_MAX);
    int32_t y = add(1515870810, mul(d, -1010580540)); /* 48/17 - 32/17 d, Q2.29 */
    for (int i = 0; i < 3; i++) y = add(y, shift_up(mul(y, sub(one_q2, mul(d, y))), 2));
    return shift_up(y, 1);
}

int32_t tnn_fixed_reciprocal(int32_t x, int integer_bits, int *over) {
    int zeros = tnn_fixed_leading_zeros((uint32_t)x);
    *over = integer_bits - zeros;
    uint32_t mantissa = zeros > 31 ? 0 : (uint32_t)x << zeros;
    return tnn_fixed_one_over_one_plus((int32_t)(mantissa - (UINT32_C(1) << 31)));
}

/* How far ln z is from its series' centre: p, q and r of z = 2^k r. Two candidates for k, by z and by z / sqrt 2; the one
 * with the smaller r wins. */
typedef struct log_parts {
    int32_t r;     /* Q0.31, in [1/2, sqrt 1/2] */
    int32_t power; /* k and its quarter, Q6.25 */
} log_parts;

static log_parts split_log(int32_t z) {
    const int32_t sqrt_half = 1518500250, quarter_q6 = 1 << 23;
    int zeros_a = tnn_fixed_leading_zeros((uint32_t)z);
    int32_t r_a = shift_up(mul(shift_up(z, zeros_a - 1), sqrt_half), 1);
    int32_t power_a = saturate((int64_t)shift_up(12 - zeros_a, 25) + quarter_q6);
    int zeros_b = tnn_fixed_leading_zeros((uint32_t)mul(z, sqrt_half)) - 1;
    int32_t r_b = shift_up(z, zeros_b);
    int32_t power_b = saturate((int64_t)shift_up(12 - zeros_b, 25) - quarter_q6);
    return (log_parts){r_a < r_b ? r_a : r_b, power_a > power_b ? power_a : power_b};
}

int32_t tnn_fixed_log(int32_t x) {
    const int32_t ln_2 = 1488522236, root = 1805811301; /* root: 2^-1/4 */
    const int32_t alpha_n = 117049297, alpha_d = 127690142, alpha_i = 1057819769, alpha_f = 638450708;
    log_parts parts = split_log(x);
    int32_t p = half_sum(parts.r, root), q = sub(parts.r, root);
    q = add(q, q);
    int32_t q2 = mul(q, q);
    int32_t numerator = add(mul(q, parts.r), mul(mul(q, q2), alpha_n));
    int32_t denominator = add(mul(p, add(add(alpha_i, q), mul(alpha_d, q2))), mul(alpha_f, q));
    int32_t ratio = mul(tnn_fixed_round_shift(numerator, 6), tnn_fixed_one_over_one_plus(denominator));
    return shift_up(add(mul(parts.power, ln_2), ratio), 1);
}

/* Newton's iteration in Q3.28 from 1, with the input scaled by powers of four to [1/2, 2). */
tnn_fixed tnn_fixed_inverse_sqrt(int32_t x) {
    if (x <= 1) return (tnn_fixed){INT32_MAX, 0};
    int shift = 11;
    for (; x >= 1 << 29; x /= 4) shift++;
    int pairs = (tnn_fixed_leading_zeros((uint32_t)x) - 1) / 2 - 1;
    shift -= pairs;
    int32_t in = (x << 2 * pairs) >> 1, half_in = tnn_fixed_round_shift(in, 1);
    const int32_t three_halves = (1 << 28) + (1 << 27), half_sqrt_2 = 1518500250;
    int32_t y = 1 << 28;
    for (int i = 0; i < 5; i++) {
        int32_t cube = shift_up(mul(mul(y, y), y), 6);
        y = shift_up(sub(mul(three_halves, y), mul(half_in, cube)), 3);
    }
    y = mul(y, half_sqrt_2);
    if (shift < 0) {
        y = tnn_fixed_wrap_shift(y, -shift);
        shift = 0;
    }
    return (tnn_fixed){y, -shift};
}
