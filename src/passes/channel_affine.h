/* A batch normalisation as numbers, x * scale[c] + shift[c] on dimension 1, and weights that take such numbers in. */
#ifndef TNN_PASSES_CHANNEL_AFFINE_H
#define TNN_PASSES_CHANNEL_AFFINE_H

#include "ir/graph.h"
#include "ir/recipe.h"

typedef struct tnn_channel_affine {
    int64_t n;
    double *scale, *shift;    /* n each, in the model's arena */
    double *mean, *deviation; /* of the result, if the statistics are right */
} tnn_channel_affine;

/* scale = weight / sqrt(running_var + eps), shift = bias - running_mean * scale, in double; an absent weight is 1, an
 * absent bias 0. `*known` is false when `batch_norm` trains, is of no float type, or its operands are no constants. */
tnn_status tnn_channel_affine_of(tnn_channel_affine *out, bool *known, const tnn_node *batch_norm, tnn_error *err);

bool tnn_channel_affine_shifts(const tnn_channel_affine *affine);

/* weight [N, …] times scale[N] on dimension 0. `scale` must outlive the recipe. */
tnn_status tnn_scale_outer(const tnn_recipe **out, tnn_arena *arena, const tnn_recipe *weight, const double *scale,
                           tnn_error *err);

/* weight [groups * P, Q, …] times scale[groups * Q]: element [g * P + p, q, …] belongs to channel g * Q + q. */
tnn_status tnn_scale_inner(const tnn_recipe **out, tnn_arena *arena, const tnn_recipe *weight, int64_t groups,
                           const double *scale, tnn_error *err);

/* sums[row] += sum over q and the rest of weight[row, q, …] * shift[g * Q + q], row = g * P + p, in double. One row of
 * the weight is in memory at a time. */
tnn_status tnn_add_shift_sums(double *sums, const tnn_recipe *weight, int64_t groups, const double *shift,
                              tnn_error *err);

#endif
