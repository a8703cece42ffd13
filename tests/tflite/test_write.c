/* What the writer puts into a file, read back through the schema table. LiteRT judges the same files in
 * test_container.py. */
#include "written_file.h"

#include <string.h>

#include "base/alloc.h"
#include "ir/recipe.h"
#include "tflite/tflite_read.h"
#include "tinynn/version.h"

static tnn_tflite opened(const tnn_file *file) {
    tnn_tflite out;
    tnn_error err;
    if (tnn_tflite_open(&out, file, &err) != TNN_OK) fail_msg("%s", err.message);
    return out;
}

static tnn_fb_ref main_graph(const tnn_tflite *f) { return tnn_fb_child_at(f->model, "subgraphs", 0); }

static void test_every_hand_graph_verifies(void **state) {
    (void)state;
    for (size_t i = 0; i < 2 * n_hand_graphs; i++) {
        tnn_file *file = written_hand_graph(hand_graphs[i / 2].name, i % 2 != 0);
        opened(file);
        tnn_file_free(file);
    }
}

static void test_options_and_versions(void **state) {
    (void)state;
    tnn_file *file = written_hand_graph("grouped_conv", false);
    tnn_tflite f = opened(file);
    tnn_fb_ref code = tnn_fb_child_at(f.model, "operator_codes", 0);
    tnn_fb_ref op = tnn_fb_child_at(main_graph(&f), "operators", 0), options = tnn_fb_child(op, "builtin_options");
    assert_int_equal(tnn_fb_int(code, "builtin_code"), 3);
    assert_int_equal(tnn_fb_int(code, "version"), 6);
    assert_string_equal(options.type->name, "Conv2DOptions");
    assert_int_equal(tnn_fb_int(options, "stride_w"), 2);
    assert_int_equal(tnn_fb_int(options, "fused_activation_function"), 3);
    assert_int_equal(tnn_fb_int(options, "dilation_w_factor"), 1);
    assert_false(tnn_fb_has(options, "padding")); /* SAME is the default */
    assert_false(tnn_fb_has(options, "dilation_w_factor"));
    tnn_file_free(file);
}

static void test_codes_above_127_and_shared_codes(void **state) {
    (void)state;
    tnn_file *file = written_hand_graph("gelu", false);
    tnn_tflite f = opened(file);
    assert_int_equal(tnn_fb_count(f.model, "operator_codes"), 3);
    assert_int_equal(tnn_fb_count(main_graph(&f), "operators"), 4);
    tnn_fb_ref gelu = tnn_fb_child_at(f.model, "operator_codes", 1);
    assert_int_equal(tnn_fb_int(gelu, "builtin_code"), 150);
    assert_int_equal(tnn_fb_int(gelu, "deprecated_builtin_code"), 127);
    tnn_file_free(file);
}

static void test_options_in_the_second_union(void **state) {
    (void)state;
    tnn_file *file = written_hand_graph("dilate", false);
    tnn_tflite f = opened(file);
    tnn_fb_ref op = tnn_fb_child_at(main_graph(&f), "operators", 0);
    assert_string_equal(tnn_fb_child(op, "builtin_options_2").type->name, "DilateOptions");
    assert_false(tnn_fb_has(op, "builtin_options"));
    tnn_file_free(file);
}

static void test_absent_bias_keeps_its_place(void **state) {
    (void)state;
    tnn_file *file = written_hand_graph("linear", false);
    tnn_tflite f = opened(file);
    tnn_fb_ref op = tnn_fb_child_at(main_graph(&f), "operators", 0);
    assert_int_equal(tnn_fb_count(op, "inputs"), 3);
    assert_int_equal(tnn_fb_int_at(op, "inputs", 2), -1);
    tnn_file_free(file);
}

static void check_floats(const uint8_t *bytes, size_t n_bytes, size_t n) {
    assert_int_equal(n_bytes, 4 * n);
    for (size_t i = 0; i < n; i++) {
        float number = hand_number((int64_t)i);
        assert_memory_equal(bytes + 4 * i, &number, 4);
    }
}

static void test_buffers_are_shared_and_aligned(void **state) {
    (void)state;
    for (int outside = 0; outside < 2; outside++) {
        tnn_file *file = written_hand_graph("gelu", outside != 0);
        tnn_tflite f = opened(file);
        size_t n_bytes;
        assert_int_equal(tnn_fb_count(f.model, "buffers"), 1 + 2 + (outside ? 2 : 1)); /* with the metadata's */
        assert_null(tnn_tflite_buffer(&f, 0, &n_bytes));
        const uint8_t *bytes = tnn_tflite_buffer(&f, 2, &n_bytes);
        assert_int_equal((size_t)(bytes - file->data) % 16, 0);
        check_floats(bytes, n_bytes, 3);
        assert_int_equal(tnn_fb_has(tnn_fb_child_at(f.model, "buffers", 2), "data"), !outside);
        tnn_file_free(file);
    }
}

static void test_file_outside_ends_in_zeros(void **state) {
    (void)state;
    static const uint8_t zeros[16];
    tnn_file *file = written_hand_graph("add", true);
    assert_int_equal(file->size % 16, 0);
    assert_memory_equal(file->data + file->size - 16, zeros, 16);
    tnn_file_free(file);
}

static void test_large_constants_pass_in_tiles(void **state) {
    (void)state;
    tnn_file *file = written_hand_graph("big_linear", false);
    tnn_tflite f = opened(file);
    size_t n_bytes;
    const uint8_t *bytes = tnn_tflite_buffer(&f, 1, &n_bytes);
    assert_int_equal(n_bytes, 4 * 1000 * 1001);
    for (int64_t o = 0; o < 1001; o += 7) {
        for (int64_t i = 0; i < 1000; i += 3) {
            float number = hand_number(i * 1001 + o);
            assert_memory_equal(bytes + 4 * (o * 1000 + i), &number, 4);
        }
    }
    tnn_file_free(file);
}

static const char *metadata(const tnn_tflite *f, const char *name, size_t *n_bytes) {
    for (size_t i = 0; i < tnn_fb_count(f->model, "metadata"); i++) {
        tnn_fb_ref entry = tnn_fb_child_at(f->model, "metadata", i);
        if (strcmp(tnn_fb_string(entry, "name"), name) == 0)
            return (const char *)tnn_tflite_buffer(f, (size_t)tnn_fb_int(entry, "buffer"), n_bytes);
    }
    return NULL;
}

static void test_metadata_and_description(void **state) {
    (void)state;
    tnn_file *file = written_hand_graph("grouped_conv", true);
    tnn_tflite f = opened(file);
    size_t n_bytes;
    assert_string_equal(metadata(&f, "min_runtime_version", &n_bytes), "2.9.0");
    assert_int_equal(n_bytes, 16);
    assert_memory_equal(metadata(&f, "buffer_location", &n_bytes), "outside flatbuffers", 19);
    assert_string_equal(tnn_fb_string(f.model, "description"), "tinynn " TINYNN_VERSION);
    tnn_file_free(file);
}

static void test_signature_and_stats(void **state) {
    (void)state;
    tnn_model *model;
    tnn_tflite_stats stats;
    assert_int_equal(hand_graph_build(&model, hand_graph_find("split"), NULL), TNN_OK);
    tnn_file *file = written(model->graphs[0], NULL, &stats, NULL);
    tnn_tflite f = opened(file);
    tnn_fb_ref signature = tnn_fb_child_at(f.model, "signature_defs", 0), graph = main_graph(&f);
    assert_string_equal(tnn_fb_string(signature, "signature_key"), "serving_default");
    assert_int_equal(tnn_fb_count(signature, "outputs"), 4);
    tnn_fb_ref third = tnn_fb_child_at(signature, "outputs", 2);
    assert_string_equal(tnn_fb_string(third, "name"), "third");
    assert_int_equal(tnn_fb_int(third, "tensor_index"), tnn_fb_int_at(graph, "outputs", 2));
    assert_int_equal(tnn_fb_int_at(graph, "outputs", 0), tnn_fb_int_at(graph, "outputs", 2));
    assert_int_equal(stats.file_bytes, file->size);
    assert_int_equal(stats.n_operators, 1);
    assert_int_equal(stats.n_tensors, 4);
    assert_int_equal(stats.n_buffers, 1);
    assert_int_equal(stats.buffer_bytes, 4);
    assert_string_equal(stats.min_runtime, "1.5.0");
    tnn_file_free(file);
    tnn_graph_model_free(model);
}

static tnn_file *write_with_limit(const tnn_graph *graph, uint64_t limit, tnn_tflite_stats *stats) {
    tnn_tflite_write_options options = {.description = "description", .max_flatbuffer_bytes = limit};
    return written(graph, &options, stats, NULL);
}

static void test_the_form_changes_at_the_limit(void **state) {
    (void)state;
    tnn_model *model;
    tnn_tflite_stats stats;
    assert_int_equal(hand_graph_build(&model, hand_graph_find("add"), NULL), TNN_OK);
    tnn_file *file = write_with_limit(model->graphs[0], INT32_MAX, &stats);
    uint64_t size = file->size;
    tnn_file_free(file);
    tnn_file_free(write_with_limit(model->graphs[0], size, &stats));
    assert_false(stats.buffers_outside);
    file = write_with_limit(model->graphs[0], size - 1, &stats);
    assert_true(stats.buffers_outside);
    assert_int_equal(stats.file_bytes, file->size);
    tnn_file_free(file);
    tnn_graph_model_free(model);
}

/* ---- refusals ---- */

typedef struct refusal {
    tnn_dtype dtype;
    int64_t dim;
    bool is_input;
    tnn_status status;
    const char *message;
} refusal;

static const refusal refusals[] = {
    {TNN_DTYPE_F32, 3, false, TNN_ERR_INTERNAL, "is read, but no operator makes it and it is no input"},
    {TNN_DTYPE_F32, INT64_C(1) << 31, true, TNN_ERR_UNSUPPORTED, "dimension 0 is 2147483648, TFLite has 31 bits"},
    {TNN_DTYPE_NONE, 3, true, TNN_ERR_UNSUPPORTED, "TFLite has no type none"},
};

static void check_refusal(const refusal *r) {
    tnn_model *model;
    tnn_graph *graph;
    tnn_node *node;
    tnn_value *x, *y;
    tnn_error err;
    tnn_shape shape = {.rank = 1, .dims = {tnn_size_const(r->dim)}};
    assert_int_equal(tnn_graph_model_new(&model, "test", NULL), TNN_OK);
    assert_int_equal(tnn_graph_new(&graph, model, "main", NULL), TNN_OK);
    if (r->is_input) assert_int_equal(tnn_graph_input(&x, graph, "x", r->dtype, &shape, NULL), TNN_OK);
    else assert_int_equal(tnn_graph_value(&x, graph, "x", r->dtype, &shape, NULL), TNN_OK);
    tnn_arg arg = tnn_arg_of_tensor(x);
    assert_int_equal(tnn_graph_node(&node, graph, NULL, &tnn_tfl_RELU.op, &arg, 1, NULL), TNN_OK);
    assert_int_equal(tnn_node_output(&y, node, "y", r->dtype, &shape, NULL), TNN_OK);
    assert_int_equal(tnn_graph_output(graph, y, NULL, NULL), TNN_OK);
    assert_null(written(graph, NULL, NULL, &err));
    assert_int_equal(err.code, r->status);
    assert_string_equal(err.message, r->message);
    assert_string_equal(err.where, "x");
    tnn_graph_model_free(model);
}

static void test_refusals(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) check_refusal(&refusals[i]);
}

static void test_memory_runs_out(void **state) {
    (void)state;
    tnn_model *model;
    tnn_error err = {.code = TNN_ERR_NOMEM};
    assert_int_equal(hand_graph_build(&model, hand_graph_find("gelu"), NULL), TNN_OK);
    for (size_t k = 1; err.code == TNN_ERR_NOMEM; k++) {
        err.code = TNN_OK;
        tnn_alloc_fail_after(k);
        tnn_file *file = written(model->graphs[0], NULL, NULL, &err);
        tnn_alloc_fail_after(0);
        assert_int_equal(err.code, file != NULL ? TNN_OK : TNN_ERR_NOMEM);
        tnn_file_free(file);
        assert_true(k < 1000);
    }
    tnn_graph_model_free(model);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_hand_graph_verifies),
        cmocka_unit_test(test_options_and_versions),
        cmocka_unit_test(test_codes_above_127_and_shared_codes),
        cmocka_unit_test(test_options_in_the_second_union),
        cmocka_unit_test(test_absent_bias_keeps_its_place),
        cmocka_unit_test(test_buffers_are_shared_and_aligned),
        cmocka_unit_test(test_file_outside_ends_in_zeros),
        cmocka_unit_test(test_large_constants_pass_in_tiles),
        cmocka_unit_test(test_metadata_and_description),
        cmocka_unit_test(test_signature_and_stats),
        cmocka_unit_test(test_the_form_changes_at_the_limit),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_memory_runs_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
