#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/fail.h"
#include "tinynn/version.h"

static void check_text(const tnn_error *err, const char *want) {
    char text[1200];
    assert_int_equal(tnn_error_format(err, text, sizeof text), strlen(want));
    assert_string_equal(text, want);
}

static void test_format(void **state) {
    (void)state;
    tnn_error err;
    assert_int_equal(tnn_fail(&err, TNN_ERR_LIMIT, NULL, "%d is too much", 7), TNN_ERR_LIMIT);
    assert_int_equal(err.code, TNN_ERR_LIMIT);
    check_text(&err, "7 is too much");
    tnn_fail(&err, TNN_ERR_IO, "a.pt2", "gone");
    check_text(&err, "a.pt2: gone");
    tnn_fail_at(&err, TNN_ERR_MALFORMED, "a.pt2", 18, "bad");
    check_text(&err, "a.pt2 @18: bad");
    tnn_fail_at(&err, TNN_ERR_MALFORMED, NULL, 0, "bad");
    check_text(&err, "@0: bad");
    char cut[4];
    assert_int_equal(tnn_error_format(&err, cut, sizeof cut), 7);
    assert_string_equal(cut, "@0:");
}

static void test_one_line(void **state) {
    (void)state;
    tnn_error err;
    char text[2000];
    tnn_fail(&err, TNN_ERR_INVALID, "a\nb", "c\r\nd");
    check_text(&err, "a b: c  d");
    memset(text, 'x', sizeof text);
    text[sizeof text - 1] = '\0';
    tnn_fail(&err, TNN_ERR_INVALID, text, "%s", text);
    assert_int_equal(strlen(err.where), sizeof err.where - 1);
    assert_int_equal(strlen(err.message), sizeof err.message - 1);
}

/* A message made of the record's own message. */
static void test_wrap(void **state) {
    (void)state;
    tnn_error err;
    tnn_fail(&err, TNN_ERR_INVALID, "here", "inner");
    tnn_fail(&err, TNN_ERR_INVALID, err.where, "outer (%s)", err.message);
    check_text(&err, "here: outer (inner)");
}

static void test_prefix(void **state) {
    (void)state;
    tnn_error err;
    tnn_fail(&err, TNN_ERR_INVALID, NULL, "bad");
    tnn_error_prefix(&err, "part");
    check_text(&err, "part: bad");
    tnn_error_prefix(&err, "file");
    check_text(&err, "file: part: bad");
    char text[400];
    memset(text, 'y', sizeof text);
    text[sizeof text - 1] = '\0';
    tnn_error_prefix(&err, text);
    assert_int_equal(strlen(err.where), sizeof err.where - 1);
    tnn_error_prefix(NULL, "x");
}

static void test_no_record(void **state) {
    (void)state;
    assert_int_equal(tnn_fail(NULL, TNN_ERR_IO, "x", "y"), TNN_ERR_IO);
    assert_int_equal(tnn_fail_at(NULL, TNN_ERR_IO, "x", 1, "y"), TNN_ERR_IO);
    assert_int_equal(tnn_fail_nomem(NULL), TNN_ERR_NOMEM);
}

static void test_names(void **state) {
    (void)state;
    assert_string_equal(tnn_status_name(TNN_OK), "ok");
    assert_string_equal(tnn_status_name(TNN_ERR_MALFORMED), "malformed");
    assert_string_equal(tnn_status_name(TNN_ERR_INTERNAL), "internal");
    assert_string_equal(tnn_status_name(TNN_ERR_CANCELLED), "cancelled");
    assert_string_equal(tnn_status_name((tnn_status)99), "unknown");
    assert_string_equal(tnn_version(), TINYNN_VERSION);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_format), cmocka_unit_test(test_one_line),  cmocka_unit_test(test_wrap),
        cmocka_unit_test(test_prefix), cmocka_unit_test(test_no_record), cmocka_unit_test(test_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
