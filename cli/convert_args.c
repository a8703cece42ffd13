#include "convert_args.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "input_spec.h"
#include "options.h"

enum {
    OPT_OUTPUT = 1, OPT_INPUT, OPT_MODEL, OPT_METHOD, OPT_CRC, OPT_WRITTEN_INPUTS, OPT_WRITTEN_BUFFERS, OPT_LAYOUT,
    OPT_REPORT, OPT_QUIET, OPT_VERBOSE, OPT_HELP
};

static const cli_option options[] = {
    {OPT_OUTPUT, 'o', "output", true},   {OPT_INPUT, 0, "input", true},
    {OPT_MODEL, 0, "model", true},       {OPT_METHOD, 0, "method", true},
    {OPT_CRC, 0, "ignore-crc", false},
    {OPT_WRITTEN_INPUTS, 0, "written-inputs", true},
    {OPT_WRITTEN_BUFFERS, 0, "written-buffers", true},
    {OPT_LAYOUT, 0, "layout", true},     {OPT_REPORT, 0, "report", true},
    {OPT_QUIET, 'q', "quiet", false},    {OPT_VERBOSE, 'v', "verbose", false},
    {OPT_HELP, 'h', "help", false},
};

static bool parse_layout(const char *text, tnn_io_layout *out) {
    if (strcmp(text, "nhwc") == 0)
        *out = TNN_LAYOUT_NHWC;
    else if (strcmp(text, "nchw") == 0)
        *out = TNN_LAYOUT_NCHW;
    else {
        cli_complain("--layout \"%s\": expected nhwc or nchw", text);
        return false;
    }
    return true;
}

static bool parse_written(const char *option, const char *text, tnn_written *out) {
    static const char *const names[] = {
        [TNN_WRITTEN_REFUSE] = "refuse", [TNN_WRITTEN_RETURN] = "return", [TNN_WRITTEN_IGNORE] = "ignore"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp(text, names[i]) != 0) continue;
        *out = (tnn_written)i;
        return true;
    }
    cli_complain("%s \"%s\": expected refuse, return or ignore", option, text);
    return false;
}

static bool set_model(cli_convert_args *args, const char *path) {
    if (args->model) {
        cli_complain("convert takes one model, found \"%s\" too", path);
        return false;
    }
    args->model = path;
    return true;
}

/* Returns false after a complaint. */
static bool apply(cli_convert_args *args, int id, char *value) {
    switch (id) {
    case OPT_OUTPUT: args->output = value; return true;
    case OPT_INPUT: return cli_parse_input(value, &args->inputs[args->n_inputs++]);
    case OPT_MODEL: args->load.model = value; return true;
    case OPT_METHOD: args->load.method = value; return true;
    case OPT_CRC: args->load.ignore_crc = true; return true;
    case OPT_WRITTEN_INPUTS: return parse_written("--written-inputs", value, &args->load.written_inputs);
    case OPT_WRITTEN_BUFFERS: return parse_written("--written-buffers", value, &args->load.written_buffers);
    case OPT_LAYOUT: return parse_layout(value, &args->convert.layout);
    case OPT_REPORT: args->report = value; return true;
    case OPT_QUIET: args->quiet = true; return true;
    case OPT_VERBOSE: args->verbose = true; return true;
    case OPT_HELP: args->help = true; return true;
    case CLI_ARGUMENT: return set_model(args, value);
    default: return false;
    }
}

/* The bytes of `path` before a known ending, which "ending in .tflite" replaces. */
static size_t stem_length(const char *path) {
    static const char *const endings[] = {".pt2", ".pt", ".pth", ".onnx"};
    size_t length = strlen(path);
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        size_t n = strlen(endings[i]);
        if (length > n && strcmp(path + length - n, endings[i]) == 0) return length - n;
    }
    return length;
}

static cli_exit choose_output(cli_convert_args *args) {
    if (!args->model) {
        cli_complain("convert needs a model: tinynn convert MODEL -o OUT.tflite");
        return CLI_USAGE;
    }
    if (args->output) return CLI_OK;
    size_t stem = stem_length(args->model);
    size_t bytes = stem + sizeof ".tflite";
    args->output = args->made_output = malloc(bytes);
    if (!args->output) {
        cli_complain("out of memory");
        return CLI_NOMEM;
    }
    snprintf(args->made_output, bytes, "%.*s.tflite", (int)stem, args->model);
    return CLI_OK;
}

static bool same_file(const char *a, const char *b) {
    struct stat at, bt;
    return stat(a, &at) == 0 && stat(b, &bt) == 0 && at.st_dev == bt.st_dev && at.st_ino == bt.st_ino;
}

/* Writing over a file that is being read would destroy a model that exists nowhere else. */
static cli_exit check(const cli_convert_args *args) {
    const char *wrong = NULL;
    if (args->quiet && args->verbose)
        wrong = "--quiet and --verbose exclude each other";
    else if (same_file(args->model, args->output))
        wrong = "the output is the model itself";
    else if (args->report && same_file(args->model, args->report))
        wrong = "the report is the model itself";
    else if (args->report && strcmp(args->report, args->output) == 0)
        wrong = "the report and the output are the same file";
    if (!wrong) return CLI_OK;
    cli_complain("%s", wrong);
    return CLI_USAGE;
}

static cli_exit read_options(int argc, char **argv, cli_convert_args *args) {
    cli_reader reader = {.options = options, .n_options = sizeof options / sizeof *options,
                         .argc = argc, .argv = argv, .next = 1};
    for (int id; (id = cli_next_option(&reader)) != CLI_END;)
        if (!apply(args, id, reader.value)) return CLI_USAGE;
    return CLI_OK;
}

cli_exit cli_convert_args_read(int argc, char **argv, cli_convert_args *args) {
    *args = (cli_convert_args){.load = tnn_load_options_default(), .convert = tnn_convert_options_default()};
    args->inputs = calloc((size_t)argc, sizeof *args->inputs);
    cli_exit code = args->inputs ? CLI_OK : CLI_NOMEM;
    if (code == CLI_NOMEM) cli_complain("out of memory");
    if (code == CLI_OK) code = read_options(argc, argv, args);
    if (code != CLI_OK || args->help) return code;
    code = choose_output(args);
    return code == CLI_OK ? check(args) : code;
}

void cli_convert_args_free(cli_convert_args *args) {
    free(args->made_output);
    free(args->inputs);
}
