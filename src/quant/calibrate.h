/* One pass over samples: what the values of a graph are like, in memory that does not grow with the samples.
 *
 * Every value that the plan stores as integers gets a histogram. Results are the same for any number of threads. */
#ifndef TNN_QUANT_CALIBRATE_H
#define TNN_QUANT_CALIBRATE_H

#include "quant/histogram.h"
#include "quant/plan.h"
#include "quant/range.h"

/* Where samples come from. */
typedef struct tnn_sample_source {
    void *context;
    size_t n_samples;
    /* As of tnn_engine_job. */
    tnn_status (*fill)(void *context, size_t sample, int thread, const void **inputs, tnn_error *err);
} tnn_sample_source;

typedef struct tnn_calibration {
    const tnn_quant_plan *plan;
    tnn_arena *arena;
    uint64_t n_samples;         /* without those that were left out */
    tnn_histogram **histograms; /* by id of a value; NULL: none */
} tnn_calibration;

/* Run all samples. What comes out lives in `arena`.
 * Errors: those of the source and of the engine; TNN_ERR_INVALID (a value is NaN or infinite: `where` is its name). */
tnn_status tnn_calibrate(tnn_calibration *out, const tnn_quant_plan *plan, const tnn_sample_source *source,
                         int n_threads, tnn_arena *arena, tnn_error *err);

/* The parameters of all classes that are not fixed, by the statistics of their origins. Inputs and outputs of
 * the graph keep all that was seen. */
tnn_status tnn_calibration_choose(const tnn_calibration *calibration, tnn_quant_plan *plan, tnn_range_method method,
                                  double share, tnn_error *err);

#endif
