/* A ZIP archive of stored entries, at the end of what an output file has so far. Dates are the first that the format
 * has, so the same input gives the same bytes. Source: PKWARE APPNOTE 6.3.10. */
#ifndef TNN_BASE_ZIP_WRITE_H
#define TNN_BASE_ZIP_WRITE_H

#include "base/file.h"
#include "base/strbuf.h"

/* Begin with {.out = out}. */
typedef struct tnn_zip_writer {
    tnn_out *out;         /* borrowed; distances count from the start of its file */
    uint32_t alignment;   /* of the bytes of entries in the file: at most 4096; 0: none */
    tnn_strbuf directory; /* the central directory so far */
    size_t n_entries;
} tnn_zip_writer;

typedef struct tnn_zip_part {
    const void *bytes;
    size_t n_bytes;
} tnn_zip_part;

/* One entry, its bytes being `n_parts` parts side by side.
 *   name  UTF-8, of at most 65535 bytes; nothing checks that it is given once
 * Errors: TNN_ERR_LIMIT (distances, sizes or counts that need zip64), TNN_ERR_IO, TNN_ERR_NOMEM. */
tnn_status tnn_zip_write_entry(tnn_zip_writer *writer, const char *name, const tnn_zip_part *parts, size_t n_parts,
                               tnn_error *err);

/* The directory, which ends the archive. Errors: as above. */
tnn_status tnn_zip_write_end(tnn_zip_writer *writer, tnn_error *err);

/* Release what it holds, at any time; the output file stays open. */
void tnn_zip_writer_clear(tnn_zip_writer *writer);

#endif
