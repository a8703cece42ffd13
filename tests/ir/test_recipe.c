/* Recipes: what their steps give, what they become, refuse and cost. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "ir/elems.h"
#include "recipe_world.h"

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

/* Two integers a byte, in ranges of every count. */
static void test_nibbles(void **state) {
    (void)state;
    tnn_arena *arena = tnn_arena_new();
    enum { MOST = 9 };
    int8_t numbers[2 * MOST];
    uint8_t bytes[MOST];
    for (int i = 0; i < 2 * MOST; i++) numbers[i] = (int8_t)(i * 5 % 15 - 7);
    for (int64_t n = 0; n <= MOST; n++) {
        const tnn_recipe *child, *packed;
        int64_t count = 2 * n, last = n - 1;
        assert_int_equal(tnn_recipe_copy(&child, arena, numbers, TNN_DTYPE_I8, 2, (int64_t[]){2, n}, NULL), TNN_OK);
        if (n % 2 != 0) { /* an odd count: without the last one */
            count--;
            assert_int_equal(tnn_recipe_copy(&child, arena, numbers, TNN_DTYPE_I8, 1, &count, NULL), TNN_OK);
        }
        assert_int_equal(tnn_recipe_nibbles(&packed, arena, child, NULL), TNN_OK);
        assert_int_equal(packed->dtype, TNN_DTYPE_U8);
        assert_int_equal(tnn_recipe_count(packed), n);
        for (int64_t start = 0; start < n; start++) {
            assert_int_equal(tnn_recipe_read(packed, start, n - start, bytes, NULL), TNN_OK);
            assert_int_equal(bytes[0] & 15, numbers[2 * start] & 15);
            assert_int_equal(bytes[last - start] >> 4, 2 * n > count ? 0 : numbers[2 * last + 1] & 15);
        }
    }
    const tnn_recipe *floats = source_f32(arena, (const float[]){1}, 1, (int64_t[]){1});
    assert_int_equal(tnn_recipe_nibbles(&floats, arena, floats, NULL), TNN_ERR_INVALID);
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
        cmocka_unit_test(test_nibbles),
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
