#include "quant/exact_sum.h"

#include <math.h>

#define LIMB_BITS 32
#define LIMB ((int64_t)1 << LIMB_BITS)
#define UNIT (-149)
#define MANTISSA_BITS 24

/* Floored, so that what stays is not negative. */
static void carry(tnn_exact_sum *sum) {
    for (int k = 0; k + 1 < TNN_EXACT_LIMBS; k++) {
        int64_t rest = sum->limbs[k] % LIMB, low = rest < 0 ? rest + LIMB : rest;
        sum->limbs[k + 1] += (sum->limbs[k] - low) / LIMB;
        sum->limbs[k] = low;
    }
}

void tnn_exact_sum_add(tnn_exact_sum *sum, float x) {
    int exponent;
    double mantissa = frexp((double)x, &exponent); /* below 1; of subnormal floats too */
    int shift = exponent - MANTISSA_BITS - UNIT;
    if (shift < 0) { /* the lowest bits of the mantissa are zeros then */
        mantissa = ldexp(mantissa, shift);
        shift = 0;
    }
    int64_t bits = (int64_t)ldexp(mantissa, MANTISSA_BITS + shift % LIMB_BITS); /* below 2^56 */
    sum->limbs[shift / LIMB_BITS] += bits % LIMB;
    if (bits / LIMB != 0) sum->limbs[shift / LIMB_BITS + 1] += bits / LIMB;
    carry(sum);
}

void tnn_exact_sum_merge(tnn_exact_sum *to, const tnn_exact_sum *from) {
    for (int k = 0; k < TNN_EXACT_LIMBS; k++) to->limbs[k] += from->limbs[k];
    carry(to);
}

double tnn_exact_sum_value(const tnn_exact_sum *sum) {
    tnn_exact_sum size = *sum; /* without its sign: added from the top, nothing cancels */
    double value = 0, sign = sum->limbs[TNN_EXACT_LIMBS - 1] < 0 ? -1 : 1;
    for (int k = 0; sign < 0 && k < TNN_EXACT_LIMBS; k++) size.limbs[k] = -size.limbs[k];
    carry(&size);
    for (int k = TNN_EXACT_LIMBS - 1; k >= 0; k--) value += ldexp((double)size.limbs[k], LIMB_BITS * k + UNIT);
    return sign * value;
}
