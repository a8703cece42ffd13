/* Sums over a .tflite file: operators, multiplications, bytes. */
#ifndef TNN_TFLITE_TFLITE_COUNT_H
#define TNN_TFLITE_TFLITE_COUNT_H

#include "base/arena.h"
#include "tflite/tflite_read.h"

typedef struct tnn_tflite_op_count {
    int32_t code, version;
    const char *custom; /* name of a CUSTOM operator; "" else */
    uint64_t n;
} tnn_tflite_op_count;

typedef struct tnn_tflite_sums {
    tnn_tflite_op_count *ops; /* one an operator code of the file, most frequent first */
    size_t n_ops;
    uint64_t n_operators, n_transposes; /* transposes: TRANSPOSE */
    uint64_t macs; /* of convolutions, fully connected layers and matrix products */
    uint64_t weight_bytes;    /* buffers of tensors, each once */
    uint64_t structure_bytes; /* all else in the file */
} tnn_tflite_sums;

/* The sums of all subgraphs. Lives in `arena`. Errors: TNN_ERR_NOMEM. */
tnn_status tnn_tflite_sum(tnn_tflite_sums *out, const tnn_tflite *file, tnn_arena *arena, tnn_error *err);

/* Multiply-accumulates of one operator; 0 for kinds that are not counted. */
uint64_t tnn_tflite_macs(const tnn_tflite *file, tnn_fb_ref subgraph, tnn_fb_ref op);

/* "CONV_2D", "CUSTOM:name", "OPERATOR_300", 90 bytes at most; in the arena or static. NULL when memory ran out. */
const char *tnn_tflite_op_name(int32_t code, const char *custom, tnn_arena *arena);

/* Text of the metadata min_runtime_version; "" when the file has none. */
void tnn_tflite_min_runtime(const tnn_tflite *file, char out[32]);

#endif
