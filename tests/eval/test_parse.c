/* The parser: what it accepts, and what it refuses at which byte. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "eval/parse.h"

static tnn_arena *arena;
static tnn_error err;

static int open_arena(void **state) {
    (void)state;
    arena = tnn_arena_new();
    return arena ? 0 : -1;
}

static int close_arena(void **state) {
    (void)state;
    tnn_arena_free(arena);
    return 0;
}

static tnn_status parse(const char *text, tnn_block *block) {
    return tnn_parse(block, arena, text, strlen(text), 50, "text", &err);
}

static tnn_stmt *only_stmt(const char *text) {
    tnn_block block;
    tnn_status status = parse(text, &block);
    if (status != TNN_OK) print_error("%s\nin\n%s\n", err.message, text);
    assert_int_equal(status, TNN_OK);
    assert_int_equal(block.n, 1);
    return block.items[0];
}

static void accepts(void **state) {
    (void)state;
    static const char *const texts[] = {
        "x = 1\n",
        "x = y = (1, 2)\n",
        "a, (b, c) = f(x), [1, 2,]\n",
        "x[0], y.z = 1, 2\n",
        "x: List[int] = []\n",
        "x: int\n",
        "x //= 2\n",
        "def f(self: Tensor, k: int=2, *, s: Optional[float]=None) -> Tuple[Tensor, int]:\n  return self\n",
        "def f():\n    # comment\n\n    pass\n# end",
        "if a: b = 1; c = 2\n",
        "if a:\n\tb\nelif c:\n\td\nelse:\n\te\n",
        "for i, (j, k) in enumerate(x): continue\n",
        "while not a and b or c:\n  if a:\n    break\n",
        "raise ValueError(\"no\")\n",
        "assert x is not None, 'x' \"y\"\n",
        "del x[0]\n",
        "y = [f(i) for i in range(n) if i % 2 if i]\n",
        "y = a if b else c if d else e\n",
        "y = x[:, 1:, ::2, None, -1]\n",
        "y = {'a': 1, \"b\": {}}\n",
        "y = (torch.add)(x, other=2, alpha=-1.5e-3)\n",
        "y = f(a,\n   b,  # why\n\n   c)\n",
        "y = a + \\\n  b\n",
        "y = 0x1F + .5 + 1. + 1e3\n",
        "y = r'\\d' + '''a\nb''' + \"\\x41\\u00e9\\n\"\n",
        "y = -x ** -2 ** 3 @ ~z & 1 | 2 ^ 3 << 4 >> 5\n",
        "y = a < b <= c != d not in e\n",
        ("class M(Module):\n  __parameters__ = []\n  training : bool\n  def forward(self: M, x: Tensor) -> Tensor:\n"
         "    return (self.conv).forward(x, )\n"),
        "",
        "\n\n  \n",
    };
    for (size_t k = 0; k < sizeof(texts) / sizeof(texts[0]); k++) {
        tnn_block block;
        tnn_status status = parse(texts[k], &block);
        if (status != TNN_OK) print_error("%s\nin\n%s\n", err.message, texts[k]);
        assert_int_equal(status, TNN_OK);
    }
}

static void refuses(void **state) {
    (void)state;
    static const struct {
        const char *text;
        tnn_status code;
        uint64_t position;
        const char *message;
    } cases[] = {
        {"x = \n", TNN_ERR_MALFORMED, 4, "line 1: found the end of the line, expected an expression"},
        {"x = 1\ny = )\n", TNN_ERR_MALFORMED, 10, "line 2: found ')', expected an expression"},
        {"f(a b)\n", TNN_ERR_MALFORMED, 4, "line 1: found 'b', expected )"},
        {"def f(:\n", TNN_ERR_MALFORMED, 6, "line 1: found ':', expected a name"},
        {"if a:\nb\n", TNN_ERR_MALFORMED, 6, "line 2: found 'b', expected an indented block"},
        {"if a:\n    b\n  c\n", TNN_ERR_MALFORMED, 14, "line 3: the indentation fits no outer block"},
        {"  a\n", TNN_ERR_MALFORMED, 2, "line 1: found an indented block, expected an expression"},
        {"1 = x\n", TNN_ERR_MALFORMED, 0, "line 1: this cannot be assigned to"},
        {"f(x) += 1\n", TNN_ERR_MALFORMED, 0, "line 1: this cannot be assigned to"},
        {"x = 'abc\n", TNN_ERR_MALFORMED, 4, "line 1: a string is not closed"},
        {"x = '\\q'\n", TNN_ERR_MALFORMED, 6, "line 1: unknown escape in a string"},
        {"x = '\\x00'\n", TNN_ERR_MALFORMED, 9, "line 1: a string holds a NUL"},
        {"x = 9223372036854775808\n", TNN_ERR_MALFORMED, 4, "line 1: an integer does not fit into 64 bits"},
        {"x = 0x\n", TNN_ERR_MALFORMED, 4, "line 1: 0x without digits"},
        {"x = a $ b\n", TNN_ERR_MALFORMED, 6, "line 1: unexpected character '$' (code 36)"},
        {"x = b'y'\n", TNN_ERR_UNSUPPORTED, 4, "line 1: byte strings are not part of the subset"},
        {"x = f'{y:3d}'\n", TNN_ERR_UNSUPPORTED, 4, "line 1: a format behind an expression of an f-string"},
        {"x = f'{y'\n", TNN_ERR_UNSUPPORTED, 4, "line 1: braces of an f-string that are not closed"},
        {"from .a import b\n", TNN_ERR_MALFORMED, 5, "line 1: found '.', expected a name"},
        {"@a b\n", TNN_ERR_MALFORMED, 3, "line 1: found 'b', expected the end of the line"},
        {"try: pass\n", TNN_ERR_MALFORMED, 0, "line 1: found 'try', expected an expression"},
        {"x = lambda: 1\n", TNN_ERR_MALFORMED, 4, "line 1: found 'lambda', expected an expression"},
        {"x = [**a]\n", TNN_ERR_MALFORMED, 5, "line 1: found '**', expected an expression"},
        {"f(a=1, 2)\n", TNN_ERR_MALFORMED, 8, "line 1: found ')', expected '=' (a positional argument follows a keyword)"},
        {"x = [1, 2\n", TNN_ERR_MALFORMED, 10, "line 2: found the end of the line, expected ]"},
        {"def f(): return (\n", TNN_ERR_MALFORMED, 18, "line 2: found the end of the line, expected an expression"},
        {"x = [a for b in c for d in e]\n", TNN_ERR_MALFORMED, 18,
         "line 1: found 'for', expected ']' (one `for` in a comprehension)"},
    };
    for (size_t k = 0; k < sizeof(cases) / sizeof(cases[0]); k++) {
        tnn_block block;
        assert_int_equal(parse(cases[k].text, &block), cases[k].code);
        assert_string_equal(err.message, cases[k].message);
        assert_int_equal(err.position, cases[k].position);
        assert_string_equal(err.where, "text");
    }
}

static void bounds_depth(void **state) {
    (void)state;
    static const char *const parts[] = {"(", "[", "-", "not ", "{1:", "f(", "a if b else ", "x[", "2 ** "};
    char text[1000];
    for (size_t k = 0; k < sizeof(parts) / sizeof(parts[0]); k++) {
        tnn_block block;
        text[0] = '\0';
        for (int n = 0; n < 60; n++) strcat(text, parts[k]);
        assert_int_equal(parse(text, &block), TNN_ERR_LIMIT);
        assert_non_null(strstr(err.message, "nested more than 50 deep"));
    }
}

static void bounds_blocks(void **state) {
    (void)state;
    char text[10000];
    size_t n = 0;
    tnn_block block;
    for (int depth = 0; depth < 60; depth++) {
        memset(text + n, ' ', (size_t)depth);
        n += (size_t)depth;
        memcpy(text + n, "if a:\n", 6);
        n += 6;
    }
    assert_int_equal(tnn_parse(&block, arena, text, n, 50, NULL, &err), TNN_ERR_LIMIT);
    assert_int_equal(tnn_parse(&block, arena, text, n, 5000, NULL, &err), TNN_ERR_MALFORMED);
}

/* A class keeps its attributes and methods in the tree. */
static void keeps_classes(void **state) {
    (void)state;
    tnn_stmt *stmt = only_stmt("class M(Module):\n  w : Tensor\n  def forward(self, x):\n    return x\n");
    assert_int_equal(stmt->kind, TNN_STMT_CLASS);
    assert_string_equal(stmt->as.class_def.name, "M");
    assert_int_equal(stmt->as.class_def.bases.n, 1);
    assert_int_equal(stmt->as.class_def.body.n, 2);
    assert_int_equal(stmt->as.class_def.body.items[0]->kind, TNN_STMT_ANNOTATED);
    const tnn_function *forward = stmt->as.class_def.body.items[1]->as.function;
    assert_string_equal(forward->name, "forward");
    assert_int_equal(forward->n_params, 2);
    assert_int_equal(stmt->as.class_def.body.items[1]->line, 3);
}

static void keeps_keywords(void **state) {
    (void)state;
    const tnn_ast *call = only_stmt("f(a, b=1, c=2)\n")->as.value;
    assert_int_equal(call->as.call.args.n, 3);
    assert_int_equal(call->as.call.n_keywords, 2);
    assert_string_equal(call->as.call.keywords[1], "c");
}

/* Every prefix of a program parses or fails in order. */
static void survives_truncation(void **state) {
    (void)state;
    static const char text[] = "def f(x: int=1, *, y):\n    for a, b in [(1, '\\x41')]:\n        x[1:2, None] += -a ** 2 if not b "
                               "else {1: 0x2}\n    return '''s''' \\\n  'x', 1.5e-3\nclass C(D):\n  a : b = c # d\n";
    for (size_t n = 0; n <= sizeof(text) - 1; n++) {
        tnn_block block;
        tnn_status status = tnn_parse(&block, arena, text, n, 50, NULL, &err);
        assert_true(status == TNN_OK || status == TNN_ERR_MALFORMED);
        if (status != TNN_OK) assert_true(err.position <= n);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(accepts, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(refuses, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(bounds_depth, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(bounds_blocks, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(keeps_classes, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(keeps_keywords, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(survives_truncation, open_arena, close_arena),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
