/* Rounding by the quadratic form of the inputs: against nearest rounding, and against all roundings of a short row. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "quant/round_search.h"

enum { N = 48, SHORT = 10, COUNT = 600, ROWS = 8 };

static float inputs[COUNT * N], weights[ROWS * N], gram[N * N];
static double mean[N], doubles[2 * N];
static float errors[TNN_ROUND_ROWS * N], products[TNN_ROUND_ROWS * N];
static const tnn_round_room room = {errors, products, doubles};

static uint32_t state = 7;

static float uniform(void) {
    state = state * 1664525u + 1013904223u;
    return (float)(state >> 8) / (float)(1 << 24) - 0.5f;
}

/* Inputs that hang together as neighbours in a picture do, all above 0; weights of any kind. */
static void make(int64_t n) {
    for (int s = 0; s < COUNT; s++) {
        float x = 0;
        for (int64_t k = 0; k < n; k++) {
            x = 0.8f * x + uniform();
            inputs[s * n + k] = fmaxf(x + 0.3f, 0);
        }
    }
    for (int64_t i = 0; i < ROWS * n; i++) weights[i] = uniform() + uniform();
}

static void fill_gram(int64_t n, bool centred) {
    memset(mean, 0, sizeof mean);
    if (centred) tnn_row_mean(mean, inputs, COUNT, n);
    for (int64_t i = 0; i < n; i += TNN_GRAM_ROWS) tnn_gram_part(gram, i, inputs, COUNT, n, mean);
}

static double scale_of(const float *row, int64_t n, int bits) {
    float largest = 0;
    for (int64_t k = 0; k < n; k++) largest = fmaxf(largest, fabsf(row[k]));
    return (double)largest / (ldexp(1, bits - 1) - 1);
}

/* The error of a row's results, by the inputs themselves. */
static double error_of(const float *exact, const float *rounded, int64_t n, bool centred) {
    double sum = 0, squares = 0;
    for (int s = 0; s < COUNT; s++) {
        double off = 0;
        for (int64_t k = 0; k < n; k++) off += ((double)exact[k] - (double)rounded[k]) * (double)inputs[s * n + k];
        sum += off;
        squares += off * off;
    }
    return squares / COUNT - (centred ? sum * sum / COUNT / COUNT : 0);
}

static void nearest(const float *row, float *out, int64_t n, double scale) {
    for (int64_t k = 0; k < n; k++) out[k] = (float)(rint((double)row[k] / scale) * scale);
}

static void gram_is_that_of_the_inputs(void **unused) {
    (void)unused;
    make(N);
    for (int centred = 0; centred < 2; centred++) {
        fill_gram(N, centred);
        double trace = 0;
        for (int i = 0; i < N; i++) trace += (double)gram[i * N + i];
        tnn_gram_finish(gram, N);
        for (int i = 0; i < N; i++)
            for (int k = 0; k < N; k++) {
                double sum = 0;
                for (int s = 0; s < COUNT; s++)
                    sum += ((double)inputs[s * N + i] - mean[i]) * ((double)inputs[s * N + k] - mean[k]);
                double expected = sum / COUNT + (i == k ? 0.01 * trace / N : 0);
                assert_true(fabs((double)gram[i * N + k] - expected) < 1e-5 * trace / N);
            }
    }
}

static void error_falls_below_that_of_nearest(void **unused) {
    static const int widths[] = {3, 4, 8};
    (void)unused;
    for (size_t b = 0; b < sizeof widths / sizeof *widths; b++)
        for (int centred = 0; centred < 2; centred++) {
            double before = 0, after = 0;
            make(N);
            fill_gram(N, centred);
            tnn_gram_finish(gram, N);
            for (int r = 0; r < ROWS; r++) {
                float *row = weights + r * N, exact[N], plain[N];
                double scale = scale_of(row, N, widths[b]);
                memcpy(exact, row, sizeof exact);
                nearest(exact, plain, N, scale);
                tnn_round_rows(row, 1, N, &scale, widths[b], gram, &room);
                before += error_of(exact, plain, N, centred);
                after += error_of(exact, row, N, centred);
            }
            assert_true(after < 0.7 * before);
        }
}

/* Each weight is one of its two neighbours, the largest stays, and nearest rounding keeps what is there. */
static void weights_are_on_the_grid(void **unused) {
    (void)unused;
    make(N);
    fill_gram(N, false);
    tnn_gram_finish(gram, N);
    for (int r = 0; r < ROWS; r++) {
        float *row = weights + r * N, exact[N], again[N];
        double scale = scale_of(row, N, 4);
        memcpy(exact, row, sizeof exact);
        tnn_round_rows(row, 1, N, &scale, 4, gram, &room);
        assert_true(fabs(scale_of(row, N, 4) / scale - 1) < 1e-6);
        nearest(row, again, N, scale_of(row, N, 4));
        for (int k = 0; k < N; k++) {
            assert_true(fabs((double)row[k] - (double)exact[k]) < scale);
            assert_true(fabs((double)again[k] - (double)row[k]) < 1e-6);
        }
    }
    float zeros[N] = {0};
    double nothing = 0;
    tnn_round_rows(zeros, 1, N, &nothing, 8, gram, &room);
    for (int k = 0; k < N; k++) assert_true(zeros[k] == 0);
}

static double least_of_all(const float *exact, int64_t n, double scale) {
    double least = INFINITY;
    for (uint32_t ups = 0; ups < 1u << n; ups++) {
        float tried[SHORT];
        for (int64_t k = 0; k < n; k++)
            tried[k] = (float)((floor((double)exact[k] / scale) + (double)(ups >> k & 1)) * scale);
        least = fmin(least, error_of(exact, tried, n, false));
    }
    return least;
}

static void short_rows_are_near_the_best(void **unused) {
    (void)unused;
    double found = 0, best = 0, plain_error = 0;
    make(SHORT);
    fill_gram(SHORT, false);
    tnn_gram_finish(gram, SHORT);
    for (int r = 0; r < ROWS; r++) {
        float *row = weights + r * SHORT, exact[SHORT], plain[SHORT];
        double scale = scale_of(row, SHORT, 3);
        memcpy(exact, row, sizeof exact);
        nearest(exact, plain, SHORT, scale);
        tnn_round_rows(row, 1, SHORT, &scale, 3, gram, &room);
        found += error_of(exact, row, SHORT, false);
        best += least_of_all(exact, SHORT, scale);
        plain_error += error_of(exact, plain, SHORT, false);
    }
    assert_true(found - best < 0.25 * (plain_error - best));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gram_is_that_of_the_inputs),
        cmocka_unit_test(error_falls_below_that_of_nearest),
        cmocka_unit_test(weights_are_on_the_grid),
        cmocka_unit_test(short_rows_are_near_the_best),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
