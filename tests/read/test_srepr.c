/* Sizes as sympy prints them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "read/srepr.h"

#define S0 "Symbol('s0', positive=True, integer=True)"

static tnn_arena *arena;
static tnn_symbols symbols;

static int setup(void **state) {
    (void)state;
    arena = tnn_arena_new();
    tnn_symbols_init(&symbols, arena, arena);
    return tnn_symbols_set(&symbols, "s0", 7, NULL) != TNN_OK;
}

static int teardown(void **state) {
    (void)state;
    tnn_arena_free(arena);
    return 0;
}

static void expect(const char *text, int64_t hint, const char *printed) {
    tnn_size size = {0, NULL};
    tnn_error err = {.message = ""};
    tnn_strbuf out = {0};
    tnn_status status = tnn_srepr_parse(&symbols, text, &size, &err);
    assert_string_equal(status == TNN_OK ? "" : err.message, "");
    assert_int_equal(size.hint, hint);
    tnn_size_print(&out, size);
    assert_string_equal(out.data, printed);
    tnn_strbuf_free(&out);
}

static void parses_expressions(void **state) {
    (void)state;
    expect("Integer(12)", 12, "12");
    expect("Integer(-1)", -1, "-1");
    expect("Integer(9223372036854775807)", INT64_MAX, "9223372036854775807");
    expect(S0, 7, "s0");
    expect("Add(" S0 ", Integer(-1))", 6, "s0 - 1");
    expect("Mul(Integer(2), " S0 ", Integer(3))", 42, "6*s0");
    expect("FloorDiv(" S0 ", Integer(2))", 3, "s0//2");
    expect("torch.utils._sympy.functions.FloorDiv(Mul(Integer(4), " S0 "), Integer(2))", 14, "2*s0");
    expect("Mod(" S0 ", Integer(4))", 3, "s0 % 4");
    expect("Max(Integer(3), " S0 ")", 7, "max(s0, 3)");
    expect("Min(Integer(3), " S0 ", Integer(5))", 3, "min(min(s0, 3), 5)");
    expect("Pow(" S0 ", Integer(2))", 49, "s0*s0");
}

static void parses_what_str_prints(void **state) {
    (void)state;
    expect("s0", 7, "s0");
    expect("2*s0 + 1", 15, "2*s0 + 1");
    expect("s0 - 1", 6, "s0 - 1");
    expect("-s0 + 10", 3, "-s0 + 10");
    expect("1 - 2 - 3", -4, "-4");
    expect("(s0//2)", 3, "s0//2");
    expect("((s0 + 1)//2) - 1", 3, "(s0 + 1)//2 - 1");
    expect("s0**2", 49, "s0*s0");
    expect("-s0**2", -49, "-s0*s0");
    expect("2*s0/2", 7, "s0");
    expect("Mod(s0, 4)", 3, "s0 % 4");
    expect("s0 % 4", 3, "s0 % 4");
    expect("FloorDiv(s0 + 1, 2)*3", 12, "3*((s0 + 1)//2)");
    expect("Max(1, s0 - 3)", 4, "max(s0 - 3, 1)");
}

static void expect_error(const char *text, tnn_status code, const char *message) {
    tnn_size size;
    tnn_error err;
    assert_int_equal(tnn_srepr_parse(&symbols, text, &size, &err), code);
    assert_non_null(strstr(err.message, message));
}

static void refuses_others(void **state) {
    (void)state;
    expect_error("Symbol('u0', integer=True)", TNN_ERR_UNSUPPORTED, "u0 is no size of an input: it depends on data");
    expect_error("ToFloat(" S0 ")", TNN_ERR_UNSUPPORTED, "uses ToFloat");
    expect_error("Pow(" S0 ", Integer(-1))", TNN_ERR_UNSUPPORTED, "exponent");
    expect_error("FloorDiv(" S0 ", Integer(0))", TNN_ERR_INVALID, "division by zero");
    expect_error("Integer(9223372036854775808)", TNN_ERR_MALFORMED, "a number of 64 bits");
    expect_error("Integer(x)", TNN_ERR_MALFORMED, "expected digits at character 8");
    expect_error("Add(Integer(1)", TNN_ERR_MALFORMED, "expected \")\"");
    expect_error("FloorDiv(Integer(1))", TNN_ERR_MALFORMED, "two arguments");
    expect_error("Integer(1) Integer(2)", TNN_ERR_MALFORMED, "the end");
    expect_error("s0 +", TNN_ERR_MALFORMED, "a name");
    expect_error("(s0", TNN_ERR_MALFORMED, "expected \")\"");
    expect_error("u0*2", TNN_ERR_UNSUPPORTED, "u0 is no size of an input");
    expect_error("s0**17", TNN_ERR_UNSUPPORTED, "exponent");
    expect_error("s0//0", TNN_ERR_INVALID, "division by zero");
    expect_error("Symbol('s0'", TNN_ERR_MALFORMED, "expected \")\"");
    expect_error("", TNN_ERR_MALFORMED, "a name");
    char deep[1000] = "";
    for (int i = 0; i < 70; i++) strcat(deep, "Add(");
    expect_error(deep, TNN_ERR_LIMIT, "too deep");
    memset(deep, '-', 900);
    deep[900] = '\0';
    expect_error(deep, TNN_ERR_LIMIT, "too deep");
    memset(deep, '(', 900);
    expect_error(deep, TNN_ERR_LIMIT, "too deep");
}

static void recognises_symbols(void **state) {
    (void)state;
    size_t length = 0;
    assert_non_null(tnn_srepr_symbol(S0, &length));
    assert_int_equal(length, 2);
    assert_non_null(tnn_srepr_symbol("s12", &length));
    assert_int_equal(length, 3);
    assert_null(tnn_srepr_symbol("2", &length));
    assert_null(tnn_srepr_symbol("s0 + 1", &length));
    assert_null(tnn_srepr_symbol("Add(" S0 ", Integer(1))", &length));
    assert_null(tnn_srepr_symbol("Symbol('s0', positive=True) ", &length));
}

static void solves_for_a_symbol(void **state) {
    (void)state;
    static const char text[] = "Add(Mul(Integer(2), Symbol('s9', integer=True)), Integer(3), " S0 ")";
    tnn_error err;
    assert_int_equal(tnn_symbols_solve(&symbols, text, 20, &err), TNN_OK);
    assert_int_equal(*tnn_symbols_hint(&symbols, "s9"), 5);
    assert_int_equal(tnn_symbols_solve(&symbols, "Mul(Integer(2), Symbol('s8'))", 5, &err), TNN_ERR_INVALID);
    assert_int_equal(tnn_symbols_solve(&symbols, "Pow(Symbol('s7'), Integer(0))", 1, &err), TNN_ERR_UNSUPPORTED);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(parses_expressions),
        TEST(parses_what_str_prints),
        TEST(refuses_others),
        TEST(recognises_symbols),
        TEST(solves_for_a_symbol),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
