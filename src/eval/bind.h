/* Arguments of a call onto the schema of an operator. */
#ifndef TNN_EVAL_BIND_H
#define TNN_EVAL_BIND_H

#include "eval/state.h"

/* A call as it was written. The last n_keywords of `args` belong to `keywords`. */
typedef struct tnn_call_args {
    const tnn_obj *args;
    size_t n_args;
    const char *const *keywords;
    size_t n_keywords;
} tnn_call_args;

/* One object an argument of the schema, in its order, defaults filled in; kinds fit the schema: a single number
 * became a list where a list is wanted, an int a float where a float is wanted.
 *   name  of the operator, for messages
 * Errors: TNN_ERR_INVALID (does not fit), TNN_ERR_UNSUPPORTED (an absent result is used), TNN_ERR_NOMEM. */
tnn_status tnn_bind(tnn_interp *interp, const char *name, const tnn_schema *schema, const tnn_call_args *call,
                    tnn_obj **out, tnn_error *err);

/* The argument that the keyword means, by its name in ATen or in Python ("input", "axis"); -1: none. */
int tnn_bind_find(const tnn_schema *schema, const char *keyword);

/* Bound objects as arguments of a node; tensors are read. */
tnn_status tnn_bind_args(tnn_interp *interp, const tnn_schema *schema, const tnn_obj *bound, tnn_arg **out,
                         tnn_error *err);

/* And back: an argument as the evaluator knows it. Errors: TNN_ERR_UNSUPPORTED (a graph), TNN_ERR_NOMEM. */
tnn_status tnn_obj_of_arg(tnn_interp *interp, const tnn_arg *arg, tnn_obj *out, tnn_error *err);

/* The results of a node by the schema: a tensor, a list of them, or a tuple. */
tnn_status tnn_bind_results(tnn_interp *interp, const tnn_node *node, const int64_t *strides, tnn_obj *out,
                            tnn_error *err);

#endif
