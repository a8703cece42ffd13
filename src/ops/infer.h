/* What shape inference of all families shares. */
#ifndef TNN_OPS_INFER_H
#define TNN_OPS_INFER_H

#include "ops/row.h"

/* TNN_ERR_INVALID (PyTorch would raise) and TNN_ERR_UNSUPPORTED (legal, but not done), with the operator's name
 * before the text. */
tnn_status tnn_call_invalid(const tnn_call *call, tnn_error *err, const char *format, ...) TNN_PRINTF(3, 4);
tnn_status tnn_call_unsupported(const tnn_call *call, tnn_error *err, const char *format, ...) TNN_PRINTF(3, 4);

/* "[s0, 3]" for messages, cut where it is long. */
typedef struct tnn_shape_text {
    char text[128];
} tnn_shape_text;
tnn_shape_text tnn_shape_text_of(const tnn_shape *shape);
tnn_shape_text tnn_sizes_text_of(const tnn_arg *sizes);

/* The tensor in argument `index`; NULL: absent. */
const tnn_value *tnn_call_tensor(const tnn_call *call, size_t index);

/* One result. */
tnn_status tnn_call_result(tnn_type *outs, uint32_t *n_outs, tnn_dtype dtype, const tnn_shape *shape);

/* A dimension between -rank and rank - 1, made non-negative. Rank 0 counts as 1, as in PyTorch.
 * Errors: TNN_ERR_INVALID. */
tnn_status tnn_call_dim(const tnn_call *call, int64_t dim, uint8_t rank, uint8_t *out, tnn_error *err);

/* A set of dimensions, bit k for dimension k. Errors: TNN_ERR_INVALID (out of range, twice). */
tnn_status tnn_call_dim_set(const tnn_call *call, const tnn_arg *dims, uint8_t rank, uint32_t *out, tnn_error *err);

/* Argument `index` must have (the same) float type.  Errors: TNN_ERR_INVALID. */
tnn_status tnn_call_need_float(const tnn_call *call, size_t index, tnn_error *err);
tnn_status tnn_call_need_dtype(const tnn_call *call, size_t index, tnn_dtype dtype, tnn_error *err);

/* `found` must equal `expected`; `what` names found for the message. */
tnn_status tnn_call_need_size(const tnn_call *call, const char *what, tnn_size found, tnn_size expected,
                              tnn_error *err);

/* One dimension of a broadcast: equal, or one of them is 1. `fits` false: neither. */
tnn_status tnn_call_broadcast_size(const tnn_call *call, tnn_size a, tnn_size b, tnn_size *out, bool *fits,
                                   tnn_error *err);
/* Errors: TNN_ERR_INVALID. `out` may be `a` or `b`. */
tnn_status tnn_call_broadcast(const tnn_call *call, const tnn_shape *a, const tnn_shape *b, tnn_shape *out,
                              tnn_error *err);

/* Product of the dimensions with their expressions. */
tnn_status tnn_call_count(const tnn_call *call, const tnn_shape *shape, tnn_size *out, tnn_error *err);

/* Entry `index` of a list; a list of one entry is repeated. */
tnn_size tnn_list_size(const tnn_arg *list, size_t index);
int64_t tnn_list_int(const tnn_arg *list, size_t index);

/* The type of dtype argument `index`, TNN_DTYPE_NONE when it is absent. */
tnn_dtype tnn_arg_dtype(const tnn_arg *arg);

/* The call that a node is. */
tnn_call tnn_call_of_node(const tnn_node *node);

/* For tnn_graph_verify. Nodes of other operator lists are accepted as they are. */
tnn_status tnn_ops_verify_infer(const tnn_node *node, tnn_dtype *dtypes, tnn_shape *shapes, tnn_error *err);

#endif
