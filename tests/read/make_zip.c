#include "make_zip.h"

#include <assert.h>
#include <string.h>
#include <zlib.h>

static void put(uint8_t *out, size_t *size, size_t room, uint64_t value, size_t n_bytes) {
    assert(*size + n_bytes <= room);
    for (size_t i = 0; i < n_bytes; i++) out[(*size)++] = (uint8_t)(value >> (8 * i));
}

static void body(made_zip *zip, uint64_t value, size_t n_bytes) {
    put(zip->bytes, &zip->size, sizeof zip->bytes, value, n_bytes);
}

static void dir(made_zip *zip, uint64_t value, size_t n_bytes) {
    put(zip->directory, &zip->directory_size, sizeof zip->directory, value, n_bytes);
}

static size_t deflate_raw(uint8_t *out, size_t room, const void *data, size_t n_bytes) {
    z_stream z;
    memset(&z, 0, sizeof z);
    int ok = deflateInit2(&z, 9, Z_DEFLATED, -MAX_WBITS, 9, Z_DEFAULT_STRATEGY);
    assert(ok == Z_OK);
    z.next_in = (z_const Bytef *)data;
    z.avail_in = (uInt)n_bytes;
    z.next_out = out;
    z.avail_out = (uInt)room;
    ok = deflate(&z, Z_FINISH);
    assert(ok == Z_STREAM_END);
    (void)ok;
    size_t size = z.total_out;
    deflateEnd(&z);
    return size;
}

void zip_add(made_zip *zip, made_entry e) {
    static uint8_t payload[16384];
    size_t stored = e.n_bytes;
    if (e.deflate) stored = deflate_raw(payload, sizeof payload, e.data, e.n_bytes);
    else if (e.n_bytes > 0) memcpy(payload, e.data, e.n_bytes);
    uint16_t method = e.method != 0 ? e.method : e.deflate ? 8 : 0;
    uint16_t flags = (uint16_t)(e.flags | (e.descriptor ? 8 : 0));
    uint32_t crc = (uint32_t)crc32(0, e.data, (uInt)e.n_bytes) ^ e.crc_xor;
    uint32_t size = e.claimed_size != 0 ? e.claimed_size : (uint32_t)e.n_bytes;
    size_t name_bytes = strlen(e.name), at = zip->size;

    body(zip, 0x04034b50, 4), body(zip, 20, 2), body(zip, flags, 2), body(zip, method, 2), body(zip, 0, 4);
    body(zip, e.descriptor ? 0 : crc, 4), body(zip, e.descriptor ? 0 : stored, 4);
    body(zip, e.descriptor ? 0 : size, 4), body(zip, name_bytes, 2), body(zip, 0, 2);
    for (size_t i = 0; i < name_bytes; i++) body(zip, (uint8_t)(e.local_name != NULL ? e.local_name : e.name)[i], 1);
    for (size_t i = 0; i < stored; i++) body(zip, payload[i], 1);
    if (e.descriptor) body(zip, 0x08074b50, 4), body(zip, crc, 4), body(zip, stored, 4), body(zip, size, 4);

    at = (size_t)((long)at + e.offset_shift);
    dir(zip, 0x02014b50, 4), dir(zip, 20, 2), dir(zip, 20, 2), dir(zip, flags, 2), dir(zip, method, 2);
    dir(zip, 0, 4), dir(zip, crc, 4);
    dir(zip, e.wide ? 0xffffffff : stored, 4), dir(zip, e.wide ? 0xffffffff : size, 4);
    dir(zip, name_bytes, 2), dir(zip, e.wide ? 28 : 0, 2), dir(zip, 0, 2), dir(zip, 0, 2), dir(zip, 0, 2);
    dir(zip, 0, 4), dir(zip, e.wide ? 0xffffffff : at, 4);
    for (size_t i = 0; i < name_bytes; i++) dir(zip, (uint8_t)e.name[i], 1);
    if (e.wide) dir(zip, 1, 2), dir(zip, 24, 2), dir(zip, size, 8), dir(zip, stored, 8), dir(zip, at, 8);
    zip->n_entries++;
}

void zip_add_text(made_zip *zip, const char *name, const char *text) {
    made_entry e = {.name = name, .data = text, .n_bytes = strlen(text)};
    zip_add(zip, e);
}

static size_t put_directory(made_zip *zip) {
    size_t at = zip->size;
    for (size_t i = 0; i < zip->directory_size; i++) body(zip, zip->directory[i], 1);
    return at;
}

static void put_end(made_zip *zip, uint64_t n, uint64_t size, uint64_t at, const char *comment) {
    size_t length = comment == NULL ? 0 : strlen(comment);
    body(zip, 0x06054b50, 4), body(zip, 0, 4), body(zip, n, 2), body(zip, n, 2), body(zip, size, 4), body(zip, at, 4);
    body(zip, length, 2);
    for (size_t i = 0; i < length; i++) body(zip, (uint8_t)comment[i], 1);
}

void zip_end(made_zip *zip, const char *comment) {
    size_t at = put_directory(zip);
    put_end(zip, zip->n_entries, zip->directory_size, at, comment);
}

void zip_end_wide(made_zip *zip) {
    size_t at = put_directory(zip), record = zip->size;
    body(zip, 0x06064b50, 4), body(zip, 44, 8), body(zip, 45, 2), body(zip, 45, 2), body(zip, 0, 4), body(zip, 0, 4);
    body(zip, zip->n_entries, 8), body(zip, zip->n_entries, 8), body(zip, zip->directory_size, 8), body(zip, at, 8);
    body(zip, 0x07064b50, 4), body(zip, 0, 4), body(zip, record, 8), body(zip, 1, 4);
    put_end(zip, 0xffff, 0xffffffff, 0xffffffff, NULL);
}
