/* Graphs as JSON. */
#include "../ir/graph_fixture.h"

#include <math.h>

#include <jansson.h>

#include "base/alloc.h"
#include "tinynn/model.h"

static json_t *read_back(void) {
    char *text = NULL;
    json_error_t where;
    assert_int_equal(tnn_model_graph_json(model, &text, NULL), TNN_OK);
    json_t *root = json_loads(text, 0, &where);
    if (root == NULL) fail_msg("%s at %d: %s", where.text, where.position, text);
    tnn_text_free(text);
    return root;
}

static json_t *argument(json_t *root, size_t node, size_t index) {
    json_t *found = json_array_get(json_object_get(root, "nodes"), node);
    return json_object_get(json_array_get(json_object_get(found, "arguments"), index), "value");
}

static const char *text_of(json_t *object, const char *key) { return json_string_value(json_object_get(object, key)); }

static void make_graph(void) {
    tnn_value *x = make_input("x\"\\"), *w = make_constant("w");
    tnn_value *sum = make_add(tnn_arg_of_tensor(x), tnn_arg_of_tensor(w));
    tnn_value *relu = make_relu(sum, "relu");
    tnn_size s0;
    w->is_parameter = true;
    sum->producer->scope = "features.0";
    sum->producer->source = (tnn_source){.file = "net.py", .line = 7, .text = "x = \"a\""};
    assert_int_equal(tnn_size_symbol(&s0, model->arena, "s0", 2, NULL), TNN_OK);
    relu->shape.dims[0] = s0;
    make_output(relu, "y");
}

static void says_values(void **state) {
    (void)state;
    make_graph();
    json_t *root = read_back(), *values = json_object_get(root, "values");
    assert_int_equal(json_array_size(values), 4);
    static const char *const names[] = {"x\"\\", "w", "add", "relu"};
    static const char *const kinds[] = {"input", "parameter", "result", "result"};
    for (size_t i = 0; i < 4; i++) {
        assert_string_equal(text_of(json_array_get(values, i), "name"), names[i]);
        assert_string_equal(text_of(json_array_get(values, i), "kind"), kinds[i]);
    }
    json_t *relu = json_array_get(values, 3);
    assert_int_equal(json_integer_value(json_array_get(json_object_get(relu, "shape"), 0)), 2);
    assert_string_equal(json_string_value(json_array_get(json_object_get(relu, "symbolic_shape"), 0)), "s0");
    assert_string_equal(json_string_value(json_array_get(json_object_get(root, "inputs"), 0)), "x\"\\");
    json_t *output = json_array_get(json_object_get(root, "outputs"), 0);
    assert_string_equal(text_of(output, "name"), "y");
    assert_string_equal(text_of(output, "value"), "relu");
    json_decref(root);
}

static void says_nodes(void **state) {
    (void)state;
    make_graph();
    json_t *root = read_back(), *nodes = json_object_get(root, "nodes"), *add = json_array_get(nodes, 0);
    assert_int_equal(json_array_size(nodes), 2);
    assert_string_equal(text_of(add, "op"), "add");
    assert_string_equal(text_of(add, "scope"), "features.0");
    assert_string_equal(text_of(argument(root, 0, 1), "tensor"), "w");
    assert_string_equal(text_of(json_object_get(add, "source"), "text"), "x = \"a\"");
    assert_int_equal(json_integer_value(json_object_get(json_object_get(add, "source"), "line")), 7);
    assert_true(json_is_null(json_object_get(json_array_get(nodes, 1), "source")));
    assert_string_equal(json_string_value(json_array_get(json_object_get(add, "outputs"), 0)), "add");
    json_decref(root);
}

static void says_arguments_of_every_kind(void **state) {
    (void)state;
    tnn_size strides[] = {tnn_size_const(2), tnn_size_const(1)};
    tnn_value *x = make_input("x"), *parts[] = {x, NULL};
    tnn_arg args[] = {tnn_arg_of_tensor(x), tnn_arg_of_tensor(x), tnn_arg_none(), tnn_arg_of_sizes(strides, 2),
                      tnn_arg_of_bool(true), tnn_arg_of_float(-(double)INFINITY), tnn_arg_of_dtype(TNN_DTYPE_I8),
                      tnn_arg_of_string("zeros")};
    (void)make_node(&op_conv, args, 8, NULL);
    tnn_arg cat[] = {tnn_arg_of_tensors(parts, 1), tnn_arg_of_int(-1)};
    (void)make_node(&op_cat, cat, 2, NULL);
    json_t *root = read_back();
    assert_true(json_is_null(argument(root, 0, 2)));
    assert_int_equal(json_integer_value(json_array_get(argument(root, 0, 3), 0)), 2);
    assert_true(json_is_true(argument(root, 0, 4)));
    assert_string_equal(json_string_value(argument(root, 0, 5)), "-inf");
    assert_string_equal(json_string_value(argument(root, 0, 6)), "int8");
    assert_string_equal(json_string_value(argument(root, 0, 7)), "zeros");
    assert_string_equal(text_of(json_array_get(argument(root, 1, 0), 0), "tensor"), "x");
    assert_int_equal(json_integer_value(argument(root, 1, 1)), -1);
    json_decref(root);
}

static void survives_lack_of_memory(void **state) {
    (void)state;
    make_graph();
    tnn_status status = TNN_ERR_NOMEM;
    for (size_t k = 1; status != TNN_OK; k++) {
        char *text = NULL;
        tnn_alloc_fail_after(k);
        status = tnn_model_graph_json(model, &text, NULL);
        tnn_alloc_fail_after(0);
        assert_true(status == TNN_OK || (status == TNN_ERR_NOMEM && text == NULL));
        tnn_text_free(text);
        assert_true(k < 1000);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_model, close_model)

int main(void) {
    const struct CMUnitTest tests[] = {TEST(says_values), TEST(says_nodes), TEST(says_arguments_of_every_kind),
                                       TEST(survives_lack_of_memory)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
