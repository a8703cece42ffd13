#include <stdio.h>
#include <stdlib.h>

#include "input_spec.h"
#include "model_args.h"
#include "tinynn/codegen.h"

static const char help[] =
    "usage: tinynn codegen MODEL -o OUT.py [options]\n"
    "\n"
    "Write a model as a PyTorch program to look at, change and train: one line a module, one line a\n"
    "node. Its weights go into OUT.pth. Both files appear, or none.\n"
    "\n"
    "  -o, --output FILE   the program to write\n"
    "  --output-weights FILE  another file for the weights\n"
    "  --name NAME         what its class is called; Net is the default\n"
    "  --names-of MODEL    the same network saved in another mode: what both share is called as in\n"
    "                      the program of that one\n"
    "  --example SPEC      shape of an input that the program runs itself with, for one input after the\n"
    "                      other: 1x3x224x224. May be repeated.\n"
    "  --force             write over files that are there, which may have been edited\n"
    "  -q, --quiet         print nothing unless there is an error\n"
    CLI_MODEL_USAGE("ignore")
    "  -h, --help          this text\n";

enum { OPT_OUTPUT = 1, OPT_OUTPUT_WEIGHTS, OPT_NAME, OPT_NAMES_OF, OPT_EXAMPLE, OPT_FORCE, OPT_QUIET };

static const cli_option options[] = {
    CLI_MODEL_OPTIONS,
    {OPT_OUTPUT, 'o', "output", true},
    {OPT_OUTPUT_WEIGHTS, 0, "output-weights", true},
    {OPT_NAME, 0, "name", true},
    {OPT_NAMES_OF, 0, "names-of", true},
    {OPT_EXAMPLE, 0, "example", true},
    {OPT_FORCE, 0, "force", false},
    {OPT_QUIET, 'q', "quiet", false},
};

typedef struct codegen_args {
    cli_model_args model;
    const char *output, *names_of;
    tnn_codegen_options codegen;
    tnn_input_spec *examples; /* owned; room for as many as there are arguments */
    bool quiet;
} codegen_args;

static bool apply(void *own, int id, char *value) {
    codegen_args *args = own;
    switch (id) {
    case OPT_OUTPUT: args->output = value; break;
    case OPT_OUTPUT_WEIGHTS: args->codegen.weights_path = value; break;
    case OPT_NAMES_OF: args->names_of = value; break;
    case OPT_EXAMPLE: return cli_parse_input("--example", value, &args->examples[args->codegen.n_examples++]);
    case OPT_NAME: args->codegen.class_name = value; break;
    case OPT_FORCE: args->codegen.force = true; break;
    case OPT_QUIET: args->quiet = true; break;
    }
    return true;
}

static cli_exit read_args(int argc, char **argv, codegen_args *args) {
    args->codegen = tnn_codegen_options_default();
    args->examples = calloc((size_t)argc, sizeof *args->examples);
    if (!args->examples) {
        cli_complain("out of memory");
        return CLI_NOMEM;
    }
    args->model.load = tnn_load_options_default();
    args->model.load.as_written = true;
    args->model.load.written_inputs = TNN_WRITTEN_IGNORE;
    cli_exit code = cli_model_args_read(argc, argv, options, sizeof options / sizeof *options, apply, args, &args->model);
    if (code != CLI_OK || args->model.help || args->output) return code;
    cli_complain("-o is missing: which program to write");
    return CLI_USAGE;
}

static cli_exit load(tnn_model **out, const char *path, const codegen_args *args) {
    tnn_lacks lacks = {0};
    tnn_error error;
    cli_exit code = CLI_OK;
    if (tnn_model_load(out, path, &args->model.load, &lacks, &error) != TNN_OK)
        code = cli_complain_error(&error, &lacks, CLI_INPUT);
    tnn_lacks_free(&lacks);
    return code;
}

static cli_exit generate(const codegen_args *args) {
    tnn_model *model = NULL, *other = NULL;
    tnn_codegen_options codegen = args->codegen;
    tnn_error error;
    cli_exit code = load(&model, args->model.path, args);
    if (code == CLI_OK && args->names_of) code = load(&other, args->names_of, args);
    codegen.names_of = other;
    codegen.examples = codegen.n_examples > 0 ? args->examples : NULL;
    if (code == CLI_OK && tnn_model_codegen(model, args->output, &codegen, &error) != TNN_OK)
        code = cli_complain_error(&error, NULL, CLI_OUTPUT);
    for (size_t i = 0; code == CLI_OK && !args->quiet && i < tnn_model_n_warnings(model); i++)
        printf("  warning: %s\n", tnn_model_warning(model, i));
    tnn_model_free(other);
    tnn_model_free(model);
    return code;
}

cli_exit cli_codegen(int argc, char **argv) {
    codegen_args args = {.output = NULL};
    cli_exit code = read_args(argc, argv, &args);
    if (code == CLI_OK) {
        if (args.model.help) fputs(help, stdout);
        else code = generate(&args);
        code = cli_finish_output(code);
    }
    free(args.examples);
    cli_model_args_free(&args.model);
    return code;
}
