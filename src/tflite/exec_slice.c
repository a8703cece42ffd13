/* Operators that cut tensors apart and join them. */
#include "tflite/exec_move.h"

static tnn_status run_slice(const tnn_exec_call *call, tnn_error *err) {
    const tnn_exec_tensor *in = call->in[0];
    tnn_exec_tensor *out = call->out[0];
    int64_t begin[TNN_TFLITE_MAX_RANK], size[TNN_TFLITE_MAX_RANK];
    size_t n_begin, n_size;
    TNN_TRY(tnn_exec_need_same_type(call, in, out, err));
    TNN_TRY(tnn_exec_integers(call, call->in[1], TNN_TFLITE_MAX_RANK, begin, &n_begin, err));
    TNN_TRY(tnn_exec_integers(call, call->in[2], TNN_TFLITE_MAX_RANK, size, &n_size, err));
    if (n_begin != in->rank || n_size != in->rank) return tnn_exec_malformed(call, err, "%zu begins", n_begin);
    for (uint8_t k = 0; k < in->rank; k++) {
        if (size[k] == -1) size[k] = in->dims[k] - begin[k];
        if (begin[k] < 0 || size[k] < 0 || begin[k] > in->dims[k] || size[k] > in->dims[k] - begin[k])
            return tnn_exec_malformed(call, err, "slice leaves dimension %d", k);
    }
    TNN_TRY(tnn_exec_need_shape(call, out, in->rank, size, err));
    tnn_exec_side from = tnn_exec_dense(in), to = tnn_exec_dense(out);
    for (uint8_t k = 0; k < in->rank; k++) from.start += begin[k] * from.steps[k];
    tnn_exec_loops loops = tnn_exec_loops_over(out);
    tnn_exec_move(&loops, out, &to, in, &from);
    return TNN_OK;
}

const tnn_exec_row tnn_exec_SLICE = {run_slice, 3, 3, 1, NULL};

/* ---- STRIDED_SLICE ---- */

typedef struct strided_box {
    int64_t begin[TNN_TFLITE_MAX_RANK], step[TNN_TFLITE_MAX_RANK], size[TNN_TFLITE_MAX_RANK];
    bool is_dropped[TNN_TFLITE_MAX_RANK];
} strided_box;

static int64_t clamp(int64_t x, int64_t low, int64_t high) { return x < low ? low : x > high ? high : x; }

/* One dimension as Python's slice: begin and end may count from the end, and are clamped. */
static void cut_dim(strided_box *box, uint8_t k, int64_t dim, int64_t begin, int64_t end, bool from_start, bool to_end) {
    int64_t step = box->step[k], low = step > 0 ? 0 : -1, high = step > 0 ? dim : dim - 1;
    begin = from_start ? (step > 0 ? low : high) : clamp(begin < 0 ? begin + dim : begin, low, high);
    end = to_end ? (step > 0 ? high : low) : clamp(end < 0 ? end + dim : end, low, high);
    int64_t length = step > 0 ? end - begin : begin - end, stride = step > 0 ? step : -step;
    box->begin[k] = begin;
    box->size[k] = length <= 0 ? 0 : (length + stride - 1) / stride;
}

static tnn_status drop_dim(const tnn_exec_call *call, strided_box *box, uint8_t k, int64_t dim, int64_t begin,
                           tnn_error *err) {
    box->begin[k] = begin < 0 ? begin + dim : begin;
    box->size[k] = 1;
    box->is_dropped[k] = true;
    if (box->begin[k] >= 0 && box->begin[k] < dim) return TNN_OK;
    return tnn_exec_malformed(call, err, "index %lld of dimension %d", (long long)begin, k);
}

static tnn_status read_box(const tnn_exec_call *call, strided_box *box, tnn_error *err) {
    const tnn_exec_tensor *in = call->in[0];
    int64_t begin[TNN_TFLITE_MAX_RANK], end[TNN_TFLITE_MAX_RANK];
    size_t n_begin, n_end, n_step;
    int64_t starts = tnn_fb_int(call->options, "begin_mask"), ends = tnn_fb_int(call->options, "end_mask");
    int64_t drops = tnn_fb_int(call->options, "shrink_axis_mask");
    TNN_TRY(tnn_exec_integers(call, call->in[1], TNN_TFLITE_MAX_RANK, begin, &n_begin, err));
    TNN_TRY(tnn_exec_integers(call, call->in[2], TNN_TFLITE_MAX_RANK, end, &n_end, err));
    TNN_TRY(tnn_exec_integers(call, call->in[3], TNN_TFLITE_MAX_RANK, box->step, &n_step, err));
    if (n_begin != in->rank || n_end != in->rank || n_step != in->rank)
        return tnn_exec_malformed(call, err, "%zu begins for %d dimensions", n_begin, in->rank);
    for (uint8_t k = 0; k < in->rank; k++) {
        if (box->step[k] == 0 || box->step[k] < -INT32_MAX || box->step[k] > INT32_MAX)
            return tnn_exec_malformed(call, err, "step %lld", (long long)box->step[k]);
        if ((drops >> k & 1) != 0) TNN_TRY(drop_dim(call, box, k, in->dims[k], begin[k], err));
        else cut_dim(box, k, in->dims[k], begin[k], end[k], (starts >> k & 1) != 0, (ends >> k & 1) != 0);
    }
    return TNN_OK;
}

static bool has_more_masks(tnn_fb_ref options) {
    return tnn_fb_int(options, "ellipsis_mask") != 0 || tnn_fb_int(options, "new_axis_mask") != 0 ||
           tnn_fb_int(options, "offset") != 0;
}

static tnn_status run_strided_slice(const tnn_exec_call *call, tnn_error *err) {
    const tnn_exec_tensor *in = call->in[0];
    tnn_exec_tensor *out = call->out[0];
    strided_box box = {0};
    if (has_more_masks(call->options))
        return tnn_fail(err, TNN_ERR_UNSUPPORTED, call->where, "exec knows no ellipsis, new axis or offset");
    TNN_TRY(tnn_exec_need_same_type(call, in, out, err));
    TNN_TRY(read_box(call, &box, err));
    tnn_exec_side from = tnn_exec_dense(in), to = {0};
    tnn_exec_loops loops = {.n = in->rank};
    int64_t kept[TNN_TFLITE_MAX_RANK], dense = 1;
    uint8_t n_kept = 0;
    for (uint8_t k = 0; k < in->rank; k++) {
        from.start += box.begin[k] * from.steps[k];
        from.steps[k] *= box.step[k];
        loops.dims[k] = box.size[k];
        if (!box.is_dropped[k]) kept[n_kept++] = box.size[k];
    }
    TNN_TRY(tnn_exec_need_shape(call, out, n_kept, kept, err));
    for (uint8_t k = in->rank; k-- > 0; dense *= loops.dims[k]) to.steps[k] = dense;
    tnn_exec_move(&loops, out, &to, in, &from);
    return TNN_OK;
}

const tnn_exec_row tnn_exec_STRIDED_SLICE = {run_strided_slice, 4, 4, 1, NULL};
