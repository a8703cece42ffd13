/* From a model to a .tflite file. */
#ifndef TINYNN_CONVERT_H
#define TINYNN_CONVERT_H

#include "tinynn/model.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum tnn_io_layout {
    TNN_LAYOUT_NHWC = 0, /* 4-D inputs and outputs are channels-last in the .tflite */
    TNN_LAYOUT_NCHW      /* inputs and outputs as in PyTorch */
} tnn_io_layout;

typedef struct tnn_convert_options {
    tnn_io_layout layout; /* of all inputs and outputs but those of the lists; default TNN_LAYOUT_NHWC */
    const tnn_io_layout *input_layouts;  /* one an input, borrowed for the call; NULL: all as `layout`, the default */
    size_t n_input_layouts;              /* tnn_model_n_inputs, where there is a list */
    const tnn_io_layout *output_layouts; /* one an output, as above */
    size_t n_output_layouts;
    bool split_groups; /* split grouped convolutions: runtimes older than 2.9 lack CONV_2D with groups; default false */
} tnn_convert_options;

TNN_API tnn_convert_options tnn_convert_options_default(void);

/* What a conversion did. */
typedef struct tnn_report tnn_report;

/* Convert and write `path`; it appears whole or not at all. The model stays usable.
 *   options  NULL: defaults
 *   report   may be NULL; owned by the caller, release with tnn_report_free
 *   lacks    may be NULL; filled when operators cannot be converted (TNN_ERR_UNSUPPORTED), empty else
 * Errors: TNN_ERR_UNSUPPORTED, TNN_ERR_INVALID (a list of layouts of another length), TNN_ERR_IO, TNN_ERR_LIMIT,
 * TNN_ERR_NOMEM. */
TNN_API tnn_status tnn_model_convert(const tnn_model *model, const char *path,
                                     const tnn_convert_options *options, tnn_report **report,
                                     tnn_lacks *lacks, tnn_error *err);
/* A dry run: everything but the writing. The report's sizes and min_runtime_version are 0 and "".
 * Errors: as tnn_model_convert, without TNN_ERR_IO. */
TNN_API tnn_status tnn_model_check(const tnn_model *model, const tnn_convert_options *options, tnn_report **report,
                                   tnn_lacks *lacks, tnn_error *err);

TNN_API void tnn_report_free(tnn_report *report);

/* The whole report as JSON text, owned by the report: operators with counts, transposes with their reasons, sizes,
 * MACs, inputs and outputs with layouts, warnings, min_runtime_version. */
TNN_API const char *tnn_report_json(const tnn_report *report);
TNN_API uint64_t tnn_report_n_operators(const tnn_report *report);
TNN_API uint64_t tnn_report_n_transposes(const tnn_report *report);
TNN_API uint64_t tnn_report_file_bytes(const tnn_report *report);
/* Why transpose `index` is there, one line. */
TNN_API const char *tnn_report_transpose_reason(const tnn_report *report, uint64_t index);
/* What differs from the model, one line each: the warnings that reading gave (tnn_model_warning), then those of the
 * conversion. */
TNN_API uint64_t tnn_report_n_warnings(const tnn_report *report);
TNN_API const char *tnn_report_warning(const tnn_report *report, uint64_t index);

#ifdef __cplusplus
}
#endif
#endif
