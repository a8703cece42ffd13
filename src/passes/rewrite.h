/* What every pass needs: who reads a value, and putting one value in another's place. */
#ifndef TNN_PASSES_REWRITE_H
#define TNN_PASSES_REWRITE_H

#include "ir/graph.h"

/* Exactly one node reads the value, once, and it is not an output of the graph. */
bool tnn_rewrite_single_use(const tnn_graph *graph, const tnn_value *value);

/* No node reads the value and it is not an output of the graph. */
bool tnn_rewrite_unused(const tnn_graph *graph, const tnn_value *value);

/* `to` is called and comes from where `from` does. */
void tnn_rewrite_origin(tnn_node *to, const tnn_node *from);

/* `with` is read wherever output 0 of `node` was; the node, which has no other output, goes. */
tnn_status tnn_rewrite_node(tnn_node *node, tnn_value *with, tnn_error *err);

/* Names in the graph stay unique, whatever becomes of the values. */
void tnn_rewrite_swap_names(tnn_value *a, tnn_value *b);

/* As tnn_rewrite_node, and `with` gets the name of the output: it now stands for what the model calls so. */
tnn_status tnn_rewrite_renamed(tnn_node *node, tnn_value *with, tnn_error *err);

/* `numbers`, row-major, each rounded once to `dtype`. */
tnn_status tnn_rewrite_numbers(const tnn_recipe **out, tnn_arena *arena, tnn_dtype dtype, uint8_t rank,
                               const int64_t *dims, const double *numbers, tnn_error *err);

/* Argument `index` becomes a constant with this recipe; it gets the name of the constant that stood there when nobody
 * else reads that, and is a parameter or buffer when that was one. */
tnn_status tnn_rewrite_constant(tnn_node *node, size_t index, const tnn_recipe *recipe, tnn_error *err);

/* A name for the bias that a layer gets: "conv.bias" beside "conv.weight". In `arena`; NULL: no memory. */
const char *tnn_rewrite_bias_name(tnn_arena *arena, const tnn_value *weight);

#endif
