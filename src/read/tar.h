/* The entries of a tar archive that lies in memory, as far as files of torch.save before 0.2 need them.
 *
 *   [header of 512 bytes: name at 0, size in octal at 124, "ustar" at 257][content, padded to 512] ... */
#ifndef TNN_READ_TAR_H
#define TNN_READ_TAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

bool tnn_tar_is(const void *data, size_t size);

/* Content of the first entry of this name; NULL: there is none, or it is cut short. */
const uint8_t *tnn_tar_find(const void *data, size_t size, const char *name, size_t *n_bytes);

#endif
