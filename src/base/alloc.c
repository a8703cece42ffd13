/* The heap, with a switch that makes it fail. */
#include "base/alloc.h"

#include <stdint.h>
#include <stdlib.h>

/* 0: never fail; 1: the next allocation fails and so do all later ones; n: n - 1 allocations pass first. */
static size_t countdown_to_failure;

void tnn_alloc_fail_after(size_t countdown) {
    countdown_to_failure = countdown;
}

bool tnn_alloc_must_fail(void) {
    if (countdown_to_failure == 0) return false;
    if (countdown_to_failure == 1) return true;
    countdown_to_failure--;
    return false;
}

bool tnn_mul_size(size_t a, size_t b, size_t *product) {
    if (b != 0 && a > SIZE_MAX / b) return false;
    *product = a * b;
    return true;
}

/* The bytes to ask for: never 0, so that NULL always means failure. */
static bool block_bytes(size_t n_elems, size_t elem_bytes, size_t *n_bytes) {
    if (tnn_alloc_must_fail() || !tnn_mul_size(n_elems, elem_bytes, n_bytes)) return false;
    if (*n_bytes == 0) *n_bytes = 1;
    return *n_bytes <= PTRDIFF_MAX;
}

void *tnn_alloc(size_t n_elems, size_t elem_bytes) {
    size_t n_bytes;
    return block_bytes(n_elems, elem_bytes, &n_bytes) ? malloc(n_bytes) : NULL;
}

void *tnn_alloc_zero(size_t n_elems, size_t elem_bytes) {
    size_t n_bytes;
    return block_bytes(n_elems, elem_bytes, &n_bytes) ? calloc(n_bytes, 1) : NULL;
}

void *tnn_realloc(void *old, size_t n_elems, size_t elem_bytes) {
    size_t n_bytes;
    return block_bytes(n_elems, elem_bytes, &n_bytes) ? realloc(old, n_bytes) : NULL;
}

void tnn_free(void *block) {
    free(block);
}
