/* Pixel shuffles beside convolutions. */
#include "pass_fixture.h"

#include "passes/passes.h"

static tnn_value *make_shuffle(tnn_value *x, int64_t channels, int64_t b, int64_t height, int64_t width) {
    x = make_permute(make_reshape(x, DIMS(2, channels, b, b, height, width)), DIMS(0, 1, 4, 2, 5, 3));
    return make_reshape(x, DIMS(2, channels, height * b, width * b));
}

static tnn_value *make_unshuffle(tnn_value *x, int64_t channels, int64_t b, int64_t height, int64_t width) {
    x = make_permute(make_reshape(x, DIMS(2, channels, height, b, width, b)), DIMS(0, 1, 3, 5, 2, 4));
    return make_reshape(x, DIMS(2, channels * b * b, height, width));
}

static const conv_options plain = {.stride = 1, .padding = 1, .groups = 1, .biased = true};

static void folds_shuffle(void **state) {
    (void)state;
    tnn_value *x = make_conv(make_input("x", DIMS(2, 3, 4, 5)), 3, 12, 3, plain);
    make_output(make_shuffle(make_unary("relu", x), 3, 2, 4, 5));
    check_pass(tnn_pass_shuffle, "convolution relu depth_to_space", 0);
}

static void folds_shuffle_of_transposed(void **state) {
    (void)state;
    conv_options options = {.stride = 1, .padding = 1, .groups = 1, .transposed = true};
    make_output(make_shuffle(make_conv(make_input("x", DIMS(2, 3, 4, 5)), 3, 18, 3, options), 2, 3, 4, 5));
    check_pass(tnn_pass_shuffle, "convolution depth_to_space", 0);
}

static void folds_unshuffle(void **state) {
    (void)state;
    tnn_value *x = make_unshuffle(make_input("x", DIMS(2, 3, 4, 6)), 3, 2, 2, 3);
    make_output(make_conv(make_unary("hardswish", x), 12, 5, 3, plain));
    check_pass(tnn_pass_shuffle, "space_to_depth hardswish convolution", 1e-6);
}

static void folds_unshuffle_to_transposed(void **state) {
    (void)state;
    conv_options options = {.stride = 2, .padding = 1, .groups = 1, .transposed = true, .biased = true};
    make_output(make_conv(make_unshuffle(make_input("x", DIMS(2, 3, 4, 6)), 3, 2, 2, 3), 12, 5, 3, options));
    check_pass(tnn_pass_shuffle, "space_to_depth convolution", 1e-6);
}

/* What is read twice, is in groups or no shuffle stays. */
static void keeps_others(void **state) {
    (void)state;
    conv_options grouped = {.stride = 1, .padding = 1, .groups = 3};
    tnn_value *input = make_input("x", DIMS(2, 3, 4, 5)), *x = make_conv(input, 3, 12, 3, plain);
    make_output(make_shuffle(x, 3, 2, 4, 5));
    make_output(x);
    make_output(make_shuffle(make_conv(input, 3, 12, 3, grouped), 3, 2, 4, 5));
    make_output(make_shuffle(make_unary("relu", make_input("y", DIMS(2, 12, 4, 5))), 3, 2, 4, 5));
    check_pass(tnn_pass_shuffle, "convolution reshape permute reshape convolution reshape permute reshape relu reshape "
                                 "permute reshape", 0);
}

static void keeps_other_orders(void **state) {
    (void)state;
    tnn_value *x = make_conv(make_input("x", DIMS(2, 3, 4, 4)), 3, 12, 3, plain);
    x = make_permute(make_reshape(x, DIMS(2, 3, 2, 2, 4, 4)), DIMS(0, 1, 5, 2, 4, 3));
    make_output(make_reshape(x, DIMS(2, 3, 8, 8)));
    check_pass(tnn_pass_shuffle, "convolution reshape permute reshape", 0);
}

static void runs_out_of_memory(void **state) {
    (void)state;
    make_output(make_shuffle(make_conv(make_input("x", DIMS(2, 3, 4, 5)), 3, 12, 3, plain), 3, 2, 4, 5));
    check_memory(tnn_pass_shuffle);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(folds_shuffle),        TEST(folds_shuffle_of_transposed),
        TEST(folds_unshuffle),      TEST(folds_unshuffle_to_transposed),
        TEST(keeps_others),         TEST(keeps_other_orders),
        TEST(runs_out_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
