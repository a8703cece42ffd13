#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/cursor.h"

static const uint8_t bytes[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};

static void test_little_endian(void **state) {
    (void)state;
    tnn_cursor c = tnn_cursor_init(bytes, sizeof bytes, 0);
    assert_true(tnn_cursor_u8(&c) == 0x01);
    assert_true(tnn_cursor_u16(&c) == 0x0302);
    assert_true(tnn_cursor_u32(&c) == 0x07060504);
    assert_true(tnn_cursor_u64(&c) == UINT64_C(0x0f0e0d0c0b0a0908));
    assert_int_equal(tnn_cursor_left(&c), 0);
    assert_int_equal(tnn_cursor_check(&c, NULL, "a header", NULL), TNN_OK);
}

/* In a block of exactly `size` bytes, so that the sanitizer sees a read beyond it. */
static void test_every_bound(void **state) {
    (void)state;
    for (size_t size = 0; size <= sizeof bytes; size++) {
        uint8_t *block = malloc(size + (size == 0));
        memcpy(block, bytes, size);
        for (size_t n = 0; n <= sizeof bytes + 1; n++) {
            tnn_cursor c = tnn_cursor_init(block, size, 0);
            const uint8_t *got = tnn_cursor_bytes(&c, n);
            assert_int_equal(got != NULL, n <= size);
            assert_int_equal(c.failed, n > size);
            tnn_cursor_u64(&c);
            assert_int_equal(c.failed, n + 8 > size);
        }
        free(block);
    }
}

static void test_failure_is_sticky(void **state) {
    (void)state;
    tnn_cursor c = tnn_cursor_init(bytes, sizeof bytes, 1000);
    tnn_cursor_skip(&c, 10);
    assert_true(tnn_cursor_u64(&c) == 0);
    assert_true(tnn_cursor_u8(&c) == 0);
    assert_null(tnn_cursor_bytes(&c, 0));
    tnn_cursor_seek(&c, 0);
    assert_true(tnn_cursor_u8(&c) == 0);
    assert_int_equal(tnn_cursor_left(&c), 0);
    tnn_error err;
    assert_int_equal(tnn_cursor_check(&c, "model.pt2", "a record", &err), TNN_ERR_MALFORMED);
    assert_true(err.position == 1010);
    assert_string_equal(err.where, "model.pt2");
    assert_string_equal(err.message, "ends inside a record");
}

static void test_seek(void **state) {
    (void)state;
    tnn_cursor c = tnn_cursor_init(bytes, sizeof bytes, 0);
    tnn_cursor_seek(&c, sizeof bytes);
    assert_false(c.failed);
    tnn_cursor_seek(&c, 3);
    assert_true(tnn_cursor_u8(&c) == 4);
    tnn_cursor_seek(&c, sizeof bytes + 1);
    assert_true(c.failed);
    c = tnn_cursor_init(bytes, sizeof bytes, 0);
    tnn_cursor_skip(&c, 1);
    tnn_cursor_skip(&c, SIZE_MAX);
    assert_true(c.failed && c.failed_at == 1);
}

static void test_no_data(void **state) {
    (void)state;
    tnn_cursor c = tnn_cursor_init(NULL, 100, 0);
    assert_non_null(tnn_cursor_bytes(&c, 0));
    assert_true(tnn_cursor_u8(&c) == 0);
    assert_true(c.failed);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_little_endian),
        cmocka_unit_test(test_every_bound),
        cmocka_unit_test(test_failure_is_sticky),
        cmocka_unit_test(test_seek),
        cmocka_unit_test(test_no_data),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
