#include "quant/histogram.h"

#include <math.h>
#include <string.h>

#define MAX_COUNTED 16384 /* numbers of a sample */
#define MIN_EXPONENT (-149)

void tnn_histogram_init(tnn_histogram *h) {
    memset(h, 0, sizeof *h);
    h->low = INFINITY;
    h->high = -INFINITY;
    h->exponent = MIN_EXPONENT;
}

double tnn_histogram_width(const tnn_histogram *h) { return ldexp(1, h->exponent); }

double tnn_histogram_middle(const tnn_histogram *h, int index) {
    return ((double)(h->first_bin + index) + 0.5) * tnn_histogram_width(h);
}

double tnn_histogram_mean(const tnn_histogram *h) {
    double sum = 0;
    for (int i = 0; i < TNN_HISTOGRAM_BINS; i++) sum += (double)h->counts[i] * tnn_histogram_middle(h, i);
    double half = 0.5 * tnn_histogram_width(h) * (double)h->n_zeros; /* zeros stand at the edge of their bin */
    return h->n > 0 ? (sum - half) / (double)h->n : 0;
}

static int64_t bin_of(float x, int exponent) { return (int64_t)floor(ldexp((double)x, -exponent)); }

/* The least exponent at which both ends have bins. */
static int exponent_for(float low, float high) {
    int exponent = MIN_EXPONENT;
    float largest = fmaxf(fabsf(low), fabsf(high));
    if (largest > 0) exponent = ilogb(largest) - 30 > MIN_EXPONENT ? ilogb(largest) - 30 : MIN_EXPONENT;
    while (bin_of(high, exponent) - bin_of(low, exponent) >= TNN_HISTOGRAM_BINS) exponent++;
    return exponent;
}

static int64_t halved(int64_t bin, int steps) {
    for (; steps > 0 && bin != 0 && bin != -1; steps--) bin = (bin - (bin < 0 && bin % 2 != 0)) / 2;
    return bin;
}

/* Bins become those of `exponent`, the first of them `first`. */
static void regrid(tnn_histogram *h, int exponent, int64_t first) {
    uint64_t old[TNN_HISTOGRAM_BINS];
    memcpy(old, h->counts, sizeof old);
    memset(h->counts, 0, sizeof h->counts);
    for (int i = 0; i < TNN_HISTOGRAM_BINS; i++)
        if (old[i] != 0) h->counts[halved(h->first_bin + i, exponent - h->exponent) - first] += old[i];
    h->exponent = exponent;
    h->first_bin = first;
}

void tnn_histogram_span(tnn_histogram *h, float low, float high) {
    h->low = low < h->low ? low : h->low;
    h->high = high > h->high ? high : h->high;
    int exponent = exponent_for(h->low, h->high);
    int64_t first = bin_of(h->low, exponent);
    if (exponent != h->exponent || first != h->first_bin) regrid(h, exponent, first);
}

size_t tnn_histogram_n_bins(const tnn_histogram *h) {
    return (size_t)(bin_of(h->high, h->exponent) - h->first_bin + 1);
}

/* Smallest and largest; false: there is a number that is not finite. Several lanes let the loop be vectorized. */
static bool extremes(const float *x, int64_t n, float *low, float *high) {
    enum { LANES = 16 };
    float lows[LANES], highs[LANES], zeros[LANES] = {0};
    int64_t i = 0;
    for (int k = 0; k < LANES; k++) lows[k] = highs[k] = x[0];
    for (; i + LANES <= n; i += LANES)
        for (int k = 0; k < LANES; k++) {
            float v = x[i + k];
            lows[k] = v < lows[k] ? v : lows[k];
            highs[k] = v > highs[k] ? v : highs[k];
            zeros[k] += v * 0; /* NaN stays */
        }
    for (; i < n; i++) {
        lows[0] = x[i] < lows[0] ? x[i] : lows[0];
        highs[0] = x[i] > highs[0] ? x[i] : highs[0];
        zeros[0] += x[i] * 0;
    }
    bool finite = true;
    for (int k = 0; k < LANES; k++) {
        *low = k == 0 || lows[k] < *low ? lows[k] : *low;
        *high = k == 0 || highs[k] > *high ? highs[k] : *high;
        finite = finite && zeros[k] == 0;
    }
    return finite;
}

/* Of more than MAX_COUNTED numbers one is taken from each of as many runs, at a place in it that looks random: even steps would meet
 * the same channels again and again. */
static int64_t place_in(int64_t run, uint32_t *state) {
    *state = *state * 1664525u + 1013904223u;
    return (int64_t)(((uint64_t)*state * (uint64_t)run) >> 32);
}

static void count(tnn_histogram *h, const float *x, int64_t n) {
    int64_t run = (n + MAX_COUNTED - 1) / MAX_COUNTED, counted = n / run;
    double inverse = ldexp(1, -h->exponent);
    uint64_t *counts = h->counts, zeros = 0;
    uint32_t state = 0;
    for (int64_t i = 0; i < counted; i++) {
        float number = x[i * run + (run > 1 ? place_in(run, &state) : 0)];
        double at = (double)number * inverse; /* below 2^31 */
        int64_t bin = (int64_t)at;
        counts[bin - (at < (double)bin) - h->first_bin]++;
        zeros += number == 0;
    }
    h->n_zeros += zeros;
    h->n += (uint64_t)counted;
}

bool tnn_histogram_add(tnn_histogram *h, const float *numbers, int64_t n, int64_t *bad) {
    float low = 0, high = 0;
    if (n == 0) return true;
    if (!extremes(numbers, n, &low, &high)) {
        for (*bad = 0; isfinite(numbers[*bad]);) (*bad)++;
        return false;
    }
    tnn_histogram_span(h, low, high);
    count(h, numbers, n);
    tnn_exact_sum_add(&h->lows, low);
    tnn_exact_sum_add(&h->highs, high);
    h->n_samples++;
    return true;
}

void tnn_histogram_merge(tnn_histogram *to, const tnn_histogram *from) {
    if (from->n_samples == 0) return;
    tnn_histogram_span(to, from->low, from->high);
    tnn_histogram other = *from;
    regrid(&other, to->exponent, to->first_bin);
    for (int i = 0; i < TNN_HISTOGRAM_BINS; i++) to->counts[i] += other.counts[i];
    tnn_exact_sum_merge(&to->lows, &from->lows);
    tnn_exact_sum_merge(&to->highs, &from->highs);
    to->n += from->n;
    to->n_zeros += from->n_zeros;
    to->n_samples += from->n_samples;
}
