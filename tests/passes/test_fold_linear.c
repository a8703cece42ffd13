/* Constant factors and terms around linear layers. */
#include "pass_fixture.h"

#include "passes/passes.h"

static tnn_value *make_linear(tnn_value *x, int64_t n_in, int64_t n_out, bool biased) {
    tnn_arg args[] = {tnn_arg_of_tensor(x), tnn_arg_of_tensor(make_constant("weight", -1, 1, DIMS(n_out, n_in))),
                      tnn_arg_none()};
    if (biased) args[2] = tnn_arg_of_tensor(make_constant("bias", -1, 1, DIMS(n_out)));
    return make_node("linear", args, 3);
}

static tnn_value *make_binary(const char *op, tnn_value *x, tnn_value *y) {
    tnn_arg args[] = {tnn_arg_of_tensor(x), tnn_arg_of_tensor(y)};
    return make_node(op, args, 2);
}

static tnn_value *times(tnn_value *x, double number) {
    tnn_arg args[] = {tnn_arg_of_tensor(x), tnn_arg_of_float(number)};
    return make_node("mul", args, 2);
}

/* What a layer norm leaves. */
static tnn_value *make_affine(tnn_value *x, int64_t n) {
    x = make_binary("mul", x, make_constant("scale", 0.5, 2, DIMS(n)));
    return make_binary("add", x, make_constant("shift", -1, 1, DIMS(n)));
}

static void takes_what_comes_before(void **state) {
    (void)state;
    for (int biased = 0; biased < 2; biased++) {
        (void)close_model(state);
        (void)open_model(state);
        make_output(make_linear(make_affine(make_input("x", DIMS(2, 3, 5)), 5), 5, 4, biased));
        check_pass(tnn_pass_linear, "linear", 1e-6);
    }
}

static void takes_what_comes_behind(void **state) {
    (void)state;
    for (int biased = 0; biased < 2; biased++) {
        (void)close_model(state);
        (void)open_model(state);
        tnn_value *y = make_linear(make_input("x", DIMS(3, 5)), 5, 4, biased);
        make_output(make_affine(times(y, 0.25), 4));
        check_pass(tnn_pass_linear, "linear", 1e-6);
    }
}

static void a_number_passes_through_views(void **state) {
    (void)state;
    tnn_value *y = make_linear(make_input("x", DIMS(3, 5)), 5, 4, true);
    make_output(times(make_permute(make_reshape(y, DIMS(3, 2, 2)), DIMS(1, 0, 2)), 0.5));
    check_pass(tnn_pass_linear, "linear reshape permute", 1e-6);
}

static void a_vector_does_not(void **state) {
    (void)state;
    tnn_value *y = make_linear(make_input("x", DIMS(4, 5)), 5, 4, true);
    make_output(make_binary("mul", make_permute(y, DIMS(1, 0)), make_constant("scale", 0.5, 2, DIMS(4))));
    check_pass(tnn_pass_linear, "linear permute mul", 0);
}

static void a_term_along_another_dimension_stays(void **state) {
    (void)state;
    tnn_value *x = make_binary("add", make_input("x", DIMS(5, 5)), make_constant("shift", -1, 1, DIMS(5, 1)));
    make_output(make_linear(x, 5, 4, true));
    check_pass(tnn_pass_linear, "add linear", 0);
}

static void a_term_that_spreads_the_input_stays(void **state) {
    (void)state;
    tnn_value *x = make_binary("mul", make_input("x", DIMS(3, 1)), make_constant("scale", 0.5, 2, DIMS(5)));
    make_output(make_linear(x, 5, 4, true));
    check_pass(tnn_pass_linear, "mul linear", 0);
}

static void other_readers_keep_what_they_read(void **state) {
    (void)state;
    tnn_value *x = make_affine(make_input("x", DIMS(3, 5)), 5);
    make_output(make_linear(x, 5, 4, true));
    make_output(x);
    check_pass(tnn_pass_linear, "mul add linear", 0);
}

static void a_product_with_a_constant_is_a_layer(void **state) {
    (void)state;
    tnn_value *y = make_binary("matmul", make_input("x", DIMS(2, 3, 5)), make_constant("w", -1, 1, DIMS(5, 4)));
    make_output(make_binary("add", make_constant("shift", -1, 1, DIMS(1, 1, 4)), y));
    check_pass(tnn_pass_linear, "linear", 1e-6);
}

static void a_batch_of_constants_is_none(void **state) {
    (void)state;
    make_output(make_binary("matmul", make_input("x", DIMS(2, 3, 5)), make_constant("w", -1, 1, DIMS(2, 5, 4))));
    check_pass(tnn_pass_linear, "matmul", 0);
}

/* [2, 3, 5] seen as [6, 5], the product with a constant and a bias, and back, behind a layer norm. */
static void reshapes_around_a_layer_go(void **state) {
    (void)state;
    tnn_value *x = make_reshape(make_affine(make_input("x", DIMS(2, 3, 5)), 5), DIMS(6, 5));
    x = make_binary("matmul", x, make_constant("w", -1, 1, DIMS(5, 4)));
    x = make_binary("add", x, make_constant("b", -1, 1, DIMS(4)));
    make_output(make_reshape(x, DIMS(2, 3, 4)));
    check_pass(tnn_pass_linear, "linear", 1e-6);
}

static void reshapes_of_another_kind_stay(void **state) {
    (void)state;
    tnn_value *x = make_input("x", DIMS(2, 3, 5));
    make_output(make_reshape(make_linear(make_reshape(x, DIMS(6, 5)), 5, 4, true), DIMS(3, 2, 4)));
    make_output(make_reshape(make_linear(make_reshape(x, DIMS(2, 15)), 15, 4, true), DIMS(2, 2, 2)));
    tnn_value *y = make_linear(make_reshape(x, DIMS(6, 5)), 5, 4, true);
    make_output(make_reshape(y, DIMS(2, 3, 4)));
    make_output(y);
    check_pass(tnn_pass_linear, "reshape linear reshape reshape linear reshape reshape linear reshape", 0);
}

static void fails_cleanly_without_memory(void **state) {
    (void)state;
    tnn_value *x = make_affine(make_input("x", DIMS(3, 5)), 5);
    make_output(make_affine(make_linear(x, 5, 4, false), 4));
    x = make_linear(make_reshape(make_input("y", DIMS(2, 3, 5)), DIMS(6, 5)), 5, 4, false);
    make_output(make_reshape(x, DIMS(2, 3, 4)));
    check_memory(tnn_pass_linear);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(takes_what_comes_before),
        TEST(takes_what_comes_behind),
        TEST(a_number_passes_through_views),
        TEST(a_vector_does_not),
        TEST(a_term_along_another_dimension_stays),
        TEST(a_term_that_spreads_the_input_stays),
        TEST(other_readers_keep_what_they_read),
        TEST(a_product_with_a_constant_is_a_layer),
        TEST(a_batch_of_constants_is_none),
        TEST(reshapes_around_a_layer_go),
        TEST(reshapes_of_another_kind_stay),
        TEST(fails_cleanly_without_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
