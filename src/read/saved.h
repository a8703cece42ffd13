/* The zip archive of torch.save (torch 1.6 and later), here with its root folder stripped.
 *
 *   data.pkl    the object. A tensor is a call of torch._utils._rebuild_tensor_v2(storage, offset, sizes, strides, …), a
 *               parameter one of torch._utils._rebuild_parameter(tensor, …)
 *   data/KEY    the bytes of a storage, whose persistent id is ('storage', type, KEY, location, n_elems)
 *   byteorder   "little"; absent in older files */
#ifndef TNN_READ_SAVED_H
#define TNN_READ_SAVED_H

#include "ir/size.h"
#include "read/pickle.h"
#include "read/zip.h"
#include "tinynn/dtype.h"

typedef struct tnn_saved {
    tnn_zip *zip;
    const char *root; /* "archive/" or "" */
    tnn_pickle *object;
} tnn_saved;

/* What a tensor in the pickle shows of its storage. */
typedef struct tnn_saved_tensor {
    const char *storage; /* its key */
    const char *type;    /* of the elements: "float32" */
    tnn_dtype dtype;     /* TNN_DTYPE_NONE: one that tinynn does not know */
    bool is_parameter;
    uint8_t rank;
    int64_t dims[TNN_MAX_RANK], strides[TNN_MAX_RANK], offset; /* elements; not negative */
} tnn_saved_tensor;

/* Read the pickle of an archive that is open. `zip` and its bytes must outlive `out`, the tree lives in the zip's arena.
 * Errors: as tnn_pickle_load; TNN_ERR_MALFORMED (no data.pkl), TNN_ERR_UNSUPPORTED (big-endian). */
tnn_status tnn_saved_read(tnn_saved *out, tnn_zip *zip, const tnn_pickle_options *options, tnn_error *err);

/* An archive that is an entry of another. What must be inflated goes into `payload`; the rest lives in the arena of
 * `outer`. Errors: as tnn_zip_open, tnn_zip_read and tnn_saved_read. */
tnn_status tnn_saved_open(tnn_saved *out, tnn_zip *outer, const tnn_zip_entry *entry, tnn_arena *payload,
                          const tnn_zip_options *zip_options, const tnn_pickle_options *options, tnn_error *err);

/* The entry with the bytes of a storage. Errors: TNN_ERR_MALFORMED (there is none). */
tnn_status tnn_saved_storage(const tnn_zip_entry **out, const tnn_saved *saved, const char *key, tnn_error *err);

/* Is the object a tensor or a parameter? */
bool tnn_saved_is_tensor(const tnn_pickle *object);

/* `object` is one for which tnn_saved_is_tensor holds; `where` is for messages.
 * Errors: TNN_ERR_MALFORMED, TNN_ERR_UNSUPPORTED (more than TNN_MAX_RANK dimensions). */
tnn_status tnn_saved_tensor_read(tnn_saved_tensor *out, const tnn_pickle *object, const char *where, tnn_error *err);

#endif
