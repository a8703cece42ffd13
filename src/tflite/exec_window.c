#include "tflite/exec_window.h"

#include "tflite/builtin.h"

tnn_status tnn_exec_window_fit(const tnn_exec_call *call, tnn_exec_window *w, int64_t padding, tnn_error *err) {
    if (w->size < 1 || w->stride < 1 || w->dilation < 1)
        return tnn_exec_malformed(call, err, "a window of %lld with stride %lld and dilation %lld", (long long)w->size,
                                  (long long)w->stride, (long long)w->dilation);
    int64_t reach = (w->size - 1) * w->dilation + 1;
    int64_t places = padding == TNN_TFL_PADDING_SAME ? w->in : w->in - reach + 1;
    int64_t out = places <= 0 ? 0 : (places + w->stride - 1) / w->stride;
    if (w->out != out)
        return tnn_exec_malformed(call, err, "a window of %lld over %lld has %lld places, the result %lld",
                                  (long long)reach, (long long)w->in, (long long)out, (long long)w->out);
    int64_t missing = (w->out - 1) * w->stride + reach - w->in;
    w->before = missing > 0 ? missing / 2 : 0;
    return TNN_OK;
}

void tnn_exec_window_range(const tnn_exec_window *w, int64_t at, int64_t *first, int64_t *end) {
    int64_t start = at * w->stride - w->before;
    *first = start >= 0 ? 0 : (-start + w->dilation - 1) / w->dilation;
    *end = start >= w->in ? 0 : (w->in - start + w->dilation - 1) / w->dilation;
    if (*end > w->size) *end = w->size;
}
