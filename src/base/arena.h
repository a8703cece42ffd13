/* Memory that is released all at once: one arena for a model, one for a pass, one for a call. */
#ifndef TNN_BASE_ARENA_H
#define TNN_BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fail.h"

typedef struct tnn_arena tnn_arena;

/* NULL when memory ran out. */
tnn_arena *tnn_arena_new(void);
void tnn_arena_free(tnn_arena *arena);

/* Zeroed, aligned for every type. NULL when memory ran out or the product overflows. */
void *tnn_arena_alloc(tnn_arena *arena, size_t n_elems, size_t elem_bytes);

/* Copies that live as long as the arena. NULL when memory ran out. `text` may be NULL: then NULL. */
char *tnn_arena_str(tnn_arena *arena, const char *text);
char *tnn_arena_strn(tnn_arena *arena, const char *text, size_t length);
char *tnn_arena_printf(tnn_arena *arena, const char *format, ...) TNN_PRINTF(2, 3);
char *tnn_arena_vprintf(tnn_arena *arena, const char *format, va_list args);
void *tnn_arena_copy(tnn_arena *arena, const void *items, size_t n_elems, size_t elem_bytes);

/* Room for `want` elements in a growing array. `items` holds `n` elements with capacity `*cap`; the result
 * is `items` or a larger copy (the old block stays in the arena). NULL when memory ran out. */
void *tnn_arena_grow(tnn_arena *arena, void *items, size_t n, size_t *cap, size_t want,
                     size_t elem_bytes);

/* `run(data)` is called when the arena is freed, last registered first. TNN_ERR_NOMEM: not registered,
 * and not run. */
tnn_status tnn_arena_defer(tnn_arena *arena, void (*run)(void *data), void *data);

#define TNN_NEW(arena, type) ((type *)tnn_arena_alloc((arena), 1, sizeof(type)))
#define TNN_NEW_ARRAY(arena, n, type) ((type *)tnn_arena_alloc((arena), (n), sizeof(type)))

#endif
