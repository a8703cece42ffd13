#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "options.h"
#include "range_args.h"

static const char help[] =
    "usage: tinynn statistics FILE ... [options]\n"
    "\n"
    "Print what tinynn calibrate has written, a line a value; several files of one model, from\n"
    "samples that were split, are merged, to what one run over all samples would have given.\n"
    "\n"
    "  -o, --output FILE   write the merged statistics; the file appears whole or not at all\n"
    "  --algorithm NAME    of the ranges that are shown, as of tinynn quantize: l2 (default), minmax,\n"
    "                      average, percentile, kl\n"
    "  --percentile P      of percentile: keep P percent of the numbers; 99.99 is the default\n"
    "  -q, --quiet         print nothing unless there is an error\n"
    "  -h, --help          this text\n";

enum { OPT_OUTPUT = 1, OPT_ALGORITHM, OPT_PERCENTILE, OPT_QUIET, OPT_HELP };

static const cli_option options[] = {
    {OPT_OUTPUT, 'o', "output", true},
    {OPT_ALGORITHM, 0, "algorithm", true},
    {OPT_PERCENTILE, 0, "percentile", true},
    {OPT_QUIET, 'q', "quiet", false},
    {OPT_HELP, 'h', "help", false},
};

typedef struct statistics_args {
    const char **files; /* owned */
    size_t n_files;
    const char *output;
    tnn_calibration_method method;
    double percentile;
    bool quiet, help;
} statistics_args;

/* ---- the table ---- */

enum { SHAPE_BYTES = 80 };

static void write_shape(char *out, const tnn_value_statistics *v) {
    size_t at = (size_t)snprintf(out, SHAPE_BYTES, "[");
    for (uint8_t d = 0; d < v->rank && at < SHAPE_BYTES; d++)
        at += (size_t)snprintf(out + at, SHAPE_BYTES - at, d == 0 ? "%" PRId64 : ",%" PRId64, v->dims[d]);
    if (at < SHAPE_BYTES) snprintf(out + at, SHAPE_BYTES - at, "]");
}

static int name_width(const tnn_statistics *s) {
    size_t width = strlen("value");
    for (uint64_t i = 0; i < tnn_statistics_n_values(s); i++) {
        size_t length = strlen(tnn_statistics_value(s, i).name);
        width = length > width ? length : width;
    }
    return (int)(width < SHAPE_BYTES ? width : SHAPE_BYTES);
}

static void print_table(const tnn_statistics *s, const statistics_args *args) {
    int width = name_width(s);
    printf("%-*s %18s %10s %10s %10s %10s %22s\n", width, "value", "shape", "numbers", "low", "high", "mean", "range");
    for (uint64_t i = 0; i < tnn_statistics_n_values(s); i++) {
        tnn_value_statistics v = tnn_statistics_value(s, i);
        char shape[SHAPE_BYTES];
        double low, high;
        write_shape(shape, &v);
        tnn_statistics_range(s, i, args->method, args->percentile, &low, &high);
        printf("%-*s %18s %10" PRIu64 " %10.4g %10.4g %10.4g %10.4g .. %8.4g\n", width, v.name, shape, v.n_numbers, v.low,
               v.high, v.mean, low, high);
    }
    printf("%" PRIu64 " values over %" PRIu64 " samples\n", tnn_statistics_n_values(s), tnn_statistics_n_samples(s));
}

/* ---- the work ---- */

static tnn_status add_file(tnn_statistics **sum, const char *path, tnn_error *error) {
    tnn_statistics *more = NULL;
    if (!*sum) return tnn_statistics_load(sum, path, error);
    tnn_status status = tnn_statistics_load(&more, path, error);
    if (status == TNN_OK) status = tnn_statistics_merge(*sum, more, error);
    tnn_statistics_free(more);
    return status;
}

static cli_exit work(const statistics_args *args) {
    tnn_statistics *sum = NULL;
    tnn_error error;
    cli_exit code = CLI_OK;
    for (size_t i = 0; i < args->n_files && code == CLI_OK; i++)
        if (add_file(&sum, args->files[i], &error) != TNN_OK) code = cli_complain_error(&error, NULL, CLI_INPUT);
    if (code == CLI_OK && args->output && tnn_statistics_save(sum, args->output, &error) != TNN_OK)
        code = cli_complain_error(&error, NULL, CLI_OUTPUT);
    if (code == CLI_OK && !args->quiet) print_table(sum, args);
    tnn_statistics_free(sum);
    return cli_finish_output(code);
}

static bool apply(statistics_args *args, int id, const char *value) {
    switch (id) {
    case OPT_OUTPUT: args->output = value; return true;
    case OPT_ALGORITHM: return cli_parse_algorithm(value, &args->method);
    case OPT_PERCENTILE: return cli_parse_percentile(value, &args->percentile);
    case OPT_QUIET: args->quiet = true; return true;
    case OPT_HELP: args->help = true; return true;
    case CLI_ARGUMENT: args->files[args->n_files++] = value; return true;
    default: return false;
    }
}

static cli_exit read_args(statistics_args *args, int argc, char **argv) {
    cli_reader reader = {.options = options, .n_options = sizeof options / sizeof *options, .argc = argc, .argv = argv,
                         .next = 1};
    for (int id; (id = cli_next_option(&reader)) != CLI_END;)
        if (!apply(args, id, reader.value)) return CLI_USAGE;
    if (args->help || args->n_files > 0) return CLI_OK;
    cli_complain("statistics needs a file: tinynn statistics STATS.json");
    return CLI_USAGE;
}

cli_exit cli_statistics(int argc, char **argv) {
    statistics_args args = {.percentile = 99.99, .files = calloc((size_t)argc, sizeof *args.files)};
    if (!args.files) {
        cli_complain("out of memory");
        return CLI_NOMEM;
    }
    cli_exit code = read_args(&args, argc, argv);
    if (code == CLI_OK && args.help) {
        fputs(help, stdout);
        code = cli_finish_output(code);
    } else if (code == CLI_OK) {
        code = work(&args);
    }
    free(args.files);
    return code;
}
