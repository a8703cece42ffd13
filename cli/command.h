/* What the subcommands share: their entry points, the exit codes, and how they complain. */
#ifndef TINYNN_CLI_COMMAND_H
#define TINYNN_CLI_COMMAND_H

#include "tinynn/error.h"
#include "tinynn/model.h"

/* Exit codes; `tinynn --help` and docs/cli.md list them. */
typedef enum cli_exit {
    CLI_OK = 0,
    CLI_USAGE = 1,       /* a wrong command, option or argument */
    CLI_INPUT = 2,       /* the input cannot be read, or breaks its format or a limit */
    CLI_UNSUPPORTED = 3, /* the input is legal, tinynn cannot convert it */
    CLI_OUTPUT = 4,      /* an output cannot be written */
    CLI_NOMEM = 5,
    CLI_INTERNAL = 6     /* a mistake of tinynn's own */
} cli_exit;

/* `argv[0]` is the subcommand's name. */
cli_exit cli_convert(int argc, char **argv);
cli_exit cli_inspect(int argc, char **argv);
cli_exit cli_compare(int argc, char **argv);
cli_exit cli_calibrate(int argc, char **argv);
cli_exit cli_statistics(int argc, char **argv);
cli_exit cli_quantize(int argc, char **argv);
cli_exit cli_run(int argc, char **argv);
cli_exit cli_codegen(int argc, char **argv);
cli_exit cli_check(int argc, char **argv);
cli_exit cli_support(int argc, char **argv);

/* Print "tinynn: " and the message, one line, on standard error. */
#if defined(__GNUC__)
__attribute__((format(printf, 1, 2)))
#endif
void cli_complain(const char *format, ...);

/* Print an error of the library and, a line each, what is lacking.
 *   lacks  may be NULL
 *   io     what TNN_ERR_IO means here: CLI_INPUT while reading, CLI_OUTPUT while writing
 * Returns the exit code that the error stands for. */
cli_exit cli_complain_error(const tnn_error *error, const tnn_lacks *lacks, cli_exit io);

/* Flush standard output; a full disk or a closed pipe shows here.
 * Returns `code`, or CLI_OUTPUT with a complaint when `code` is CLI_OK and the text could not be written. */
cli_exit cli_finish_output(cli_exit code);

#endif
