/* Products of matrices, for linear and matmul. */
#ifndef TNN_OPS_PRODUCT_H
#define TNN_OPS_PRODUCT_H

#include "ops/row.h"

/* One product: out[m][n] = sum over k of a[m][k] * b[k][n], in elements of tensors of one dtype, float or integer. */
typedef struct tnn_product {
    const tnn_tensor *a, *b;
    tnn_tensor *out;               /* row-major [m][n] at out_start */
    int64_t m, n, k;
    int64_t a_start, b_start, out_start;
    int64_t b_step_k, b_step_n;    /* a is row-major */
    const tnn_tensor *bias;        /* [n], or NULL */
} tnn_product;

/* Errors: TNN_ERR_NOMEM. */
tnn_status tnn_product_run(const tnn_product *product, tnn_error *err);

#endif
