/* A dense array of numbers, row-major: what reference kernels read and write. */
#ifndef TNN_IR_TENSOR_H
#define TNN_IR_TENSOR_H

#include <stdint.h>

#include "base/fail.h"
#include "ir/recipe.h"
#include "ir/size.h"
#include "tinynn/dtype.h"

typedef struct tnn_tensor {
    tnn_dtype dtype;
    uint8_t rank;
    int64_t dims[TNN_MAX_RANK];
    int64_t n_elems;
    void *data; /* owned; released by tnn_tensor_clear */
} tnn_tensor;

/* Zeroed. Errors: TNN_ERR_LIMIT (size overflows), TNN_ERR_NOMEM. */
tnn_status tnn_tensor_init(tnn_tensor *tensor, tnn_dtype dtype, uint8_t rank, const int64_t *dims,
                           tnn_error *err);
tnn_status tnn_tensor_from_recipe(tnn_tensor *tensor, const tnn_recipe *recipe, tnn_error *err);
void tnn_tensor_clear(tnn_tensor *tensor);

/* Element `index` as a double or an integer, and back, rounding to the dtype (round half to even for floats,
 * truncation toward zero and wrap-around for integers, != 0 for bool: PyTorch's conversions). */
double tnn_tensor_number(const tnn_tensor *tensor, int64_t index);
int64_t tnn_tensor_integer(const tnn_tensor *tensor, int64_t index);
void tnn_tensor_set_number(tnn_tensor *tensor, int64_t index, double value);
void tnn_tensor_set_integer(tnn_tensor *tensor, int64_t index, int64_t value);

/* Conversions of single values. */
double tnn_f16_to_double(uint16_t bits);
uint16_t tnn_f16_from_double(double value);
double tnn_bf16_to_double(uint16_t bits);
uint16_t tnn_bf16_from_double(double value);
/* `n` elements between dtypes, PyTorch's rules. */
void tnn_convert_elems(void *out, tnn_dtype out_dtype, const void *in, tnn_dtype in_dtype, int64_t n);
static inline int tnn_dtype_is_float(tnn_dtype d) {
    return d == TNN_DTYPE_F16 || d == TNN_DTYPE_BF16 || d == TNN_DTYPE_F32 || d == TNN_DTYPE_F64;
}

#endif
