/* Entries of tar archives. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "read/tar.h"

typedef struct made_tar {
    char bytes[4096];
    size_t size;
} made_tar;

static void add(made_tar *tar, const char *name, const char *size_in_octal, const char *content) {
    char *header = tar->bytes + tar->size;
    memcpy(header, name, strlen(name));
    memcpy(header + 124, size_in_octal, strlen(size_in_octal));
    memcpy(header + 257, "ustar", 5);
    memcpy(header + 512, content, strlen(content));
    tar->size += 512 + (strlen(content) + 511) / 512 * 512;
}

static void finds_entries(void **state) {
    (void)state;
    made_tar tar = {.size = 0};
    size_t n_bytes = 0;
    add(&tar, "./first", "00000000005 ", "hello");
    add(&tar, "empty", "0", "");
    add(&tar, "second", "3", "abc");
    assert_true(tnn_tar_is(tar.bytes, tar.size));
    assert_memory_equal(tnn_tar_find(tar.bytes, tar.size, "first", &n_bytes), "hello", 5);
    assert_int_equal(n_bytes, 5);
    assert_memory_equal(tnn_tar_find(tar.bytes, tar.size, "second", &n_bytes), "abc", 3);
    assert_non_null(tnn_tar_find(tar.bytes, tar.size, "empty", &n_bytes));
    assert_int_equal(n_bytes, 0);
    assert_null(tnn_tar_find(tar.bytes, tar.size, "sec", &n_bytes));
    for (size_t size = 0; size < tar.size - 512; size++) tnn_tar_find(tar.bytes, size, "second", &n_bytes);
}

static void refuses_sizes_that_lie(void **state) {
    (void)state;
    made_tar tar = {.size = 0};
    size_t n_bytes = 0;
    add(&tar, "first", "777777777777777777777777", "hello");
    add(&tar, "second", "3", "abc");
    assert_null(tnn_tar_find(tar.bytes, tar.size, "first", &n_bytes));
    assert_null(tnn_tar_find(tar.bytes, tar.size, "second", &n_bytes));
    assert_false(tnn_tar_is(tar.bytes, 260));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_entries),
        cmocka_unit_test(refuses_sizes_that_lie),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
