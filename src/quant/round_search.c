#include "quant/round_search.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#define MAX_SWEEPS 32
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

void tnn_round_row(float *weights, int64_t n, double scale, int bits, const float *gram, double *room) {
    double *error = room, *g = room + n, limit = ldexp(1, bits - 1) - 1;
    if (!(scale > 0)) return;
    memset(g, 0, (size_t)n * sizeof *g);
    for (int64_t i = 0; i < n; i++) {
        double exact = (double)weights[i] / scale, q = nearest_to(exact, limit);
        error[i] = exact - q;
        weights[i] = (float)q;
        if (error[i] != 0) subtract_row(g, gram, n, i, -error[i]);
    }
    for (int k = 0; k < MAX_SWEEPS && sweep(weights, error, g, n, limit, gram); k++) {}
    for (int64_t i = 0; i < n; i++) weights[i] = (float)((double)weights[i] * scale);
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
    for (int64_t i = first; i < end; i++) memset(gram + i * n, 0, (size_t)end * sizeof *gram);
    for (size_t s = 0; s < count; s++) {
        const float *row = x + s * (size_t)n;
        for (int64_t i = first; i < end; i++) {
            float a = row[i], *to = gram + i * n;
            for (int64_t k = 0; k < end; k++) to[k] += a * row[k];
        }
    }
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
