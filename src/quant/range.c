#include "quant/range.h"

#include <math.h>

#include "quant/range_kl.h"

#define LEVELS 255 /* steps between 256 of them */

static tnn_range with_zero(double low, double high) {
    return (tnn_range){low < 0 ? low : 0, high > 0 ? high : 0};
}

/* ---- mean square error ---- */

/* Sums over the bins before each: of counts, counts * x, counts * x^2. */
typedef struct sums {
    double n[TNN_HISTOGRAM_BINS + 1], x[TNN_HISTOGRAM_BINS + 1], xx[TNN_HISTOGRAM_BINS + 1];
} sums;

static void add_up(sums *s, const tnn_histogram *h) {
    s->n[0] = s->x[0] = s->xx[0] = 0;
    for (int i = 0; i < TNN_HISTOGRAM_BINS; i++) {
        double n = (double)h->counts[i], x = tnn_histogram_middle(h, i);
        s->n[i + 1] = s->n[i] + n;
        s->x[i + 1] = s->x[i] + n * x;
        s->xx[i + 1] = s->xx[i] + n * x * x;
    }
}

/* Of bins [a, b) clipped to `to`. */
static double clipped(const sums *s, int a, int b, double to) {
    return s->xx[b] - s->xx[a] - 2 * to * (s->x[b] - s->x[a]) + to * to * (s->n[b] - s->n[a]);
}

/* Ends of the range are edges of bins, or the extremes that were seen. */
typedef struct search {
    const tnn_histogram *h;
    sums sums;
} search;

static double edge(const tnn_histogram *h, int index) {
    return (double)(h->first_bin + index) * tnn_histogram_width(h);
}

static double low_at(const search *s, int first) { return fmin(first == 0 ? (double)s->h->low : edge(s->h, first), 0); }

static double high_at(const search *s, int end) {
    return fmax(fmin(edge(s->h, end), (double)s->h->high), 0);
}

/* Sum of squares of errors when bins [first, end) are kept: a level is as wide as the range / 255, errors within it are
 * uniform. */
static double error_of(const search *s, int first, int end) {
    double low = low_at(s, first), high = high_at(s, end), step = (high - low) / LEVELS;
    double rounded = s->sums.n[end] - s->sums.n[first] - (double)s->h->n_zeros;
    double error = rounded > 0 ? rounded * step * step / 12 : 0;
    error += clipped(&s->sums, 0, first, low);
    return error + clipped(&s->sums, end, TNN_HISTOGRAM_BINS, high);
}

static tnn_range least_squares(const tnn_histogram *h) {
    search s = {.h = h};
    add_up(&s.sums, h);
    int zero = h->first_bin > 0 ? 0 : -h->first_bin < TNN_HISTOGRAM_BINS ? (int)-h->first_bin : TNN_HISTOGRAM_BINS;
    int first = 0, end = TNN_HISTOGRAM_BINS, before_first, before_end;
    do {
        before_first = first, before_end = end;
        for (int k = 0; k <= zero; k++)
            if (error_of(&s, k, end) < error_of(&s, first, end)) first = k;
        for (int k = zero; k <= TNN_HISTOGRAM_BINS; k++)
            if (error_of(&s, first, k) < error_of(&s, first, end)) end = k;
    } while (first != before_first || end != before_end);
    return (tnn_range){low_at(&s, first), high_at(&s, end)};
}

/* ---- percentile ---- */

static tnn_range percentile(const tnn_histogram *h, double share) {
    double out = share / 2 * (double)h->n, below = 0, above = 0;
    int first = 0, end = TNN_HISTOGRAM_BINS;
    while (first + 1 < end && below + (double)h->counts[first] <= out) below += (double)h->counts[first++];
    while (end > first + 1 && above + (double)h->counts[end - 1] <= out) above += (double)h->counts[--end];
    return with_zero(fmax(edge(h, first), (double)h->low), fmin(edge(h, end), (double)h->high));
}

static tnn_range average(const tnn_histogram *h) {
    double n = (double)h->n_samples;
    return with_zero(tnn_exact_sum_value(&h->lows) / n, tnn_exact_sum_value(&h->highs) / n);
}

tnn_range tnn_range_choose(const tnn_histogram *h, tnn_range_method method, double share) {
    if (h->n == 0) return (tnn_range){0, 0};
    switch (method) {
    case TNN_RANGE_L2: return least_squares(h);
    case TNN_RANGE_AVERAGE: return average(h);
    case TNN_RANGE_PERCENTILE: return percentile(h, share);
    case TNN_RANGE_KL: return tnn_range_kl(h);
    case TNN_RANGE_MINMAX: break;
    }
    return with_zero((double)h->low, (double)h->high);
}
