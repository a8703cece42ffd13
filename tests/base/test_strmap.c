#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "base/strmap.h"

#define N_KEYS 3000

static void *number(size_t n) {
    static char numbers[N_KEYS + 1];
    return &numbers[n];
}

static void test_set_and_find(void **state) {
    (void)state;
    tnn_arena *arena = tnn_arena_new();
    tnn_strmap map;
    char key[32];
    tnn_strmap_init(&map, arena);
    assert_null(tnn_strmap_find(&map, "0"));
    for (size_t i = 0; i < N_KEYS; i++) {
        snprintf(key, sizeof key, "layer.%zu", i * 7);
        assert_int_equal(tnn_strmap_set(&map, key, number(i)), TNN_OK);
    }
    assert_int_equal(map.n_entries, N_KEYS);
    for (size_t i = 0; i < N_KEYS; i++) {
        snprintf(key, sizeof key, "layer.%zu", i * 7);
        assert_ptr_equal(tnn_strmap_get(&map, key), number(i));
        assert_string_equal(map.entries[i].key, key);
    }
    assert_null(tnn_strmap_get(&map, "layer.1"));
    assert_null(tnn_strmap_get(&map, ""));
    tnn_arena_free(arena);
}

static void test_replace_keeps_the_place(void **state) {
    (void)state;
    tnn_arena *arena = tnn_arena_new();
    tnn_strmap map;
    tnn_strmap_init(&map, arena);
    assert_int_equal(tnn_strmap_set(&map, "a", number(1)), TNN_OK);
    assert_int_equal(tnn_strmap_set(&map, "b", NULL), TNN_OK);
    assert_int_equal(tnn_strmap_set(&map, "a", number(2)), TNN_OK);
    assert_int_equal(map.n_entries, 2);
    assert_ptr_equal(map.entries[0].value, number(2));
    assert_non_null(tnn_strmap_find(&map, "b"));
    assert_null(tnn_strmap_get(&map, "b"));
    tnn_arena_free(arena);
}

static void test_hash(void **state) {
    (void)state;
    /* The published values of FNV-1a for "" and "foobar". */
    assert_true(tnn_hash_bytes("", 0, 0) == UINT64_C(0xcbf29ce484222325));
    assert_true(tnn_hash_bytes("foobar", 6, 0) == UINT64_C(0x85944171f73967e8));
    assert_true(tnn_hash_bytes("foobar", 6, 1) != tnn_hash_bytes("foobar", 6, 0));
}

/* After a failed set the map is as it was. */
static void test_allocation_failures(void **state) {
    (void)state;
    size_t n_set = 0;
    char key[16];
    for (size_t k = 1; n_set < 40; k++) {
        tnn_arena *arena = tnn_arena_new();
        tnn_strmap map;
        tnn_strmap_init(&map, arena);
        tnn_alloc_fail_after(k);
        for (n_set = 0; n_set < 40; n_set++) {
            snprintf(key, sizeof key, "%zu", n_set);
            if (tnn_strmap_set(&map, key, number(n_set)) != TNN_OK) break;
        }
        tnn_alloc_fail_after(0);
        assert_int_equal(map.n_entries, n_set);
        for (size_t i = 0; i <= n_set; i++) {
            snprintf(key, sizeof key, "%zu", i);
            assert_ptr_equal(tnn_strmap_get(&map, key), i < n_set ? number(i) : NULL);
        }
        assert_int_equal(tnn_strmap_set(&map, "later", number(5)), TNN_OK);
        assert_ptr_equal(tnn_strmap_get(&map, "later"), number(5));
        tnn_arena_free(arena);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_set_and_find),
        cmocka_unit_test(test_replace_keeps_the_place),
        cmocka_unit_test(test_hash),
        cmocka_unit_test(test_allocation_failures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
