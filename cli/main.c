#include <stdio.h>
#include <string.h>

#include "command.h"
#include "options.h"
#include "tinynn/version.h"

static const char help[] =
    "usage: tinynn COMMAND ...\n"
    "\n"
    "  convert     a PyTorch model (.pt2, .pt, .py) to a .tflite file\n"
    "  quantize    a model to a .tflite file of 8-bit integers, by samples of its inputs\n"
    "  calibrate   what a model's values are like, by samples of its inputs\n"
    "  statistics  what calibrate has written; several merged\n"
    "  inspect     what a .pt2, .pt, .py or .tflite file holds\n"
    "  compare     a .tflite file with the model it was made from\n"
    "  run         a model on inputs from files\n"
    "  codegen     a model as a PyTorch program to look at, change and train\n"
    "  check       whether a model can be converted; all that it lacks\n"
    "  support     the operators of PyTorch that are known\n"
    "\n"
    "`tinynn COMMAND --help` describes a command; `tinynn --version` prints the version.\n"
    "\n"
    "Exit codes:\n"
    "  0  done\n"
    "  1  wrong command, option or argument; of compare also: an output departs\n"
    "  2  the input cannot be read, or breaks its format or a limit\n"
    "  3  the model needs what tinynn does not support; all of it is listed\n"
    "  4  an output cannot be written\n"
    "  5  out of memory\n"
    "  6  internal error, a mistake in tinynn\n";

typedef struct command {
    const char *name;
    cli_exit (*run)(int argc, char **argv);
} command;

static const command commands[] = {
    {"convert", cli_convert},
    {"inspect", cli_inspect},
    {"quantize", cli_quantize},
    {"calibrate", cli_calibrate},
    {"statistics", cli_statistics},
    {"run", cli_run},
    {"compare", cli_compare},
    {"codegen", cli_codegen},
    {"check", cli_check},
    {"support", cli_support},
};

enum { N_COMMANDS = sizeof commands / sizeof *commands };

static cli_exit complain_unknown(const char *name) {
    const char *near = cli_nearest(name, &commands[0].name, N_COMMANDS, sizeof(command));
    if (near)
        cli_complain("unknown command \"%s\", did you mean %s?", name, near);
    else
        cli_complain("unknown command \"%s\", `tinynn --help` lists them", name);
    return CLI_USAGE;
}

static cli_exit print(const char *text) {
    fputs(text, stdout);
    return cli_finish_output(CLI_OK);
}

int main(int argc, char **argv) {
    if (argc < 2) {
        fputs(help, stderr);
        return CLI_USAGE;
    }
    const char *name = argv[1];
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0 || strcmp(name, "help") == 0)
        return (int)print(help);
    if (strcmp(name, "--version") == 0) return (int)print("tinynn " TINYNN_VERSION "\n");
    for (size_t i = 0; i < N_COMMANDS; i++)
        if (strcmp(name, commands[i].name) == 0) return (int)commands[i].run(argc - 1, argv + 1);
    return (int)complain_unknown(name);
}
