/* One pass over samples: what the values of a graph are like, in memory that does not grow with the samples.
 *
 * Values that the plan stores as integers get a histogram of their finite numbers, so that a plan which stores fewer finds all
 * it needs. Of what only a softmax reads, what it makes 0 is left out (mask_rows.h). Results are the same for any number of
 * threads. */
#ifndef TNN_QUANT_CALIBRATE_H
#define TNN_QUANT_CALIBRATE_H

#include "quant/histogram.h"
#include "quant/mask_rows.h"
#include "quant/plan.h"
#include "quant/range.h"

/* Where samples come from. */
typedef struct tnn_sample_source {
    void *context;
    size_t n_samples;
    /* As of tnn_engine_job. */
    tnn_status (*fill)(void *context, size_t sample, int thread, const void **inputs, tnn_error *err);
    /* Told by tnn_calibrate, by one thread at a time, how many samples are done. NULL: nobody wants to know. */
    tnn_status (*done)(void *context, size_t n_done, tnn_error *err);
} tnn_sample_source;

/* What was seen of a value. */
typedef struct tnn_calibrated {
    tnn_histogram histogram;
    tnn_mask_rows rows;
    float lowest;  /* of all numbers, also of those that the histogram leaves out */
    size_t infinite; /* the first sample with infinite numbers that the histogram would have counted; SIZE_MAX: there is none */
} tnn_calibrated;

typedef struct tnn_calibration {
    const tnn_quant_plan *plan;
    tnn_arena *arena;
    uint64_t n_samples;         /* without those that were left out */
    tnn_calibrated **values; /* by id; NULL: nothing */
} tnn_calibration;

/* Without histograms. */
tnn_status tnn_calibration_init(tnn_calibration *out, const tnn_quant_plan *plan, tnn_arena *arena, tnn_error *err);

/* Run all samples. What comes out lives in `arena`.
 *   every  those whose parameters are fixed, too: in a plan with more floats they may not be
 * Errors: those of the source and of the engine; TNN_ERR_INVALID (a number is NaN: `where` is the value's name; that of a
 * softmax's row that is masked as a whole may be one as long as no output is). */
tnn_status tnn_calibrate(tnn_calibration *out, const tnn_quant_plan *plan, const tnn_sample_source *source, bool every,
                         int n_threads, tnn_arena *arena, tnn_error *err);

/* The parameters of all classes that are not fixed, by the statistics of their origins. Inputs and outputs of
 * the graph keep all that was seen. The plan is that of the calibration, or, where that looked at every value, one with more floats. */
tnn_status tnn_calibration_choose(const tnn_calibration *calibration, tnn_quant_plan *plan, tnn_range_method method,
                                  double share, tnn_error *err);

#endif
