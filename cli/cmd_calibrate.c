#include <inttypes.h>
#include <stdio.h>

#include "progress_bar.h"
#include "sample_args.h"
#include "sampled_model.h"
#include "tinynn/statistics.h"

static const char help[] =
    "usage: tinynn calibrate MODEL --samples PATH -o STATS.json [options]\n"
    "\n"
    "Run a model on samples and write what its values are like, for tinynn quantize --stats. Samples\n"
    "may be split over machines: tinynn statistics merges what each has written.\n"
    "\n"
    "  --samples PATH      a folder of pictures, a picture, an .npy, or an .npz with an array each\n"
    "                      input; arrays hold several samples side by side\n"
    "  -o, --output FILE   the file to write; it appears whole or not at all\n"
    "  --threads N         samples at a time; 1 is the default\n"
    "  -q, --quiet         print nothing unless there is an error\n"
    CLI_SAMPLE_USAGE
    CLI_MODEL_USAGE("refuse")
    "  -h, --help          this text\n";

enum { OPT_SAMPLES = 1, OPT_OUTPUT, OPT_THREADS, OPT_QUIET };

static const cli_option options[] = {
    CLI_MODEL_OPTIONS,
    CLI_SAMPLE_OPTIONS,
    {OPT_SAMPLES, 0, "samples", true},
    {OPT_OUTPUT, 'o', "output", true},
    {OPT_THREADS, 0, "threads", true},
    {OPT_QUIET, 'q', "quiet", false},
};

typedef struct calibrate_args {
    cli_model_args model;
    cli_sample_args samples;
    const char *source, *output;
    tnn_collect_options collect;
    bool quiet;
} calibrate_args;

static bool apply(void *own, int id, char *value) {
    calibrate_args *args = own;
    if (cli_is_sample_option(id)) return cli_sample_args_apply(&args->samples, id, value);
    switch (id) {
    case OPT_SAMPLES: args->source = value; break;
    case OPT_OUTPUT: args->output = value; break;
    case OPT_THREADS: return cli_parse_threads(value, &args->collect.n_threads);
    case OPT_QUIET: args->quiet = true; break;
    }
    return true;
}

static cli_exit collect(const calibrate_args *args, const cli_sampled_model *from, tnn_statistics **out) {
    cli_progress_bar bar = cli_progress_bar_start(args->quiet);
    tnn_collect_options collecting = args->collect;
    tnn_error error;
    collecting.progress = cli_progress_bar_tell;
    collecting.progress_context = &bar;
    tnn_status status = tnn_statistics_collect(out, from->model, &from->reader, NULL, &collecting, &error);
    cli_progress_bar_end(&bar);
    return status == TNN_OK ? CLI_OK : cli_complain_error(&error, NULL, CLI_INPUT);
}

static cli_exit calibrate(const calibrate_args *args) {
    cli_sampled_model from;
    tnn_statistics *statistics = NULL;
    tnn_error error;
    if (!args->source || !args->output) {
        cli_complain("%s is missing, `tinynn calibrate --help` says how to use it", args->source ? "-o" : "--samples");
        return CLI_USAGE;
    }
    cli_exit code = cli_sampled_model_open(&from, &args->model, args->source, &args->samples.options, args->collect.n_threads);
    if (code == CLI_OK) code = collect(args, &from, &statistics);
    if (code == CLI_OK && tnn_statistics_save(statistics, args->output, &error) != TNN_OK)
        code = cli_complain_error(&error, NULL, CLI_OUTPUT);
    if (code == CLI_OK && !args->quiet) {
        cli_print_skipped(from.samples);
        printf("%s: %" PRIu64 " values over %" PRIu64 " samples\n", args->output, tnn_statistics_n_values(statistics),
               tnn_statistics_n_samples(statistics));
    }
    tnn_statistics_free(statistics);
    cli_sampled_model_close(&from);
    return cli_finish_output(code);
}

cli_exit cli_calibrate(int argc, char **argv) {
    calibrate_args args = {.model.load = tnn_load_options_default(), .samples.options = tnn_sample_options_default(),
                           .collect = tnn_collect_options_default()};
    cli_exit code = cli_model_args_read(argc, argv, options, sizeof options / sizeof *options, apply, &args, &args.model);
    if (code == CLI_OK && args.model.help) {
        fputs(help, stdout);
        code = cli_finish_output(code);
    } else if (code == CLI_OK) {
        code = calibrate(&args);
    }
    cli_model_args_free(&args.model);
    return code;
}
