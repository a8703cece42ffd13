#include "read/tar.h"

#include <string.h>

#include "base/cursor.h"

enum { BLOCK = 512, NAME_BYTES = 100, SIZE_AT = 124, SIZE_BYTES = 12, MAGIC_AT = 257 };

bool tnn_tar_is(const void *data, size_t size) {
    tnn_cursor c = tnn_cursor_init(data, size, 0);
    tnn_cursor_seek(&c, MAGIC_AT);
    const uint8_t *magic = tnn_cursor_bytes(&c, 5);
    return magic != NULL && memcmp(magic, "ustar", 5) == 0;
}

/* Octal digits up to a space or NUL; beyond what fits, the largest number. */
static uint64_t octal(const uint8_t *digits, size_t n) {
    uint64_t number = 0;
    for (size_t i = 0; i < n && digits[i] >= '0' && digits[i] <= '7'; i++) {
        if (number > UINT64_MAX >> 3) return UINT64_MAX;
        number = number << 3 | (uint64_t)(digits[i] - '0');
    }
    return number;
}

static bool has_name(const uint8_t *header, const char *name) {
    size_t length = strlen(name);
    if (header[0] == '.' && header[1] == '/') return length < NAME_BYTES - 2 && memcmp(header + 2, name, length + 1) == 0;
    return length < NAME_BYTES && memcmp(header, name, length + 1) == 0;
}

const uint8_t *tnn_tar_find(const void *data, size_t size, const char *name, size_t *n_bytes) {
    tnn_cursor c = tnn_cursor_init(data, size, 0);
    while (tnn_cursor_left(&c) >= BLOCK) {
        const uint8_t *header = tnn_cursor_bytes(&c, BLOCK);
        uint64_t length = octal(header + SIZE_AT, SIZE_BYTES);
        if (length > tnn_cursor_left(&c)) return NULL;
        *n_bytes = (size_t)length;
        if (has_name(header, name)) return tnn_cursor_bytes(&c, *n_bytes);
        size_t padded = (*n_bytes + BLOCK - 1) / BLOCK * BLOCK;
        tnn_cursor_skip(&c, padded < tnn_cursor_left(&c) ? padded : tnn_cursor_left(&c));
    }
    return NULL;
}
