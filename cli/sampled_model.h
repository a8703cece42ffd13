/* A model and samples of its inputs, from files. */
#ifndef TINYNN_CLI_SAMPLED_MODEL_H
#define TINYNN_CLI_SAMPLED_MODEL_H

#include "model_args.h"
#include "tinynn/samples.h"

typedef struct cli_sampled_model {
    tnn_model *model;
    tnn_sample_set *samples; /* NULL: there are none */
    tnn_sample_reader reader; /* of the samples */
} cli_sampled_model;

/* Open both; `source` NULL: no samples. Complains when it does not return CLI_OK. Close in every case. */
cli_exit cli_sampled_model_open(cli_sampled_model *out, const cli_model_args *args, const char *source,
                                const tnn_sample_options *options, int n_threads);
void cli_sampled_model_close(cli_sampled_model *opened);

/* Print a line for each sample that was skipped. */
void cli_print_skipped(const tnn_sample_set *samples);

#endif
