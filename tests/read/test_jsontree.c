/* JSON getters: values, and messages that name the place. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "read/jsontree.h"

static tnn_status parse(tnn_json *root, const char *text, tnn_error *err) {
    return tnn_json_parse(root, text, strlen(text), "a.json", 8, err);
}

static void reads_values(void **state) {
    (void)state;
    tnn_json root, list, item;
    tnn_error err;
    const char *text = NULL;
    int64_t integer = 0;
    double number = 0;
    bool boolean = false;
    size_t n = 0;
    static const char all[] = "{\"l\": [1, 2.5, \"-Infinity\", true, \"t\", 9223372036854775807], \"z\": null}";
    assert_int_equal(parse(&root, all, &err), TNN_OK);
    assert_int_equal(tnn_json_member(&list, &root, "l", &err), TNN_OK);
    assert_int_equal(tnn_json_count(&n, &list, &err), TNN_OK);
    assert_int_equal(n, 6);
    item = tnn_json_item(&list, 0);
    assert_int_equal(tnn_json_int(&integer, &item, &err), TNN_OK);
    assert_int_equal(integer, 1);
    assert_int_equal(tnn_json_number(&number, &item, &err), TNN_OK);
    assert_true(number == 1.0);
    item = tnn_json_item(&list, 1);
    assert_int_equal(tnn_json_number(&number, &item, &err), TNN_OK);
    assert_true(number == 2.5);
    item = tnn_json_item(&list, 2);
    assert_int_equal(tnn_json_number(&number, &item, &err), TNN_OK);
    assert_true(isinf(number) && number < 0);
    item = tnn_json_item(&list, 3);
    assert_int_equal(tnn_json_bool(&boolean, &item, &err), TNN_OK);
    assert_true(boolean);
    item = tnn_json_item(&list, 4);
    assert_int_equal(tnn_json_text(&text, &item, &err), TNN_OK);
    assert_string_equal(text, "t");
    item = tnn_json_item(&list, 5);
    assert_int_equal(tnn_json_int(&integer, &item, &err), TNN_OK);
    assert_true(integer == INT64_MAX);
    assert_null(tnn_json_optional(&root, "z").value);
    assert_null(tnn_json_optional(&root, "y").value);
    tnn_json_free(&root);
    tnn_json_free(&root);
}

static void names_the_place(void **state) {
    (void)state;
    tnn_json root, graph, nodes, node, name;
    tnn_error err;
    const char *text = NULL, *key = NULL;
    assert_int_equal(parse(&root, "{\"graph\": {\"nodes\": [{}, {\"name\": 7}]}}", &err), TNN_OK);
    assert_int_equal(tnn_json_member(&graph, &root, "graph", &err), TNN_OK);
    assert_int_equal(tnn_json_member(&nodes, &graph, "nodes", &err), TNN_OK);
    node = tnn_json_item(&nodes, 1);
    assert_int_equal(tnn_json_member_text(&text, &node, "name", &err), TNN_ERR_MALFORMED);
    assert_string_equal(err.where, "a.json");
    assert_string_equal(err.message, "graph.nodes[1].name: expected a string, found an integer");
    node = tnn_json_item(&nodes, 0);
    assert_int_equal(tnn_json_member(&name, &node, "name", &err), TNN_ERR_MALFORMED);
    assert_string_equal(err.message, "graph.nodes[0]: has no \"name\"");
    assert_int_equal(tnn_json_member(&name, &nodes, "name", &err), TNN_ERR_MALFORMED);
    assert_string_equal(err.message, "graph.nodes: expected an object, found an array");
    assert_int_equal(tnn_json_union(&key, &name, &node, &err), TNN_ERR_MALFORMED);
    assert_string_equal(err.message, "graph.nodes[0]: a union has one key, found 0");
    assert_int_equal(tnn_json_union(&key, &name, &root, &err), TNN_OK);
    assert_string_equal(key, "graph");
    tnn_json_free(&root);
}

static void expect_parse_error(const char *text, tnn_status code, uint64_t position, const char *message) {
    tnn_json root;
    tnn_error err;
    assert_int_equal(parse(&root, text, &err), code);
    assert_int_equal(err.position, position);
    assert_non_null(strstr(err.message, message));
    assert_null(root.value);
}

static void refuses_damage(void **state) {
    (void)state;
    expect_parse_error("{\"a\": 1,}", TNN_ERR_MALFORMED, 9, "not JSON");
    expect_parse_error("", TNN_ERR_MALFORMED, 0, "not JSON");
    expect_parse_error("[99999999999999999999]", TNN_ERR_MALFORMED, 21, "too big integer");
    expect_parse_error("[[[[[[[[[1]]]]]]]]]", TNN_ERR_LIMIT, 8, "nested deeper than 8");
    tnn_json root;
    assert_int_equal(parse(&root, "[\"[[[[[[[[[[[\\\"[[[\", [[[[[[[1]]]]]]]]", NULL), TNN_OK);
    tnn_json_free(&root);
}

static void survives_truncation(void **state) {
    (void)state;
    static const char text[] = "{\"a\": [1, -2.5e3, \"x\\u00e9\\n\", {\"b\": null}, true]}";
    for (size_t size = 0; size < sizeof text - 1; size++) {
        tnn_json root;
        assert_int_equal(tnn_json_parse(&root, text, size, "a.json", 8, NULL), TNN_ERR_MALFORMED);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_values),
        cmocka_unit_test(names_the_place),
        cmocka_unit_test(refuses_damage),
        cmocka_unit_test(survives_truncation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
