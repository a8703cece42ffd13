/* Sums of float32 numbers without rounding, so that neither their order nor how they are spread changes a sum.
 *
 * A sum is an integer of 288 bits in units of 2^-149, the smallest float: limb k weighs 2^(32 k - 149). All limbs but the last are in
 * [0, 2^32); the last has the sign. So a sum has one form only.
 * Source: Kulisch, Computer Arithmetic and Validity (2013), chapter 8: a long accumulator. */
#ifndef TNN_QUANT_EXACT_SUM_H
#define TNN_QUANT_EXACT_SUM_H

#include <stdint.h>

#define TNN_EXACT_LIMBS 9

typedef struct tnn_exact_sum {
    int64_t limbs[TNN_EXACT_LIMBS]; /* zeros: 0 */
} tnn_exact_sum;

/* `x` is finite. At most 2^40 numbers, here and in what is merged. */
void tnn_exact_sum_add(tnn_exact_sum *sum, float x);
void tnn_exact_sum_merge(tnn_exact_sum *to, const tnn_exact_sum *from);
/* Near the sum, within a few units of the last place of a double. */
double tnn_exact_sum_value(const tnn_exact_sum *sum);

#endif
