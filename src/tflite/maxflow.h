/* Maximum flow and minimum cut by augmenting along shortest paths in layers.
 * Source: E. A. Dinic, "Algorithm for solution of a problem of maximum flow in networks with power estimation",
 * Soviet Math. Doklady 11 (1970). */
#ifndef TNN_TFLITE_MAXFLOW_H
#define TNN_TFLITE_MAXFLOW_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"

#define TNN_FLOW_INF (INT64_MAX / 4)

typedef struct tnn_flow_edge {
    uint32_t to, next; /* next edge of the same node; UINT32_MAX: none */
    int64_t left;      /* capacity that is left; edge e ^ 1 is its reverse */
} tnn_flow_edge;

typedef struct tnn_flow {
    tnn_arena *arena; /* everything is in it */
    tnn_flow_edge *edges;
    size_t n_edges, cap_edges;
    uint32_t *first; /* by node */
    size_t n_nodes, cap_nodes;
} tnn_flow;

enum { TNN_FLOW_SOURCE = 0, TNN_FLOW_SINK = 1 }; /* the first two nodes */

tnn_status tnn_flow_init(tnn_flow *flow, tnn_arena *arena, tnn_error *err);
tnn_status tnn_flow_node(tnn_flow *flow, uint32_t *node, tnn_error *err);
/* An edge that costs `capacity` (>= 0) when `from` is on the source's side and `to` is not. */
tnn_status tnn_flow_edge_add(tnn_flow *flow, uint32_t from, uint32_t to, int64_t capacity, tnn_error *err);

/* Value of the cut; in_source[node] says on which side it is (n_nodes entries, in the arena). Of all minimum cuts it is
 * the one with the smallest source side. */
tnn_status tnn_flow_cut(tnn_flow *flow, int64_t *value, const bool **in_source, tnn_error *err);

#endif
