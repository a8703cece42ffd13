/* For tests that damage files: load each file that is named, read all its constants, describe it, and print one line:
 *
 *   ok HASH                    of the graph's text and of the numbers of all constants
 *   STATUS: WHERE: MESSAGE     the error, as the program prints it
 *
 *   probe < NAMES
 *
 * A line of NAMES is a path, or `PATH<tab>N` for a program that does not know the shape of its one input: it gets
 * [1, 3, N, N]. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/strmap.h"
#include "ir/graph.h"
#include "ir/recipe.h"
#include "tinynn/inspect.h"

static uint64_t hash_constant(const tnn_value *value, uint64_t hash) {
    uint64_t n_bytes = tnn_recipe_bytes(value->constant);
    unsigned char *bytes = n_bytes > 1 << 24 ? NULL : malloc((size_t)n_bytes + 1);
    if (bytes == NULL) return hash;
    if (tnn_recipe_read(value->constant, 0, tnn_recipe_count(value->constant), bytes, NULL) == TNN_OK) {
        hash = tnn_hash_bytes(bytes, (size_t)n_bytes, hash);
    }
    free(bytes);
    return hash;
}

/* Each constant as often as it is used. */
static uint64_t hash_constants(const tnn_graph *graph, uint64_t hash) {
    for (const tnn_node *node = graph->first; node != NULL; node = node->next) {
        for (size_t i = 0; i < node->schema->n_args; i++) {
            const tnn_arg *arg = &node->args[i];
            if (arg->kind == TNN_ARG_TENSOR && arg->as.tensor->constant != NULL) hash = hash_constant(arg->as.tensor, hash);
        }
    }
    return hash;
}

static void complain(const tnn_error *err) {
    char text[600];
    tnn_error_format(err, text, sizeof text);
    printf("%s: %s\n", tnn_status_name(err->code), text);
}

static void describe(const char *path, const tnn_load_options *options) {
    tnn_error err;
    char *text = NULL;
    tnn_lacks lacks = {0};
    tnn_inspect(path, options, true, &text, &lacks, &err);
    tnn_lacks_free(&lacks);
    tnn_text_free(text);
}

static void probe(const char *path, const tnn_load_options *options) {
    tnn_model *model = NULL;
    tnn_lacks lacks = {0};
    tnn_error err;
    char *text = NULL;
    tnn_status status = tnn_model_load(&model, path, options, &lacks, &err);
    if (status == TNN_OK) status = tnn_model_text(model, &text, &err);
    if (status == TNN_OK) {
        uint64_t hash = tnn_hash_bytes(text, strlen(text), 0);
        printf("ok %016llx\n", (unsigned long long)hash_constants(model->graphs[0], hash));
    } else {
        complain(&err);
    }
    tnn_text_free(text);
    tnn_lacks_free(&lacks);
    tnn_model_free(model);
    describe(path, options);
    fflush(stdout);
}

int main(void) {
    char line[4096];
    while (fgets(line, sizeof line, stdin) != NULL) {
        tnn_load_options options = tnn_load_options_default();
        tnn_input_spec image = {.rank = 4, .dims = {1, 3}};
        options.max_inflated = 1 << 26;
        line[strcspn(line, "\n")] = '\0';
        char *tab = strchr(line, '\t');
        if (tab != NULL) {
            *tab = '\0';
            image.dims[2] = image.dims[3] = atoi(tab + 1);
            options.inputs = &image;
            options.n_inputs = 1;
        }
        probe(line, &options);
    }
    return 0;
}
