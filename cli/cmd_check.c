#include <inttypes.h>
#include <stdio.h>

#include "convert_args.h"

static const char help[] =
    "usage: tinynn check MODEL [options]\n"
    "\n"
    "Convert without writing. When something is not supported all of it is listed, with counts\n"
    "and the first place in the program, and the exit code is 3.\n"
    "\n"
    CLI_MODEL_USAGE("refuse")
    "  --layout LAYOUT     nhwc (default) or nchw, as for convert\n"
    CLI_REWRITE_USAGE
    CLI_WEIGHT_USAGE
    "  --json              print the report of the conversion as JSON\n"
    "  -h, --help          this text\n";

enum { OPT_LAYOUT = 1, OPT_JSON };

static const cli_option options[] = {
    CLI_MODEL_OPTIONS,
    CLI_REWRITE_OPTIONS,
    CLI_WEIGHT_OPTIONS,
    {OPT_LAYOUT, 0, "layout", true},
    {OPT_JSON, 0, "json", false},
};

typedef struct check_args {
    cli_model_args model;
    tnn_convert_options convert;
    cli_weight_args weights;
    bool json;
} check_args;

static void print_result(const check_args *args, const tnn_report *report) {
    if (args->json) {
        fputs(tnn_report_json(report), stdout);
        return;
    }
    printf("%s: converts to %" PRIu64 " operators, %" PRIu64 " transposes\n", args->model.path,
           tnn_report_n_operators(report), tnn_report_n_transposes(report));
    for (uint64_t i = 0; i < tnn_report_n_transposes(report); i++)
        printf("  transpose: %s\n", tnn_report_transpose_reason(report, i));
    for (uint64_t i = 0; i < tnn_report_n_warnings(report); i++) printf("  warning: %s\n", tnn_report_warning(report, i));
}

static cli_exit check(const check_args *args) {
    tnn_model *model = NULL;
    tnn_report *report = NULL;
    tnn_lacks lacks = {0};
    tnn_error error;
    cli_exit code = CLI_OK;
    tnn_status status = tnn_model_load(&model, args->model.path, &args->model.load, &lacks, &error);
    if (status == TNN_OK) status = tnn_model_check(model, &args->convert, &report, &lacks, &error);
    if (status == TNN_OK) print_result(args, report);
    else code = cli_complain_error(&error, &lacks, CLI_INPUT);
    tnn_lacks_free(&lacks);
    tnn_report_free(report);
    tnn_model_free(model);
    return cli_finish_output(code);
}

static bool apply(void *own, int id, char *value) {
    check_args *args = own;
    if (cli_is_weight_option(id)) return cli_weight_args_apply(&args->weights, &args->convert.int4, id, value);
    if (id >= CLI_REWRITE_FLOAT16) return cli_rewrite_args_apply(&args->convert, id, value);
    if (id == OPT_LAYOUT) return cli_parse_layout(value, &args->convert.layout);
    args->json = true;
    return true;
}

cli_exit cli_check(int argc, char **argv) {
    check_args args = {.model.load = tnn_load_options_default(), .convert = tnn_convert_options_default()};
    cli_exit code = cli_model_args_read(argc, argv, options, sizeof options / sizeof *options, apply, &args, &args.model);
    if (code == CLI_OK && args.model.help) {
        fputs(help, stdout);
        code = cli_finish_output(code);
    } else if (code == CLI_OK) {
        code = check(&args);
    }
    cli_model_args_free(&args.model);
    return code;
}
