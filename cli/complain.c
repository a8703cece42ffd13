#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "command.h"

void cli_complain(const char *format, ...) {
    va_list args;
    va_start(args, format);
    fputs("tinynn: ", stderr);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
}

/* "  3 x aten.gru.input: reason (model.py:12: x = self.rnn(x); in encoder.rnn)" */
static void print_lack(const tnn_lack *lack) {
    fprintf(stderr, "  %" PRIu64 " x %s: %s", lack->count, lack->op, lack->reason);
    bool source = lack->source && lack->source[0];
    bool scope = lack->scope && lack->scope[0];
    if (source && scope)
        fprintf(stderr, " (%s; in %s)", lack->source, lack->scope);
    else if (source || scope)
        fprintf(stderr, source ? " (%s)" : " (in %s)", source ? lack->source : lack->scope);
    fputc('\n', stderr);
}

static cli_exit exit_of(tnn_status status, cli_exit io) {
    switch (status) {
    case TNN_OK: return CLI_OK;
    case TNN_ERR_INVALID: return CLI_USAGE;
    case TNN_ERR_MALFORMED: return CLI_INPUT;
    case TNN_ERR_UNSUPPORTED: return CLI_UNSUPPORTED;
    case TNN_ERR_NOMEM: return CLI_NOMEM;
    case TNN_ERR_IO: return io;
    case TNN_ERR_LIMIT: return CLI_INPUT;
    case TNN_ERR_INTERNAL: return CLI_INTERNAL;
    case TNN_ERR_CANCELLED: return CLI_INTERNAL; /* the program never cancels */
    }
    return CLI_INTERNAL;
}

cli_exit cli_complain_error(const tnn_error *error, const tnn_lacks *lacks, cli_exit io) {
    char text[sizeof error->where + sizeof error->message + 32];
    tnn_error_format(error, text, sizeof text);
    cli_complain("%s", text);
    for (size_t i = 0; lacks && i < lacks->n; i++) {
        bool of_weights = error->code == TNN_ERR_INVALID;
        if (of_weights) fprintf(stderr, "  %s %s\n", lacks->items[i].op, lacks->items[i].reason);
        else print_lack(&lacks->items[i]);
    }
    return exit_of(error->code, io);
}

cli_exit cli_finish_output(cli_exit code) {
    errno = 0;
    if (fflush(stdout) == 0 && !ferror(stdout)) return code;
    if (code != CLI_OK) return code;
    cli_complain("standard output: %s", errno ? strerror(errno) : "cannot be written");
    return CLI_OUTPUT;
}
