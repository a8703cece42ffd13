/* Activations that are spelled out. */
#include <math.h>

#include "pass_fixture.h"

#include "passes/passes.h"

static tnn_value *make_binary(const char *op, tnn_arg a, tnn_arg b) {
    tnn_arg args[] = {a, b};
    return make_node(op, args, 2);
}

static tnn_arg t(tnn_value *value) { return tnn_arg_of_tensor(value); }

static tnn_arg f(double number) { return tnn_arg_of_float(number); }

static tnn_value *make_clamp(tnn_value *x, tnn_arg low, tnn_arg high) {
    tnn_arg args[] = {t(x), low, high};
    return make_node("clamp", args, 3);
}

static tnn_value *make_where(tnn_value *condition, tnn_value *x, tnn_value *y) {
    tnn_arg args[] = {t(condition), t(x), t(y)};
    return make_node("where", args, 3);
}

static tnn_value *input(void) { return make_input("x", DIMS(1, 3, 4, 5)); }

static tnn_status compose(tnn_graph *g, tnn_error *err) {
    TNN_TRY(tnn_pass_compose(g, err));
    return tnn_pass_dead(g, err);
}

/* ---- clamp ---- */

static void merges_clamps(void **state) {
    (void)state;
    make_output(make_clamp(make_clamp(input(), f(-0.5), tnn_arg_none()), f(-2), f(0.25)));
    check_pass(compose, "clamp", 0);
    assert_true(tnn_arg_number(&graph->first->args[1]) == -0.5);
    assert_true(tnn_arg_number(&graph->first->args[2]) == 0.25);
}

static void keeps_clamps_that_contradict(void **state) {
    (void)state;
    make_output(make_clamp(make_clamp(input(), f(-0.5), f(0)), f(0.25), tnn_arg_none()));
    check_pass(compose, "clamp clamp", 0);
}

static void keeps_bounds_that_are_no_number(void **state) {
    (void)state;
    make_output(make_clamp(make_clamp(input(), f((double)NAN), tnn_arg_none()), f(0), f(1)));
    assert_int_equal(tnn_pass_compose(graph, NULL), TNN_OK);
    check_ops("clamp clamp");
}

/* ---- hardswish ---- */

static tnn_value *gate(tnn_value *x, double term, double high) {
    return make_clamp(make_binary("add", t(x), f(term)), f(0), f(high));
}

static tnn_value *divided_product(tnn_value *x) {
    return make_binary("div", t(make_binary("mul", t(x), t(gate(x, 3, 6)))), f(6));
}

static tnn_value *scaled_product(tnn_value *x) {
    return make_binary("mul", f(1.0 / 6), t(make_binary("mul", t(gate(x, 3, 6)), t(x))));
}

static tnn_value *divided_gate(tnn_value *x) {
    return make_binary("mul", t(x), t(make_binary("div", t(gate(x, 3, 6)), tnn_arg_of_int(6))));
}

static tnn_value *scaled_gate(tnn_value *x) {
    tnn_value *y = make_clamp(make_binary("add", f(3), t(x)), f(0), f(6));
    return make_binary("mul", t(make_binary("mul", t(y), f((double)(1.0f / 6)))), t(x));
}

static void composes_hardswish(void **state) {
    tnn_value *(*const forms[])(tnn_value *) = {divided_product, scaled_product, divided_gate, scaled_gate};
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        (void)close_model(state);
        (void)open_model(state);
        make_output(forms[i](input()));
        check_pass(compose, "hardswish", 1e-6);
    }
}

/* The gate is read by another node, too. */
static void composes_beside_a_reader(void **state) {
    (void)state;
    tnn_value *x = input(), *y = make_binary("div", t(gate(x, 3, 6)), f(6));
    make_output(make_binary("mul", t(x), t(y)));
    make_output(y);
    check_pass(compose, "add clamp div hardswish", 1e-6);
}

static void keeps_what_is_not_hardswish(void **state) {
    (void)state;
    tnn_value *x = input(), *y = make_input("y", DIMS(1, 3, 4, 5));
    make_output(make_binary("mul", t(y), t(make_binary("div", t(gate(x, 3, 6)), f(6)))));
    make_output(make_binary("mul", t(x), t(make_binary("div", t(gate(x, 3, 5)), f(6)))));
    make_output(make_binary("mul", t(x), t(make_binary("div", t(gate(x, 2, 6)), f(6)))));
    make_output(make_binary("mul", t(x), t(make_binary("div", t(gate(x, 3, 6)), f(5)))));
    check_pass(compose, "add clamp div mul add clamp div mul add clamp div mul add clamp div mul", 0);
}

/* ---- slopes ---- */

static tnn_value *slope(tnn_value *x, double limit, tnn_arg weight) {
    tnn_value *positive = make_binary("gt", t(x), f(limit));
    return make_where(positive, x, make_binary("mul", weight, t(x)));
}

static void composes_leaky_relu(void **state) {
    (void)state;
    make_output(slope(input(), 0, f(0.3)));
    check_pass(compose, "leaky_relu", 1e-6);
}

static void composes_prelu(void **state) {
    (void)state;
    tnn_value *x = input();
    make_output(slope(x, 0, t(make_constant("a", 0.1, 0.5, DIMS(3, 1, 1)))));
    make_output(slope(x, 0, t(make_constant("b", 0.1, 0.5, DIMS(1, 3, 1, 1)))));
    make_output(slope(x, 0, t(make_constant("c", 0.1, 0.5, DIMS(1)))));
    check_pass(compose, "reshape prelu reshape prelu reshape prelu", 0);
}

static void keeps_other_slopes(void **state) {
    (void)state;
    tnn_value *x = input();
    make_output(slope(x, 1, f(0.3)));
    make_output(slope(x, 0, t(make_constant("a", 0.1, 0.5, DIMS(4, 1)))));
    make_output(slope(x, 0, t(make_constant("b", 0.1, 0.5, DIMS(3, 4, 5)))));
    make_output(slope(x, 0, t(make_input("w", DIMS(1)))));
    check_pass(compose, "gt mul where gt mul where gt mul where gt mul where", 0);
}

static void runs_out_of_memory(void **state) {
    (void)state;
    tnn_value *x = input();
    make_output(divided_gate(x));
    make_output(slope(x, 0, t(make_constant("a", 0.1, 0.5, DIMS(3, 1, 1)))));
    make_output(make_clamp(make_clamp(x, f(-0.5), tnn_arg_none()), f(-2), f(0.25)));
    check_memory(compose);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(merges_clamps),
        TEST(keeps_clamps_that_contradict),
        TEST(keeps_bounds_that_are_no_number),
        TEST(composes_hardswish),
        TEST(composes_beside_a_reader),
        TEST(keeps_what_is_not_hardswish),
        TEST(composes_leaky_relu),
        TEST(composes_prelu),
        TEST(keeps_other_slopes),
        TEST(runs_out_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
