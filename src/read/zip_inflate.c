/* The bytes of an entry: borrowed when STORED, inflated by zlib when DEFLATE. */
#include <limits.h>
#include <string.h>
#include <zlib.h>

#include "base/cursor.h"
#include "read/zip.h"

/* A DEFLATE stream gives at most 1032 bytes for one: a header that claims more lies, and no memory is taken for it. */
#define DEFLATE_MAX_RATIO 1032u

/* Never NULL: tnn_zip_open checked that the payload lies in the archive. */
static const uint8_t *payload(const tnn_zip *zip, const tnn_zip_entry *entry) {
    tnn_cursor c = tnn_cursor_init(zip->data, zip->size, 0);
    tnn_cursor_seek(&c, (size_t)entry->offset);
    return tnn_cursor_bytes(&c, (size_t)entry->stored);
}

static uint32_t crc_of(const uint8_t *bytes, uint64_t n_bytes) {
    return (uint32_t)crc32_z(crc32_z(0, NULL, 0), bytes, (z_size_t)n_bytes);
}

static tnn_status check_crc(const tnn_zip *zip, const tnn_zip_entry *entry, const uint8_t *bytes, tnn_error *err) {
    uint32_t found = crc_of(bytes, entry->size);
    if (found == entry->crc || zip->ignore_crc) return TNN_OK;
    return tnn_fail_at(err, TNN_ERR_MALFORMED, zip->name, entry->offset,
                       "entry \"%s\" is damaged: its CRC is %08x, its header says %08x", entry->name, found,
                       entry->crc);
}

/* Archives inside of archives share one limit. */
static uint64_t *inflated_left(tnn_zip *zip) {
    while (zip->outer != NULL) zip = zip->outer;
    return &zip->inflated_left;
}

static tnn_status check_size(const tnn_zip *zip, const tnn_zip_entry *entry, uint64_t left, tnn_error *err) {
    if (entry->size > left) {
        return tnn_fail_at(err, TNN_ERR_LIMIT, zip->name, entry->offset,
                           "entry \"%s\" inflates to %llu bytes, the limit has %llu left", entry->name,
                           (unsigned long long)entry->size, (unsigned long long)left);
    }
    if (entry->size / DEFLATE_MAX_RATIO > entry->stored) {
        return tnn_fail_at(err, TNN_ERR_MALFORMED, zip->name, entry->offset,
                           "entry \"%s\" claims %llu bytes out of %llu: more than compression can give", entry->name,
                           (unsigned long long)entry->size, (unsigned long long)entry->stored);
    }
    return TNN_OK;
}

/* zlib counts in unsigned int: both sides are fed in parts. true when exactly `n_out` bytes came out and the stream
 * ended there. */
static bool inflate_all(z_stream *z, uint64_t n_in, uint64_t n_out) {
    int result = Z_OK;
    while (result == Z_OK) {
        uInt in = n_in > UINT_MAX ? UINT_MAX : (uInt)n_in;
        uInt room = n_out > UINT_MAX ? UINT_MAX : (uInt)n_out;
        z->avail_in = in;
        z->avail_out = room;
        result = inflate(z, Z_NO_FLUSH);
        n_in -= in - z->avail_in;
        n_out -= room - z->avail_out;
    }
    return result == Z_STREAM_END && n_out == 0 && n_in == 0;
}

static tnn_status inflate_entry(const tnn_zip *zip, const tnn_zip_entry *entry, uint8_t *out, tnn_error *err) {
    z_stream z;
    memset(&z, 0, sizeof z);
    z.next_in = (z_const Bytef *)payload(zip, entry);
    z.next_out = out;
    if (inflateInit2(&z, -MAX_WBITS) != Z_OK) return tnn_fail_nomem(err);
    bool whole = inflate_all(&z, entry->stored, entry->size);
    inflateEnd(&z);
    if (whole) return TNN_OK;
    return tnn_fail_at(err, TNN_ERR_MALFORMED, zip->name, entry->offset, "entry \"%s\": its compressed data is damaged",
                       entry->name);
}

static tnn_status read_deflated(tnn_zip *zip, const tnn_zip_entry *entry, tnn_arena *arena, const uint8_t **out,
                                tnn_error *err) {
    uint64_t *left = inflated_left(zip);
    TNN_TRY(check_size(zip, entry, *left, err));
    /* One byte more than zero, so that zlib always has somewhere to write. */
    uint8_t *bytes = tnn_arena_alloc(arena, (size_t)entry->size + 1, 1);
    if (bytes == NULL) return tnn_fail_nomem(err);
    *left -= entry->size;
    TNN_TRY(inflate_entry(zip, entry, bytes, err));
    TNN_TRY(check_crc(zip, entry, bytes, err));
    *out = bytes;
    return TNN_OK;
}

tnn_status tnn_zip_read(tnn_zip *zip, const tnn_zip_entry *entry, tnn_arena *arena, const uint8_t **out,
                        tnn_error *err) {
    *out = NULL;
    if (entry->method == TNN_ZIP_DEFLATE) return read_deflated(zip, entry, arena, out, err);
    if (entry->method != TNN_ZIP_STORED) {
        return tnn_fail_at(err, TNN_ERR_UNSUPPORTED, zip->name, entry->offset,
                           "entry \"%s\" is compressed by method %u, expected 0 (stored) or 8 (deflate)", entry->name,
                           entry->method);
    }
    const uint8_t *bytes = payload(zip, entry);
    if (entry->size <= TNN_ZIP_CRC_BYTES) TNN_TRY(check_crc(zip, entry, bytes, err));
    *out = bytes;
    return TNN_OK;
}
