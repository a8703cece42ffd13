/* What each rounding alone costs: of an operator's weights, of its results, of an input.
 *
 * All else stays exact. A rounding belongs to the operator that does it: that of an operand to what gives the operand. Results
 * that only move numbers of their class (a reshape, a pool of maxima, a concatenation) lose nothing of their own. */
#ifndef TNN_QUANT_SENSITIVITY_H
#define TNN_QUANT_SENSITIVITY_H

#include "quant/calibrate.h"
#include "quant/difference.h"

/* Noises are powers as parts of the signal's. */
typedef struct tnn_loss {
    const tnn_node *node;   /* NULL: an input of the graph */
    const tnn_value *value; /* its result, or the input */
    bool weights, values;   /* what is rounded */
    double own_noise;       /* of the weights themselves */
    tnn_difference by_weights, by_values, by_both; /* of the result, over all samples */
    double weights_cost, values_cost; /* noise of the network's outputs */
    size_t step;            /* of the engine */
} tnn_loss;

typedef struct tnn_sensitivity {
    tnn_loss *losses; /* in the order of a run */
    size_t n;
    size_t n_samples; /* that were run */
} tnn_sensitivity;

typedef struct tnn_sensitivity_options {
    bool per_tensor;
    size_t max_samples;
    size_t max_runs; /* of the network, over all samples together; two samples are run in any case */
    int n_threads;
} tnn_sensitivity_options;

/* The same for any number of threads, in memory that does not grow with the samples.
 *   exact  of plan->graph
 *   out    in plan->arena
 * Errors: those of the source and of the engine, TNN_ERR_NOMEM. */
tnn_status tnn_sensitivity_measure(tnn_sensitivity *out, const tnn_quant_plan *plan, const tnn_engine *exact,
                                   const tnn_sample_source *source, const tnn_sensitivity_options *options,
                                   tnn_error *err);

#endif
