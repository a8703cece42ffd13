/* Any bytes as a zip archive: list its entries and read them all. */
#include "read/zip.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    tnn_zip_options options = {.max_entries = 10000, .max_inflated = 16 << 20};
    tnn_arena *arena = tnn_arena_new();
    tnn_zip *zip = NULL;
    tnn_error err;
    if (arena != NULL && tnn_zip_open(&zip, arena, data, size, "fuzz", &options, &err) == TNN_OK) {
        for (size_t i = 0; i < zip->n_entries; i++) {
            const uint8_t *bytes = NULL;
            tnn_zip_read(zip, &zip->entries[i], arena, &bytes, &err);
        }
    }
    tnn_arena_free(arena);
    return 0;
}
