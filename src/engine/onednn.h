/* Kernels of oneDNN, where it is there: onednn.c, and onednn_none.c without it.
 *
 * An operator is made once, with its weights in the order that oneDNN likes, and may be run by several threads, each with a
 * stream and scratch memory of its own. A maker gives `*out` NULL where oneDNN has nothing fast: not an error. */
#ifndef TNN_ENGINE_ONEDNN_H
#define TNN_ENGINE_ONEDNN_H

#include <stdbool.h>

#include "engine/gemm.h"
#include "ir/graph.h"

typedef struct tnn_dnnl tnn_dnnl;
typedef struct tnn_dnnl_op tnn_dnnl_op;
typedef struct tnn_dnnl_stream tnn_dnnl_stream;

/* `*out` NULL without oneDNN, which all that takes one accepts. Errors: TNN_ERR_NOMEM. */
tnn_status tnn_dnnl_new(tnn_dnnl **out, tnn_error *err);
void tnn_dnnl_free(tnn_dnnl *dnnl);
tnn_status tnn_dnnl_stream_new(tnn_dnnl_stream **out, tnn_dnnl *dnnl, tnn_error *err);
void tnn_dnnl_stream_free(tnn_dnnl_stream *stream);

/* Threads of oneDNN that the calling thread gets from now on, and returns how many it had. Operators must run with as many
 * as they were made with. */
int tnn_dnnl_set_threads(int n_threads);

/* As tnn_gemm, in the calling thread; false: it cannot. */
bool tnn_dnnl_sgemm(float *out, int64_t out_stride, int64_t m, int64_t n, int64_t k, tnn_matrix a, bool turned, tnn_matrix b);

#define TNN_DNNL_SPATIAL 3

/* [batch, channels, spatial], channels innermost in memory in input and result. */
typedef struct tnn_dnnl_conv {
    int n_spatial;
    bool transposed;
    int64_t batch, groups, in_channels, out_channels;
    int64_t in[TNN_DNNL_SPATIAL], out[TNN_DNNL_SPATIAL], kernel[TNN_DNNL_SPATIAL];
    int64_t stride[TNN_DNNL_SPATIAL], dilation[TNN_DNNL_SPATIAL], before[TNN_DNNL_SPATIAL];
    const float *weight; /* PyTorch's shape and order; read by the maker */
    const float *bias;   /* [out_channels] or NULL; read by the maker */
    tnn_activation activation;
} tnn_dnnl_conv;

tnn_status tnn_dnnl_conv_new(tnn_dnnl_op **out, tnn_dnnl *dnnl, const tnn_dnnl_conv *conv, tnn_error *err);

/* out[…, m, n] = sum over k of a[…, m, k] * b[…, k, n]. All have `rank` dimensions, those of size 1 before the last two
 * broadcast. */
typedef struct tnn_dnnl_matmul {
    int rank;
    int64_t a_dims[TNN_MAX_RANK], b_dims[TNN_MAX_RANK], out_dims[TNN_MAX_RANK];
    int64_t a_strides[TNN_MAX_RANK], b_strides[TNN_MAX_RANK], out_strides[TNN_MAX_RANK];
    tnn_activation activation;
} tnn_dnnl_matmul;

tnn_status tnn_dnnl_matmul_new(tnn_dnnl_op **out, tnn_dnnl *dnnl, const tnn_dnnl_matmul *matmul, tnn_error *err);

typedef enum tnn_dnnl_function {
    TNN_DNNL_NO_FUNCTION,
    TNN_DNNL_EXP,
    TNN_DNNL_SIGMOID,
    TNN_DNNL_TANH,
    TNN_DNNL_GELU,
    TNN_DNNL_GELU_TANH
} tnn_dnnl_function;

/* n numbers one after another. */
tnn_status tnn_dnnl_map_new(tnn_dnnl_op **out, tnn_dnnl *dnnl, tnn_dnnl_function function, int64_t n, tnn_error *err);

/* [rows, n], along n. */
tnn_status tnn_dnnl_softmax_new(tnn_dnnl_op **out, tnn_dnnl *dnnl, int64_t rows, int64_t n, bool logarithm,
                                tnn_error *err);

size_t tnn_dnnl_scratch_bytes(const tnn_dnnl_op *op);
/* `second` is the other operand of a product, else NULL. Errors: TNN_ERR_NOMEM, TNN_ERR_INTERNAL. */
tnn_status tnn_dnnl_run(const tnn_dnnl_op *op, tnn_dnnl_stream *stream, void *first, void *second, void *out,
                        void *scratch, tnn_error *err);
void tnn_dnnl_op_free(tnn_dnnl_op *op);

#endif
