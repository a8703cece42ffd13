#include "model_args.h"

#include <stdlib.h>

#include "input_spec.h"

static bool parse_written(const char *option, const char *text, tnn_written *out) {
    static const char *const names[] = {
        [TNN_WRITTEN_REFUSE] = "refuse", [TNN_WRITTEN_RETURN] = "return", [TNN_WRITTEN_IGNORE] = "ignore"};
    int chosen = cli_parse_choice(option, text, names, sizeof names / sizeof *names);
    if (chosen >= 0) *out = (tnn_written)chosen;
    return chosen >= 0;
}

static bool set_path(cli_model_args *args, const char *command, const char *path) {
    if (args->path && args->second && !*args->second) {
        *args->second = path;
        return true;
    }
    if (args->path) {
        cli_complain("%s takes one model file, found \"%s\" too", command, path);
        return false;
    }
    args->path = path;
    return true;
}

static bool read_customs(cli_model_args *args, const char *path) {
    tnn_error error;
    tnn_status status = args->customs ? TNN_OK : tnn_custom_ops_new(&args->customs, &error);
    if (status == TNN_OK) status = tnn_custom_ops_read(args->customs, path, &error);
    args->load.custom_ops = args->customs;
    if (status != TNN_OK) args->failed = cli_complain_error(&error, NULL, CLI_INPUT);
    return status == TNN_OK;
}

/* Returns false after a complaint. */
static bool apply_shared(cli_model_args *args, int id, char *value) {
    tnn_load_options *load = &args->load;
    switch (id) {
    case CLI_MODEL_INPUT: return cli_parse_input("--input", value, &args->inputs[load->n_inputs++]);
    case CLI_MODEL_WEIGHTS: load->weights = value; return true;
    case CLI_MODEL_MODEL: load->model = value; return true;
    case CLI_MODEL_METHOD: load->method = value; return true;
    case CLI_MODEL_CRC: load->ignore_crc = true; return true;
    case CLI_MODEL_WRITTEN_INPUTS: return parse_written("--written-inputs", value, &load->written_inputs);
    case CLI_MODEL_WRITTEN_BUFFERS: return parse_written("--written-buffers", value, &load->written_buffers);
    case CLI_MODEL_CUSTOM_OPS: return read_customs(args, value);
    default: args->help = true; return true;
    }
}

cli_exit cli_model_args_read(int argc, char **argv, const cli_option *options, size_t n_options, cli_apply apply,
                             void *own, cli_model_args *args) {
    cli_reader reader = {.options = options, .n_options = n_options, .argc = argc, .argv = argv, .next = 1};
    args->load.inputs = args->inputs = calloc((size_t)argc, sizeof *args->inputs);
    if (!args->inputs) {
        cli_complain("out of memory");
        return CLI_NOMEM;
    }
    for (int id; (id = cli_next_option(&reader)) != CLI_END;) {
        bool fine = false; /* CLI_BAD_OPTION was complained about */
        if (id == CLI_ARGUMENT) fine = set_path(args, argv[0], reader.value);
        else if (id >= CLI_MODEL_INPUT) fine = apply_shared(args, id, reader.value);
        else if (id > CLI_END) fine = apply(own, id, reader.value);
        if (!fine) return args->failed == CLI_OK ? CLI_USAGE : args->failed;
    }
    if (args->help || args->path) return CLI_OK;
    cli_complain("%s needs a model file: tinynn %s MODEL", argv[0], argv[0]);
    return CLI_USAGE;
}

void cli_model_args_free(cli_model_args *args) {
    free(args->inputs);
    tnn_custom_ops_free(args->customs);
}
