/* The FlatBuffer codec on small trees. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "tflite/flatbuf.h"

static const tnn_fb_limits limits = {1000, 100000};

static tnn_arena *arena;

static int open_arena(void **state) {
    (void)state;
    arena = tnn_arena_new();
    return arena != NULL ? 0 : -1;
}

static int close_arena(void **state) {
    (void)state;
    tnn_alloc_fail_after(0);
    tnn_arena_free(arena);
    return 0;
}

static tnn_status verify(const uint8_t *data, size_t size, tnn_error *err) {
    return tnn_fb_verify(data, size, &tnn_fbs_Model, "TFL3", &limits, "test", err);
}

/* A model with two subgraphs, whose tensors have every kind of field. */
static tnn_fb_object *make_tree(void) {
    static const int32_t shape[] = {1, -2, 300000};
    static const int64_t zero_points[] = {-3, INT64_MAX};
    static const float scales[] = {0.5f, -1.25f};
    tnn_fb_object *model = tnn_fb_new(arena, &tnn_fbs_Model);
    tnn_fb_object **subgraphs = TNN_NEW_ARRAY(arena, 2, tnn_fb_object *);
    tnn_fb_object **tensors = TNN_NEW_ARRAY(arena, 1, tnn_fb_object *);
    tnn_fb_object **operators = TNN_NEW_ARRAY(arena, 1, tnn_fb_object *);
    tnn_fb_object *quantization = tnn_fb_new(arena, &tnn_fbs_QuantizationParameters);
    uint8_t softmax = tnn_fbs_member(&tnn_fbs_BuiltinOptions, "SoftmaxOptions");
    tnn_fb_object *options = tnn_fb_new(arena, tnn_fbs_BuiltinOptions.tables[softmax]);
    if (subgraphs == NULL || tensors == NULL || operators == NULL) return NULL;
    tnn_fb_set_items(quantization, "zero_point", zero_points, 2);
    tnn_fb_set_items(quantization, "scale", scales, 2);
    tensors[0] = tnn_fb_new(arena, &tnn_fbs_Tensor);
    tnn_fb_set_items(tensors[0], "shape", shape, 3);
    tnn_fb_set_int(tensors[0], "type", 9);
    tnn_fb_set_string(tensors[0], "name", "x");
    tnn_fb_set_child(tensors[0], "quantization", quantization);
    operators[0] = tnn_fb_new(arena, &tnn_fbs_Operator);
    tnn_fb_set_number(options, "beta", 1.5);
    tnn_fb_set_union(operators[0], "builtin_options", options);
    for (int i = 0; i < 2; i++) {
        subgraphs[i] = tnn_fb_new(arena, &tnn_fbs_SubGraph);
        tnn_fb_set_children(subgraphs[i], "tensors", tensors, 1);
        tnn_fb_set_children(subgraphs[i], "operators", operators, 1);
    }
    tnn_fb_set_int(model, "version", 3);
    tnn_fb_set_children(model, "subgraphs", subgraphs, 2);
    return model;
}

static tnn_fb_bytes make_small(bool of_vector) {
    static const int32_t items[] = {7};
    tnn_fb_object *model = tnn_fb_new(arena, &tnn_fbs_Model);
    tnn_fb_bytes bytes = {0};
    if (of_vector) {
        tnn_fb_set_items(model, "metadata_buffer", items, 1);
    } else {
        tnn_fb_set_string(model, "description", "hi");
        tnn_fb_set_int(model, "version", 3);
    }
    assert_int_equal(tnn_fb_write(model, "TFL3", &bytes, NULL), TNN_OK);
    assert_int_equal(verify(bytes.data, bytes.size, NULL), TNN_OK);
    return bytes;
}

static void test_bytes_of_a_small_tree(void **state) {
    (void)state;
    static const uint8_t expected[] = {
        20, 0, 0, 0, 'T', 'F', 'L', '3',      /* root table at 20 */
        12, 0, 12, 0, 4, 0, 0, 0, 0, 0, 8, 0, /* vtable: field 0 at 4, field 3 at 8 */
        12, 0, 0, 0, 3, 0, 0, 0, 4, 0, 0, 0,  /* table: vtable 12 bytes back; 3; string 4 bytes on */
        2, 0, 0, 0, 'h', 'i', 0,
    };
    tnn_fb_bytes bytes = make_small(false);
    assert_int_equal(bytes.size, sizeof expected);
    assert_memory_equal(bytes.data, expected, sizeof expected);
    tnn_free(bytes.data);
}

/* ---- refusals ---- */

/* One byte of a small FlatBuffer replaced: the text is drawn in test_bytes_of_a_small_tree; the vector is
 * vtable at 8, table at 24, vector at 32 with its one element at 36. */
typedef struct damage {
    bool of_vector;
    size_t at;
    uint8_t byte;
    const char *message;
} damage;

static const damage damages[] = {
    {false, 0, 22, "Model: the table lies outside"}, /* not aligned */
    {false, 0, 40, "Model: the table lies outside"},
    {false, 1, 1, "Model: the table lies outside"},
    {false, 4, 'X', "the file identifier is not TFL3"},
    {false, 8, 3, "Model: the vtable lies outside"},
    {false, 9, 1, "Model: the vtable lies outside"},
    {false, 20, 24, "Model: the vtable lies outside"},
    {false, 20, 11, "Model: the vtable lies outside"},
    {false, 10, 3, "Model: the table lies outside"},
    {false, 10, 20, "Model: the table lies outside"},
    {false, 10, 11, "Model.description: the field leaves its table"},
    {false, 12, 9, "Model.version: the field leaves its table"},
    {false, 12, 6, "Model.version: the field is not aligned"},
    {false, 28, 5, "Model.description: the string lies outside"},
    {false, 28, 8, "Model.description: the string lies outside"},
    {false, 32, 3, "Model.description: the string lies outside"},
    {false, 35, 255, "Model.description: the string lies outside"},
    {false, 32, 1, "Model.description: the string does not end in NUL"},
    {true, 28, 5, "Model.metadata_buffer: the vector lies outside"},
    {true, 28, 12, "Model.metadata_buffer: the vector lies outside"},
    {true, 32, 2, "Model.metadata_buffer: the vector lies outside"},
    {true, 35, 255, "Model.metadata_buffer: the vector lies outside"},
};

static void test_refusals(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof damages / sizeof *damages; i++) {
        tnn_fb_bytes bytes = make_small(damages[i].of_vector);
        tnn_error err;
        bytes.data[damages[i].at] = damages[i].byte;
        assert_int_equal(verify(bytes.data, bytes.size, &err), TNN_ERR_MALFORMED);
        assert_string_equal(err.message, damages[i].message);
        assert_string_equal(err.where, "test");
        tnn_free(bytes.data);
    }
}

static void test_what_was_written_is_read(void **state) {
    (void)state;
    tnn_fb_bytes bytes = {0};
    assert_int_equal(tnn_fb_write(make_tree(), "TFL3", &bytes, NULL), TNN_OK);
    assert_int_equal(verify(bytes.data, bytes.size, NULL), TNN_OK);
    tnn_fb_ref model = tnn_fb_root(bytes.data, bytes.size, &tnn_fbs_Model);
    tnn_fb_ref subgraph = tnn_fb_child_at(model, "subgraphs", 1), tensor = tnn_fb_child_at(subgraph, "tensors", 0);
    tnn_fb_ref quantization = tnn_fb_child(tensor, "quantization");
    tnn_fb_ref options = tnn_fb_child(tnn_fb_child_at(subgraph, "operators", 0), "builtin_options");
    assert_int_equal(tnn_fb_int(model, "version"), 3);
    assert_string_equal(tnn_fb_string(tensor, "name"), "x");
    assert_int_equal(tnn_fb_int(tensor, "type"), 9);
    assert_int_equal(tnn_fb_count(tensor, "shape"), 3);
    assert_int_equal(tnn_fb_int_at(tensor, "shape", 1), -2);
    assert_int_equal(tnn_fb_int_at(tensor, "shape", 2), 300000);
    assert_int_equal(tnn_fb_int_at(quantization, "zero_point", 0), -3);
    assert_int_equal(tnn_fb_int_at(quantization, "zero_point", 1), INT64_MAX);
    assert_true(tnn_fb_number_at(quantization, "scale", 1) == -1.25);
    assert_string_equal(options.type->name, "SoftmaxOptions");
    assert_true(tnn_fb_number(options, "beta") == 1.5);
    tnn_free(bytes.data);
}

static void test_what_is_absent_reads_as_nothing(void **state) {
    (void)state;
    tnn_fb_bytes bytes = {0};
    size_t n_bytes;
    assert_int_equal(tnn_fb_write(make_tree(), "TFL3", &bytes, NULL), TNN_OK);
    tnn_fb_ref model = tnn_fb_root(bytes.data, bytes.size, &tnn_fbs_Model);
    tnn_fb_ref none = tnn_fb_child_at(model, "buffers", 0);
    assert_null(none.type);
    assert_int_equal(tnn_fb_count(none, "data"), 0);
    assert_null(tnn_fb_bytes_of(none, "data", &n_bytes));
    assert_string_equal(tnn_fb_string(model, "description"), "");
    assert_false(tnn_fb_has(model, "description"));
    assert_null(tnn_fb_child_at(model, "subgraphs", 2).type);
    tnn_fb_ref op = tnn_fb_child_at(tnn_fb_child_at(model, "subgraphs", 0), "operators", 0);
    assert_int_equal(tnn_fb_int(op, "debug_metadata_index"), -1); /* the schema's default */
    tnn_free(bytes.data);
}

static void test_values_are_aligned(void **state) {
    (void)state;
    static const uint8_t data[] = {1, 2, 3};
    tnn_fb_object *model = tnn_fb_new(arena, &tnn_fbs_Model), *list[2];
    tnn_fb_bytes bytes = {0};
    size_t n_bytes;
    for (int i = 0; i < 2; i++) {
        list[i] = tnn_fb_new(arena, &tnn_fbs_Buffer);
        tnn_fb_set_items(list[i], "data", data, 3);
        tnn_fb_set_int(list[i], "size", INT64_C(1) << 40);
    }
    tnn_fb_set_children(model, "buffers", list, 2);
    assert_int_equal(tnn_fb_write(model, "TFL3", &bytes, NULL), TNN_OK);
    assert_int_equal(verify(bytes.data, bytes.size, NULL), TNN_OK);
    for (size_t i = 0; i < 2; i++) {
        tnn_fb_ref buffer = tnn_fb_child_at(tnn_fb_root(bytes.data, bytes.size, &tnn_fbs_Model), "buffers", i);
        const uint8_t *at = tnn_fb_bytes_of(buffer, "data", &n_bytes);
        assert_int_equal(n_bytes, 3);
        assert_int_equal((size_t)(at - bytes.data) % 16, 0);
        assert_true(tnn_fb_int(buffer, "size") == INT64_C(1) << 40);
    }
    tnn_free(bytes.data);
}

static void test_a_field_may_be_filled_later(void **state) {
    (void)state;
    tnn_fb_object *model = tnn_fb_new(arena, &tnn_fbs_Model);
    tnn_fb_bytes bytes = {0};
    uint32_t place = 0;
    tnn_fb_set_later(model, "version", &place);
    assert_int_equal(tnn_fb_write(model, "TFL3", &bytes, NULL), TNN_OK);
    tnn_fb_put_u32(bytes.data + place, 77);
    assert_int_equal(tnn_fb_int(tnn_fb_root(bytes.data, bytes.size, &tnn_fbs_Model), "version"), 77);
    tnn_free(bytes.data);
}

/* Reads everything in a tree that may be broken; only the sanitizers can complain. */
static void read_all(const uint8_t *data, size_t size) {
    tnn_fb_ref model = tnn_fb_root(data, size, &tnn_fbs_Model);
    for (size_t i = 0; i < 3; i++) {
        tnn_fb_ref subgraph = tnn_fb_child_at(model, "subgraphs", i), tensor = tnn_fb_child_at(subgraph, "tensors", 0);
        size_t n_bytes;
        assert_true(strlen(tnn_fb_string(tensor, "name")) <= size);
        tnn_fb_bytes_of(tnn_fb_child(tensor, "quantization"), "zero_point", &n_bytes);
        assert_true(n_bytes <= size);
        tnn_fb_int_at(tensor, "shape", 2);
    }
}

static void test_broken_bytes_are_safe(void **state) {
    (void)state;
    tnn_fb_bytes bytes = {0};
    size_t n_refused = 0;
    assert_int_equal(tnn_fb_write(make_tree(), "TFL3", &bytes, NULL), TNN_OK);
    for (size_t i = 0; i < bytes.size; i++) {
        for (int bit = 0; bit < 8; bit++) {
            bytes.data[i] ^= (uint8_t)(1 << bit);
            if (verify(bytes.data, bytes.size, NULL) != TNN_OK) n_refused++;
            bytes.data[i] ^= (uint8_t)(1 << bit);
        }
    }
    assert_true(n_refused > bytes.size);
    for (size_t size = 0; size < bytes.size; size++) {
        uint8_t *part = tnn_alloc(size, 1); /* an own block, so that the sanitizer knows its end */
        memcpy(part, bytes.data, size);
        assert_int_not_equal(verify(part, size, NULL), TNN_OK);
        read_all(part, size);
        tnn_free(part);
    }
    tnn_free(bytes.data);
}

static void test_limits(void **state) {
    (void)state;
    static const tnn_fb_limits few_tables = {5, 100000}, few_bytes = {1000, 10};
    tnn_fb_bytes bytes = {0};
    assert_int_equal(tnn_fb_write(make_tree(), "TFL3", &bytes, NULL), TNN_OK);
    assert_int_equal(tnn_fb_verify(bytes.data, bytes.size, &tnn_fbs_Model, "TFL3", &few_tables, "", NULL),
                     TNN_ERR_LIMIT);
    assert_int_equal(tnn_fb_verify(bytes.data, bytes.size, &tnn_fbs_Model, "TFL3", &few_bytes, "", NULL),
                     TNN_ERR_LIMIT);
    assert_int_equal(tnn_fb_verify(bytes.data, bytes.size, &tnn_fbs_Model, "TFL2", &limits, "", NULL),
                     TNN_ERR_MALFORMED);
    tnn_free(bytes.data);
}

static void test_memory_runs_out(void **state) {
    (void)state;
    tnn_status status = TNN_ERR_NOMEM;
    for (size_t k = 1; status == TNN_ERR_NOMEM; k++) {
        tnn_fb_bytes bytes = {0};
        tnn_alloc_fail_after(k);
        status = tnn_fb_write(make_tree(), "TFL3", &bytes, NULL);
        tnn_alloc_fail_after(0);
        tnn_free(bytes.data);
        assert_true(k < 100);
    }
    assert_int_equal(status, TNN_OK);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_bytes_of_a_small_tree, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(test_refusals, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(test_what_was_written_is_read, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(test_what_is_absent_reads_as_nothing, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(test_values_are_aligned, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(test_a_field_may_be_filled_later, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(test_broken_bytes_are_safe, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(test_limits, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(test_memory_runs_out, open_arena, close_arena),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
