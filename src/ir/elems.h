/* Single elements and runs of them, by dtype. Addresses need no alignment.
 *
 * Conversions are PyTorch's: to a float type round half to even; from a float to an integer truncate toward zero,
 * where 64 bits hold what does not fit as the smallest integer and narrower types as the low bits of the
 * 32-bit one (what x86 gives, which PyTorch leaves as it is); integer to integer keeps the low bits; to bool: != 0. */
#ifndef TNN_IR_ELEMS_H
#define TNN_IR_ELEMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tinynn/dtype.h"

static inline int tnn_dtype_is_float(tnn_dtype d) {
    return d == TNN_DTYPE_F16 || d == TNN_DTYPE_BF16 || d == TNN_DTYPE_F32 || d == TNN_DTYPE_F64;
}

/* Element `index` of `elems`, and back, rounded once to the dtype. */
double tnn_elem_number(const void *elems, tnn_dtype dtype, int64_t index);
int64_t tnn_elem_integer(const void *elems, tnn_dtype dtype, int64_t index);
void tnn_elem_set_number(void *elems, tnn_dtype dtype, int64_t index, double value);
void tnn_elem_set_integer(void *elems, tnn_dtype dtype, int64_t index, int64_t value);

/* Conversions of single values, exact or rounded half to even; infinities and NaN are kept. */
double tnn_f16_to_double(uint16_t bits);
uint16_t tnn_f16_from_double(double value);
double tnn_bf16_to_double(uint16_t bits);
uint16_t tnn_bf16_from_double(double value);
/* `n` of them, at any address. */
void tnn_f16_to_doubles(double *out, const void *in, int64_t n);
void tnn_f16_from_floats(void *out, const void *in, int64_t n); /* from n float32 */
void tnn_bf16_to_doubles(double *out, const void *in, int64_t n);

/* `n` elements between dtypes. float64 and integers reach float16 and bfloat16 through float32, as in PyTorch. */
void tnn_convert_elems(void *out, tnn_dtype out_dtype, const void *in, tnn_dtype in_dtype, int64_t n);

/* Product of `rank` dimensions. False when one is negative or when the product, with zeros left out, exceeds
 * 63 bits: strides computed from `dims` then cannot overflow either. */
bool tnn_dims_count(uint8_t rank, const int64_t *dims, int64_t *n_elems);

#endif
