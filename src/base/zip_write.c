/* Local header, name, bytes, an entry each; then a central header and name each; then the end record. */
#include "base/zip_write.h"

#include <string.h>
#include <zlib.h>

enum { LOCAL_BYTES = 30, CENTRAL_BYTES = 46, END_BYTES = 22, ZIP_VERSION = 20 };
enum { MAX_ENTRIES = 0xFFFE, MAX_NAME = 0xFFFF }; /* without zip64 */
enum { EXTRA_BYTES = 4, PADDING_ID = 0x4246 }; /* an extra field that only takes up room, as PyTorch writes it */
enum { FIRST_DAY = 0x21, FLAG_UTF8 = 1 << 11 }; /* 1980-01-01 */

typedef struct facts {
    const char *name;
    size_t name_bytes;
    uint32_t flags, crc, n_bytes;
    uint32_t local_at; /* where the local header is */
    uint32_t n_padding; /* bytes of an extra field behind the name */
} facts;

static uint8_t *put16(uint8_t *to, uint32_t value) {
    to[0] = (uint8_t)value;
    to[1] = (uint8_t)(value >> 8);
    return to + 2;
}

static uint8_t *put32(uint8_t *to, uint32_t value) { return put16(put16(to, value & 0xFFFF), value >> 16); }

/* What both headers have in common: version, flags, method (stored), time, date, checksum, sizes, length of the name. */
static uint8_t *put_facts(uint8_t *to, const facts *f) {
    to = put16(put16(put16(to, ZIP_VERSION), f->flags), 0);
    to = put16(put16(to, 0), FIRST_DAY);
    to = put32(put32(put32(to, f->crc), f->n_bytes), f->n_bytes);
    return put16(to, (uint32_t)f->name_bytes);
}

static void add_central(tnn_strbuf *directory, const facts *f) {
    uint8_t header[CENTRAL_BYTES] = {0};
    uint8_t *to = put16(put32(header, 0x02014B50), ZIP_VERSION);
    to = put_facts(to, f);
    put32(to + 12, f->local_at); /* behind extra field, comment, disk and attributes, which are zeros */
    tnn_strbuf_addn(directory, (const char *)header, sizeof header);
    tnn_strbuf_addn(directory, f->name, f->name_bytes);
}

static tnn_status write_padding(tnn_out *out, uint32_t n_bytes, tnn_error *err) {
    static const uint8_t zeros[64] = {0};
    uint8_t header[EXTRA_BYTES];
    if (n_bytes == 0) return TNN_OK;
    put16(put16(header, PADDING_ID), n_bytes - EXTRA_BYTES);
    TNN_TRY(tnn_out_write(out, header, sizeof header, err));
    for (uint32_t left = n_bytes - EXTRA_BYTES, n; left > 0; left -= n) {
        n = left < sizeof zeros ? left : (uint32_t)sizeof zeros;
        TNN_TRY(tnn_out_write(out, zeros, n, err));
    }
    return TNN_OK;
}

static tnn_status write_local(tnn_out *out, const facts *f, tnn_error *err) {
    uint8_t header[LOCAL_BYTES];
    put16(put_facts(put32(header, 0x04034B50), f), f->n_padding);
    TNN_TRY(tnn_out_write(out, header, sizeof header, err));
    TNN_TRY(tnn_out_write(out, f->name, f->name_bytes, err));
    return write_padding(out, f->n_padding, err);
}

/* So that the bytes behind header and name begin at a multiple of the alignment; room for the extra field's own header
 * or none at all. */
static uint32_t padding_of(uint32_t alignment, uint64_t local_at, size_t name_bytes) {
    uint64_t over = alignment == 0 ? 0 : (local_at + LOCAL_BYTES + name_bytes) % alignment;
    if (over == 0) return 0;
    uint32_t n = alignment - (uint32_t)over;
    return n < EXTRA_BYTES ? n + alignment : n;
}

/* Does an entry of so many bytes fit, with the directory and the end record behind it? */
static bool fits(const tnn_zip_writer *writer, size_t name_bytes, uint64_t n_bytes) {
    if (writer->n_entries >= MAX_ENTRIES || name_bytes > MAX_NAME || n_bytes > UINT32_MAX) return false;
    uint64_t overhead = LOCAL_BYTES + CENTRAL_BYTES + END_BYTES + 2 * (uint64_t)name_bytes + writer->directory.length +
                        writer->alignment + EXTRA_BYTES;
    return tnn_out_position(writer->out) + n_bytes + overhead < UINT32_MAX;
}

static uint32_t flags_of(const char *name) {
    for (const char *c = name; *c != '\0'; c++)
        if ((unsigned char)*c >= 0x80) return FLAG_UTF8;
    return 0;
}

tnn_status tnn_zip_write_entry(tnn_zip_writer *writer, const char *name, const tnn_zip_part *parts, size_t n_parts,
                               tnn_error *err) {
    facts f = {.name = name, .name_bytes = strlen(name), .flags = flags_of(name)};
    uint64_t n_bytes = 0;
    uLong crc = 0;
    for (size_t i = 0; i < n_parts; i++) {
        if (!fits(writer, f.name_bytes, n_bytes += parts[i].n_bytes))
            return tnn_fail(err, TNN_ERR_LIMIT, name, "does not fit into a ZIP archive of 4 GiB and 65534 entries");
        if (parts[i].n_bytes != 0) crc = crc32_z(crc, parts[i].bytes, parts[i].n_bytes);
    }
    f.crc = (uint32_t)crc;
    f.n_bytes = (uint32_t)n_bytes;
    f.local_at = (uint32_t)tnn_out_position(writer->out);
    f.n_padding = padding_of(writer->alignment, f.local_at, f.name_bytes);
    add_central(&writer->directory, &f);
    writer->n_entries++;
    TNN_TRY(write_local(writer->out, &f, err));
    for (size_t i = 0; i < n_parts; i++) TNN_TRY(tnn_out_write(writer->out, parts[i].bytes, parts[i].n_bytes, err));
    return writer->directory.failed ? tnn_fail_nomem(err) : TNN_OK;
}

tnn_status tnn_zip_write_end(tnn_zip_writer *writer, tnn_error *err) {
    uint8_t record[END_BYTES] = {0};
    uint32_t n_entries = (uint32_t)writer->n_entries, central_at = (uint32_t)tnn_out_position(writer->out);
    uint8_t *to = put32(record, 0x06054B50) + 4; /* the disks' numbers are zeros */
    put32(put32(put16(put16(to, n_entries), n_entries), (uint32_t)writer->directory.length), central_at);
    TNN_TRY(tnn_out_write(writer->out, writer->directory.data, writer->directory.length, err));
    return tnn_out_write(writer->out, record, sizeof record, err);
}

void tnn_zip_writer_clear(tnn_zip_writer *writer) { tnn_strbuf_free(&writer->directory); }
