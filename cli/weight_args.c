#include "weight_args.h"

#include <stdlib.h>

#include "command.h"

bool cli_is_weight_option(int id) { return id >= CLI_WEIGHT_TYPE && id < CLI_WEIGHT_END; }

static bool set_type(tnn_int4_options *options, const char *text) {
    enum { INT8, INT4, INT4_LINEAR };
    static const char *const names[] = {[INT8] = "int8", [INT4] = "int4", [INT4_LINEAR] = "int4-linear"};
    int chosen = cli_parse_choice("--weight-type", text, names, sizeof names / sizeof *names);
    options->enabled = chosen > INT8;
    options->linear_only = chosen == INT4_LINEAR;
    return chosen >= 0;
}

static bool add_pattern(cli_weight_args *args, tnn_int4_options *options, const char *pattern) {
    if (options->n_layers == CLI_MAX_PATTERNS) {
        cli_complain("--int4-layers stands more than %d times", CLI_MAX_PATTERNS);
        return false;
    }
    args->patterns[options->n_layers++] = pattern;
    options->layers = args->patterns;
    return true;
}

static bool set_min_elems(tnn_int4_options *options, const char *text) {
    char *rest;
    options->min_elems = strtoul(text, &rest, 10);
    if (*text >= '0' && *text <= '9' && *rest == '\0') return true;
    cli_complain("--int4-min-elems is \"%s\", expected a number", text);
    return false;
}

bool cli_weight_args_apply(cli_weight_args *args, tnn_int4_options *options, int id, const char *value) {
    switch (id) {
    case CLI_WEIGHT_TYPE: return set_type(options, value);
    case CLI_WEIGHT_LAYERS: return add_pattern(args, options, value);
    default: return set_min_elems(options, value);
    }
}
