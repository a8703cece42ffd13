/* Patterns of names. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/glob.h"

static const char *const fitting[][2] = {
    {"", ""},          {"*", ""},          {"*", "conv"},           {"conv", "conv"},     {"c?nv", "conv"},
    {"c*", "conv"},    {"*v", "conv"},     {"c*v", "conv"},         {"*on*", "conv"},     {"**", "a"},
    {"a*b*c", "abbc"}, {"*ab", "aab"},     {"*.0.*", "x.0.1.0.y"}, {"????", "conv"},     {"*?", "a"},
};

static const char *const failing[][2] = {
    {"", "a"},      {"?", ""},     {"conv", "conv1"}, {"conv1", "conv"}, {"c?", "conv"},
    {"*x", "conv"}, {"x*", "conv"}, {"a*b*c", "acb"},  {"*ab", "aba"},    {"?*?", "a"},
};

static void fits(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof fitting / sizeof *fitting; i++)
        assert_true(tnn_glob(fitting[i][0], fitting[i][1], strlen(fitting[i][1])));
}

static void does_not_fit(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof failing / sizeof *failing; i++)
        assert_false(tnn_glob(failing[i][0], failing[i][1], strlen(failing[i][1])));
}

static void looks_at_the_first_letters_only(void **state) {
    (void)state;
    assert_true(tnn_glob("head", "head.conv", 4));
    assert_false(tnn_glob("head.*", "head.conv", 4));
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(fits), cmocka_unit_test(does_not_fit),
                                       cmocka_unit_test(looks_at_the_first_letters_only)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
