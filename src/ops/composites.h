/* The list of composites: operators whose meaning is text. A name here without a row
 * `tnn_composite_NAME` in one of the files composites*.c is a link error. */
#ifndef TNN_OPS_COMPOSITES_H
#define TNN_OPS_COMPOSITES_H

#include "ops/row.h"

#define TNN_COMPOSITES(X)                                                                          \
    X(silu)                                                                                        \
    X(hardsigmoid)                                                                                 \
    X(mish)                                                                                        \
    X(softplus)                                                                                    \
    X(log_sigmoid)                                                                                 \
    X(softsign)                                                                                    \
    X(softshrink)                                                                                  \
    X(tanhshrink)                                                                                  \
    X(special_spherical_bessel_j0)                                                                 \
    X(celu)                                                                                        \
    X(selu)                                                                                        \
    X(square)                                                                                      \
    X(reciprocal)                                                                                  \
    X(exp2)                                                                                        \
    X(log2)                                                                                        \
    X(log10)                                                                                       \
    X(addcmul)                                                                                     \
    X(addcdiv)                                                                                     \
    X(trunc)                                                                                       \
    X(frac)                                                                                        \
    X(fmod)                                                                                        \
    X(expm1)                                                                                       \
    X(log1p)                                                                                       \
    X(logaddexp)                                                                                   \
    X(logaddexp2)                                                                                  \
    X(xlogy)                                                                                       \
    X(logit)                                                                                       \
    X(erf)                                                                                         \
    X(erfc)                                                                                        \
    X(hypot)                                                                                       \
    X(lerp)                                                                                        \
    X(hardshrink)                                                                                  \
    X(threshold)                                                                                   \
    X(nan_to_num)                                                                                  \
    X(fmax)                                                                                        \
    X(fmin)                                                                                        \
    X(tan)                                                                                         \
    X(asin)                                                                                        \
    X(acos)                                                                                        \
    X(atan)                                                                                        \
    X(sinh)                                                                                        \
    X(cosh)                                                                                        \
    X(asinh)                                                                                       \
    X(acosh)                                                                                       \
    X(atanh)                                                                                       \
    X(sinc)                                                                                        \
    X(deg2rad)                                                                                     \
    X(rad2deg)                                                                                     \
    X(bernoulli)                                                                                   \
    X(layer_norm)                                                                                  \
    X(group_norm)                                                                                  \
    X(instance_norm)                                                                               \
    X(rms_norm)                                                                                    \
    X(grid_sampler)                                                                                \
    X(scaled_dot_product_attention)

enum {
#define X(name) TNN_COMPOSITE_##name,
    TNN_COMPOSITES(X)
#undef X
        TNN_COMPOSITE_COUNT
};

#define X(name) extern const tnn_composite_row tnn_composite_##name;
TNN_COMPOSITES(X)
#undef X

/* By id. */
extern const tnn_composite_row *const tnn_composite_rows[TNN_COMPOSITE_COUNT];

/* The operator of a row with one result; `arguments` as in the signature. */
#define TNN_COMPOSITE_HEAD(id, arguments)                                                          \
    {#id, #id "(" arguments ") -> Tensor", TNN_COMPOSITE_##id, TNN_OPLIST_COMPOSITE}

#endif
