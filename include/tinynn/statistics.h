/* What the values of a model are like over samples: collected once, looked at, saved, merged, and quantized by.
 *
 * Samples may be split over machines: merged statistics are those of all samples, to the last bit, whatever the order. */
#ifndef TINYNN_STATISTICS_H
#define TINYNN_STATISTICS_H

#include "tinynn/convert.h"
#include "tinynn/progress.h"
#include "tinynn/samples.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum tnn_calibration_method {
    TNN_CALIBRATION_L2 = 0,     /* ranges of least mean square error */
    TNN_CALIBRATION_MINMAX,     /* all that was seen */
    TNN_CALIBRATION_AVERAGE,    /* means of the samples' extremes */
    TNN_CALIBRATION_PERCENTILE, /* all but a share of the numbers */
    TNN_CALIBRATION_KL          /* least divergence of the distributions */
} tnn_calibration_method;

/* Of the values that 8-bit integers may store: one histogram each. */
typedef struct tnn_statistics tnn_statistics;

typedef struct tnn_collect_options {
    int n_threads;                /* samples at a time; default 1 */
    tnn_sample_progress progress; /* NULL, the default: nobody wants to know */
    void *progress_context;       /* for `progress` */
} tnn_collect_options;

TNN_API tnn_collect_options tnn_collect_options_default(void);

/* Run all samples. Memory does not grow with their number, and the result is the same for any number of threads.
 *   convert  as of tnn_model_convert: values are those of the model as it is converted so; NULL: defaults
 *   options  NULL: defaults
 *   out      NULL after an error; owned by the caller, release with tnn_statistics_free
 * Errors: TNN_ERR_INVALID (no samples, one that does not fit the model, a value that is NaN: `where` is its name),
 * TNN_ERR_UNSUPPORTED (masks or infinities, which change the network), TNN_ERR_CANCELLED, TNN_ERR_NOMEM; those of
 * `samples->read`. */
TNN_API tnn_status tnn_statistics_collect(tnn_statistics **out, const tnn_model *model, const tnn_sample_reader *samples,
                                          const tnn_convert_options *convert, const tnn_collect_options *options,
                                          tnn_error *err);
/* Accepts NULL. */
TNN_API void tnn_statistics_free(tnn_statistics *statistics);

/* A file of JSON, which appears whole or not at all; docs/cli.md describes it. The same statistics give the same bytes.
 * Errors: TNN_ERR_IO, TNN_ERR_NOMEM. */
TNN_API tnn_status tnn_statistics_save(const tnn_statistics *statistics, const char *path, tnn_error *err);
/* Errors: TNN_ERR_IO, TNN_ERR_MALFORMED, TNN_ERR_UNSUPPORTED (a later version), TNN_ERR_LIMIT, TNN_ERR_NOMEM. */
TNN_API tnn_status tnn_statistics_load(tnn_statistics **out, const char *path, tnn_error *err);

/* `to` becomes the statistics of the samples of both. Errors: TNN_ERR_INVALID (they are of different models, by the names and
 * shapes of their values; `to` is as it was). */
TNN_API tnn_status tnn_statistics_merge(tnn_statistics *to, const tnn_statistics *from, tnn_error *err);

/* What is known of a value, in the units of the float model. */
typedef struct tnn_value_statistics {
    const char *name; /* owned by the statistics */
    uint8_t rank;
    int64_t dims[TINYNN_MAX_RANK]; /* PyTorch's order */
    uint64_t n_numbers;            /* counted: of large values a part of each sample; 0: all else is 0 */
    double low, high;              /* of all numbers */
    double mean;                   /* of those counted, within half a bin of the histogram */
    double mean_low, mean_high;    /* of the samples' extremes */
} tnn_value_statistics;

TNN_API uint64_t tnn_statistics_n_samples(const tnn_statistics *statistics);
TNN_API uint64_t tnn_statistics_n_values(const tnn_statistics *statistics);
/* In the order of the graph; `index` must be below the number of values, here and in the next. */
TNN_API tnn_value_statistics tnn_statistics_value(const tnn_statistics *statistics, uint64_t index);

/* The range that a method chooses for the value alone; values that share parameters get one range together. Inputs and
 * outputs of a model keep all that was seen.
 *   percentile  of PERCENTILE: what is kept, in percent */
TNN_API void tnn_statistics_range(const tnn_statistics *statistics, uint64_t index, tnn_calibration_method method,
                                  double percentile, double *low, double *high);

#ifdef __cplusplus
}
#endif
#endif
