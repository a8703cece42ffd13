/* Any bytes as a .npy file, or as a .npz archive: read all elements, in pieces and at once. */
#include "read/npz.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_all(const tnn_npy *npy, tnn_arena *arena) {
    uint8_t piece[5 * 8];
    tnn_array array;
    for (int64_t start = 0; start < npy->n_elems; start += 5)
        tnn_npy_read(npy, start, npy->n_elems - start < 5 ? npy->n_elems - start : 5, piece);
    tnn_npy_array(&array, npy, arena, NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    tnn_arena *arena = tnn_arena_new();
    tnn_npy npy;
    tnn_npz npz;
    tnn_error err;
    if (arena == NULL) return 0;
    if (tnn_npy_open(&npy, data, size, "fuzz", &err) == TNN_OK) read_all(&npy, arena);
    if (tnn_npz_open(&npz, arena, data, size, "fuzz", 1 << 20, &err) == TNN_OK)
        for (size_t i = 0; i < npz.n; i++) read_all(&npz.items[i].npy, arena);
    tnn_arena_free(arena);
    return 0;
}
