/* Composites into primitives, and batch normalisations that found no layer. */
#include "pass_fixture.h"

#include "passes/passes.h"

#define TOLERANCE 2e-6

static bool keeps_silu(const tnn_op *op) {
    return strcmp(op->name, "silu") == 0;
}

static tnn_status expand(tnn_graph *g, tnn_error *err) {
    return tnn_pass_expand(g, NULL, err);
}

static void expands_a_composite(void **state) {
    (void)state;
    tnn_value *x = make_input("x", DIMS(2, 3)), *y = make_unary("silu", x);
    tnn_arg args[] = {tnn_arg_of_tensor(x), tnn_arg_of_tensor(make_unary("sigmoid", x))};
    y->producer->scope = "block.act";
    make_output(y);
    make_output(make_node("mul", args, 2));
    assert_int_equal(expand(graph, NULL), TNN_OK);
    check_ops("sigmoid mul sigmoid mul");
    assert_string_equal(graph->outputs[0]->name, "silu");
    assert_string_equal(graph->outputs[0]->producer->scope, "block.act");
    check_outputs_agree(TOLERANCE);
}

static void expands_arguments(void **state) {
    (void)state;
    tnn_value *x = make_input("x", DIMS(2, 3));
    tnn_arg softplus[] = {tnn_arg_of_tensor(x), tnn_arg_of_float(2), tnn_arg_of_float(20)};
    make_output(make_node("softplus", softplus, 3));
    tnn_arg twice[] = {tnn_arg_of_tensor(x), tnn_arg_of_float(2)};
    tnn_arg one_more[] = {tnn_arg_of_tensor(make_unary("exp", make_node("mul", twice, 2))), tnn_arg_of_float(1)};
    tnn_arg half[] = {tnn_arg_of_tensor(make_unary("log", make_node("add", one_more, 2))), tnn_arg_of_float(0.5)};
    make_output(make_node("mul", half, 2));
    assert_int_equal(expand(graph, NULL), TNN_OK);
    check_outputs_agree(TOLERANCE);
}

static void keeps_what_is_wanted(void **state) {
    (void)state;
    make_output(make_unary("mish", make_unary("silu", make_input("x", DIMS(2, 3)))));
    assert_int_equal(tnn_pass_expand(graph, keeps_silu, NULL), TNN_OK);
    assert_string_equal(graph->first->op->name, "silu");
    assert_string_not_equal(graph->first->next->op->name, "mish");
    assert_string_not_equal(graph->last->op->name, "mish");
}

static void expands_batch_norm(void **state) {
    (void)state;
    make_output(make_batch_norm(make_input("x", DIMS(2, 3, 4, 5)), 3));
    make_output(make_batch_norm(make_input("y", DIMS(4, 3)), 3));
    check_pass(expand, "mul add mul add", TOLERANCE);
    assert_int_equal(graph->first->args[1].as.tensor->shape.rank, 3);
    assert_int_equal(graph->last->args[1].as.tensor->shape.rank, 1);
    assert_string_equal(graph->outputs[0]->name, "batch_norm");
}

/* Statistics of the batch, and parameters that something computes. */
static void expands_any_batch_norm(void **state) {
    (void)state;
    tnn_value *trains = make_batch_norm(make_input("x", DIMS(2, 3, 4, 5)), 3);
    assert_int_equal(tnn_node_set_arg(trains->producer, 5, tnn_arg_of_bool(true), NULL), TNN_OK);
    tnn_value *computed = make_batch_norm(make_input("y", DIMS(4, 3)), 3);
    assert_int_equal(tnn_node_set_arg(computed->producer, 2, tnn_arg_of_tensor(make_input("z", DIMS(3))), NULL), TNN_OK);
    make_output(trains);
    make_output(computed);
    check_pass(expand, "mean sub mul mean add rsqrt reshape mul mul reshape add "
                       "sub add rsqrt mul mul add", TOLERANCE);
}

static void memory_runs_out(void **state) {
    (void)state;
    make_output(make_batch_norm(make_unary("silu", make_input("x", DIMS(2, 3, 4))), 3));
    check_memory(expand);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(expands_a_composite), TEST(expands_arguments), TEST(keeps_what_is_wanted),
        TEST(expands_batch_norm), TEST(expands_any_batch_norm), TEST(memory_runs_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
