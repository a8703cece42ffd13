/* Operators that join tensors along an axis, and that take them apart. */
#include "tflite/exec_move.h"

/* Copy `part` to or from the places of `whole` that begin at `start` along `axis`. Without `has_axis` the part lacks
 * that dimension, where it would have size 1. The shapes have been checked. */
static void copy_part(tnn_exec_tensor *out, const tnn_exec_tensor *in, const tnn_exec_tensor *whole,
                      const tnn_exec_tensor *part, uint8_t axis, bool has_axis, int64_t start) {
    tnn_exec_side inside = tnn_exec_dense(whole), dense = tnn_exec_dense(part);
    tnn_exec_loops loops = tnn_exec_loops_over(part);
    inside.start = start * inside.steps[axis];
    if (!has_axis)
        for (uint8_t k = axis; k + 1 < whole->rank; k++) inside.steps[k] = inside.steps[k + 1];
    tnn_exec_move(&loops, out, out == whole ? &inside : &dense, in, out == whole ? &dense : &inside);
}

/* The part's size along the axis, 1 where it lacks it; its other dimensions are those of `whole`. */
static tnn_status part_size(const tnn_exec_call *call, const tnn_exec_tensor *whole, const tnn_exec_tensor *part,
                            uint8_t axis, bool has_axis, int64_t *size, tnn_error *err) {
    int64_t dims[TNN_TFLITE_MAX_RANK];
    uint8_t n = 0;
    TNN_TRY(tnn_exec_need_same_type(call, whole, part, err));
    *size = 1;
    if (has_axis) {
        TNN_TRY(tnn_exec_need_rank(call, part, whole->rank, err));
        *size = part->dims[axis];
    }
    for (uint8_t k = 0; k < whole->rank; k++)
        if (k != axis || has_axis) dims[n++] = k == axis ? *size : whole->dims[k];
    return tnn_exec_need_shape(call, part, n, dims, err);
}

static tnn_status check_filled(const tnn_exec_call *call, const tnn_exec_tensor *whole, uint8_t axis, int64_t filled,
                               tnn_error *err) {
    if (filled == whole->dims[axis]) return TNN_OK;
    return tnn_exec_malformed(call, err, "parts of size %lld for an axis of %lld", (long long)filled,
                              (long long)whole->dims[axis]);
}

static tnn_status join(const tnn_exec_call *call, bool has_axis, tnn_error *err) {
    tnn_exec_tensor *out = call->out[0];
    uint8_t axis;
    int64_t filled = 0, size;
    TNN_TRY(tnn_exec_axis(call, tnn_fb_int(call->options, "axis"), out->rank, &axis, err));
    for (size_t i = 0; i < call->n_in; i++) {
        TNN_TRY(part_size(call, out, call->in[i], axis, has_axis, &size, err));
        if (size > out->dims[axis] - filled) return check_filled(call, out, axis, filled + size, err);
        copy_part(out, call->in[i], out, call->in[i], axis, has_axis, filled);
        filled += size;
    }
    return check_filled(call, out, axis, filled, err);
}

static tnn_status take_apart(const tnn_exec_call *call, const tnn_exec_tensor *in, int64_t which_axis, bool has_axis,
                             tnn_error *err) {
    uint8_t axis;
    int64_t taken = 0, size;
    TNN_TRY(tnn_exec_axis(call, which_axis, in->rank, &axis, err));
    for (size_t i = 0; i < call->n_out; i++) {
        TNN_TRY(part_size(call, in, call->out[i], axis, has_axis, &size, err));
        if (size > in->dims[axis] - taken) return check_filled(call, in, axis, taken + size, err);
        copy_part(call->out[i], in, in, call->out[i], axis, has_axis, taken);
        taken += size;
    }
    return check_filled(call, in, axis, taken, err);
}

static tnn_status run_concatenation(const tnn_exec_call *call, tnn_error *err) {
    if (tnn_fb_int(call->options, "fused_activation_function") != 0)
        return tnn_fail(err, TNN_ERR_UNSUPPORTED, call->where, "exec knows no activation here");
    return join(call, true, err);
}

static tnn_status run_pack(const tnn_exec_call *call, tnn_error *err) { return join(call, false, err); }

static tnn_status axis_operand(const tnn_exec_call *call, const tnn_exec_tensor *tensor, int64_t *axis, tnn_error *err) {
    size_t n;
    TNN_TRY(tnn_exec_integers(call, tensor, 1, axis, &n, err));
    return n == 1 ? TNN_OK : tnn_exec_malformed(call, err, "no axis");
}

static tnn_status run_split(const tnn_exec_call *call, tnn_error *err) {
    int64_t axis;
    TNN_TRY(axis_operand(call, call->in[0], &axis, err));
    return take_apart(call, call->in[1], axis, true, err);
}

static tnn_status run_split_v(const tnn_exec_call *call, tnn_error *err) {
    int64_t axis;
    TNN_TRY(axis_operand(call, call->in[2], &axis, err));
    return take_apart(call, call->in[0], axis, true, err);
}

static tnn_status run_unpack(const tnn_exec_call *call, tnn_error *err) {
    return take_apart(call, call->in[0], tnn_fb_int(call->options, "axis"), false, err);
}

const tnn_exec_row tnn_exec_CONCATENATION = {run_concatenation, 1, 255, 1, NULL};
const tnn_exec_row tnn_exec_PACK = {run_pack, 1, 255, 1, NULL};
const tnn_exec_row tnn_exec_SPLIT = {run_split, 2, 2, 255, NULL};
const tnn_exec_row tnn_exec_SPLIT_V = {run_split_v, 3, 3, 255, NULL};
const tnn_exec_row tnn_exec_UNPACK = {run_unpack, 1, 1, 255, NULL};
