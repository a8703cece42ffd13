/* Batch normalisation into its neighbours, and where it must stay. */
#include "pass_fixture.h"

#include "passes/passes.h"

/* The numbers are sums of a few dozen float32 products. */
#define TOLERANCE 2e-6

static const conv_options plain = {1, 1, 1, false, true};

static tnn_value *make_linear(tnn_value *x, int64_t n_in, int64_t n_out) {
    tnn_arg args[] = {tnn_arg_of_tensor(x), tnn_arg_of_tensor(make_constant("weight", -1, 1, DIMS(n_out, n_in))),
                      tnn_arg_of_tensor(make_constant("bias", -1, 1, DIMS(n_out)))};
    return make_node("linear", args, 3);
}

static void after_convolutions(void **state) {
    (void)state;
    const conv_options cases[] = {{1, 1, 1, false, true},  {2, 1, 1, false, false}, {1, 1, 2, false, true},
                                  {1, 1, 4, false, false}, {1, 1, 1, true, true},   {2, 0, 2, true, true},
                                  {2, 1, 4, true, false}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        (void)close_model(state);
        (void)open_model(state);
        tnn_value *x = make_input("x", DIMS(2, 4, 7, 5));
        make_output(make_batch_norm(make_conv(x, 4, 8, 3, cases[i]), 8));
        check_pass(tnn_pass_batch_norm, "convolution", TOLERANCE);
    }
}

static void after_linear(void **state) {
    (void)state;
    make_output(make_batch_norm(make_linear(make_input("x", DIMS(3, 5)), 5, 4), 4));
    check_pass(tnn_pass_batch_norm, "linear", TOLERANCE);
}

static void before_convolutions(void **state) {
    (void)state;
    const conv_options cases[] = {{1, 0, 1, false, true}, {2, 0, 1, false, false}, {1, 0, 2, false, true},
                                  {1, 0, 4, false, false}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        (void)close_model(state);
        (void)open_model(state);
        tnn_value *x = make_input("x", DIMS(2, 4, 7, 5));
        make_output(make_conv(make_batch_norm(x, 4), 4, 8, 3, cases[i]));
        check_pass(tnn_pass_batch_norm, "convolution", TOLERANCE);
    }
}

static void before_linear(void **state) {
    (void)state;
    make_output(make_linear(make_batch_norm(make_input("x", DIMS(3, 5)), 5), 5, 4));
    check_pass(tnn_pass_batch_norm, "linear", TOLERANCE);
}

/* Without a shift the border does not matter, nor which taps reach an output. */
static void before_padding_when_nothing_shifts(void **state) {
    (void)state;
    const conv_options cases[] = {{1, 1, 2, false, true}, {2, 1, 2, true, true}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        (void)close_model(state);
        (void)open_model(state);
        tnn_value *x = make_input("x", DIMS(2, 4, 7, 5)), *y = make_batch_norm(x, 4);
        assert_int_equal(tnn_node_set_arg(y->producer, 2, tnn_arg_none(), NULL), TNN_OK);
        tnn_arg zeros = tnn_arg_of_tensor(make_constant("zeros", 0, 0, DIMS(4)));
        assert_int_equal(tnn_node_set_arg(y->producer, 3, zeros, NULL), TNN_OK);
        make_output(make_conv(y, 4, 8, 3, cases[i]));
        check_pass(tnn_pass_batch_norm, "convolution", TOLERANCE);
    }
}

static void without_parameters(void **state) {
    (void)state;
    tnn_value *y = make_batch_norm(make_conv(make_input("x", DIMS(1, 2, 4, 4)), 2, 3, 1, plain), 3);
    assert_int_equal(tnn_node_set_arg(y->producer, 1, tnn_arg_none(), NULL), TNN_OK);
    assert_int_equal(tnn_node_set_arg(y->producer, 2, tnn_arg_none(), NULL), TNN_OK);
    make_output(y);
    check_pass(tnn_pass_batch_norm, "convolution", TOLERANCE);
}

static void keeps_names(void **state) {
    (void)state;
    tnn_value *y = make_conv(make_input("x", DIMS(1, 2, 4, 4)), 2, 3, 1, (conv_options){1, 0, 1, false, false});
    make_output(make_batch_norm(y, 3));
    check_pass(tnn_pass_batch_norm, "convolution", TOLERANCE);
    check_text("input %x: float32[1, 2, 4, 4]\n"
               "const %weight: float32[3, 2, 1, 1]\n"
               "const %bias: float32[3]\n"
               "%batch_norm: float32[1, 3, 4, 4] = convolution(%x, %weight, %bias, stride=[1, 1], "
               "padding=[0, 0], dilation=[1, 1], transposed=False, output_padding=[0, 0], groups=1)\n"
               "output %batch_norm as \"batch_norm\"\n");
}

static void stays_before_padding(void **state) {
    (void)state;
    make_output(make_conv(make_batch_norm(make_input("x", DIMS(1, 2, 4, 4)), 2), 2, 3, 3, plain));
    check_pass(tnn_pass_batch_norm, "batch_norm convolution", 0);
}

static void stays_before_a_transposed_convolution(void **state) {
    (void)state;
    tnn_value *y = make_batch_norm(make_input("x", DIMS(1, 2, 4, 4)), 2);
    make_output(make_conv(y, 2, 3, 3, (conv_options){1, 0, 1, true, true}));
    check_pass(tnn_pass_batch_norm, "batch_norm convolution", 0);
}

static void stays_where_others_read(void **state) {
    (void)state;
    tnn_value *y = make_conv(make_input("x", DIMS(1, 2, 4, 4)), 2, 3, 3, plain);
    make_output(make_batch_norm(y, 3));
    make_output(y);
    check_pass(tnn_pass_batch_norm, "convolution batch_norm", 0);
}

static void stays_behind_an_activation(void **state) {
    (void)state;
    tnn_value *y = make_conv(make_input("x", DIMS(1, 2, 4, 4)), 2, 3, 3, plain);
    y->producer->activation = TNN_ACT_RELU;
    make_output(make_batch_norm(y, 3));
    check_pass(tnn_pass_batch_norm, "convolution batch_norm", 0);
}

/* On three dimensions the channel is the second, a linear layer's features are the last. */
static void stays_beside_linear_on_sequences(void **state) {
    (void)state;
    make_output(make_batch_norm(make_linear(make_input("x", DIMS(3, 4, 4)), 4, 4), 4));
    check_pass(tnn_pass_batch_norm, "linear batch_norm", 0);
}

/* Unbatched: dimension 1 is a row of the picture. */
static void stays_beside_unbatched_convolutions(void **state) {
    (void)state;
    make_output(make_batch_norm(make_conv(make_input("x", DIMS(3, 3, 3)), 3, 3, 3, plain), 3));
    check_pass(tnn_pass_batch_norm, "convolution batch_norm", 0);
}

static void stays_with_computed_statistics(void **state) {
    (void)state;
    tnn_value *y = make_batch_norm(make_conv(make_input("x", DIMS(1, 2, 4, 4)), 2, 3, 3, plain), 3);
    tnn_arg mean = tnn_arg_of_tensor(make_input("mean_in", DIMS(3)));
    assert_int_equal(tnn_node_set_arg(y->producer, 3, mean, NULL), TNN_OK);
    make_output(y);
    check_pass(tnn_pass_batch_norm, "convolution batch_norm", 0);
}

static void memory_runs_out(void **state) {
    (void)state;
    tnn_value *y = make_batch_norm(make_input("x", DIMS(1, 2, 4, 4)), 2);
    y = make_conv(y, 2, 4, 3, (conv_options){1, 0, 2, false, false});
    make_output(make_batch_norm(y, 4));
    check_memory(tnn_pass_batch_norm);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(after_convolutions), TEST(after_linear), TEST(before_convolutions), TEST(before_linear),
        TEST(before_padding_when_nothing_shifts), TEST(without_parameters), TEST(keeps_names),
        TEST(stays_before_padding), TEST(stays_before_a_transposed_convolution), TEST(stays_where_others_read),
        TEST(stays_behind_an_activation), TEST(stays_beside_linear_on_sequences),
        TEST(stays_beside_unbatched_convolutions), TEST(stays_with_computed_statistics), TEST(memory_runs_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
