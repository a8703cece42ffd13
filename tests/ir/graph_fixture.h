/* A model to build graphs in by hand, with a few operators of its own. Values are float32[2, 3]. */
#ifndef GRAPH_FIXTURE_H
#define GRAPH_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "ir/graph.h"
#include "ir/recipe.h"

extern const tnn_op op_relu, op_add, op_cat, op_conv;

/* Set by open_model, a cmocka setup; released by close_model. */
extern tnn_model *model;
extern tnn_graph *graph;
int open_model(void **state);
int close_model(void **state);

/* These check that nothing fails. */
tnn_value *make_input(const char *name);
tnn_value *make_constant(const char *name);
tnn_value *make_node(const tnn_op *op, const tnn_arg *args, size_t n_args, const char *name);
tnn_value *make_relu(tnn_value *x, const char *name);
tnn_value *make_add(tnn_arg a, tnn_arg b);
void make_output(tnn_value *value, const char *name);

#endif
