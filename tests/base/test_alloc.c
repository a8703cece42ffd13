/* The heap: overflow, failure on demand, blocks of no bytes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/alloc.h"

static void test_overflow_is_refused(void **state) {
    (void)state;
    size_t product = 7;
    assert_true(tnn_mul_size(SIZE_MAX / 2, 2, &product));
    assert_true(product == SIZE_MAX - 1);
    assert_false(tnn_mul_size(SIZE_MAX / 2 + 1, 2, &product));
    assert_true(tnn_mul_size(SIZE_MAX, 0, &product));
    assert_true(product == 0);
    assert_null(tnn_alloc(SIZE_MAX / 4, 8));
    assert_null(tnn_alloc_zero(SIZE_MAX, SIZE_MAX));
    assert_null(tnn_realloc(NULL, SIZE_MAX, 2));
}

static void test_no_bytes(void **state) {
    (void)state;
    void *block = tnn_alloc(0, 8), *other = tnn_alloc_zero(8, 0);
    assert_non_null(block);
    assert_non_null(other);
    tnn_free(block);
    tnn_free(other);
    tnn_free(NULL);
}

static void test_realloc_keeps(void **state) {
    (void)state;
    char *block = tnn_alloc_zero(4, 1);
    block[3] = 'x';
    tnn_alloc_fail_after(1);
    assert_null(tnn_realloc(block, 1000, 1));
    tnn_alloc_fail_after(0);
    assert_int_equal(block[3], 'x');
    block = tnn_realloc(block, 1000, 1);
    assert_int_equal(block[3], 'x');
    tnn_free(block);
}

static void test_failure_on_demand(void **state) {
    (void)state;
    tnn_alloc_fail_after(3);
    void *first = tnn_alloc(1, 1), *second = tnn_alloc(1, 1);
    assert_non_null(first);
    assert_non_null(second);
    assert_null(tnn_alloc(1, 1));
    assert_null(tnn_alloc_zero(1, 1));
    assert_true(tnn_alloc_must_fail());
    tnn_alloc_fail_after(0);
    assert_false(tnn_alloc_must_fail());
    tnn_free(first);
    tnn_free(second);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_overflow_is_refused),
        cmocka_unit_test(test_no_bytes),
        cmocka_unit_test(test_realloc_keeps),
        cmocka_unit_test(test_failure_on_demand),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
