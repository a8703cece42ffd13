/* Products of dense float32 matrices in the calling thread: the same numbers for any number of others. */
#ifndef TNN_ENGINE_GEMM_H
#define TNN_ENGINE_GEMM_H

#include <stdbool.h>
#include <stdint.h>

/* A matrix in memory, rows `stride` numbers apart. */
typedef struct tnn_matrix {
    const float *data;
    int64_t stride;
} tnn_matrix;

/* out [m, n] = a b; a is [m, k], or when `turned` [k, m] and taken the other way; b is [k, n]. */
void tnn_gemm(float *out, int64_t out_stride, int64_t m, int64_t n, int64_t k, tnn_matrix a, bool turned, tnn_matrix b);

#endif
