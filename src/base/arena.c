/* An arena is a list of chunks that are cut from the front. A block too large for sharing has a chunk of its
 * own, which is put behind the current one so that the current one keeps being filled. */
#include "base/arena.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"

#define ALIGNMENT _Alignof(max_align_t)
#define CHUNK_BYTES ((size_t)32 * 1024)
#define OWN_CHUNK_BYTES (CHUNK_BYTES / 4)

typedef struct chunk {
    struct chunk *next;
    size_t used, size;
    _Alignas(max_align_t) unsigned char bytes[];
} chunk;

typedef struct deferred {
    struct deferred *next;
    void (*run)(void *data);
    void *data;
} deferred;

struct tnn_arena {
    chunk *chunks; /* the first one is being filled */
    deferred *deferred; /* last registered first */
};

tnn_arena *tnn_arena_new(void) {
    return tnn_alloc_zero(1, sizeof(tnn_arena));
}

void tnn_arena_free(tnn_arena *arena) {
    if (arena == NULL) return;
    for (deferred *d = arena->deferred; d != NULL; d = d->next) d->run(d->data);
    for (chunk *c = arena->chunks; c != NULL;) {
        chunk *next = c->next;
        tnn_free(c);
        c = next;
    }
    tnn_free(arena);
}

static chunk *chunk_new(size_t size) {
    if (size > SIZE_MAX - sizeof(chunk)) return NULL;
    chunk *c = tnn_alloc(1, sizeof(chunk) + size);
    if (c == NULL) return NULL;
    c->next = NULL;
    c->used = 0;
    c->size = size;
    return c;
}

/* The chunk that takes a block of `size` bytes; linked into the arena. */
static chunk *chunk_for(tnn_arena *arena, size_t size) {
    chunk *current = arena->chunks;
    if (current != NULL && size <= current->size - current->used) return current;
    bool own = size >= OWN_CHUNK_BYTES;
    chunk *fresh = chunk_new(own ? size : CHUNK_BYTES);
    if (fresh == NULL) return NULL;
    if (own && current != NULL) {
        fresh->next = current->next;
        current->next = fresh;
    } else {
        fresh->next = current;
        arena->chunks = fresh;
    }
    return fresh;
}

/* Not zeroed. */
static void *take(tnn_arena *arena, size_t n_elems, size_t elem_bytes) {
    size_t size;
    if (tnn_alloc_must_fail() || !tnn_mul_size(n_elems, elem_bytes, &size) || size > SIZE_MAX - ALIGNMENT) return NULL;
    size = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    if (size == 0) size = ALIGNMENT;
    chunk *c = chunk_for(arena, size);
    if (c == NULL) return NULL;
    void *block = c->bytes + c->used;
    c->used += size;
    return block;
}

void *tnn_arena_alloc(tnn_arena *arena, size_t n_elems, size_t elem_bytes) {
    void *block = take(arena, n_elems, elem_bytes);
    return block == NULL ? NULL : memset(block, 0, n_elems * elem_bytes);
}

void *tnn_arena_copy(tnn_arena *arena, const void *items, size_t n_elems, size_t elem_bytes) {
    void *block = take(arena, n_elems, elem_bytes);
    if (block != NULL && n_elems * elem_bytes != 0) memcpy(block, items, n_elems * elem_bytes);
    return block;
}

char *tnn_arena_strn(tnn_arena *arena, const char *text, size_t length) {
    char *copy = length == SIZE_MAX ? NULL : take(arena, length + 1, 1);
    if (copy == NULL) return NULL;
    if (length != 0) memcpy(copy, text, length);
    copy[length] = '\0';
    return copy;
}

char *tnn_arena_str(tnn_arena *arena, const char *text) {
    return text == NULL ? NULL : tnn_arena_strn(arena, text, strlen(text));
}

char *tnn_arena_vprintf(tnn_arena *arena, const char *format, va_list args) {
    va_list again;
    va_copy(again, args);
    int length = vsnprintf(NULL, 0, format, again);
    va_end(again);
    char *text = length < 0 ? NULL : take(arena, (size_t)length + 1, 1);
    if (text != NULL) vsnprintf(text, (size_t)length + 1, format, args);
    return text;
}

char *tnn_arena_printf(tnn_arena *arena, const char *format, ...) {
    va_list args;
    va_start(args, format);
    char *text = tnn_arena_vprintf(arena, format, args);
    va_end(args);
    return text;
}

void *tnn_arena_grow(tnn_arena *arena, void *items, size_t n, size_t *cap, size_t want,
                     size_t elem_bytes) {
    if (items != NULL && want <= *cap) return items;
    size_t larger = *cap < 4 ? 4 : *cap;
    while (larger < want) larger = larger > SIZE_MAX / 2 ? want : larger * 2;
    void *block = tnn_arena_alloc(arena, larger, elem_bytes);
    if (block == NULL) return NULL;
    if (n != 0) memcpy(block, items, n * elem_bytes);
    *cap = larger;
    return block;
}

tnn_status tnn_arena_defer(tnn_arena *arena, void (*run)(void *data), void *data) {
    deferred *d = TNN_NEW(arena, deferred);
    if (d == NULL) return TNN_ERR_NOMEM;
    *d = (deferred){arena->deferred, run, data};
    arena->deferred = d;
    return TNN_OK;
}
