#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "command.h"
#include "input_spec.h"
#include "options.h"
#include "tinynn/convert.h"

static const char help[] =
    "usage: tinynn check MODEL [options]\n"
    "\n"
    "Convert without writing. When something is not supported all of it is listed, with counts\n"
    "and the first place in the program, and the exit code is 3.\n"
    "\n"
    "  --input SPEC  shape of an input, as for convert. May be repeated.\n"
    "  --model NAME  which model of an archive that holds several\n"
    "  --method NAME which method of a TorchScript model; without it forward\n"
    "  --json        print the report of the conversion as JSON\n"
    "  -h, --help    this text\n";

enum { OPT_INPUT = 1, OPT_MODEL, OPT_METHOD, OPT_JSON, OPT_HELP };

static const cli_option options[] = {
    {OPT_INPUT, 0, "input", true},
    {OPT_MODEL, 0, "model", true},
    {OPT_METHOD, 0, "method", true},
    {OPT_JSON, 0, "json", false},
    {OPT_HELP, 'h', "help", false},
};

typedef struct check_args {
    const char *path;
    tnn_input_spec *inputs; /* owned; room for as many as there are arguments */
    tnn_load_options load;
    bool json;
    bool help;
} check_args;

static void print_result(const check_args *args, const tnn_model *model, const tnn_report *report) {
    if (args->json) {
        fputs(tnn_report_json(report), stdout);
        return;
    }
    printf("%s: converts to %" PRIu64 " operators, %" PRIu64 " transposes\n", args->path,
           tnn_report_n_operators(report), tnn_report_n_transposes(report));
    for (uint64_t i = 0; i < tnn_report_n_transposes(report); i++)
        printf("  transpose: %s\n", tnn_report_transpose_reason(report, i));
    for (size_t i = 0; i < tnn_model_n_warnings(model); i++) printf("  warning: %s\n", tnn_model_warning(model, i));
}

static cli_exit check(const check_args *args) {
    tnn_model *model = NULL;
    tnn_report *report = NULL;
    tnn_lacks lacks = {0};
    tnn_error error;
    cli_exit code = CLI_OK;
    tnn_status status = tnn_model_load(&model, args->path, &args->load, &lacks, &error);
    if (status == TNN_OK) status = tnn_model_check(model, NULL, &report, &lacks, &error);
    if (status == TNN_OK) print_result(args, model, report);
    else code = cli_complain_error(&error, &lacks, CLI_INPUT);
    tnn_lacks_free(&lacks);
    tnn_report_free(report);
    tnn_model_free(model);
    return cli_finish_output(code);
}

/* Returns false after a complaint. */
static bool apply(check_args *args, int id, char *value) {
    switch (id) {
    case OPT_INPUT: return cli_parse_input(value, &args->inputs[args->load.n_inputs++]);
    case OPT_MODEL: args->load.model = value; return true;
    case OPT_METHOD: args->load.method = value; return true;
    case OPT_JSON: args->json = true; return true;
    case OPT_HELP: args->help = true; return true;
    case CLI_ARGUMENT:
        if (args->path) cli_complain("check takes one model, found \"%s\" too", value);
        if (args->path) return false;
        args->path = value;
        return true;
    default: return false;
    }
}

static cli_exit read_args(int argc, char **argv, check_args *args) {
    cli_reader reader = {.options = options, .n_options = sizeof options / sizeof *options,
                         .argc = argc, .argv = argv, .next = 1};
    args->load = tnn_load_options_default();
    args->load.inputs = args->inputs = calloc((size_t)argc, sizeof *args->inputs);
    if (!args->inputs) {
        cli_complain("out of memory");
        return CLI_NOMEM;
    }
    for (int id; (id = cli_next_option(&reader)) != CLI_END;)
        if (!apply(args, id, reader.value)) return CLI_USAGE;
    if (args->help || args->path) return CLI_OK;
    cli_complain("check needs a model: tinynn check MODEL");
    return CLI_USAGE;
}

cli_exit cli_check(int argc, char **argv) {
    check_args args = {0};
    cli_exit code = read_args(argc, argv, &args);
    if (code == CLI_OK && args.help) {
        fputs(help, stdout);
        code = cli_finish_output(code);
    } else if (code == CLI_OK) {
        code = check(&args);
    }
    free(args.inputs);
    return code;
}
