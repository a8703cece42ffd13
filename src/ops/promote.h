/* PyTorch's type promotion. */
#ifndef TNN_OPS_PROMOTE_H
#define TNN_OPS_PROMOTE_H

#include "ir/graph.h"

static inline bool tnn_dtype_is_integral(tnn_dtype dtype) {
    return dtype == TNN_DTYPE_BOOL || (dtype >= TNN_DTYPE_U8 && dtype <= TNN_DTYPE_I64);
}

/* torch.promote_types. TNN_DTYPE_NONE on one side gives the other. */
tnn_dtype tnn_promote_types(tnn_dtype a, tnn_dtype b);

/* Operands so far, in three levels: a lower one only counts when its kind (bool, integer, float) is above that of the
 * higher ones. Starts zeroed. */
typedef struct tnn_promotion {
    tnn_dtype tensors; /* of rank 1 and more */
    tnn_dtype zero_dim;
    tnn_dtype numbers; /* Python numbers: bool, int64, float32 */
} tnn_promotion;

/* A tensor, a list of tensors or a number; other arguments change nothing. */
void tnn_promotion_add(tnn_promotion *promotion, const tnn_arg *arg);
/* TNN_DTYPE_NONE when nothing was added. */
tnn_dtype tnn_promotion_result(const tnn_promotion *promotion);

/* The promoted type of `n` arguments in a row. */
tnn_dtype tnn_promoted(const tnn_arg *args, size_t n);

/* The dtype that true division, exp, mean … give: float32 for integers and bools, else the same. */
tnn_dtype tnn_dtype_to_float(tnn_dtype dtype);

#endif
