/* The Kullback-Leibler divergence sum p log(p / q) over bins: p are the shares of numbers, those that are clipped
 * standing in the outermost bins of the range; q is what levels know of them, the numbers within the range, spread
 * evenly over the bins that one level stands for. Wide levels lose what lies in their bins, a narrow range what lies
 * outside.
 *
 * After Migacz, 8-bit inference with TensorRT (GTC 2017). Differs from it: both ends are sought, not a magnitude;
 * zeros, which every range holds exactly, are left out, where it leaves out bin 0; and bins are joined until their
 * counts say more than chance does, without which samples of some thousand numbers are clipped far too much. */
#include "quant/range_kl.h"

#include <math.h>
#include <string.h>

enum { LEVELS = 256, ENDS = 60, MIN_BINS = 128, MIN_MEAN = 100 }; /* numbers a bin, on the mean */

typedef struct bins {
    double counts[TNN_HISTOGRAM_BINS];
    int64_t first; /* the k of counts[0] */
    int n;
    double width;
    /* Sums over the bins before each: counts c, c log c, and bins that are not empty. */
    double c[TNN_HISTOGRAM_BINS + 1], clogc[TNN_HISTOGRAM_BINS + 1], filled[TNN_HISTOGRAM_BINS + 1];
} bins;

static double xlogx(double x) { return x > 0 ? x * log(x) : 0; }

/* Bins become twice as wide: k and k + 1 one, where k is even. */
static void join(bins *b) {
    int shift = (int)(b->first & 1), n = (b->n + shift + 1) / 2;
    double joined[TNN_HISTOGRAM_BINS] = {0};
    for (int i = 0; i < b->n; i++) joined[(i + shift) / 2] += b->counts[i];
    memcpy(b->counts, joined, sizeof joined);
    b->first = (b->first - shift) / 2;
    b->n = n;
    b->width *= 2;
}

/* The window of bins that has something, and bin 0. */
static void fill(bins *b, const tnn_histogram *h) {
    double all = (double)h->n - (double)h->n_zeros;
    memset(b->counts, 0, sizeof b->counts);
    b->first = h->first_bin;
    b->n = 0;
    b->width = tnn_histogram_width(h);
    for (int i = 0; i < TNN_HISTOGRAM_BINS; i++) {
        b->counts[i] = (double)h->counts[i] - (h->first_bin + i == 0 ? (double)h->n_zeros : 0);
        if (b->counts[i] > 0) b->n = i + 1;
    }
    while (b->n > MIN_BINS && all / b->n < MIN_MEAN) join(b);
    b->c[0] = b->clogc[0] = b->filled[0] = 0;
    for (int i = 0; i < b->n; i++) {
        b->c[i + 1] = b->c[i] + b->counts[i];
        b->clogc[i + 1] = b->clogc[i] + xlogx(b->counts[i]);
        b->filled[i + 1] = b->filled[i] + (b->counts[i] > 0);
    }
}

/* The number that each of the filled bins [from, until) has when they share evenly. */
static double mean(const bins *b, int from, int until) {
    double filled = b->filled[until] - b->filled[from];
    return filled > 0 ? (b->c[until] - b->c[from]) / filled : 0;
}

/* sum c log(c / mean) over the bins of one level. */
static double spread(const bins *b, int from, int until) {
    double shared = mean(b, from, until);
    return shared > 0 ? b->clogc[until] - b->clogc[from] - (b->c[until] - b->c[from]) * log(shared) : 0;
}

/* What is added when bin `at`, which its level takes for `shared`, gets what was clipped, too. */
static double clip(const bins *b, int at, double shared, double clipped) {
    double c = b->counts[at];
    return xlogx(c + clipped) - xlogx(c) - clipped * log(shared);
}

/* Of the range of bins [first, end), of which the first and the last are not empty, times the count of all numbers. */
static double divergence(const bins *b, int first, int end) {
    double all = b->c[b->n], inside = b->c[end] - b->c[first], lost = all * log(inside / all);
    int from = first, low_end = end, high_from = first;
    for (int level = 1; level <= LEVELS; level++) {
        int until = first + (int)((int64_t)(end - first) * level / LEVELS);
        if (until == from) continue;
        lost += spread(b, from, until);
        if (from == first) low_end = until;
        if (until == end) high_from = from;
        from = until;
    }
    lost += clip(b, first, mean(b, first, low_end), b->c[first]);
    return lost + clip(b, end - 1, mean(b, high_from, end), all - b->c[end]);
}

/* The range shrunk to bins that are not empty. */
static double divergence_of(const bins *b, int first, int end) {
    while (first < end && b->counts[first] <= 0) first++;
    while (end > first && b->counts[end - 1] <= 0) end--;
    return first < end ? divergence(b, first, end) : INFINITY;
}

/* End number `step` of what reaches from bin `zero` to bin `end`, each one being 2^-1/12 of the one before. */
static int shrunk(int zero, int end, int step) { return zero + (int)lround((end - zero) * exp2(-step / 12.0)); }

tnn_range tnn_range_kl(const tnn_histogram *h) {
    bins b;
    fill(&b, h);
    int zero = b.first >= 0 ? 0 : -b.first < b.n ? (int)-b.first : b.n;
    int first = 0, end = b.n;
    for (bool moved = b.n > 0; moved;) {
        int all_first = 0, all_end = b.n;
        double least = divergence_of(&b, first, end);
        moved = false;
        for (int step = 0; step < 2 * ENDS; step++) {
            int try_first = step < ENDS ? first : shrunk(zero, all_first, step - ENDS);
            int try_end = step < ENDS ? shrunk(zero, all_end, step) : end;
            double lost = divergence_of(&b, try_first, try_end);
            if (!(lost < least)) continue;
            least = lost;
            first = try_first;
            end = try_end;
            moved = true;
        }
    }
    double low = (double)(b.first + first) * b.width, high = (double)(b.first + end) * b.width;
    return (tnn_range){fmin(fmax(low, (double)h->low), 0), fmax(fmin(high, (double)h->high), 0)};
}
