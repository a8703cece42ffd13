/* For tests that hold NumPy beside this reader and writer: write the arrays of IN to OUT, in the same kind of file.
 *
 *   npz_copy IN OUT      prints the error and exits 1 when that fails */
#include <stdio.h>

#include "base/alloc.h"
#include "read/npz.h"

static tnn_status copy_npy(const tnn_file *in, const char *out, tnn_arena *arena, tnn_error *err) {
    tnn_npy npy;
    tnn_array array;
    TNN_TRY(tnn_npy_open(&npy, in->data, in->size, in->path, err));
    TNN_TRY(tnn_npy_array(&array, &npy, arena, err));
    return tnn_npy_save(out, &array, err);
}

static tnn_status copy_npz(const tnn_file *in, const char *out, tnn_arena *arena, tnn_error *err) {
    tnn_npz npz;
    TNN_TRY(tnn_npz_open(&npz, arena, in->data, in->size, in->path, 1 << 26, err));
    tnn_named_array *items = TNN_NEW_ARRAY(arena, npz.n, tnn_named_array);
    if (items == NULL) return tnn_fail_nomem(err);
    for (size_t i = 0; i < npz.n; i++) {
        items[i].name = npz.items[i].name;
        TNN_TRY(tnn_npy_array(&items[i].array, &npz.items[i].npy, arena, err));
    }
    return tnn_npz_save(out, items, npz.n, err);
}

int main(int argc, char **argv) {
    tnn_arena *arena = tnn_arena_new();
    tnn_file *in = NULL;
    tnn_error err;
    if (argc != 3 || arena == NULL) return 2;
    tnn_status status = tnn_file_open(&in, argv[1], &err);
    if (status == TNN_OK)
        status = tnn_npy_is(in->data, in->size) ? copy_npy(in, argv[2], arena, &err) : copy_npz(in, argv[2], arena, &err);
    if (status != TNN_OK) {
        char text[600];
        tnn_error_format(&err, text, sizeof text);
        puts(text);
    }
    tnn_file_free(in);
    tnn_arena_free(arena);
    return status != TNN_OK;
}
