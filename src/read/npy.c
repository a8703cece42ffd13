/* The header of a .npy file, and its elements. */
#include "read/npy.h"

#include <string.h>

#include "base/cursor.h"
#include "ir/elems.h"

enum { MAGIC_BYTES = 6, MAX_HEADER = 65535, FIRST_POSITION = 8 };

static const uint8_t magic[MAGIC_BYTES] = {0x93, 'N', 'U', 'M', 'P', 'Y'};

/* The literal, read from left to right. */
typedef struct header {
    tnn_cursor c;
    const char *name; /* of the file */
    tnn_npy *npy;
    bool has_descr, has_order, has_shape;
} header;

bool tnn_npy_is(const void *data, size_t size) { return size >= MAGIC_BYTES && memcmp(data, magic, MAGIC_BYTES) == 0; }

static tnn_status refuse(const header *h, tnn_error *err, const char *expected) {
    return tnn_fail_at(err, TNN_ERR_MALFORMED, h->name, h->c.base + h->c.pos, "header of a .npy file: expected %s",
                       expected);
}

static int peek(const header *h) {
    tnn_cursor ahead = h->c;
    return tnn_cursor_u8(&ahead);
}

static void skip_spaces(header *h) {
    while (peek(h) == ' ' || peek(h) == '\n') tnn_cursor_skip(&h->c, 1);
}

static bool accept(header *h, char wanted) {
    skip_spaces(h);
    if (peek(h) != wanted) return false;
    tnn_cursor_skip(&h->c, 1);
    return true;
}

/* 'text' or "text", without escapes, cut to `n_bytes` with its NUL. */
static tnn_status read_text(header *h, char *out, size_t n_bytes, tnn_error *err) {
    skip_spaces(h);
    int quote = peek(h);
    if (quote != '\'' && quote != '"') return refuse(h, err, "a text in quotes");
    tnn_cursor_skip(&h->c, 1);
    size_t n = 0;
    while (peek(h) != quote) {
        uint8_t c = tnn_cursor_u8(&h->c);
        if (c < 0x20) return refuse(h, err, "a closing quote");
        if (n + 1 < n_bytes) out[n++] = (char)c;
    }
    out[n] = '\0';
    tnn_cursor_skip(&h->c, 1);
    return TNN_OK;
}

static bool accept_word(header *h, const char *word) {
    skip_spaces(h);
    tnn_cursor ahead = h->c;
    const uint8_t *bytes = tnn_cursor_bytes(&ahead, strlen(word));
    if (bytes == NULL || memcmp(bytes, word, strlen(word)) != 0) return false;
    h->c = ahead;
    return true;
}

static tnn_status read_size(header *h, int64_t *out, tnn_error *err) {
    skip_spaces(h);
    if (peek(h) < '0' || peek(h) > '9') return refuse(h, err, "a size");
    *out = 0;
    while (peek(h) >= '0' && peek(h) <= '9') {
        int64_t digit = tnn_cursor_u8(&h->c) - '0';
        if (*out > (INT64_MAX - digit) / 10) return refuse(h, err, "a size of 63 bits");
        *out = *out * 10 + digit;
    }
    return TNN_OK;
}

/* (), (2,), (2, 3): a comma behind each but the last of several, where it may stand. */
static tnn_status read_shape(header *h, tnn_error *err) {
    tnn_npy *npy = h->npy;
    if (!accept(h, '(')) return refuse(h, err, "a tuple of sizes");
    while (!accept(h, ')')) {
        if (npy->rank == TINYNN_MAX_RANK)
            return tnn_fail(err, TNN_ERR_UNSUPPORTED, h->name, "an array of more than %d dimensions", TINYNN_MAX_RANK);
        TNN_TRY(read_size(h, &npy->dims[npy->rank++], err));
        bool comma = accept(h, ',');
        skip_spaces(h);
        if (!comma && (peek(h) != ')' || npy->rank == 1)) return refuse(h, err, "a comma behind a size");
    }
    return TNN_OK;
}

/* The letter says the kind, the digits the bytes of an element. */
static tnn_dtype dtype_of(const char *letters) {
    static const struct { const char *letters; tnn_dtype dtype; } types[] = {
        {"b1", TNN_DTYPE_BOOL}, {"u1", TNN_DTYPE_U8},  {"i1", TNN_DTYPE_I8},  {"i2", TNN_DTYPE_I16}, {"f2", TNN_DTYPE_F16},
        {"i4", TNN_DTYPE_I32},  {"f4", TNN_DTYPE_F32}, {"i8", TNN_DTYPE_I64}, {"f8", TNN_DTYPE_F64}};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (strcmp(letters, types[i].letters) == 0) return types[i].dtype;
    return TNN_DTYPE_NONE;
}

static tnn_status read_descr(header *h, tnn_error *err) {
    char descr[32];
    skip_spaces(h);
    if (peek(h) == '[') return tnn_fail(err, TNN_ERR_UNSUPPORTED, h->name, "an array of structures");
    TNN_TRY(read_text(h, descr, sizeof descr, err));
    bool has_order = descr[0] != '\0' && strchr("<>=|", descr[0]) != NULL;
    h->npy->dtype = dtype_of(descr + has_order);
    if (h->npy->dtype == TNN_DTYPE_NONE)
        return tnn_fail(err, TNN_ERR_UNSUPPORTED, h->name,
                        "elements of NumPy's type \"%s\"; expected bool, uint8, int8 to int64 or float16 to float64",
                        descr);
    bool single = tnn_dtype_bytes(h->npy->dtype) == 1;
    if (!has_order || (!single && descr[0] == '|')) return refuse(h, err, "a byte order before the type");
    h->npy->big_endian = descr[0] == '>' && !single;
    return TNN_OK;
}

static tnn_status read_order(header *h, tnn_error *err) {
    h->npy->fortran = accept_word(h, "True");
    return h->npy->fortran || accept_word(h, "False") ? TNN_OK : refuse(h, err, "True or False");
}

static tnn_status read_member(header *h, tnn_error *err) {
    static const struct { const char *key; size_t seen; tnn_status (*read)(header *, tnn_error *); } members[] = {
        {"descr", offsetof(header, has_descr), read_descr},
        {"fortran_order", offsetof(header, has_order), read_order},
        {"shape", offsetof(header, has_shape), read_shape}};
    char key[32];
    TNN_TRY(read_text(h, key, sizeof key, err));
    if (!accept(h, ':')) return refuse(h, err, "a colon");
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        bool *seen = (bool *)((char *)h + members[i].seen);
        if (strcmp(key, members[i].key) != 0 || *seen) continue;
        *seen = true;
        return members[i].read(h, err);
    }
    return refuse(h, err, "the keys descr, fortran_order and shape, once each");
}

static tnn_status read_literal(header *h, tnn_error *err) {
    if (!accept(h, '{')) return refuse(h, err, "a dictionary");
    while (!accept(h, '}')) {
        TNN_TRY(read_member(h, err));
        bool comma = accept(h, ',');
        skip_spaces(h);
        if (!comma && peek(h) != '}') return refuse(h, err, "a comma or the end of the dictionary");
    }
    skip_spaces(h);
    if (tnn_cursor_left(&h->c) != 0) return refuse(h, err, "nothing behind the dictionary");
    if (!h->has_descr || !h->has_order || !h->has_shape)
        return refuse(h, err, "the keys descr, fortran_order and shape");
    return TNN_OK;
}

/* Magic, version and length; `out` is then about the literal. */
static tnn_status open_header(header *out, tnn_cursor *c, const char *name, tnn_error *err) {
    const uint8_t *found = tnn_cursor_bytes(c, MAGIC_BYTES);
    uint32_t major = tnn_cursor_u8(c), minor = tnn_cursor_u8(c);
    if (found == NULL || memcmp(found, magic, MAGIC_BYTES) != 0)
        return tnn_fail(err, TNN_ERR_MALFORMED, name, "is not a .npy file");
    if (!c->failed && (major < 1 || major > 3 || minor != 0))
        return tnn_fail(err, TNN_ERR_UNSUPPORTED, name, "version %u.%u of the .npy format; expected 1.0, 2.0 or 3.0",
                        (unsigned)major, (unsigned)minor);
    uint32_t n_bytes = major == 1 ? tnn_cursor_u16(c) : tnn_cursor_u32(c);
    if (n_bytes > MAX_HEADER)
        return tnn_fail_at(err, TNN_ERR_LIMIT, name, FIRST_POSITION, "header of %lu bytes; the limit is %d",
                           (unsigned long)n_bytes, MAX_HEADER);
    size_t at = c->pos;
    const uint8_t *literal = tnn_cursor_bytes(c, n_bytes);
    TNN_TRY(tnn_cursor_check(c, name, "the header of a .npy file", err));
    out->c = tnn_cursor_init(literal, n_bytes, at);
    return TNN_OK;
}

/* The elements fill the rest of the file exactly: more would be a second array, which nobody would see. */
static tnn_status find_elements(tnn_npy *npy, const tnn_cursor *c, const char *name, tnn_error *err) {
    size_t left = tnn_cursor_left(c), elem_bytes = tnn_dtype_bytes(npy->dtype);
    tnn_cursor rest = *c;
    if (!tnn_dims_count(npy->rank, npy->dims, &npy->n_elems) || (uint64_t)npy->n_elems > UINT64_MAX / elem_bytes)
        return tnn_fail(err, TNN_ERR_MALFORMED, name, "the shape of the array has too many elements");
    uint64_t wanted = (uint64_t)npy->n_elems * elem_bytes;
    if (wanted != left)
        return tnn_fail_at(err, TNN_ERR_MALFORMED, name, c->pos, "%llu bytes of elements; the shape needs %llu",
                           (unsigned long long)left, (unsigned long long)wanted);
    npy->data = tnn_cursor_bytes(&rest, left);
    return TNN_OK;
}

tnn_status tnn_npy_open(tnn_npy *out, const void *data, size_t size, const char *name, tnn_error *err) {
    memset(out, 0, sizeof *out);
    tnn_cursor c = tnn_cursor_init(data, size, 0);
    header h = {.name = name, .npy = out};
    TNN_TRY(open_header(&h, &c, name, err));
    TNN_TRY(read_literal(&h, err));
    return find_elements(out, &c, name, err);
}
