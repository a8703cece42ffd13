/* Recipes against arrays on which every step is done at once, index by index. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "ir/elems.h"
#include "ir/recipe.h"

#define N_TREES 6000
#define N_RANGES 6
#define MAX_ELEMS 4000

typedef struct dense {
    tnn_dtype dtype;
    uint8_t rank;
    int64_t dims[TNN_MAX_RANK];
    uint8_t *elems; /* in the arena */
} dense;

/* A recipe and what it must give. */
typedef struct pair {
    const tnn_recipe *recipe;
    dense want;
} pair;

typedef struct world {
    uint64_t random;
    tnn_arena *arena;
    tnn_error err;
} world;

static uint64_t draw(world *w, uint64_t below) {
    w->random = w->random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (w->random >> 33) % below;
}

static int64_t count(const dense *d) {
    int64_t n = 1;
    for (uint8_t k = 0; k < d->rank; k++) n *= d->dims[k];
    return n;
}

static dense dense_new(world *w, tnn_dtype dtype, uint8_t rank, const int64_t *dims) {
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
static pair make_source(world *w) {
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

static pair do_step(world *w, pair p) {
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

static pair make_tree(world *w) {
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
static void check_elems(const dense *want, int64_t start, const void *got, int64_t n) {
    for (int64_t i = 0; i < n; i++) {
        if (tnn_dtype_is_float(want->dtype))
            assert_true(tnn_elem_number(got, want->dtype, i) == tnn_elem_number(want->elems, want->dtype, start + i));
        else
            assert_int_equal(tnn_elem_integer(got, want->dtype, i),
                             tnn_elem_integer(want->elems, want->dtype, start + i));
    }
}

static void check_range(const pair *p, int64_t start, int64_t n) {
    size_t n_bytes = tnn_dtype_bytes(p->want.dtype);
    uint8_t *got = malloc((size_t)n * n_bytes + 1);
    got[(size_t)n * n_bytes] = 0xA5;
    assert_int_equal(tnn_recipe_read(p->recipe, start, n, got, NULL), TNN_OK);
    check_elems(&p->want, start, got, n);
    assert_int_equal(got[(size_t)n * n_bytes], 0xA5);
    free(got);
}

static void check_pair(world *w, const pair *p) {
    int64_t n = count(&p->want);
    assert_int_equal(p->recipe->dtype, p->want.dtype);
    assert_int_equal(p->recipe->rank, p->want.rank);
    for (uint8_t k = 0; k < p->want.rank; k++) assert_int_equal(p->recipe->dims[k], p->want.dims[k]);
    assert_int_equal(tnn_recipe_count(p->recipe), n);
    check_range(p, 0, n);
    for (int i = 0; i < N_RANGES; i++) {
        int64_t start = (int64_t)draw(w, (uint64_t)n + 1);
        check_range(p, start, (int64_t)draw(w, (uint64_t)(n - start) + 1));
    }
    const void *direct = tnn_recipe_direct(p->recipe);
    if (direct != NULL) check_elems(&p->want, 0, direct, n);
}

static void test_random_trees(void **state) {
    (void)state;
    for (uint64_t seed = 0; seed < N_TREES; seed++) {
        world w = {.random = seed * 7919 + 1, .arena = tnn_arena_new()};
        pair p = make_tree(&w);
        check_pair(&w, &p);
        tnn_arena_free(w.arena);
    }
}

static const tnn_recipe *source_f32(tnn_arena *arena, const float *bytes, uint8_t rank, const int64_t *dims) {
    int64_t strides[TNN_MAX_RANK], inner = 1;
    for (int k = rank - 1; k >= 0; k--) {
        strides[k] = inner;
        inner *= dims[k];
    }
    const tnn_recipe *recipe;
    assert_int_equal(tnn_recipe_source(&recipe, arena, NULL, bytes, (uint64_t)inner * 4, TNN_DTYPE_F32, rank, dims,
                                       strides, 0, NULL), TNN_OK);
    return recipe;
}

/* Transposes large enough for the blocked copy, in ranges that begin and end anywhere. */
static void test_large_transposes(void **state) {
    (void)state;
    static const int64_t shapes[][3] = {{3, 49, 300}, {2, 9, 513}, {1, 130, 257}, {5, 17, 33}, {1, 16, 16}};
    for (size_t s = 0; s < sizeof shapes / sizeof shapes[0]; s++) {
        world w = {.random = s + 1, .arena = tnn_arena_new()};
        const int64_t *dims = shapes[s];
        int64_t n = dims[0] * dims[1] * dims[2];
        pair p = {.want = dense_new(&w, TNN_DTYPE_F32, 3, (int64_t[]){dims[0], dims[2], dims[1]})};
        float *bytes = TNN_NEW_ARRAY(w.arena, (size_t)n, float);
        for (int64_t i = 0; i < n; i++) {
            bytes[i] = (float)i;
            int64_t a = i / (dims[1] * dims[2]), b = i / dims[2] % dims[1], c = i % dims[2];
            ((float *)(void *)p.want.elems)[(a * dims[2] + c) * dims[1] + b] = (float)i;
        }
        p.recipe = source_f32(w.arena, bytes, 3, dims);
        assert_int_equal(tnn_recipe_permute(&p.recipe, w.arena, p.recipe, (uint8_t[]){0, 2, 1}, NULL), TNN_OK);
        check_pair(&w, &p);
        for (int i = 0; i < 200; i++) {
            int64_t start = (int64_t)draw(&w, (uint64_t)n);
            check_range(&p, start, (int64_t)draw(&w, (uint64_t)(n - start)));
        }
        tnn_arena_free(w.arena);
    }
}

/* Folding a batch norm and turning a kernel copies nothing and leaves no step but the scaling. */
static void test_steps_reach_the_leaves(void **state) {
    (void)state;
    tnn_arena *arena = tnn_arena_new();
    static const float bytes[4 * 6 * 3 * 3];
    static const double scale[4] = {2, 3, 4, 5}, shift[4] = {1, 1, 1, 1};
    const tnn_recipe *r = source_f32(arena, bytes, 4, (int64_t[]){4, 6, 3, 3});
    assert_ptr_equal(tnn_recipe_direct(r), bytes);
    assert_int_equal(tnn_recipe_affine(&r, arena, r, 0, scale, shift, NULL), TNN_OK);
    assert_int_equal(tnn_recipe_affine(&r, arena, r, 0, scale, NULL, NULL), TNN_OK);
    assert_int_equal(tnn_recipe_permute(&r, arena, r, (uint8_t[]){0, 2, 3, 1}, NULL), TNN_OK);
    assert_int_equal(r->kind, TNN_RECIPE_AFFINE);
    assert_int_equal(r->children[0]->kind, TNN_RECIPE_SOURCE);
    assert_ptr_equal(r->children[0]->as.source.bytes, bytes);
    /* The channels in another order of their factors: an axis of the scales is split. */
    assert_int_equal(tnn_recipe_reshape(&r, arena, r, 5, (int64_t[]){2, 2, 3, 3, 6}, NULL), TNN_OK);
    assert_int_equal(tnn_recipe_permute(&r, arena, r, (uint8_t[]){1, 0, 2, 3, 4}, NULL), TNN_OK);
    assert_int_equal(r->kind, TNN_RECIPE_AFFINE);
    assert_int_equal(tnn_recipe_reshape(&r, arena, r, 4, (int64_t[]){4, 3, 3, 6}, NULL), TNN_OK);
    assert_int_equal(r->kind, TNN_RECIPE_RESHAPE);
    float got[4 * 54];
    assert_int_equal(tnn_recipe_read(r, 0, 4 * 54, got, NULL), TNN_OK);
    assert_true(got[0] == 2 && got[54] == 4 && got[108] == 3 && got[162] == 5);
    tnn_arena_free(arena);
}

static void test_no_ops_give_the_child(void **state) {
    (void)state;
    tnn_arena *arena = tnn_arena_new();
    static const float bytes[6];
    static const int64_t none[2];
    static const double ones[3] = {1, 1, 1}, zeros[3];
    const tnn_recipe *r = source_f32(arena, bytes, 2, (int64_t[]){2, 3}), *s;
    assert_int_equal(tnn_recipe_cast(&s, arena, r, TNN_DTYPE_F32, NULL), TNN_OK);
    assert_ptr_equal(s, r);
    assert_int_equal(tnn_recipe_pad(&s, arena, r, none, none, 7, NULL), TNN_OK);
    assert_ptr_equal(s, r);
    assert_int_equal(tnn_recipe_affine(&s, arena, r, 1, ones, zeros, NULL), TNN_OK);
    assert_ptr_equal(s, r);
    assert_int_equal(tnn_recipe_cast(&s, arena, r, TNN_DTYPE_F64, NULL), TNN_OK);
    assert_int_equal(tnn_recipe_cast(&s, arena, s, TNN_DTYPE_F32, NULL), TNN_OK);
    assert_ptr_equal(s, r);
    assert_int_equal(tnn_recipe_flip(&s, arena, r, 1, NULL), TNN_OK);
    assert_int_equal(tnn_recipe_flip(&s, arena, s, 1, NULL), TNN_OK);
    assert_ptr_equal(s, r);
    tnn_arena_free(arena);
}

/* A shape that needs the window split and then merged otherwise: permutes, and slices between whole indices, still
 * reach the leaf and evaluate nothing. */
static void test_merges_are_permuted(void **state) {
    (void)state;
    tnn_arena *arena = tnn_arena_new();
    float bytes[24], got[24];
    for (int i = 0; i < 24; i++) bytes[i] = (float)i;
    const tnn_recipe *r = source_f32(arena, bytes, 2, (int64_t[]){6, 4});
    assert_int_equal(tnn_recipe_permute(&r, arena, r, (uint8_t[]){1, 0}, NULL), TNN_OK);
    assert_int_equal(tnn_recipe_reshape(&r, arena, r, 2, (int64_t[]){2, 12}, NULL), TNN_OK);
    assert_int_equal(tnn_recipe_slice(&r, arena, r, 1, 6, 6, 1, NULL), TNN_OK);
    assert_int_equal(tnn_recipe_permute(&r, arena, r, (uint8_t[]){1, 0}, NULL), TNN_OK);
    assert_int_equal(r->kind, TNN_RECIPE_SOURCE);
    assert_ptr_equal(r->as.source.bytes, bytes);
    assert_int_equal(tnn_recipe_read(r, 0, 12, got, NULL), TNN_OK);
    for (int i = 0; i < 6; i++) assert_true(got[i * 2] == (float)(i * 4 + 1) && got[i * 2 + 1] == (float)(i * 4 + 3));
    tnn_arena_free(arena);
}

/* Two scalings of integers are not one: each truncates. */
static void test_affine_of_integers(void **state) {
    (void)state;
    tnn_arena *arena = tnn_arena_new();
    static const int32_t elems[2] = {3, -5};
    static const double half[1] = {0.5}, two[1] = {2};
    const tnn_recipe *r;
    int32_t got[2];
    assert_int_equal(tnn_recipe_copy(&r, arena, elems, TNN_DTYPE_I32, 2, (int64_t[]){1, 2}, NULL), TNN_OK);
    assert_int_equal(tnn_recipe_affine(&r, arena, r, 0, half, NULL, NULL), TNN_OK);
    assert_int_equal(tnn_recipe_affine(&r, arena, r, 0, two, NULL, NULL), TNN_OK);
    assert_int_equal(tnn_recipe_read(r, 0, 2, got, NULL), TNN_OK);
    assert_true(got[0] == 2 && got[1] == -4);
    tnn_arena_free(arena);
}

/* One rounding, from double: x * scale in float32 and then + shift would give another number here. */
static void test_affine_rounds_once(void **state) {
    (void)state;
    tnn_arena *arena = tnn_arena_new();
    static const float bytes[2] = {1.0F + 0x1p-12F, 3.0F};
    static const double scale[1] = {1.0 + 0x1p-12}, shift[1] = {-1.0};
    const tnn_recipe *r = source_f32(arena, bytes, 2, (int64_t[]){1, 2});
    float got[2];
    assert_int_equal(tnn_recipe_affine(&r, arena, r, 0, scale, shift, NULL), TNN_OK);
    assert_int_equal(tnn_recipe_read(r, 0, 2, got, NULL), TNN_OK);
    assert_true(got[0] == (float)((double)bytes[0] * scale[0] - 1.0));
    volatile float rounded = bytes[0] * (float)scale[0];
    assert_true(got[0] != rounded - 1.0F);
    tnn_arena_free(arena);
}

static void test_windows_are_checked(void **state) {
    (void)state;
    tnn_arena *arena = tnn_arena_new();
    static const float bytes[12];
    const tnn_recipe *r;
    tnn_error err;
    const struct { int64_t dims[2], strides[2], offset; tnn_status want; } cases[] = {
        {{3, 4}, {4, 1}, 0, TNN_OK},
        {{3, 4}, {4, 1}, 1, TNN_ERR_MALFORMED},
        {{3, 4}, {5, 1}, 0, TNN_ERR_MALFORMED},
        {{3, 4}, {-4, 1}, 8, TNN_ERR_MALFORMED},
        {{3, 4}, {4, 1}, -1, TNN_ERR_MALFORMED},
        {{1, 12}, {1000, 1}, 0, TNN_OK},
        {{0, 4}, {4, 1}, 99, TNN_OK},
        {{2, 2}, {INT64_MAX, INT64_MAX}, 0, TNN_ERR_MALFORMED},
        {{INT64_MAX, INT64_MAX}, {0, 0}, 0, TNN_ERR_LIMIT},
        {{-1, 4}, {4, 1}, 0, TNN_ERR_LIMIT},
        {{1000, 1000}, {0, 0}, 11, TNN_OK},
        {{1, 1}, {0, 0}, 12, TNN_ERR_MALFORMED},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_int_equal(tnn_recipe_source(&r, arena, NULL, bytes, sizeof bytes, TNN_DTYPE_F32, 2, cases[i].dims,
                                           cases[i].strides, cases[i].offset, &err), cases[i].want);
    int64_t nine[9] = {1, 1, 1, 1, 1, 1, 1, 1, 1};
    assert_int_equal(tnn_recipe_source(&r, arena, NULL, bytes, sizeof bytes, TNN_DTYPE_F32, 9, nine, nine, 0, &err),
                     TNN_ERR_INVALID);
    tnn_arena_free(arena);
}

static void test_refusals(void **state) {
    (void)state;
    tnn_arena *arena = tnn_arena_new();
    static const float bytes[12];
    const tnn_recipe *r = source_f32(arena, bytes, 2, (int64_t[]){3, 4}), *s;
    const tnn_recipe *t = source_f32(arena, bytes, 2, (int64_t[]){2, 3});
    const int64_t huge[2] = {INT64_MAX, 0}, none[2] = {0, 0}, cut[2] = {-2, 0};
    tnn_error e;
    assert_int_equal(tnn_recipe_reshape(&s, arena, r, 1, (int64_t[]){13}, &e), TNN_ERR_INVALID);
    assert_string_equal(e.message, "a constant of 12 elements reshaped to 13");
    assert_int_equal(tnn_recipe_permute(&s, arena, r, (uint8_t[]){0, 0}, &e), TNN_ERR_INVALID);
    assert_int_equal(tnn_recipe_permute(&s, arena, r, (uint8_t[]){0, 2}, &e), TNN_ERR_INVALID);
    assert_int_equal(tnn_recipe_expand(&s, arena, r, 2, (int64_t[]){3, 5}, &e), TNN_ERR_INVALID);
    assert_int_equal(tnn_recipe_expand(&s, arena, r, 1, (int64_t[]){4}, &e), TNN_ERR_INVALID);
    assert_int_equal(tnn_recipe_slice(&s, arena, r, 1, 2, 3, 1, &e), TNN_ERR_INVALID);
    assert_int_equal(tnn_recipe_slice(&s, arena, r, 1, 0, 2, INT64_MAX, &e), TNN_ERR_INVALID);
    assert_int_equal(tnn_recipe_slice(&s, arena, r, 2, 0, 1, 1, &e), TNN_ERR_INVALID);
    assert_int_equal(tnn_recipe_pad(&s, arena, r, huge, none, 0, &e), TNN_ERR_LIMIT);
    assert_int_equal(tnn_recipe_pad(&s, arena, r, cut, cut, 0, &e), TNN_ERR_INVALID);
    assert_int_equal(tnn_recipe_dilate(&s, arena, r, 0, INT64_MAX, &e), TNN_ERR_LIMIT);
    assert_int_equal(tnn_recipe_dilate(&s, arena, r, 0, 0, &e), TNN_ERR_INVALID);
    assert_int_equal(tnn_recipe_concat(&s, arena, &r, 0, 0, &e), TNN_ERR_INVALID);
    assert_int_equal(tnn_recipe_concat(&s, arena, (const tnn_recipe *const[]){r, t}, 2, 0, &e), TNN_ERR_INVALID);
    float out[12];
    assert_int_equal(tnn_recipe_read(r, 10, 3, out, &e), TNN_ERR_INVALID);
    assert_int_equal(tnn_recipe_read(r, -1, 1, out, &e), TNN_ERR_INVALID);
    tnn_arena_free(arena);
}

/* However many steps there are, a walk over the tree needs little stack, and the numbers stay right. */
static void test_depth_is_bounded(void **state) {
    (void)state;
    tnn_arena *arena = tnn_arena_new();
    static const float bytes[6] = {1, 2, 3, 4, 5, 6};
    const tnn_recipe *r = source_f32(arena, bytes, 2, (int64_t[]){2, 3});
    for (int i = 0; i < 1000; i++) {
        assert_int_equal(tnn_recipe_flip(&r, arena, r, (uint8_t)(i % 2), NULL), TNN_OK);
        assert_true(r->depth <= TNN_RECIPE_MAX_DEPTH);
    }
    float got[6];
    assert_int_equal(tnn_recipe_read(r, 0, 6, got, NULL), TNN_OK);
    assert_memory_equal(got, bytes, sizeof bytes);
    tnn_arena_free(arena);
}

/* A constant joined with itself, and the result with itself, along one axis and along two. */
static void test_number_of_nodes_is_bounded(void **state) {
    (void)state;
    static const float bytes[6] = {1, 2, 3, 4, 5, 6};
    for (int n_axes = 1; n_axes <= 2; n_axes++) {
        tnn_arena *arena = tnn_arena_new();
        const tnn_recipe *r = source_f32(arena, bytes, 2, (int64_t[]){2, 3});
        tnn_status status = TNN_OK;
        int i = 0;
        for (; status == TNN_OK && i < 40; i++) {
            assert_true(r->n_nodes <= TNN_RECIPE_MAX_NODES);
            status = tnn_recipe_concat(&r, arena, (const tnn_recipe *const[]){r, r}, 2, (uint8_t)(i % n_axes), NULL);
        }
        assert_int_equal(status, TNN_ERR_LIMIT);
        assert_true(i > 10 && i < 20);
        tnn_arena_free(arena);
    }
}

static void test_same_and_hash(void **state) {
    (void)state;
    tnn_arena *arena = tnn_arena_new();
    static const float bytes[24];
    static const double scale[2][3] = {{1, 2, 3}, {1, 2, 3}}, other[3] = {1, 2, 4};
    const tnn_recipe *r[3];
    for (int i = 0; i < 3; i++) {
        r[i] = source_f32(arena, bytes, 2, (int64_t[]){8, 3});
        assert_int_equal(tnn_recipe_affine(&r[i], arena, r[i], 1, i < 2 ? scale[i] : other, NULL, NULL), TNN_OK);
        assert_int_equal(tnn_recipe_permute(&r[i], arena, r[i], (uint8_t[]){1, 0}, NULL), TNN_OK);
    }
    assert_true(tnn_recipe_same(r[0], r[1]));
    assert_true(tnn_recipe_hash(r[0]) == tnn_recipe_hash(r[1]));
    assert_false(tnn_recipe_same(r[0], r[2]));
    const tnn_recipe *a, *b;
    assert_int_equal(tnn_recipe_slice(&a, arena, r[0], 1, 0, 4, 1, NULL), TNN_OK);
    assert_int_equal(tnn_recipe_slice(&b, arena, r[1], 1, 4, 4, 1, NULL), TNN_OK);
    assert_false(tnn_recipe_same(a, b));
    assert_int_equal(tnn_recipe_fill(&a, arena, TNN_DTYPE_F32, 0, NULL, 0.0, 0, NULL), TNN_OK);
    assert_int_equal(tnn_recipe_fill(&b, arena, TNN_DTYPE_F32, 0, NULL, -0.0, 0, NULL), TNN_OK);
    assert_false(tnn_recipe_same(a, b));
    tnn_arena_free(arena);
}

/* Built twice from the same bytes, a random tree is the same and hashes the same. */
static void test_same_random_trees(void **state) {
    (void)state;
    for (uint64_t seed = 0; seed < 300; seed++) {
        world w = {.random = seed, .arena = tnn_arena_new()};
        pair p = make_source(&w);
        pair q = p;
        world again = w;
        for (int i = 0; i < 3; i++) p = do_step(&w, p);
        for (int i = 0; i < 3; i++) q = do_step(&again, q);
        bool evaluated = false; /* into a block of its own */
        for (const tnn_recipe *r = p.recipe; !evaluated && r->n_children > 0; r = r->children[0])
            evaluated = r->children[0]->kind == TNN_RECIPE_SOURCE && r->children[0]->as.source.file == NULL;
        if (tnn_recipe_same(p.recipe, q.recipe))
            assert_true(tnn_recipe_hash(p.recipe) == tnn_recipe_hash(q.recipe));
        else
            assert_true(evaluated || p.recipe->kind == TNN_RECIPE_SOURCE);
        tnn_arena_free(w.arena);
    }
}

/* A copy outlives its original; what is released is read again from the file. */
static void test_copy_and_release(void **state) {
    (void)state;
    tnn_arena *arena = tnn_arena_new();
    int16_t elems[6] = {1, 2, 3, 4, 5, 6}, got[6];
    const tnn_recipe *r, *s;
    assert_int_equal(tnn_recipe_copy(&r, arena, elems, TNN_DTYPE_I16, 2, (int64_t[]){2, 3}, NULL), TNN_OK);
    memset(elems, 0, sizeof elems);
    assert_int_equal(tnn_recipe_read(r, 0, 6, got, NULL), TNN_OK);
    assert_memory_equal(got, ((int16_t[]){1, 2, 3, 4, 5, 6}), sizeof got);
    assert_int_equal(tnn_recipe_bytes(r), 12);
    tnn_recipe_release(r);
    assert_int_equal(tnn_recipe_copy(&s, arena, NULL, TNN_DTYPE_I16, 2, (int64_t[]){0, 3}, NULL), TNN_OK);
    assert_int_equal(s->kind, TNN_RECIPE_FILL);

    tnn_file *file;
    assert_int_equal(tnn_file_from_bytes(&file, "weights", got, sizeof got, NULL), TNN_OK);
    assert_int_equal(tnn_recipe_source(&r, arena, file, file->data, file->size, TNN_DTYPE_I16, 2, (int64_t[]){3, 2},
                                       (int64_t[]){1, 3}, 0, NULL), TNN_OK);
    assert_int_equal(tnn_recipe_cast(&r, arena, r, TNN_DTYPE_I32, NULL), TNN_OK);
    tnn_recipe_release(r);
    int32_t wide[6];
    assert_int_equal(tnn_recipe_read(r, 0, 6, wide, NULL), TNN_OK);
    assert_memory_equal(wide, ((int32_t[]){1, 4, 2, 5, 3, 6}), sizeof wide);
    tnn_file_free(file);
    tnn_arena_free(arena);
}

/* Whatever allocation fails, the answer is TNN_ERR_NOMEM and nothing leaks. */
static tnn_status build(tnn_arena *arena, float *out) {
    static const float bytes[4 * 3 * 2];
    static const double scale[4] = {2, 3, 4, 5};
    static const int64_t one[3] = {1, 0, 1}, dims[3] = {4, 3, 2}, strides[3] = {1, 8, 4};
    const tnn_recipe *r, *s;
    TNN_TRY(tnn_recipe_source(&r, arena, NULL, bytes, sizeof bytes, TNN_DTYPE_F32, 3, dims, strides, 0, NULL));
    TNN_TRY(tnn_recipe_affine(&r, arena, r, 0, scale, NULL, NULL));
    TNN_TRY(tnn_recipe_affine(&r, arena, r, 0, scale, scale, NULL));
    TNN_TRY(tnn_recipe_cast(&s, arena, r, TNN_DTYPE_F64, NULL));
    TNN_TRY(tnn_recipe_flip(&s, arena, s, 1, NULL));
    TNN_TRY(tnn_recipe_cast(&s, arena, s, TNN_DTYPE_F32, NULL));
    TNN_TRY(tnn_recipe_concat(&r, arena, (const tnn_recipe *const[]){r, s}, 2, 1, NULL));
    TNN_TRY(tnn_recipe_pad(&r, arena, r, one, one, 0, NULL));
    TNN_TRY(tnn_recipe_dilate(&r, arena, r, 2, 2, NULL));
    TNN_TRY(tnn_recipe_permute(&r, arena, r, (uint8_t[]){2, 0, 1}, NULL));
    TNN_TRY(tnn_recipe_reshape(&r, arena, r, 2, (int64_t[]){6 * 7, 6}, NULL));
    TNN_TRY(tnn_recipe_slice(&r, arena, r, 0, 3, 20, 1, NULL));
    TNN_TRY(tnn_recipe_reshape(&r, arena, r, 3, (int64_t[]){1, 20, 6}, NULL));
    TNN_TRY(tnn_recipe_expand(&r, arena, r, 3, (int64_t[]){2, 20, 6}, NULL));
    double *numbers;
    TNN_TRY(tnn_recipe_numbers(&numbers, arena, r, NULL));
    return tnn_recipe_read(r, 0, tnn_recipe_count(r), out, NULL);
}

static void test_allocation_failures(void **state) {
    (void)state;
    float out[2 * 20 * 6];
    tnn_status status = TNN_ERR_NOMEM;
    size_t k = 1;
    for (; status != TNN_OK; k++) {
        tnn_arena *arena = tnn_arena_new();
        tnn_alloc_fail_after(k);
        status = build(arena, out);
        tnn_alloc_fail_after(0);
        assert_true(status == TNN_OK || status == TNN_ERR_NOMEM);
        tnn_arena_free(arena);
    }
    assert_true(k > 20);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_random_trees),
        cmocka_unit_test(test_large_transposes),
        cmocka_unit_test(test_steps_reach_the_leaves),
        cmocka_unit_test(test_no_ops_give_the_child),
        cmocka_unit_test(test_merges_are_permuted),
        cmocka_unit_test(test_affine_of_integers),
        cmocka_unit_test(test_affine_rounds_once),
        cmocka_unit_test(test_windows_are_checked),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_depth_is_bounded),
        cmocka_unit_test(test_number_of_nodes_is_bounded),
        cmocka_unit_test(test_same_and_hash),
        cmocka_unit_test(test_same_random_trees),
        cmocka_unit_test(test_copy_and_release),
        cmocka_unit_test(test_allocation_failures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
