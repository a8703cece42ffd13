/* What operators that take or put elements by their numbers share. */
#ifndef TNN_OPS_INDEX_H
#define TNN_OPS_INDEX_H

#include "ops/row.h"

/* Elements before, along and behind a dimension. */
typedef struct tnn_index_split {
    int64_t outer, size, inner;
} tnn_index_split;

/* `dim` may be negative. */
tnn_index_split tnn_index_split_of(const tnn_tensor *tensor, int64_t dim);

/* Element `i` of `index`, a number below `size`. Errors: TNN_ERR_INVALID. */
tnn_status tnn_index_at(const tnn_kernel_call *call, const tnn_tensor *index, int64_t i, int64_t size, int64_t *out,
                        tnn_error *err);

/* The argument must be a tensor of int32 or int64. Errors: TNN_ERR_INVALID. */
tnn_status tnn_call_need_index(const tnn_call *call, size_t argument, tnn_error *err);

#endif
