#include "options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"

/* The length of the name in "name=value" or "name". */
static size_t name_length(const char *text) {
    return strcspn(text, "=");
}

static const cli_option *find_long(const cli_reader *reader, const char *text) {
    size_t length = name_length(text);
    for (size_t i = 0; i < reader->n_options; i++) {
        const char *name = reader->options[i].name;
        if (strlen(name) == length && memcmp(name, text, length) == 0) return &reader->options[i];
    }
    return NULL;
}

static const cli_option *find_short(const cli_reader *reader, char letter) {
    for (size_t i = 0; i < reader->n_options; i++)
        if (reader->options[i].letter == letter) return &reader->options[i];
    return NULL;
}

static int complain_unknown(const cli_reader *reader, const char *arg) {
    const char *near = NULL;
    if (arg[1] == '-')
        near = cli_nearest(arg + 2, &reader->options[0].name, reader->n_options, sizeof(cli_option));
    if (near)
        cli_complain("unknown option %s, did you mean --%s?", arg, near);
    else
        cli_complain("unknown option %s, `tinynn %s --help` lists them", arg, reader->argv[0]);
    return CLI_BAD_OPTION;
}

/* `inline_value` is what stands behind "=" or a short letter, NULL when nothing does. */
static int take(cli_reader *reader, const cli_option *option, char *inline_value) {
    reader->value = inline_value;
    if (!option->takes_value) {
        if (!inline_value) return option->id;
        cli_complain("option --%s takes no value, found \"%s\"", option->name, inline_value);
        return CLI_BAD_OPTION;
    }
    if (!inline_value && reader->next < reader->argc) reader->value = reader->argv[reader->next++];
    if (reader->value) return option->id;
    cli_complain("option --%s needs a value", option->name);
    return CLI_BAD_OPTION;
}

int cli_next_option(cli_reader *reader) {
    if (reader->next >= reader->argc) return CLI_END;
    char *arg = reader->argv[reader->next++];
    if (reader->only_arguments || arg[0] != '-' || arg[1] == '\0') {
        reader->value = arg;
        return CLI_ARGUMENT;
    }
    if (strcmp(arg, "--") == 0) {
        reader->only_arguments = true;
        return cli_next_option(reader);
    }
    bool is_long = arg[1] == '-';
    const cli_option *option = is_long ? find_long(reader, arg + 2) : find_short(reader, arg[1]);
    if (!option) return complain_unknown(reader, arg);
    if (!is_long) return take(reader, option, arg[2] ? arg + 2 : NULL);
    char *tail = arg + 2 + name_length(arg + 2);
    return take(reader, option, *tail ? tail + 1 : NULL);
}

int cli_parse_choice(const char *option, const char *text, const char *const *names, size_t n) {
    char list[120] = "";
    for (size_t i = 0, at = 0; i < n && at < sizeof list; i++) {
        if (strcmp(text, names[i]) == 0) return (int)i;
        const char *joint = i == 0 ? "" : i + 1 == n ? " or " : ", ";
        at += (size_t)snprintf(list + at, sizeof list - at, "%s%s", joint, names[i]);
    }
    cli_complain("%s \"%s\": expected %s", option, text, list);
    return -1;
}

enum { MAX_WORD = 24, MAX_THREADS = 1024 };

static size_t min3(size_t a, size_t b, size_t c) {
    size_t low = a < b ? a : b;
    return low < c ? low : c;
}

/* Letters to insert, delete or replace to make `a` of `b`; both at most MAX_WORD long. */
static size_t edit_distance(const char *a, size_t n_a, const char *b, size_t n_b) {
    size_t row[MAX_WORD + 1];
    for (size_t j = 0; j <= n_b; j++) row[j] = j;
    for (size_t i = 1; i <= n_a; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= n_b; j++) {
            size_t replaced = diagonal + (a[i - 1] != b[j - 1]);
            diagonal = row[j];
            row[j] = min3(replaced, row[j] + 1, row[j - 1] + 1);
        }
    }
    return row[n_b];
}

const char *cli_nearest(const char *word, const char *const *names, size_t n, size_t stride) {
    size_t length = name_length(word);
    if (length > MAX_WORD) return NULL;
    size_t best = length / 2 + 1; /* more than half the letters wrong is no misspelling */
    const char *nearest = NULL;
    for (size_t i = 0; i < n; i++) {
        const char *name = *(const char *const *)(const void *)((const char *)names + i * stride);
        if (strlen(name) > MAX_WORD) continue;
        size_t distance = edit_distance(word, length, name, strlen(name));
        if (distance >= best) continue;
        best = distance;
        nearest = name;
    }
    return nearest;
}

bool cli_parse_threads(const char *text, int *out) {
    char *end;
    long n = strtol(text, &end, 10);
    if (*text != '\0' && *end == '\0' && n >= 1 && n <= MAX_THREADS) {
        *out = (int)n;
        return true;
    }
    cli_complain("--threads is \"%s\", expected a number from 1 to %d", text, MAX_THREADS);
    return false;
}
