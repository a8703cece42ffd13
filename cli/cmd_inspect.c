#include <stdio.h>

#include "command.h"
#include "options.h"
#include "tinynn/inspect.h"

static const char help[] =
    "usage: tinynn inspect FILE [--json]\n"
    "\n"
    "Describe a model (.pt2) or a .tflite file: inputs, outputs, operators with counts,\n"
    "parameters, sizes, and the graph. The kind of file is found by its content.\n"
    "\n"
    "  --json      one JSON object instead of text\n"
    "  -h, --help  this text\n";

enum { OPT_JSON = 1, OPT_HELP };

static const cli_option options[] = {
    {OPT_JSON, 0, "json", false},
    {OPT_HELP, 'h', "help", false},
};

static cli_exit inspect(const char *path, bool json) {
    char *text = NULL;
    tnn_lacks lacks = {0};
    tnn_error error;
    cli_exit code = CLI_OK;
    if (tnn_inspect(path, json, &text, &lacks, &error) == TNN_OK)
        fputs(text, stdout);
    else
        code = cli_complain_error(&error, &lacks, CLI_INPUT);
    tnn_text_free(text);
    tnn_lacks_free(&lacks);
    return cli_finish_output(code);
}

cli_exit cli_inspect(int argc, char **argv) {
    cli_reader reader = {.options = options, .n_options = sizeof options / sizeof *options,
                         .argc = argc, .argv = argv, .next = 1};
    const char *path = NULL;
    bool json = false;
    for (int id; (id = cli_next_option(&reader)) != CLI_END;) {
        if (id == CLI_BAD_OPTION) return CLI_USAGE;
        if (id == OPT_HELP) {
            fputs(help, stdout);
            return cli_finish_output(CLI_OK);
        }
        if (id == OPT_JSON) {
            json = true;
        } else if (path) {
            cli_complain("inspect takes one file, found \"%s\" too", reader.value);
            return CLI_USAGE;
        } else {
            path = reader.value;
        }
    }
    if (path) return inspect(path, json);
    cli_complain("inspect needs a file: tinynn inspect FILE");
    return CLI_USAGE;
}
