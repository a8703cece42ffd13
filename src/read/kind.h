/* What kind of file is this? Decided by content, so that a wrong file is refused by its right name. */
#ifndef TNN_READ_KIND_H
#define TNN_READ_KIND_H

#include "read/zip.h"

/* TNN_OK when the archive holds a torch.export model in the container that this library reads; otherwise an error
 * that says what it holds and what to do about it. `root` is the folder all entries are in ("" or "name/").
 * Errors: TNN_ERR_UNSUPPORTED (a model of another kind), TNN_ERR_MALFORMED (no model). */
tnn_status tnn_kind_check_archive(tnn_zip *zip, const char *root, tnn_error *err);

/* Refuse a file that is no zip archive, by name.
 * Returns TNN_ERR_UNSUPPORTED (a model of another kind) or TNN_ERR_MALFORMED, never TNN_OK. */
tnn_status tnn_kind_refuse(const void *data, size_t size, const char *path, tnn_error *err);

#endif
