/* Any bytes as a pickle. */
#include "read/pickle.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    tnn_pickle_options options = tnn_pickle_options_default();
    tnn_arena *arena = tnn_arena_new();
    tnn_pickle *tree = NULL;
    tnn_error err;
    if (arena != NULL && tnn_pickle_load(&tree, arena, data, size, "fuzz", &options, &err) == TNN_OK) {
        tnn_pickle_get(tree, "weight");
    }
    tnn_arena_free(arena);
    return 0;
}
