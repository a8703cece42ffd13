#include "quant/difference.h"

#include <math.h>

static uint8_t sort_dims(const tnn_engine_view *view, int64_t *dims, int64_t *strides) {
    uint8_t rank = 0;
    for (uint8_t d = 0; d < view->rank; d++) {
        if (view->dims[d] == 1 || (view->strides[d] == 0 && view->dims[d] > 0)) continue;
        uint8_t at = rank++;
        for (; at > 0 && strides[at - 1] < view->strides[d]; at--) {
            dims[at] = dims[at - 1];
            strides[at] = strides[at - 1];
        }
        dims[at] = view->dims[d];
        strides[at] = view->strides[d];
    }
    return rank;
}

static uint8_t join_dims(uint8_t rank, int64_t *dims, int64_t *strides) {
    uint8_t n = 0;
    for (uint8_t d = 0; d < rank; d++) {
        bool joins = n > 0 && strides[n - 1] == dims[d] * strides[d];
        if (!joins) n++;
        dims[n - 1] = joins ? dims[n - 1] * dims[d] : dims[d];
        strides[n - 1] = strides[d];
    }
    return n;
}

uint8_t tnn_view_dims(const tnn_engine_view *view, int64_t *dims, int64_t *strides) {
    return join_dims(sort_dims(view, dims, strides), dims, strides);
}

/* ---- differences ---- */

static void compare_run(const float *a, const float *b, int64_t n, int64_t stride, tnn_difference *sums) {
    double power = 0, error = 0, product = 0, length = 0;
    for (int64_t i = 0; i < n; i++) {
        double x = (double)a[i * stride], y = (double)b[i * stride];
        power += x * x;
        error += (x - y) * (x - y);
        product += x * y;
        length += y * y;
    }
    sums->power += power;
    sums->error += error;
    sums->product += product;
    sums->length += length;
}

static void compare_dims(const float *a, const float *b, uint8_t rank, const int64_t *dims, const int64_t *strides,
                         tnn_difference *sums) {
    if (rank == 0) compare_run(a, b, 1, 1, sums);
    else if (rank == 1) compare_run(a, b, dims[0], strides[0], sums);
    else
        for (int64_t i = 0; i < dims[0]; i++)
            compare_dims(a + i * strides[0], b + i * strides[0], (uint8_t)(rank - 1), dims + 1, strides + 1, sums);
}

void tnn_view_compare(const tnn_engine_view *exact, const tnn_engine_view *other, tnn_difference *sums) {
    int64_t dims[TNN_MAX_RANK], strides[TNN_MAX_RANK];
    uint8_t rank = tnn_view_dims(exact, dims, strides);
    compare_dims(exact->data, other->data, rank, dims, strides, sums);
}

void tnn_dense_compare(const float *exact, const float *other, int64_t n, tnn_difference *sums) {
    compare_run(exact, other, n, 1, sums);
}

void tnn_difference_add(tnn_difference *to, const tnn_difference *from) {
    to->power += from->power;
    to->error += from->error;
    to->product += from->product;
    to->length += from->length;
}

double tnn_noise_of(const tnn_difference *sums) {
    if (sums->power > 0) return sums->error / sums->power;
    return sums->error > 0 ? (double)INFINITY : 0;
}

double tnn_cosine_of(const tnn_difference *sums) {
    double lengths = sqrt(sums->power * sums->length);
    if (lengths > 0) return sums->product / lengths;
    return sums->power == sums->length ? 1 : 0;
}
