/* Which layers get weights of 4 bits: the user's choice, as far as LiteRT has kernels. The choice is made on the prepared graph, so that
 * biases are corrected for what 4 bits do; lowering copies the mark (node->wants_int4). */
#ifndef TNN_QUANT_INT4_PLAN_H
#define TNN_QUANT_INT4_PLAN_H

#include "ir/graph.h"
#include "tinynn/convert.h"

typedef struct tnn_int4_stats {
    uint32_t n_operators;  /* with weights of 4 bits */
    uint64_t n_bytes;      /* of these weights in the file */
    const char **reasons;  /* why layers that were chosen keep 8 bits, a line each, in `arena` */
    size_t n_reasons, cap_reasons;
    tnn_arena *arena;
} tnn_int4_stats;

/* Why the layer `name` keeps 8 bits. */
tnn_status tnn_int4_note(tnn_int4_stats *stats, const char *name, const char *op, const char *why, tnn_error *err);

/* Mark nodes. `stats` is set up, in the graph's arena. `linear_why` is why convolutions keep 8 bits, NULL: they need not.
 * Errors: TNN_ERR_INVALID (a pattern that no layer fits: `where` is it), TNN_ERR_NOMEM. */
tnn_status tnn_int4_plan(tnn_graph *graph, const tnn_int4_options *options, const char *linear_why, tnn_int4_stats *stats,
                         tnn_error *err);

#endif
