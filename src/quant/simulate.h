/* Runs of a graph as its integer file will compute it, but in floats: weights are rounded when the runs are planned, values
 * when they are computed. What differs from the file is less than a step: sums are floats, biases are not rounded. */
#ifndef TNN_QUANT_SIMULATE_H
#define TNN_QUANT_SIMULATE_H

#include "engine/engine.h"
#include "quant/calibrate.h"
#include "quant/plan.h"

/* Plan the runs.
 *   plan   its classes have parameters when a run rounds their values; borrowed as long as the engine lives
 *   nodes  by id of a node's first output: whose constant weights are rounded; NULL: all that are computed in integers
 * Errors: TNN_ERR_NOMEM, those of reading a constant and of tnn_engine_new. */
tnn_status tnn_simulation_new(tnn_engine **out, const tnn_quant_plan *plan, bool per_tensor, const bool *nodes,
                              tnn_error *err);

/* Runs over samples. */
typedef struct tnn_simulation_job {
    const tnn_quant_plan *plan;
    const tnn_sample_source *source;
    size_t n_samples; /* the first ones of the source; SIZE_MAX: all */
    int n_threads;
    const bool *values; /* by id: which values are rounded; NULL: all that have a class */
    void *context;      /* of the functions below, which are as those of tnn_engine_job and may be NULL */
    /* Called with what readers of the value see. */
    tnn_status (*seen)(void *context, size_t sample, int thread, const tnn_value *value, const tnn_engine_view *view,
                       tnn_error *err);
    tnn_status (*done)(void *context, size_t sample, int thread, const void *const *outputs, tnn_error *err);
} tnn_simulation_job;

tnn_status tnn_simulation_run(const tnn_engine *engine, const tnn_simulation_job *job, tnn_error *err);

/* Round float32 numbers in place to those that int8 of these parameters holds: one scale, halves to even. */
void tnn_round_view(const tnn_engine_view *view, const tnn_quant *quant);

/* Round weights of float32 in place, symmetrically within [-127, 127] or [-7, 7]: `rows` of `row` numbers, a scale a row or one. */
void tnn_round_weights(float *weights, int64_t rows, int64_t row, const tnn_quant *quant);

/* Those of a node that has some, rounded, as they lie. `out` is released by tnn_free, after an error too; scales go to
 * `arena`. Errors: those of reading a constant, TNN_ERR_NOMEM. */
tnn_status tnn_read_rounded_weights(float **out, const tnn_node *node, bool per_tensor, tnn_arena *arena,
                                    tnn_error *err);

#endif
