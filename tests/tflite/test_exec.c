#include "tflite/exec.h"

#include <string.h>

#include "base/alloc.h"
#include "written_file.h"

enum { MAX_INPUTS = 4 };

/* Zeros for every input of the hand-made graphs. */
static float zeros[1 << 16];

static tnn_status run_zeros(tnn_exec *exec, bool keep_all, tnn_error *err) {
    const void *inputs[MAX_INPUTS];
    assert_true(tnn_exec_n_inputs(exec) <= MAX_INPUTS);
    for (size_t i = 0; i < MAX_INPUTS; i++) inputs[i] = zeros;
    return tnn_exec_run(exec, inputs, keep_all, err);
}

static size_t n_with_data(const tnn_exec *exec) {
    size_t n = 0;
    for (size_t i = 0; i < tnn_exec_n_tensors(exec); i++) n += tnn_exec_tensor_at(exec, i)->data != NULL;
    return n;
}

static void test_outputs_have_data(void **state) {
    (void)state;
    tnn_error err;
    for (int outside = 0; outside < 2; outside++) {
        tnn_file *file = written_hand_graph("conv", outside != 0);
        tnn_exec *exec;
        assert_int_equal(tnn_exec_new(&exec, file, NULL, &err), TNN_OK);
        tnn_file_free(file); /* exec holds it */
        for (size_t i = 0; i < tnn_exec_n_outputs(exec); i++)
            assert_null(tnn_exec_tensor_at(exec, tnn_exec_output(exec, i))->data);
        assert_int_equal(run_zeros(exec, false, &err), TNN_OK);
        for (size_t i = 0; i < tnn_exec_n_outputs(exec); i++)
            assert_non_null(tnn_exec_tensor_at(exec, tnn_exec_output(exec, i))->data);
        tnn_exec_free(exec);
    }
}

static void test_tensors_are_kept_or_released(void **state) {
    (void)state;
    tnn_error err;
    tnn_exec *exec;
    tnn_file *file = written_hand_graph("gelu", false);
    assert_int_equal(tnn_exec_new(&exec, file, NULL, &err), TNN_OK);
    assert_int_equal(run_zeros(exec, true, &err), TNN_OK);
    assert_int_equal(n_with_data(exec), tnn_exec_n_tensors(exec));
    assert_int_equal(run_zeros(exec, false, &err), TNN_OK);
    assert_true(n_with_data(exec) < tnn_exec_n_tensors(exec));
    tnn_exec_free(exec);
    tnn_file_free(file);
}

static void test_limits(void **state) {
    (void)state;
    const tnn_exec_limits limits[] = {{16, 0}, {0, 16}};
    tnn_error err;
    tnn_file *file = written_hand_graph("conv", false);
    for (size_t i = 0; i < 2; i++) {
        tnn_exec *exec;
        assert_int_equal(tnn_exec_new(&exec, file, &limits[i], &err), TNN_OK);
        assert_int_equal(run_zeros(exec, false, &err), TNN_ERR_LIMIT);
        tnn_exec_free(exec);
    }
    tnn_file_free(file);
}

/* Allocation number k fails, for every k until none does. */
static void test_memory_runs_out(void **state) {
    (void)state;
    tnn_file *file = written_hand_graph("conv", false);
    tnn_status status = TNN_ERR_NOMEM;
    size_t k;
    for (k = 1; status == TNN_ERR_NOMEM; k++) {
        tnn_error err;
        tnn_exec *exec;
        tnn_alloc_fail_after(k);
        status = tnn_exec_new(&exec, file, NULL, &err);
        if (status == TNN_OK) status = run_zeros(exec, false, &err);
        tnn_alloc_fail_after(0);
        assert_true(status == TNN_OK || err.code == TNN_ERR_NOMEM);
        tnn_exec_free(exec);
    }
    assert_int_equal(status, TNN_OK);
    assert_true(k > 5);
    tnn_file_free(file);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_outputs_have_data),
        cmocka_unit_test(test_tensors_are_kept_or_released),
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_memory_runs_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
