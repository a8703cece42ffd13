/* A file of torch.save in any of its forms; bytes that are no archive are also taken as the pickle of one. */
#include <string.h>

#include "../read/make_zip.c"
#include "read/listing.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void describe(const uint8_t *data, size_t size) {
    tnn_load_options options = tnn_load_options_default();
    tnn_file *file = NULL;
    tnn_strbuf text = {0};
    bool found = false;
    options.max_inflated = 16 << 20;
    if (tnn_file_from_bytes(&file, "fuzz.pt", data, size, NULL) != TNN_OK) return;
    for (int json = 0; json < 2; json++) tnn_listing_describe(file, &options, json, &text, &found, NULL);
    tnn_strbuf_free(&text);
    tnn_file_free(file);
}

/* The tensors of a pickle, read for use. */
static void read_strictly(const uint8_t *data, size_t size) {
    tnn_pickle_options options = tnn_pickle_options_default();
    tnn_saved_tensor tensor;
    tnn_pickle *object = NULL;
    tnn_arena *arena = tnn_arena_new();
    if (arena == NULL) return;
    tnn_status status = tnn_pickle_load(&object, arena, data, size, "fuzz.pkl", &options, NULL);
    for (size_t i = 0; status == TNN_OK && i < object->n_items; i++) {
        if (tnn_saved_is_tensor(object->items[i])) tnn_saved_tensor_read(&tensor, object->items[i], "fuzz", NULL);
    }
    tnn_arena_free(arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static made_zip zip;
    describe(data, size);
    if (tnn_zip_is(data, size) || size > 16000) return 0;
    read_strictly(data, size);
    memset(&zip, 0, sizeof zip);
    zip_add(&zip, (made_entry){.name = "archive/data.pkl", .data = data, .n_bytes = size});
    zip_end(&zip, NULL);
    describe(zip.bytes, zip.size);
    return 0;
}
