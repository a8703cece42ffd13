/* A .tflite file from anywhere, run without LiteRT on zeros and on bytes of the file, within limits. */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/alloc.h"
#include "tflite/exec.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void run(tnn_exec *exec, const uint8_t *bytes, size_t size) {
    enum { MAX_INPUTS = 16 };
    void *inputs[MAX_INPUTS] = {NULL};
    size_t n = tnn_exec_n_inputs(exec);
    tnn_error err;
    if (n > MAX_INPUTS) return;
    bool ready = true;
    for (size_t i = 0; i < n && ready; i++) {
        const tnn_exec_tensor *t = tnn_exec_tensor_at(exec, tnn_exec_input(exec, i));
        ready = t->n_elems <= 1 << 16;
        if (!ready) break;
        size_t n_bytes = (size_t)t->n_elems * tnn_dtype_bytes(t->dtype);
        inputs[i] = tnn_alloc_zero(n_bytes, 1);
        ready = inputs[i] != NULL;
        if (ready && t->dtype != TNN_DTYPE_BOOL) memcpy(inputs[i], bytes, n_bytes < size ? n_bytes : size);
    }
    if (ready) tnn_exec_run(exec, (const void *const *)inputs, size % 2 == 0, &err);
    for (size_t i = 0; i < MAX_INPUTS; i++) tnn_free(inputs[i]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const tnn_exec_limits limits = {1 << 24, 1 << 24};
    tnn_file *file;
    tnn_exec *exec;
    tnn_error err;
    if (tnn_file_from_bytes(&file, "fuzz", data, size, NULL) != TNN_OK) return 0;
    if (tnn_exec_new(&exec, file, &limits, &err) == TNN_OK) {
        run(exec, data, size);
        tnn_exec_free(exec);
    }
    tnn_file_free(file);
    return 0;
}
