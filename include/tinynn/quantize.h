/* From a float model and samples to a .tflite of 8-bit integers. */
#ifndef TINYNN_QUANTIZE_H
#define TINYNN_QUANTIZE_H

#include "tinynn/precision.h"
#include "tinynn/samples.h"
#include "tinynn/statistics.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What becomes of a concatenation whose parts differ so much in range that one scale for all leaves some of them less than
 * 32 of 256 levels. A warning of the report names each in any case. */
typedef enum tnn_concat_mode {
    TNN_CONCAT_KEEP = 0, /* it is quantized all the same */
    TNN_CONCAT_SPLIT,    /* where it is an output of the model, its parts become outputs in its place */
    TNN_CONCAT_FLOAT     /* it stays float, and all that follows */
} tnn_concat_mode;

/* An input whose bytes are those of a picture, as they are: real = (byte - mean) / std. One mean, a whole number, and one std are
 * the input's zero point and scale; all else is folded exactly into the convolutions that read the input. They must not
 * pad then, unless means are alike and whole: a zero of the model is no byte. A mean alone that cannot be folded is rounded, with a warning. */
typedef struct tnn_input_stats {
    const char *input; /* its name in the model; NULL: the one of this place in the list */
    const double *mean, *std;
    size_t n_mean, n_std; /* 1, or the input's channels */
} tnn_input_stats;

typedef struct tnn_quantize_options {
    tnn_calibration_method method; /* default TNN_CALIBRATION_L2 */
    double percentile;             /* of PERCENTILE: what is kept, in percent; default 99.99 */
    bool per_tensor;               /* one scale for all weights of a layer; default false: one an output channel */
    bool no_equalization;          /* channels of different ranges stay so; default false: they are scaled alike */
    bool no_range_search;          /* of L2; default false: ranges with long tails are those that serve the outputs best */
    bool no_bias_correction;       /* default false: biases take back what rounding the weights does to means */
    bool analytic_bias;            /* default false: biases are corrected by the samples; true: by batch norms' statistics */
    bool adaround;                 /* default false: weights go to the nearest number; true: to one that suits what they are multiplied with */
    bool absorb_bias;              /* default false; true: what channels never fall below moves into the next layers */
    tnn_concat_mode concat;        /* default TNN_CONCAT_KEEP */
    tnn_dtype io;                  /* of inputs and outputs: TNN_DTYPE_F32 (default), I8 or U8 */
    const tnn_input_stats *input_stats; /* these inputs are bytes: int8, the byte - 128, if `io` is I8, else uint8. Samples are
                                           what the model takes all the same. Borrowed for the call; NULL, the default: none */
    size_t n_input_stats;
    int n_threads;                 /* samples at a time; default 1 */
    const tnn_statistics *statistics; /* ranges are taken from them, and channels are not equalized, which would change what
                                         they are of; borrowed for the call; NULL, the default: from samples */
    tnn_sample_progress progress;     /* of the run over all samples; NULL, the default: nobody wants to know */
    void *progress_context;           /* for `progress` */
    const tnn_precision *precision; /* which operators stay float; borrowed for the call; NULL, the default: those that
                                       have no integer kernel */
    double auto_exclude; /* operators stay float, those that cost most first, until the signal of the outputs is so many
                            dB above the noise on some samples; default 0: none. The report says which and why */
    bool analyze;        /* measure what each operator loses, for the report, as auto_exclude does; default false */
} tnn_quantize_options;

TNN_API tnn_quantize_options tnn_quantize_options_default(void);

/* Calibrate, quantize and write `path`, which appears whole or not at all. Operators without an integer kernel stay
 * float; the report tells which and why.
 *   samples   NULL with `options->statistics`: what needs samples is left out, the report's "left_out" says what
 *   convert   as of tnn_model_convert; NULL: defaults
 *   options   NULL: defaults
 * Errors: as tnn_model_convert; TNN_ERR_INVALID (no samples, layouts or names of outputs with TNN_CONCAT_SPLIT, one that does
 * not fit the model, a value that is NaN or, where a layer with weights reads it, infinite: `where` is its name; statistics of
 * another model; input_stats that fit no input; options->auto_exclude without samples), TNN_ERR_UNSUPPORTED (input_stats that cannot be
 * folded; the message lists why; options->auto_exclude, and no output has real numbers), TNN_ERR_MALFORMED (a name of options->precision that
 * no operator has: with line and column); those of `samples->read`. */
TNN_API tnn_status tnn_model_quantize(const tnn_model *model, const char *path, const tnn_sample_reader *samples,
                                      const tnn_convert_options *convert, const tnn_quantize_options *options,
                                      tnn_report **report, tnn_lacks *lacks, tnn_error *err);

/* The analysis of a report as a page of HTML that needs no other file, owned by the report; NULL when nothing
 * was measured. */
TNN_API const char *tnn_report_analysis_page(const tnn_report *report);

#ifdef __cplusplus
}
#endif
#endif
