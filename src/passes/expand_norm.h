/* Normalisations that no target has. */
#ifndef TNN_PASSES_EXPAND_NORM_H
#define TNN_PASSES_EXPAND_NORM_H

#include "ir/graph.h"

/* A batch_norm on constant statistics becomes x * scale + shift, with constants [C, 1, …] of the input's dtype. `done`
 * is false, and the node stays, when it trains or something computes its parameters. */
tnn_status tnn_expand_fixed_batch_norm(tnn_node *node, bool *done, tnn_error *err);

/* What any batch_norm means: a text that defines `batch_norm`. */
extern const char tnn_batch_norm_text[];

#endif
