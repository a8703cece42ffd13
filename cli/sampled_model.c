#include "sampled_model.h"

#include <stdio.h>

cli_exit cli_sampled_model_open(cli_sampled_model *out, const cli_model_args *args, const char *source,
                                const tnn_sample_options *options, int n_threads) {
    tnn_sample_options reading = *options;
    tnn_lacks lacks = {0};
    tnn_error error;
    reading.n_threads = (uint32_t)n_threads;
    *out = (cli_sampled_model){0};
    tnn_status status = tnn_model_load(&out->model, args->path, &args->load, &lacks, &error);
    if (status == TNN_OK && source) status = tnn_sample_set_open(&out->samples, source, out->model, &reading, &error);
    if (out->samples) out->reader = tnn_sample_set_reader(out->samples);
    cli_exit code = status == TNN_OK ? CLI_OK : cli_complain_error(&error, &lacks, CLI_INPUT);
    tnn_lacks_free(&lacks);
    return code;
}

void cli_sampled_model_close(cli_sampled_model *opened) {
    tnn_sample_set_free(opened->samples);
    tnn_model_free(opened->model);
}

void cli_print_skipped(const tnn_sample_set *samples) {
    uint64_t n = samples ? tnn_sample_set_count(samples) : 0;
    for (uint64_t i = 0; i < n; i++) {
        const char *warning = tnn_sample_set_warning(samples, i);
        if (warning) printf("  skipped: %s\n", warning);
    }
}
