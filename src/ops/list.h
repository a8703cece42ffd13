/* The list of primitives. A name here without a row `tnn_op_NAME` somewhere in src/ops is a link error, and so is
 * a missing row of any other area that walks this list. */
#ifndef TNN_OPS_LIST_H
#define TNN_OPS_LIST_H

#include "ops/row.h"

#define TNN_PRIMITIVES(X)                                                                          \
    X(convolution)                                                                                 \
    X(batch_norm)                                                                                  \
    X(linear)                                                                                      \
    X(matmul)                                                                                      \
    X(relu)                                                                                        \
    X(clamp)                                                                                       \
    X(sigmoid)                                                                                     \
    X(tanh)                                                                                        \
    X(hardswish)                                                                                   \
    X(leaky_relu)                                                                                  \
    X(elu)                                                                                         \
    X(gelu)                                                                                        \
    X(prelu)                                                                                       \
    X(exp)                                                                                         \
    X(log)                                                                                         \
    X(sqrt)                                                                                        \
    X(rsqrt)                                                                                       \
    X(neg)                                                                                         \
    X(abs)                                                                                         \
    X(add)                                                                                         \
    X(sub)                                                                                         \
    X(mul)                                                                                         \
    X(div)                                                                                         \
    X(maximum)                                                                                     \
    X(minimum)                                                                                     \
    X(pow)                                                                                         \
    X(max_pool)                                                                                    \
    X(avg_pool)                                                                                    \
    X(adaptive_avg_pool)                                                                           \
    X(mean)                                                                                        \
    X(sum)                                                                                         \
    X(cat)                                                                                         \
    X(pad)                                                                                         \
    X(softmax)                                                                                     \
    X(log_softmax)                                                                                 \
    X(dropout)                                                                                     \
    X(reshape)                                                                                     \
    X(permute)                                                                                     \
    X(expand)                                                                                      \
    X(slice)                                                                                       \
    X(slice_scatter)                                                                               \
    X(to)                                                                                          \
    X(full)                                                                                        \
    X(relayout)

#define X(name) extern const tnn_op_row tnn_op_##name;
TNN_PRIMITIVES(X)
#undef X

enum {
#define X(name) TNN_OP_##name,
    TNN_PRIMITIVES(X)
#undef X
        TNN_OP_COUNT
};

/* By id, and by name. */
extern const tnn_op_row *const tnn_op_rows[TNN_OP_COUNT];

/* Composites and spellings; the arrays end where n says. */
extern const tnn_composite_row tnn_composite_rows[];
extern const size_t tnn_n_composite_rows;
extern const tnn_spelling_row tnn_spelling_rows[];
extern const size_t tnn_n_spelling_rows;

static inline bool tnn_node_is(const tnn_node *node, int op_id) {
    return node->op->list == TNN_OPLIST_ATEN && node->op->id == op_id;
}

#endif
