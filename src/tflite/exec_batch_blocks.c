/* SPACE_TO_BATCH_ND and BATCH_TO_SPACE_ND: blocks of positions become batches, and back. */
#include <string.h>

#include "tflite/exec_move.h"

typedef struct batch_blocks {
    const tnn_exec_tensor *space, *batch; /* the tensor that is large in space, the one that is large in batches */
    uint8_t n;                            /* dimensions in blocks, behind the first of the tensors */
    int64_t block[TNN_TFLITE_MAX_RANK];
    int64_t pad[TNN_TFLITE_MAX_RANK]; /* positions of the blocks before the first of space */
} batch_blocks;

static tnn_status read_blocks(const tnn_exec_call *call, batch_blocks *b, tnn_error *err) {
    int64_t pads[2 * TNN_TFLITE_MAX_RANK];
    size_t n, n_pads;
    TNN_TRY(tnn_exec_integers(call, call->in[1], TNN_TFLITE_MAX_RANK, b->block, &n, err));
    TNN_TRY(tnn_exec_integers(call, call->in[2], 2 * TNN_TFLITE_MAX_RANK, pads, &n_pads, err));
    TNN_TRY(tnn_exec_need_rank(call, b->batch, b->space->rank, err));
    if (n_pads != 2 * n || n + 1 > b->space->rank) return tnn_exec_malformed(call, err, "%zu blocks", n);
    b->n = (uint8_t)n;
    int64_t batches = b->space->dims[0];
    for (uint8_t k = 0; k < b->n; k++) {
        int64_t padded = b->space->dims[k + 1] + pads[2 * k] + pads[2 * k + 1];
        if (b->block[k] < 1 || pads[2 * k] < 0 || pads[2 * k + 1] < 0 || batches > INT32_MAX / b->block[k] ||
            b->batch->dims[k + 1] > INT64_MAX / b->block[k] || b->batch->dims[k + 1] * b->block[k] != padded)
            return tnn_exec_malformed(call, err, "dimension %d does not divide into its blocks", k + 1);
        b->pad[k] = pads[2 * k];
        batches *= b->block[k];
    }
    if (batches != b->batch->dims[0]) return tnn_exec_malformed(call, err, "%lld batches", (long long)b->batch->dims[0]);
    for (uint8_t k = (uint8_t)(b->n + 1); k < b->space->rank; k++)
        if (b->space->dims[k] != b->batch->dims[k]) return tnn_exec_malformed(call, err, "dimension %d changes", k);
    return TNN_OK;
}

/* Where position [batch, i1, i2, …, last dimensions at 0] of `batch` lies in `space`; -1: in the padding. */
static int64_t place_in_space(const batch_blocks *b, const int64_t *index) {
    tnn_exec_side dense = tnn_exec_dense(b->space);
    int64_t which = index[0] / b->space->dims[0], at = index[0] % b->space->dims[0] * dense.steps[0];
    for (uint8_t k = b->n; k-- > 0;) {
        int64_t place = index[k + 1] * b->block[k] + which % b->block[k] - b->pad[k];
        if (place < 0 || place >= b->space->dims[k + 1]) return -1;
        at += place * dense.steps[k + 1];
        which /= b->block[k];
    }
    return at;
}

static void fill_with_zero_point(tnn_exec_tensor *out) {
    for (int64_t i = 0; i < out->n_elems; i++) tnn_elem_set_integer(out->data, out->dtype, i, out->zero_point);
}

static tnn_status run_batch_blocks(const tnn_exec_call *call, tnn_error *err) {
    bool to_batch = call->data != NULL;
    tnn_exec_tensor *out = call->out[0];
    batch_blocks b = {.space = to_batch ? call->in[0] : out, .batch = to_batch ? out : call->in[0]};
    TNN_TRY(tnn_exec_need_same_type(call, call->in[0], out, err));
    TNN_TRY(read_blocks(call, &b, err));
    if (to_batch && tnn_exec_is_small_int(out)) fill_with_zero_point(out);
    if (b.batch->n_elems == 0 || b.space->n_elems == 0) return TNN_OK;
    size_t run_bytes = (size_t)tnn_exec_inner(b.batch, (uint8_t)(b.n + 1)) * tnn_dtype_bytes(out->dtype);
    size_t elem_bytes = tnn_dtype_bytes(out->dtype);
    const uint8_t *source = call->in[0]->data;
    uint8_t *target = out->data;
    tnn_exec_loops loops = tnn_exec_loops_over(b.batch);
    tnn_exec_side dense = tnn_exec_dense(b.batch);
    loops.n = (uint8_t)(b.n + 1);
    int64_t index[TNN_EXEC_MAX_LOOPS] = {0}, at = 0;
    do {
        int64_t place = place_in_space(&b, index);
        if (place < 0) continue;
        memcpy(target + (size_t)(to_batch ? at : place) * elem_bytes,
               source + (size_t)(to_batch ? place : at) * elem_bytes, run_bytes);
    } while (tnn_exec_next(&loops, index, 1, &dense, &at));
    return TNN_OK;
}

static const bool to_batch = true;
const tnn_exec_row tnn_exec_SPACE_TO_BATCH_ND = {run_batch_blocks, 3, 3, 1, &to_batch};
const tnn_exec_row tnn_exec_BATCH_TO_SPACE_ND = {run_batch_blocks, 3, 3, 1, NULL};
