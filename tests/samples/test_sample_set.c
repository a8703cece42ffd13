/* A set of samples: rooms of several threads, and memory that runs out at every allocation. What samples hold is tested
 * against NumPy and torchvision in test_samples.py. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "ir/graph.h"
#include "read/npz.h"
#include "tinynn/samples.h"

/* Two pixels, red and green, as Pillow writes them. */
static const uint8_t two_pixels[] = {
    0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x48, 0x44, 0x52, 0x00, 0x00,
    0x00, 0x02, 0x00, 0x00, 0x00, 0x01, 0x08, 0x02, 0x00, 0x00, 0x00, 0x7b, 0x40, 0xe8, 0xdd, 0x00, 0x00, 0x00,
    0x0f, 0x49, 0x44, 0x41, 0x54, 0x78, 0x9c, 0x63, 0xf8, 0xcf, 0xc0, 0xc0, 0xf0, 0x9f, 0x01, 0x00, 0x07, 0xff,
    0x01, 0xff, 0x01, 0x7f, 0x89, 0xa7, 0x00, 0x00, 0x00, 0x00, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82};
static const float as_input[6] = {1, 0, 0, 1, 0, 0};

static tnn_model *model;
static char picture_path[64], arrays_path[64];

/* A model whose one input is a picture of two pixels. */
static int make_all(void **state) {
    (void)state;
    tnn_value *input = NULL;
    tnn_graph *graph = NULL;
    tnn_shape shape = {.rank = 4};
    static const int64_t dims[4] = {1, 3, 1, 2};
    for (int k = 0; k < 4; k++) shape.dims[k] = tnn_size_const(dims[k]);
    assert_int_equal(tnn_graph_model_new(&model, "made", NULL), TNN_OK);
    assert_int_equal(tnn_graph_new(&graph, model, "main", NULL), TNN_OK);
    assert_int_equal(tnn_graph_input(&input, graph, "x", TNN_DTYPE_F32, &shape, NULL), TNN_OK);

    snprintf(picture_path, sizeof picture_path, "/tmp/tnn-test-samples-%ld.png", (long)getpid());
    FILE *file = fopen(picture_path, "wb");
    assert_int_equal(fwrite(two_pixels, 1, sizeof two_pixels, file), sizeof two_pixels);
    fclose(file);

    static double numbers[12] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
    tnn_named_array item = {"x", {.dtype = TNN_DTYPE_F64, .rank = 4, .dims = {2, 3, 1, 2}, .data = numbers}};
    snprintf(arrays_path, sizeof arrays_path, "/tmp/tnn-test-samples-%ld.npz", (long)getpid());
    assert_int_equal(tnn_npz_save(arrays_path, &item, 1, NULL), TNN_OK);
    return 0;
}

static int remove_all(void **state) {
    (void)state;
    remove(picture_path);
    remove(arrays_path);
    tnn_graph_model_free(model);
    return 0;
}

static void reads_a_picture(void **state) {
    (void)state;
    tnn_sample_set *set = NULL;
    const tnn_array *inputs = NULL;
    assert_int_equal(tnn_sample_set_open(&set, picture_path, model, NULL, NULL), TNN_OK);
    assert_int_equal(tnn_sample_set_count(set), 1);
    assert_string_equal(tnn_sample_set_name(set, 0), picture_path);
    assert_int_equal(tnn_sample_set_read(set, 0, 0, &inputs, NULL), TNN_OK);
    assert_memory_equal(inputs[0].data, as_input, sizeof as_input);
    assert_null(tnn_sample_set_warning(set, 0));
    tnn_sample_set_free(set);
}

/* What one thread has read stays while another reads. */
static void threads_have_rooms(void **state) {
    (void)state;
    tnn_sample_options options = tnn_sample_options_default();
    tnn_sample_set *set = NULL;
    const tnn_array *first = NULL, *second = NULL;
    options.n_threads = 2;
    assert_int_equal(tnn_sample_set_open(&set, arrays_path, model, &options, NULL), TNN_OK);
    assert_int_equal(tnn_sample_set_count(set), 2);
    assert_int_equal(tnn_sample_set_read(set, 1, 1, &second, NULL), TNN_OK);
    assert_int_equal(tnn_sample_set_read(set, 0, 0, &first, NULL), TNN_OK);
    for (int i = 0; i < 6; i++) {
        assert_true(((float *)first[0].data)[i] == (float)(i + 1));
        assert_true(((float *)second[0].data)[i] == (float)(i + 7));
    }
    tnn_sample_set_free(set);
}

static void refuses_numbers_of_threads(void **state) {
    (void)state;
    tnn_sample_options options = tnn_sample_options_default();
    tnn_sample_set *set = NULL;
    tnn_error err;
    options.n_threads = 0;
    assert_int_equal(tnn_sample_set_open(&set, arrays_path, model, &options, &err), TNN_ERR_INVALID);
    assert_string_equal(err.message, "n_threads is 0, expected 1 to 1024");
    assert_null(set);
}

/* Open and read with allocation number `k` failing. Lack of memory is never taken for a broken picture. */
static tnn_status open_and_read(const char *path, size_t k) {
    tnn_sample_set *set = NULL;
    const tnn_array *inputs = NULL;
    tnn_error err;
    tnn_alloc_fail_after(k);
    tnn_status status = tnn_sample_set_open(&set, path, model, NULL, &err);
    if (status == TNN_OK) status = tnn_sample_set_read(set, 0, 0, &inputs, &err);
    if (status == TNN_OK) assert_non_null(inputs);
    tnn_alloc_fail_after(0);
    tnn_sample_set_free(set);
    return status;
}

static void survives_lack_of_memory(void **state) {
    (void)state;
    const char *const paths[] = {picture_path, arrays_path};
    for (size_t i = 0; i < 2; i++) {
        tnn_status status = TNN_ERR_NOMEM;
        size_t k = 0;
        while (status != TNN_OK) {
            status = open_and_read(paths[i], ++k);
            assert_true(status == TNN_OK || status == TNN_ERR_NOMEM);
        }
        assert_true(k > 3);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_a_picture),
        cmocka_unit_test(threads_have_rooms),
        cmocka_unit_test(refuses_numbers_of_threads),
        cmocka_unit_test(survives_lack_of_memory),
    };
    return cmocka_run_group_tests(tests, make_all, remove_all);
}
