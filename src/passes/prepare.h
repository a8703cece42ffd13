/* All passes in the order that serves them. */
#ifndef TNN_PASSES_PREPARE_H
#define TNN_PASSES_PREPARE_H

#include "ir/graph.h"

/* What a target needs done before its layout is chosen: identities and constants away, all floats float32, batch
 * normalisations and pads into convolutions, composites expanded but those that it keeps (`keeps` NULL: none), activations
 * fused where `can_fuse` allows (NULL: nowhere), dead nodes away. Debug builds verify the result.
 * Errors: TNN_ERR_INTERNAL, TNN_ERR_NOMEM, TNN_ERR_LIMIT. */
tnn_status tnn_pass_prepare(tnn_graph *graph, bool (*can_fuse)(const tnn_node *node, tnn_activation act),
                            bool (*keeps)(const tnn_op *op), tnn_error *err);

/* tnn_graph_verify with PyTorch's shapes and dtypes, in debug builds; nothing in release builds. */
tnn_status tnn_pass_verify(const tnn_graph *graph, tnn_error *err);

#endif
