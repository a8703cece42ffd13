/* The tensors of a .pt2 archive by their paths, whichever way the container keeps them. */
#ifndef TNN_READ_PT2_STORE_H
#define TNN_READ_PT2_STORE_H

#include "read/pt2_archive.h"
#include "read/pt2_meta.h"

/* What a parameter, buffer or constant shows of a storage. */
typedef struct tnn_pt2_tensor {
    tnn_zip *zip; /* the archive, or one inside of it */
    const tnn_zip_entry *storage;
    tnn_pt2_meta meta;
    bool is_parameter; /* by what the container says; false where it is silent */
    bool mapped;       /* the bytes of `zip` lie in the file, not in memory of ours */
} tnn_pt2_tensor;

/* Open the torch.save archives that older containers keep tensors in. What is compressed is inflated into `payload`,
 * which lives as long as the constants of the model.
 * Errors: as tnn_saved_open; TNN_ERR_UNSUPPORTED (the object is no dict). */
tnn_status tnn_pt2_stores_open(tnn_pt2 *pt2, tnn_arena *payload, tnn_error *err);

/* The tensor of that path ("features.0.0.weight"): among the weights; buffers that are not saved with the state stand
 * among the constants.
 * Errors: TNN_ERR_MALFORMED (no such tensor, no such storage), TNN_ERR_UNSUPPORTED (a pickled object). */
tnn_status tnn_pt2_store_find(tnn_pt2_tensor *out, const tnn_pt2 *pt2, tnn_symbols *symbols, const char *path,
                              tnn_error *err);

/* Called for a tensor of a store: its path, type and sizes. */
typedef tnn_status tnn_pt2_store_visit(void *data, const char *path, const tnn_pt2_tensor *tensor, tnn_error *err);

/* All tensors of a store; storages are not looked up, and pickled objects are left out. */
tnn_status tnn_pt2_store_walk(const tnn_pt2_store *store, tnn_symbols *symbols,
                              tnn_pt2_store_visit *visit, void *data, tnn_error *err);

#endif
