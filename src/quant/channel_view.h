/* The channels of a value in memory. */
#ifndef TNN_QUANT_CHANNEL_VIEW_H
#define TNN_QUANT_CHANNEL_VIEW_H

#include "engine/engine.h"

/* sums[c] += the numbers of channel c; `dim` is the dimension of channels. */
void tnn_channel_sums(const tnn_engine_view *view, uint8_t dim, double *sums);

/* Each number becomes activation(number + shift[its channel]). */
void tnn_channel_shift(const tnn_engine_view *view, uint8_t dim, const double *shift, tnn_activation activation);

#endif
