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

static double larger(double a, double b) { return a > b ? a : b; }

/* The first input channel of the part that a row reads. */
static int64_t first_of(const reader *r, int64_t row) { return row / (r->rows / r->groups) * r->width; }

/* ---- what scales promise ---- */

/* What the weights of row `o` see of the scales, by input channel of the row: these, their squares, and the power of what is scaled. */
typedef struct row_view {
    const double *scale, *square, *power;
} row_view;

/* Mean squares of the noise that rounding puts into the results of a layer; `each` is that of its input. `v` is of the layer's input channels. */
static double reader_noise(const group *g, const reader *r, const row_view *v, double each) {
    double largest_of_all = 0, weight_noise = 0, total = 0;
    for (int64_t o = 0; o < r->rows; o++) {
        const float *peaks = r->largest + o * r->width, *squares = r->squares + o * r->width;
        const double *scale = v->scale + first_of(r, o), *square = v->square + first_of(r, o);
        const double *powers = v->power + first_of(r, o);
        double largest = 0, power = 0, amplified = 0;
        for (int64_t k = 0; k < r->width; k++) {
            largest = larger(largest, (double)peaks[k] * scale[k]);
            power += powers[k];
            amplified += square[k] * (double)squares[k];
        }
        power *= (double)r->taps;
        total += each * amplified;
        largest_of_all = larger(largest_of_all, largest);
        weight_noise += g->per_tensor ? power : largest * largest * power;
    }
    if (g->per_tensor) weight_noise *= largest_of_all * largest_of_all;
    return total + CONSTANT * weight_noise / (127.0 * 127 * 12);
}

/* `room` [3, input channels]. */
static double noise_of(const group *g, const reader *r, const double *scale, double each, double *room) {
    int64_t n = r->width * r->groups;
    for (int64_t k = 0; k < n; k++) {
        double s = scale[k / r->run];
        room[k] = s;
        room[n + k] = s * s;
        room[2 * n + k] = g->power[k / r->run] / (s * s);
    }
    row_view v = {room, room + n, room + 2 * n};
    return reader_noise(g, r, &v, each);
}

static double noise(const group *g, const double *scale, double *room) {
    double widest = 0, made = 0, total = 0;
    for (int64_t c = 0; c < g->n; c++) {
        widest = fmax(widest, g->range[c] / scale[c]);
        made = fmax(made, g->made[c] / scale[c]);
    }
    double step = 2 * widest / 255, input_step = g->per_tensor ? made / 127 : 0;
    double each = (step * step + input_step * input_step * g->input_power) / 12;
    for (size_t i = 0; i < g->n_readers; i++) total += noise_of(g, &g->readers[i], scale, each, room);
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
                int64_t c = (first_of(r, o) + k) / r->run;
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

static size_t most_channels(const group *g) {
    int64_t most = 0;
    for (size_t i = 0; i < g->n_readers; i++) {
        int64_t n = g->readers[i].width * g->readers[i].groups;
        most = n > most ? n : most;
    }
    return (size_t)most;
}

tnn_status tnn_equalized_scales(double **out, const tnn_equalized_group *g, tnn_arena *arena, tnn_error *err) {
    size_t n = (size_t)g->n;
    double *tried = TNN_NEW_ARRAY(arena, n, double), *read = TNN_NEW_ARRAY(arena, n, double);
    double *best = TNN_NEW_ARRAY(arena, n, double), *room = TNN_NEW_ARRAY(arena, 3 * most_channels(g), double);
    *out = NULL;
    if (tried == NULL || read == NULL || best == NULL || room == NULL) return tnn_fail_nomem(err);
    for (size_t c = 0; c < n; c++) tried[c] = 1;
    double least = noise(g, tried, room) * (g->bounded ? BOUNDED_GAIN : GAIN);
    read_by(g, read);
    for (int rule = 0; rule < N_RULES; rule++) {
        apply_rule(g, rule, read, tried);
        double found = noise(g, tried, room);
        if (!(found < least)) continue;
        least = found;
        memcpy(best, tried, n * sizeof *best);
        *out = best;
    }
    return TNN_OK;
}
