#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "base/arena.h"

/* Blocks of all sizes are zeroed, aligned and apart. */
static void test_blocks(void **state) {
    (void)state;
    static const size_t sizes[] = {1, 0, 15, 16, 17, 4000, 8191, 8192, 8193, 32768, 100000, 3};
    enum { N = sizeof sizes / sizeof sizes[0] };
    tnn_arena *arena = tnn_arena_new();
    unsigned char *blocks[N];
    for (size_t round = 0; round < 20; round++) {
        for (size_t i = 0; i < N; i++) {
            blocks[i] = tnn_arena_alloc(arena, sizes[i], 1);
            assert_non_null(blocks[i]);
            assert_true((uintptr_t)blocks[i] % _Alignof(max_align_t) == 0);
            for (size_t b = 0; b < sizes[i]; b++) assert_int_equal(blocks[i][b], 0);
            memset(blocks[i], (int)i + 1, sizes[i]);
        }
        for (size_t i = 0; i < N; i++)
            for (size_t b = 0; b < sizes[i]; b++) assert_int_equal(blocks[i][b], i + 1);
    }
    assert_null(tnn_arena_alloc(arena, SIZE_MAX, 2));
    assert_null(tnn_arena_alloc(arena, SIZE_MAX, 1));
    assert_null(tnn_arena_alloc(arena, PTRDIFF_MAX, 1));
    tnn_arena_free(arena);
    tnn_arena_free(NULL);
}

static void test_texts(void **state) {
    (void)state;
    tnn_arena *arena = tnn_arena_new();
    assert_string_equal(tnn_arena_str(arena, "abc"), "abc");
    assert_null(tnn_arena_str(arena, NULL));
    assert_string_equal(tnn_arena_strn(arena, "abcdef", 3), "abc");
    assert_string_equal(tnn_arena_strn(arena, NULL, 0), "");
    assert_null(tnn_arena_strn(arena, "x", SIZE_MAX));
    assert_string_equal(tnn_arena_printf(arena, "%d-%s", 7, "x"), "7-x");
    assert_memory_equal(tnn_arena_copy(arena, "wxyz", 2, 2), "wxyz", 4);
    assert_non_null(tnn_arena_copy(arena, NULL, 0, 8));
    tnn_arena_free(arena);
}

static void test_grow(void **state) {
    (void)state;
    tnn_arena *arena = tnn_arena_new();
    int *items = NULL;
    size_t cap = 0;
    for (int i = 0; i < 1000; i++) {
        items = tnn_arena_grow(arena, items, (size_t)i, &cap, (size_t)i + 1, sizeof *items);
        assert_non_null(items);
        items[i] = i;
    }
    for (int i = 0; i < 1000; i++) assert_int_equal(items[i], i);
    assert_true(cap < 2048);
    assert_non_null(tnn_arena_grow(arena, NULL, 0, &(size_t){0}, 0, 8));
    assert_null(tnn_arena_grow(arena, items, 1000, &cap, SIZE_MAX, sizeof *items));
    assert_true(cap < 2048);
    tnn_arena_free(arena);
}

static char ran[8];

static void note(void *data) {
    strcat(ran, data);
}

static void test_deferred_run_backwards(void **state) {
    (void)state;
    tnn_arena *arena = tnn_arena_new();
    ran[0] = '\0';
    assert_int_equal(tnn_arena_defer(arena, note, "a"), TNN_OK);
    assert_int_equal(tnn_arena_defer(arena, note, "b"), TNN_OK);
    tnn_alloc_fail_after(1);
    assert_int_equal(tnn_arena_defer(arena, note, "c"), TNN_ERR_NOMEM);
    tnn_alloc_fail_after(0);
    assert_string_equal(ran, "");
    tnn_arena_free(arena);
    assert_string_equal(ran, "ba");
}

/* Every call, with allocation k failing, for every k. */
static size_t n_failed(tnn_arena *arena) {
    size_t cap = 2, n = 0;
    int two[2] = {1, 2};
    n += tnn_arena_alloc(arena, 10, 1) == NULL;
    n += tnn_arena_alloc(arena, 100000, 1) == NULL;
    n += tnn_arena_str(arena, "abc") == NULL;
    n += tnn_arena_printf(arena, "%d", 5) == NULL;
    n += tnn_arena_copy(arena, two, 2, sizeof two[0]) == NULL;
    n += tnn_arena_grow(arena, two, 2, &cap, 3, sizeof two[0]) == NULL;
    return n;
}

static void test_allocation_failures(void **state) {
    (void)state;
    size_t failed = 1;
    tnn_alloc_fail_after(1);
    assert_null(tnn_arena_new());
    for (size_t k = 1; failed != 0; k++) {
        tnn_alloc_fail_after(0);
        tnn_arena *arena = tnn_arena_new();
        tnn_alloc_fail_after(k);
        failed = n_failed(arena);
        tnn_alloc_fail_after(0);
        assert_true(k < 20 && (k > 1 || failed == 6));
        assert_non_null(tnn_arena_alloc(arena, 1, 1));
        tnn_arena_free(arena);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_blocks),
        cmocka_unit_test(test_texts),
        cmocka_unit_test(test_grow),
        cmocka_unit_test(test_deferred_run_backwards),
        cmocka_unit_test(test_allocation_failures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
