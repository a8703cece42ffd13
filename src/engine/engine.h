/* Running a graph fast: a plan is made once, then run as often as wanted, by several threads at a time.
 *
 * Values of float32 lie in memory as suits the operators that make them, 4-D ones usually with their channels innermost.
 * What has no kernel here runs by the reference kernel of its row, so every primitive runs. */
#ifndef TNN_ENGINE_ENGINE_H
#define TNN_ENGINE_ENGINE_H

#include <stdbool.h>

#include "ir/graph.h"

typedef struct tnn_engine tnn_engine;             /* the plan; immutable, for any number of threads */
typedef struct tnn_engine_state tnn_engine_state; /* memory of one run; one a thread */

/* Numbers in place of a constant's. */
typedef struct tnn_engine_constant {
    const tnn_value *value; /* a constant of the graph */
    const void *data;       /* of its dtype and shape, dense; borrowed while the plan is made */
} tnn_engine_constant;

typedef struct tnn_engine_options {
    int n_threads; /* inside of one run, at least 1; default 1. Several runs at a time scale better */
    const tnn_engine_constant *constants; /* default none */
    size_t n_constants;
} tnn_engine_options;

tnn_engine_options tnn_engine_options_default(void);

/* For tnn_prepare_options: nodes that apply an activation while they compute. */
bool tnn_engine_can_fuse(const tnn_node *node, tnn_activation act);

/* Plan the runs of a graph of primitives (tnn_pass_prepare without `keeps`). Sizes are the hints.
 *   graph    borrowed as long as the engine lives
 *   options  NULL: defaults
 * Errors: TNN_ERR_UNSUPPORTED (an operator that has no kernel, a custom one; `where` names the node), TNN_ERR_LIMIT,
 * TNN_ERR_NOMEM, and those of reading a constant. */
tnn_status tnn_engine_new(tnn_engine **out, const tnn_graph *graph, const tnn_engine_options *options, tnn_error *err);
/* Accepts NULL. */
void tnn_engine_free(tnn_engine *engine);

/* How many nodes run by the reference kernels, and how many there are. */
size_t tnn_engine_n_reference(const tnn_engine *engine);
size_t tnn_engine_n_nodes(const tnn_engine *engine);

/* Memory for runs; values whose lives do not meet share it.
 *   keep  by id of the value (graph->model->next_value_id of them): true where the memory of a value is not reused
 *         before the run ends, so that tnn_engine_view_of finds it then. NULL: nowhere
 * Errors: TNN_ERR_NOMEM, TNN_ERR_LIMIT. */
tnn_status tnn_engine_state_new(tnn_engine_state **out, const tnn_engine *engine, const bool *keep, tnn_error *err);
/* Accepts NULL. */
void tnn_engine_state_free(tnn_engine_state *state);
/* Of the memory that values share. */
size_t tnn_engine_state_bytes(const tnn_engine_state *state);

/* A value in memory: PyTorch's order of dimensions, strides in elements, 0 along a dimension that is expanded. */
typedef struct tnn_engine_view {
    void *data;
    tnn_dtype dtype;
    uint8_t rank;
    int64_t dims[TNN_MAX_RANK];
    int64_t strides[TNN_MAX_RANK];
} tnn_engine_view;

/* Where a kept value is after a run. */
tnn_engine_view tnn_engine_view_of(const tnn_engine *engine, const tnn_engine_state *state, const tnn_value *value);

/* Called for every input and every result of a node when it is computed, its activation included, before anybody reads
 * it. `seen` may write other numbers into view->data. A reshape, permute, slice or expand may give a view on the memory of
 * its operand: what is written there is written to the operand too. */
typedef struct tnn_engine_watch {
    void *context;
    tnn_status (*seen)(void *context, const tnn_value *value, const tnn_engine_view *view, tnn_error *err);
} tnn_engine_watch;

/* One run.
 *   inputs   dense arrays of the graph's inputs, dtypes and shapes as the graph says; borrowed
 *   outputs  dense arrays of its outputs, allocated by the caller
 *   watch    NULL: nobody
 * Errors: those of `seen`, of the reference kernels (integer division by zero), TNN_ERR_NOMEM. */
tnn_status tnn_engine_run(const tnn_engine *engine, tnn_engine_state *state, const void *const *inputs,
                          void *const *outputs, const tnn_engine_watch *watch, tnn_error *err);

/* A run in parts: begin, then steps in their order. The first steps take the inputs, the last ones fill the outputs.
 * `inputs` must stay until their steps are done, `outputs` may be NULL when theirs are not run. */
void tnn_engine_begin(const tnn_engine *engine, tnn_engine_state *state, const void *const *inputs,
                      void *const *outputs);
/* Steps [first, end). */
tnn_status tnn_engine_steps(const tnn_engine *engine, tnn_engine_state *state, size_t first, size_t end,
                            const tnn_engine_watch *watch, tnn_error *err);
size_t tnn_engine_n_steps(const tnn_engine *engine);
/* The step that has computed the value when it is done; SIZE_MAX: none, a constant. */
size_t tnn_engine_step_of(const tnn_engine *engine, const tnn_value *value);
/* `to` is as far in its run as `from`, on memory of its own; both are states of one engine, or of two that differ by the numbers of
 * constants only, without `keep` or with the same. */
void tnn_engine_state_copy(tnn_engine_state *to, const tnn_engine_state *from);

/* Many samples, each a run of its own. Functions are never called for two samples of one thread at a time, `done` never
 * for two samples at all. */
typedef struct tnn_engine_job {
    void *context;
    size_t n_samples;
    int n_threads; /* at least 1 */
    /* Point at the inputs of a sample, which stay until it is done; the first of them NULL: the sample is left out, `done` is
     * called all the same. Called by several threads at a time. */
    tnn_status (*fill)(void *context, size_t sample, int thread, const void **inputs, tnn_error *err);
    /* As of tnn_engine_watch; NULL: nobody watches. Called by several threads at a time. */
    tnn_status (*seen)(void *context, size_t sample, int thread, const tnn_value *value, const tnn_engine_view *view,
                       tnn_error *err);
    /* Called in the order of samples, by one thread at a time. `outputs` are the engine's. NULL: nobody wants them. */
    tnn_status (*done)(void *context, size_t sample, int thread, const void *const *outputs, tnn_error *err);
} tnn_engine_job;

/* The first error ends all; it is that of the lowest sample that failed. */
tnn_status tnn_engine_for_each(const tnn_engine *engine, const tnn_engine_job *job, tnn_error *err);

#endif
