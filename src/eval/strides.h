/* Strides of tensors, in elements, on hints of sizes: whether a view is possible, and what results get. */
#ifndef TNN_EVAL_STRIDES_H
#define TNN_EVAL_STRIDES_H

#include "eval/handle.h"

void tnn_strides_contiguous(const tnn_shape *shape, int64_t *strides);
/* Dimension 1 innermost: torch.channels_last for rank 4, channels_last_3d for rank 5. */
void tnn_strides_channels_last(const tnn_shape *shape, int64_t *strides);
/* Equal where it matters: dimensions of size 1 have no stride. */
bool tnn_strides_match(const tnn_shape *shape, const int64_t *a, const int64_t *b);
bool tnn_strides_are_contiguous(const tnn_shape *shape, const int64_t *strides);
/* The dimensions from outermost to innermost in memory. */
void tnn_strides_order(const tnn_shape *shape, const int64_t *strides, uint8_t *order);
/* Every element once, without holes. */
bool tnn_strides_are_dense(const tnn_shape *shape, const int64_t *strides);

/* The strides that show the same memory under `to`; false when there are none, and a reshape must copy.
 * Rule: at::detail::computeStride of PyTorch. */
bool tnn_strides_view(const tnn_shape *from, const int64_t *strides, const tnn_shape *to, int64_t *out);

/* What an element-wise operator gives its result: dimensions in the order of the operands' strides, the first
 * operand that tells two dimensions apart deciding. Rule: TensorIterator of PyTorch. */
void tnn_strides_elementwise(const tnn_shape *shape, const tnn_handle *const *operands, size_t n_operands,
                             int64_t *out);

#endif
