/* What a file of torch.save holds. It has weights and no program: it can be told, not converted.
 *
 * Four forms: the zip archive of torch 1.6 and later (saved.h); before it a stream of pickles and raw storages; before
 * torch 0.2 a tar archive (tar.h); and a bare pickle of another program.
 *
 * The stream: pickles of the magic number, of the protocol version 1001, of a dict that describes the machine, of the
 * object, of the keys of the storages; then the storages.
 *
 * Of the tar archive two entries say what is in it. "pickle": the object, with tensors by persistent ids. "tensors": the
 * pickled number of tensors; for each the pickle (id, storage, type), then 32-bit rank, 4 bytes, and 64-bit sizes, strides
 * and offset. */
#ifndef TNN_READ_LISTING_H
#define TNN_READ_LISTING_H

#include "base/file.h"
#include "base/strbuf.h"
#include "base/strmap.h"
#include "read/saved.h"
#include "tinynn/model.h"

typedef enum tnn_listing_kind {
    TNN_LISTING_TENSOR,     /* the object is a tensor */
    TNN_LISTING_STATE_DICT, /* a dict of nothing but tensors */
    TNN_LISTING_DICT,       /* a dict of other things too: a checkpoint */
    TNN_LISTING_MODULE,     /* an nn.Module, pickled whole */
    TNN_LISTING_OBJECT      /* anything else */
} tnn_listing_kind;

typedef struct tnn_listed {
    const char *name; /* "features.0.weight"; of a checkpoint "model.features.0.weight" */
    const char *type; /* "float32" */
    uint8_t rank;
    int64_t dims[TNN_MAX_RANK];
    uint64_t n_elems, n_bytes; /* n_bytes 0: of a type that tinynn does not know */
} tnn_listed;

typedef struct tnn_listing {
    tnn_arena *arena;
    const char *form;  /* "a torch.save file" */
    tnn_listing_kind kind;
    const char *class_name; /* "torchvision.models.resnet.ResNet"; NULL where the kind says it */
    const char *keys;  /* of a DICT, the first few: "epoch, model, optimizer" */
    tnn_listed *tensors;
    size_t n_tensors, cap_tensors;
    uint64_t n_elems, n_bytes;
    bool cut; /* there may be more than what is listed: a limit was reached */
} tnn_listing;

/* List the tensors below `object`. `tensors` gives those that the pickle knows by a persistent id (tnn_listed by key), or
 * is NULL. Errors: TNN_ERR_NOMEM. */
tnn_status tnn_listing_make(tnn_listing *out, tnn_arena *arena, const char *form, const tnn_pickle *object,
                            const tnn_strmap *tensors, tnn_error *err);

/* Of an open zip archive with an entry data.pkl. The listing lives in the zip's arena.
 * Errors: TNN_ERR_MALFORMED, TNN_ERR_UNSUPPORTED (what the pickle needs), TNN_ERR_LIMIT, TNN_ERR_NOMEM. */
tnn_status tnn_listing_of_zip(tnn_listing *out, tnn_zip *zip, tnn_error *err);

/* The same for a file that is no zip archive. `*found` false: it is none of the other three forms. */
tnn_status tnn_listing_of_bytes(tnn_listing *out, bool *found, tnn_arena *arena, const void *data, size_t size,
                                const char *name, tnn_error *err);

/* The error that tells what the file is, what is in it and how to export it. Returns TNN_ERR_UNSUPPORTED. */
tnn_status tnn_listing_refuse(const tnn_listing *listing, const char *path, tnn_error *err);

/* What `tinynn inspect` prints. */
void tnn_listing_text(tnn_strbuf *out, const tnn_listing *listing, const char *path, uint64_t file_bytes);
void tnn_listing_json(tnn_strbuf *out, const tnn_listing *listing, const char *path, uint64_t file_bytes);

/* Describe a file if it is one of torch.save; `*found` false: it is something else, and nothing was added.
 * Errors: as tnn_model_load. */
tnn_status tnn_listing_describe(const tnn_file *file, const tnn_load_options *options, bool json, tnn_strbuf *out,
                                bool *found, tnn_error *err);

#endif
