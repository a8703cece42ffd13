/* Sizes that forward computes with, as variables: s0 = input_0_f.shape[0]. */
#ifndef TNN_CODEGEN_CODE_SIZES_H
#define TNN_CODEGEN_CODE_SIZES_H

#include "codegen/program.h"

/* So that no result is called like one of them. Errors: TNN_ERR_NOMEM. */
tnn_status tnn_code_sizes_reserve(tnn_code *code, tnn_error *err);

/* A statement for each that `body`, the text of forward, mentions.
 * Errors: TNN_ERR_UNSUPPORTED (a size that depends on the content of a tensor), TNN_ERR_NOMEM. */
tnn_status tnn_code_sizes_print(const tnn_code *code, const char *body, tnn_strbuf *out, tnn_error *err);

#endif
