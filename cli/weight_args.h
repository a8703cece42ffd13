/* The options that say how many bits weights of integers have; the same in convert, check and quantize. */
#ifndef TINYNN_CLI_WEIGHT_ARGS_H
#define TINYNN_CLI_WEIGHT_ARGS_H

#include <stdbool.h>

#include "options.h"
#include "tinynn/convert.h"

/* Ids of the options, above those of sample_args.h and below those of model_args.h. */
enum { CLI_WEIGHT_TYPE = 90, CLI_WEIGHT_LAYERS, CLI_WEIGHT_MIN_ELEMS, CLI_WEIGHT_END };

/* Their rows, for a command's table. */
#define CLI_WEIGHT_OPTIONS                          \
    {CLI_WEIGHT_TYPE, 0, "weight-type", true},      \
    {CLI_WEIGHT_LAYERS, 0, "int4-layers", true},    \
    {CLI_WEIGHT_MIN_ELEMS, 0, "int4-min-elems", true}

/* Their lines in a command's help. */
#define CLI_WEIGHT_USAGE                                                                              \
    "  --weight-type TYPE  of weights of integers: int8 (default); int4, two in a byte, where LiteRT\n" \
    "                      has kernels; int4-linear, of fully connected layers only\n"                 \
    "  --int4-layers PATTERN  only of layers whose module or result fits; * and ?; may be repeated\n"  \
    "  --int4-min-elems N  layers of fewer weights keep 8 bits; 1024 is the default\n"

enum { CLI_MAX_PATTERNS = 64 };

typedef struct cli_weight_args {
    const char *patterns[CLI_MAX_PATTERNS];
} cli_weight_args;

bool cli_is_weight_option(int id);

/* Take it; `args` keeps what `options` points to. Returns false after a complaint. */
bool cli_weight_args_apply(cli_weight_args *args, tnn_int4_options *options, int id, const char *value);

#endif
