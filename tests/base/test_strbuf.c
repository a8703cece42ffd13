#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "base/strbuf.h"
#include "tinynn/model.h"

static void test_add(void **state) {
    (void)state;
    tnn_strbuf buf = {0};
    tnn_strbuf_addn(&buf, "", 0);
    assert_string_equal(buf.data, "");
    tnn_strbuf_add(&buf, "ab");
    tnn_strbuf_addn(&buf, "cdef", 2);
    tnn_strbuf_printf(&buf, "-%05d-%s", 42, "x");
    assert_string_equal(buf.data, "abcd-00042-x");
    assert_int_equal(buf.length, strlen(buf.data));
    for (int i = 0; i < 1000; i++) tnn_strbuf_add(&buf, "0123456789");
    assert_int_equal(buf.length, 10012);
    assert_int_equal(strlen(buf.data), 10012);
    tnn_strbuf_free(&buf);
    assert_null(buf.data);
}

static void test_take(void **state) {
    (void)state;
    tnn_strbuf buf = {0};
    tnn_strbuf_add(&buf, "text");
    char *text = tnn_strbuf_take(&buf);
    assert_string_equal(text, "text");
    tnn_text_free(text);
    text = tnn_strbuf_take(&buf);
    assert_string_equal(text, "");
    tnn_text_free(text);
    tnn_text_free(NULL);
}

static void check_json(const char *text, const char *want) {
    tnn_strbuf buf = {0};
    tnn_strbuf_json(&buf, text);
    assert_string_equal(buf.data, want);
    tnn_strbuf_free(&buf);
}

static void test_json(void **state) {
    (void)state;
    check_json("", "\"\"");
    check_json("a\"b\\c/", "\"a\\\"b\\\\c/\"");
    check_json("\n\t\x01\x7f", "\"\\u000a\\u0009\\u0001\x7f\"");
    check_json("\xc3\xb6\xc3\x9f \xe2\x82\xac \xf0\x9f\x98\x80", "\"\xc3\xb6\xc3\x9f \xe2\x82\xac \xf0\x9f\x98\x80\"");
    /* A lone tail, an overlong form, a surrogate, a value too large, a character cut short. */
    check_json("\x80", "\"\\ufffd\"");
    check_json("\xc0\xaf", "\"\\ufffd\\ufffd\"");
    check_json("\xed\xa0\x80", "\"\\ufffd\\ufffd\\ufffd\"");
    check_json("\xf4\x90\x80\x80", "\"\\ufffd\\ufffd\\ufffd\\ufffd\"");
    check_json("\xe2\x82", "\"\\ufffd\\ufffd\"");
}

static void test_html(void **state) {
    (void)state;
    tnn_strbuf buf = {0};
    tnn_strbuf_html(&buf, "<a href=\"x\">&'\n\x80 \xc3\xb6</a>");
    assert_string_equal(buf.data, "&#60;a href=&#34;x&#34;&#62;&#38;&#39;&#65533;&#65533; \xc3\xb6&#60;/a&#62;");
    tnn_strbuf_free(&buf);
}

static void test_failure_is_sticky(void **state) {
    (void)state;
    for (size_t k = 1; k <= 3; k++) {
        tnn_strbuf buf = {0};
        tnn_alloc_fail_after(k);
        for (int i = 0; i < 50; i++) tnn_strbuf_printf(&buf, "%s", "0123456789");
        tnn_alloc_fail_after(0);
        assert_true(buf.failed);
        tnn_strbuf_add(&buf, "x");
        assert_null(tnn_strbuf_take(&buf));
        assert_null(buf.data);
        assert_false(buf.failed);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_add),
        cmocka_unit_test(test_take),
        cmocka_unit_test(test_json), cmocka_unit_test(test_html),
        cmocka_unit_test(test_failure_is_sticky),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
