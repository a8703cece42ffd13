/* Concatenations whose parts differ much in range: one scale holds them all, and leaves the small ones few of its 256 levels. Boxes
 * beside scores, as detectors give them, are the known case. */
#ifndef TNN_QUANT_CONCAT_H
#define TNN_QUANT_CONCAT_H

#include "quant/calibrate.h"

typedef struct tnn_concat_clash {
    tnn_node *node;
    const tnn_value *wide, *narrow; /* the parts with the widest and the narrowest range */
    tnn_range wide_range, narrow_range;
} tnn_concat_clash;

typedef struct tnn_concat_clashes {
    tnn_concat_clash *list;
    size_t n;
} tnn_concat_clashes;

/* Those among the concatenations that `plan` computes in integers, by what calibration saw. In the plan's arena. */
tnn_status tnn_concat_find(tnn_concat_clashes *out, const tnn_quant_plan *plan, const tnn_calibration *calibration,
                           tnn_error *err);

/* A warning of the model for each; `then` says what was done. */
tnn_status tnn_concat_warn(const tnn_concat_clashes *clashes, const tnn_graph *graph, const char *then, tnn_error *err);

/* Where a clash is an output of the graph its parts take its place, with names of their own, and a warning says so. */
tnn_status tnn_concat_split(const tnn_concat_clashes *clashes, tnn_graph *graph, tnn_error *err);

/* By id of a node's first output: the clashes, and all that is computed from them. In the arena of the graph's model. */
tnn_status tnn_concat_mark(bool **out, const tnn_concat_clashes *clashes, const tnn_graph *graph, tnn_error *err);

#endif
