/* Is the graph whole? Called after every stage in debug builds and in all tests. */
#ifndef TNN_IR_VERIFY_H
#define TNN_IR_VERIFY_H

#include "ir/graph.h"

/* Each use has a producer before it or is an input or a constant; user lists fit the arguments; names and ids are
 * unique; kinds of arguments fit the schema; constants have the dtype and shape of their recipe.
 * `infer` (may be NULL) is asked what dtype and shape each output must have (ops/infer.h gives one).
 * Errors: TNN_ERR_INTERNAL, `where` is the node. */
typedef tnn_status tnn_verify_infer_fn(const tnn_node *node, tnn_dtype *dtypes, tnn_shape *shapes,
                                       tnn_error *err);
tnn_status tnn_graph_verify(const tnn_graph *graph, tnn_verify_infer_fn *infer, tnn_error *err);

#endif
