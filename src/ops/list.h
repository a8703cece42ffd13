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
    X(eq)                                                                                          \
    X(ne)                                                                                          \
    X(lt)                                                                                          \
    X(le)                                                                                          \
    X(gt)                                                                                          \
    X(ge)                                                                                          \
    X(logical_and)                                                                                 \
    X(logical_or)                                                                                  \
    X(logical_not)                                                                                 \
    X(bitwise_and)                                                                                 \
    X(bitwise_or)                                                                                  \
    X(bitwise_xor)                                                                                 \
    X(bitwise_left_shift)                                                                          \
    X(bitwise_right_shift)                                                                         \
    X(where)                                                                                       \
    X(remainder)                                                                                   \
    X(atan2)                                                                                       \
    X(sin)                                                                                         \
    X(cos)                                                                                         \
    X(floor)                                                                                       \
    X(ceil)                                                                                        \
    X(round)                                                                                       \
    X(sign)                                                                                        \
    X(max_pool)                                                                                    \
    X(avg_pool)                                                                                    \
    X(adaptive_avg_pool)                                                                           \
    X(mean)                                                                                        \
    X(sum)                                                                                         \
    X(prod)                                                                                        \
    X(amax)                                                                                        \
    X(amin)                                                                                        \
    X(any)                                                                                         \
    X(all)                                                                                         \
    X(argmax)                                                                                      \
    X(argmin)                                                                                      \
    X(topk)                                                                                        \
    X(cumsum)                                                                                      \
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
    X(index_select)                                                                                \
    X(gather)                                                                                      \
    X(one_hot)                                                                                     \
    X(index_copy)                                                                                  \
    X(scatter_rows)                                                                                \
    X(upsample)                                                                                    \
    X(flip)                                                                                        \
    X(tile)                                                                                        \
    X(diag_embed)                                                                                  \
    X(depth_to_space)                                                                              \
    X(space_to_depth)                                                                              \
    X(arange)                                                                                      \
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

/* Spellings stand in a file a family, ops/spellings*.c. */
typedef struct tnn_spelling_table {
    const tnn_spelling_row *rows;
    size_t n;
} tnn_spelling_table;

#define TNN_SPELLING_FAMILIES(X)                                                                   \
    X(batch_norm)                                                                                  \
    X(bag)                                                                                         \
    X(cell)                                                                                        \
    X(basic)                                                                                       \
    X(index)                                                                                       \
    X(linalg)                                                                                      \
    X(loss)                                                                                        \
    X(norm)                                                                                        \
    X(math)                                                                                        \
    X(pool)                                                                                        \
    X(product)                                                                                     \
    X(resize)                                                                                      \
    X(random)                                                                                      \
    X(recurrent)                                                                                   \
    X(sample)                                                                                      \
    X(scatter)                                                                                     \
    X(special)                                                                                     \
    X(order)                                                                                       \
    X(statistics)                                                                                  \
    X(reduce)                                                                                      \
    X(shape)                                                                                       \
    X(view)

#define X(name) extern const tnn_spelling_table tnn_spellings_##name;
TNN_SPELLING_FAMILIES(X)
#undef X

/* Row `index` of all tables one after another; NULL behind the last. */
const tnn_spelling_row *tnn_spelling_at(size_t index);

static inline bool tnn_node_is(const tnn_node *node, int op_id) {
    return node->op->list == TNN_OPLIST_ATEN && node->op->id == op_id;
}

#endif
