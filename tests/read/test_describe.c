/* The description of a .pt2 file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "make_pt2.h"
#include "read/describe.h"

static int remove_file(void **state) {
    (void)state;
    pt2_remove();
    return 0;
}

static char *describe(const made_pt2 *made, bool json) {
    tnn_strbuf out = {0};
    tnn_error err = {.message = ""};
    tnn_load_options options = tnn_load_options_default();
    tnn_status status = tnn_pt2_describe(pt2_file(made), &options, json, &out, NULL, &err);
    assert_string_equal(status == TNN_OK ? "" : err.message, "");
    return tnn_strbuf_take(&out);
}

static const made_pt2 layer = {
    .nodes = NODE("aten.linear.default", "linear", ARG("input", NAMED("x")) "," ARG("weight", NAMED("p_w"))) ","
             NODE("aten.relu.default", "relu", ARG("self", NAMED("linear"))),
    .outputs = USER_OUTPUT("relu"),
};

static void describes_in_words(void **state) {
    (void)state;
    char *text = describe(&layer, false);
    assert_non_null(strstr(text, "made.pt2: torch.export program of torch 2.13.0, schema 8.20, "));
    assert_non_null(strstr(text, "inputs (1):\n  x: float32[2, 4]\n"));
    assert_non_null(strstr(text, "outputs (1):\n  relu: float32[2, 3]\n"));
    assert_non_null(strstr(text, "parameters: 1 tensors, 12 elements, 48 bytes\n"));
    assert_non_null(strstr(text, "multiply-accumulates: 24\n"));
    assert_non_null(strstr(text, "operators (2 nodes, 2 kinds):\n       1  linear\n       1  relu\n"));
    assert_non_null(strstr(text, "m/models/model.json\n"));
    assert_null(strstr(text, "weight_0\n"));
    assert_non_null(strstr(text, "%relu: float32[2, 3] = relu(%linear)"));
    tnn_text_free(text);
}

static void describes_in_json(void **state) {
    (void)state;
    char *text = describe(&layer, true);
    json_error_t error;
    json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, &error);
    assert_non_null(root);
    assert_string_equal(json_string_value(json_object_get(root, "format")), "pt2");
    assert_string_equal(json_string_value(json_object_get(root, "torch_version")), "2.13.0");
    assert_int_equal(json_integer_value(json_object_get(root, "macs")), 24);
    assert_int_equal(json_array_size(json_object_get(root, "entries")), 6);
    json_t *input = json_array_get(json_object_get(root, "inputs"), 0);
    assert_string_equal(json_string_value(json_object_get(input, "name")), "x");
    assert_int_equal(json_integer_value(json_array_get(json_object_get(input, "shape"), 1)), 4);
    assert_int_equal(json_integer_value(json_object_get(json_object_get(root, "operators"), "linear")), 1);
    assert_int_equal(json_integer_value(json_object_get(json_object_get(root, "parameters"), "bytes")), 48);
    json_decref(root);
    tnn_text_free(text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(describes_in_words, remove_file),
        cmocka_unit_test_teardown(describes_in_json, remove_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
