/* What `tinynn inspect` says of a .tflite file. */
#include "written_file.h"

#include <jansson.h>
#include <string.h>

#include "base/alloc.h"
#include "tflite/tflite_describe.h"
#include "tinynn/version.h"

static char *described(const char *name, bool json) {
    tnn_file *file = written_hand_graph(name, false);
    tnn_strbuf text = {0};
    assert_int_equal(tnn_tflite_describe(file, json, &text, NULL), TNN_OK);
    tnn_file_free(file);
    return tnn_strbuf_take(&text);
}

static void test_text(void **state) {
    (void)state;
    char *text = described("conv", false);
    assert_string_equal(
        text,
        "TensorFlow Lite model, schema version 3, 1704 bytes\n"
        "description: tinynn " TINYNN_VERSION "\n"
        "min_runtime_version: 1.5.0\n"
        "signature serving_default\n"
        "  input  image = image: float32[1, 5, 5, 4]\n"
        "  output features = features: float32[1, 3, 3, 6]\n"
        "operators: 1, of them 0 transposes\n"
        "       1 CONV_2D version 1\n"
        "MACs: 1944\n"
        "weights: 888 bytes\n"
        "structure: 816 bytes\n"
        "subgraph 0 main\n"
        "  0 CONV_2D(image: float32[1, 5, 5, 4], filter: float32[6, 3, 3, 4], bias: float32[6]) -> "
        "features: float32[1, 3, 3, 6]\n");
    tnn_free(text);
}

static void test_absent_operands_and_macs(void **state) {
    (void)state;
    char *text = described("linear", false);
    assert_non_null(strstr(text, "(x: float32[2, 4], weights: float32[3, 4], none) -> scores: float32[2, 3]"));
    assert_non_null(strstr(text, "MACs: 24\n"));
    tnn_free(text);
}

static int64_t number(const json_t *object, const char *key) {
    const json_t *value = json_object_get(object, key);
    assert_true(json_is_integer(value));
    return json_integer_value(value);
}

static const char *string(const json_t *object, const char *key) {
    return json_string_value(json_object_get(object, key));
}

static const json_t *entry(const json_t *object, const char *key, size_t index) {
    return json_array_get(json_object_get(object, key), index);
}

static json_t *described_json(const char *name) {
    char *text = described(name, true);
    json_t *root = json_loads(text, 0, NULL);
    assert_non_null(root);
    tnn_free(text);
    return root;
}

static void test_json(void **state) {
    (void)state;
    json_t *root = described_json("gelu");
    const json_t *graph = entry(root, "subgraphs", 0), *node = entry(graph, "nodes", 2);
    assert_string_equal(string(root, "format"), "tflite");
    assert_string_equal(string(root, "min_runtime_version"), "2.9.0");
    assert_int_equal(number(root, "n_operators"), 4);
    assert_int_equal(number(root, "weight_bytes"), 16);
    assert_int_equal(number(root, "weight_bytes") + number(root, "structure_bytes"), number(root, "file_bytes"));
    assert_string_equal(string(entry(root, "operators", 0), "name"), "ADD");
    assert_int_equal(number(entry(root, "operators", 0), "count"), 2);
    assert_string_equal(string(node, "op"), "ADD");
    assert_int_equal(json_array_size(json_object_get(node, "inputs")), 2);
    assert_int_equal(json_array_size(json_object_get(graph, "tensors")), 8);
    assert_int_equal(json_array_size(json_object_get(entry(graph, "tensors", 1), "shape")), 0);
    assert_string_equal(string(entry(entry(root, "signatures", 0), "inputs", 0), "dtype"), "float32");
    json_decref(root);
}

static void test_json_counts_matrix_products(void **state) {
    (void)state;
    json_t *root = described_json("big_linear");
    assert_int_equal(number(root, "macs"), 2 * 1000 * 1001);
    assert_int_equal(number(entry(entry(root, "subgraphs", 0), "nodes", 0), "macs"), 2 * 1000 * 1001);
    json_decref(root);
}

/* ---- names that come from a file ---- */

static char *described_as(const char *description) {
    tnn_tflite_write_options options = tnn_tflite_write_options_default();
    tnn_strbuf text = {0};
    tnn_model *model;
    options.description = description;
    assert_int_equal(hand_graph_build(&model, hand_graph_find("add"), NULL), TNN_OK);
    tnn_file *file = written(model->graphs[0], &options, NULL, NULL);
    tnn_graph_model_free(model);
    assert_int_equal(tnn_tflite_describe(file, false, &text, NULL), TNN_OK);
    tnn_file_free(file);
    return tnn_strbuf_take(&text);
}

static void test_control_characters_do_not_reach_a_terminal(void **state) {
    (void)state;
    char *text = described_as("a\x1b[2Jb\nc");
    assert_non_null(strstr(text, "description: a?[2Jb?c\n"));
    tnn_free(text);
}

static void test_long_names_are_cut_between_characters(void **state) {
    (void)state;
    char name[200] = "";
    for (int i = 0; i < 79; i++) strcat(name, "a");
    strcat(name, "\xc3\xa9 and more");
    char *text = described_as(name);
    name[79] = '\0';
    const char *at = strstr(text, name);
    assert_non_null(at);
    assert_memory_equal(at + 79, "...\n", 4);
    tnn_free(text);
}

static void test_memory_runs_out(void **state) {
    (void)state;
    tnn_file *file = written_hand_graph("gelu", false);
    tnn_status status = TNN_ERR_NOMEM;
    for (size_t k = 1; status == TNN_ERR_NOMEM; k++) {
        tnn_strbuf text = {0};
        tnn_alloc_fail_after(k);
        status = tnn_tflite_describe(file, k % 2 != 0, &text, NULL);
        tnn_alloc_fail_after(0);
        tnn_strbuf_free(&text);
        assert_true(k < 1000);
    }
    assert_int_equal(status, TNN_OK);
    tnn_file_free(file);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text),
        cmocka_unit_test(test_absent_operands_and_macs),
        cmocka_unit_test(test_json),
        cmocka_unit_test(test_json_counts_matrix_products),
        cmocka_unit_test(test_control_characters_do_not_reach_a_terminal),
        cmocka_unit_test(test_long_names_are_cut_between_characters),
        cmocka_unit_test(test_memory_runs_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
