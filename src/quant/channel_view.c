#include "quant/channel_view.h"

#include <math.h>

/* A number of each channel. */
typedef void row_fn(void *context, float *row, int64_t n, int64_t stride);

static void for_each_row(const tnn_engine_view *v, uint8_t dim, uint8_t d, float *at, row_fn *fn, void *context) {
    if (d == dim) d++;
    if (d >= v->rank) {
        fn(context, at, v->dims[dim], v->strides[dim]);
        return;
    }
    for (int64_t i = 0; i < v->dims[d]; i++)
        for_each_row(v, dim, (uint8_t)(d + 1), at + i * v->strides[d], fn, context);
}

static void add_row(void *context, float *row, int64_t n, int64_t stride) {
    double *sums = context;
    if (stride == 1)
        for (int64_t c = 0; c < n; c++) sums[c] += (double)row[c];
    else
        for (int64_t c = 0; c < n; c++) sums[c] += (double)row[c * stride];
}

void tnn_channel_sums(const tnn_engine_view *view, uint8_t dim, double *sums) {
    for_each_row(view, dim, 0, view->data, add_row, sums);
}

typedef struct shifting {
    const double *shift;
    float low, high;
} shifting;

static void shift_row(void *context, float *row, int64_t n, int64_t stride) {
    const shifting *s = context;
    float low = s->low, high = s->high;
    for (int64_t c = 0; c < n; c++) {
        float x = row[c * stride] + (float)s->shift[c];
        x = x < low ? low : x;
        row[c * stride] = x > high ? high : x;
    }
}

void tnn_channel_shift(const tnn_engine_view *view, uint8_t dim, const double *shift, tnn_activation activation) {
    shifting s = {shift, -INFINITY, INFINITY};
    if (activation == TNN_ACT_RELU || activation == TNN_ACT_RELU6) s.low = 0;
    if (activation == TNN_ACT_RELU6) s.high = 6;
    if (activation == TNN_ACT_RELU_N1_TO_1) s.low = -1, s.high = 1;
    for_each_row(view, dim, 0, view->data, shift_row, &s);
}
