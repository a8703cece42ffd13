/* Statistics: what they hold, and that neither order nor place of the samples changes it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <math.h>

#include "draws.h"
#include "quant/histogram.h"

enum { PIECE = 500, PIECES = 40 };

static float numbers[PIECES][PIECE];

/* Pieces of very different size, so that the bins grow many times. */
static void draw_pieces(void) {
    for (int p = 0; p < PIECES; p++) {
        draw(numbers[p], PIECE, (draw_kind)(p % DRAW_N));
        for (int i = 0; i < PIECE; i++) numbers[p][i] *= powf(1.7f, (float)(p * 7 % PIECES) - 20);
    }
}

static tnn_histogram collect(const int *order, int n) {
    tnn_histogram h;
    int64_t bad = 0;
    tnn_histogram_init(&h);
    for (int k = 0; k < n; k++) assert_true(tnn_histogram_add(&h, numbers[order[k]], PIECE, &bad));
    return h;
}

static void expect_same(const tnn_histogram *a, const tnn_histogram *b) {
    assert_true(a->low == b->low && a->high == b->high);
    assert_int_equal(a->exponent, b->exponent);
    assert_int_equal(a->first_bin, b->first_bin);
    assert_int_equal(a->n, b->n);
    assert_int_equal(a->n_zeros, b->n_zeros);
    assert_int_equal(a->n_samples, b->n_samples);
    assert_memory_equal(&a->lows, &b->lows, sizeof a->lows);
    assert_memory_equal(&a->highs, &b->highs, sizeof a->highs);
    assert_memory_equal(a->counts, b->counts, sizeof a->counts);
}

static void order_does_not_matter(void **state) {
    (void)state;
    int forth[PIECES], back[PIECES];
    draw_pieces();
    for (int k = 0; k < PIECES; k++) {
        forth[k] = k;
        back[k] = PIECES - 1 - k;
    }
    tnn_histogram a = collect(forth, PIECES), b = collect(back, PIECES);
    expect_same(&a, &b);
    for (int cut = 1; cut < PIECES; cut += 6) {
        tnn_histogram first = collect(forth, cut), rest = collect(forth + cut, PIECES - cut), other = rest;
        tnn_histogram_merge(&other, &first);
        tnn_histogram_merge(&first, &rest);
        expect_same(&a, &first);
        expect_same(&a, &other);
    }
}

static void merging_nothing_changes_nothing(void **state) {
    (void)state;
    static const int one[1] = {0};
    tnn_histogram empty, some = collect(one, 1), before = some;
    tnn_histogram_init(&empty);
    tnn_histogram_merge(&some, &empty);
    expect_same(&some, &before);
    tnn_histogram_merge(&empty, &some);
    expect_same(&empty, &before);
}

static void bins_hold_what_lies_in_them(void **state) {
    (void)state;
    static const float data[6] = {-1.5f, 0, 0, 0.25f, 3, 100};
    tnn_histogram h;
    int64_t bad = 0;
    tnn_histogram_init(&h);
    assert_true(tnn_histogram_add(&h, data, 6, &bad));
    assert_int_equal(h.n, 6);
    assert_int_equal(h.n_zeros, 2);
    double width = tnn_histogram_width(&h);
    assert_true(width == 0.0625); /* 101.5 / 2048 is below it and above its half */
    for (int i = 0; i < TNN_HISTOGRAM_BINS; i++) {
        uint32_t inside = 0;
        double middle = tnn_histogram_middle(&h, i);
        for (int k = 0; k < 6; k++) inside += (double)data[k] >= middle - width / 2 && (double)data[k] < middle + width / 2;
        assert_int_equal(h.counts[i], inside);
    }
}

static void names_what_is_not_finite(void **state) {
    (void)state;
    float data[100] = {0};
    tnn_histogram h, before;
    tnn_histogram_init(&h);
    memset(&before, 0, sizeof before);
    memcpy(&before, &h, sizeof h);
    static const float bad_numbers[3] = {NAN, INFINITY, -INFINITY};
    for (int k = 0; k < 3; k++) {
        for (int at = 0; at < 100; at += 33) {
            int64_t bad = -1;
            data[at] = bad_numbers[k];
            assert_false(tnn_histogram_add(&h, data, 100, &bad));
            assert_int_equal(bad, at);
            assert_memory_equal(&h, &before, sizeof h);
            data[at] = 0;
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(order_does_not_matter),
        cmocka_unit_test(merging_nothing_changes_nothing),
        cmocka_unit_test(bins_hold_what_lies_in_them),
        cmocka_unit_test(names_what_is_not_finite),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
