/* Rows first, then columns, each by taps: an output pixel is a weighted mean of a run of input pixels. */
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "samples/picture.h"

/* Along one side, of the pixels of the window that lie in the picture. */
typedef struct taps {
    uint32_t skipped, n; /* pixels of the window before the picture, and in it */
    uint32_t *first;     /* n: the first input pixel */
    uint32_t *count;     /* n */
    float *weights;      /* n * most, row by row */
    size_t most;
} taps;

static void clear_taps(taps *t) {
    tnn_free(t->first);
    tnn_free(t->count);
    tnn_free(t->weights);
}

/* Weights of the pixels under a triangle of half width `support` around `centre`, 1 in all. */
static void set_taps(taps *t, uint32_t i, double centre, double support, uint32_t size) {
    double from = centre - support + 0.5, to = centre + support + 0.5, sum = 0;
    float *weights = t->weights + i * t->most;
    t->first[i] = from > 0 ? (uint32_t)from : 0;
    uint32_t end = to < size ? (uint32_t)to : size;
    t->count[i] = end - t->first[i];
    for (uint32_t k = 0; k < t->count[i]; k++) {
        double distance = fabs((double)(t->first[i] + k) + 0.5 - centre) / support;
        weights[k] = (float)fmax(0, 1 - distance);
        sum += (double)weights[k];
    }
    for (uint32_t k = 0; k < t->count[i]; k++) weights[k] = (float)((double)weights[k] / sum);
}

/* size input pixels become `scaled`, of which the window has `n_window` from `start` on. */
static tnn_status make_taps(taps *t, uint32_t size, uint32_t scaled, int64_t start, uint32_t n_window, tnn_error *err) {
    double scale = (double)size / (double)scaled, support = fmax(scale, 1);
    int64_t begin = start < 0 ? 0 : start, end = start + n_window < scaled ? start + n_window : scaled;
    *t = (taps){.skipped = (uint32_t)(begin - start), .n = end > begin ? (uint32_t)(end - begin) : 0};
    size_t n_weights = 0;
    t->most = 2 * (size_t)ceil(support) + 1;
    if (!tnn_mul_size(t->n, t->most, &n_weights)) return tnn_fail_nomem(err);
    t->first = tnn_alloc(t->n, sizeof *t->first);
    t->count = tnn_alloc(t->n, sizeof *t->count);
    t->weights = tnn_alloc(n_weights, sizeof *t->weights);
    if (t->first == NULL || t->count == NULL || t->weights == NULL) return tnn_fail_nomem(err);
    for (uint32_t i = 0; i < t->n; i++) set_taps(t, i, scale * ((double)(begin + i) + 0.5), support, size);
    return TNN_OK;
}

/* One row of the picture: [width, channels] becomes [x->n, channels]. */
static void scale_row(float *out, const uint8_t *row, size_t channels, const taps *x) {
    for (uint32_t i = 0; i < x->n; i++) {
        const uint8_t *from = row + x->first[i] * channels;
        const float *weights = x->weights + i * x->most;
        for (size_t c = 0; c < channels; c++) {
            float sum = 0;
            for (uint32_t k = 0; k < x->count[i]; k++) sum += weights[k] * (float)from[k * channels + c];
            out[i * channels + c] = sum;
        }
    }
}

/* Row `i` of the result from scaled rows, the first of which is row y->first[0] of the picture. */
static void scale_column(uint8_t *out, float *sums, const float *rows, size_t row_elems, const taps *y, uint32_t i) {
    const float *weights = y->weights + i * y->most;
    memset(sums, 0, row_elems * sizeof *sums);
    for (uint32_t k = 0; k < y->count[i]; k++) {
        const float *row = rows + (size_t)(y->first[i] - y->first[0] + k) * row_elems;
        for (size_t j = 0; j < row_elems; j++) sums[j] += weights[k] * row[j];
    }
    for (size_t j = 0; j < row_elems; j++) out[j] = (uint8_t)rintf(fminf(sums[j], 255));
}

static tnn_status scale_by(uint8_t *out, const tnn_picture *in, uint32_t out_width, const taps *x, const taps *y,
                           tnn_error *err) {
    if (x->n == 0 || y->n == 0) return TNN_OK;
    size_t channels = in->channels, row_elems = x->n * channels, n_elems = 0;
    uint32_t first = y->first[0], n_rows = y->first[y->n - 1] + y->count[y->n - 1] - first;
    if (!tnn_mul_size(row_elems, (size_t)n_rows + 1, &n_elems)) return tnn_fail_nomem(err);
    float *rows = tnn_alloc(n_elems, sizeof *rows);
    if (rows == NULL) return tnn_fail_nomem(err);
    float *sums = rows + (size_t)n_rows * row_elems;
    for (uint32_t r = 0; r < n_rows; r++)
        scale_row(rows + r * row_elems, in->pixels + (size_t)(first + r) * in->width * channels, channels, x);
    for (uint32_t i = 0; i < y->n; i++) {
        uint8_t *to = out + ((size_t)(y->skipped + i) * out_width + x->skipped) * channels;
        scale_column(to, sums, rows, row_elems, y, i);
    }
    tnn_free(rows);
    return TNN_OK;
}

tnn_status tnn_picture_scale(uint8_t *out, const tnn_picture *picture, const tnn_picture_window *window,
                             tnn_error *err) {
    taps x = {0}, y = {0};
    memset(out, 0, (size_t)window->width * window->height * picture->channels);
    tnn_status status = make_taps(&x, picture->width, window->scaled_width, window->left, window->width, err);
    if (status == TNN_OK)
        status = make_taps(&y, picture->height, window->scaled_height, window->top, window->height, err);
    if (status == TNN_OK) status = scale_by(out, picture, window->width, &x, &y, err);
    clear_taps(&x);
    clear_taps(&y);
    return status;
}
