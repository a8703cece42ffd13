/* Without oneDNN: nothing is fast. */
#include "engine/onednn.h"

tnn_status tnn_dnnl_new(tnn_dnnl **out, tnn_error *err) {
    (void)err;
    *out = NULL;
    return TNN_OK;
}

void tnn_dnnl_free(tnn_dnnl *dnnl) {
    (void)dnnl;
}

tnn_status tnn_dnnl_stream_new(tnn_dnnl_stream **out, tnn_dnnl *dnnl, tnn_error *err) {
    (void)dnnl;
    (void)err;
    *out = NULL;
    return TNN_OK;
}

void tnn_dnnl_stream_free(tnn_dnnl_stream *stream) {
    (void)stream;
}

int tnn_dnnl_set_threads(int n_threads) {
    return n_threads;
}

bool tnn_dnnl_sgemm(float *out, int64_t out_stride, int64_t m, int64_t n, int64_t k, tnn_matrix a, bool turned, tnn_matrix b) {
    (void)out, (void)out_stride, (void)m, (void)n, (void)k, (void)a, (void)turned, (void)b;
    return false;
}

static tnn_status nothing(tnn_dnnl_op **out) {
    *out = NULL;
    return TNN_OK;
}

tnn_status tnn_dnnl_conv_new(tnn_dnnl_op **out, tnn_dnnl *dnnl, const tnn_dnnl_conv *conv, tnn_error *err) {
    (void)dnnl;
    (void)conv;
    (void)err;
    return nothing(out);
}

tnn_status tnn_dnnl_matmul_new(tnn_dnnl_op **out, tnn_dnnl *dnnl, const tnn_dnnl_matmul *matmul, tnn_error *err) {
    (void)dnnl;
    (void)matmul;
    (void)err;
    return nothing(out);
}

tnn_status tnn_dnnl_map_new(tnn_dnnl_op **out, tnn_dnnl *dnnl, tnn_dnnl_function function, int64_t n, tnn_error *err) {
    (void)dnnl;
    (void)function;
    (void)n;
    (void)err;
    return nothing(out);
}

tnn_status tnn_dnnl_softmax_new(tnn_dnnl_op **out, tnn_dnnl *dnnl, int64_t rows, int64_t n, bool logarithm,
                                tnn_error *err) {
    (void)dnnl;
    (void)rows;
    (void)n;
    (void)logarithm;
    (void)err;
    return nothing(out);
}

size_t tnn_dnnl_scratch_bytes(const tnn_dnnl_op *op) {
    (void)op;
    return 0;
}

tnn_status tnn_dnnl_run(const tnn_dnnl_op *op, tnn_dnnl_stream *stream, void *first, void *second, void *out,
                        void *scratch, tnn_error *err) {
    (void)op;
    (void)stream;
    (void)first;
    (void)second;
    (void)out;
    (void)scratch;
    return tnn_fail(err, TNN_ERR_INTERNAL, NULL, "oneDNN is not there");
}

void tnn_dnnl_op_free(tnn_dnnl_op *op) {
    (void)op;
}
