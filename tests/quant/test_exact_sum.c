/* Exact sums: against doubles where these are exact, and against themselves in another order. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <float.h>
#include <math.h>

#include "quant/exact_sum.h"

static tnn_exact_sum sum_of(const float *x, int n) {
    tnn_exact_sum sum = {{0}};
    for (int i = 0; i < n; i++) tnn_exact_sum_add(&sum, x[i]);
    return sum;
}

static void single_numbers_come_back(void **state) {
    (void)state;
    static const float numbers[] = {0,    1,        -1,        0.1f,    -0.1f,    3e38f, -3e38f,  FLT_MAX, -FLT_MAX,
                                    1e-3f, FLT_MIN, -FLT_MIN, 1e-45f, -1e-45f, 3e-42f, 65504.5f, 1e10f, -1e-38f};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        tnn_exact_sum sum = sum_of(&numbers[i], 1);
        assert_true(tnn_exact_sum_value(&sum) == (double)numbers[i]);
    }
}

static void nothing_is_lost_between_large_numbers(void **state) {
    (void)state;
    static const float numbers[] = {FLT_MAX, 1e-45f, 1, -FLT_MAX, -1, FLT_MAX, -FLT_MAX, 2e-20f};
    tnn_exact_sum sum = sum_of(numbers, 8);
    assert_true(tnn_exact_sum_value(&sum) == (double)1e-45f + (double)2e-20f);
    static const float negative[] = {-FLT_MAX, -1e-45f, FLT_MAX};
    sum = sum_of(negative, 3);
    assert_true(tnn_exact_sum_value(&sum) == -(double)1e-45f);
}

static float draw_any(uint32_t *seed) {
    *seed = *seed * 1664525u + 1013904223u;
    float mantissa = (float)(*seed >> 8) - 8388608.0f;
    *seed = *seed * 1664525u + 1013904223u;
    return ldexpf(mantissa, (int)(*seed >> 24) - 170);
}

/* One sum has one form, whatever the way to it. */
static void order_and_parts_do_not_matter(void **state) {
    (void)state;
    enum { N = 3000 };
    static float forth[N], back[N];
    uint32_t seed = 7;
    for (int i = 0; i < N; i++) forth[i] = back[N - 1 - i] = draw_any(&seed);
    tnn_exact_sum a = sum_of(forth, N), b = sum_of(back, N);
    assert_memory_equal(&a, &b, sizeof a);
    for (int cut = 0; cut <= N; cut += 500) {
        tnn_exact_sum first = sum_of(forth, cut), rest = sum_of(forth + cut, N - cut);
        tnn_exact_sum_merge(&first, &rest);
        assert_memory_equal(&a, &first, sizeof a);
    }
}

static void sums_are_those_of_doubles(void **state) {
    (void)state;
    tnn_exact_sum sum = {{0}};
    double expected = 0; /* exact: numbers of 24 bits in the unit 2^-24, fewer than 2^29 of them */
    uint32_t seed = 3;
    for (int i = 0; i < 100000; i++) {
        seed = seed * 1664525u + 1013904223u;
        float x = ldexpf((float)(seed >> 8) - 8388608.0f, -24);
        tnn_exact_sum_add(&sum, x);
        expected += (double)x;
        if (i % 1000 == 0) assert_true(tnn_exact_sum_value(&sum) == expected);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(single_numbers_come_back),
        cmocka_unit_test(nothing_is_lost_between_large_numbers),
        cmocka_unit_test(order_and_parts_do_not_matter),
        cmocka_unit_test(sums_are_those_of_doubles),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
