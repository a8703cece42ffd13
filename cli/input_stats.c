#include "input_stats.h"

#include <stdlib.h>
#include <string.h>

#include "command.h"

/* Numbers with commas between; how many, or 0 when they are none or too many. */
static size_t read_numbers(const char *text, double *numbers) {
    const char *at = text;
    for (size_t n = 0; n < 2 * CLI_MAX_STATS_CHANNELS; at++) {
        char *rest;
        numbers[n++] = strtod(at, &rest);
        if (rest == at) return 0;
        if (*rest == '\0') return n;
        if (*rest != ',') return 0;
        at = rest;
    }
    return 0;
}

bool cli_parse_input_stats(char *text, cli_input_stats *out) {
    char *equals = strchr(text, '='), *values = equals ? equals + 1 : text;
    if (out->n == CLI_MAX_STATS) {
        cli_complain("--input-stats stands more than %d times", CLI_MAX_STATS);
        return false;
    }
    double *numbers = out->numbers[out->n];
    size_t n = read_numbers(values, numbers) / 2;
    if (n == 0 || read_numbers(values, numbers) % 2 != 0) {
        cli_complain("--input-stats is \"%s\", expected [NAME=]MEAN,STD, or all means and then as many stds", text);
        return false;
    }
    if (equals) *equals = '\0';
    out->items[out->n++] = (tnn_input_stats){equals ? text : NULL, numbers, numbers + n, n, n};
    return true;
}
