/* A window that slides along a dimension, as convolutions and pools have one a dimension. */
#ifndef TNN_TFLITE_EXEC_WINDOW_H
#define TNN_TFLITE_EXEC_WINDOW_H

#include "tflite/exec_kernel.h"

typedef struct tnn_exec_window {
    int64_t in, out;  /* sizes of operand and result */
    int64_t size, stride, dilation;
    int64_t before;   /* padding in front */
} tnn_exec_window;

/* Fill `before`, and check that the rest fits together with a padding of the schema. Errors: TNN_ERR_MALFORMED. */
tnn_status tnn_exec_window_fit(const tnn_exec_call *call, tnn_exec_window *w, int64_t padding, tnn_error *err);

/* Where position `k` of the window lies for place `at` of the result; outside of 0 … in - 1: in the padding. */
static inline int64_t tnn_exec_window_at(const tnn_exec_window *w, int64_t at, int64_t k) {
    return at * w->stride + k * w->dilation - w->before;
}

static inline bool tnn_exec_window_has(const tnn_exec_window *w, int64_t place) { return place >= 0 && place < w->in; }

/* The positions of the window that lie inside, from `*first` to before `*end`. */
void tnn_exec_window_range(const tnn_exec_window *w, int64_t at, int64_t *first, int64_t *end);

#endif
