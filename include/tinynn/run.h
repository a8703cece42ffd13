/* Run a model again and again, fast. */
#ifndef TINYNN_RUN_H
#define TINYNN_RUN_H

#include "tinynn/model.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct tnn_runner tnn_runner;

typedef struct tnn_runner_options {
    int n_threads; /* inside of one run, at least 1; default 1 */
} tnn_runner_options;

TNN_API tnn_runner_options tnn_runner_options_default(void);

/* Plan the runs of a model: its weights are read and brought into the order that the kernels like.
 *   model    must outlive the runner
 *   options  NULL: defaults
 *   out      NULL after an error
 * Results agree with those of the reference kernels (tnn_model_run) but for rounding: float32 is computed in float32, and
 * batch normalisations and the like are folded into their neighbours.
 * Errors: TNN_ERR_INVALID (an option), TNN_ERR_LIMIT, TNN_ERR_NOMEM, and those of reading constants. */
TNN_API tnn_status tnn_runner_new(tnn_runner **out, const tnn_model *model, const tnn_runner_options *options,
                                  tnn_error *err);
/* Accepts NULL. */
TNN_API void tnn_runner_free(tnn_runner *runner);

/* One run; arrays and errors as for tnn_model_run. One thread at a time. */
TNN_API tnn_status tnn_runner_run(tnn_runner *runner, const tnn_array *inputs, tnn_array *outputs, tnn_error *err);

/* Of the nodes that are computed, how many have no fast kernel. */
TNN_API size_t tnn_runner_n_nodes(const tnn_runner *runner);
TNN_API size_t tnn_runner_n_slow(const tnn_runner *runner);

/* Many runs at a time, by `n_threads` threads, each with memory of its own: sample k has the n_inputs arrays from
 * inputs[k * n_inputs] on, and the outputs likewise. Errors: those of the first sample that fails. */
TNN_API tnn_status tnn_runner_run_many(const tnn_runner *runner, size_t n_samples, int n_threads,
                                       const tnn_array *inputs, tnn_array *outputs, tnn_error *err);

/* Write arrays to a file of NumPy's, .npz, which appears whole or not at all. Names must differ; bfloat16 becomes float32.
 * Errors: TNN_ERR_IO, TNN_ERR_LIMIT (4 GiB or more), TNN_ERR_NOMEM. */
TNN_API tnn_status tnn_arrays_save(const char *path, const tnn_named_array *items, size_t n, tnn_error *err);

#ifdef __cplusplus
}
#endif
#endif
