/* Any bytes as YAML, as a file of definitions and as one of precisions: what is read is walked, each schema and text parsed. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "read/yamltree.h"
#include "tinynn/custom.h"
#include "tinynn/precision.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint64_t walk(const tnn_yaml *node) {
    uint64_t n = 1;
    for (size_t i = 0; i < node->n; i++) n += walk(node->items[i]) + (node->kind == TNN_YAML_MAPPING ? 1 : 0);
    return n;
}

static void define(const uint8_t *data, size_t size) {
    char path[] = "/tmp/fuzz_yaml_XXXXXX";
    int file = mkstemp(path);
    tnn_custom_ops *ops = NULL;
    tnn_error err;
    if (file < 0) return;
    if (write(file, data, size) == (ssize_t)size && tnn_custom_ops_new(&ops, &err) == TNN_OK)
        (void)tnn_custom_ops_read(ops, path, &err);
    tnn_custom_ops_free(ops);
    close(file);
    unlink(path);
}

static void choose(const uint8_t *data, size_t size) {
    tnn_precision *precision;
    tnn_error err;
    if (tnn_precision_parse(&precision, (const char *)data, size, "fuzz", &err) != TNN_OK && precision != NULL) abort();
    tnn_precision_free(precision);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    tnn_arena *arena = tnn_arena_new();
    const tnn_yaml *root;
    tnn_error err;
    if (arena != NULL && tnn_yaml_parse(&root, arena, data, size, "fuzz", NULL, &err) == TNN_OK) {
        if (walk(root) != root->n_nodes) abort();
        define(data, size);
        choose(data, size);
    }
    tnn_arena_free(arena);
    return 0;
}
