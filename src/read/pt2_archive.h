/* The container of torch.export.save, torch 2.9 and later: a zip archive, here with the folder `root` stripped.
 *
 *   1. archive_format "pt2", archive_version "0", byteorder "little"
 *   2. models/NAME.json                        the program (schema 8.x)
 *   3. data/weights/NAME_weights_config.json   parameter or buffer -> file and tensor_meta
 *   4. data/weights/...                        raw storages; the names stand in the config
 *   5. data/constants/NAME_constants_config.json, data/constants/...   the same for constants
 *   6. data/sample_inputs/NAME.pt              a torch.save archive with the example inputs
 *
 * torch 2.8 has the same container with pickled weights (data/weights/NAME.pt instead of 3 and 4); it is refused. */
#ifndef TNN_READ_PT2_ARCHIVE_H
#define TNN_READ_PT2_ARCHIVE_H

#include "base/file.h"
#include "read/jsontree.h"
#include "read/zip.h"
#include "tinynn/model.h"

typedef struct tnn_pt2 {
    tnn_arena *arena; /* owned: lives as long as the archive is open */
    tnn_file *file;   /* one reference is ours */
    tnn_zip *zip;
    const char *root; /* "mobilenet/" or "" */
    const char *name; /* of the model in the archive: "model" */
    tnn_json program, weights, constants; /* roots; the last two may be absent (value NULL) */
    int64_t schema_major, schema_minor;
    const char *torch_version; /* "2.13.0", or "unknown" */
    uint32_t max_depth;
    tnn_zip_options zip_options;
} tnn_pt2;

/* Open and check everything but the weights. `out` is to be closed in every case.
 * Errors: TNN_ERR_IO, TNN_ERR_UNSUPPORTED (another kind of file, another version: named), TNN_ERR_MALFORMED,
 * TNN_ERR_LIMIT, TNN_ERR_NOMEM. */
tnn_status tnn_pt2_open(tnn_pt2 *out, const char *path, const tnn_load_options *options, tnn_error *err);
/* The same for a file that is open already; takes a reference. */
tnn_status tnn_pt2_open_file(tnn_pt2 *out, tnn_file *file, const tnn_load_options *options, tnn_error *err);
void tnn_pt2_close(tnn_pt2 *pt2);

/* The entry of the name under the root; NULL in `*out` when there is none. Errors: TNN_ERR_NOMEM. */
tnn_status tnn_pt2_entry(const tnn_zip_entry **out, const tnn_pt2 *pt2, tnn_error *err, const char *format, ...)
    TNN_PRINTF(4, 5);

#endif
