/* Operators that put elements around and between those of their operand. */
#include <string.h>

#include "tflite/builtin.h"
#include "tflite/exec_move.h"

/* `before` and `after` of each dimension; the result has them. */
static tnn_status read_padding(const tnn_exec_call *call, int64_t *before, tnn_error *err) {
    const tnn_exec_tensor *in = call->in[0];
    int64_t pads[2 * TNN_TFLITE_MAX_RANK], dims[TNN_TFLITE_MAX_RANK];
    size_t n;
    TNN_TRY(tnn_exec_need_same_type(call, in, call->out[0], err));
    TNN_TRY(tnn_exec_integers(call, call->in[1], 2 * TNN_TFLITE_MAX_RANK, pads, &n, err));
    if (n != 2 * (size_t)in->rank) return tnn_exec_malformed(call, err, "%zu paddings for %d dimensions", n, in->rank);
    for (uint8_t k = 0; k < in->rank; k++) {
        const int64_t *pad = &pads[2 * k];
        if (pad[0] < 0 || pad[1] < 0 || pad[0] > INT32_MAX || pad[1] > INT32_MAX)
            return tnn_exec_malformed(call, err, "padding of %lld and %lld", (long long)pad[0], (long long)pad[1]);
        before[k] = pad[0];
        dims[k] = in->dims[k] + pad[0] + pad[1];
    }
    return tnn_exec_need_shape(call, call->out[0], in->rank, dims, err);
}

static void fill(tnn_exec_tensor *out, const void *element) {
    size_t n_bytes = tnn_dtype_bytes(out->dtype);
    uint8_t *bytes = out->data;
    for (int64_t i = 0; i < out->n_elems; i++) memcpy(bytes + (size_t)i * n_bytes, element, n_bytes);
}

/* The value of the padding: the operand that says it, or the number that stands for 0. */
static tnn_status fill_padding(const tnn_exec_call *call, tnn_error *err) {
    tnn_exec_tensor *out = call->out[0];
    if (call->n_in > 2) {
        TNN_TRY(tnn_exec_need_same_type(call, call->in[2], out, err));
        if (call->in[2]->n_elems != 1) return tnn_exec_malformed(call, err, "the padding is not one number");
        fill(out, call->in[2]->data);
    } else if (out->zero_point != 0 && tnn_exec_is_small_int(out)) {
        for (int64_t i = 0; i < out->n_elems; i++) tnn_elem_set_integer(out->data, out->dtype, i, out->zero_point);
    }
    return TNN_OK;
}

static tnn_status run_pad(const tnn_exec_call *call, tnn_error *err) {
    const tnn_exec_tensor *in = call->in[0];
    tnn_exec_tensor *out = call->out[0];
    int64_t before[TNN_TFLITE_MAX_RANK];
    TNN_TRY(read_padding(call, before, err));
    TNN_TRY(fill_padding(call, err));
    tnn_exec_side from = tnn_exec_dense(in), to = tnn_exec_dense(out);
    for (uint8_t k = 0; k < in->rank; k++) to.start += before[k] * to.steps[k];
    tnn_exec_loops loops = tnn_exec_loops_over(in);
    tnn_exec_move(&loops, out, &to, in, &from);
    return TNN_OK;
}

const tnn_exec_row tnn_exec_PAD = {run_pad, 2, 2, 1, NULL};
const tnn_exec_row tnn_exec_PADV2 = {run_pad, 3, 3, 1, NULL};

/* The place that position x of a dimension mirrors: around the first and last element, or around their outer edges. */
static int64_t mirror(int64_t x, int64_t dim, int64_t edge) {
    if (x < 0) return -x - edge;
    return x < dim ? x : 2 * dim - 2 - x + edge;
}

static tnn_status run_mirror_pad(const tnn_exec_call *call, tnn_error *err) {
    const tnn_exec_tensor *in = call->in[0];
    tnn_exec_tensor *out = call->out[0];
    int64_t before[TNN_TFLITE_MAX_RANK], index[TNN_EXEC_MAX_LOOPS] = {0};
    int64_t edge = tnn_fb_int(call->options, "mode") == TNN_TFL_MIRROR_SYMMETRIC ? 1 : 0;
    TNN_TRY(read_padding(call, before, err));
    for (uint8_t k = 0; k < in->rank; k++) {
        int64_t after = out->dims[k] - in->dims[k] - before[k], most = in->dims[k] - 1 + edge;
        if (before[k] > most || after > most) return tnn_exec_malformed(call, err, "padding wider than the operand");
    }
    if (out->n_elems == 0) return TNN_OK;
    size_t n_bytes = tnn_dtype_bytes(out->dtype);
    const uint8_t *source = in->data;
    uint8_t *target = out->data;
    tnn_exec_side dense = tnn_exec_dense(in);
    tnn_exec_loops loops = tnn_exec_loops_over(out);
    for (bool more = true; more; target += n_bytes) {
        int64_t at = 0;
        for (uint8_t k = 0; k < in->rank; k++) at += mirror(index[k] - before[k], in->dims[k], edge) * dense.steps[k];
        memcpy(target, source + (size_t)at * n_bytes, n_bytes);
        more = tnn_exec_next(&loops, index, 0, NULL, NULL);
    }
    return TNN_OK;
}

const tnn_exec_row tnn_exec_MIRROR_PAD = {run_mirror_pad, 2, 2, 1, NULL};

static tnn_status run_dilate(const tnn_exec_call *call, tnn_error *err) {
    const tnn_exec_tensor *in = call->in[0];
    tnn_exec_tensor *out = call->out[0];
    int64_t steps[TNN_TFLITE_MAX_RANK], dims[TNN_TFLITE_MAX_RANK];
    size_t n;
    TNN_TRY(tnn_exec_need_same_type(call, in, out, err));
    TNN_TRY(tnn_exec_integers(call, call->in[1], TNN_TFLITE_MAX_RANK, steps, &n, err));
    if (n != in->rank) return tnn_exec_malformed(call, err, "%zu steps for %d dimensions", n, in->rank);
    for (uint8_t k = 0; k < in->rank; k++) {
        if (steps[k] < 1 || steps[k] > INT32_MAX) return tnn_exec_malformed(call, err, "step %lld", (long long)steps[k]);
        dims[k] = in->dims[k] == 0 ? 0 : (in->dims[k] - 1) * steps[k] + 1;
    }
    TNN_TRY(tnn_exec_need_shape(call, out, in->rank, dims, err));
    TNN_TRY(fill_padding(call, err));
    tnn_exec_side from = tnn_exec_dense(in), to = tnn_exec_dense(out);
    for (uint8_t k = 0; k < in->rank; k++) to.steps[k] *= steps[k];
    tnn_exec_loops loops = tnn_exec_loops_over(in);
    tnn_exec_move(&loops, out, &to, in, &from);
    return TNN_OK;
}

const tnn_exec_row tnn_exec_DILATE = {run_dilate, 3, 3, 1, NULL};

/* ---- fills ---- */

static tnn_status run_fill(const tnn_exec_call *call, tnn_error *err) {
    TNN_TRY(tnn_exec_need_same_type(call, call->in[1], call->out[0], err));
    if (call->in[1]->n_elems != 1) return tnn_exec_malformed(call, err, "the value is not one number");
    fill(call->out[0], call->in[1]->data);
    return TNN_OK;
}

static tnn_status run_zeros(const tnn_exec_call *call, tnn_error *err) {
    return tnn_exec_need_same_shape(call, call->in[0], call->out[0], err); /* results begin as zeros */
}

const tnn_exec_row tnn_exec_FILL = {run_fill, 2, 2, 1, NULL};
const tnn_exec_row tnn_exec_ZEROS_LIKE = {run_zeros, 1, 1, 1, NULL};

static tnn_status run_matrix_diag(const tnn_exec_call *call, tnn_error *err) {
    const tnn_exec_tensor *in = call->in[0];
    tnn_exec_tensor *out = call->out[0];
    TNN_TRY(tnn_exec_need_same_type(call, in, out, err));
    if (in->rank == 0 || in->rank == TNN_TFLITE_MAX_RANK) return tnn_exec_malformed(call, err, "no diagonal");
    int64_t dims[TNN_TFLITE_MAX_RANK], n = in->dims[in->rank - 1];
    memcpy(dims, in->dims, sizeof dims);
    dims[in->rank] = n;
    TNN_TRY(tnn_exec_need_shape(call, out, (uint8_t)(in->rank + 1), dims, err));
    tnn_exec_side from = tnn_exec_dense(in), to = tnn_exec_dense(out);
    to.steps[in->rank - 1] = n + 1;
    tnn_exec_loops loops = tnn_exec_loops_over(in);
    tnn_exec_move(&loops, out, &to, in, &from);
    return TNN_OK;
}

const tnn_exec_row tnn_exec_MATRIX_DIAG = {run_matrix_diag, 1, 1, 1, NULL};
