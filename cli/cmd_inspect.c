#include <stdio.h>

#include "model_args.h"
#include "tinynn/inspect.h"

static const char help[] =
    "usage: tinynn inspect MODEL [options]\n"
    "\n"
    "Describe a model (.pt2, .pt, .py) or a .tflite file: inputs, outputs, operators with counts,\n"
    "parameters, sizes, and the graph; of a file of torch.save the tensors. The kind of file\n"
    "is found by its content.\n"
    "\n"
    CLI_MODEL_USAGE("ignore")
    "  --json              one JSON object instead of text\n"
    "  -h, --help          this text\n";

enum { OPT_JSON = 1 };

static const cli_option options[] = {
    CLI_MODEL_OPTIONS,
    {OPT_JSON, 0, "json", false},
};

typedef struct inspect_args {
    cli_model_args model;
    bool json;
} inspect_args;

static cli_exit inspect(const inspect_args *args) {
    char *text = NULL;
    tnn_lacks lacks = {0};
    tnn_error error;
    cli_exit code = CLI_OK;
    tnn_status status = tnn_inspect(args->model.path, &args->model.load, args->json, &text, &lacks, &error);
    if (text) fputs(text, stdout);
    if (status != TNN_OK) {
        fflush(stdout);
        code = cli_complain_error(&error, &lacks, CLI_INPUT);
    }
    tnn_text_free(text);
    tnn_lacks_free(&lacks);
    return cli_finish_output(code);
}

static bool apply(void *own, int id, char *value) {
    inspect_args *args = own;
    (void)id; /* there is one option */
    (void)value;
    args->json = true;
    return true;
}

cli_exit cli_inspect(int argc, char **argv) {
    inspect_args args = {.model.load = tnn_load_options_default()};
    args.model.load.written_inputs = TNN_WRITTEN_IGNORE; /* looking is always allowed */
    cli_exit code = cli_model_args_read(argc, argv, options, sizeof options / sizeof *options, apply, &args, &args.model);
    if (code == CLI_OK && args.model.help) {
        fputs(help, stdout);
        code = cli_finish_output(code);
    } else if (code == CLI_OK) {
        code = inspect(&args);
    }
    cli_model_args_free(&args.model);
    return code;
}
