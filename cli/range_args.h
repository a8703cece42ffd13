/* The options that say how ranges are chosen. */
#ifndef TINYNN_CLI_RANGE_ARGS_H
#define TINYNN_CLI_RANGE_ARGS_H

#include <stdbool.h>

#include "tinynn/statistics.h"

/* Return false after a complaint. */
bool cli_parse_algorithm(const char *text, tnn_calibration_method *out);
bool cli_parse_percentile(const char *text, double *out);

#endif
