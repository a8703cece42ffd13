/* All passes together, on the blocks that networks are made of. */
#include "pass_fixture.h"

#include "ops/list.h"
#include "passes/prepare.h"

#define TOLERANCE 4e-6

static bool convolutions_and_sums(const tnn_node *node, tnn_activation act) {
    (void)act;
    return tnn_node_is(node, TNN_OP_convolution) || tnn_node_is(node, TNN_OP_add);
}

static tnn_status prepare(tnn_graph *g, tnn_error *err) {
    tnn_prepare_options options = {.level = TNN_PREPARE_ALL, .can_fuse = convolutions_and_sums};
    return tnn_pass_prepare(g, &options, err);
}

static tnn_value *block(tnn_value *x, int64_t n) {
    return make_batch_norm(make_conv(x, n, n, 3, (conv_options){1, 1, 1, false, false}), n);
}

static tnn_value *add(tnn_value *a, tnn_value *b) {
    tnn_arg args[] = {tnn_arg_of_tensor(a), tnn_arg_of_tensor(b)};
    return make_node("add", args, 2);
}

static void residual_block(void **state) {
    (void)state;
    tnn_value *x = make_input("x", DIMS(1, 3, 5, 5));
    tnn_value *y = block(make_unary("relu", block(x, 3)), 3);
    make_output(make_unary("relu", add(y, x)));
    check_pass(prepare, "convolution convolution add", TOLERANCE);
    assert_int_equal(graph->first->activation, TNN_ACT_RELU);
    assert_int_equal(graph->last->activation, TNN_ACT_RELU);
}

/* What only dead nodes read is fused all the same. */
static void dead_readers_do_not_count(void **state) {
    (void)state;
    tnn_value *y = make_conv(make_input("x", DIMS(1, 3, 5, 5)), 3, 3, 3, (conv_options){1, 1, 1, false, false});
    (void)make_reshape(y, DIMS(75));
    make_output(make_unary("relu", make_batch_norm(y, 3)));
    check_pass(prepare, "convolution", TOLERANCE);
}

/* Normalise, activate, convolve: the normalisation cannot pass the activation. */
static void dense_block(void **state) {
    (void)state;
    tnn_value *x = make_input("x", DIMS(1, 3, 5, 5));
    tnn_value *y = make_unary("relu", make_batch_norm(x, 3));
    make_output(make_conv(y, 3, 4, 1, (conv_options){1, 0, 1, false, false}));
    check_pass(prepare, "mul add convolution", TOLERANCE);
    assert_int_equal(graph->first->next->activation, TNN_ACT_RELU);
}

static void padded_and_flattened(void **state) {
    (void)state;
    tnn_value *x = make_input("x", DIMS(1, 2, 5, 5));
    tnn_arg pad[] = {tnn_arg_of_tensor(x), ints(DIMS(0, 1, 0, 1)), tnn_arg_of_string("constant"), tnn_arg_of_int(0)};
    tnn_value *y = make_conv(make_node("pad", pad, 4), 2, 4, 3, (conv_options){2, 0, 1, false, false});
    y = make_reshape(make_reshape(make_unary("relu", make_batch_norm(y, 4)), DIMS(1, 4, 4)), DIMS(1, 16));
    make_output(y);
    check_pass(prepare, "convolution reshape", TOLERANCE);
}

static tnn_status only_needed(tnn_graph *g, tnn_error *err) {
    tnn_prepare_options options = {.level = TNN_PREPARE_NEEDED, .can_fuse = convolutions_and_sums};
    return tnn_pass_prepare(g, &options, err);
}

static tnn_status batch_norms(tnn_graph *g, tnn_error *err) {
    tnn_prepare_options options = {.level = TNN_PREPARE_BATCH_NORMS, .can_fuse = convolutions_and_sums};
    return tnn_pass_prepare(g, &options, err);
}

static void padded_block(void) {
    tnn_value *x = make_input("x", DIMS(1, 2, 5, 5));
    tnn_arg pad[] = {tnn_arg_of_tensor(x), ints(DIMS(1, 1)), tnn_arg_of_string("constant"), tnn_arg_of_int(0)};
    tnn_value *y = make_unary("relu", block(make_node("pad", pad, 4), 2));
    make_output(make_reshape(make_reshape(y, DIMS(2, 35)), DIMS(70)));
}

static void below_all_little_is_fused(void **state) {
    (void)state;
    padded_block();
    check_pass(only_needed, "pad convolution mul add relu reshape", TOLERANCE);
}

static void batch_norms_alone(void **state) {
    (void)state;
    padded_block();
    check_pass(batch_norms, "pad convolution relu reshape", TOLERANCE);
}

static void memory_runs_out(void **state) {
    (void)state;
    make_output(make_unary("relu", block(make_input("x", DIMS(1, 2, 3, 3)), 2)));
    check_memory(prepare);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(residual_block), TEST(dead_readers_do_not_count), TEST(dense_block), TEST(padded_and_flattened),
        TEST(below_all_little_is_fused), TEST(batch_norms_alone),
        TEST(memory_runs_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
