#include "metadata_args.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

cli_metadata_args cli_metadata_args_default(void) {
    return (cli_metadata_args){.metadata = tnn_metadata_default()};
}

static bool complain_memory(void) {
    cli_complain("out of memory");
    return false;
}

/* ---- lists ---- */

static size_t count_items(const char *text) {
    size_t n = 1;
    for (; *text; text++) n += *text == ',';
    return n;
}

/* The item at `*rest`, which moves behind its comma. */
static char *next_item(char **rest) {
    char *item = *rest, *comma = strchr(item, ',');
    if (comma) *comma = '\0';
    *rest = comma ? comma + 1 : item + strlen(item);
    return item;
}

static bool read_names(char *text, cli_name_list *out) {
    free(out->items);
    out->n = count_items(text);
    out->items = calloc(out->n, sizeof *out->items);
    if (!out->items) return complain_memory();
    for (size_t i = 0; i < out->n; i++) out->items[i] = next_item(&text);
    return true;
}

static bool read_number(const char *option, const char *text, double *out) {
    char *end;
    *out = strtod(text, &end);
    if (end != text && *end == '\0' && isfinite(*out)) return true;
    cli_complain("%s: \"%s\" is no number", option, text);
    return false;
}

static bool read_numbers(const char *option, char *text, cli_number_list *out) {
    free(out->items);
    out->n = count_items(text);
    out->items = calloc(out->n, sizeof *out->items);
    if (!out->items) return complain_memory();
    for (size_t i = 0; i < out->n; i++)
        if (!read_number(option, next_item(&text), &out->items[i])) return false;
    return true;
}

/* ---- KEY=TEXT ---- */

static bool read_text(char *value, tnn_metadata *out) {
    static const char *const keys[] = {"name", "description", "version", "author", "license"};
    const char **const texts[] = {&out->name, &out->description, &out->version, &out->author, &out->license};
    char *equals = strchr(value, '=');
    if (!equals) {
        cli_complain("--metadata \"%s\": the form is KEY=TEXT, for example name=MobileNet", value);
        return false;
    }
    *equals = '\0';
    int key = cli_parse_choice("--metadata", value, keys, sizeof keys / sizeof *keys);
    if (key >= 0) *texts[key] = equals + 1;
    return key >= 0;
}

/* ---- labels ---- */

/* The whole stream as a text; NULL when it cannot be read or memory is out, errno says which. */
static char *read_stream(FILE *stream) {
    size_t size = 0, cap = 4096;
    char *text = malloc(cap), *larger;
    while (text) {
        size += fread(text + size, 1, cap - 1 - size, stream);
        if (size < cap - 1) break;
        cap *= 2;
        larger = realloc(text, cap);
        if (!larger) free(text);
        text = larger;
    }
    if (text && ferror(stream)) {
        free(text);
        return NULL;
    }
    if (text) text[size] = '\0';
    return text;
}

static cli_exit read_labels(cli_metadata_args *args) {
    FILE *stream = fopen(args->labels_path, "rb");
    if (stream) {
        args->labels = read_stream(stream);
        int read_errno = errno;
        fclose(stream);
        errno = read_errno;
    }
    if (args->labels) return CLI_OK;
    cli_complain("%s: %s", args->labels_path, strerror(errno));
    return errno == ENOMEM ? CLI_NOMEM : CLI_INPUT;
}

/* ---- the whole ---- */

bool cli_metadata_args_apply(cli_metadata_args *args, int id, char *value) {
    if (id == CLI_METADATA_INPUT_NAMES) return read_names(value, &args->input_names);
    if (id == CLI_METADATA_OUTPUT_NAMES) return read_names(value, &args->output_names);
    args->given = true;
    switch (id) {
    case CLI_METADATA_TEXT: return read_text(value, &args->metadata);
    case CLI_METADATA_MEAN: return read_numbers("--image-mean", value, &args->mean);
    case CLI_METADATA_STD: return read_numbers("--image-std", value, &args->std);
    case CLI_METADATA_RANGE: return read_number("--image-range", value, &args->metadata.image_range);
    default: args->labels_path = value; return true;
    }
}

cli_exit cli_metadata_args_finish(cli_metadata_args *args, tnn_convert_options *options) {
    tnn_metadata *metadata = &args->metadata;
    options->input_names = args->input_names.items;
    options->n_input_names = args->input_names.n;
    options->output_names = args->output_names.items;
    options->n_output_names = args->output_names.n;
    if (!args->given) return CLI_OK;
    metadata->image_mean = args->mean.items;
    metadata->n_image_mean = args->mean.n;
    metadata->image_std = args->std.items;
    metadata->n_image_std = args->std.n;
    options->metadata = metadata;
    if (!args->labels_path) return CLI_OK;
    cli_exit code = read_labels(args);
    metadata->labels = args->labels;
    return code;
}

void cli_metadata_args_free(cli_metadata_args *args) {
    free(args->input_names.items);
    free(args->output_names.items);
    free(args->mean.items);
    free(args->std.items);
    free(args->labels);
}
