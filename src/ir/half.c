/* float16 and bfloat16: a sign, an exponent, a fraction, as IEEE 754 lays them out. */
#include <string.h>

#include "ir/elems.h"

#define DOUBLE_FRACTION 52
#define DOUBLE_BIAS 1023
#define DOUBLE_MAX_EXPONENT 0x7FF
#define F16_FRACTION 10
#define F16_EXPONENT 5
#define BF16_FRACTION 7
#define BF16_EXPONENT 8

static uint64_t bits_of(double value) {
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static double double_of(uint64_t bits) {
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* `significand` without its last `drop` bits, rounded half to even; drop is 1 to 63. */
static uint64_t round_off(uint64_t significand, int drop) {
    uint64_t kept = significand >> drop;
    uint64_t rest = significand & ((UINT64_C(1) << drop) - 1);
    uint64_t half = UINT64_C(1) << (drop - 1);
    return kept + (rest > half || (rest == half && (kept & 1) != 0));
}

/* The bits without sign of a format with `n_fraction` and `n_exponent` bits. */
static uint64_t narrow(uint64_t magnitude, int n_fraction, int n_exponent) {
    uint64_t fraction = magnitude & ((UINT64_C(1) << DOUBLE_FRACTION) - 1);
    int max_exponent = (1 << n_exponent) - 1;
    uint64_t infinity = (uint64_t)max_exponent << n_fraction;
    int exponent = (int)(magnitude >> DOUBLE_FRACTION);
    if (exponent == DOUBLE_MAX_EXPONENT && fraction != 0) return infinity | UINT64_C(1) << (n_fraction - 1);
    exponent += max_exponent / 2 - DOUBLE_BIAS;
    if (exponent >= max_exponent) return infinity;
    int drop = DOUBLE_FRACTION - n_fraction + (exponent <= 0 ? 1 - exponent : 0);
    if (drop > DOUBLE_FRACTION + 1) return 0; /* below half of the smallest subnormal */
    uint64_t rounded = round_off(fraction | UINT64_C(1) << DOUBLE_FRACTION, drop);
    /* The leading bit of a normal number adds 1 to the exponent, and so does a carry, up to infinity. */
    return exponent <= 0 ? rounded : rounded + ((uint64_t)(exponent - 1) << n_fraction);
}

static uint16_t from_double(double value, int n_fraction, int n_exponent) {
    uint64_t bits = bits_of(value);
    uint64_t sign = bits >> 63 << 15;
    return (uint16_t)(sign | narrow(bits & (UINT64_MAX >> 1), n_fraction, n_exponent));
}

uint16_t tnn_f16_from_double(double value) {
    return from_double(value, F16_FRACTION, F16_EXPONENT);
}

uint16_t tnn_bf16_from_double(double value) {
    return from_double(value, BF16_FRACTION, BF16_EXPONENT);
}

double tnn_f16_to_double(uint16_t bits) {
    uint64_t sign = (uint64_t)(bits >> 15) << 63;
    uint64_t exponent = bits >> F16_FRACTION & 0x1F;
    uint64_t fraction = bits & 0x3FF;
    if (exponent == 0) return double_of(sign | bits_of((double)fraction * 0x1p-24));
    uint64_t wide = exponent == 0x1F ? DOUBLE_MAX_EXPONENT : exponent + DOUBLE_BIAS - 15;
    return double_of(sign | wide << DOUBLE_FRACTION | fraction << (DOUBLE_FRACTION - F16_FRACTION));
}

double tnn_bf16_to_double(uint16_t bits) {
    uint32_t wide = (uint32_t)bits << 16; /* the upper half of a float32 */
    float value;
    memcpy(&value, &wide, sizeof value);
    return (double)value;
}

void tnn_f16_to_doubles(double *out, const void *in, int64_t n) {
    for (int64_t i = 0; i < n; i++) {
        uint16_t bits;
        memcpy(&bits, (const uint8_t *)in + i * 2, sizeof bits);
        out[i] = tnn_f16_to_double(bits);
    }
}

void tnn_bf16_to_doubles(double *out, const void *in, int64_t n) {
    for (int64_t i = 0; i < n; i++) {
        uint16_t bits;
        memcpy(&bits, (const uint8_t *)in + i * 2, sizeof bits);
        out[i] = tnn_bf16_to_double(bits);
    }
}

#define F32_FRACTION 23
#define F32_INFINITY 0x7F800000
#define F16_INFINITY 0x7C00
#define F16_NAN 0x7E00
#define F16_FIRST_NORMAL 0x38800000 /* 2^-14 as float32 */

/* A normal number: a middle is rounded up when the last place is odd, and a carry goes into the exponent, whose bias becomes
 * 15. */
static int32_t narrow_normal(uint32_t magnitude) {
    uint32_t odd = magnitude >> (F32_FRACTION - F16_FRACTION) & 1;
    return (int32_t)((magnitude - ((127 - 15) << F32_FRACTION) + 0xFFF + odd) >> (F32_FRACTION - F16_FRACTION));
}

/* Below: the last place of a float32 between 0.5 and 1 is float16's smallest number, so that an addition rounds to it. */
static int32_t narrow_subnormal(int32_t magnitude) {
    float number;
    memcpy(&number, &magnitude, sizeof number);
    number += 0.5f;
    memcpy(&magnitude, &number, sizeof number);
    return magnitude & 0x7FF;
}

/* Without branches, so that many are done at a time. */
static uint16_t narrow_float(uint32_t bits) {
    int32_t magnitude = (int32_t)(bits & INT32_MAX);
    int32_t normal = narrow_normal((uint32_t)magnitude), small = narrow_subnormal(magnitude);
    int32_t half = magnitude < F16_FIRST_NORMAL ? small : normal;
    half = half > F16_INFINITY ? F16_INFINITY : half;
    half = magnitude > F32_INFINITY ? F16_NAN : half;
    return (uint16_t)(half | (int32_t)(bits >> 16 & 0x8000));
}

void tnn_f16_from_floats(void *out, const void *in, int64_t n) {
    for (int64_t i = 0; i < n; i++) {
        uint32_t bits;
        memcpy(&bits, (const uint8_t *)in + i * 4, sizeof bits);
        uint16_t half = narrow_float(bits);
        memcpy((uint8_t *)out + i * 2, &half, sizeof half);
    }
}
