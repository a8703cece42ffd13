/* The inside of a tnn_exec, for exec.c and exec_load.c. */
#ifndef TNN_TFLITE_EXEC_STATE_H
#define TNN_TFLITE_EXEC_STATE_H

#include "tflite/exec_kernel.h"

typedef struct tnn_exec_slot {
    tnn_exec_tensor tensor; /* first, so that tensors are slots */
    bool is_input, is_output;
    bool has_producer;
    bool is_owned;   /* data is a heap block of n_bytes */
    size_t n_bytes;
    size_t last_use; /* number of the last operator that reads it */
} tnn_exec_slot;

typedef struct tnn_exec_op {
    const tnn_exec_row *row;
    const char *where;
    tnn_fb_ref options;
    size_t n_in, n_out;
    const tnn_exec_tensor **in; /* n_in; NULL where left out */
    tnn_exec_tensor **out;
} tnn_exec_op;

struct tnn_exec {
    tnn_file *file;
    tnn_arena *arena;
    tnn_tflite model;
    tnn_exec_limits limits;
    tnn_exec_slot *slots; /* n_slots: the tensors of the subgraph */
    size_t n_slots;
    tnn_exec_op *ops;
    size_t n_ops;
    size_t *inputs, *outputs; /* numbers of tensors */
    size_t n_inputs, n_outputs;
    uint64_t live_bytes;
    tnn_exec_budget budget;
};

/* Fill slots, ops, inputs and outputs from the first subgraph of `exec->model`. Errors: those of tnn_exec_new. */
tnn_status tnn_exec_load(tnn_exec *exec, tnn_error *err);

#endif
