#include "loss_tables.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- the table ---- */

static const struct {
    const char *title, *key;
} columns[] = {
    {"weights", "weights_snr"}, {"by weights", "snr_by_weights"},       {"by values", "snr_by_values"},
    {"both", "snr"},            {"all before", "accumulated_snr"}, {"cost", "outputs"},
};

enum { N_COLUMNS = sizeof columns / sizeof *columns };

static const char *text_of(const json_t *row, const char *key) {
    const char *text = json_string_value(json_object_get(row, key));
    return text ? text : "";
}

/* The cost in dB, less is worse; what costs nothing comes last. */
static double cost_of(const json_t *row) {
    const json_t *cost = json_object_get(row, "outputs");
    return json_is_number(cost) ? json_number_value(cost) : 1e9;
}

/* Rows are in one array: equal ones stay in its order. */
static int by_cost(const void *a, const void *b) {
    const json_t *const *x = a, *const *y = b;
    double first = cost_of(*x), second = cost_of(*y);
    if (first != second) return first < second ? -1 : 1;
    return strcmp(text_of(*x, "name"), text_of(*y, "name"));
}

static int widest(const json_t *rows, const char *key, const char *title) {
    size_t most = strlen(title), i;
    const json_t *row;
    json_array_foreach(rows, i, row) most = strlen(text_of(row, key)) > most ? strlen(text_of(row, key)) : most;
    return (int)most;
}

static void print_row(const json_t *row, int names, int types) {
    printf("%-*s  %-*s  %-5s", names, text_of(row, "name"), types, text_of(row, "type"), text_of(row, "precision"));
    for (size_t k = 0; k < N_COLUMNS; k++) {
        const json_t *number = json_object_get(row, columns[k].key);
        if (json_is_number(number)) printf("  %10.1f", json_number_value(number));
        else printf("  %10s", "");
    }
    printf("\n");
}

static cli_exit print_table(const json_t *rows) {
    size_t n = json_array_size(rows);
    int names = widest(rows, "name", "operator"), types = widest(rows, "type", "type");
    const json_t **sorted = calloc(n + 1, sizeof *sorted);
    if (!sorted) {
        cli_complain("out of memory");
        return CLI_NOMEM;
    }
    for (size_t i = 0; i < n; i++) sorted[i] = json_array_get(rows, i);
    qsort(sorted, n, sizeof *sorted, by_cost);
    printf("%-*s  %-*s  %-5s", names, "operator", types, "type", "");
    for (size_t k = 0; k < N_COLUMNS; k++) printf("  %10s", columns[k].title);
    printf("\n");
    for (size_t i = 0; i < n; i++) print_row(sorted[i], names, types);
    free(sorted);
    return CLI_OK;
}

/* ---- what was left in floats ---- */

static void print_decibels(const char *before, const json_t *object, const char *key) {
    const json_t *number = json_object_get(object, key);
    if (json_is_number(number)) printf("%s%.1f dB\n", before, json_number_value(number));
    else printf("%sno noise\n", before);
}

static void print_step(const json_t *step) {
    const json_t *names = json_object_get(step, "operators"), *name;
    size_t i;
    printf("  the %s of %s: ", text_of(step, "because"), text_of(step, "name"));
    json_array_foreach(names, i, name) printf("%s%s", i == 0 ? "" : ", ", json_string_value(name));
    print_decibels(json_is_true(json_object_get(step, "taken_back")) ? ", taken back later, " : ", ", step, "snr");
}

static void print_steps(const json_t *exclusion) {
    const json_t *steps = json_object_get(exclusion, "steps"), *step;
    size_t i;
    printf("left in floats to reach %g dB, biases not corrected:\n",
           json_number_value(json_object_get(exclusion, "budget")));
    print_decibels("  before: ", exclusion, "snr_before");
    json_array_foreach(steps, i, step) print_step(step);
    print_decibels("  after: ", exclusion, "snr_after");
}

/* ---- both ---- */

cli_exit cli_print_losses(const char *json) {
    json_t *root = json_loads(json, 0, NULL);
    const json_t *quantization = json_object_get(root, "quantization");
    const json_t *exclusion = json_object_get(quantization, "auto_exclude");
    if (!root) {
        cli_complain("out of memory");
        return CLI_NOMEM;
    }
    printf("signal to noise in dB, an empty place where nothing is lost:\n");
    cli_exit code = print_table(json_object_get(json_object_get(quantization, "analysis"), "operators"));
    if (exclusion) print_steps(exclusion);
    print_decibels("outputs: ", quantization, "snr");
    json_decref(root);
    return code;
}
