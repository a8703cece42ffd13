/* The reference kernels of pooling. */
#include <math.h>

#include "ops/pool.h"

/* The places of one window in the input. */
typedef struct box {
    int64_t first[TNN_WINDOW_DIMS], end[TNN_WINDOW_DIMS], step[TNN_WINDOW_DIMS];
    int64_t padded; /* places of the window, those in the padding included */
} box;

typedef box box_fn(const tnn_window_geometry *w, const int64_t *at);

/* Places in the padding are left out of first … end. */
static box sliding_box(const tnn_window_geometry *w, const int64_t *at) {
    box b = {.padded = 1};
    for (int d = 0; d < TNN_WINDOW_DIMS; d++) {
        int64_t start = at[d] * w->stride[d] - w->before[d], limit = w->in[d] + w->after[d];
        int64_t end = start + (w->kernel[d] - 1) * w->dilation[d] + 1;
        b.padded *= (end < limit ? end : limit) - start;
        b.step[d] = w->dilation[d];
        b.first[d] = start < 0 ? start + (-start + b.step[d] - 1) / b.step[d] * b.step[d] : start;
        b.end[d] = end < w->in[d] ? end : w->in[d];
    }
    return b;
}

static box adaptive_box(const tnn_window_geometry *w, const int64_t *at) {
    box b = {.padded = 1};
    for (int d = 0; d < TNN_WINDOW_DIMS; d++) {
        b.first[d] = at[d] * w->in[d] / w->out[d];
        b.end[d] = ((at[d] + 1) * w->in[d] + w->out[d] - 1) / w->out[d];
        b.step[d] = 1;
    }
    return b;
}

/* What a window gives: out[to] from the places `b` of the plane that starts at `plane`. */
typedef void window_fn(const tnn_window_geometry *w, const box *b, const tnn_tensor *self, int64_t plane,
                       tnn_tensor *out, int64_t to, const void *options);

static void run(const tnn_window_geometry *w, const tnn_tensor *self, tnn_tensor *out, box_fn *make_box, window_fn *fn,
                const void *options) {
    int64_t in_plane = tnn_window_product(w->in), out_plane = tnn_window_product(w->out);
    for (int64_t to = 0; to < out->n_elems; to++) {
        int64_t place = to % out_plane;
        int64_t at[TNN_WINDOW_DIMS] = {place / (w->out[1] * w->out[2]), place / w->out[2] % w->out[1],
                                       place % w->out[2]};
        box b = make_box(w, at);
        fn(w, &b, self, to / out_plane * in_plane, out, to, options);
    }
}

/* Index in the plane of the place after `at` in the box, row-major; false at the end. */
static bool next_place(const box *b, int64_t *at) {
    for (int d = TNN_WINDOW_DIMS; d-- > 0;) {
        at[d] += b->step[d];
        if (at[d] < b->end[d]) return true;
        at[d] = b->first[d];
    }
    return false;
}

static bool is_empty(const box *b) {
    for (int d = 0; d < TNN_WINDOW_DIMS; d++) {
        if (b->first[d] >= b->end[d]) return true;
    }
    return false;
}

static int64_t index_of(const tnn_window_geometry *w, const int64_t *at) {
    return (at[0] * w->in[1] + at[1]) * w->in[2] + at[2];
}

static void largest(const tnn_window_geometry *w, const box *b, const tnn_tensor *self, int64_t plane,
                    tnn_tensor *out, int64_t to, const void *options) {
    (void)options;
    int64_t at[TNN_WINDOW_DIMS] = {b->first[0], b->first[1], b->first[2]}, whole = INT64_MIN;
    double best = -INFINITY;
    for (bool more = !is_empty(b); more; more = next_place(b, at)) {
        double number = tnn_tensor_number(self, plane + index_of(w, at));
        int64_t integer = tnn_dtype_is_float(self->dtype) ? 0 : tnn_tensor_integer(self, plane + index_of(w, at));
        if (number > best || isnan(number)) best = number;
        if (integer > whole) whole = integer;
    }
    if (tnn_dtype_is_float(out->dtype)) tnn_tensor_set_number(out, to, best);
    else tnn_tensor_set_integer(out, to, whole);
}

void tnn_pool_max(const tnn_window_geometry *window, const tnn_tensor *self, tnn_tensor *out) {
    run(window, self, out, sliding_box, largest, NULL);
}

typedef struct mean_options {
    bool include_pad;
    int64_t divisor;
} mean_options;

static int64_t count_of(const box *b, const mean_options *options) {
    if (options->divisor != 0) return options->divisor;
    if (options->include_pad) return b->padded;
    return (b->end[0] - b->first[0]) * (b->end[1] - b->first[1]) * (b->end[2] - b->first[2]);
}

static void mean(const tnn_window_geometry *w, const box *b, const tnn_tensor *self, int64_t plane, tnn_tensor *out,
                 int64_t to, const void *options) {
    int64_t at[TNN_WINDOW_DIMS] = {b->first[0], b->first[1], b->first[2]};
    double sum = 0;
    uint64_t whole = 0;
    if (is_empty(b)) return;
    for (bool more = true; more; more = next_place(b, at)) {
        int64_t index = plane + index_of(w, at);
        if (tnn_dtype_is_float(self->dtype)) sum += tnn_tensor_number(self, index);
        else whole += (uint64_t)tnn_tensor_integer(self, index);
    }
    int64_t count = count_of(b, options);
    if (tnn_dtype_is_float(out->dtype)) tnn_tensor_set_number(out, to, sum / (double)count);
    else tnn_tensor_set_integer(out, to, (int64_t)whole / count);
}

void tnn_pool_mean(const tnn_window_geometry *window, const tnn_tensor *self, tnn_tensor *out, bool include_pad,
                   int64_t divisor) {
    mean_options options = {include_pad, divisor};
    run(window, self, out, sliding_box, mean, &options);
}

void tnn_pool_adaptive(const tnn_window_geometry *window, const tnn_tensor *self, tnn_tensor *out) {
    mean_options options = {false, 0};
    run(window, self, out, adaptive_box, mean, &options);
}
