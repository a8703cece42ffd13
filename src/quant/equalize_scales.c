#include "quant/equalize_scales.h"

#include <math.h>
#include <string.h>

#define MAX_SCALE 1024.0
#define CONSTANT 8.0 /* what rounded weights add is the same everywhere, and does not vanish in means over positions */
#define GAIN 0.99    /* the share of the noise that may stay, so that repeated choices come to an end */
/* Where a ReLU6 cuts what is scaled: room above what samples showed, the least scale, and the share of noise that may stay, for other
 * samples are cut now and then all the same. */
#define HEADROOM 1.5
#define LEAST_SCALE 0.25
#define BOUNDED_GAIN 0.9

typedef tnn_equalized_group group;
typedef tnn_equalized_reader reader;

static int64_t channel_of(const reader *r, int64_t row, int64_t k) {
    return (row / (r->rows / r->groups) * r->width + k) / r->run;
}

/* ---- what scales promise ---- */

/* Mean squares of the noise that rounding puts into the results of a layer; `each` is that of its input. */
static double reader_noise(const group *g, const reader *r, const double *scale, double each) {
    double largest_of_all = 0, weight_noise = 0, total = 0;
    for (int64_t o = 0; o < r->rows; o++) {
        const float *peaks = r->largest + o * r->width, *squares = r->squares + o * r->width;
        double largest = 0, power = 0;
        for (int64_t k = 0; k < r->width; k++) {
            int64_t c = channel_of(r, o, k);
            double s = scale[c];
            largest = fmax(largest, (double)peaks[k] * s);
            power += g->power[c] / (s * s) * (double)r->taps;
            total += each * s * s * (double)squares[k];
        }
        largest_of_all = fmax(largest_of_all, largest);
        weight_noise += g->per_tensor ? power : largest * largest * power;
    }
    if (g->per_tensor) weight_noise *= largest_of_all * largest_of_all;
    return total + CONSTANT * weight_noise / (127.0 * 127 * 12);
}

static double noise(const group *g, const double *scale) {
    double widest = 0, made = 0, total = 0;
    for (int64_t c = 0; c < g->n; c++) {
        widest = fmax(widest, g->range[c] / scale[c]);
        made = fmax(made, g->made[c] / scale[c]);
    }
    double step = 2 * widest / 255, input_step = g->per_tensor ? made / 127 : 0;
    double each = (step * step + input_step * input_step * g->input_power) / 12;
    for (size_t i = 0; i < g->n_readers; i++) total += reader_noise(g, &g->readers[i], scale, each);
    return total;
}

/* ---- choosing ---- */

/* Geometric mean 1, bounded; channels without numbers stay. */
static void normalize(const group *g, double *scale) {
    double sum = 0;
    int64_t n = 0;
    for (int64_t c = 0; c < g->n; c++) {
        bool usable = scale[c] > 0 && isfinite(scale[c]);
        if (usable) sum += log(scale[c]), n++;
        else scale[c] = 0;
    }
    double mean = n > 0 ? exp(sum / (double)n) : 1;
    for (int64_t c = 0; c < g->n; c++)
        scale[c] = scale[c] > 0 ? fmin(fmax(scale[c] / mean, 1 / MAX_SCALE), MAX_SCALE) : 1;
}

/* The largest weight that reads each channel. */
static void read_by(const group *g, double *out) {
    for (size_t i = 0; i < g->n_readers; i++) {
        const reader *r = &g->readers[i];
        for (int64_t o = 0; o < r->rows; o++)
            for (int64_t k = 0; k < r->width; k++) {
                int64_t c = channel_of(r, o, k);
                out[c] = fmax(out[c], (double)r->largest[o * r->width + k]);
            }
    }
}

/* The largest scale is 1; a channel that reaches 6 keeps 1, others stay below. Channels without numbers stay. */
static void bound(const group *g, double *scale) {
    double largest = 0;
    for (int64_t c = 0; c < g->n; c++)
        if (isfinite(scale[c])) largest = fmax(largest, scale[c]);
    for (int64_t c = 0; c < g->n; c++) {
        bool usable = scale[c] > 0 && isfinite(scale[c]) && g->range[c] > 0;
        double least = fmax(HEADROOM * g->range[c] / 6, LEAST_SCALE);
        scale[c] = usable ? fmin(fmax(scale[c] / largest, least), 1) : 1;
    }
}

enum { N_POWERS = 4, N_RULES = N_POWERS + 2 };

/* Rule 0 to N_POWERS - 1: a power of the channel's range. Then: rows as large as columns; rows alike. */
static void apply_rule(const group *g, int rule, const double *read, double *scale) {
    for (int64_t c = 0; c < g->n; c++) {
        if (rule < N_POWERS) scale[c] = pow(g->range[c], (rule + 1.0) / N_POWERS);
        else if (rule == N_POWERS) scale[c] = sqrt(g->made[c] / read[c]);
        else scale[c] = g->made[c];
    }
    if (g->bounded) bound(g, scale);
    else normalize(g, scale);
}

tnn_status tnn_equalized_scales(double **out, const tnn_equalized_group *g, tnn_arena *arena, tnn_error *err) {
    size_t n = (size_t)g->n;
    double *tried = TNN_NEW_ARRAY(arena, n, double), *read = TNN_NEW_ARRAY(arena, n, double);
    double *best = TNN_NEW_ARRAY(arena, n, double);
    *out = NULL;
    if (tried == NULL || read == NULL || best == NULL) return tnn_fail_nomem(err);
    for (size_t c = 0; c < n; c++) tried[c] = 1;
    double least = noise(g, tried) * (g->bounded ? BOUNDED_GAIN : GAIN);
    read_by(g, read);
    for (int rule = 0; rule < N_RULES; rule++) {
        apply_rule(g, rule, read, tried);
        double found = noise(g, tried);
        if (!(found < least)) continue;
        least = found;
        memcpy(best, tried, n * sizeof *best);
        *out = best;
    }
    return TNN_OK;
}
