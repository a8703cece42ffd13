/* The list of composites: operators whose meaning is text (ops/composites.c). Their ids follow this list. */
#ifndef TNN_OPS_COMPOSITES_H
#define TNN_OPS_COMPOSITES_H

#define TNN_COMPOSITES(X)                                                                          \
    X(silu)                                                                                        \
    X(hardsigmoid)                                                                                 \
    X(mish)                                                                                        \
    X(softplus)                                                                                    \
    X(log_sigmoid)                                                                                 \
    X(softsign)                                                                                    \
    X(softshrink)                                                                                  \
    X(tanhshrink)                                                                                  \
    X(celu)                                                                                        \
    X(selu)                                                                                        \
    X(square)                                                                                      \
    X(reciprocal)                                                                                  \
    X(exp2)                                                                                        \
    X(log2)                                                                                        \
    X(log10)                                                                                       \
    X(addcmul)                                                                                     \
    X(addcdiv)

enum {
#define X(name) TNN_COMPOSITE_##name,
    TNN_COMPOSITES(X)
#undef X
        TNN_COMPOSITE_COUNT
};

#endif
