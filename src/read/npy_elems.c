/* Elements of a .npy file, in the order and form that everybody else here uses. */
#include <string.h>

#include "read/npy.h"

/* A walk over the array in C order, with the place of each element among the file's. */
typedef struct walk {
    const tnn_npy *npy;
    int64_t index[TINYNN_MAX_RANK], strides[TINYNN_MAX_RANK]; /* strides in elements */
    int64_t at;
} walk;

static walk walk_from(const tnn_npy *npy, int64_t start) {
    walk w = {.npy = npy};
    int64_t stride = 1;
    for (uint8_t k = 0; k < npy->rank; k++) {
        w.strides[k] = stride;
        stride *= npy->dims[k];
    }
    for (uint8_t k = npy->rank; k-- > 0;) {
        w.index[k] = start % npy->dims[k];
        start /= npy->dims[k];
        w.at += w.index[k] * w.strides[k];
    }
    return w;
}

static void walk_on(walk *w) {
    for (uint8_t k = w->npy->rank; k-- > 0;) {
        w->at += w->strides[k];
        if (++w->index[k] < w->npy->dims[k]) return;
        w->at -= w->index[k] * w->strides[k];
        w->index[k] = 0;
    }
}

static void gather(const tnn_npy *npy, int64_t start, int64_t count, uint8_t *out) {
    size_t n_bytes = tnn_dtype_bytes(npy->dtype);
    walk w = walk_from(npy, start);
    for (int64_t i = 0; i < count; i++, walk_on(&w))
        memcpy(out + (size_t)i * n_bytes, npy->data + (size_t)w.at * n_bytes, n_bytes);
}

static void swap_bytes(uint8_t *elem, size_t n_bytes) {
    for (size_t i = 0; i < n_bytes / 2; i++) {
        uint8_t byte = elem[i];
        elem[i] = elem[n_bytes - 1 - i];
        elem[n_bytes - 1 - i] = byte;
    }
}

void tnn_npy_read(const tnn_npy *npy, int64_t start, int64_t count, void *out) {
    size_t n_bytes = tnn_dtype_bytes(npy->dtype), n = (size_t)count;
    uint8_t *bytes = out;
    if (n == 0) return;
    if (npy->fortran && npy->rank > 1)
        gather(npy, start, count, bytes);
    else
        memcpy(bytes, npy->data + (size_t)start * n_bytes, n * n_bytes);
    for (size_t i = 0; i < n && npy->big_endian; i++) swap_bytes(bytes + i * n_bytes, n_bytes);
    for (size_t i = 0; i < n && npy->dtype == TNN_DTYPE_BOOL; i++) bytes[i] = bytes[i] != 0;
}

/* Can the elements be used where they lie? */
static bool lies_well(const tnn_npy *npy) {
    bool aligned = (uintptr_t)npy->data % tnn_dtype_bytes(npy->dtype) == 0;
    return aligned && !npy->big_endian && (!npy->fortran || npy->rank < 2) && npy->dtype != TNN_DTYPE_BOOL;
}

tnn_status tnn_npy_array(tnn_array *out, const tnn_npy *npy, tnn_arena *arena, tnn_error *err) {
    *out = (tnn_array){.dtype = npy->dtype, .rank = npy->rank};
    memcpy(out->dims, npy->dims, sizeof out->dims);
    if (lies_well(npy)) {
        out->data = (void *)(uintptr_t)npy->data;
        return TNN_OK;
    }
    out->data = tnn_arena_alloc(arena, (size_t)npy->n_elems, tnn_dtype_bytes(npy->dtype));
    if (out->data == NULL) return tnn_fail_nomem(err);
    tnn_npy_read(npy, 0, npy->n_elems, out->data);
    return TNN_OK;
}
