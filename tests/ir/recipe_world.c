#include "recipe_world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "ir/elems.h"

uint64_t draw(world *w, uint64_t below) {
    w->random = w->random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (w->random >> 33) % below;
}

int64_t count(const dense *d) {
    int64_t n = 1;
    for (uint8_t k = 0; k < d->rank; k++) n *= d->dims[k];
    return n;
}

dense dense_new(world *w, tnn_dtype dtype, uint8_t rank, const int64_t *dims) {
    dense d = {.dtype = dtype, .rank = rank};
    for (uint8_t k = 0; k < rank; k++) d.dims[k] = dims[k];
    d.elems = tnn_arena_alloc(w->arena, (size_t)count(&d), tnn_dtype_bytes(dtype));
    assert_non_null(d.elems);
    return d;
}

static void unravel(const dense *d, int64_t linear, int64_t *index) {
    for (int k = d->rank - 1; k >= 0; k--) {
        index[k] = linear % d->dims[k];
        linear /= d->dims[k];
    }
}

static int64_t ravel(const dense *d, const int64_t *index) {
    int64_t linear = 0;
    for (uint8_t k = 0; k < d->rank; k++) linear = linear * d->dims[k] + index[k];
    return linear;
}

static void copy_elem(dense *to, int64_t to_at, const dense *from, int64_t from_at) {
    size_t n_bytes = tnn_dtype_bytes(to->dtype);
    memcpy(to->elems + (size_t)to_at * n_bytes, from->elems + (size_t)from_at * n_bytes, n_bytes);
}

static const tnn_dtype all_dtypes[] = {TNN_DTYPE_BOOL, TNN_DTYPE_U8,  TNN_DTYPE_I8,   TNN_DTYPE_I16, TNN_DTYPE_I32,
                                       TNN_DTYPE_I64,  TNN_DTYPE_F16, TNN_DTYPE_BF16, TNN_DTYPE_F32, TNN_DTYPE_F64};
#define N_DTYPES (sizeof all_dtypes / sizeof all_dtypes[0])

/* float32 is drawn more often: it has code of its own. */
static tnn_dtype draw_dtype(world *w) {
    return draw(w, 3) == 0 ? TNN_DTYPE_F32 : all_dtypes[draw(w, N_DTYPES)];
}

/* A window with its dims in any order in memory, with gaps, repeats and an offset. Values are small integers, so that
 * no step rounds and the order of roundings cannot be seen. */
pair make_source(world *w) {
    tnn_dtype dtype = draw_dtype(w);
    uint8_t rank = (uint8_t)draw(w, 6);
    int64_t dims[TNN_MAX_RANK], strides[TNN_MAX_RANK], inner = 1 + (int64_t)(draw(w, 4) == 0);
    uint8_t order[TNN_MAX_RANK];
    for (uint8_t k = 0; k < rank; k++) {
        uint8_t swap = (uint8_t)draw(w, (uint64_t)k + 1);
        order[k] = order[swap];
        order[swap] = k;
        dims[k] = draw(w, 60) == 0 ? 0 : 1 + (int64_t)draw(w, rank <= 2 ? 40 : 6);
    }
    bool in_order = draw(w, 3) == 0;
    for (int k = rank - 1; k >= 0; k--) {
        uint8_t d = in_order ? (uint8_t)k : order[k];
        strides[d] = draw(w, 12) == 0 ? 0 : inner;
        if (strides[d] != 0) inner *= dims[d] + (draw(w, 6) == 0 ? 1 : 0);
    }
    int64_t offset = (int64_t)draw(w, 3), n = (inner > 0 ? inner : 1) + offset;
    uint8_t *bytes = tnn_arena_alloc(w->arena, (size_t)n, tnn_dtype_bytes(dtype));
    for (int64_t i = 0; i < n; i++) tnn_elem_set_integer(bytes, dtype, i, (int64_t)draw(w, 9) - 4);
    pair p;
    assert_int_equal(tnn_recipe_source(&p.recipe, w->arena, NULL, bytes, (uint64_t)n * tnn_dtype_bytes(dtype), dtype,
                                       rank, dims, strides, offset, &w->err), TNN_OK);
    p.want = dense_new(w, dtype, rank, dims);
    dense storage = {.dtype = dtype, .elems = bytes};
    for (int64_t i = 0; i < count(&p.want); i++) {
        int64_t index[TNN_MAX_RANK], at = offset;
        unravel(&p.want, i, index);
        for (uint8_t k = 0; k < rank; k++) at += index[k] * strides[k];
        copy_elem(&p.want, i, &storage, at);
    }
    return p;
}

static pair make_fill(world *w) {
    int64_t dims[TNN_MAX_RANK] = {1 + (int64_t)draw(w, 5), 1 + (int64_t)draw(w, 5), 1 + (int64_t)draw(w, 5)};
    tnn_dtype dtype = draw_dtype(w);
    int64_t value = (int64_t)draw(w, 3) - 1;
    pair p;
    p.want = dense_new(w, dtype, (uint8_t)draw(w, 4), dims);
    assert_int_equal(tnn_recipe_fill(&p.recipe, w->arena, dtype, p.want.rank, dims, (double)value, value, &w->err),
                     TNN_OK);
    for (int64_t i = 0; i < count(&p.want); i++) tnn_elem_set_integer(p.want.elems, dtype, i, value);
    return p;
}

static pair do_permute(world *w, pair p) {
    uint8_t order[TNN_MAX_RANK];
    dense to = dense_new(w, p.want.dtype, p.want.rank, p.want.dims);
    for (uint8_t k = 0; k < to.rank; k++) {
        uint8_t swap = (uint8_t)draw(w, (uint64_t)k + 1);
        order[k] = order[swap];
        order[swap] = k;
    }
    for (uint8_t k = 0; k < to.rank; k++) to.dims[k] = p.want.dims[order[k]];
    for (int64_t i = 0; i < count(&to); i++) {
        int64_t index[TNN_MAX_RANK], from[TNN_MAX_RANK];
        unravel(&to, i, index);
        for (uint8_t k = 0; k < to.rank; k++) from[order[k]] = index[k];
        copy_elem(&to, i, &p.want, ravel(&p.want, from));
    }
    assert_int_equal(tnn_recipe_permute(&p.recipe, w->arena, p.recipe, order, &w->err), TNN_OK);
    p.want = to;
    return p;
}

/* Random factors of the number of elements. */
static pair do_reshape(world *w, pair p) {
    int64_t dims[TNN_MAX_RANK], rest = count(&p.want);
    uint8_t rank = 0;
    while (rest > 1 && rank < 5) {
        int64_t factor = 1 + (int64_t)draw(w, (uint64_t)(rest < 12 ? rest : 12));
        while (rest % factor != 0) factor--;
        dims[rank++] = factor;
        rest /= factor;
    }
    if (rest != 1 || draw(w, 3) == 0) dims[rank++] = rest;
    assert_int_equal(tnn_recipe_reshape(&p.recipe, w->arena, p.recipe, rank, dims, &w->err), TNN_OK);
    dense to = dense_new(w, p.want.dtype, rank, dims);
    for (int64_t i = 0; i < count(&to); i++) copy_elem(&to, i, &p.want, i);
    p.want = to;
    return p;
}

static pair do_expand(world *w, pair p) {
    uint8_t lead = p.want.rank < 6 ? (uint8_t)draw(w, 2) : 0;
    int64_t dims[TNN_MAX_RANK] = {1 + (int64_t)draw(w, 3)};
    for (uint8_t k = 0; k < p.want.rank; k++)
        dims[lead + k] = p.want.dims[k] == 1 ? 1 + (int64_t)draw(w, 3) : p.want.dims[k];
    dense to = dense_new(w, p.want.dtype, (uint8_t)(p.want.rank + lead), dims);
    for (int64_t i = 0; i < count(&to); i++) {
        int64_t index[TNN_MAX_RANK], from[TNN_MAX_RANK];
        unravel(&to, i, index);
        for (uint8_t k = 0; k < p.want.rank; k++) from[k] = p.want.dims[k] == 1 ? 0 : index[lead + k];
        copy_elem(&to, i, &p.want, ravel(&p.want, from));
    }
    assert_int_equal(tnn_recipe_expand(&p.recipe, w->arena, p.recipe, to.rank, dims, &w->err), TNN_OK);
    p.want = to;
    return p;
}

static pair do_slice(world *w, pair p, uint8_t axis) {
    int64_t size = p.want.dims[axis], step = 1 + (int64_t)draw(w, 3) / 2 * (int64_t)draw(w, 3);
    int64_t start = size == 0 ? 0 : (int64_t)draw(w, (uint64_t)size);
    int64_t most = size == 0 ? 0 : (size - 1 - start) / step + 1;
    int64_t length = most == 0 ? 0 : most - (int64_t)draw(w, (uint64_t)most + (draw(w, 20) == 0));
    int64_t dims[TNN_MAX_RANK];
    memcpy(dims, p.want.dims, sizeof dims);
    dims[axis] = length;
    dense to = dense_new(w, p.want.dtype, p.want.rank, dims);
    for (int64_t i = 0; i < count(&to); i++) {
        int64_t index[TNN_MAX_RANK];
        unravel(&to, i, index);
        index[axis] = start + index[axis] * step;
        copy_elem(&to, i, &p.want, ravel(&p.want, index));
    }
    assert_int_equal(tnn_recipe_slice(&p.recipe, w->arena, p.recipe, axis, start, length, step, &w->err), TNN_OK);
    p.want = to;
    return p;
}

static pair do_affine(world *w, pair p, uint8_t axis) {
    size_t n = (size_t)p.want.dims[axis];
    double *scale = TNN_NEW_ARRAY(w->arena, n, double), *shift = TNN_NEW_ARRAY(w->arena, n, double);
    bool plain = draw(w, 8) == 0;
    for (size_t i = 0; i < n; i++) {
        scale[i] = plain ? 1 : (double)draw(w, 4) - 1;
        shift[i] = plain ? 0 : (double)draw(w, 3) - 1;
    }
    if (draw(w, 3) == 0) shift = NULL;
    dense to = dense_new(w, p.want.dtype, p.want.rank, p.want.dims);
    for (int64_t i = 0; i < count(&to); i++) {
        int64_t index[TNN_MAX_RANK];
        unravel(&to, i, index);
        double x = tnn_elem_number(p.want.elems, to.dtype, i) * scale[index[axis]];
        if (shift != NULL) x += shift[index[axis]];
        tnn_elem_set_number(to.elems, to.dtype, i, x);
    }
    assert_int_equal(tnn_recipe_affine(&p.recipe, w->arena, p.recipe, axis, scale, shift, &w->err), TNN_OK);
    p.want = to;
    return p;
}

static pair do_cast(world *w, pair p) {
    dense to = dense_new(w, draw_dtype(w), p.want.rank, p.want.dims);
    for (int64_t i = 0; i < count(&to); i++) {
        if (tnn_dtype_is_float(p.want.dtype))
            tnn_elem_set_number(to.elems, to.dtype, i, tnn_elem_number(p.want.elems, p.want.dtype, i));
        else
            tnn_elem_set_integer(to.elems, to.dtype, i, tnn_elem_integer(p.want.elems, p.want.dtype, i));
    }
    assert_int_equal(tnn_recipe_cast(&p.recipe, w->arena, p.recipe, to.dtype, &w->err), TNN_OK);
    p.want = to;
    return p;
}

/* Also with negative margins. */
static pair do_pad(world *w, pair p) {
    int64_t before[TNN_MAX_RANK], after[TNN_MAX_RANK], dims[TNN_MAX_RANK];
    for (uint8_t k = 0; k < p.want.rank; k++) {
        bool cuts = p.want.dims[k] >= 2;
        before[k] = (int64_t)draw(w, 3) / 2 * ((int64_t)draw(w, 4) - cuts);
        after[k] = (int64_t)draw(w, 3) / 2 * ((int64_t)draw(w, 4) - cuts);
        dims[k] = p.want.dims[k] + before[k] + after[k];
    }
    double value = (double)draw(w, 2);
    dense to = dense_new(w, p.want.dtype, p.want.rank, dims);
    for (int64_t i = 0; i < count(&to); i++) {
        int64_t index[TNN_MAX_RANK];
        bool inside = true;
        unravel(&to, i, index);
        for (uint8_t k = 0; k < to.rank; k++) {
            index[k] -= before[k];
            inside = inside && index[k] >= 0 && index[k] < p.want.dims[k];
        }
        if (inside)
            copy_elem(&to, i, &p.want, ravel(&p.want, index));
        else
            tnn_elem_set_number(to.elems, to.dtype, i, value);
    }
    assert_int_equal(tnn_recipe_pad(&p.recipe, w->arena, p.recipe, before, after, value, &w->err), TNN_OK);
    p.want = to;
    return p;
}

static pair do_flip(world *w, pair p, uint8_t axis) {
    dense to = dense_new(w, p.want.dtype, p.want.rank, p.want.dims);
    for (int64_t i = 0; i < count(&to); i++) {
        int64_t index[TNN_MAX_RANK];
        unravel(&to, i, index);
        index[axis] = to.dims[axis] - 1 - index[axis];
        copy_elem(&to, i, &p.want, ravel(&p.want, index));
    }
    assert_int_equal(tnn_recipe_flip(&p.recipe, w->arena, p.recipe, axis, &w->err), TNN_OK);
    p.want = to;
    return p;
}

static pair do_dilate(world *w, pair p, uint8_t axis) {
    int64_t step = 1 + (int64_t)draw(w, 3), dims[TNN_MAX_RANK];
    memcpy(dims, p.want.dims, sizeof dims);
    if (dims[axis] > 0) dims[axis] = (dims[axis] - 1) * step + 1;
    dense to = dense_new(w, p.want.dtype, p.want.rank, dims);
    for (int64_t i = 0; i < count(&p.want); i++) {
        int64_t index[TNN_MAX_RANK];
        unravel(&p.want, i, index);
        index[axis] *= step;
        copy_elem(&to, ravel(&to, index), &p.want, i);
    }
    assert_int_equal(tnn_recipe_dilate(&p.recipe, w->arena, p.recipe, axis, step, &w->err), TNN_OK);
    p.want = to;
    return p;
}

/* The recipe, a part of it, and itself flipped, side by side. */
static pair do_concat(world *w, pair p, uint8_t axis) {
    pair parts[3] = {p, do_slice(w, p, axis), do_flip(w, p, axis)};
    const tnn_recipe *recipes[3];
    int64_t dims[TNN_MAX_RANK], begin = 0;
    uint32_t n = 1 + (uint32_t)draw(w, 3);
    memcpy(dims, p.want.dims, sizeof dims);
    dims[axis] = 0;
    for (uint32_t c = 0; c < n; c++) {
        recipes[c] = parts[c].recipe;
        dims[axis] += parts[c].want.dims[axis];
    }
    dense to = dense_new(w, p.want.dtype, p.want.rank, dims);
    for (uint32_t c = 0; c < n; c++) {
        for (int64_t i = 0; i < count(&parts[c].want); i++) {
            int64_t index[TNN_MAX_RANK];
            unravel(&parts[c].want, i, index);
            index[axis] += begin;
            copy_elem(&to, ravel(&to, index), &parts[c].want, i);
        }
        begin += parts[c].want.dims[axis];
    }
    assert_int_equal(tnn_recipe_concat(&p.recipe, w->arena, recipes, n, axis, &w->err), TNN_OK);
    p.want = to;
    return p;
}

pair do_step(world *w, pair p) {
    uint64_t step = draw(w, 11);
    if (step == 0) return do_permute(w, p);
    if (step == 1 || step == 2) return do_reshape(w, p);
    if (step == 3) return do_expand(w, p);
    if (step == 4) return do_cast(w, p);
    if (step == 5) return do_pad(w, p);
    if (p.want.rank == 0) return p;
    uint8_t axis = (uint8_t)draw(w, p.want.rank);
    if (step == 6) return do_slice(w, p, axis);
    if (step == 7) return do_affine(w, p, axis);
    if (step == 8) return do_flip(w, p, axis);
    if (step == 9) return do_dilate(w, p, axis);
    return do_concat(w, p, axis);
}

pair make_tree(world *w) {
    pair p = draw(w, 8) == 0 ? make_fill(w) : make_source(w);
    int n_affine = 0;
    for (uint64_t n = draw(w, 8); n > 0 && count(&p.want) < MAX_ELEMS; n--) {
        const tnn_recipe *before = p.recipe;
        pair next = do_step(w, p);
        /* More than three could leave the integers that every dtype holds. */
        if (next.recipe->kind == TNN_RECIPE_AFFINE && before != next.recipe && ++n_affine > 3) break;
        p = next;
    }
    return p;
}

/* By value: scalings that were made one may give the other zero. */
void check_elems(const dense *want, int64_t start, const void *got, int64_t n) {
    for (int64_t i = 0; i < n; i++) {
        if (tnn_dtype_is_float(want->dtype))
            assert_true(tnn_elem_number(got, want->dtype, i) == tnn_elem_number(want->elems, want->dtype, start + i));
        else
            assert_int_equal(tnn_elem_integer(got, want->dtype, i),
                             tnn_elem_integer(want->elems, want->dtype, start + i));
    }
}

void check_range(const pair *p, int64_t start, int64_t n) {
    size_t n_bytes = tnn_dtype_bytes(p->want.dtype);
    uint8_t *got = malloc((size_t)n * n_bytes + 1);
    got[(size_t)n * n_bytes] = 0xA5;
    assert_int_equal(tnn_recipe_read(p->recipe, start, n, got, NULL), TNN_OK);
    check_elems(&p->want, start, got, n);
    assert_int_equal(got[(size_t)n * n_bytes], 0xA5);
    free(got);
}
