/* x[1:2, None, ..., mask] of a tensor. */
#ifndef TNN_EVAL_INDEX_TENSOR_H
#define TNN_EVAL_INDEX_TENSOR_H

#include "eval/frame.h"

/* Numbers, slices, None and "..." give a view; tensors and lists among them gather from it.
 * Errors: TNN_ERR_UNSUPPORTED (another kind of index), those of the operators. */
tnn_status tnn_index_tensor(tnn_frame *frame, const tnn_obj *tensor, const tnn_ast *index, tnn_obj *out,
                            tnn_error *err);
/* x[index] = value writes there. */
tnn_status tnn_index_tensor_set(tnn_frame *frame, const tnn_obj *tensor, const tnn_ast *index, tnn_obj value,
                                tnn_error *err);

#endif
