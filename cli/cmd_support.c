#include <stdio.h>

#include "command.h"
#include "options.h"
#include "tinynn/support.h"

static const char help[] =
    "usage: tinynn support [--json | --markdown]\n"
    "\n"
    "List the operators of PyTorch that are known, how each is meant, and why some are refused.\n"
    "\n"
    "  --json      one JSON array\n"
    "  --markdown  a table; docs/support.md is this output\n"
    "  -h, --help  this text\n";

enum { OPT_JSON = 1, OPT_MARKDOWN, OPT_HELP };

static const cli_option options[] = {
    {OPT_JSON, 0, "json", false},
    {OPT_MARKDOWN, 0, "markdown", false},
    {OPT_HELP, 'h', "help", false},
};

static cli_exit print_matrix(tnn_support_format format) {
    char *text = NULL;
    tnn_error error;
    if (tnn_support(format, &text, &error) != TNN_OK) return cli_complain_error(&error, NULL, CLI_INPUT);
    fputs(text, stdout);
    tnn_text_free(text);
    return cli_finish_output(CLI_OK);
}

cli_exit cli_support(int argc, char **argv) {
    cli_reader reader = {.options = options, .n_options = sizeof options / sizeof *options,
                         .argc = argc, .argv = argv, .next = 1};
    tnn_support_format format = TNN_SUPPORT_TEXT;
    for (int id; (id = cli_next_option(&reader)) != CLI_END;) {
        switch (id) {
        case OPT_JSON: format = TNN_SUPPORT_JSON; break;
        case OPT_MARKDOWN: format = TNN_SUPPORT_MARKDOWN; break;
        case OPT_HELP: fputs(help, stdout); return cli_finish_output(CLI_OK);
        case CLI_ARGUMENT: cli_complain("support takes no argument, found \"%s\"", reader.value); return CLI_USAGE;
        default: return CLI_USAGE;
        }
    }
    return print_matrix(format);
}
