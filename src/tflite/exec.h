/* Run a .tflite file without LiteRT: naive kernels that are the meaning of the file.
 *
 * The first subgraph runs, operator by operator in the file's order. A tensor's memory lives from the operator that
 * computes it to the last that reads it. Shapes are those of the file, outermost dimension first. */
#ifndef TNN_TFLITE_EXEC_H
#define TNN_TFLITE_EXEC_H

#include "base/file.h"
#include "ir/elems.h"
#include "tflite/tflite_read.h"

typedef struct tnn_exec_tensor {
    const char *name; /* as in the file; may be "" */
    tnn_dtype dtype;  /* of the elements in `data`; int8 where the file has 4 bits */
    uint8_t rank;
    int64_t dims[TNN_TFLITE_MAX_RANK];
    int64_t n_elems;
    /* real = (stored - zero_point) * scale, for each index of dimension `axis` where there are several. */
    size_t n_scales;
    const float *scales;
    const int64_t *zero_points; /* n_scales */
    float scale;                /* the first; 0 when there is none */
    int32_t zero_point;
    uint8_t axis;
    bool is_int4;
    bool is_constant;
    void *data; /* aligned for the type; NULL before it is computed and after it was released */
} tnn_exec_tensor;

typedef struct tnn_exec_limits {
    uint64_t max_bytes; /* of all tensors that are in memory at once, constants of the file apart; 0: no limit */
    uint64_t max_work;  /* multiply-accumulates and elements read or written, in all; 0: no limit */
} tnn_exec_limits;

typedef struct tnn_exec tnn_exec;

/* `file` is retained. `limits` NULL: none. `*out` is NULL after an error.
 * Errors: those of tnn_tflite_open; TNN_ERR_UNSUPPORTED (operators without a kernel, all of them named; shapes that are
 * not fixed; types), TNN_ERR_MALFORMED (a tensor used before it is computed, computed twice), TNN_ERR_LIMIT. */
tnn_status tnn_exec_new(tnn_exec **out, tnn_file *file, const tnn_exec_limits *limits, tnn_error *err);
/* Accepts NULL. */
void tnn_exec_free(tnn_exec *exec);

size_t tnn_exec_n_inputs(const tnn_exec *exec);
size_t tnn_exec_n_outputs(const tnn_exec *exec);
size_t tnn_exec_n_tensors(const tnn_exec *exec);
/* Tensors by number in the file, and the numbers of inputs and outputs; below the counts. */
const tnn_exec_tensor *tnn_exec_tensor_at(const tnn_exec *exec, size_t index);
size_t tnn_exec_input(const tnn_exec *exec, size_t i);
size_t tnn_exec_output(const tnn_exec *exec, size_t i);

/* Run with one array an input, dense, as long as the input's tensor; borrowed for the call. The outputs have data after
 * it, and with `keep_all` every tensor that was computed, until the next run.
 * Errors: TNN_ERR_MALFORMED, TNN_ERR_UNSUPPORTED (no kernel for a type), TNN_ERR_INVALID (an index or a divisor in the
 * inputs that has no meaning), TNN_ERR_LIMIT, TNN_ERR_NOMEM; `where` names the operator. */
tnn_status tnn_exec_run(tnn_exec *exec, const void *const *inputs, bool keep_all, tnn_error *err);

#endif
