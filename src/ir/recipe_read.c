/* Evaluation of recipes, a range of elements at a time. Children are read straight into the place of the result where
 * that is possible. */
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "ir/elems.h"
#include "ir/recipe_node.h"
#include "ir/strided.h"

#define STACK_BYTES 2048
#define TILE_BYTES (1 << 21) /* of a cast to a smaller dtype */

/* Elements [start, start + count) of the result are to be written to `out`. */
typedef struct range {
    int64_t start, count;
    uint8_t *out;
    int64_t elem_bytes;
} range;

static int64_t least(int64_t a, int64_t b) {
    return a < b ? a : b;
}

static void pass(range *r, int64_t count) {
    r->start += count;
    r->count -= count;
    r->out += count * r->elem_bytes;
}

/* Read `count` elements of `child` from `child_start` to where the range begins; the range then begins behind them. */
static tnn_status take(range *r, const tnn_recipe *child, int64_t child_start, int64_t count, tnn_error *err) {
    TNN_TRY(tnn_recipe_read(child, child_start, count, r->out, err));
    pass(r, count);
    return TNN_OK;
}

static void read_source(const tnn_recipe *source, const range *r) {
    tnn_strided window = tnn_strided_merge(source->rank, source->dims, source->as.source.strides);
    const uint8_t *first = source->as.source.bytes + source->as.source.offset * r->elem_bytes;
    tnn_strided_read(r->out, first, (uint32_t)r->elem_bytes, &window, r->start, r->count);
}

/* `count` copies of one element: each round doubles what is there. */
static void repeat(uint8_t *out, const uint8_t *elem, int64_t elem_bytes, int64_t count) {
    int64_t n_bytes = count * elem_bytes;
    if (n_bytes == 0) return;
    memcpy(out, elem, (size_t)elem_bytes);
    for (int64_t done = elem_bytes; done < n_bytes; done *= 2)
        memcpy(out + done, out, (size_t)least(done, n_bytes - done));
}

static void read_fill(const tnn_recipe *fill, const range *r) {
    uint8_t elem[8];
    tnn_recipe_fill_elem(fill, elem);
    repeat(r->out, elem, r->elem_bytes, r->count);
}

static tnn_status read_slice(const tnn_recipe *slice, range r, tnn_error *err) {
    uint8_t axis = slice->as.slice.axis;
    tnn_rows rows = tnn_recipe_rows(slice, axis);
    int64_t child_axis = slice->children[0]->dims[axis], step = slice->as.slice.step;
    while (r.count > 0) {
        int64_t inner = r.start % rows.inner, line = r.start / rows.inner;
        int64_t k = line % rows.axis, outer = line / rows.axis;
        int64_t child_line = outer * child_axis + slice->as.slice.start + k * step;
        int64_t run = (step == 1 ? (rows.axis - k) * rows.inner : rows.inner) - inner;
        TNN_TRY(take(&r, slice->children[0], child_line * rows.inner + inner, least(run, r.count), err));
    }
    return TNN_OK;
}

static tnn_status read_concat(const tnn_recipe *concat, range r, tnn_error *err) {
    tnn_rows rows = tnn_recipe_rows(concat, concat->as.axis.axis);
    int64_t row = rows.axis * rows.inner;
    while (r.count > 0) {
        int64_t outer = r.start / row, at = r.start % row, begin = 0;
        for (uint32_t c = 0; c < concat->n_children && r.count > 0; c++) {
            int64_t width = concat->children[c]->dims[concat->as.axis.axis] * rows.inner;
            if (at < begin + width) {
                int64_t run = least(begin + width - at, r.count);
                TNN_TRY(take(&r, concat->children[c], outer * width + at - begin, run, err));
                at += run;
            }
            begin += width;
        }
    }
    return TNN_OK;
}

static void reverse(uint8_t *out, int64_t elem_bytes, int64_t count) {
    uint8_t elem[8];
    for (int64_t i = 0, j = count - 1; i < j; i++, j--) {
        memcpy(elem, out + i * elem_bytes, (size_t)elem_bytes);
        memcpy(out + i * elem_bytes, out + j * elem_bytes, (size_t)elem_bytes);
        memcpy(out + j * elem_bytes, elem, (size_t)elem_bytes);
    }
}

/* The last axis: a stretch of the child, backwards. */
static tnn_status read_flip_last(const tnn_recipe *flip, range r, int64_t row, tnn_error *err) {
    while (r.count > 0) {
        int64_t at = r.start % row, run = least(row - at, r.count);
        uint8_t *stretch = r.out;
        TNN_TRY(take(&r, flip->children[0], r.start - at + row - at - run, run, err));
        reverse(stretch, r.elem_bytes, run);
    }
    return TNN_OK;
}

static tnn_status read_flip(const tnn_recipe *flip, range r, tnn_error *err) {
    tnn_rows rows = tnn_recipe_rows(flip, flip->as.axis.axis);
    if (rows.inner == 1) return read_flip_last(flip, r, rows.axis, err);
    while (r.count > 0) {
        int64_t inner = r.start % rows.inner, line = r.start / rows.inner;
        int64_t k = line % rows.axis;
        int64_t child_line = line - k + rows.axis - 1 - k;
        TNN_TRY(take(&r, flip->children[0], child_line * rows.inner + inner, least(rows.inner - inner, r.count), err));
    }
    return TNN_OK;
}

static tnn_status read_dilate(const tnn_recipe *dilate, range r, tnn_error *err) {
    tnn_rows rows = tnn_recipe_rows(dilate, dilate->as.dilate.axis);
    int64_t step = dilate->as.dilate.step, child_axis = dilate->children[0]->dims[dilate->as.dilate.axis];
    memset(r.out, 0, (size_t)(r.count * r.elem_bytes));
    while (r.count > 0) {
        int64_t inner = r.start % rows.inner, line = r.start / rows.inner;
        int64_t k = line % rows.axis, run = least(rows.inner - inner, r.count);
        int64_t child_line = line / rows.axis * child_axis + k / step;
        if (k % step == 0)
            TNN_TRY(take(&r, dilate->children[0], child_line * rows.inner + inner, run, err));
        else
            pass(&r, run);
    }
    return TNN_OK;
}

/* The row of the child that lies in row `outer` of the padded dims before `axis`; false when none does. */
static bool row_within(const tnn_recipe *pad, int axis, int64_t outer, int64_t *child_row) {
    const tnn_recipe *child = pad->children[0];
    int64_t rows = 1;
    *child_row = 0;
    for (int d = axis - 1; d >= 0; d--) {
        int64_t i = outer % pad->dims[d] - pad->as.pad.before[d];
        outer /= pad->dims[d];
        if (i < 0 || i >= child->dims[d]) return false;
        *child_row += i * rows;
        rows *= child->dims[d];
    }
    return true;
}

/* Rows end with the last padded axis; what lies within a row is: margin, child, margin. */
static tnn_status read_pad(const tnn_recipe *pad, range r, tnn_error *err) {
    const tnn_recipe *child = pad->children[0];
    uint8_t axis = (uint8_t)(pad->rank - 1), elem[8];
    while (axis > 0 && !tnn_recipe_works_along(pad, axis)) axis--;
    tnn_rows rows = tnn_recipe_rows(pad, axis);
    int64_t row = rows.axis * rows.inner, width = child->dims[axis] * rows.inner;
    int64_t begin = pad->as.pad.before[axis] * rows.inner;
    tnn_elem_set_number(elem, pad->dtype, 0, pad->as.pad.value);
    repeat(r.out, elem, r.elem_bytes, r.count);
    while (r.count > 0) {
        int64_t at = r.start % row, child_row;
        if (at >= begin + width || !row_within(pad, axis, r.start / row, &child_row))
            pass(&r, least(row - at, r.count));
        else if (at < begin)
            pass(&r, least(begin - at, r.count));
        else
            TNN_TRY(take(&r, child, child_row * width + at - begin, least(begin + width - at, r.count), err));
    }
    return TNN_OK;
}

/* The child's elements go to the end of the place for the result and are widened from the front: no element is written
 * over before it was read. */
static tnn_status widen(const tnn_recipe *cast, const range *r, int64_t child_bytes, tnn_error *err) {
    const tnn_recipe *child = cast->children[0];
    uint8_t *tail = r->out + r->count * (r->elem_bytes - child_bytes);
    TNN_TRY(tnn_recipe_read(child, r->start, r->count, tail, err));
    tnn_convert_elems(r->out, cast->dtype, tail, child->dtype, r->count);
    return TNN_OK;
}

static tnn_status narrow_tiles(const tnn_recipe *cast, range r, uint8_t *tile, int64_t tile_elems, tnn_error *err) {
    const tnn_recipe *child = cast->children[0];
    while (r.count > 0) {
        int64_t part = least(tile_elems, r.count);
        TNN_TRY(tnn_recipe_read(child, r.start, part, tile, err));
        tnn_convert_elems(r.out, cast->dtype, tile, child->dtype, part);
        pass(&r, part);
    }
    return TNN_OK;
}

static tnn_status read_cast(const tnn_recipe *cast, const range *r, tnn_error *err) {
    int64_t child_bytes = tnn_dtype_bytes(cast->children[0]->dtype);
    if (child_bytes <= r->elem_bytes) return widen(cast, r, child_bytes, err);
    uint8_t small[STACK_BYTES];
    if (r->count * child_bytes <= STACK_BYTES) return narrow_tiles(cast, *r, small, r->count, err);
    int64_t tile_elems = least(r->count, TILE_BYTES / child_bytes);
    uint8_t *tile = tnn_alloc((size_t)tile_elems, (size_t)child_bytes);
    if (tile == NULL) return tnn_fail_nomem(err);
    tnn_status status = narrow_tiles(cast, *r, tile, tile_elems, err);
    tnn_free(tile);
    return status;
}

/* `n` elements of one dtype times scale plus shift, which move by `stride` a step. */
static void affine_f32(uint8_t *elems, int64_t n, const double *scale, const double *shift, int64_t stride) {
    for (int64_t i = 0; i < n; i++) {
        float x;
        memcpy(&x, elems + i * 4, 4);
        x = (float)((double)x * scale[i * stride] + shift[i * stride]);
        memcpy(elems + i * 4, &x, 4);
    }
}

static void affine_f32_constant(uint8_t *elems, int64_t n, double scale, double shift) {
    for (int64_t i = 0; i < n; i++) {
        float x;
        memcpy(&x, elems + i * 4, 4);
        x = (float)((double)x * scale + shift);
        memcpy(elems + i * 4, &x, 4);
    }
}

static void affine_run(const tnn_recipe *affine, uint8_t *elems, int64_t n, int64_t at, int64_t stride) {
    static const double no_shift = -0.0; /* x + -0.0 is x, also where x is -0.0 */
    const double *scale = affine->as.affine.scale + at;
    bool shifts = affine->as.affine.shift != NULL;
    const double *shift = shifts ? affine->as.affine.shift + at : &no_shift;
    int64_t shift_stride = shifts ? stride : 0;
    if (affine->dtype == TNN_DTYPE_F32 && stride == 0) {
        affine_f32_constant(elems, n, *scale, *shift);
    } else if (affine->dtype == TNN_DTYPE_F32 && shifts) {
        affine_f32(elems, n, scale, shift, stride);
    } else {
        for (int64_t i = 0; i < n; i++) {
            double x = tnn_elem_number(elems, affine->dtype, i);
            tnn_elem_set_number(elems, affine->dtype, i, x * scale[i * stride] + shift[i * shift_stride]);
        }
    }
}

/* The longest run from element `start` on in which the numbers move by one stride a step. */
typedef struct number_run {
    int64_t count, at, stride; /* `at`: the first one's number */
} number_run;

static number_run next_run(const tnn_strided *numbers, const range *r) {
    int last = numbers->rank - 1;
    int64_t row = last < 0 ? 1 : numbers->dims[last];
    return (number_run){least(row - r->start % row, r->count), tnn_strided_place(numbers, r->start),
                        last < 0 ? 0 : numbers->strides[last]};
}

static tnn_status read_affine(const tnn_recipe *affine, range r, tnn_error *err) {
    TNN_TRY(tnn_recipe_read(affine->children[0], r.start, r.count, r.out, err));
    tnn_strided numbers = tnn_strided_merge(affine->rank, affine->dims, affine->as.affine.strides);
    while (r.count > 0) {
        number_run run = next_run(&numbers, &r);
        affine_run(affine, r.out, run.count, run.at, run.stride);
        pass(&r, run.count);
    }
    return TNN_OK;
}

static void quantize_run(const tnn_recipe *quantize, uint8_t *out, const float *x, number_run run) {
    const double *scale = quantize->as.affine.scale + run.at, *shift = quantize->as.affine.shift;
    double low = quantize->as.affine.low, high = quantize->as.affine.high;
    for (int64_t i = 0; i < run.count; i++) {
        double q = (double)x[i] / scale[i * run.stride];
        if (shift != NULL) q += shift[run.at + i * run.stride];
        q = rint(q);
        q = q > low ? q : low; /* NaN too */
        tnn_elem_set_integer(out, quantize->dtype, i, (int64_t)(q < high ? q : high));
    }
}

static tnn_status quantize_tiles(const tnn_recipe *quantize, range r, float *tile, int64_t tile_elems, tnn_error *err) {
    tnn_strided numbers = tnn_strided_merge(quantize->rank, quantize->dims, quantize->as.affine.strides);
    while (r.count > 0) {
        range part = r;
        part.count = least(tile_elems, r.count);
        TNN_TRY(tnn_recipe_read(quantize->children[0], part.start, part.count, tile, err));
        pass(&r, part.count);
        for (const float *x = tile; part.count > 0;) {
            number_run run = next_run(&numbers, &part);
            quantize_run(quantize, part.out, x, run);
            x += run.count;
            pass(&part, run.count);
        }
    }
    return TNN_OK;
}

static tnn_status read_quantize(const tnn_recipe *quantize, const range *r, tnn_error *err) {
    int64_t tile_elems = least(r->count, TILE_BYTES / (int64_t)sizeof(float));
    float *tile = tnn_alloc((size_t)tile_elems, sizeof *tile);
    if (tile == NULL) return tnn_fail_nomem(err);
    tnn_status status = quantize_tiles(quantize, *r, tile, tile_elems, err);
    tnn_free(tile);
    return status;
}

static tnn_status pack_tiles(const tnn_recipe *child, range r, int8_t *tile, int64_t tile_bytes, tnn_error *err) {
    int64_t n_elems = tnn_recipe_count(child);
    while (r.count > 0) {
        int64_t bytes = least(tile_bytes, r.count), first = 2 * r.start, n = least(2 * bytes, n_elems - first);
        TNN_TRY(tnn_recipe_read(child, first, n, tile, err));
        if (n < 2 * bytes) tile[n] = 0;
        for (int64_t i = 0; i < bytes; i++)
            r.out[i] = (uint8_t)((tile[2 * i] & 15) | (tile[2 * i + 1] & 15) << 4);
        pass(&r, bytes);
    }
    return TNN_OK;
}

static tnn_status read_nibbles(const tnn_recipe *nibbles, range r, tnn_error *err) {
    int64_t tile_bytes = least(r.count, TILE_BYTES);
    int8_t *tile = tnn_alloc((size_t)tile_bytes, 2);
    if (tile == NULL) return tnn_fail_nomem(err);
    tnn_status status = pack_tiles(nibbles->children[0], r, tile, tile_bytes, err);
    tnn_free(tile);
    return status;
}

tnn_status tnn_recipe_read(const tnn_recipe *recipe, int64_t start, int64_t count, void *out, tnn_error *err) {
    int64_t n_elems = tnn_recipe_count(recipe);
    if (start < 0 || count < 0 || start > n_elems || count > n_elems - start)
        return tnn_fail(err, TNN_ERR_INVALID, NULL, "elements %lld to %lld of a constant of %lld", (long long)start,
                        (long long)start + (long long)count, (long long)n_elems);
    if (count == 0) return TNN_OK;
    range r = {start, count, out, tnn_dtype_bytes(recipe->dtype)};
    switch (recipe->kind) {
    case TNN_RECIPE_SOURCE: read_source(recipe, &r); return TNN_OK;
    case TNN_RECIPE_FILL: read_fill(recipe, &r); return TNN_OK;
    case TNN_RECIPE_RESHAPE: return tnn_recipe_read(recipe->children[0], start, count, out, err);
    case TNN_RECIPE_SLICE: return read_slice(recipe, r, err);
    case TNN_RECIPE_AFFINE: return read_affine(recipe, r, err);
    case TNN_RECIPE_CAST: return read_cast(recipe, &r, err);
    case TNN_RECIPE_QUANTIZE: return read_quantize(recipe, &r, err);
    case TNN_RECIPE_PAD: return read_pad(recipe, r, err);
    case TNN_RECIPE_CONCAT: return read_concat(recipe, r, err);
    case TNN_RECIPE_FLIP: return read_flip(recipe, r, err);
    case TNN_RECIPE_DILATE: return read_dilate(recipe, r, err);
    case TNN_RECIPE_NIBBLES: return read_nibbles(recipe, r, err);
    }
    return TNN_OK;
}
