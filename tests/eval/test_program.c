/* Programs without tensors: what the evaluator computes, and what it refuses. */
#include "eval_fixture.h"

#include <stdio.h>
#include <string.h>

/* "assert EXPRESSION" inside a main. */
static void holds(const char *expression) {
    char text[600];
    snprintf(text, sizeof(text), "def main():\n    assert %s\n", expression);
    tnn_obj out;
    if (fixture_run(text, &out) != TNN_OK) fail_msg("%s: %s", expression, fix.err.message);
}

static void computes_numbers(void **state) {
    (void)state;
    static const char *const facts[] = {
        "1 + 2 * 3 == 7",           "(1 + 2) * 3 == 9",      "-2 ** 2 == -4",
        "2 ** -1 == 0.5",           "2 ** 3 ** 2 == 512",    "7 // 2 == 3 and -7 // 2 == -4",
        "-7 % 3 == 2 and 7 % -3 == -2", "-7.5 // 2 == -4.0 and -7.5 % 2 == 0.5",
        "7 / 2 == 3.5",             "1 < 2 <= 2 < 3",        "not (1 < 2 > 2)",
        "6 & 3 == 2",               "(6 & 3) == 2 and (6 | 3) == 7 and (6 ^ 3) == 5",
        "1 << 4 == 16 and 17 >> 2 == 4 and ~5 == -6",        "True + True == 2",
        "0x10 == 16 and 1e3 == 1000.0 and .5 == 0.5",        "3 if 1 > 2 else 4 == 4",
        "(0 or 5) == 5 and (1 and 0) == 0",                  "not None and not 0 and not '' and not []",
        "int(-2.7) == -2 and int('12') == 12",               "float(3) == 3.0 and float('-inf') == -math.inf",
        "bool(0.0) == False",       "abs(-3) == 3 and abs(-2.5) == 2.5",
        "min(3, 1, 2) == 1 and max([3, 1, 2]) == 3 and max(1, 2.5) == 2.5",
        "sum([1, 2, 3]) == 6",      "round(2.5) == 2 and round(3.5) == 4 and round(-2.5) == -2",
        "math.floor(-1.5) == -2 and math.ceil(1.2) == 2 and math.trunc(-1.5) == -1",
        "math.sqrt(16) == 4.0 and math.pow(2, 3) == 8.0",    "torch.inf > 1e308 and math.nan != math.nan",
        "1 is 1 and None is None and 1 is not None",
    };
    for (size_t k = 0; k < sizeof(facts) / sizeof(facts[0]); k++) holds(facts[k]);
}

static void computes_lists(void **state) {
    (void)state;
    static const char *const facts[] = {
        "[1, 2] + [3] == [1, 2, 3] and [0] * 3 == [0, 0, 0]", "len([1, 2]) == 2 and len('abc') == 3",
        "[1, 2, 3][-1] == 3",  "[1, 2, 3, 4][1:3] == [2, 3] and [1, 2, 3][:-1] == [1, 2] and [1, 2, 3][5:] == []",
        "[1, 2, 3, 4][::2] == [1, 3] and [1, 2, 3][::-1] == [3, 2, 1]",
        "list(range(3)) == [0, 1, 2] and range(1, 7, 2) == [1, 3, 5] and range(3, 0, -1) == [3, 2, 1]",
        "[i * i for i in range(5) if i % 2 == 1] == [1, 9]",  "2 in [1, 2] and 3 not in (1, 2) and 'b' in 'abc'",
        "(1, 2) == tuple([1, 2]) and (1, 2) != (1, 3)",       "list(zip([1, 2], [3, 4, 5])) == [(1, 3), (2, 4)]",
        "list(enumerate([5, 6])) == [(0, 5), (1, 6)]",        "list(reversed([1, 2])) == [2, 1]",
        "all([1, 2]) and not all([1, 0]) and any([0, 1]) and not any([])",
        "isinstance(1, int) and isinstance(True, int) and not isinstance(1.0, int)",
        "isinstance([1], (list, tuple)) and not isinstance(None, float) and not isinstance(1, Tensor)",
        "'a' + 'b' == 'ab' and str(12) == '12' and 'x{}'.format(3) == 'x3'",
        "[1, 2, 1].count(1) == 2 and (4, 5).index(5) == 1",   "torch.float is torch.float32 and torch.long == torch.int64",
    };
    for (size_t k = 0; k < sizeof(facts) / sizeof(facts[0]); k++) holds(facts[k]);
}

static void runs_statements(void **state) {
    (void)state;
    tnn_obj out;
    assert_int_equal(fixture_run("base = 10\n"
                                 "def helper(a, b=2, *, c=3):\n"
                                 "    return a + b * c + base\n"
                                 "def main():\n"
                                 "    total: int = 0\n"
                                 "    for i, (j, k) in enumerate([(1, 2), (3, 4)]):\n"
                                 "        total += i * j + k\n"
                                 "    n = 0\n"
                                 "    while True:\n"
                                 "        n += 1\n"
                                 "        if n == 2: continue\n"
                                 "        elif n > 4: break\n"
                                 "        else: total -= 1\n"
                                 "    x = y = [1]\n"
                                 "    x += [2]\n"
                                 "    x.append(3); x.extend([4]); x.insert(0, 9); x.reverse()\n"
                                 "    z = x.pop()\n"
                                 "    del x[0]\n"
                                 "    x[0] = 7\n"
                                 "    assert y == [7, 2, 1] and z == 9, 'lists'\n"
                                 "    return total + helper(1, c=4)\n",
                                 &out),
                     TNN_OK);
    assert_int_equal(out.kind, TNN_OBJ_INT);
    assert_int_equal(out.as.size.hint, 2 + 3 + 4 - 3 + (1 + 8 + 10));
}

#define MAIN(body) "def main():\n    " body "\n"

static void refuses(void **state) {
    (void)state;
    static const struct {
        const char *text;
        tnn_status code;
        const char *part;
    } cases[] = {
        {MAIN("return nothing"), TNN_ERR_INVALID, "line 2: unknown name nothing"},
        {MAIN("return 1 // 0"), TNN_ERR_INVALID, "division by zero"},
        {MAIN("return 1.0 % 0"), TNN_ERR_INVALID, "division by zero"},
        {MAIN("return 2 ** 63"), TNN_ERR_LIMIT, ""},
        {MAIN("return 9223372036854775807 + 1"), TNN_ERR_LIMIT, ""},
        {MAIN("return -9223372036854775807 - 2"), TNN_ERR_LIMIT, ""},
        {MAIN("return int(1e19)"), TNN_ERR_INVALID, "does not fit into a 64-bit integer"},
        {MAIN("return int(math.nan)"), TNN_ERR_INVALID, "does not fit into a 64-bit integer"},
        {MAIN("return [1] + 1"), TNN_ERR_INVALID, "operator + between list and int"},
        {MAIN("return [1][1]"), TNN_ERR_INVALID, "index 1 is out of range for 1 items"},
        {MAIN("return [][-1]"), TNN_ERR_INVALID, "index -1 is out of range for 0 items"},
        {MAIN("a, b = [1]"), TNN_ERR_INVALID, "the number of names and of values differs"},
        {MAIN("for i in 3: pass"), TNN_ERR_INVALID, "a loop over a int"},
        {MAIN("raise ValueError('bad size')"), TNN_ERR_INVALID, "line 2: the program raises: bad size"},
        {MAIN("raise NotImplementedError('random')"), TNN_ERR_UNSUPPORTED, "line 2: random"},
        {MAIN("assert 1 > 2, 'order'"), TNN_ERR_INVALID, "line 2: an assertion does not hold: order"},
        {MAIN("return main(1)"), TNN_ERR_INVALID, "1 positional arguments, expected at most 0"},
        {MAIN("return main(a=1)"), TNN_ERR_INVALID, "argument `a` does not exist"},
        {MAIN("return main()"), TNN_ERR_LIMIT, "nested more than 200 deep"},
        {MAIN("while True: pass"), TNN_ERR_LIMIT, "more than 100000 steps"},
        {MAIN("return [0] * 1000000"), TNN_ERR_LIMIT, "more than 100000 steps"},
        {MAIN("return range(1000000)"), TNN_ERR_LIMIT, "more than 100000 steps"},
        {MAIN("a = 'x'\n    while True: a = a + a"), TNN_ERR_LIMIT, "more than 100000 steps"},
        {MAIN("a = []\n    a.append(a)\n    b = []\n    b.append(b)\n    return a == b"), TNN_ERR_LIMIT, "nested"},
        {MAIN("return {1: 2}[3]"), TNN_ERR_INVALID, "no such key"},
        {MAIN("return range(0, 1, 0)"), TNN_ERR_INVALID, "range with a step of 0"},
        {MAIN("return len(3)"), TNN_ERR_INVALID, "expected a list, found a int"},
        {MAIN("return len(1, 2)"), TNN_ERR_INVALID, "2 arguments, expected at most 1"},
        {MAIN("return (1)(2)"), TNN_ERR_INVALID, "int cannot be called"},
        {MAIN("return (1).x"), TNN_ERR_INVALID, "a int has no attribute x"},
        {MAIN("return [].sort_of()"), TNN_ERR_INVALID, "a list has no method sort_of"},
        {MAIN("return math.gamma(1)"), TNN_ERR_UNSUPPORTED, "math.gamma is not supported"},
        {MAIN("return torch.no_such_thing(1)"), TNN_ERR_UNSUPPORTED,
         "operator aten.no_such_thing is not supported"},
        {MAIN("return torch.relu.out(1)"), TNN_ERR_INVALID, "aten.relu: argument `self` is a int, expected Tensor"},
        {"class A:\n  1 + 1\n", TNN_ERR_UNSUPPORTED, "line 2: a statement that a class does not have"},
        {"return 1\n", TNN_ERR_MALFORMED, "return outside of a function"},
        {"x = 1\n", TNN_ERR_INVALID, "there is no function `main`"},
        {"def main(\n", TNN_ERR_MALFORMED, "expected a name"},
    };
    for (size_t k = 0; k < sizeof(cases) / sizeof(cases[0]); k++) {
        fixture_close(state);
        assert_int_equal(fixture_open(state), 0);
        fixture_expect_error(cases[k].text, cases[k].code, cases[k].part);
    }
}

/* Sizes stay expressions; decisions on them are recorded. */
static void keeps_sizes(void **state) {
    (void)state;
    tnn_obj out;
    fixture_input("x", TNN_DTYPE_F32, 2, (const int64_t[]){-4, 6});
    assert_int_equal(fixture_run("def main(x):\n"
                                 "    n = x.shape[0] * x.size(1)\n"
                                 "    assert n // x.size(0) == 6\n"
                                 "    y = min(n, 100) + x.size(0) % 3 - 1\n"
                                 "    if x.shape[0] > 3: y = y + 1\n"
                                 "    return y\n",
                                 &out),
                     TNN_OK);
    assert_int_equal(out.as.size.hint, 24 + 1);
    assert_non_null(out.as.size.expr);
    assert_int_equal(fix.model->n_guards, 1);
    assert_non_null(strstr(fix.model->guards[0], "s0"));
}

/* The functions that exported programs call on sizes. */
static void calls_operators(void **state) {
    (void)state;
    tnn_obj args[2] = {tnn_obj_int(tnn_size_const(7)), tnn_obj_int(tnn_size_const(2))}, out;
    static const struct {
        const char *name;
        size_t n;
        int64_t result;
    } cases[] = {{"_operator.add", 2, 9}, {"_operator.mul", 2, 14}, {"_operator.floordiv", 2, 3},
                 {"_operator.mod", 2, 1}, {"_operator.neg", 1, -7}, {"sym_max", 2, 7}, {"sym_min", 2, 2}};
    for (size_t k = 0; k < sizeof(cases) / sizeof(cases[0]); k++) {
        assert_true(tnn_interp_knows(fix.interp, cases[k].name, ""));
        assert_int_equal(tnn_interp_call(fix.interp, cases[k].name, "", args, cases[k].n, NULL, 0, &out, &fix.err),
                         TNN_OK);
        assert_int_equal(out.as.size.hint, cases[k].result);
    }
    assert_int_equal(tnn_interp_call(fix.interp, "_operator.ge", "", args, 2, NULL, 0, &out, &fix.err), TNN_OK);
    assert_true(out.kind == TNN_OBJ_BOOL && out.as.boolean);
    assert_int_equal(tnn_interp_call(fix.interp, "_operator.truediv", "", args, 2, NULL, 0, &out, &fix.err), TNN_OK);
    assert_true(out.kind == TNN_OBJ_FLOAT && out.as.number == 3.5);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(computes_numbers, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(computes_lists, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(runs_statements, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(refuses, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(keeps_sizes, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(calls_operators, fixture_open, fixture_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
