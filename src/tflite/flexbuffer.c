#include "tflite/flexbuffer.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* Type codes of the format. */
enum {
    FLEX_INT = 1,
    FLEX_FLOAT = 3,
    FLEX_KEY = 4,
    FLEX_STRING = 5,
    FLEX_MAP = 9,
    FLEX_VECTOR = 10,
    FLEX_VECTOR_INT = 11,
    FLEX_VECTOR_FLOAT = 13,
    FLEX_VECTOR_KEY = 14,
    FLEX_BOOL = 26,
    FLEX_VECTOR_BOOL = 36
};

typedef struct buffer {
    tnn_arena *arena;
    uint8_t *data;
    size_t size, cap;
    bool failed;
} buffer;

/* An element of a vector: a number that stands in it, or the place of what it refers to. */
typedef struct element {
    uint8_t type;
    uint8_t width; /* log2 of the bytes: of the number, or of the vector that is referred to */
    union {
        int64_t integer;
        double number;
        size_t place;
    } as;
} element;

static size_t bytes_of(uint8_t width) { return (size_t)1 << width; }

static void put(buffer *b, const void *bytes, size_t n) {
    uint8_t *data = b->failed ? NULL : tnn_arena_grow(b->arena, b->data, b->size, &b->cap, b->size + n, 1);
    b->failed = data == NULL;
    if (b->failed) return;
    b->data = data;
    if (n > 0) memcpy(data + b->size, bytes, n);
    b->size += n;
}

/* Little-endian; what is cut off is sign or zero. */
static void put_int(buffer *b, uint64_t value, uint8_t width) {
    uint8_t bytes[8];
    for (size_t i = 0; i < bytes_of(width); i++) bytes[i] = (uint8_t)(value >> (8 * i));
    put(b, bytes, bytes_of(width));
}

static void put_number(buffer *b, double number, uint8_t width) {
    float narrow = (float)number;
    uint64_t bits = 0;
    if (width == 3) {
        memcpy(&bits, &number, sizeof number);
    } else {
        uint32_t half;
        memcpy(&half, &narrow, sizeof narrow);
        bits = half;
    }
    put_int(b, bits, width);
}

static void align(buffer *b, uint8_t width) {
    static const uint8_t zeros[8];
    put(b, zeros, (bytes_of(width) - b->size % bytes_of(width)) % bytes_of(width));
}

/* ---- widths ---- */

static uint8_t width_unsigned(uint64_t value) {
    return value <= UINT8_MAX ? 0 : value <= UINT16_MAX ? 1 : value <= UINT32_MAX ? 2 : 3;
}

static uint8_t width_signed(int64_t value) {
    if (value >= INT8_MIN && value <= INT8_MAX) return 0;
    if (value >= INT16_MIN && value <= INT16_MAX) return 1;
    return value >= INT32_MIN && value <= INT32_MAX ? 2 : 3;
}

/* Four bytes where they hold the number as it is; a NaN does not equal itself and takes eight. */
static uint8_t width_number(double number) {
    bool in_range = number >= -3.4e38 && number <= 3.4e38;
    return in_range && (double)(float)number == number ? 2 : 3;
}

static bool is_inline(uint8_t type) { return type == FLEX_INT || type == FLEX_FLOAT || type == FLEX_BOOL; }

/* Of a distance from element `index` of a vector whose first slot (behind its prefix of `n_prefix` slots) begins at or
 * after the buffer's end. The width that the vector takes moves the element. */
static uint8_t width_of_distance(const buffer *b, size_t place, size_t index, size_t n_prefix) {
    for (uint8_t width = 0; width < 3; width++) {
        size_t bytes = bytes_of(width), start = (b->size + bytes - 1) / bytes * bytes;
        if (width_unsigned(start + (index + n_prefix) * bytes - place) <= width) return width;
    }
    return 3;
}

static uint8_t width_in_vector(const buffer *b, const element *e, size_t index, size_t n_prefix) {
    return is_inline(e->type) ? e->width : width_of_distance(b, e->as.place, index, n_prefix);
}

/* ---- values ---- */

static void put_element(buffer *b, const element *e, uint8_t width) {
    if (e->type == FLEX_FLOAT) put_number(b, e->as.number, width);
    else if (is_inline(e->type)) put_int(b, (uint64_t)e->as.integer, width);
    else put_int(b, b->size - e->as.place, width);
}

/* Of an element in a vector of this width: numbers have the vector's width, references say that of what they name. */
static uint8_t packed_type(const element *e, uint8_t width) {
    return (uint8_t)(e->type << 2 | (is_inline(e->type) ? width : e->width));
}

/* `keys`: the vector of keys when this is a map, NULL else. */
static element put_vector(buffer *b, uint8_t type, const element *items, size_t n, const element *keys) {
    size_t n_prefix = keys ? 3 : 1;
    uint8_t width = width_unsigned(n);
    if (keys) {
        uint8_t of_keys = width_of_distance(b, keys->as.place, 0, 0);
        if (of_keys > width) width = of_keys;
    }
    for (size_t i = 0; i < n; i++) {
        uint8_t wanted = width_in_vector(b, &items[i], i, n_prefix);
        if (wanted > width) width = wanted;
    }
    align(b, width);
    if (keys) {
        put_element(b, keys, width);
        put_int(b, bytes_of(keys->width), width);
    }
    put_int(b, n, width);
    element out = {type, width, .as.place = b->size};
    for (size_t i = 0; i < n; i++) put_element(b, &items[i], width);
    for (size_t i = 0; i < n && (type == FLEX_VECTOR || type == FLEX_MAP); i++) {
        uint8_t packed = packed_type(&items[i], width);
        put(b, &packed, 1);
    }
    return out;
}

static element put_key(buffer *b, const char *key) {
    element out = {FLEX_KEY, 0, .as.place = b->size};
    put(b, key, strlen(key) + 1);
    return out;
}

static element put_string(buffer *b, const char *text) {
    size_t length = strlen(text);
    uint8_t width = width_unsigned(length);
    align(b, width);
    put_int(b, length, width);
    element out = {FLEX_STRING, width, .as.place = b->size};
    put(b, text, length + 1);
    return out;
}

static element of_int(int64_t value) { return (element){FLEX_INT, width_signed(value), .as.integer = value}; }
static element of_bool(bool value) { return (element){FLEX_BOOL, 0, .as.integer = value}; }
static element of_number(double value) { return (element){FLEX_FLOAT, width_number(value), .as.number = value}; }

static element put_item(buffer *b, const tnn_arg *list, uint32_t i) {
    if (list->kind == TNN_ARG_INTS) return of_int(list->as.sizes[i].hint);
    if (list->kind == TNN_ARG_FLOATS) return of_number(list->as.numbers[i]);
    if (list->kind == TNN_ARG_BOOLS) return of_bool(list->as.bools[i] != 0);
    return put_string(b, list->as.texts[i]);
}

static element put_list(buffer *b, const tnn_arg *list) {
    uint8_t type = list->kind == TNN_ARG_INTS     ? FLEX_VECTOR_INT
                   : list->kind == TNN_ARG_FLOATS ? FLEX_VECTOR_FLOAT
                   : list->kind == TNN_ARG_BOOLS  ? FLEX_VECTOR_BOOL
                                                  : FLEX_VECTOR;
    element none = {0}, *items = TNN_NEW_ARRAY(b->arena, list->n, element);
    b->failed = b->failed || !items;
    if (b->failed) return none;
    for (uint32_t i = 0; i < list->n; i++) items[i] = put_item(b, list, i);
    return put_vector(b, type, items, list->n, NULL);
}

static element put_value(buffer *b, const tnn_arg *value) {
    if (value->kind == TNN_ARG_INT) return of_int(value->as.size.hint);
    if (value->kind == TNN_ARG_FLOAT) return of_number(value->as.number);
    if (value->kind == TNN_ARG_BOOL) return of_bool(value->as.integer != 0);
    if (value->kind == TNN_ARG_STRING) return put_string(b, value->as.text);
    assert(value->kind == TNN_ARG_INTS || value->kind == TNN_ARG_FLOATS || value->kind == TNN_ARG_BOOLS ||
           value->kind == TNN_ARG_STRINGS);
    return put_list(b, value);
}

/* ---- the map ---- */

static int by_key(const void *a, const void *b) {
    return strcmp(((const tnn_flex_entry *)a)->key, ((const tnn_flex_entry *)b)->key);
}

static void put_root(buffer *b, const element *root) {
    uint8_t width = width_of_distance(b, root->as.place, 0, 0), packed = packed_type(root, width);
    align(b, width);
    put_element(b, root, width);
    put(b, &packed, 1);
    uint8_t bytes = (uint8_t)bytes_of(width);
    put(b, &bytes, 1);
}

tnn_status tnn_flex_map(tnn_flex_bytes *out, tnn_arena *arena, tnn_flex_entry *entries, size_t n, tnn_error *err) {
    buffer b = {.arena = arena};
    element *keys = TNN_NEW_ARRAY(arena, n, element), *values = TNN_NEW_ARRAY(arena, n, element);
    if (!keys || !values) return tnn_fail_nomem(err);
    if (n > 1) qsort(entries, n, sizeof *entries, by_key);
    for (size_t i = 0; i < n; i++) {
        keys[i] = put_key(&b, entries[i].key);
        values[i] = put_value(&b, entries[i].value);
    }
    element key_vector = put_vector(&b, FLEX_VECTOR_KEY, keys, n, NULL);
    element root = put_vector(&b, FLEX_MAP, values, n, &key_vector);
    put_root(&b, &root);
    *out = (tnn_flex_bytes){b.data, b.size};
    return b.failed ? tnn_fail_nomem(err) : TNN_OK;
}
