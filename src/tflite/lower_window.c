#include "tflite/lower_window.h"

static int64_t reach(const tnn_window *w) { return (w->kernel - 1) * w->dilation + 1; }

static bool is_valid(const tnn_window *w) {
    return w->before == 0 && w->in >= reach(w) && w->out == (w->in - reach(w)) / w->stride + 1;
}

static bool is_same(const tnn_window *w) {
    int64_t total = (w->out - 1) * w->stride + reach(w) - w->in;
    if (total < 0) total = 0;
    return w->out == (w->in + w->stride - 1) / w->stride && w->before == total / 2;
}

tnn_window_padding tnn_window_choose(const tnn_window *windows, size_t n) {
    bool valid = true, same = true;
    for (size_t i = 0; i < n; i++) {
        valid = valid && is_valid(&windows[i]);
        same = same && is_same(&windows[i]);
    }
    if (valid) return TNN_WINDOW_VALID;
    return same ? TNN_WINDOW_SAME : TNN_WINDOW_PAD;
}

int64_t tnn_window_after(const tnn_window *w) {
    int64_t after = (w->out - 1) * w->stride + reach(w) - w->in - w->before;
    return after > 0 ? after : 0;
}

tnn_status tnn_window_pad(tnn_lower *l, tnn_window *windows, size_t n, double value, tnn_value **x,
                          tnn_error *err) {
    tnn_box dims = tnn_box_of(*x), table = {.rank = 2, .at = {dims.rank, 2}};
    int64_t pads[2 * TNN_MAX_RANK] = {0};
    for (size_t i = 0; i < n; i++) {
        tnn_window *w = &windows[i];
        pads[2 * (i + 1)] = w->before;
        pads[2 * (i + 1) + 1] = tnn_window_after(w);
        w->in += w->before + tnn_window_after(w);
        w->before = 0;
        dims.at[i + 1] = w->in;
    }
    tnn_value *amounts, *fill = NULL;
    TNN_TRY(tnn_lower_ints(l, "paddings", pads, &table, &amounts, err));
    if (value != 0) TNN_TRY(tnn_lower_scalar(l, (*x)->dtype, value, &fill, err));
    tnn_emit e;
    TNN_TRY(tnn_emit_begin(&e, l, value != 0 ? &tnn_tfl_PADV2 : &tnn_tfl_PAD, err));
    tnn_emit_tensor(&e, *x);
    tnn_emit_tensor(&e, amounts);
    if (fill != NULL) tnn_emit_tensor(&e, fill);
    return tnn_emit_end(&e, "pad", (*x)->dtype, &dims, x, err);
}
