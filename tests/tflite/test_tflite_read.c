/* Broken and hostile files: what is refused, with which words, and that nothing crashes. */
#include "written_file.h"

#include <string.h>

#include "base/alloc.h"
#include "tflite/tflite_describe.h"
#include "tflite/tflite_read.h"

/* Only the sanitizers and the bound on what is printed can complain. */
static void describe_bytes(const uint8_t *data, size_t size) {
    tnn_file *file;
    assert_int_equal(tnn_file_from_bytes(&file, "damaged", data, size, NULL), TNN_OK);
    for (int json = 0; json < 2; json++) {
        tnn_strbuf text = {0};
        tnn_error err;
        if (tnn_tflite_describe(file, json != 0, &text, &err) != TNN_OK)
            assert_int_not_equal(err.code, TNN_ERR_INTERNAL);
        assert_true(text.length < 300 * size + 10000);
        tnn_strbuf_free(&text);
    }
    tnn_file_free(file);
}

/* ---- refusals ---- */

/* A sound model of one RELU on a constant, as a tree that a case breaks. */
typedef struct parts {
    tnn_fb_object *model, *code, *subgraph, *tensors[2], *op, *buffers[2], *signature, *map, *quantization, *note;
} parts;

static void make_parts(parts *p, tnn_arena *arena) {
    static const int32_t first[] = {0}, second[] = {1}, shape[] = {2, 3};
    static const uint8_t data[24];
    *p = (parts){.model = tnn_fb_new(arena, &tnn_fbs_Model), .code = tnn_fb_new(arena, &tnn_fbs_OperatorCode)};
    p->subgraph = tnn_fb_new(arena, &tnn_fbs_SubGraph);
    p->op = tnn_fb_new(arena, &tnn_fbs_Operator);
    p->signature = tnn_fb_new(arena, &tnn_fbs_SignatureDef);
    p->map = tnn_fb_new(arena, &tnn_fbs_TensorMap);
    p->quantization = tnn_fb_new(arena, &tnn_fbs_QuantizationParameters);
    p->note = tnn_fb_new(arena, &tnn_fbs_Metadata);
    for (int i = 0; i < 2; i++) {
        p->tensors[i] = tnn_fb_new(arena, &tnn_fbs_Tensor);
        p->buffers[i] = tnn_fb_new(arena, &tnn_fbs_Buffer);
        tnn_fb_set_items(p->tensors[i], "shape", shape, 2);
        tnn_fb_set_string(p->tensors[i], "name", i == 0 ? "x" : "y");
    }
    tnn_fb_set_int(p->model, "version", 3);
    tnn_fb_set_int(p->code, "builtin_code", 19);
    tnn_fb_set_int(p->tensors[0], "buffer", 1);
    tnn_fb_set_child(p->tensors[0], "quantization", p->quantization);
    tnn_fb_set_items(p->buffers[1], "data", data, sizeof data);
    tnn_fb_set_items(p->op, "inputs", first, 1);
    tnn_fb_set_items(p->op, "outputs", second, 1);
    tnn_fb_set_items(p->subgraph, "outputs", second, 1);
    tnn_fb_set_children(p->model, "operator_codes", &p->code, 1);
    tnn_fb_set_children(p->model, "subgraphs", &p->subgraph, 1);
    tnn_fb_set_children(p->model, "buffers", p->buffers, 2);
    tnn_fb_set_children(p->model, "signature_defs", &p->signature, 1);
    tnn_fb_set_children(p->model, "metadata", &p->note, 1);
    tnn_fb_set_children(p->subgraph, "tensors", p->tensors, 2);
    tnn_fb_set_children(p->subgraph, "operators", &p->op, 1);
    tnn_fb_set_children(p->signature, "outputs", &p->map, 1);
}

static const int32_t two[] = {2}, minus_two[] = {-2}, bad_shape[] = {2, -5}, long_shape[] = {2, 4}, deep_shape[17];
static const float scales[2] = {1, 1};
static const int64_t zero_points[1];

static void sound(parts *p) { (void)p; }
static void other_version(parts *p) { tnn_fb_set_int(p->model, "version", 4); }
static void no_subgraph(parts *p) { tnn_fb_set_children(p->model, "subgraphs", NULL, 0); }
static void opcode_out_of_range(parts *p) { tnn_fb_set_int(p->op, "opcode_index", 1); }
static void input_out_of_range(parts *p) { tnn_fb_set_items(p->op, "inputs", two, 1); }
static void input_below_absent(parts *p) { tnn_fb_set_items(p->op, "inputs", minus_two, 1); }
static void graph_output_out_of_range(parts *p) { tnn_fb_set_items(p->subgraph, "outputs", two, 1); }
static void buffer_out_of_range(parts *p) { tnn_fb_set_int(p->tensors[1], "buffer", 2); }
static void negative_dimension(parts *p) { tnn_fb_set_items(p->tensors[1], "shape", bad_shape, 2); }
static void buffer_too_short(parts *p) { tnn_fb_set_items(p->tensors[0], "shape", long_shape, 2); }
static void too_many_dimensions(parts *p) { tnn_fb_set_items(p->tensors[1], "shape", deep_shape, 17); }
static void map_out_of_range(parts *p) { tnn_fb_set_int(p->map, "tensor_index", 2); }
static void signature_out_of_range(parts *p) { tnn_fb_set_int(p->signature, "subgraph_index", 1); }
static void note_out_of_range(parts *p) { tnn_fb_set_int(p->note, "buffer", 9); }
static void version_zero(parts *p) { tnn_fb_set_int(p->code, "version", 0); }

/* As LiteRT, we take options of another operator for none. */
static void options_of_another_operator(parts *p) {
    static const int32_t both[] = {0, 0};
    tnn_fb_set_int(p->code, "builtin_code", 126);
    tnn_fb_set_items(p->op, "inputs", both, 2);
    tnn_fb_set_int(p->op, "builtin_options_type", 9);
    tnn_fb_set_child(p->op, "builtin_options", p->map); /* whose table has one number, as SoftmaxOptions */
}

/* Offsets 0 and 1 mean that the data are inside. */
static void offset_of_one(parts *p) {
    tnn_fb_set_int(p->buffers[1], "offset", 1);
    tnn_fb_set_int(p->buffers[1], "size", 5);
}

static void data_outside(parts *p) {
    tnn_fb_set_int(p->buffers[1], "offset", 1 << 20);
    tnn_fb_set_int(p->buffers[1], "size", 24);
}

static void zero_points_missing(parts *p) {
    tnn_fb_set_items(p->quantization, "scale", scales, 2);
    tnn_fb_set_items(p->quantization, "zero_point", zero_points, 1);
}

static void axis_out_of_range(parts *p) {
    tnn_fb_set_items(p->quantization, "scale", scales, 2);
    tnn_fb_set_int(p->quantization, "quantized_dimension", 2);
}

typedef struct refusal {
    void (*break_it)(parts *p);
    tnn_status status;
    const char *message;
} refusal;

static const refusal refusals[] = {
    {sound, TNN_OK, NULL},
    {offset_of_one, TNN_OK, NULL},
    {options_of_another_operator, TNN_OK, NULL},
    {other_version, TNN_ERR_UNSUPPORTED, "schema version 4, only 3 is known"},
    {no_subgraph, TNN_ERR_MALFORMED, "the model has no subgraph"},
    {opcode_out_of_range, TNN_ERR_MALFORMED, "Operator.opcode_index is 1, there are 1"},
    {input_out_of_range, TNN_ERR_MALFORMED, "Operator.inputs[0] is 2, there are 2"},
    {input_below_absent, TNN_ERR_MALFORMED, "Operator.inputs[0] is -2, there are 2"},
    {graph_output_out_of_range, TNN_ERR_MALFORMED, "SubGraph.outputs[0] is 2, there are 2"},
    {buffer_out_of_range, TNN_ERR_MALFORMED, "Tensor.buffer is 2, there are 2"},
    {negative_dimension, TNN_ERR_MALFORMED, "dimension 1 of a tensor is -5"},
    {buffer_too_short, TNN_ERR_MALFORMED, "tensor x needs 32 bytes, its buffer has 24"},
    {too_many_dimensions, TNN_ERR_LIMIT, "a tensor has 17 dimensions"},
    {map_out_of_range, TNN_ERR_MALFORMED, "TensorMap.tensor_index is 2, there are 2"},
    {signature_out_of_range, TNN_ERR_MALFORMED, "SignatureDef.subgraph_index is 1, there are 1"},
    {note_out_of_range, TNN_ERR_MALFORMED, "Metadata.buffer is 9, there are 2"},
    {version_zero, TNN_ERR_MALFORMED, "operator code 0 has builtin code 19, version 0"},
    {zero_points_missing, TNN_ERR_MALFORMED, "2 scales, but 1 zero points"},
    {axis_out_of_range, TNN_ERR_MALFORMED, "quantized_dimension is 2, the tensor has 2 dimensions"},
};

static tnn_status open_broken(void (*break_it)(parts *p), tnn_error *err) {
    tnn_arena *arena = tnn_arena_new();
    tnn_fb_bytes bytes = {0};
    tnn_file *file;
    tnn_tflite f;
    parts p;
    make_parts(&p, arena);
    break_it(&p);
    assert_int_equal(tnn_fb_write(p.model, "TFL3", &bytes, NULL), TNN_OK);
    assert_int_equal(tnn_file_from_bytes(&file, "broken.tflite", bytes.data, bytes.size, NULL), TNN_OK);
    tnn_status status = tnn_tflite_open(&f, file, err);
    if (status == TNN_OK) describe_bytes(bytes.data, bytes.size);
    tnn_file_free(file);
    tnn_free(bytes.data);
    tnn_arena_free(arena);
    return status;
}

static void test_refusals(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        tnn_error err = {.code = TNN_OK};
        assert_int_equal(open_broken(refusals[i].break_it, &err), refusals[i].status);
        if (refusals[i].status == TNN_OK) continue;
        assert_string_equal(err.message, refusals[i].message);
        assert_string_equal(err.where, "broken.tflite");
        assert_true(err.position != TNN_NO_POSITION && err.position > 0);
    }
}

static void test_data_outside_the_file(void **state) {
    (void)state;
    tnn_error err;
    assert_int_equal(open_broken(data_outside, &err), TNN_ERR_MALFORMED);
    assert_memory_equal(err.message, "buffer 1 has bytes 1048576 to 1048600, the file has", 50);
}

static void test_other_files_are_refused(void **state) {
    (void)state;
    tnn_file *file;
    tnn_tflite f;
    assert_int_equal(tnn_file_from_bytes(&file, "a", "PK\3\4abcdefgh", 12, NULL), TNN_OK);
    assert_false(tnn_tflite_is(file));
    assert_int_equal(tnn_tflite_open(&f, file, NULL), TNN_ERR_MALFORMED);
    tnn_file_free(file);
    assert_int_equal(tnn_file_from_bytes(&file, "a", "", 0, NULL), TNN_OK);
    assert_false(tnn_tflite_is(file));
    assert_int_equal(tnn_tflite_open(&f, file, NULL), TNN_ERR_MALFORMED);
    tnn_file_free(file);
}

/* ---- damage ---- */

static void test_damaged_files_are_safe(void **state) {
    (void)state;
    for (int outside = 0; outside < 2; outside++) {
        tnn_file *file = written_hand_graph("gelu", outside != 0);
        uint8_t *copy = tnn_alloc(file->size, 1);
        memcpy(copy, file->data, file->size);
        for (size_t i = 0; i < file->size; i++) {
            static const uint8_t flips[] = {0x01, 0x04, 0x80, 0xFF};
            for (size_t k = 0; k < sizeof flips; k++) {
                copy[i] ^= flips[k];
                describe_bytes(copy, file->size);
                copy[i] ^= flips[k];
            }
        }
        for (size_t size = 0; size < file->size; size++) describe_bytes(copy, size);
        tnn_free(copy);
        tnn_file_free(file);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_data_outside_the_file),
        cmocka_unit_test(test_other_files_are_refused),
        cmocka_unit_test(test_damaged_files_are_safe),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
