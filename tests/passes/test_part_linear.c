/* Linear layers that are taken apart. */
#include "pass_fixture.h"

#include "passes/passes.h"

#define TOLERANCE 1e-6

static tnn_value *linear(tnn_value *x, int64_t n_in, int64_t n_out) {
    tnn_arg args[] = {tnn_arg_of_tensor(x), tnn_arg_of_tensor(make_constant("w", -1, 1, DIMS(n_out, n_in))),
                      tnn_arg_of_tensor(make_constant("b", -1, 1, DIMS(n_out)))};
    return make_node("linear", args, 3);
}

static tnn_value *add(tnn_value *a, tnn_value *b) {
    tnn_arg args[] = {tnn_arg_of_tensor(a), tnn_arg_of_tensor(b)};
    return make_node("add", args, 2);
}

/* The pass, and the parts of constants folded. */
static tnn_status part(tnn_graph *g, tnn_error *err) {
    TNN_TRY(tnn_pass_part_linear(g, err));
    TNN_TRY(tnn_pass_constants(g, err));
    return tnn_pass_dead(g, err);
}

static void at_once(void **state) {
    (void)state;
    tnn_value *y = linear(make_input("x", DIMS(2, 3, 5)), 5, 8);
    make_output(make_unary("tanh", make_slice(y, 2, 0, 6, 1)));
    make_output(make_unary("sigmoid", make_slice(y, 2, 6, 8, 1)));
    check_pass(part, "linear linear tanh sigmoid", TOLERANCE);
}

/* A step of a recurrent layer: the input's share is cut along time, one operand is broadcast, and slices are cut again. */
static void through_what_lies_between(void **state) {
    (void)state;
    tnn_value *shares = linear(make_input("x", DIMS(2, 3, 5)), 5, 8), *h = make_input("h", DIMS(2, 1, 4));
    tnn_value *first = make_slice(shares, 1, 0, 1, 1), *second = make_slice(shares, 1, 1, 2, 1);
    tnn_value *steps[] = {add(first, linear(h, 4, 8)), add(add(second, make_constant("c", -1, 1, DIMS(8))),
                                                           make_constant("k", -1, 1, DIMS(1)))};
    for (size_t i = 0; i < 2; i++) {
        tnn_value *gates = make_unary("sigmoid", make_slice(steps[i], 2, 0, 6, 1));
        make_output(add(make_slice(gates, 2, 0, 3, 1), make_slice(gates, 2, 3, 6, 1)));
        make_output(make_slice(steps[i], 2, 6, 8, 1));
    }
    check_pass(part,
               "linear linear linear slice slice slice slice slice slice linear linear linear "
               "add add add add add add add add add sigmoid sigmoid add sigmoid sigmoid add",
               TOLERANCE);
}

static void what_is_read_whole_stays(void **state) {
    (void)state;
    tnn_value *y = linear(make_input("x", DIMS(2, 8)), 8, 4);
    make_output(make_slice(y, 1, 0, 2, 1));
    make_output(make_slice(y, 1, 2, 4, 1));
    make_output(y);
    check_pass(part, "linear slice slice", TOLERANCE);
}

static void other_slices_stay(void **state) {
    (void)state;
    tnn_value *x = make_input("x", DIMS(2, 8)), *y = linear(x, 8, 4), *no_layer = make_unary("tanh", x);
    make_output(make_slice(no_layer, 1, 0, 4, 1));
    make_output(make_slice(no_layer, 1, 4, 8, 1));
    make_output(make_slice(y, 0, 0, 1, 1));
    make_output(make_slice(y, 1, 0, 4, 2));
    check_pass(part, "linear tanh slice slice slice slice", TOLERANCE);
}

static void memory_runs_out(void **state) {
    (void)state;
    tnn_value *y = make_unary("tanh", linear(make_input("x", DIMS(2, 5)), 5, 4));
    make_output(make_slice(y, 1, 0, 2, 1));
    make_output(make_slice(y, 1, 2, 4, 1));
    check_memory(tnn_pass_part_linear);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(at_once), TEST(through_what_lies_between), TEST(what_is_read_whole_stays),
        TEST(other_slices_stay), TEST(memory_runs_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
