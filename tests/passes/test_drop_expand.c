/* Expands in front of operators that broadcast. */
#include "pass_fixture.h"

#include "passes/passes.h"

static tnn_value *make_expand(tnn_value *x, uint8_t rank, const int64_t *dims) {
    tnn_arg args[] = {tnn_arg_of_tensor(x), ints(rank, dims)};
    return make_node("expand", args, 2);
}

static tnn_value *make_binary(const char *op, tnn_value *a, tnn_value *b) {
    tnn_arg args[] = {tnn_arg_of_tensor(a), tnn_arg_of_tensor(b)};
    return make_node(op, args, 2);
}

static void drops_before_a_whole_operand(void **state) {
    (void)state;
    tnn_value *x = make_input("x", DIMS(2, 3, 4)), *y = make_input("y", DIMS(3, 1));
    make_output(make_binary("div", x, make_expand(y, DIMS(2, 3, 4))));
    check_pass(tnn_pass_broadcast, "div", 0);
}

static void keeps_one_of_two(void **state) {
    (void)state;
    tnn_value *x = make_input("x", DIMS(1, 4)), *y = make_input("y", DIMS(3, 1));
    make_output(make_binary("mul", make_expand(x, DIMS(2, 3, 4)), make_expand(y, DIMS(2, 3, 4))));
    check_pass(tnn_pass_broadcast, "expand mul", 0);
}

static void keeps_what_gives_the_shape(void **state) {
    (void)state;
    tnn_value *x = make_input("x", DIMS(3, 1)), *y = make_input("y", DIMS(3, 1));
    make_output(make_binary("add", x, make_expand(y, DIMS(3, 4))));
    check_pass(tnn_pass_broadcast, "expand add", 0);
}

static void keeps_for_other_readers(void **state) {
    (void)state;
    tnn_value *wide = make_expand(make_input("y", DIMS(3, 1)), DIMS(3, 4));
    make_output(make_binary("sub", make_input("x", DIMS(3, 4)), wide));
    make_output(wide);
    check_pass(tnn_pass_broadcast, "expand sub", 0);
}

static void runs_out_of_memory(void **state) {
    (void)state;
    tnn_value *x = make_input("x", DIMS(3, 4)), *y = make_input("y", DIMS(3, 1));
    make_output(make_binary("div", x, make_expand(y, DIMS(3, 4))));
    check_memory(tnn_pass_broadcast);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(drops_before_a_whole_operand), TEST(keeps_one_of_two),        TEST(keeps_what_gives_the_shape),
        TEST(keeps_for_other_readers),      TEST(runs_out_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
