/* Copying a window into row-major order.
 *
 * A range of the result is at most one box a dimension on either side of a middle box. A box is a loop over planes:
 * its innermost dimension, where the result lies side by side, and the one where the source does (`near`). The planes
 * are copied in blocks that keep both sides in cache lines that were touched already. */
#include <string.h>

#include "ir/strided.h"

#define BLOCK 128 /* lines of the source, or of the result, that stay in the first-level cache */
#define TILE 16   /* four-byte elements of a cache line */

/* rows x columns elements: element (r, c) comes from in[r * in_row + c * in_column], goes to out[r * out_row + c]. */
typedef struct plane {
    uint8_t *out;
    const uint8_t *in;
    int64_t rows, columns;
    int64_t in_row, in_column, out_row;
    uint32_t elem_bytes;
} plane;

/* `n` elements that lie some elements apart on both sides. */
static void copy_strided(uint8_t *out, int64_t out_step, const uint8_t *in, int64_t in_step, int64_t n,
                         uint32_t elem_bytes) {
    switch (elem_bytes) {
    case 1:
        for (int64_t i = 0; i < n; i++) out[i * out_step] = in[i * in_step];
        break;
    case 2:
        for (int64_t i = 0; i < n; i++) memcpy(out + i * out_step * 2, in + i * in_step * 2, 2);
        break;
    case 4:
        for (int64_t i = 0; i < n; i++) memcpy(out + i * out_step * 4, in + i * in_step * 4, 4);
        break;
    default:
        for (int64_t i = 0; i < n; i++) memcpy(out + i * out_step * 8, in + i * in_step * 8, 8);
        break;
    }
}

static void copy_rows(const plane *p) {
    for (int64_t r = 0; r < p->rows; r++)
        memcpy(p->out + r * p->out_row * p->elem_bytes, p->in + r * p->in_row * p->elem_bytes,
               (size_t)(p->columns * p->elem_bytes));
}

/* Blocks of columns, row by row: the lines of the source that the first row of a block touches serve the others. */
static void copy_by_rows(const plane *p) {
    for (int64_t c = 0; c < p->columns; c += BLOCK) {
        int64_t columns = p->columns - c < BLOCK ? p->columns - c : BLOCK;
        for (int64_t r = 0; r < p->rows; r++)
            copy_strided(p->out + (r * p->out_row + c) * p->elem_bytes, 1,
                         p->in + (r * p->in_row + c * p->in_column) * p->elem_bytes, p->in_column, columns,
                         p->elem_bytes);
    }
}

/* Blocks of rows, column by column: the same for the lines of the result. */
static void copy_by_columns(const plane *p) {
    for (int64_t r = 0; r < p->rows; r += BLOCK) {
        int64_t rows = p->rows - r < BLOCK ? p->rows - r : BLOCK;
        for (int64_t c = 0; c < p->columns; c++)
            copy_strided(p->out + (r * p->out_row + c) * p->elem_bytes, p->out_row,
                         p->in + (r * p->in_row + c * p->in_column) * p->elem_bytes, p->in_row, rows,
                         p->elem_bytes);
    }
}

/* The longer of the two is the inner loop. */
static void copy_blocks(const plane *p) {
    if (p->rows > p->columns)
        copy_by_columns(p);
    else
        copy_by_rows(p);
}

/* A whole tile by way of local copies: large powers of two as strides would make lines throw each other out of the
 * cache before they are used up. Source rows lie side by side (in_row is 1). */
static void transpose_tile_4(uint8_t *out, int64_t out_row, const uint8_t *in, int64_t in_column) {
    uint32_t tile[TILE][TILE], turned[TILE][TILE];
    for (int64_t c = 0; c < TILE; c++) memcpy(tile[c], in + c * in_column * 4, sizeof tile[c]);
    for (int r = 0; r < TILE; r++)
        for (int c = 0; c < TILE; c++) turned[r][c] = tile[c][r];
    for (int64_t r = 0; r < TILE; r++) memcpy(out + r * out_row * 4, turned[r], sizeof turned[r]);
}

/* The part of a plane that begins at (r, c). */
static plane part_of(const plane *p, int64_t r, int64_t c, int64_t rows, int64_t columns) {
    plane part = *p;
    part.out += (r * p->out_row + c) * p->elem_bytes;
    part.in += (r * p->in_row + c * p->in_column) * p->elem_bytes;
    part.rows = rows;
    part.columns = columns;
    return part;
}

/* Whole tiles, then what is left on the right and below. */
static void transpose_4(const plane *p) {
    int64_t rows = p->rows / TILE * TILE, columns = p->columns / TILE * TILE;
    for (int64_t r = 0; r < rows; r += TILE)
        for (int64_t c = 0; c < columns; c += TILE)
            transpose_tile_4(p->out + (r * p->out_row + c) * 4, p->out_row, p->in + (r + c * p->in_column) * 4,
                             p->in_column);
    plane right = part_of(p, 0, columns, rows, p->columns - columns);
    plane below = part_of(p, rows, 0, p->rows - rows, p->columns);
    copy_blocks(&right);
    copy_blocks(&below);
}

static void copy_plane(const plane *p) {
    if (p->in_column == 1)
        copy_rows(p);
    else if (p->elem_bytes == 4 && p->in_row == 1 && p->rows >= TILE && p->columns >= TILE)
        transpose_4(p);
    else
        copy_blocks(p);
}

/* The dimension but the last with the smallest stride that moves; rank is at least 2. */
static uint8_t near_dim(const tnn_strided *box) {
    uint8_t best = (uint8_t)(box->rank - 2);
    for (uint8_t d = 0; d + 1 < box->rank; d++)
        if (box->strides[d] != 0 && (box->strides[best] == 0 || box->strides[d] < box->strides[best])) best = d;
    return best;
}

/* Step `index` through the sizes of `loop`, last dimension fastest; false after the last one. The offsets follow. */
static bool advance(const tnn_strided *loop, int64_t *index, const int64_t *out_strides, int64_t *in_at,
                    int64_t *out_at) {
    for (int d = loop->rank - 1; d >= 0; d--) {
        *in_at += loop->strides[d];
        *out_at += out_strides[d];
        if (++index[d] < loop->dims[d]) return true;
        *in_at -= loop->strides[d] * loop->dims[d];
        *out_at -= out_strides[d] * loop->dims[d];
        index[d] = 0;
    }
    return false;
}

/* The whole window; rank at least 1. */
static void copy_box(uint8_t *out, const uint8_t *in, uint32_t elem_bytes, const tnn_strided *box) {
    uint8_t last = (uint8_t)(box->rank - 1);
    plane p = {.rows = 1, .columns = box->dims[last], .in_column = box->strides[last], .elem_bytes = elem_bytes};
    tnn_strided loop = *box;
    int64_t out_strides[TNN_MAX_RANK], index[TNN_MAX_RANK] = {0};
    int64_t inner = 1, in_at = 0, out_at = 0;
    for (int d = last; d >= 0; d--) {
        out_strides[d] = inner;
        inner *= box->dims[d];
    }
    loop.dims[last] = 1;
    if (last > 0) {
        uint8_t near = near_dim(box);
        p.rows = box->dims[near];
        p.in_row = box->strides[near];
        p.out_row = out_strides[near];
        loop.dims[near] = 1;
    }
    do {
        p.out = out + out_at * elem_bytes;
        p.in = in + in_at * elem_bytes;
        copy_plane(&p);
    } while (advance(&loop, index, out_strides, &in_at, &out_at));
}

static tnn_strided inner_of(const tnn_strided *window) {
    tnn_strided inner = {.rank = (uint8_t)(window->rank - 1)};
    memcpy(inner.dims, window->dims + 1, inner.rank * sizeof inner.dims[0]);
    memcpy(inner.strides, window->strides + 1, inner.rank * sizeof inner.strides[0]);
    return inner;
}

static int64_t count_of(const tnn_strided *window) {
    int64_t n = 1;
    for (uint8_t d = 0; d < window->rank; d++) n *= window->dims[d];
    return n;
}

/* At most three parts: the rest of a slab, whole slabs, the beginning of a slab. */
void tnn_strided_read(void *out, const uint8_t *first, uint32_t elem_bytes, const tnn_strided *merged,
                      int64_t start, int64_t count) {
    if (count == 0) return;
    if (merged->rank == 0) {
        memcpy(out, first, elem_bytes);
        return;
    }
    tnn_strided inner = inner_of(merged);
    int64_t slab = count_of(&inner), at = start / slab, skip = start % slab;
    uint8_t *to = out;
    if (skip != 0) {
        int64_t part = slab - skip < count ? slab - skip : count;
        tnn_strided_read(to, first + at * merged->strides[0] * elem_bytes, elem_bytes, &inner, skip, part);
        to += part * elem_bytes;
        count -= part;
        at++;
    }
    tnn_strided middle = *merged;
    middle.dims[0] = count / slab;
    if (middle.dims[0] > 0) copy_box(to, first + at * merged->strides[0] * elem_bytes, elem_bytes, &middle);
    to += middle.dims[0] * slab * elem_bytes;
    at += middle.dims[0];
    if (count % slab != 0)
        tnn_strided_read(to, first + at * merged->strides[0] * elem_bytes, elem_bytes, &inner, 0, count % slab);
}
