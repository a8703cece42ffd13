/* The arguments that name a model and say how it is read; the same in every command that takes one. */
#ifndef TINYNN_CLI_MODEL_ARGS_H
#define TINYNN_CLI_MODEL_ARGS_H

#include <stdbool.h>

#include "command.h"
#include "options.h"
#include "tinynn/custom.h"

/* Ids of the shared options; a command's own stay below. */
enum {
    CLI_MODEL_INPUT = 100, CLI_MODEL_WEIGHTS, CLI_MODEL_MODEL, CLI_MODEL_METHOD, CLI_MODEL_CRC, CLI_MODEL_WRITTEN_INPUTS,
    CLI_MODEL_WRITTEN_BUFFERS, CLI_MODEL_CUSTOM_OPS, CLI_MODEL_HELP
};

/* Their rows, for a command's table of options. */
#define CLI_MODEL_OPTIONS                                          \
    {CLI_MODEL_INPUT, 0, "input", true},                           \
    {CLI_MODEL_WEIGHTS, 0, "weights", true},                       \
    {CLI_MODEL_MODEL, 0, "model", true},                           \
    {CLI_MODEL_METHOD, 0, "method", true},                         \
    {CLI_MODEL_CRC, 0, "ignore-crc", false},                       \
    {CLI_MODEL_WRITTEN_INPUTS, 0, "written-inputs", true},         \
    {CLI_MODEL_WRITTEN_BUFFERS, 0, "written-buffers", true},       \
    {CLI_MODEL_CUSTOM_OPS, 0, "custom-ops", true},                 \
    {CLI_MODEL_HELP, 'h', "help", false}

/* Their lines in a command's help; `written_inputs` is the command's default. */
#define CLI_MODEL_USAGE(written_inputs)                                                               \
    "  --input SPEC        shape, and dtype if wanted, of an input: [NAME=]1x3x224x224[:DTYPE].\n"    \
    "                      Without NAME it is the next input in order. May be repeated.\n"            \
    "                      A scripted model (.pt) needs it; NAME=5 fixes a number.\n"                 \
    "  --weights FILE      state dict (.pth) instead of the model's own weights; of a program in\n"   \
    "                      Python, model.py, that is model.pth without it\n"                          \
    "  --model NAME        which model of an archive that holds several; class of model.py\n"        \
    "  --method NAME       which method of a TorchScript model; without it forward\n"                 \
    "  --ignore-crc        read entries whose checksum says that they are damaged\n"                  \
    "  --written-inputs HOW  an input that the program writes to: refuse it, return its new\n"        \
    "                      value as an output, or ignore the write; " written_inputs " is the default\n" \
    "  --written-buffers HOW  the same of a buffer; ignore is the default\n"                          \
    "  --custom-ops FILE   definitions of operators (YAML); may be repeated\n"

typedef struct cli_model_args {
    const char *path;       /* NULL only with `help` */
    tnn_input_spec *inputs; /* owned; room for as many as there are arguments */
    tnn_custom_ops *customs; /* owned; NULL without --custom-ops */
    tnn_load_options load;  /* its inputs and custom operators are those */
    const char **second;    /* set by the command: where a second file's name goes; NULL: it takes one */
    bool help;              /* nothing else is checked then */
    cli_exit failed;        /* what a file that an option names gave; CLI_OK: nothing */
} cli_model_args;

/* Apply a command's own option `id`, which is in its table, to `own`. Returns false after a complaint. */
typedef bool (*cli_apply)(void *own, int id, char *value);

/* Read the arguments of the command argv[0].
 *   options  the command's table, CLI_MODEL_OPTIONS in it
 *   args     `load` is set, to defaults that options replace
 * Complains when it does not return CLI_OK. Dispose of `args` with cli_model_args_free in every case; strings in it
 * point into argv, which is cut at "=". */
cli_exit cli_model_args_read(int argc, char **argv, const cli_option *options, size_t n_options, cli_apply apply,
                             void *own, cli_model_args *args);
void cli_model_args_free(cli_model_args *args);

#endif
