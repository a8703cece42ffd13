/* How far the values of the rounded network are from exact ones, all roundings before them together. */
#ifndef TNN_QUANT_ACCUMULATED_H
#define TNN_QUANT_ACCUMULATED_H

#include "quant/calibrate.h"
#include "quant/difference.h"

typedef struct tnn_accumulation_options {
    bool per_tensor;
    size_t max_samples;
    int n_threads;
} tnn_accumulation_options;

/* Run the network as the plan says beside `exact`, an engine of the same graph, whose constants may have been others. The same
 * for any number of threads.
 *   values  out, in plan->arena, by id: of inputs and results of float32
 * Errors: those of the source and of the engines, TNN_ERR_NOMEM. */
tnn_status tnn_accumulate(tnn_difference **values, const tnn_quant_plan *plan, const tnn_engine *exact,
                          const tnn_sample_source *source, const tnn_accumulation_options *options, tnn_error *err);

#endif
