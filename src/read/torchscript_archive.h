/* The container of torch.jit.save: a zip archive, here with the folder `root` stripped.
 *
 *   1. code/__torch__/a/b.py   the program: module __torch__.a.b (beside it .debug_pkl with the lines of the author's
 *                              own program: torchscript_source.h)
 *   2. data.pkl, data/N        the object whose methods are the model, and the storages of its tensors
 *   3. constants.pkl, constants/N   a tuple of what the program calls CONSTANTS.c0, CONSTANTS.c1 …
 *   4. traced_inputs.pkl       of traced models: a dict from the name of a method to the list of its example inputs,
 *                              whose storages are empty
 *   5. version or .data/version   a number, 1 to 10; byteorder "little", absent in older files */
#ifndef TNN_READ_TORCHSCRIPT_ARCHIVE_H
#define TNN_READ_TORCHSCRIPT_ARCHIVE_H

#include "base/file.h"
#include "read/pickle.h"
#include "read/zip.h"
#include "tinynn/model.h"

typedef struct tnn_torchscript {
    tnn_arena *arena; /* owned: lives as long as the archive is open */
    tnn_file *file;   /* one reference is ours */
    tnn_zip *zip;
    const char *root;
    int64_t version;
    tnn_pickle *data, *constants;
    tnn_pickle *examples; /* NULL: not traced */
} tnn_torchscript;

/* Open and check everything but code and weights. `*is` is false, and nothing is open, when the file is of another kind.
 * `out` is to be closed in every case.
 * Errors: TNN_ERR_MALFORMED, TNN_ERR_UNSUPPORTED (version, byte order), TNN_ERR_LIMIT, TNN_ERR_NOMEM. */
tnn_status tnn_torchscript_open(tnn_torchscript *out, tnn_file *file, const tnn_load_options *options, bool *is,
                                tnn_error *err);
void tnn_torchscript_close(tnn_torchscript *archive);

/* The entry of the name under the root; NULL in `*out` when there is none. Errors: TNN_ERR_NOMEM. */
tnn_status tnn_torchscript_entry(const tnn_zip_entry **out, const tnn_torchscript *archive, tnn_error *err,
                                 const char *format, ...) TNN_PRINTF(4, 5);

#endif
