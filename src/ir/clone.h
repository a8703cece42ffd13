/* A copy of a model that passes may change. */
#ifndef TNN_IR_CLONE_H
#define TNN_IR_CLONE_H

#include "ir/graph.h"

/* All graphs, values and nodes in an arena of their own. Recipes, names and files are shared: `model` must outlive the
 * copy. */
tnn_status tnn_graph_model_clone(tnn_model **out, const tnn_model *model, tnn_error *err);

#endif
