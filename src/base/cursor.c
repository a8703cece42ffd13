/* Reading bytes within bounds. */
#include "base/cursor.h"

tnn_cursor tnn_cursor_init(const void *data, size_t size, uint64_t base) {
    static const uint8_t nothing[1];
    tnn_cursor c = {data != NULL ? data : nothing, data != NULL ? size : 0, 0, base, false, 0};
    return c;
}

static void fail(tnn_cursor *c) {
    if (c->failed) return;
    c->failed = true;
    c->failed_at = c->pos;
}

const uint8_t *tnn_cursor_bytes(tnn_cursor *c, size_t n_bytes) {
    if (c->failed || n_bytes > c->size - c->pos) {
        fail(c);
        return NULL;
    }
    const uint8_t *bytes = c->data + c->pos;
    c->pos += n_bytes;
    return bytes;
}

static uint64_t little_endian(tnn_cursor *c, size_t n_bytes) {
    const uint8_t *bytes = tnn_cursor_bytes(c, n_bytes);
    uint64_t value = 0;
    for (size_t i = 0; bytes != NULL && i < n_bytes; i++) value |= (uint64_t)bytes[i] << (8 * i);
    return value;
}

uint8_t tnn_cursor_u8(tnn_cursor *c) {
    return (uint8_t)little_endian(c, 1);
}

uint16_t tnn_cursor_u16(tnn_cursor *c) {
    return (uint16_t)little_endian(c, 2);
}

uint32_t tnn_cursor_u32(tnn_cursor *c) {
    return (uint32_t)little_endian(c, 4);
}

uint64_t tnn_cursor_u64(tnn_cursor *c) {
    return little_endian(c, 8);
}

void tnn_cursor_seek(tnn_cursor *c, size_t pos) {
    if (pos > c->size) fail(c);
    if (!c->failed) c->pos = pos;
}

void tnn_cursor_skip(tnn_cursor *c, size_t n_bytes) {
    tnn_cursor_bytes(c, n_bytes);
}

size_t tnn_cursor_left(const tnn_cursor *c) {
    return c->failed ? 0 : c->size - c->pos;
}

tnn_status tnn_cursor_check(const tnn_cursor *c, const char *where, const char *what, tnn_error *err) {
    if (!c->failed) return TNN_OK;
    return tnn_fail_at(err, TNN_ERR_MALFORMED, where, c->base + c->failed_at, "ends inside %s", what);
}
