/* Activations into their producers. */
#include "pass_fixture.h"

#include "ops/list.h"
#include "passes/passes.h"

static bool convolutions_only(const tnn_node *node, tnn_activation act) {
    return tnn_node_is(node, TNN_OP_convolution) && act != TNN_ACT_RELU_N1_TO_1;
}

static bool anything(const tnn_node *node, tnn_activation act) {
    (void)node;
    (void)act;
    return true;
}

static tnn_status fuse_convolutions(tnn_graph *g, tnn_error *err) {
    return tnn_pass_activation(g, convolutions_only, err);
}

static tnn_status fuse_anything(tnn_graph *g, tnn_error *err) {
    return tnn_pass_activation(g, anything, err);
}

static tnn_value *conv(void) {
    return make_conv(make_input("x", DIMS(1, 2, 4, 4)), 2, 3, 3, (conv_options){1, 1, 1, false, true});
}

static tnn_value *make_clamp(tnn_value *x, tnn_arg low, tnn_arg high) {
    tnn_arg args[] = {tnn_arg_of_tensor(x), low, high};
    return make_node("clamp", args, 3);
}

static void fuses_relu(void **state) {
    (void)state;
    make_output(make_unary("relu", conv()));
    check_pass(fuse_convolutions, "convolution", 0);
    assert_int_equal(graph->first->activation, TNN_ACT_RELU);
    assert_string_equal(graph->first->outputs[0]->name, "relu");
}

static void fuses_clamps(void **state) {
    (void)state;
    const struct {
        tnn_arg low, high;
        tnn_activation act;
    } cases[] = {{tnn_arg_of_int(0), tnn_arg_of_int(6), TNN_ACT_RELU6},
                 {tnn_arg_of_float(0), tnn_arg_none(), TNN_ACT_RELU},
                 {tnn_arg_of_float(-1), tnn_arg_of_float(1), TNN_ACT_RELU_N1_TO_1}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        (void)close_model(state);
        (void)open_model(state);
        make_output(make_clamp(conv(), cases[i].low, cases[i].high));
        check_pass(fuse_anything, "convolution", 0);
        assert_int_equal(graph->first->activation, cases[i].act);
    }
}

static void leaves_other_clamps(void **state) {
    (void)state;
    tnn_value *y = conv();
    make_output(make_clamp(make_clamp(y, tnn_arg_of_int(0), tnn_arg_of_int(5)), tnn_arg_none(), tnn_arg_of_int(6)));
    check_pass(fuse_anything, "convolution clamp clamp", 0);
}

static void asks_first(void **state) {
    (void)state;
    make_output(make_unary("relu", make_unary("tanh", conv())));
    make_output(make_clamp(conv(), tnn_arg_of_int(-1), tnn_arg_of_int(1)));
    check_pass(fuse_convolutions, "convolution tanh relu convolution clamp", 0);
}

static void fuses_one(void **state) {
    (void)state;
    make_output(make_clamp(make_unary("relu", conv()), tnn_arg_of_int(0), tnn_arg_of_int(6)));
    check_pass(fuse_convolutions, "convolution clamp", 0);
}

static void leaves_what_others_read(void **state) {
    (void)state;
    tnn_value *y = conv(), *z = conv();
    make_output(make_unary("relu", y));
    make_output(make_unary("tanh", y));
    make_output(make_unary("relu", z));
    make_output(z);
    check_pass(fuse_anything, "convolution convolution relu tanh relu", 0);
}

static void memory_runs_out(void **state) {
    (void)state;
    make_output(make_unary("relu", conv()));
    check_memory(fuse_anything);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(fuses_relu), TEST(fuses_clamps), TEST(leaves_other_clamps), TEST(asks_first),
        TEST(fuses_one), TEST(leaves_what_others_read), TEST(memory_runs_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
