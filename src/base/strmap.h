/* A map from strings to pointers, in an arena. Iteration is in the order of insertion. */
#ifndef TNN_BASE_STRMAP_H
#define TNN_BASE_STRMAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

typedef struct tnn_strmap_entry {
    const char *key; /* copied into the arena */
    void *value;
    uint64_t hash;
} tnn_strmap_entry;

typedef struct tnn_strmap {
    tnn_arena *arena;
    tnn_strmap_entry *entries; /* n_entries, in order of insertion */
    size_t n_entries, cap_entries;
    uint32_t *slots; /* entry index + 1; 0: free. Power of two. */
    size_t n_slots;
} tnn_strmap;

void tnn_strmap_init(tnn_strmap *map, tnn_arena *arena);

/* The entry of `key`, or NULL. */
tnn_strmap_entry *tnn_strmap_find(const tnn_strmap *map, const char *key);

/* The value of `key`, or NULL when the key is absent. */
void *tnn_strmap_get(const tnn_strmap *map, const char *key);

/* Set, replacing. TNN_ERR_NOMEM without details. */
tnn_status tnn_strmap_set(tnn_strmap *map, const char *key, void *value);

/* FNV-1a, 64 bits. */
uint64_t tnn_hash_bytes(const void *bytes, size_t n_bytes, uint64_t seed);

#endif
