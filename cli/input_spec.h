/* The value of `--input`: [NAME=]DIMxDIMx…[:DTYPE]. */
#ifndef TINYNN_CLI_INPUT_SPEC_H
#define TINYNN_CLI_INPUT_SPEC_H

#include <stdbool.h>

#include "tinynn/model.h"

/* Read `text` into `out`. `text` is cut in place at "=": the name in `out` points into it.
 * Returns false after a complaint that explains the form. */
bool cli_parse_input(char *text, tnn_input_spec *out);

#endif
