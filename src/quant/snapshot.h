/* Weights and biases as they are now, the moments of what they give, and the names of all results, so that what changes them can be taken back. */
#ifndef TNN_QUANT_SNAPSHOT_H
#define TNN_QUANT_SNAPSHOT_H

#include "quant/plan.h"

typedef struct tnn_snapshot_entry tnn_snapshot_entry;

typedef struct tnn_snapshot {
    tnn_graph *graph;
    tnn_snapshot_entry *entries;
    size_t n;
    const char **names; /* of results, in the order of nodes */
} tnn_snapshot;

/* Lives in the arena of the graph's model. */
tnn_status tnn_snapshot_take(tnn_snapshot *out, tnn_graph *graph, tnn_error *err);
/* The layers have the constants again that they had, constants and results their names. No node has come or gone. */
tnn_status tnn_snapshot_restore(const tnn_snapshot *snapshot, tnn_error *err);

#endif
