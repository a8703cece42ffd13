/* Archives of named arrays (read/npy.h says how they look). */
#ifndef TNN_READ_NPZ_H
#define TNN_READ_NPZ_H

#include "read/npy.h"

typedef struct tnn_npz_item {
    const char *name; /* without ".npy" */
    tnn_npy npy;
} tnn_npz_item;

typedef struct tnn_npz {
    tnn_npz_item *items; /* in the order of the archive */
    size_t n;
} tnn_npz;

/* Understand all headers. Entries that are compressed are inflated into `arena`, up to `max_inflated` bytes in all;
 * others stay where they lie. `data` is borrowed by `out`; `name` is for messages.
 * Errors: as tnn_zip_open, tnn_zip_read and tnn_npy_open; `where` names the entry. */
tnn_status tnn_npz_open(tnn_npz *out, tnn_arena *arena, const void *data, size_t size, const char *name,
                        uint64_t max_inflated, tnn_error *err);

/* NULL: none of this name. */
const tnn_npz_item *tnn_npz_find(const tnn_npz *npz, const char *name);

/* Write `n` arrays, not compressed, in this order. Names must differ. Errors: as tnn_npy_save, and TNN_ERR_LIMIT (an
 * archive of 4 GiB or more). */
tnn_status tnn_npz_save(const char *path, const tnn_named_array *items, size_t n, tnn_error *err);

#endif
