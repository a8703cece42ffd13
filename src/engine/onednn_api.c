/* What differs between the C APIs of oneDNN 2 and 3. */
#include "engine/onednn_api.h"

#include "base/alloc.h"

#if DNNL_VERSION_MAJOR >= 3

dnnl_status_t tnn_dnnl_md_new(tnn_dnnl_md *out, int rank, const int64_t *dims, const int64_t *strides) {
    if (strides == NULL) return dnnl_memory_desc_create_with_tag(out, rank, dims, dnnl_f32, dnnl_format_tag_any);
    return dnnl_memory_desc_create_with_strides(out, rank, dims, dnnl_f32, strides);
}

void tnn_dnnl_md_free(tnn_dnnl_md md) {
    if (md != NULL) dnnl_memory_desc_destroy(md);
}

dnnl_status_t tnn_dnnl_post_eltwise(dnnl_post_ops_t ops, dnnl_alg_kind_t alg, float alpha, float beta) {
    return dnnl_post_ops_append_eltwise(ops, alg, alpha, beta);
}

dnnl_status_t tnn_dnnl_pd_conv(dnnl_primitive_desc_t *out, dnnl_engine_t engine, bool transposed,
                               const tnn_dnnl_shape *s, const int64_t *stride, const int64_t *dilation,
                               const int64_t *before, const int64_t *after, const_dnnl_primitive_attr_t attr) {
    if (transposed) {
        return dnnl_deconvolution_forward_primitive_desc_create(
            out, engine, dnnl_forward_inference, dnnl_deconvolution_direct, s->src, s->weights, s->bias, s->dst, stride,
            dilation, before, after, attr);
    }
    return dnnl_convolution_forward_primitive_desc_create(out, engine, dnnl_forward_inference, dnnl_convolution_direct,
                                                          s->src, s->weights, s->bias, s->dst, stride, dilation,
                                                          before, after, attr);
}

dnnl_status_t tnn_dnnl_pd_matmul(dnnl_primitive_desc_t *out, dnnl_engine_t engine, const tnn_dnnl_shape *s,
                                 const_dnnl_primitive_attr_t attr) {
    return dnnl_matmul_primitive_desc_create(out, engine, s->src, s->weights, s->bias, s->dst, attr);
}

dnnl_status_t tnn_dnnl_pd_map(dnnl_primitive_desc_t *out, dnnl_engine_t engine, dnnl_alg_kind_t alg, tnn_dnnl_md_ref md,
                              const_dnnl_primitive_attr_t attr) {
    return dnnl_eltwise_forward_primitive_desc_create(out, engine, dnnl_forward_inference, alg, md, md, 0, 0, attr);
}

dnnl_status_t tnn_dnnl_pd_softmax(dnnl_primitive_desc_t *out, dnnl_engine_t engine, bool logarithm, int axis,
                                  tnn_dnnl_md_ref md, const_dnnl_primitive_attr_t attr) {
    return dnnl_softmax_forward_primitive_desc_create(out, engine, dnnl_forward_inference,
                                                      logarithm ? dnnl_softmax_log : dnnl_softmax_accurate, md, md,
                                                      axis, attr);
}

#else

dnnl_status_t tnn_dnnl_md_new(tnn_dnnl_md *out, int rank, const int64_t *dims, const int64_t *strides) {
    *out = tnn_alloc_zero(1, sizeof **out);
    if (*out == NULL) return dnnl_out_of_memory;
    if (strides == NULL) return dnnl_memory_desc_init_by_tag(*out, rank, dims, dnnl_f32, dnnl_format_tag_any);
    return dnnl_memory_desc_init_by_strides(*out, rank, dims, dnnl_f32, strides);
}

void tnn_dnnl_md_free(tnn_dnnl_md md) {
    tnn_free(md);
}

dnnl_status_t tnn_dnnl_post_eltwise(dnnl_post_ops_t ops, dnnl_alg_kind_t alg, float alpha, float beta) {
    return dnnl_post_ops_append_eltwise(ops, 1, alg, alpha, beta);
}

dnnl_status_t tnn_dnnl_pd_conv(dnnl_primitive_desc_t *out, dnnl_engine_t engine, bool transposed,
                               const tnn_dnnl_shape *s, const int64_t *stride, const int64_t *dilation,
                               const int64_t *before, const int64_t *after, const_dnnl_primitive_attr_t attr) {
    dnnl_convolution_desc_t desc; /* of deconvolutions, too */
    dnnl_status_t status = transposed
        ? dnnl_dilated_deconvolution_forward_desc_init(&desc, dnnl_forward_inference, dnnl_deconvolution_direct, s->src,
                                                       s->weights, s->bias, s->dst, stride, dilation, before, after)
        : dnnl_dilated_convolution_forward_desc_init(&desc, dnnl_forward_inference, dnnl_convolution_direct, s->src,
                                                     s->weights, s->bias, s->dst, stride, dilation, before, after);
    return status == dnnl_success ? dnnl_primitive_desc_create(out, &desc, attr, engine, NULL) : status;
}

dnnl_status_t tnn_dnnl_pd_matmul(dnnl_primitive_desc_t *out, dnnl_engine_t engine, const tnn_dnnl_shape *s,
                                 const_dnnl_primitive_attr_t attr) {
    dnnl_matmul_desc_t desc;
    dnnl_status_t status = dnnl_matmul_desc_init(&desc, s->src, s->weights, s->bias, s->dst);
    return status == dnnl_success ? dnnl_primitive_desc_create(out, &desc, attr, engine, NULL) : status;
}

dnnl_status_t tnn_dnnl_pd_map(dnnl_primitive_desc_t *out, dnnl_engine_t engine, dnnl_alg_kind_t alg, tnn_dnnl_md_ref md,
                              const_dnnl_primitive_attr_t attr) {
    dnnl_eltwise_desc_t desc;
    dnnl_status_t status = dnnl_eltwise_forward_desc_init(&desc, dnnl_forward_inference, alg, md, 0, 0);
    return status == dnnl_success ? dnnl_primitive_desc_create(out, &desc, attr, engine, NULL) : status;
}

dnnl_status_t tnn_dnnl_pd_softmax(dnnl_primitive_desc_t *out, dnnl_engine_t engine, bool logarithm, int axis,
                                  tnn_dnnl_md_ref md, const_dnnl_primitive_attr_t attr) {
    dnnl_softmax_v2_desc_t desc;
    dnnl_status_t status = dnnl_softmax_v2_forward_desc_init(
        &desc, dnnl_forward_inference, logarithm ? dnnl_softmax_log : dnnl_softmax_accurate, md, md, axis);
    return status == dnnl_success ? dnnl_primitive_desc_create(out, &desc, attr, engine, NULL) : status;
}

#endif
