/* What tinynn knows of PyTorch's operators, printed from its own tables. */
#ifndef TINYNN_SUPPORT_H
#define TINYNN_SUPPORT_H

#include "tinynn/error.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum tnn_support_format {
    TNN_SUPPORT_TEXT = 0,
    TNN_SUPPORT_JSON,
    TNN_SUPPORT_MARKDOWN
} tnn_support_format;

/* The matrix of operators: every name and overload of PyTorch that has a meaning here, how it is meant, or why it is
 * refused; then the operators of the graph with their signatures. JSON and Markdown also have the TFLite operators that
 * each becomes: those of a sample, which is converted.
 *   out  owned by the caller, release with tnn_text_free
 * Errors: TNN_ERR_NOMEM. */
TNN_API tnn_status tnn_support(tnn_support_format format, char **out, tnn_error *err);

#ifdef __cplusplus
}
#endif
#endif
