/* Which operators of a quantized file are computed in floats: mixed precision, from YAML.
 *
 *     default: int8                           # of operators that nothing below is about; int8 without it
 *     rules:
 *       - {type: softmax, precision: float}   # patterns: * stands for any letters, ? for one
 *       - {scope: "head.*", name: "conv*", precision: float}
 *     conv2d_3: false                         # an operator by its name; false and float, true and int8 are the same
 *
 * Of all that is about an operator the last one decides. docs/mixed-precision.md explains names, types and scopes. */
#ifndef TINYNN_PRECISION_H
#define TINYNN_PRECISION_H

#include "tinynn/convert.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct tnn_precision tnn_precision;

/* Read a file, or a text of `n_bytes` that messages call `name`. What it names is looked for when a model is quantized.
 *   out  owned by the caller, release with tnn_precision_free; NULL after an error
 * Errors: TNN_ERR_IO, TNN_ERR_MALFORMED (with line and column), TNN_ERR_LIMIT, TNN_ERR_NOMEM. */
TNN_API tnn_status tnn_precision_read(tnn_precision **out, const char *path, tnn_error *err);
TNN_API tnn_status tnn_precision_parse(tnn_precision **out, const char *text, uint64_t n_bytes, const char *name,
                                       tnn_error *err);
/* Accepts NULL. */
TNN_API void tnn_precision_free(tnn_precision *precision);

/* The text of a file that says of every operator on real numbers what tnn_model_quantize makes of it, in the order of the
 * network, with its type and shape, and why it stays float, in comments. Read back as it is, it changes nothing.
 *   convert  as of tnn_model_quantize; NULL: defaults
 *   out      owned by the caller, release with tnn_text_free; NULL after an error
 *   lacks    as of tnn_model_convert
 * Errors: those of tnn_model_check. */
TNN_API tnn_status tnn_model_precision_text(const tnn_model *model, const tnn_convert_options *convert, char **out,
                                            tnn_lacks *lacks, tnn_error *err);

#ifdef __cplusplus
}
#endif
#endif
