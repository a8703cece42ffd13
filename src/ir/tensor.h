/* A dense array of numbers, row-major: what reference kernels read and write. */
#ifndef TNN_IR_TENSOR_H
#define TNN_IR_TENSOR_H

#include <stdint.h>

#include "base/fail.h"
#include "ir/elems.h"
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

/* Zeroed. Errors: TNN_ERR_LIMIT (size overflows or is negative), TNN_ERR_NOMEM; tnn_tensor_clear is then allowed. */
tnn_status tnn_tensor_init(tnn_tensor *tensor, tnn_dtype dtype, uint8_t rank, const int64_t *dims,
                           tnn_error *err);
tnn_status tnn_tensor_from_recipe(tnn_tensor *tensor, const tnn_recipe *recipe, tnn_error *err);
void tnn_tensor_clear(tnn_tensor *tensor);

/* Element `index` as a double or an integer, and back, rounded once to the dtype (ir/elems.h says how). */
double tnn_tensor_number(const tnn_tensor *tensor, int64_t index);
int64_t tnn_tensor_integer(const tnn_tensor *tensor, int64_t index);
void tnn_tensor_set_number(tnn_tensor *tensor, int64_t index, double value);
void tnn_tensor_set_integer(tnn_tensor *tensor, int64_t index, int64_t value);

#endif
