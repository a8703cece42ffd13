/* A bounded reader of little-endian bytes with a sticky error: after the first failure every read gives
 * zero, and the failure is asked for once at the end of a record. No pointer arithmetic on input elsewhere. */
#ifndef TNN_BASE_CURSOR_H
#define TNN_BASE_CURSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fail.h"

typedef struct tnn_cursor {
    const uint8_t *data;
    size_t size;
    size_t pos;
    uint64_t base;    /* position of data[0] in the file, for messages */
    bool failed;
    size_t failed_at; /* where the first failing read began */
} tnn_cursor;

tnn_cursor tnn_cursor_init(const void *data, size_t size, uint64_t base);

uint8_t tnn_cursor_u8(tnn_cursor *c);
uint16_t tnn_cursor_u16(tnn_cursor *c);
uint32_t tnn_cursor_u32(tnn_cursor *c);
uint64_t tnn_cursor_u64(tnn_cursor *c);

/* `n_bytes` bytes, borrowed; NULL after a failure (never NULL for 0 bytes otherwise). */
const uint8_t *tnn_cursor_bytes(tnn_cursor *c, size_t n_bytes);

/* Move to an absolute position in `data`; past the end is a failure. */
void tnn_cursor_seek(tnn_cursor *c, size_t pos);
void tnn_cursor_skip(tnn_cursor *c, size_t n_bytes);
size_t tnn_cursor_left(const tnn_cursor *c);

/* TNN_OK, or TNN_ERR_MALFORMED "ends inside WHAT" at the failing position. */
tnn_status tnn_cursor_check(const tnn_cursor *c, const char *where, const char *what, tnn_error *err);

#endif
