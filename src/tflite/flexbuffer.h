/* FlexBuffers: the options of CUSTOM operators, a map from names to values.
 *
 * Values stand before what refers to them, and every reference is a distance back. A vector's elements have one width
 * w, the smallest of 1, 2, 4, 8 bytes that holds all of them, its length, and the distances in it:
 *
 *   key      bytes, NUL
 *   string   length, bytes, NUL; refers to its first byte
 *   vector   length, elements (of numbers: all of one type; else a byte for the type and width of each follows)
 *   map      distance to the vector of keys, w of that vector, then as a vector; keys in order of their bytes
 *   root     the distance to the map, its type and width, the width of the distance
 *
 * Source: FlexBuffers internals, flatbuffers.dev. */
#ifndef TNN_TFLITE_FLEXBUFFER_H
#define TNN_TFLITE_FLEXBUFFER_H

#include "ir/graph.h"

typedef struct tnn_flex_entry {
    const char *key;
    const tnn_arg *value; /* int, float, bool, string, or a list of one of these; others are our mistake */
} tnn_flex_entry;

typedef struct tnn_flex_bytes {
    uint8_t *data; /* in the arena */
    size_t size;
} tnn_flex_bytes;

/* A map of `n` entries, whose keys differ; `entries` is sorted by them. Integers by their hints. Lists of texts are
 * vectors, lists of numbers typed vectors. Errors: TNN_ERR_NOMEM. */
tnn_status tnn_flex_map(tnn_flex_bytes *out, tnn_arena *arena, tnn_flex_entry *entries, size_t n, tnn_error *err);

#endif
