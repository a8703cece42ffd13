/* YAML as a tree: values, places in messages, limits. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "read/yamltree.h"

static tnn_arena *arena;
static tnn_error err;

static int open_arena(void **state) {
    (void)state;
    arena = tnn_arena_new();
    return arena == NULL ? -1 : 0;
}

static int close_arena(void **state) {
    (void)state;
    tnn_arena_free(arena);
    return 0;
}

static tnn_status parse(const tnn_yaml **out, const char *text, const tnn_yaml_limits *limits) {
    return tnn_yaml_parse(out, arena, text, strlen(text), "a.yaml", limits, &err);
}

static void reads_values(void **state) {
    (void)state;
    const tnn_yaml *root, *list;
    const char *text;
    assert_int_equal(parse(&root, "a: [1, 'null', null, \"x\\ty\"]\nb: |\n  two\n  lines\nc: ~\n", NULL), TNN_OK);
    assert_int_equal(root->kind, TNN_YAML_MAPPING);
    assert_int_equal(root->n, 3);
    assert_int_equal(root->n_nodes, 11);
    list = tnn_yaml_get(root, "a");
    assert_int_equal(list->n, 4);
    assert_int_equal(tnn_yaml_text(&text, list->items[0], &err), TNN_OK);
    assert_string_equal(text, "1");
    assert_int_equal(tnn_yaml_text(&text, list->items[1], &err), TNN_OK);
    assert_string_equal(text, "null");
    assert_int_equal(tnn_yaml_text(&text, list->items[3], &err), TNN_OK);
    assert_string_equal(text, "x\ty");
    assert_int_equal(tnn_yaml_text(&text, tnn_yaml_get(root, "b"), &err), TNN_OK);
    assert_string_equal(text, "two\nlines\n");
    assert_null(tnn_yaml_get(root, "c"));
    assert_null(tnn_yaml_get(root, "d"));
    assert_int_equal(tnn_yaml_text(&text, NULL, &err), TNN_OK);
    assert_null(text);
    assert_int_equal(tnn_yaml_text(&text, list->items[2], &err), TNN_ERR_MALFORMED);
    assert_string_equal(err.message, "line 1, column 16: expected a text, found nothing");
}

static void shares_what_aliases_name(void **state) {
    (void)state;
    const tnn_yaml *root;
    assert_int_equal(parse(&root, "a: &one [x, y]\nb: *one\nc: &two z\nd: *two\n", NULL), TNN_OK);
    assert_ptr_equal(tnn_yaml_get(root, "a"), tnn_yaml_get(root, "b"));
    assert_string_equal(tnn_yaml_get(root, "d")->text, "z");
    assert_int_equal(root->n_nodes, 1 + 4 + 3 + 3 + 1 + 1);
}

static void says_where(void **state) {
    (void)state;
    static const struct {
        const char *text, *message;
    } cases[] = {
        {"a: 1\nb: [1, 2\nc: 3\n", "line 3, column 2: did not find expected ',' or ']'"},
        {"a: 1\na: 2\n", "line 2, column 1: the key \"a\" stands here twice"},
        {"[a, b]: 1\n", "line 1, column 1: a key must be a text"},
        {"a: *b\n", "line 1, column 4: an alias of nothing that is finished before it"},
        {"a: &b [*b]\n", "line 1, column 8: an alias of nothing that is finished before it"},
        {"a: !!python/object:os.system x\n", "line 1, column 4: a tag of this kind is not supported"},
        {"a: !x [1]\n", "line 1, column 4: a tag of this kind is not supported"},
        {"a: 1\n---\nb: 2\n", "line 2, column 1: a second document; one is expected"},
        {"a: \"\\0\"\n", "line 1, column 4: a text holds a zero byte"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const tnn_yaml *root;
        assert_int_equal(parse(&root, cases[i].text, NULL), TNN_ERR_MALFORMED);
        assert_null(root);
        assert_string_equal(err.message, cases[i].message);
        assert_string_equal(err.where, "a.yaml");
    }
    const tnn_yaml *root;
    assert_int_equal(parse(&root, "a: \xff\n", NULL), TNN_ERR_MALFORMED);
    assert_int_equal(err.position, 3);
}

static void names_the_nearest_key(void **state) {
    (void)state;
    static const char *const keys[] = {"sparsity", "metrics"};
    const tnn_yaml *root;
    assert_int_equal(parse(&root, "sparsity: 1\nmetrics: 2\n", NULL), TNN_OK);
    assert_int_equal(tnn_yaml_expect_keys(root, keys, 2, &err), TNN_OK);
    assert_int_equal(parse(&root, "sparsity: 1\nmetric: 2\n", NULL), TNN_OK);
    assert_int_equal(tnn_yaml_expect_keys(root, keys, 2, &err), TNN_ERR_MALFORMED);
    assert_string_equal(err.message, "line 2, column 1: unknown key \"metric\", did you mean \"metrics\"?");
    assert_int_equal(parse(&root, "x: 1\n", NULL), TNN_OK);
    assert_int_equal(tnn_yaml_expect_keys(root, keys, 2, &err), TNN_ERR_MALFORMED);
    assert_string_equal(err.message, "line 1, column 1: unknown key \"x\", expected one like \"sparsity\"");
    assert_int_equal(parse(&root, "", NULL), TNN_OK);
    assert_int_equal(tnn_yaml_expect_keys(root, keys, 2, &err), TNN_ERR_MALFORMED);
    assert_string_equal(err.message, "line 1, column 1: expected a mapping, found nothing");
}

static void keeps_limits(void **state) {
    (void)state;
    /* Each line names the one before ten times. */
    static const char laughs[] = "a: &a [x, x, x, x, x, x, x, x, x, x]\n"
                                 "b: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a]\n"
                                 "c: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b, *b]\n"
                                 "d: &d [*c, *c, *c, *c, *c, *c, *c, *c, *c, *c]\n"
                                 "e: [*d, *d, *d, *d, *d, *d, *d, *d, *d, *d]\n";
    tnn_yaml_limits limits = tnn_yaml_limits_default();
    const tnn_yaml *root;
    assert_int_equal(parse(&root, laughs, NULL), TNN_ERR_LIMIT);
    limits.max_nodes = 1000000;
    assert_int_equal(parse(&root, laughs, &limits), TNN_OK);
    assert_true(root->n_nodes > 100000);
    limits.max_depth = 3;
    assert_int_equal(parse(&root, "[[x]]", &limits), TNN_OK);
    assert_int_equal(parse(&root, "[[[x]]]", &limits), TNN_ERR_LIMIT);
    limits.max_bytes = 3;
    assert_int_equal(parse(&root, "[x]", &limits), TNN_OK);
    assert_int_equal(parse(&root, "[x] ", &limits), TNN_ERR_LIMIT);
}

static void fails_cleanly_without_memory(void **state) {
    (void)state;
    static const char text[] = "a: &one [x, {y: z}]\nb: *one\n";
    tnn_status status = TNN_ERR_NOMEM;
    size_t k = 1;
    for (; status != TNN_OK; k++) {
        tnn_alloc_fail_after(k);
        tnn_arena *own = tnn_arena_new();
        const tnn_yaml *root;
        status = own == NULL ? TNN_ERR_NOMEM : tnn_yaml_parse(&root, own, text, sizeof text - 1, "a.yaml", NULL, &err);
        tnn_alloc_fail_after(0);
        tnn_arena_free(own);
        assert_true(status == TNN_OK || status == TNN_ERR_NOMEM);
    }
    assert_true(k > 2);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, open_arena, close_arena)

int main(void) {
    const struct CMUnitTest tests[] = {TEST(reads_values),          TEST(shares_what_aliases_name),
                                       TEST(says_where),            TEST(names_the_nearest_key),
                                       TEST(keeps_limits),          TEST(fails_cleanly_without_memory)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
