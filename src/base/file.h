/* Input files are mapped and counted; output files appear whole or not at all. */
#ifndef TNN_BASE_FILE_H
#define TNN_BASE_FILE_H

#include <stddef.h>
#include <stdint.h>

#include "base/fail.h"

typedef struct tnn_file {
    const uint8_t *data; /* read-only; not NULL even when size is 0 */
    size_t size;
    const char *path;
    int refs;
    int owned; /* data is a heap block, not a mapping */
} tnn_file;

/* Map `path` for reading. Errors: TNN_ERR_IO names the path and the reason (missing, directory, no permission). */
tnn_status tnn_file_open(tnn_file **out, const char *path, tnn_error *err);

/* A file object over a copy of `data`. `path` is a name for messages. */
tnn_status tnn_file_from_bytes(tnn_file **out, const char *path, const void *data, size_t size,
                               tnn_error *err);

tnn_file *tnn_file_retain(tnn_file *file);
/* Drop one reference; accepts NULL. */
void tnn_file_free(tnn_file *file);

/* Tell the system that these mapped bytes will not be read again soon: they leave the resident set, not the
 * mapping. Does nothing for owned bytes. */
void tnn_file_release_range(const tnn_file *file, size_t offset, size_t n_bytes);

/* A file being written beside its target. */
typedef struct tnn_out tnn_out;

/* Create a temporary file in the folder of `path`. Errors: TNN_ERR_IO. */
tnn_status tnn_out_open(tnn_out **out, const char *path, tnn_error *err);
tnn_status tnn_out_write(tnn_out *out, const void *bytes, size_t n_bytes, tnn_error *err);
uint64_t tnn_out_position(const tnn_out *out);
/* Write over earlier bytes; the position does not move. */
tnn_status tnn_out_patch(tnn_out *out, uint64_t position, const void *bytes, size_t n_bytes,
                         tnn_error *err);
/* Flush and close: what may fail for want of room has been done, and only tnn_out_commit may follow. */
tnn_status tnn_out_finish(tnn_out *out, tnn_error *err);
/* Flush, rename onto the target. After an error the target is as it was. */
tnn_status tnn_out_commit(tnn_out *out, tnn_error *err);
/* Remove the temporary file unless committed; accepts NULL. */
void tnn_out_free(tnn_out *out);

#endif
