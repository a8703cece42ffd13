/* tnn_tflite_program: tflite/exec.h in public terms. */
#include "tinynn/run_tflite.h"

#include <string.h>

#include "base/alloc.h"
#include "tflite/exec.h"

struct tnn_tflite_program {
    tnn_exec *exec;
    const void **inputs; /* n_inputs; filled for a run */
};

static tnn_status check_ranks(const tnn_exec *exec, tnn_error *err) {
    for (size_t i = 0; i < tnn_exec_n_tensors(exec); i++) {
        const tnn_exec_tensor *t = tnn_exec_tensor_at(exec, i);
        if (t->rank > TINYNN_MAX_RANK)
            return tnn_fail(err, TNN_ERR_UNSUPPORTED, t->name, "has %d dimensions, at most %d are supported", t->rank,
                            TINYNN_MAX_RANK);
    }
    return TNN_OK;
}

static tnn_status open_program(tnn_tflite_program *program, const char *path, tnn_error *err) {
    tnn_file *file;
    TNN_TRY(tnn_file_open(&file, path, err));
    tnn_status status = tnn_exec_new(&program->exec, file, NULL, err);
    tnn_file_free(file);
    if (status != TNN_OK) return status;
    program->inputs = tnn_alloc_zero(tnn_exec_n_inputs(program->exec), sizeof *program->inputs);
    return program->inputs == NULL ? tnn_fail_nomem(err) : check_ranks(program->exec, err);
}

tnn_status tnn_tflite_load(tnn_tflite_program **out, const char *path, tnn_error *err) {
    *out = NULL;
    tnn_tflite_program *program = tnn_alloc_zero(1, sizeof *program);
    if (program == NULL) return tnn_fail_nomem(err);
    tnn_status status = open_program(program, path, err);
    if (status == TNN_OK) *out = program;
    else tnn_tflite_free(program);
    return status;
}

void tnn_tflite_free(tnn_tflite_program *program) {
    if (program == NULL) return;
    tnn_exec_free(program->exec);
    tnn_free(program->inputs);
    tnn_free(program);
}

/* ---- what there is ---- */

static tnn_value_info info_of(const tnn_exec_tensor *t) {
    tnn_value_info info = {.name = t->name, .dtype = t->dtype, .rank = t->rank};
    for (uint8_t k = 0; k < t->rank; k++) info.dims[k] = t->dims[k];
    return info;
}

size_t tnn_tflite_n_inputs(const tnn_tflite_program *program) { return tnn_exec_n_inputs(program->exec); }

size_t tnn_tflite_n_outputs(const tnn_tflite_program *program) { return tnn_exec_n_outputs(program->exec); }

size_t tnn_tflite_n_tensors(const tnn_tflite_program *program) { return tnn_exec_n_tensors(program->exec); }

tnn_value_info tnn_tflite_input(const tnn_tflite_program *program, size_t index) {
    return info_of(tnn_exec_tensor_at(program->exec, tnn_exec_input(program->exec, index)));
}

tnn_value_info tnn_tflite_output(const tnn_tflite_program *program, size_t index) {
    return info_of(tnn_exec_tensor_at(program->exec, tnn_exec_output(program->exec, index)));
}

size_t tnn_tflite_input_tensor(const tnn_tflite_program *program, size_t index) {
    return tnn_exec_input(program->exec, index);
}

size_t tnn_tflite_output_tensor(const tnn_tflite_program *program, size_t index) {
    return tnn_exec_output(program->exec, index);
}

/* ---- running ---- */

static tnn_status check_input(const tnn_exec_tensor *t, const tnn_array *array, tnn_error *err) {
    bool fits = array->dtype == t->dtype && array->rank == t->rank;
    for (uint8_t k = 0; k < t->rank && fits; k++) fits = array->dims[k] == t->dims[k];
    if (fits) return TNN_OK;
    return tnn_fail(err, TNN_ERR_INVALID, t->name, "the array has another type or shape; the file has %s with %d dimensions",
                    tnn_dtype_name(t->dtype), t->rank);
}

tnn_status tnn_tflite_run(tnn_tflite_program *program, const tnn_array *inputs, bool keep_all, tnn_error *err) {
    for (size_t i = 0; i < tnn_exec_n_inputs(program->exec); i++) {
        TNN_TRY(check_input(tnn_exec_tensor_at(program->exec, tnn_exec_input(program->exec, i)), &inputs[i], err));
        program->inputs[i] = inputs[i].data;
    }
    return tnn_exec_run(program->exec, program->inputs, keep_all, err);
}

static tnn_named_array array_of(const tnn_exec_tensor *t) {
    tnn_named_array named = {.name = t->name, .array = {.dtype = t->dtype, .rank = t->rank, .data = t->data}};
    for (uint8_t k = 0; k < t->rank; k++) named.array.dims[k] = t->dims[k];
    return named;
}

tnn_named_array tnn_tflite_result(const tnn_tflite_program *program, size_t index) {
    return array_of(tnn_exec_tensor_at(program->exec, tnn_exec_output(program->exec, index)));
}

tnn_named_array tnn_tflite_tensor(const tnn_tflite_program *program, size_t index, tnn_tflite_scale *scale) {
    const tnn_exec_tensor *t = tnn_exec_tensor_at(program->exec, index);
    *scale = (tnn_tflite_scale){t->n_scales == 1 ? t->scale : 0, t->zero_point};
    return array_of(t);
}
