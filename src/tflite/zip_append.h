/* A ZIP archive behind other bytes. */
#ifndef TNN_TFLITE_ZIP_APPEND_H
#define TNN_TFLITE_ZIP_APPEND_H

#include "base/file.h"

/* Append an archive with one stored file to what `out` has so far. Its distances count from the start of the whole, so
 * that the whole is an archive.
 *   name  ASCII, without folders
 * Errors: TNN_ERR_LIMIT (distances or sizes beyond 32 bits), TNN_ERR_IO, TNN_ERR_NOMEM. */
tnn_status tnn_zip_append(tnn_out *out, const char *name, const void *bytes, size_t n_bytes, tnn_error *err);

#endif
