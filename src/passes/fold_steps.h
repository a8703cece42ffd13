/* Operators that are steps on recipes. */
#ifndef TNN_PASSES_FOLD_STEPS_H
#define TNN_PASSES_FOLD_STEPS_H

#include "ir/recipe.h"
#include "ir/graph.h"

/* The result of a node with constant operands and a fixed shape as a step on their recipes; `*out` is NULL when its
 * operator is no step. The node has one output. */
tnn_status tnn_fold_step(const tnn_recipe **out, const tnn_node *node, tnn_error *err);

#endif
