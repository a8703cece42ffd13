#include "quant/round_search.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "engine/gemm.h"

#define MAX_SWEEPS 6
#define ON_GRID 1e-4 /* of a step */
#define DAMPING 0.01

/* ---- rounding ---- */

static double nearest_to(double exact, double limit) { return fmin(fmax(rint(exact), -limit), limit); }

/* g -= by * row `i` of the form. */
static void subtract_row(double *g, const float *gram, int64_t n, int64_t i, double by) {
    const float *row = gram + i * n;
    for (int64_t k = 0; k < n; k++) g[k] -= by * (double)row[k];
}

/* Which way the other neighbour of a weight lies, in steps; 0: there is none. */
static double other_way(double exact, double rounded, double limit) {
    double away = exact - rounded, way = away > 0 ? 1 : -1;
    return fabs(away) < ON_GRID || fabs(rounded + way) > limit ? 0 : way;
}

/* One sweep; in units of the scale. `error` is exact - rounded, g the form times it. */
static bool sweep(float *rounded, double *error, double *g, int64_t n, double limit, const float *gram) {
    bool changed = false;
    for (int64_t i = 0; i < n; i++) {
        double q = (double)rounded[i], exact = q + error[i], nearest = nearest_to(exact, limit);
        double way = q == nearest ? other_way(exact, q, limit) : nearest - q;
        if (way == 0 || way * way * (double)gram[i * n + i] >= 2 * way * g[i]) continue;
        rounded[i] = (float)(q + way);
        error[i] -= way;
        subtract_row(g, gram, n, i, way);
        changed = true;
    }
    return changed;
}

/* From the nearest ones, whose errors the row of `products` is the form times. */
static void search_row(float *weights, int64_t n, double scale, double limit, const float *gram, const float *products,
                       double *room) {
    double *error = room, *g = room + n;
    for (int64_t i = 0; i < n; i++) {
        double exact = (double)weights[i] / scale, q = nearest_to(exact, limit);
        error[i] = exact - q;
        g[i] = (double)products[i];
        weights[i] = (float)q;
    }
    for (int k = 0; k < MAX_SWEEPS && sweep(weights, error, g, n, limit, gram); k++) {}
    for (int64_t i = 0; i < n; i++) weights[i] = (float)((double)weights[i] * scale);
}

static void errors_of_nearest(const float *weights, int64_t n, double scale, double limit, float *out) {
    for (int64_t i = 0; i < n; i++) {
        double exact = scale > 0 ? (double)weights[i] / scale : 0;
        out[i] = (float)(exact - nearest_to(exact, limit));
    }
}

void tnn_round_rows(float *weights, int64_t rows, int64_t n, const double *scales, int bits, const float *gram,
                    const tnn_round_room *room) {
    double limit = ldexp(1, bits - 1) - 1;
    for (int64_t r = 0; r < rows; r++) errors_of_nearest(weights + r * n, n, scales[r], limit, room->errors + r * n);
    tnn_gemm(room->products, n, rows, n, n, (tnn_matrix){room->errors, n}, false, (tnn_matrix){gram, n});
    for (int64_t r = 0; r < rows; r++)
        if (scales[r] > 0)
            search_row(weights + r * n, n, scales[r], limit, gram, room->products + r * n, room->row);
}

/* ---- the quadratic form ---- */

void tnn_row_mean(double *mean, const float *x, size_t count, int64_t n) {
    memset(mean, 0, (size_t)n * sizeof *mean);
    for (size_t s = 0; s < count; s++)
        for (int64_t k = 0; k < n; k++) mean[k] += (double)x[s * (size_t)n + (size_t)k];
    for (int64_t k = 0; k < n; k++) mean[k] /= count > 0 ? (double)count : 1;
}

void tnn_gram_part(float *gram, int64_t first, const float *x, size_t count, int64_t n, const double *mean) {
    int64_t end = first + TNN_GRAM_ROWS < n ? first + TNN_GRAM_ROWS : n;
    tnn_gemm(gram + first * n, n, end - first, end, (int64_t)count, (tnn_matrix){x + first, n}, true, (tnn_matrix){x, n});
    for (int64_t i = first; i < end; i++)
        for (int64_t k = 0; k < end; k++)
            gram[i * n + k] = (float)((double)gram[i * n + k] / (count > 0 ? (double)count : 1) - mean[i] * mean[k]);
}

void tnn_gram_finish(float *gram, int64_t n) {
    double trace = 0;
    for (int64_t i = 0; i < n; i++) trace += (double)gram[i * n + i];
    for (int64_t i = 0; i < n; i++) {
        gram[i * n + i] += (float)(DAMPING * trace / (double)n);
        for (int64_t k = i + 1; k < n; k++) gram[i * n + k] = gram[k * n + i];
    }
}
