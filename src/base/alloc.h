/* The one door to the heap. Tests make allocation number k fail. */
#ifndef TNN_BASE_ALLOC_H
#define TNN_BASE_ALLOC_H

#include <stdbool.h>
#include <stddef.h>

/* NULL when memory ran out or n_elems * elem_bytes overflows. Zero bytes give a pointer that may be freed. */
void *tnn_alloc(size_t n_elems, size_t elem_bytes);
void *tnn_alloc_zero(size_t n_elems, size_t elem_bytes);

/* `old` is unchanged when NULL is returned. */
void *tnn_realloc(void *old, size_t n_elems, size_t elem_bytes);

/* Accepts NULL. */
void tnn_free(void *block);

/* false when a * b does not fit into size_t. */
bool tnn_mul_size(size_t a, size_t b, size_t *product);

/* The allocation `countdown` from now fails (1: the next one), and all after it until this is called again; 0: none
 * fails. A block of an arena counts as an allocation. For tests; not thread-safe. */
void tnn_alloc_fail_after(size_t countdown);

/* Counts one allocation of an allocator that stands on this one; true when it must fail. */
bool tnn_alloc_must_fail(void);

#endif
