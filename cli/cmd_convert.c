#include <inttypes.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>

#include "command.h"
#include "convert_args.h"
#include "text_file.h"
#include "tinynn/convert.h"

static const char help[] =
    "usage: tinynn convert MODEL [-o OUT.tflite] [options]\n"
    "\n"
    "Convert a PyTorch model, saved by torch.export.save (.pt2) or torch.jit.save (.pt), or a\n"
    "program in Python (.py, of which nothing is executed, with its weights in a .pth), to a\n"
    ".tflite file. MODEL may be the .json that export_converter_files wrote beside a model.\n"
    "\n"
    "  -o, --output FILE   the file to write; without it MODEL's name ending in .tflite.\n"
    "                      An existing file is replaced; it appears whole or not at all.\n"
    CLI_MODEL_USAGE("refuse")
    "  --layout LAYOUT     nhwc (default): 4-D inputs and outputs are channels-last, as LiteRT\n"
    "                      programs expect; nchw: as in PyTorch\n"
    CLI_REWRITE_USAGE
    CLI_WEIGHT_USAGE
    CLI_METADATA_USAGE
    "  --report FILE       write what the conversion did, as JSON\n"
    "  -q, --quiet         print nothing unless there is an error\n"
    "  -v, --verbose       also print warnings and the graph\n"
    "  -h, --help          this text\n";

static double seconds_now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static double file_megabytes(const char *path) {
    struct stat info;
    return stat(path, &info) == 0 ? (double)info.st_size / 1e6 : 0;
}

static void print_summary(const cli_convert_args *args, const tnn_model *model, const tnn_report *report, double seconds) {
    uint64_t n_transposes = tnn_report_n_transposes(report);
    size_t n_warnings = tnn_model_n_warnings(model);
    printf("%s: %" PRIu64 " operators, %" PRIu64 " transpose%s, %.2f MB from %.2f MB, %.3f s", args->output,
           tnn_report_n_operators(report), n_transposes, n_transposes == 1 ? "" : "s",
           (double)tnn_report_file_bytes(report) / 1e6, file_megabytes(args->model.path), seconds);
    if (n_warnings && !args->verbose) printf(", %zu warning%s (see --verbose)", n_warnings, n_warnings == 1 ? "" : "s");
    putchar('\n');
    for (uint64_t i = 0; i < n_transposes; i++) printf("  transpose: %s\n", tnn_report_transpose_reason(report, i));
    for (uint64_t i = n_warnings; i < tnn_report_n_warnings(report); i++)
        printf("  warning: %s\n", tnn_report_warning(report, i));
}

static cli_exit print_graph(const tnn_model *model) {
    char *text = NULL;
    tnn_error error;
    if (tnn_model_text(model, &text, &error) != TNN_OK) return cli_complain_error(&error, NULL, CLI_INPUT);
    fputs(text, stdout);
    tnn_text_free(text);
    for (size_t i = 0; i < tnn_model_n_warnings(model); i++) printf("warning: %s\n", tnn_model_warning(model, i));
    return CLI_OK;
}

static cli_exit load(const cli_convert_args *args, tnn_model **model) {
    tnn_lacks lacks = {0};
    tnn_error error;
    cli_exit code = CLI_OK;
    if (tnn_model_load(model, args->model.path, &args->model.load, &lacks, &error) != TNN_OK)
        code = cli_complain_error(&error, &lacks, CLI_INPUT);
    tnn_lacks_free(&lacks);
    return code;
}

static cli_exit write_out(const cli_convert_args *args, const tnn_model *model, tnn_report **report) {
    tnn_lacks lacks = {0};
    tnn_error error;
    cli_exit code = CLI_OK;
    if (tnn_model_convert(model, args->output, &args->convert, report, &lacks, &error) != TNN_OK)
        code = cli_complain_error(&error, &lacks, CLI_OUTPUT);
    tnn_lacks_free(&lacks);
    return code;
}

/* The report's file is opened before the work, so that a wrong path costs no conversion. */
static cli_exit convert(const cli_convert_args *args) {
    double start = seconds_now();
    tnn_model *model = NULL;
    tnn_report *report = NULL;
    cli_text_file report_file = {0};
    cli_exit code = load(args, &model);
    if (code == CLI_OK && args->verbose) code = print_graph(model);
    if (code == CLI_OK && args->report && !cli_text_file_open(&report_file, args->report)) code = CLI_OUTPUT;
    if (code == CLI_OK) code = write_out(args, model, &report);
    if (code == CLI_OK && args->report && !cli_text_file_commit(&report_file, tnn_report_json(report)))
        code = CLI_OUTPUT;
    if (code == CLI_OK && !args->quiet) print_summary(args, model, report, seconds_now() - start);
    cli_text_file_discard(&report_file);
    tnn_report_free(report);
    tnn_model_free(model);
    return cli_finish_output(code);
}

cli_exit cli_convert(int argc, char **argv) {
    cli_convert_args args;
    cli_exit code = cli_convert_args_read(argc, argv, &args);
    if (code == CLI_OK && args.model.help) {
        fputs(help, stdout);
        code = cli_finish_output(code);
    } else if (code == CLI_OK) {
        code = convert(&args);
    }
    cli_convert_args_free(&args);
    return code;
}
