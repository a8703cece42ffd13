/* Fixed-point arithmetic as LiteRT's reference kernels do it, bit for bit: two roundings in most rescalings (the build flag
 * TFLITE_SINGLE_ROUNDING is off in the released wheels), saturation where they saturate, wrapping where they wrap.
 *
 * Qm.n: a signed integer of 32 bits with m integer bits and n = 31 - m bits behind the point.
 * Source: gemmlowp's fixedpoint.h as a definition of the operations. */
#ifndef TNN_TFLITE_EXEC_FIXED_H
#define TNN_TFLITE_EXEC_FIXED_H

#include <stdint.h>

/* A real factor, multiplier * 2^(shift - 31). */
typedef struct tnn_fixed {
    int32_t multiplier; /* 2^30 to 2^31 - 1, or 0 */
    int shift;          /* -31 and up */
} tnn_fixed;

/* The nearest; 0 for what is smaller than 2^-32 and for NaN, the largest for what is too large. */
tnn_fixed tnn_fixed_from(double real);

/* x * factor, rounded twice, half away from zero: the product, then its right shift. A left shift wraps. */
int32_t tnn_fixed_scale(int32_t x, tnn_fixed factor);
/* For sums of 64 bits: the multiplier is first cut to 16 bits, the product rounded once half up. */
int32_t tnn_fixed_scale_64(int64_t x, tnn_fixed factor);

/* 2 * a * b / 2^32, rounded half away from zero; saturates. */
int32_t tnn_fixed_high_mul(int32_t a, int32_t b);
/* x / 2^exponent, rounded half away from zero; exponent at least 0. */
int32_t tnn_fixed_round_shift(int32_t x, int exponent);

static inline int32_t tnn_fixed_wrap_add(int32_t a, int32_t b) { return (int32_t)((uint32_t)a + (uint32_t)b); }
static inline int32_t tnn_fixed_wrap_sub(int32_t a, int32_t b) { return (int32_t)((uint32_t)a - (uint32_t)b); }
/* Left; more than 31 bits leave nothing. */
static inline int32_t tnn_fixed_wrap_shift(int32_t x, int bits) { return bits > 31 ? 0 : (int32_t)((uint32_t)x << bits); }

static inline int32_t tnn_fixed_clamp(int64_t x, int64_t low, int64_t high) {
    return (int32_t)(x < low ? low : x > high ? high : x);
}

/* Leading zero bits; 32 for 0. */
int tnn_fixed_leading_zeros(uint32_t x);

/* e^x for x <= 0 in Q5.26; the result in Q0.31. */
int32_t tnn_fixed_exp(int32_t x);
/* 1 / (1 + x) for x in [0, 1], both Q0.31. */
int32_t tnn_fixed_one_over_one_plus(int32_t x);
/* 1 / x as a result in Q0.31 times 2^-over, x > 0 with `integer_bits` integer bits. */
int32_t tnn_fixed_reciprocal(int32_t x, int integer_bits, int *over);
/* ln x for x >= 1 in Q12.19; the result in Q5.26. */
int32_t tnn_fixed_log(int32_t x);
/* 1 / sqrt(x), x >= 0; of 0 as of 1. */
tnn_fixed tnn_fixed_inverse_sqrt(int32_t x);

#endif
