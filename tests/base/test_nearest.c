/* Misspelled names find the one that was meant. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/nearest.h"

static const char *const names[] = {"schema", "text", "custom_code", "attributes", "layout"};

static void finds(void **state) {
    (void)state;
    static const char *const cases[][2] = {{"schema", "schema"}, {"shema", "schema"},        {"tex", "text"},
                                           {"tetx", "text"},     {"customcode", "custom_code"}, {"attribute", "attributes"},
                                           {"lyout", "layout"},  {"xlayoutx", "layout"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(tnn_nearest(cases[i][0], names, 5), cases[i][1]);
}

static void finds_nothing(void **state) {
    (void)state;
    char longer[200];
    memset(longer, 'x', sizeof longer - 1);
    longer[sizeof longer - 1] = '\0';
    const char *const long_names[] = {longer};
    assert_null(tnn_nearest("zzzzzz", names, 5));
    assert_null(tnn_nearest("", names, 5));
    assert_null(tnn_nearest("text", names, 0));
    assert_null(tnn_nearest(longer, names, 5));
    assert_null(tnn_nearest("text", long_names, 1));
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(finds), cmocka_unit_test(finds_nothing)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
