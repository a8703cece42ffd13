/* Rounding that suits what the weights are multiplied with.
 *
 * Of a row of weights w, which rounding makes w~, the layer's result is wrong by (w - w~) x for an input x: over all inputs by
 * (w - w~) G (w - w~)^T with G = E[x^T x]. That is what AdaRound minimizes for a layer: Nagel et al., Up or Down? (2004.10568), section 3.
 * Differs from it: each weight goes to one of its two neighbours by coordinate descent on the quadratic form, from the nearest ones,
 * instead of by gradients on a relaxation of them; it comes to an end by itself and needs nothing of the inputs but G. */
#ifndef TNN_QUANT_ROUND_SEARCH_H
#define TNN_QUANT_ROUND_SEARCH_H

#include <stddef.h>
#include <stdint.h>

#include "tinynn/error.h"

/* Memory for some rows at a time: `errors` and `products` [TNN_ROUND_ROWS, n], `row` [2 n]. */
#define TNN_ROUND_ROWS 16
typedef struct tnn_round_room {
    float *errors, *products;
    double *row;
} tnn_round_room;

/* `weights` become multiples of their row's scale within +-(2^(bits - 1) - 1) of it. Those that are one already stay, so that the
 * largest weight still gives the scale.
 *   weights  [rows, n], at most TNN_ROUND_ROWS rows
 *   scales   [rows]
 *   gram     [n, n], symmetric */
void tnn_round_rows(float *weights, int64_t rows, int64_t n, const double *scales, int bits, const float *gram,
                    const tnn_round_room *room);

/* gram [n, n] of `count` rows x of `n` numbers, of what they differ by from their `mean`, zeros or that of tnn_row_mean; the diagonal
 * gets a hundredth of its mean on top, because they are few. Rows [first, first + some) of it and the columns up to them, in one
 * call for each part of TNN_GRAM_ROWS. */
#define TNN_GRAM_ROWS 64
void tnn_row_mean(double *mean, const float *x, size_t count, int64_t n);
void tnn_gram_part(float *gram, int64_t first, const float *x, size_t count, int64_t n, const double *mean);
void tnn_gram_finish(float *gram, int64_t n);

#endif
