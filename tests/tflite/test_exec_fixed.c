/* Fixed-point functions against the functions that they approximate; their last bits are LiteRT's (tests/exec). */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tflite/exec_fixed.h"

static void test_factor_is_the_nearest(void **state) {
    (void)state;
    const double reals[] = {1, 0.5, 0.75, 3, 1e-3, 123.456, 0x1p-31};
    for (size_t i = 0; i < sizeof reals / sizeof *reals; i++) {
        tnn_fixed f = tnn_fixed_from(reals[i]);
        assert_true(fabs(ldexp(f.multiplier, f.shift - 31) / reals[i] - 1) < 1e-9);
    }
    assert_int_equal(tnn_fixed_from(0).multiplier, 0);
    assert_int_equal(tnn_fixed_from(NAN).multiplier, 0);
    assert_int_equal(tnn_fixed_from(1e-12).multiplier, 0);
    assert_int_equal(tnn_fixed_from(INFINITY).multiplier, INT32_MAX);
}

/* 441 times 0.12568 is 55.43: rounded to 221.7 and then to 222 / 4 it is 56, at once 55. */
static void test_roundings(void **state) {
    (void)state;
    tnn_fixed f = tnn_fixed_from(0.12568);
    assert_int_equal(tnn_fixed_scale(441, f), 56);
    assert_int_equal(tnn_fixed_scale_64(441, f), 55);
    assert_int_equal(tnn_fixed_scale(-441, f), -56);
    assert_int_equal(tnn_fixed_round_shift(3, 1), 2);
    assert_int_equal(tnn_fixed_round_shift(-3, 1), -2);
    assert_int_equal(tnn_fixed_round_shift(-1, 2), 0);
    assert_int_equal(tnn_fixed_round_shift(5, 40), 0);
    assert_int_equal(tnn_fixed_high_mul(INT32_MIN, INT32_MIN), INT32_MAX);
}

static void test_exp(void **state) {
    (void)state;
    for (double x = 0; x > -15; x -= 0.37)
        assert_true(fabs(tnn_fixed_exp((int32_t)(x * 0x1p26)) * 0x1p-31 - exp(x)) < 1e-7);
    assert_int_equal(tnn_fixed_exp(0), INT32_MAX);
}

static void test_log(void **state) {
    (void)state;
    for (double x = 1; x < 4000; x *= 1.7) {
        int32_t raw = (int32_t)(x * 0x1p19);
        assert_true(fabs(tnn_fixed_log(raw) * 0x1p-26 - log(raw * 0x1p-19)) < 1e-5);
    }
}

static void test_reciprocal(void **state) {
    (void)state;
    for (int32_t x = 1; x < 1000; x += 7) {
        int over;
        int32_t inverse = tnn_fixed_reciprocal(x, 31, &over);
        assert_true(fabs(ldexp(inverse, -31 - over) * x - 1) < 1e-6);
    }
}

static void test_inverse_sqrt(void **state) {
    (void)state;
    for (int32_t x = 2; x < 1 << 29; x += x / 2 + 1) {
        tnn_fixed f = tnn_fixed_inverse_sqrt(x);
        assert_true(fabs(ldexp(f.multiplier, f.shift - 31) * sqrt(x) - 1) < 1e-5);
    }
    assert_int_equal(tnn_fixed_inverse_sqrt(0).multiplier, INT32_MAX);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_factor_is_the_nearest), cmocka_unit_test(test_roundings), cmocka_unit_test(test_exp),
        cmocka_unit_test(test_log),                   cmocka_unit_test(test_reciprocal), cmocka_unit_test(test_inverse_sqrt),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
