/* Which nodes of a graph are computed when it is converted: those whose operands are constants, and whose results are not
 * much larger than the constants they come from or are read by other such nodes alone. */
#ifndef TNN_PASSES_FOLD_PLAN_H
#define TNN_PASSES_FOLD_PLAN_H

#include "ir/graph.h"

/* Of the value with this id. */
typedef struct tnn_fold_value {
    bool known; /* can be computed */
    bool worth; /* should be */
    bool is_output;
    uint64_t n_source_bytes; /* of the constants that it comes from */
} tnn_fold_value;

typedef struct tnn_fold_plan {
    tnn_fold_value *values; /* by id */
} tnn_fold_plan;

/* A fixed shape with a size of 0. */
bool tnn_fold_is_empty(const tnn_value *value);

/* Holds for the values that the graph has now. Errors: TNN_ERR_NOMEM. Release with tnn_fold_plan_free in any case. */
tnn_status tnn_fold_plan_make(tnn_fold_plan *plan, const tnn_graph *graph, tnn_error *err);
void tnn_fold_plan_free(tnn_fold_plan *plan);

bool tnn_fold_plan_has(const tnn_fold_plan *plan, const tnn_node *node);

#endif
