/* The kernel of each operator that we write. An operator without a row does not link. */
#include <stddef.h>

#include "tflite/builtin.h"
#include "tflite/exec_kernel.h"

#define X(name) extern const tnn_exec_row tnn_exec_##name;
TNN_TFL_OPS(X)
#undef X

static const struct {
    const tnn_tfl_row *op;
    const tnn_exec_row *row;
} kernels[] = {
#define X(name) {&tnn_tfl_##name, &tnn_exec_##name},
    TNN_TFL_OPS(X)
#undef X
};

const tnn_exec_row *tnn_exec_find(int32_t code) {
    for (size_t i = 0; i < sizeof kernels / sizeof *kernels; i++)
        if (kernels[i].op->op.id == code) return kernels[i].row;
    return NULL;
}
