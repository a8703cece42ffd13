/* What a convolution or linear layer gives on average, without running it.
 *
 * The mean of its result over samples and positions is linear in its weights: sum over c, k of weight[o, c, k] * tap[c, k], where
 * tap[c, k] is the mean of what tap k of the window sees in channel c (0 where that is padding). So one small table a
 * layer tells what any change of its weights does to its mean. */
#ifndef TNN_QUANT_TAPS_H
#define TNN_QUANT_TAPS_H

#include "engine/engine.h"
#include "ir/graph.h"

typedef struct tnn_taps {
    int64_t n_channels, n_taps; /* of the input; of a window, 1 for a linear layer */
    double *sums;               /* [n_taps, n_channels], of all samples */
    int64_t n;                  /* windows that were summed */
} tnn_taps;

/* Is the node's mean known so: a convolution that is not transposed, or a linear layer, with constant weights? */
bool tnn_taps_fit(const tnn_node *node);
tnn_status tnn_taps_init(tnn_taps *taps, const tnn_node *node, tnn_arena *arena, tnn_error *err);
/* What the node's input is in one sample. */
void tnn_taps_add(tnn_taps *taps, const tnn_node *node, const tnn_engine_view *input);
/* `to` counts what `from` has counted, too. */
void tnn_taps_merge(tnn_taps *to, const tnn_taps *from);

/* means[o] += mean of what `weights`, float32 in the order of the node's, give in output channel o, without the bias. */
void tnn_taps_mean(const tnn_taps *taps, const tnn_node *node, const float *weights, double *means);

#endif
