/* What `tinynn convert` was asked for. */
#ifndef TINYNN_CLI_CONVERT_ARGS_H
#define TINYNN_CLI_CONVERT_ARGS_H

#include <stdbool.h>

#include "convert_config.h"
#include "metadata_args.h"
#include "model_args.h"
#include "rewrite_args.h"
#include "weight_args.h"
#include "tinynn/convert.h"

typedef struct cli_convert_args {
    cli_model_args model;
    cli_config config;  /* what a model that is a .json says; empty else */
    const char *output;
    char *made_output;  /* owned; the output's name when the user gave none */
    const char *report; /* NULL: none wanted */
    cli_metadata_args metadata;
    cli_weight_args weights;
    tnn_convert_options convert;
    bool has_layout;    /* the user gave --layout */
    bool quiet;
    bool verbose;
} cli_convert_args;

/* --layout: returns false after a complaint. */
bool cli_parse_layout(const char *text, tnn_io_layout *out);

/* Read the arguments. Complains when it does not return CLI_OK. Dispose of `args` with cli_convert_args_free in every
 * case; strings in it point into argv, which is cut at "=". */
cli_exit cli_convert_args_read(int argc, char **argv, cli_convert_args *args);
void cli_convert_args_free(cli_convert_args *args);

#endif
