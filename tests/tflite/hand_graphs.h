/* Small graphs of TFLite operators, made by hand, for what writes and reads files. Element i of every float constant is
 * (i * 37 mod 101) / 50 - 1. */
#ifndef HAND_GRAPHS_H
#define HAND_GRAPHS_H

#include "tflite/write.h"

typedef struct hand_graph {
    const char *name;
    tnn_status (*build)(tnn_graph *graph, tnn_error *err);
} hand_graph;

extern const hand_graph hand_graphs[];
extern const size_t n_hand_graphs;

/* NULL when there is none of this name. */
const hand_graph *hand_graph_find(const char *name);

/* A model with that graph; released by tnn_graph_model_free. */
tnn_status hand_graph_build(tnn_model **out, const hand_graph *which, tnn_error *err);

/* Build it and write it to `path`. */
tnn_status hand_graph_write(const hand_graph *which, const char *path, const tnn_tflite_write_options *options,
                            tnn_tflite_stats *stats, tnn_error *err);

/* The element that is named above. */
float hand_number(int64_t index);

#endif
