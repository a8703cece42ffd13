/* Weights scaled along their channels, against the definition element by element. */
#include "pass_fixture.h"

#include "ir/elems.h"
#include "passes/channel_affine.h"

/* Element [row, q, k] of a weight [groups * p, q, rest] and the channel it belongs to. */
static void check_scaled(const tnn_recipe *weight, const tnn_recipe *scaled, int64_t groups, const double *scale,
                         bool outer) {
    double *from, *to;
    int64_t rows = weight->dims[0], q = weight->dims[1], rest = tnn_recipe_count(weight) / (rows * q);
    assert_int_equal(tnn_recipe_numbers(&from, model->arena, weight, NULL), TNN_OK);
    assert_int_equal(tnn_recipe_numbers(&to, model->arena, scaled, NULL), TNN_OK);
    assert_int_equal(scaled->rank, weight->rank);
    for (uint8_t i = 0; i < weight->rank; i++) assert_int_equal(scaled->dims[i], weight->dims[i]);
    for (int64_t i = 0; i < rows * q * rest; i++) {
        int64_t row = i / (q * rest), channel = outer ? row : row / (rows / groups) * q + i / rest % q;
        assert_true(to[i] == (double)(float)(from[i] * scale[channel]));
    }
}

/* The weight's bytes are not copied: they are what the recipe's leaf shows. */
static void check_shared(const tnn_recipe *weight, const tnn_recipe *scaled) {
    while (scaled->n_children > 0) scaled = scaled->children[0];
    assert_int_equal(scaled->kind, TNN_RECIPE_SOURCE);
    assert_ptr_equal(scaled->as.source.bytes, weight->as.source.bytes);
}

static void scales(void **state) {
    (void)state;
    static const double scale[] = {0.5, 1.25, -3, 1.0 / 3, 7, 11, 13, 17, 19, 23, 29, 31};
    const struct {
        int64_t groups, dims[4];
    } cases[] = {{1, {4, 3, 2, 5}}, {2, {4, 3, 2, 5}}, {4, {4, 3, 1, 1}}, {3, {6, 4, 3, 3}}, {12, {12, 1, 3, 3}}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const tnn_recipe *weight = make_constant("w", -1, 1, 4, cases[i].dims)->constant, *scaled;
        assert_int_equal(tnn_scale_outer(&scaled, model->arena, weight, scale, NULL), TNN_OK);
        check_scaled(weight, scaled, 1, scale, true);
        assert_int_equal(tnn_scale_inner(&scaled, model->arena, weight, cases[i].groups, scale, NULL), TNN_OK);
        check_scaled(weight, scaled, cases[i].groups, scale, false);
        check_shared(weight, scaled);
    }
}

static void sums_shifts(void **state) {
    (void)state;
    static const double shift[] = {1, -2, 3, 0.5, -0.25, 8};
    const tnn_recipe *weight = make_constant("w", -1, 1, DIMS(4, 3, 2, 2))->constant;
    double *w, sums[4] = {1, 2, 3, 4};
    assert_int_equal(tnn_recipe_numbers(&w, model->arena, weight, NULL), TNN_OK);
    assert_int_equal(tnn_add_shift_sums(sums, weight, 2, shift, NULL), TNN_OK);
    for (int row = 0; row < 4; row++) {
        double expected = row + 1;
        for (int i = 0; i < 12; i++) expected += w[row * 12 + i] * shift[row / 2 * 3 + i / 4];
        assert_true(expected - sums[row] < 1e-12 && sums[row] - expected < 1e-12);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {TEST(scales), TEST(sums_shifts)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
