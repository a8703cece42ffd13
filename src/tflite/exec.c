/* Running the operators of a .tflite file in order, with memory by lifetime. */
#include "tflite/exec.h"

#include <string.h>

#include "base/alloc.h"
#include "tflite/exec_state.h"

/* ---- memory ---- */

static void release(tnn_exec *exec, tnn_exec_slot *slot) {
    if (!slot->is_owned) return;
    tnn_free(slot->tensor.data);
    exec->live_bytes -= slot->n_bytes;
    slot->tensor.data = NULL;
    slot->is_owned = false;
}

static tnn_status allocate(tnn_exec *exec, tnn_exec_slot *slot, tnn_error *err) {
    tnn_exec_tensor *t = &slot->tensor;
    uint64_t max = exec->limits.max_bytes;
    if (!tnn_mul_size((size_t)t->n_elems, tnn_dtype_bytes(t->dtype), &slot->n_bytes)) return tnn_fail_nomem(err);
    if (max > 0 && (slot->n_bytes > max || exec->live_bytes > max - slot->n_bytes))
        return tnn_fail(err, TNN_ERR_LIMIT, exec->file->path, "tensors need more than %llu bytes",
                        (unsigned long long)max);
    t->data = tnn_alloc_zero(slot->n_bytes, 1);
    if (t->data == NULL) return tnn_fail_nomem(err);
    exec->live_bytes += slot->n_bytes;
    slot->is_owned = true;
    return TNN_OK;
}

/* ---- running ---- */

static tnn_status spend_elements(const tnn_exec_call *call, tnn_error *err) {
    uint64_t n = 1;
    for (size_t i = 0; i < call->n_in; i++) n += call->in[i] != NULL ? (uint64_t)call->in[i]->n_elems : 0;
    for (size_t i = 0; i < call->n_out; i++) n += (uint64_t)call->out[i]->n_elems;
    return tnn_exec_spend(call, n, err);
}

static tnn_status run_op(tnn_exec *exec, const tnn_exec_op *op, tnn_error *err) {
    tnn_exec_call call = {.where = op->where, .in = op->in, .out = op->out, .n_in = op->n_in, .n_out = op->n_out,
                          .options = op->options, .data = op->row->data, .budget = &exec->budget};
    TNN_TRY(spend_elements(&call, err));
    for (size_t i = 0; i < op->n_out; i++) TNN_TRY(allocate(exec, (tnn_exec_slot *)(void *)op->out[i], err));
    call.arena = tnn_arena_new();
    if (call.arena == NULL) return tnn_fail_nomem(err);
    tnn_status status = op->row->run(&call, err);
    tnn_arena_free(call.arena);
    return status;
}

/* Of the operands and results of operator `number`, those that nobody reads later. */
static void release_dead(tnn_exec *exec, size_t number) {
    const tnn_exec_op *op = &exec->ops[number];
    for (size_t i = 0; i < op->n_in + op->n_out; i++) {
        const tnn_exec_tensor *t = i < op->n_in ? op->in[i] : op->out[i - op->n_in];
        tnn_exec_slot *slot = (tnn_exec_slot *)(void *)(uintptr_t)t;
        if (slot != NULL && !slot->is_output && slot->last_use <= number) release(exec, slot);
    }
}

static tnn_status set_inputs(tnn_exec *exec, const void *const *inputs, tnn_error *err) {
    for (size_t i = 0; i < exec->n_inputs; i++) {
        tnn_exec_slot *slot = &exec->slots[exec->inputs[i]];
        TNN_TRY(allocate(exec, slot, err));
        if (slot->n_bytes > 0) memcpy(slot->tensor.data, inputs[i], slot->n_bytes);
    }
    return TNN_OK;
}

tnn_status tnn_exec_run(tnn_exec *exec, const void *const *inputs, bool keep_all, tnn_error *err) {
    for (size_t i = 0; i < exec->n_slots; i++) release(exec, &exec->slots[i]);
    exec->budget = (tnn_exec_budget){.left = exec->limits.max_work, .is_limited = exec->limits.max_work > 0};
    TNN_TRY(set_inputs(exec, inputs, err));
    for (size_t i = 0; i < exec->n_ops; i++) {
        TNN_TRY(run_op(exec, &exec->ops[i], err));
        if (!keep_all) release_dead(exec, i);
    }
    return TNN_OK;
}

/* ---- making ---- */

static tnn_status open_file(tnn_exec *exec, tnn_error *err) {
    if (exec->arena == NULL) return tnn_fail_nomem(err);
    TNN_TRY(tnn_tflite_open(&exec->model, exec->file, err));
    return tnn_exec_load(exec, err);
}

tnn_status tnn_exec_new(tnn_exec **out, tnn_file *file, const tnn_exec_limits *limits, tnn_error *err) {
    *out = NULL;
    tnn_exec *exec = tnn_alloc_zero(1, sizeof *exec);
    if (exec == NULL) return tnn_fail_nomem(err);
    exec->file = tnn_file_retain(file);
    exec->arena = tnn_arena_new();
    if (limits != NULL) exec->limits = *limits;
    tnn_status status = open_file(exec, err);
    if (status == TNN_OK) *out = exec;
    else tnn_exec_free(exec);
    return status;
}

void tnn_exec_free(tnn_exec *exec) {
    if (exec == NULL) return;
    if (exec->slots != NULL)
        for (size_t i = 0; i < exec->n_slots; i++) release(exec, &exec->slots[i]);
    tnn_arena_free(exec->arena);
    tnn_file_free(exec->file);
    tnn_free(exec);
}

size_t tnn_exec_n_inputs(const tnn_exec *exec) { return exec->n_inputs; }

size_t tnn_exec_n_outputs(const tnn_exec *exec) { return exec->n_outputs; }

size_t tnn_exec_n_tensors(const tnn_exec *exec) { return exec->n_slots; }

const tnn_exec_tensor *tnn_exec_tensor_at(const tnn_exec *exec, size_t index) { return &exec->slots[index].tensor; }

size_t tnn_exec_input(const tnn_exec *exec, size_t i) { return exec->inputs[i]; }

size_t tnn_exec_output(const tnn_exec *exec, size_t i) { return exec->outputs[i]; }
