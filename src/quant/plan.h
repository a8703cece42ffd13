/* Which values of a graph are stored as 8-bit integers, and which of them share parameters.
 *
 * The graph is prepared: all composites are expanded, activations are fused, every value that the file will have is
 * there. A node is computed in integers when its row says so and nobody keeps it float: neither the
 * user, nor who has set its `why_float` before. A value is stored as integers
 * when a node gives it or reads it so. Values that must share parameters form a class; the statistics of its origins
 * (values that nothing of the class made by moving numbers) decide its range. What has fixed parameters is left
 * out of a class that others are in: the file requantizes it there. Inputs that have parameters before keep them. */
#ifndef TNN_QUANT_PLAN_H
#define TNN_QUANT_PLAN_H

#include "ir/graph.h"
#include "ir/value_quant.h"

typedef struct tnn_quant_class {
    tnn_value **origins;
    uint32_t n_origins;
    bool is_fixed;          /* the parameters are known */
    const tnn_quant *quant; /* fixed, or set by who chooses them; in the graph's arena */
} tnn_quant_class;

typedef struct tnn_quant_plan {
    tnn_graph *graph;
    tnn_arena *arena;    /* of the graph's model */
    uint32_t *class_of;  /* by id of a value: 1 + index of its class; 0: it stays float */
    const char **why_float; /* by id of a node's first output: why it is not computed in integers; NULL: it is */
    uint32_t n_values;
    tnn_quant_class *classes;
    uint32_t n_classes;
} tnn_quant_plan;

/* `keeps_float` (or NULL) says which nodes the user wants in floats. Errors: TNN_ERR_NOMEM. */
tnn_status tnn_quant_plan_make(tnn_quant_plan *plan, tnn_graph *graph,
                               bool (*keeps_float)(const void *context, const tnn_node *node), const void *context,
                               tnn_error *err);

/* The class of a value, or NULL. */
tnn_quant_class *tnn_quant_class_of(const tnn_quant_plan *plan, const tnn_value *value);

/* Is the node computed in integers? */
bool tnn_quant_plan_is_integer(const tnn_quant_plan *plan, const tnn_node *node);

/* Write the parameters of the classes into the graph: value->quant, node->why_float. */
void tnn_quant_plan_apply(const tnn_quant_plan *plan);

#endif
