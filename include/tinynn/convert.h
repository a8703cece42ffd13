/* From a model to a .tflite file. */
#ifndef TINYNN_CONVERT_H
#define TINYNN_CONVERT_H

#include "tinynn/metadata.h"
#include "tinynn/model.h"
#include "tinynn/progress.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum tnn_io_layout {
    TNN_LAYOUT_NHWC = 0, /* 4-D inputs and outputs are channels-last in the .tflite */
    TNN_LAYOUT_NCHW      /* inputs and outputs as in PyTorch */
} tnn_io_layout;

/* Weights of 8 bits under activations of floats: the runtime quantizes what meets them ("dynamic range"). Convolutions and fully
 * connected layers have them, where that is not slower; depthwise convolutions, which always would be, and all else stay float. */
typedef struct tnn_dynamic_range_options {
    bool enabled;          /* default false */
    bool per_tensor;       /* one scale for all weights of a layer; default false: one an output channel */
    bool symmetric_inputs; /* of fully connected layers; default false: what meets the weights gets a zero point */
    bool linear_only;      /* convolutions stay float; default false */
    bool even_if_slower;   /* layers of few weights beside what meets them, too: the smallest file; default false */
    size_t min_elems;      /* layers of fewer weights stay float; default 1024 */
    const char *const *floats; /* tensors of the file whose operators stay float; borrowed for the call; default NULL */
    size_t n_floats;
} tnn_dynamic_range_options;

/* Weights of 4 bits, two in a byte, in [-7, 7], of convolutions without groups and fully connected layers, for files of integers and of
 * dynamic range: half the bytes of 8 bits, and 25 dB more noise. XNNPACK computes fully connected layers with them as fast as with 8 bits and
 * leaves convolutions to LiteRT's own kernels, which take two to three times as long: with dynamic range these keep 8 bits, unless
 * `even_if_slower`. */
typedef struct tnn_int4_options {
    bool enabled;     /* default false: all weights have 8 bits */
    bool linear_only; /* convolutions keep 8 bits; default false */
    size_t min_elems; /* layers of fewer weights keep 8 bits; default 1024 */
    const char *const *layers; /* patterns with * and ?, of which one fits the layer's module ("encoder.0.*") or result; borrowed for
                                  the call; NULL, the default: all layers */
    size_t n_layers;
} tnn_int4_options;

typedef struct tnn_convert_options {
    tnn_io_layout layout; /* of all inputs and outputs but those of the lists; default TNN_LAYOUT_NHWC */
    const tnn_io_layout *input_layouts;  /* one an input, borrowed for the call; NULL: all as `layout`, the default */
    size_t n_input_layouts;              /* tnn_model_n_inputs, where there is a list */
    const tnn_io_layout *output_layouts; /* one an output, as above */
    size_t n_output_layouts;
    const char *const *input_names;  /* of the tensors and the signature, one an input, borrowed for the call; NULL: the
                                        model's, the default */
    size_t n_input_names;            /* tnn_model_n_inputs, where there is a list */
    const char *const *output_names; /* one an output, as above */
    size_t n_output_names;
    const tnn_metadata *metadata;    /* borrowed for the call; NULL: none is written, the default */
    uint32_t optimize; /* 5, the default and most: all that there is; below, less is changed, and the numbers stay:
                          3: transposes around every operator that wants another order than PyTorch's
                          2: nothing is fused but batch normalisations; 1 and 0: not they either */
    bool separate_gates; /* a FULLY_CONNECTED for each gate of recurrent layers, as for each part of all linear layers that
                            are taken apart at once; default false */
    bool split_groups; /* split grouped convolutions: runtimes older than 2.9 lack CONV_2D with groups; default false */
    bool float16;      /* store float32 weights as float16, each behind a DEQUANTIZE; default false */
    tnn_dynamic_range_options dynamic_range; /* of weights, before float16 */
    tnn_int4_options int4; /* of the weights that would have 8 bits */
    bool legacy_gelu;  /* gelu as x * sigmoid(1.702 x), which is another function; default false */
    bool tconv_bias_as_add; /* the bias of a transposed convolution as an ADD behind it: runtimes older than 2.3 lack
                               TRANSPOSE_CONV with a bias; default false */
    bool mtk_ops; /* 1-D and 2-D transposed convolutions as MediaTek's CUSTOM operator MTK_TRANSPOSE_CONV, which other
                     runtimes lack; default false */
    uint32_t max_transpose_dims; /* most dimensions of a TRANSPOSE; neighbours that stay together are one then, and
                                    TNN_ERR_UNSUPPORTED tells where that is not enough; 0, the default: as they come */
    bool micro; /* for TensorFlow Lite Micro: CONCATENATION has at most 10 inputs; default false */
    tnn_progress progress;  /* NULL, the default: nobody wants to know */
    void *progress_context; /* for `progress` */
} tnn_convert_options;

TNN_API tnn_convert_options tnn_convert_options_default(void);

/* What a conversion did. */
typedef struct tnn_report tnn_report;

/* Convert and write `path`; it appears whole or not at all. The model stays usable.
 *   options  NULL: defaults
 *   report   may be NULL; owned by the caller, release with tnn_report_free
 *   lacks    may be NULL; filled when operators cannot be converted (TNN_ERR_UNSUPPORTED), empty else
 * Errors: TNN_ERR_UNSUPPORTED, TNN_ERR_INVALID (a list of another length, a level above 5, a name that is given twice,
 * metadata that no input or output fits), TNN_ERR_IO, TNN_ERR_LIMIT, TNN_ERR_CANCELLED, TNN_ERR_NOMEM. */
TNN_API tnn_status tnn_model_convert(const tnn_model *model, const char *path,
                                     const tnn_convert_options *options, tnn_report **report,
                                     tnn_lacks *lacks, tnn_error *err);
/* A dry run: everything but the writing. The report's sizes and min_runtime_version are 0 and "".
 * Errors: as tnn_model_convert, without TNN_ERR_IO. */
TNN_API tnn_status tnn_model_check(const tnn_model *model, const tnn_convert_options *options, tnn_report **report,
                                   tnn_lacks *lacks, tnn_error *err);

TNN_API void tnn_report_free(tnn_report *report);

/* The whole report as JSON text, owned by the report: operators with counts, transposes with their reasons, sizes,
 * MACs, inputs and outputs, warnings, min_runtime_version, and "orders": of the tensors whose elements do not lie in
 * PyTorch's order, by name, the factors of their dimensions as [dimension, factor of it, size], outermost in the file
 * first; factor 0 is the outermost of its dimension. Of a quantized file "quantization" counts operators on real numbers in
 * integers and in floats, and the QUANTIZE and DEQUANTIZE between them; "floats" says why, a line an operator; "samples" and
 * "left_out" are what tnn_report_n_samples and tnn_report_left_out say; "steps" tells of each step that makes numbers better how
 * much it "changed" (of "unit"), the ratio of signal to noise of the simulated network's outputs in "decibels_before" and
 * "decibels_after", null where none is known, and whether it was "taken_back". docs/mixed-precision.md explains its "snr",
 * "auto_exclude" and "analysis".
 * "dynamic_range" counts operators with weights of 8 bits; its "floats" says why others have none. "int4" counts operators with
 * weights of 4 bits and the bytes of these; its "eights" says why layers that were chosen keep 8 bits. */
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
/* What each step did that makes a quantized network better, one line each: how much it changed, and the ratio of signal to noise
 * of the simulated network's outputs before and after. "" beyond them. */
TNN_API uint64_t tnn_report_n_steps(const tnn_report *report);
TNN_API const char *tnn_report_step(const tnn_report *report, uint64_t index);
/* Of a quantized file: the samples that its ranges are taken from, and what of the work on ranges and weights was left out, with
 * the reason, one line each. */
TNN_API uint64_t tnn_report_n_samples(const tnn_report *report);
TNN_API uint64_t tnn_report_n_left_out(const tnn_report *report);
TNN_API const char *tnn_report_left_out(const tnn_report *report, uint64_t index);

#ifdef __cplusplus
}
#endif
#endif
