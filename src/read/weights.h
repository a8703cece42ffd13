/* Parameters, buffers and constants of an archive: windows on its storages. Nothing is copied unless it was compressed.
 *
 * The same window is one tensor, whatever it is called. The first window that shows all of a storage is the storage in
 * the tensor layer, or else a vector over all of it is; every other window is a view of it, so that a write to one is
 * seen by the others. As long as nothing is written each window is read as a constant of its own. */
#ifndef TNN_READ_WEIGHTS_H
#define TNN_READ_WEIGHTS_H

#include "eval/interp.h"
#include "read/zip.h"

typedef struct tnn_window {
    tnn_zip *zip;
    const tnn_zip_entry *storage;
    const tnn_file *file; /* whose bytes those of `zip` are; NULL: they lie in memory that outlives the constants */
    tnn_dtype dtype;
    tnn_shape shape;
    int64_t strides[TNN_MAX_RANK], offset; /* elements */
} tnn_window;

typedef struct tnn_weight_storage tnn_weight_storage;

typedef struct tnn_weight {
    tnn_obj obj;              /* a tensor */
    const char *path, *role;  /* of its first use */
    const tnn_weight_storage *storage;
    bool alone;               /* no view of the storage: neither sees what the other writes */
} tnn_weight;

typedef struct tnn_state_dict tnn_state_dict; /* read/state_dict.h */

typedef struct tnn_weights {
    tnn_interp *interp;
    tnn_graph *graph;
    const char *file;    /* for `where` of errors */
    tnn_strmap storages; /* tnn_weight_storage by zip and entry */
    tnn_state_dict *state; /* whose tensors take the place of parameters and buffers; NULL: none do; borrowed */
    tnn_strmap windows;  /* tnn_weight by storage and window, in order of first use */
} tnn_weights;

/* The tables lie in `scratch`. */
void tnn_weights_init(tnn_weights *weights, tnn_interp *interp, tnn_graph *graph, const char *file,
                      tnn_arena *scratch);

/* A handle on what the window shows.
 *   path  "features.0.weight": what the constant is called; lives as long as `weights`
 *   role  "parameter", "buffer", or another word for messages; lives likewise
 * Errors: TNN_ERR_MALFORMED (the window leaves its storage), TNN_ERR_LIMIT, those of tnn_zip_read. */
tnn_status tnn_weights_get(tnn_weights *weights, const tnn_window *window, const char *path, const char *role,
                           tnn_obj *out, tnn_error *err);

/* After the program: does a window that stands alone show what it must?
 * Errors: TNN_ERR_UNSUPPORTED (it, or another window on its storage, was written to). */
tnn_status tnn_weights_check(const tnn_weights *weights, tnn_error *err);

#endif
