#include <stdio.h>
#include <stdlib.h>

#include "command.h"
#include "input_spec.h"
#include "options.h"
#include "tinynn/inspect.h"

static const char help[] =
    "usage: tinynn inspect FILE [options]\n"
    "\n"
    "Describe a model (.pt2, .pt) or a .tflite file: inputs, outputs, operators with counts,\n"
    "parameters, sizes, and the graph; of a file of torch.save the tensors. The kind of file\n"
    "is found by its content.\n"
    "\n"
    "  --input SPEC  shape of an input, as for convert. May be repeated.\n"
    "  --model NAME  which model of an archive that holds several\n"
    "  --method NAME which method of a TorchScript model; without it forward\n"
    "  --json        one JSON object instead of text\n"
    "  -h, --help    this text\n";

enum { OPT_INPUT = 1, OPT_MODEL, OPT_METHOD, OPT_JSON, OPT_HELP };

static const cli_option options[] = {
    {OPT_INPUT, 0, "input", true},
    {OPT_MODEL, 0, "model", true},
    {OPT_METHOD, 0, "method", true},
    {OPT_JSON, 0, "json", false},
    {OPT_HELP, 'h', "help", false},
};

typedef struct inspect_args {
    const char *path;
    tnn_input_spec *inputs; /* owned; room for as many as there are arguments */
    tnn_load_options load;
    bool json;
    bool help;
} inspect_args;

static cli_exit inspect(const inspect_args *args) {
    char *text = NULL;
    tnn_lacks lacks = {0};
    tnn_error error;
    cli_exit code = CLI_OK;
    tnn_status status = tnn_inspect(args->path, &args->load, args->json, &text, &lacks, &error);
    if (text) fputs(text, stdout);
    if (status != TNN_OK) {
        fflush(stdout);
        code = cli_complain_error(&error, &lacks, CLI_INPUT);
    }
    tnn_text_free(text);
    tnn_lacks_free(&lacks);
    return cli_finish_output(code);
}

static bool set_path(inspect_args *args, const char *path) {
    if (args->path) {
        cli_complain("inspect takes one file, found \"%s\" too", path);
        return false;
    }
    args->path = path;
    return true;
}

/* Returns false after a complaint. */
static bool apply(inspect_args *args, int id, char *value) {
    switch (id) {
    case OPT_INPUT: return cli_parse_input(value, &args->inputs[args->load.n_inputs++]);
    case OPT_MODEL: args->load.model = value; return true;
    case OPT_METHOD: args->load.method = value; return true;
    case OPT_JSON: args->json = true; return true;
    case OPT_HELP: args->help = true; return true;
    case CLI_ARGUMENT: return set_path(args, value);
    default: return false;
    }
}

static cli_exit read_args(int argc, char **argv, inspect_args *args) {
    cli_reader reader = {.options = options, .n_options = sizeof options / sizeof *options,
                         .argc = argc, .argv = argv, .next = 1};
    args->load = tnn_load_options_default();
    args->load.written_inputs = TNN_WRITTEN_IGNORE; /* looking is always allowed */
    args->load.inputs = args->inputs = calloc((size_t)argc, sizeof *args->inputs);
    if (!args->inputs) {
        cli_complain("out of memory");
        return CLI_NOMEM;
    }
    for (int id; (id = cli_next_option(&reader)) != CLI_END;)
        if (!apply(args, id, reader.value)) return CLI_USAGE;
    if (args->help || args->path) return CLI_OK;
    cli_complain("inspect needs a file: tinynn inspect FILE");
    return CLI_USAGE;
}

cli_exit cli_inspect(int argc, char **argv) {
    inspect_args args = {0};
    cli_exit code = read_args(argc, argv, &args);
    if (code == CLI_OK && args.help) {
        fputs(help, stdout);
        code = cli_finish_output(code);
    } else if (code == CLI_OK) {
        code = inspect(&args);
    }
    free(args.inputs);
    return code;
}
