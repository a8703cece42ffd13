/* --input-stats [NAME=]MEAN,STD or [NAME=]M1,…,Mn,S1,…,Sn: inputs that take bytes as they are. */
#ifndef TINYNN_CLI_INPUT_STATS_H
#define TINYNN_CLI_INPUT_STATS_H

#include <stdbool.h>

#include "tinynn/quantize.h"

enum { CLI_MAX_STATS = 16, CLI_MAX_STATS_CHANNELS = 16 };

typedef struct cli_input_stats {
    tnn_input_stats items[CLI_MAX_STATS]; /* point into `numbers` */
    size_t n;
    double numbers[CLI_MAX_STATS][2 * CLI_MAX_STATS_CHANNELS];
} cli_input_stats;

/* Add one. `text` is cut at "=". Returns false after a complaint. */
bool cli_parse_input_stats(char *text, cli_input_stats *out);

#endif
