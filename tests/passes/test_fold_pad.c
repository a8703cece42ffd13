/* Zeros around an image become padding. */
#include "pass_fixture.h"

#include "passes/passes.h"

static const conv_options plain = {1, 0, 1, false, true};

static tnn_value *make_pad(tnn_value *x, uint8_t n, const int64_t *sizes, const char *mode, double value) {
    tnn_arg args[] = {tnn_arg_of_tensor(x), ints(n, sizes), tnn_arg_of_string(mode), tnn_arg_of_float(value)};
    return make_node("pad", args, 4);
}

static void moves_zeros(void **state) {
    (void)state;
    const conv_options cases[] = {{1, 0, 1, false, true}, {2, 1, 1, false, true}, {2, 2, 2, false, false}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        (void)close_model(state);
        (void)open_model(state);
        tnn_value *y = make_pad(make_input("x", DIMS(1, 2, 5, 6)), DIMS(0, 1, 2, 3), "constant", 0);
        make_output(make_conv(y, 2, 4, 3, cases[i]));
        check_pass(tnn_pass_pad, "convolution", 0);
    }
}

static void puts_before_then_after(void **state) {
    (void)state;
    tnn_value *y = make_pad(make_input("x", DIMS(1, 2, 5, 6)), DIMS(1, 2, 3, 4, 0, 0), "constant", 0);
    y = make_conv(y, 2, 4, 3, (conv_options){1, 10, 1, false, true});
    make_output(y);
    check_pass(tnn_pass_pad, "convolution", 0);
    const tnn_arg *padding = tnn_node_arg(y->producer, "padding");
    const int64_t expected[] = {13, 11, 14, 12};
    assert_int_equal(padding->n, 4);
    for (int i = 0; i < 4; i++) assert_int_equal(padding->as.sizes[i].hint, expected[i]);
}

static void repeats_a_single_entry(void **state) {
    (void)state;
    tnn_value *y = make_pad(make_input("x", DIMS(1, 2, 5, 6)), DIMS(1, 0), "constant", 0);
    y = make_conv(y, 2, 4, 3, plain);
    assert_int_equal(tnn_node_set_arg(y->producer, 4, ints(DIMS(0)), NULL), TNN_OK);
    make_output(y);
    check_pass(tnn_pass_pad, "convolution", 0);
}

/* The convolution has 2n entries already. */
static void adds_to_both_sides(void **state) {
    (void)state;
    tnn_value *y = make_pad(make_input("x", DIMS(1, 2, 5, 6)), DIMS(1, 0, 0, 2), "constant", 0);
    y = make_conv(y, 2, 4, 3, plain);
    assert_int_equal(tnn_node_set_arg(y->producer, 4, ints(DIMS(1, 2, 0, 1)), NULL), TNN_OK);
    y->shape.dims[2].hint = 6;
    y->shape.dims[3].hint = 8;
    make_output(y);
    check_pass(tnn_pass_pad, "convolution", 0);
}

static void serves_several_readers(void **state) {
    (void)state;
    tnn_value *y = make_pad(make_input("x", DIMS(1, 2, 5, 6)), DIMS(1, 1, 1, 1), "constant", 0);
    make_output(make_conv(y, 2, 4, 3, plain));
    make_output(make_conv(y, 2, 4, 2, plain));
    check_pass(tnn_pass_pad, "convolution convolution", 0);
}

static void stays_for_other_readers(void **state) {
    (void)state;
    tnn_value *y = make_pad(make_input("x", DIMS(1, 2, 5, 6)), DIMS(1, 1, 1, 1), "constant", 0);
    make_output(make_unary("relu", y));
    make_output(make_conv(y, 2, 4, 3, plain));
    make_output(make_conv(y, 2, 4, 3, (conv_options){1, 0, 1, true, true}));
    check_pass(tnn_pass_pad, "pad relu convolution convolution", 0);
    assert_ptr_equal(graph->last->prev->args[0].as.tensor, graph->inputs[0]);
}

static void stays_when_it_is_no_zero_border(void **state) {
    (void)state;
    tnn_value *x = make_input("x", DIMS(1, 2, 5, 6));
    make_output(make_conv(make_pad(x, DIMS(1, 1, 1, 1), "constant", 0.5), 2, 4, 3, plain));
    make_output(make_conv(make_pad(x, DIMS(1, 1, 1, 1), "reflect", 0), 2, 4, 3, plain));
    make_output(make_conv(make_pad(x, DIMS(1, -1), "constant", 0), 2, 4, 3, plain));
    make_output(make_conv(make_pad(x, DIMS(0, 0, 0, 0, 1, 1), "constant", 0), 4, 4, 3, plain));
    check_pass(tnn_pass_pad, "pad convolution pad convolution pad convolution pad convolution", 0);
}

static void memory_runs_out(void **state) {
    (void)state;
    tnn_value *y = make_pad(make_input("x", DIMS(1, 2, 5, 6)), DIMS(1, 1, 1, 1), "constant", 0);
    make_output(make_conv(y, 2, 4, 3, plain));
    check_memory(tnn_pass_pad);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(moves_zeros), TEST(puts_before_then_after), TEST(repeats_a_single_entry), TEST(adds_to_both_sides),
        TEST(serves_several_readers), TEST(stays_for_other_readers), TEST(stays_when_it_is_no_zero_border),
        TEST(memory_runs_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
