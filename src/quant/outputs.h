/* Outputs of runs beside exact ones. */
#ifndef TNN_QUANT_OUTPUTS_H
#define TNN_QUANT_OUTPUTS_H

#include "quant/difference.h"

/* An array for each output of the graph. Released by tnn_outputs_free, which accepts NULL. */
tnn_status tnn_outputs_new(void ***out, const tnn_graph *graph, tnn_error *err);
void tnn_outputs_free(void **outputs, const tnn_graph *graph);

/* Add up, by index of the output. Those that hold no real numbers have no difference. */
void tnn_outputs_compare(const tnn_graph *graph, void *const *exact, void *const *other, tnn_difference *sums);

/* The mean of the noises of the outputs that have power. */
double tnn_outputs_noise(const tnn_graph *graph, const tnn_difference *sums);

#endif
