/* Operators whose result holds the operand's elements in another order or more often. */
#include <string.h>

#include "tflite/exec_move.h"

static tnn_status need_same_size(const tnn_exec_call *call, tnn_error *err) {
    TNN_TRY(tnn_exec_need_same_type(call, call->in[0], call->out[0], err));
    if (call->in[0]->n_elems == call->out[0]->n_elems) return TNN_OK;
    return tnn_exec_malformed(call, err, "%lld elements become %lld", (long long)call->in[0]->n_elems,
                              (long long)call->out[0]->n_elems);
}

static tnn_status run_reshape(const tnn_exec_call *call, tnn_error *err) {
    TNN_TRY(need_same_size(call, err));
    tnn_exec_copy(call->out[0], call->in[0]);
    return TNN_OK;
}

const tnn_exec_row tnn_exec_RESHAPE = {run_reshape, 1, 2, 1, NULL};
const tnn_exec_row tnn_exec_SQUEEZE = {run_reshape, 1, 1, 1, NULL};
const tnn_exec_row tnn_exec_EXPAND_DIMS = {run_reshape, 2, 2, 1, NULL};

static tnn_status run_bitcast(const tnn_exec_call *call, tnn_error *err) {
    const tnn_exec_tensor *in = call->in[0];
    tnn_exec_tensor *out = call->out[0];
    size_t n_bytes = (size_t)out->n_elems * tnn_dtype_bytes(out->dtype);
    if ((size_t)in->n_elems * tnn_dtype_bytes(in->dtype) != n_bytes)
        return tnn_exec_malformed(call, err, "operand and result have not as many bytes");
    if (n_bytes > 0) memcpy(out->data, in->data, n_bytes);
    return TNN_OK;
}

const tnn_exec_row tnn_exec_BITCAST = {run_bitcast, 1, 1, 1, NULL};

static tnn_status run_transpose(const tnn_exec_call *call, tnn_error *err) {
    const tnn_exec_tensor *in = call->in[0];
    tnn_exec_tensor *out = call->out[0];
    int64_t perm[TNN_TFLITE_MAX_RANK], dims[TNN_TFLITE_MAX_RANK];
    bool seen[TNN_TFLITE_MAX_RANK] = {false};
    size_t n;
    TNN_TRY(tnn_exec_need_same_type(call, in, out, err));
    TNN_TRY(tnn_exec_integers(call, call->in[1], TNN_TFLITE_MAX_RANK, perm, &n, err));
    if (n != in->rank) return tnn_exec_malformed(call, err, "%zu axes for %d dimensions", n, in->rank);
    tnn_exec_side dense = tnn_exec_dense(in), from = {0}, to = tnn_exec_dense(out);
    for (uint8_t k = 0; k < in->rank; k++) {
        uint8_t axis;
        TNN_TRY(tnn_exec_axis(call, perm[k], in->rank, &axis, err));
        if (seen[axis]) return tnn_exec_malformed(call, err, "axis %d stands twice", axis);
        seen[axis] = true;
        dims[k] = in->dims[axis];
        from.steps[k] = dense.steps[axis];
    }
    TNN_TRY(tnn_exec_need_shape(call, out, in->rank, dims, err));
    tnn_exec_loops loops = tnn_exec_loops_over(out);
    tnn_exec_move(&loops, out, &to, in, &from);
    return TNN_OK;
}

const tnn_exec_row tnn_exec_TRANSPOSE = {run_transpose, 2, 2, 1, NULL};

static tnn_status run_broadcast_to(const tnn_exec_call *call, tnn_error *err) {
    const tnn_exec_tensor *in = call->in[0];
    tnn_exec_tensor *out = call->out[0];
    TNN_TRY(tnn_exec_need_same_type(call, in, out, err));
    if (in->rank > out->rank) return tnn_exec_malformed(call, err, "the result has fewer dimensions");
    uint8_t extra = (uint8_t)(out->rank - in->rank);
    tnn_exec_side dense = tnn_exec_dense(in), from = {0}, to = tnn_exec_dense(out);
    for (uint8_t k = 0; k < in->rank; k++) {
        if (in->dims[k] != 1 && in->dims[k] != out->dims[k + extra])
            return tnn_exec_malformed(call, err, "size %lld becomes %lld", (long long)in->dims[k],
                                      (long long)out->dims[k + extra]);
        from.steps[k + extra] = in->dims[k] == 1 ? 0 : dense.steps[k];
    }
    tnn_exec_loops loops = tnn_exec_loops_over(out);
    tnn_exec_move(&loops, out, &to, in, &from);
    return TNN_OK;
}

const tnn_exec_row tnn_exec_BROADCAST_TO = {run_broadcast_to, 2, 2, 1, NULL};

/* Each dimension d of the result is two loops: which copy, and where in it. */
static tnn_status run_tile(const tnn_exec_call *call, tnn_error *err) {
    const tnn_exec_tensor *in = call->in[0];
    tnn_exec_tensor *out = call->out[0];
    int64_t times[TNN_TFLITE_MAX_RANK];
    size_t n;
    TNN_TRY(tnn_exec_need_same_type(call, in, out, err));
    TNN_TRY(tnn_exec_integers(call, call->in[1], TNN_TFLITE_MAX_RANK, times, &n, err));
    TNN_TRY(tnn_exec_need_rank(call, out, in->rank, err));
    tnn_exec_side dense = tnn_exec_dense(in), dense_out = tnn_exec_dense(out), from = {0}, to = {0};
    tnn_exec_loops loops = {.n = (uint8_t)(2 * in->rank)};
    for (uint8_t k = 0; k < in->rank; k++) {
        int64_t dim = in->dims[k], copies = dim == 0 ? 0 : out->dims[k] / dim;
        if (n != in->rank || times[k] < 0 || copies * dim != out->dims[k] || (dim > 0 && copies != times[k]))
            return tnn_exec_malformed(call, err, "the copies do not fill the result");
        loops.dims[2 * k] = copies;
        loops.dims[2 * k + 1] = dim;
        from.steps[2 * k + 1] = dense.steps[k];
        to.steps[2 * k] = dense_out.steps[k] * dim;
        to.steps[2 * k + 1] = dense_out.steps[k];
    }
    tnn_exec_move(&loops, out, &to, in, &from);
    return TNN_OK;
}

const tnn_exec_row tnn_exec_TILE = {run_tile, 2, 2, 1, NULL};

static tnn_status run_reverse(const tnn_exec_call *call, tnn_error *err) {
    const tnn_exec_tensor *in = call->in[0];
    tnn_exec_tensor *out = call->out[0];
    int64_t axes[TNN_TFLITE_MAX_RANK];
    size_t n;
    TNN_TRY(tnn_exec_need_same_type(call, in, out, err));
    TNN_TRY(tnn_exec_need_same_shape(call, in, out, err));
    TNN_TRY(tnn_exec_integers(call, call->in[1], TNN_TFLITE_MAX_RANK, axes, &n, err));
    tnn_exec_side from = tnn_exec_dense(in), to = tnn_exec_dense(out);
    for (size_t i = 0; i < n; i++) {
        uint8_t axis;
        TNN_TRY(tnn_exec_axis(call, axes[i], in->rank, &axis, err));
        if (from.steps[axis] < 0) return tnn_exec_malformed(call, err, "axis %d stands twice", axis);
        from.start += from.steps[axis] * (in->dims[axis] - 1);
        from.steps[axis] = -from.steps[axis];
    }
    tnn_exec_loops loops = tnn_exec_loops_over(out);
    tnn_exec_move(&loops, out, &to, in, &from);
    return TNN_OK;
}

const tnn_exec_row tnn_exec_REVERSE_V2 = {run_reverse, 2, 2, 1, NULL};

/* ---- blocks of pixels and channels ---- */

/* [N, H, W, C] with its height and width in blocks and its channels in groups, as loops over [N, H/b, b, W/b, b, C]. */
static void walk_blocks(tnn_exec_side *pixels, tnn_exec_side *channels, const tnn_exec_tensor *wide, int64_t block,
                        const tnn_exec_tensor *deep) {
    int64_t c = wide->dims[3], row = wide->dims[2] * c, deep_c = deep->dims[3], deep_row = deep->dims[2] * deep_c;
    *pixels = (tnn_exec_side){.steps = {wide->dims[1] * row, block * row, row, block * c, c, 1}};
    *channels = (tnn_exec_side){.steps = {deep->dims[1] * deep_row, deep_row, block * c, deep_c, c, 1}};
}

static tnn_status check_blocks(const tnn_exec_call *call, const tnn_exec_tensor *wide, const tnn_exec_tensor *deep,
                               int64_t block, tnn_error *err) {
    TNN_TRY(need_same_size(call, err));
    TNN_TRY(tnn_exec_need_rank(call, wide, 4, err));
    TNN_TRY(tnn_exec_need_rank(call, deep, 4, err));
    if (block < 1 || block > 46340) return tnn_exec_malformed(call, err, "block size %lld", (long long)block);
    const int64_t dims[] = {deep->dims[0], deep->dims[1] * block, deep->dims[2] * block,
                            deep->dims[3] / (block * block)};
    TNN_TRY(tnn_exec_need_shape(call, wide, 4, dims, err));
    if (dims[3] * block * block == deep->dims[3]) return TNN_OK;
    return tnn_exec_malformed(call, err, "%lld channels in blocks of %lld", (long long)deep->dims[3], (long long)block);
}

static tnn_status run_blocks(const tnn_exec_call *call, tnn_error *err) {
    bool to_depth = call->data != NULL;
    const tnn_exec_tensor *wide = to_depth ? call->in[0] : call->out[0], *deep = to_depth ? call->out[0] : call->in[0];
    int64_t block = tnn_fb_int(call->options, "block_size");
    TNN_TRY(check_blocks(call, wide, deep, block, err));
    tnn_exec_side pixels, channels;
    walk_blocks(&pixels, &channels, wide, block, deep);
    tnn_exec_loops loops = {6, {wide->dims[0], deep->dims[1], block, deep->dims[2], block, wide->dims[3]}};
    tnn_exec_move(&loops, call->out[0], to_depth ? &channels : &pixels, call->in[0], to_depth ? &pixels : &channels);
    return TNN_OK;
}

static const bool to_depth = true;
const tnn_exec_row tnn_exec_SPACE_TO_DEPTH = {run_blocks, 1, 1, 1, &to_depth};
const tnn_exec_row tnn_exec_DEPTH_TO_SPACE = {run_blocks, 1, 1, 1, NULL};
