/* All passes in the order that serves them. */
#ifndef TNN_PASSES_PREPARE_H
#define TNN_PASSES_PREPARE_H

#include "ir/graph.h"

/* How much is done beyond what is needed. */
typedef enum tnn_prepare_level {
    TNN_PREPARE_NEEDED,      /* identities and constants away, floats float32, composites expanded */
    TNN_PREPARE_BATCH_NORMS, /* batch normalisations into their neighbours, too */
    TNN_PREPARE_ALL          /* every pass */
} tnn_prepare_level;

typedef struct tnn_prepare_options {
    tnn_prepare_level level;
    bool part_linear;        /* tnn_pass_part_linear, at every level */
    bool (*can_fuse)(const tnn_node *node, tnn_activation act); /* may the node apply it? NULL: none may */
    bool (*keeps)(const tnn_op *op); /* composites that the target wants whole; NULL: none */
} tnn_prepare_options;

/* What a target needs done before its layout is chosen. Debug builds verify the result.
 * Errors: TNN_ERR_INTERNAL, TNN_ERR_NOMEM, TNN_ERR_LIMIT. */
tnn_status tnn_pass_prepare(tnn_graph *graph, const tnn_prepare_options *options, tnn_error *err);

/* tnn_graph_verify with PyTorch's shapes and dtypes, in debug builds; nothing in release builds. */
tnn_status tnn_pass_verify(const tnn_graph *graph, tnn_error *err);

#endif
