/* What a file says of itself: made for a graph by hand, read back through the schema table and as text. */
#include "written_file.h"

#include <string.h>

#include "base/alloc.h"
#include "base/strbuf.h"
#include "tflite/fbs_metadata.h"
#include "tflite/metadata.h"
#include "tflite/tflite_describe.h"

/* A graph [1,5,5,C] "image" to [1,3,3,6] "features", and "x" [2,4] to "scores" [2,3]. */
static tnn_model *model_of(const char *name) {
    tnn_model *model = NULL;
    assert_int_equal(hand_graph_build(&model, hand_graph_find(name), NULL), TNN_OK);
    return model;
}

static const tnn_shape picture = {.rank = 4, .dims = {{.hint = 1}, {.hint = 5}, {.hint = 5}, {.hint = 3}}};

/* The model of a picture, whose output "features" has 6 positions. */
static tnn_model *picture_model(void) {
    tnn_model *model = model_of("conv");
    model->graphs[0]->inputs[0]->shape = picture;
    return model;
}

static tnn_status make(tnn_metadata_parts *parts, const tnn_metadata *said, tnn_model *model, tnn_error *err) {
    return tnn_metadata_make(parts, said, model->graphs[0], model->arena, err);
}

static const double half[] = {0.5}, means[] = {0, 0.2, 1}, bytes[] = {127.5};

static void test_numbers_are_for_bytes(void **state) {
    (void)state;
    tnn_model *model = picture_model();
    tnn_metadata said = tnn_metadata_default();
    said.image_mean = means, said.n_image_mean = 3, said.image_std = half, said.n_image_std = 1;
    tnn_metadata_parts parts;
    assert_int_equal(make(&parts, &said, model, NULL), TNN_OK);
    tnn_fb_ref root = tnn_fb_root(parts.entry.data, parts.entry.size, &tnn_fbs_ModelMetadata);
    tnn_fb_ref input = tnn_fb_child_at(tnn_fb_child_at(root, "subgraph_metadata", 0), "input_tensor_metadata", 0);
    tnn_fb_ref options = tnn_tflite_normalization(input);
    assert_string_equal(tnn_fb_string(input, "name"), "image");
    assert_string_equal(tnn_tflite_color(input), "rgb");
    assert_int_equal(tnn_fb_count(options, "mean"), 3);
    assert_true(tnn_fb_number_at(options, "mean", 0) == 0);
    assert_true(tnn_fb_number_at(options, "mean", 1) == 51);
    assert_true(tnn_fb_number_at(options, "mean", 2) == 255);
    assert_int_equal(tnn_fb_count(options, "std"), 1);
    assert_true(tnn_fb_number_at(options, "std", 0) == 127.5);
    tnn_free(parts.entry.data);
    said.image_mean = said.image_std = bytes, said.n_image_mean = 1, said.image_range = 255;
    assert_int_equal(make(&parts, &said, model, NULL), TNN_OK);
    root = tnn_fb_root(parts.entry.data, parts.entry.size, &tnn_fbs_ModelMetadata);
    input = tnn_fb_child_at(tnn_fb_child_at(root, "subgraph_metadata", 0), "input_tensor_metadata", 0);
    assert_true(tnn_fb_number_at(tnn_tflite_normalization(input), "mean", 0) == 127.5);
    tnn_free(parts.entry.data);
    tnn_graph_model_free(model);
}

static void expect_refusal(tnn_model *model, const tnn_metadata *said, const char *message) {
    tnn_metadata_parts parts;
    tnn_error err;
    assert_int_equal(make(&parts, said, model, &err), TNN_ERR_INVALID);
    assert_string_equal(err.message, message);
    assert_null(parts.entry.data);
}

static void test_numbers_that_do_not_fit(void **state) {
    (void)state;
    static const double zero[] = {0}, two[] = {0.5, 0.5};
    tnn_model *model = picture_model();
    tnn_metadata said = tnn_metadata_default();
    said.image_mean = half, said.n_image_mean = 1;
    expect_refusal(model, &said, "is missing, mean and std go together");
    said.image_std = zero, said.n_image_std = 1;
    expect_refusal(model, &said,
                   "0 does not fit pixels from 0 to 1; an image range of 255 is for numbers in the unit of bytes");
    said.image_std = bytes;
    expect_refusal(model, &said,
                   "127.5 does not fit pixels from 0 to 1; an image range of 255 is for numbers in the unit of bytes");
    said.image_range = 0;
    expect_refusal(model, &said, "0 is not above 0");
    said.image_range = 1, said.image_std = two, said.n_image_std = 2;
    expect_refusal(model, &said,
                   "no input is a picture: [N,H,W,C] with 1 or 3 channels, as many as there are numbers (1 and 2); "
                   "\"image\" is float32[1, 5, 5, 3]");
    tnn_graph_model_free(model);
}

static void test_labels(void **state) {
    (void)state;
    tnn_model *model = picture_model();
    tnn_metadata said = tnn_metadata_default();
    tnn_metadata_parts parts;
    said.labels = "a\r\nb c\nd\n\xC3\xA9\ne\nf";
    assert_int_equal(make(&parts, &said, model, NULL), TNN_OK);
    assert_string_equal(parts.labels, "a\nb c\nd\n\xC3\xA9\ne\nf\n");
    tnn_free(parts.entry.data);
    said.labels = "a\nb\n";
    expect_refusal(model, &said, "2 labels fit no output; along its last dimension \"features\" has 6");
    said.labels = "a\n \t\nb\n";
    expect_refusal(model, &said, "line 2 is empty");
    said.labels = "";
    expect_refusal(model, &said, "there are none");
    tnn_graph_model_free(model);
}

static void test_memory_runs_out(void **state) {
    (void)state;
    tnn_metadata said = tnn_metadata_default();
    said.image_mean = means, said.n_image_mean = 3, said.image_std = half, said.n_image_std = 1;
    said.labels = "a\nb\nc\nd\ne\nf\n";
    for (size_t k = 1;; k++) {
        tnn_model *model = picture_model();
        tnn_arena *arena = tnn_arena_new();
        tnn_metadata_parts parts;
        tnn_alloc_fail_after(k);
        tnn_status status = tnn_metadata_make(&parts, &said, model->graphs[0], arena, NULL);
        tnn_alloc_fail_after(0);
        tnn_free(parts.entry.data);
        tnn_arena_free(arena);
        tnn_graph_model_free(model);
        if (status == TNN_OK) break;
        assert_int_equal(status, TNN_ERR_NOMEM);
    }
}

/* What inspect says of the file of "conv" with these bytes as its metadata. */
static char *described(const void *entry, size_t n_bytes, bool json) {
    tnn_tflite_write_options options = tnn_tflite_write_options_default();
    tnn_model *model = model_of("conv");
    tnn_strbuf text = {0};
    options.metadata = entry, options.metadata_bytes = n_bytes;
    tnn_file *file = written(model->graphs[0], &options, NULL, NULL);
    assert_non_null(file);
    assert_int_equal(tnn_tflite_describe(file, json, &text, NULL), TNN_OK);
    tnn_file_free(file);
    tnn_graph_model_free(model);
    return tnn_strbuf_take(&text);
}

static void assert_described(const tnn_metadata_parts *parts, bool json, const char *expected) {
    char *text = described(parts->entry.data, parts->entry.size, json);
    if (strstr(text, expected) == NULL) fail_msg("not in the description: %s\n%s", expected, text);
    tnn_free(text);
}

static void test_descriptions(void **state) {
    (void)state;
    tnn_model *model = picture_model();
    tnn_metadata said = tnn_metadata_default();
    tnn_metadata_parts parts;
    said.name = "Net", said.license = "MIT", said.labels = "a\nb\nc\nd\ne\nf\n";
    said.image_mean = means, said.n_image_mean = 3, said.image_std = half, said.n_image_std = 1;
    assert_int_equal(make(&parts, &said, model, NULL), TNN_OK);
    assert_described(&parts, false,
                     "metadata\n"
                     "  name: Net\n"
                     "  license: MIT\n"
                     "  input  image, picture rgb, mean 0 51 255, std 127.5\n"
                     "  output features, file labels.txt\n");
    assert_described(&parts, true,
                     "\"metadata\": {\"name\": \"Net\", \"description\": \"\", \"version\": \"\", \"author\": \"\", "
                     "\"license\": \"MIT\", \"min_parser_version\": \"1.0.0\", \"inputs\": [{\"name\": \"image\", "
                     "\"picture\": \"rgb\", \"mean\": [0, 51, 255], \"std\": [127.5], \"files\": []}], "
                     "\"outputs\": [{\"name\": \"features\", \"picture\": \"\", \"mean\": [], \"std\": [], "
                     "\"files\": [\"labels.txt\"]}]}");
    parts.entry.data[4] = '?'; /* of the identifier */
    assert_described(&parts, false, "metadata cannot be read: the file identifier is not M001\n");
    assert_described(&parts, true, "\"metadata\": {\"error\": \"the file identifier is not M001\", ");
    tnn_free(parts.entry.data);
    char *text = described(NULL, 0, true);
    assert_non_null(strstr(text, "\"metadata\": null, "));
    tnn_free(text);
    tnn_graph_model_free(model);
}

/* Every byte damaged in turn: a description comes all the same. */
static void test_damaged_entries(void **state) {
    (void)state;
    tnn_model *model = picture_model();
    tnn_metadata said = tnn_metadata_default();
    tnn_metadata_parts parts;
    said.labels = "a\nb\nc\nd\ne\nf\n", said.image_mean = said.image_std = half;
    said.n_image_mean = said.n_image_std = 1;
    assert_int_equal(make(&parts, &said, model, NULL), TNN_OK);
    for (size_t i = 0; i < parts.entry.size; i++) {
        uint8_t before = parts.entry.data[i];
        parts.entry.data[i] = (uint8_t)~before;
        tnn_free(described(parts.entry.data, parts.entry.size, true));
        tnn_free(described(parts.entry.data, i, false));
        parts.entry.data[i] = before;
    }
    tnn_free(parts.entry.data);
    tnn_graph_model_free(model);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_numbers_are_for_bytes), cmocka_unit_test(test_numbers_that_do_not_fit),
        cmocka_unit_test(test_labels),                cmocka_unit_test(test_memory_runs_out),
        cmocka_unit_test(test_descriptions),          cmocka_unit_test(test_damaged_entries),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
