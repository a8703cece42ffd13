/* The entries of a zip archive that lies in memory (a mapped file, or an entry of another archive).
 *
 *   [local header, name, extra, payload, (data descriptor)] ...   one an entry, anywhere, not overlapping
 *   [central directory header, name, extra, comment] ...          one an entry, side by side
 *   (zip64 end record, 56 bytes or more) (zip64 locator, 20 bytes)
 *   end record, 22 bytes, comment to the end of the file
 *
 * The central directory is what counts; a local header must agree with it where it says anything. Payloads are
 * STORED (then they are used where they lie) or DEFLATE. Refused: encryption, several disks, two entries of one
 * name, entries that overlap, names that leave the archive ("..", absolute, backslash, control characters).
 * Source: PKWARE APPNOTE 6.3.10. */
#ifndef TNN_READ_ZIP_H
#define TNN_READ_ZIP_H

#include <stdint.h>

#include "base/arena.h"
#include "base/strmap.h"

typedef struct tnn_zip_entry {
    const char *name;
    uint64_t offset; /* of the payload in the archive */
    uint64_t stored; /* bytes of the payload */
    uint64_t size;   /* bytes when inflated; equal to `stored` for STORED */
    uint32_t crc;
    uint16_t method; /* TNN_ZIP_STORED or TNN_ZIP_DEFLATE; others can be listed, not read */
} tnn_zip_entry;

enum { TNN_ZIP_STORED = 0, TNN_ZIP_DEFLATE = 8 };

typedef struct tnn_zip_options {
    uint64_t max_entries;
    uint64_t max_inflated; /* bytes that DEFLATE entries may give in all, over the life of the archive */
    bool ignore_crc;
} tnn_zip_options;

typedef struct tnn_zip tnn_zip;
struct tnn_zip {
    const uint8_t *data;
    size_t size;
    const char *name; /* for messages */
    tnn_arena *arena;
    tnn_zip_entry *entries; /* in the order of the central directory */
    size_t n_entries;
    tnn_strmap by_name;
    bool ignore_crc;
    uint64_t inflated_left; /* where it is no entry of another archive */
    tnn_zip *outer; /* the archive that it is an entry of, whose limit counts; or NULL */
};

/* Does this look like a zip archive: does it begin with a local header or an end record? */
bool tnn_zip_is(const void *data, size_t size);

/* List the entries. The archive lives in `arena`; `data` and `name` are borrowed and must outlive it.
 * Errors: TNN_ERR_MALFORMED with a position, TNN_ERR_UNSUPPORTED (encryption, several disks), TNN_ERR_LIMIT,
 * TNN_ERR_NOMEM. */
tnn_status tnn_zip_open(tnn_zip **out, tnn_arena *arena, const void *data, size_t size, const char *name,
                        const tnn_zip_options *options, tnn_error *err);

/* The entry of exactly this name; NULL: none. */
const tnn_zip_entry *tnn_zip_find(const tnn_zip *zip, const char *name);

/* The one entry that is called `suffix` or ends in "/" and `suffix`; NULL: none, or several. */
const tnn_zip_entry *tnn_zip_find_suffix(const tnn_zip *zip, const char *suffix);

/* The folder that all entries are in, with its slash; "" when they share none. Errors: TNN_ERR_NOMEM. */
tnn_status tnn_zip_root(const tnn_zip *zip, const char **out, tnn_error *err);

/* The bytes of an entry (entry->size of them): where they lie, or inflated into `arena`. What was
 * inflated has its CRC checked; what is STORED has it checked up to TNN_ZIP_CRC_BYTES, because reading hundreds of
 * megabytes of mapped weights for their CRC would cost more than converting them.
 * Errors: TNN_ERR_MALFORMED, TNN_ERR_UNSUPPORTED (another method), TNN_ERR_LIMIT, TNN_ERR_NOMEM. */
tnn_status tnn_zip_read(tnn_zip *zip, const tnn_zip_entry *entry, tnn_arena *arena, const uint8_t **out,
                        tnn_error *err);

#define TNN_ZIP_CRC_BYTES (16u * 1024u)

#endif
