/* The value of `--input` and the like: [NAME=]DIMxDIMx…[:DTYPE]. */
#ifndef TINYNN_CLI_INPUT_SPEC_H
#define TINYNN_CLI_INPUT_SPEC_H

#include <stdbool.h>

#include "tinynn/model.h"

/* Read `text`, the value of `option`, into `out`. `text` is cut in place at "=": the name in `out` points into it.
 * Returns false after a complaint that explains the form. */
bool cli_parse_input(const char *option, char *text, tnn_input_spec *out);

#endif
