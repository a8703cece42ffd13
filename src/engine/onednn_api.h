/* One face for the C APIs of oneDNN 2 and 3, which differ in how memory and operators are described. */
#ifndef TNN_ENGINE_ONEDNN_API_H
#define TNN_ENGINE_ONEDNN_API_H

#include <oneapi/dnnl/dnnl.h>

#include "engine/onednn.h"

#if DNNL_VERSION_MAJOR >= 3
typedef dnnl_memory_desc_t tnn_dnnl_md;
typedef const_dnnl_memory_desc_t tnn_dnnl_md_ref;
#else
typedef dnnl_memory_desc_t *tnn_dnnl_md; /* on the heap */
typedef const dnnl_memory_desc_t *tnn_dnnl_md_ref;
#endif

/* float32; `strides` NULL: oneDNN chooses. Released by tnn_dnnl_md_free, which accepts NULL. */
dnnl_status_t tnn_dnnl_md_new(tnn_dnnl_md *out, int rank, const int64_t *dims, const int64_t *strides);
void tnn_dnnl_md_free(tnn_dnnl_md md);

dnnl_status_t tnn_dnnl_post_eltwise(dnnl_post_ops_t ops, dnnl_alg_kind_t alg, float alpha, float beta);

/* Memory of an operator with weights; bias may be NULL. */
typedef struct tnn_dnnl_shape {
    tnn_dnnl_md src, weights, bias, dst;
} tnn_dnnl_shape;

/* `*out` NULL after dnnl_unimplemented and dnnl_invalid_arguments. Of windows: all lists have an entry a spatial dimension,
 * dilations count from 0. */
dnnl_status_t tnn_dnnl_pd_conv(dnnl_primitive_desc_t *out, dnnl_engine_t engine, bool transposed,
                               const tnn_dnnl_shape *shape, const int64_t *stride, const int64_t *dilation,
                               const int64_t *before, const int64_t *after, const_dnnl_primitive_attr_t attr);
dnnl_status_t tnn_dnnl_pd_matmul(dnnl_primitive_desc_t *out, dnnl_engine_t engine, const tnn_dnnl_shape *shape,
                                 const_dnnl_primitive_attr_t attr);
dnnl_status_t tnn_dnnl_pd_map(dnnl_primitive_desc_t *out, dnnl_engine_t engine, dnnl_alg_kind_t alg, tnn_dnnl_md_ref md,
                              const_dnnl_primitive_attr_t attr);
dnnl_status_t tnn_dnnl_pd_softmax(dnnl_primitive_desc_t *out, dnnl_engine_t engine, bool logarithm, int axis,
                                  tnn_dnnl_md_ref md, const_dnnl_primitive_attr_t attr);

#endif
