/* Open addressing with linear probing; at most half of the slots are taken. Slots index the entries, so that
 * iteration never depends on the hash. */
#include "base/strmap.h"

#include <string.h>

#define FNV_OFFSET UINT64_C(0xcbf29ce484222325)
#define FNV_PRIME UINT64_C(0x100000001b3)
#define MIN_SLOTS 16

uint64_t tnn_hash_bytes(const void *bytes, size_t n_bytes, uint64_t seed) {
    const unsigned char *byte = bytes;
    uint64_t hash = FNV_OFFSET ^ seed;
    for (size_t i = 0; i < n_bytes; i++) hash = (hash ^ byte[i]) * FNV_PRIME;
    return hash;
}

void tnn_strmap_init(tnn_strmap *map, tnn_arena *arena) {
    memset(map, 0, sizeof *map);
    map->arena = arena;
}

/* The slot of the key, or the free slot where it would go. The map has slots. */
static uint32_t *find_slot(const tnn_strmap *map, const char *key, uint64_t hash) {
    for (size_t i = (size_t)hash;; i++) {
        uint32_t *slot = &map->slots[i & (map->n_slots - 1)];
        if (*slot == 0) return slot;
        const tnn_strmap_entry *entry = &map->entries[*slot - 1];
        if (entry->hash == hash && strcmp(entry->key, key) == 0) return slot;
    }
}

tnn_strmap_entry *tnn_strmap_find(const tnn_strmap *map, const char *key) {
    if (map->n_slots == 0) return NULL;
    uint32_t index = *find_slot(map, key, tnn_hash_bytes(key, strlen(key), 0));
    return index == 0 ? NULL : &map->entries[index - 1];
}

void *tnn_strmap_get(const tnn_strmap *map, const char *key) {
    const tnn_strmap_entry *entry = tnn_strmap_find(map, key);
    return entry == NULL ? NULL : entry->value;
}

static tnn_status grow_slots(tnn_strmap *map) {
    size_t n_slots = map->n_slots == 0 ? MIN_SLOTS : map->n_slots * 2;
    uint32_t *slots = TNN_NEW_ARRAY(map->arena, n_slots, uint32_t);
    if (slots == NULL) return TNN_ERR_NOMEM;
    map->slots = slots;
    map->n_slots = n_slots;
    for (size_t e = 0; e < map->n_entries; e++)
        *find_slot(map, map->entries[e].key, map->entries[e].hash) = (uint32_t)(e + 1);
    return TNN_OK;
}

/* Append an entry for a key that is not in the map. */
static tnn_status add(tnn_strmap *map, const char *key, uint64_t hash, void *value) {
    if (map->n_entries >= UINT32_MAX) return TNN_ERR_NOMEM;
    if (map->n_entries >= map->n_slots / 2) TNN_TRY(grow_slots(map));
    tnn_strmap_entry *entries =
        tnn_arena_grow(map->arena, map->entries, map->n_entries, &map->cap_entries, map->n_entries + 1,
                       sizeof *entries);
    if (entries == NULL) return TNN_ERR_NOMEM;
    map->entries = entries;
    const char *copy = tnn_arena_str(map->arena, key);
    if (copy == NULL) return TNN_ERR_NOMEM;
    entries[map->n_entries] = (tnn_strmap_entry){copy, value, hash};
    *find_slot(map, key, hash) = (uint32_t)++map->n_entries;
    return TNN_OK;
}

tnn_status tnn_strmap_set(tnn_strmap *map, const char *key, void *value) {
    tnn_strmap_entry *entry = tnn_strmap_find(map, key);
    if (entry == NULL) return add(map, key, tnn_hash_bytes(key, strlen(key), 0), value);
    entry->value = value;
    return TNN_OK;
}
