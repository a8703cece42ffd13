/* The containers of torch.export.save: a zip archive, here with the folder `root` stripped.
 *
 *   torch 2.9 and later
 *     1. archive_format "pt2", archive_version "0", byteorder "little"
 *     2. models/NAME.json                        the program (schema 8.x); there may be several
 *     3. data/weights/NAME_weights_config.json   parameter or buffer -> file and tensor_meta
 *     4. data/weights/...                        raw storages; the names stand in the config
 *     5. data/constants/NAME_constants_config.json, data/constants/...   the same for constants
 *     6. data/sample_inputs/NAME.pt              a torch.save archive with the example inputs
 *   torch 2.8: the same, with the torch.save archives data/weights/NAME.pt and data/constants/NAME.pt, each a dict of
 *     tensors, instead of 3, 4 and 5
 *   torch 2.7 and earlier
 *     1. serialized_exported_program.json        the program
 *     2. serialized_state_dict.pt, serialized_constants.pt, serialized_example_inputs.pt   torch.save archives, empty when
 *        they hold nothing; the oldest end in .json, which they are not
 *     3. version */
#ifndef TNN_READ_PT2_ARCHIVE_H
#define TNN_READ_PT2_ARCHIVE_H

#include "base/file.h"
#include "read/jsontree.h"
#include "read/saved.h"
#include "read/zip.h"
#include "tinynn/model.h"

/* Where the tensors of one kind are. */
typedef struct tnn_pt2_store {
    const char *kind;           /* "weights" or "constants" */
    tnn_json config;            /* a root; value NULL: `entry` counts */
    const tnn_zip_entry *entry; /* the torch.save archive; NULL: `config` counts, or there is nothing of the kind */
    tnn_saved saved;            /* `entry`, after tnn_pt2_stores_open */
    tnn_strmap tensors;         /* of `saved`: path to tnn_pickle */
} tnn_pt2_store;

enum { TNN_PT2_WEIGHTS, TNN_PT2_CONSTANTS, TNN_PT2_STORES };

typedef struct tnn_pt2 {
    tnn_arena *arena; /* owned: lives as long as the archive is open */
    tnn_file *file;   /* one reference is ours */
    tnn_zip *zip;
    const char *root;      /* "mobilenet/" or "" */
    const char *name;      /* of the model in the archive: "model" */
    const char *container; /* "torch 2.9 or later": who writes such archives */
    const tnn_zip_entry *program_entry;
    const tnn_zip_entry *samples; /* a torch.save archive; NULL: none */
    tnn_json program;             /* a root */
    tnn_pt2_store stores[TNN_PT2_STORES];
    int64_t schema_major, schema_minor;
    const char *torch_version; /* "2.13.0", or "unknown" */
    uint32_t max_depth;
    tnn_zip_options zip_options;
    tnn_pickle_options pickle_options;
} tnn_pt2;

/* Open and check everything but the weights. `out` is to be closed in every case.
 * Errors: TNN_ERR_IO, TNN_ERR_UNSUPPORTED (another kind of file, another version: named), TNN_ERR_MALFORMED,
 * TNN_ERR_INVALID (no model of the name in the options: all are named), TNN_ERR_LIMIT, TNN_ERR_NOMEM. */
tnn_status tnn_pt2_open(tnn_pt2 *out, const char *path, const tnn_load_options *options, tnn_error *err);
/* The same for a file that is open already; takes a reference. */
tnn_status tnn_pt2_open_file(tnn_pt2 *out, tnn_file *file, const tnn_load_options *options, tnn_error *err);
void tnn_pt2_close(tnn_pt2 *pt2);

/* The entry of the name under the root; NULL in `*out` when there is none. Errors: TNN_ERR_NOMEM. */
tnn_status tnn_pt2_entry(const tnn_zip_entry **out, const tnn_pt2 *pt2, tnn_error *err, const char *format, ...)
    TNN_PRINTF(4, 5);

/* Find the parts of the archive, whichever container it is: `name`, `program_entry`, `samples`, and of the stores `entry`
 * or `config`. Errors: as tnn_pt2_open. */
tnn_status tnn_pt2_locate(tnn_pt2 *pt2, const char *model, tnn_error *err);

/* The JSON of an entry. Errors: as tnn_zip_read and tnn_json_parse. */
tnn_status tnn_pt2_parse(tnn_pt2 *pt2, const tnn_zip_entry *entry, tnn_json *out, tnn_error *err);

#endif
