/* Ranges against the best of a dense search over both ends, whose error is that of the numbers themselves. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "draws.h"
#include "quant/range.h"

enum { N = 16384, COARSE = 28, FINE = 6 };

static float numbers[N];
static tnn_histogram histogram;

static void collect(draw_kind kind) {
    int64_t bad = 0;
    draw(numbers, N, kind);
    tnn_histogram_init(&histogram);
    assert_true(tnn_histogram_add(&histogram, numbers, N, &bad));
}

/* Mean square error of every `step`th number in 256 levels. */
static double error_of(double low, double high, int step) {
    double scale = (high - low) / 255, zero = nearbyint(-low / scale), sum = 0;
    for (int i = 0; i < N; i += step) {
        double level = fmin(fmax(nearbyint((double)numbers[i] / scale) + zero, 0), 255);
        double off = (double)numbers[i] - (level - zero) * scale;
        sum += off * off;
    }
    return sum * step / N;
}

/* The least error of ranges low * ratio^i, high * ratio^j around [low, high], within the extremes. */
static double search(double *low, double *high, double ratio, int from, int until) {
    double least = INFINITY, low_at = *low, high_at = *high;
    for (int i = from; i <= until; i++)
        for (int j = from; j <= until; j++) {
            double l = fmax(low_at * pow(ratio, i), fmin((double)histogram.low, 0));
            double h = fmin(high_at * pow(ratio, j), fmax((double)histogram.high, 0));
            if (low_at == 0 && i != from) continue;
            double error = error_of(l, h, until == COARSE ? 7 : 1);
            if (error >= least) continue;
            least = error;
            *low = l;
            *high = h;
        }
    return least;
}

static double best_error(void) {
    double low = fmin((double)histogram.low, 0), high = fmax((double)histogram.high, 0);
    search(&low, &high, 0.88, 0, COARSE);
    return search(&low, &high, 1.02, -FINE, FINE);
}

static void expect_within(draw_kind kind, tnn_range_method method, double times) {
    collect(kind);
    tnn_range r = tnn_range_choose(&histogram, method, 0);
    assert_true(r.low <= 0 && r.high >= 0 && r.low < r.high);
    double found = error_of(r.low, r.high, 1), best = best_error();
    if (found > times * best) fail_msg("%s: [%g, %g] errs %g, best is %g", draw_names[kind], r.low, r.high, found, best);
}

static void least_squares_is_near_the_best(void **state) {
    (void)state;
    for (int kind = 0; kind < DRAW_N; kind++) expect_within((draw_kind)kind, TNN_RANGE_L2, 1.05);
}

static void divergence_is_sane(void **state) {
    (void)state;
    static const draw_kind kinds[] = {DRAW_GAUSS, DRAW_HALF_GAUSS, DRAW_RELU, DRAW_LAPLACE};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) expect_within(kinds[i], TNN_RANGE_KL, 2);
}

/* Half of what is left out lies at either end. */
static void percentile_leaves_out_its_share(void **state) {
    (void)state;
    collect(DRAW_GAUSS);
    tnn_range r = tnn_range_choose(&histogram, TNN_RANGE_PERCENTILE, 0.02);
    int below = 0, above = 0;
    for (int i = 0; i < N; i++) {
        below += (double)numbers[i] < r.low;
        above += (double)numbers[i] > r.high;
    }
    assert_in_range(below, N / 100 - 40, N / 100);
    assert_in_range(above, N / 100 - 40, N / 100);
}

static void extremes_and_averages(void **state) {
    (void)state;
    static const float first[3] = {-1, 0.5f, 4}, second[2] = {2, 3};
    int64_t bad = 0;
    tnn_histogram_init(&histogram);
    tnn_histogram_add(&histogram, first, 3, &bad);
    tnn_histogram_add(&histogram, second, 2, &bad);
    tnn_range all = tnn_range_choose(&histogram, TNN_RANGE_MINMAX, 0);
    tnn_range average = tnn_range_choose(&histogram, TNN_RANGE_AVERAGE, 0);
    assert_true(all.low == -1 && all.high == 4);
    assert_true(average.low == 0 && average.high == 3.5);
}

/* Whatever the method: 0 is in the range, and no end is beyond what was seen. */
static void odd_statistics(void **state) {
    (void)state;
    static const float cases[][4] = {{0, 0, 0, 0},          {3, 3, 3, 3},           {-2, -2, -2, -2},
                                     {1e-45f, 0, 0, 1e-45f}, {3e38f, -3e38f, 0, 1}, {-1e-30f, 1e30f, 5, 5}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        for (int method = 0; method <= TNN_RANGE_KL; method++) {
            int64_t bad = 0;
            tnn_histogram_init(&histogram);
            assert_true(tnn_histogram_add(&histogram, cases[i], 4, &bad));
            tnn_range r = tnn_range_choose(&histogram, (tnn_range_method)method, 0.0001);
            assert_true(r.low <= 0 && r.high >= 0);
            assert_true(r.low >= fmin((double)histogram.low, 0) && r.high <= fmax((double)histogram.high, 0));
        }
    }
    tnn_histogram_init(&histogram);
    tnn_range none = tnn_range_choose(&histogram, TNN_RANGE_KL, 0);
    assert_true(none.low == 0 && none.high == 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(least_squares_is_near_the_best),
        cmocka_unit_test(divergence_is_sane),
        cmocka_unit_test(percentile_leaves_out_its_share),
        cmocka_unit_test(extremes_and_averages),
        cmocka_unit_test(odd_statistics),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
