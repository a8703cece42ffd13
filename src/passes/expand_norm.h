/* Normalisations that no target has. */
#ifndef TNN_PASSES_EXPAND_NORM_H
#define TNN_PASSES_EXPAND_NORM_H

#include "ir/graph.h"

/* A batch_norm on constant statistics becomes x * scale + shift, with constants [C, 1, …] of the input's dtype. Any
 * other node stays as it is. */
tnn_status tnn_expand_batch_norm(tnn_node *node, tnn_error *err);

#endif
