/* Running a graph by the reference kernels. */
#ifndef TNN_OPS_RUN_H
#define TNN_OPS_RUN_H

#include "ir/graph.h"
#include "ir/tensor.h"

/* Node by node, in order. Constants are made from their recipes when they are used; a value is released after its
 * last use. Sizes are the hints.
 *   inputs   graph->n_inputs tensors of the inputs' dtypes and shapes; borrowed
 *   outputs  graph->n_outputs tensors, made here and owned by the caller (tnn_tensor_clear); all empty after an error
 * Errors: TNN_ERR_INVALID (an input does not fit, `where` is its name; integer division by zero),
 * TNN_ERR_INTERNAL (a node that is no primitive: expand first), TNN_ERR_LIMIT, TNN_ERR_NOMEM. */
tnn_status tnn_graph_run(const tnn_graph *graph, const tnn_tensor *inputs, tnn_tensor *outputs, tnn_error *err);

#endif
