#include "convert_args.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { OPT_OUTPUT = 1, OPT_LAYOUT, OPT_REPORT, OPT_QUIET, OPT_VERBOSE };

static const cli_option options[] = {
    CLI_MODEL_OPTIONS,
    CLI_REWRITE_OPTIONS,
    CLI_WEIGHT_OPTIONS,
    CLI_METADATA_OPTIONS,
    {OPT_OUTPUT, 'o', "output", true},
    {OPT_LAYOUT, 0, "layout", true},
    {OPT_REPORT, 0, "report", true},
    {OPT_QUIET, 'q', "quiet", false},
    {OPT_VERBOSE, 'v', "verbose", false},
};

bool cli_parse_layout(const char *text, tnn_io_layout *out) {
    static const char *const names[] = {[TNN_LAYOUT_NHWC] = "nhwc", [TNN_LAYOUT_NCHW] = "nchw"};
    int chosen = cli_parse_choice("--layout", text, names, sizeof names / sizeof *names);
    if (chosen >= 0) *out = (tnn_io_layout)chosen;
    return chosen >= 0;
}

static bool apply(void *own, int id, char *value) {
    cli_convert_args *args = own;
    if (cli_is_weight_option(id)) return cli_weight_args_apply(&args->weights, &args->convert.int4, id, value);
    if (id >= CLI_METADATA_INPUT_NAMES) return cli_metadata_args_apply(&args->metadata, id, value);
    if (id >= CLI_REWRITE_FLOAT16) return cli_rewrite_args_apply(&args->convert, id, value);
    switch (id) {
    case OPT_OUTPUT: args->output = value; return true;
    case OPT_LAYOUT: args->has_layout = true; return cli_parse_layout(value, &args->convert.layout);
    case OPT_REPORT: args->report = value; return true;
    case OPT_QUIET: args->quiet = true; return true;
    default: args->verbose = true; return true;
    }
}

/* The bytes of `path` before a known ending, which "ending in .tflite" replaces. */
static size_t stem_length(const char *path) {
    static const char *const endings[] = {".pt2", ".pt", ".pth", ".onnx", ".py"};
    size_t length = strlen(path);
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        size_t n = strlen(endings[i]);
        if (length > n && strcmp(path + length - n, endings[i]) == 0) return length - n;
    }
    return length;
}

static cli_exit choose_output(cli_convert_args *args) {
    if (args->output) return CLI_OK;
    size_t stem = stem_length(args->model.path);
    size_t bytes = stem + sizeof ".tflite";
    args->output = args->made_output = malloc(bytes);
    if (!args->output) {
        cli_complain("out of memory");
        return CLI_NOMEM;
    }
    snprintf(args->made_output, bytes, "%.*s.tflite", (int)stem, args->model.path);
    return CLI_OK;
}

/* Let the .json that stands in the model's place say what the user did not. */
static cli_exit apply_config(cli_convert_args *args) {
    if (!cli_config_is(args->model.path)) return CLI_OK;
    if (args->has_layout) {
        cli_complain("--layout and %s, which says the layouts, exclude each other", args->model.path);
        return CLI_USAGE;
    }
    cli_config *config = &args->config;
    cli_exit code = cli_config_read(args->model.path, config);
    if (code != CLI_OK) return code;
    args->model.path = config->model;
    if (!args->output) args->output = config->output;
    if (args->model.load.n_inputs == 0) {
        args->model.load.inputs = config->inputs;
        args->model.load.n_inputs = config->n_inputs;
    }
    args->convert.input_layouts = config->input_layouts;
    args->convert.n_input_layouts = config->n_inputs;
    if (config->n_outputs > 0) args->convert.output_layouts = config->output_layouts;
    args->convert.n_output_layouts = config->n_outputs;
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
    else if (same_file(args->model.path, args->output))
        wrong = "the output is the model itself";
    else if (args->report && same_file(args->model.path, args->report))
        wrong = "the report is the model itself";
    else if (args->report && strcmp(args->report, args->output) == 0)
        wrong = "the report and the output are the same file";
    if (!wrong) return CLI_OK;
    cli_complain("%s", wrong);
    return CLI_USAGE;
}

cli_exit cli_convert_args_read(int argc, char **argv, cli_convert_args *args) {
    *args = (cli_convert_args){.model.load = tnn_load_options_default(), .convert = tnn_convert_options_default(),
                               .metadata = cli_metadata_args_default()};
    cli_exit code = cli_model_args_read(argc, argv, options, sizeof options / sizeof *options, apply, args, &args->model);
    if (code != CLI_OK || args->model.help) return code;
    code = apply_config(args);
    if (code == CLI_OK) code = cli_metadata_args_finish(&args->metadata, &args->convert);
    if (code == CLI_OK) code = choose_output(args);
    return code == CLI_OK ? check(args) : code;
}

void cli_convert_args_free(cli_convert_args *args) {
    free(args->made_output);
    cli_config_free(&args->config);
    cli_metadata_args_free(&args->metadata);
    cli_model_args_free(&args->model);
}
