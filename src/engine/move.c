/* Copies between orders. Where source and destination have different innermost dimensions, both are gone through in
 * squares that stay in the cache. */
#include "engine/move.h"

#include <string.h>

#include "engine/nest.h"

#define SQUARE 16

typedef struct strip {
    int64_t rows, row_to, row_from; /* how many, and how far apart in bytes on the two sides */
    uint32_t elem_bytes;
} strip;

static void copy_1(uint8_t *to, const uint8_t *from, int64_t n, int64_t to_step, int64_t from_step) {
    for (int64_t i = 0; i < n; i++) to[i * to_step] = from[i * from_step];
}

/* memcpy of a fixed size becomes one move. */
static void copy_4(uint8_t *to, const uint8_t *from, int64_t n, int64_t to_step, int64_t from_step) {
    for (int64_t i = 0; i < n; i++) memcpy(to + i * to_step, from + i * from_step, 4);
}

static void copy_8(uint8_t *to, const uint8_t *from, int64_t n, int64_t to_step, int64_t from_step) {
    for (int64_t i = 0; i < n; i++) memcpy(to + i * to_step, from + i * from_step, 8);
}

/* `n` elements, steps in elements. */
static void copy_line(uint8_t *to, const uint8_t *from, int64_t n, int64_t to_step, int64_t from_step,
                      uint32_t elem_bytes) {
    if (to_step == 1 && from_step == 1) {
        memcpy(to, from, (size_t)n * elem_bytes);
    } else if (elem_bytes == 4) {
        copy_4(to, from, n, to_step * 4, from_step * 4);
    } else if (elem_bytes == 8) {
        copy_8(to, from, n, to_step * 8, from_step * 8);
    } else {
        for (uint32_t b = 0; b < elem_bytes; b++)
            copy_1(to + b, from + b, n, to_step * elem_bytes, from_step * elem_bytes);
    }
}

static void line(void *const *at, const int64_t *strides, int64_t n, const void *context) {
    copy_line(at[0], at[1], n, strides[0], strides[1], *(const uint32_t *)context);
}

/* A matrix of strip->rows rows of n elements, square by square. */
static void matrix(void *const *at, const int64_t *strides, int64_t n, const void *context) {
    const strip *s = context;
    for (int64_t column = 0; column < n; column += SQUARE) {
        int64_t n_columns = n - column < SQUARE ? n - column : SQUARE;
        uint8_t *to = (uint8_t *)at[0] + column * strides[0] * (int64_t)s->elem_bytes;
        const uint8_t *from = (const uint8_t *)at[1] + column * strides[1] * (int64_t)s->elem_bytes;
        for (int64_t row = 0; row < s->rows; row++)
            copy_line(to + row * s->row_to, from + row * s->row_from, n_columns, strides[0], strides[1], s->elem_bytes);
    }
}

/* The dimension along which the source goes step by step, if it is not the innermost: taken out of the nest in strips
 * of SQUARE rows. */
static int source_dim(const tnn_nest *nest) {
    for (int d = 0; d + 1 < nest->rank; d++) {
        if (nest->strides[1][d] == 1) return d;
    }
    return -1;
}

static tnn_nest without_dim(const tnn_nest *nest, int dim) {
    tnn_nest out = *nest;
    out.rank = 0;
    for (int d = 0; d < nest->rank; d++) {
        if (d == dim) continue;
        out.dims[out.rank] = nest->dims[d];
        for (int s = 0; s < 2; s++) out.strides[s][out.rank] = nest->strides[s][d];
        out.rank++;
    }
    return out;
}

static void copy_strips(const tnn_nest *nest, int dim, uint8_t *to, uint8_t *from, uint32_t elem_bytes) {
    tnn_nest rest = without_dim(nest, dim);
    strip s = {.row_to = nest->strides[0][dim] * elem_bytes, .row_from = elem_bytes, .elem_bytes = elem_bytes};
    for (int64_t row = 0; row < nest->dims[dim]; row += SQUARE) {
        int64_t left = nest->dims[dim] - row;
        s.rows = left < SQUARE ? left : SQUARE;
        void *const bases[] = {to + row * s.row_to, from + row * s.row_from};
        tnn_nest_each(&rest, bases, matrix, &s);
    }
}

void tnn_copy_elems(const tnn_place *from, const void *from_first, const tnn_place *to, void *to_first) {
    const tnn_place *sides[] = {to, from};
    uint32_t elem_bytes = tnn_dtype_bytes(to->dtype);
    void *source = (void *)(uintptr_t)from_first;
    if (tnn_place_elems(to) == 0) return;
    tnn_nest nest = tnn_nest_make(sides, 2);
    int dim = source_dim(&nest);
    if (dim >= 0) {
        copy_strips(&nest, dim, to_first, source, elem_bytes);
        return;
    }
    void *const bases[] = {to_first, source};
    tnn_nest_each(&nest, bases, line, &elem_bytes);
}

tnn_status tnn_run_copy(const tnn_step_call *call, tnn_error *err) {
    (void)err;
    tnn_copy_elems(&call->step->in[0], call->in[0], &call->step->out[0], call->out[0]);
    return TNN_OK;
}
