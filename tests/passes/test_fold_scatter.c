/* Writes into slices as concatenations, and slices of concatenations. */
#include "pass_fixture.h"

#include "passes/passes.h"

static tnn_value *make_write(tnn_value *x, tnn_value *src, int64_t dim, int64_t start, int64_t end, int64_t step) {
    tnn_arg args[] = {tnn_arg_of_tensor(x),   tnn_arg_of_tensor(src), tnn_arg_of_int(dim),
                      tnn_arg_of_int(start), tnn_arg_of_int(end),    tnn_arg_of_int(step)};
    return make_node("slice_scatter", args, 6);
}

static tnn_value *make_cat(tnn_value *a, tnn_value *b, int64_t dim) {
    tnn_value *parts[] = {a, b};
    tnn_arg args[] = {tnn_arg_of_tensors(parts, 2), tnn_arg_of_int(dim)};
    return make_node("cat", args, 2);
}

/* A row of [4, 3] that is no constant. */
static tnn_value *row(const char *name) { return make_unary("relu", make_input(name, DIMS(1, 3))); }

static void fills_a_tensor(void **state) {
    (void)state;
    tnn_value *y = make_input("x", DIMS(4, 3));
    tnn_value *a = row("a"), *b = row("b");
    y = make_write(y, b, 0, 2, 3, 1);
    y = make_write(y, a, 0, 0, 1, 1);
    y = make_write(y, make_unary("neg", a), 0, 3, 4, 1);
    make_output(make_write(y, make_unary("neg", b), 0, 1, 2, 1));
    check_pass(tnn_pass_scatter, "relu relu neg neg cat", 0);
}

static void keeps_what_lies_between(void **state) {
    (void)state;
    tnn_value *y = make_write(make_input("x", DIMS(4, 3)), row("b"), 0, 3, 4, 1);
    make_output(make_write(y, row("a"), 0, 1, 2, 1));
    check_pass(tnn_pass_scatter, "relu relu slice slice cat", 0);
}

static void lets_later_writes_win(void **state) {
    (void)state;
    tnn_value *y = make_write(make_input("x", DIMS(4, 3)), row("a"), 0, 1, 2, 1);
    y = make_write(y, make_unary("neg", make_input("two", DIMS(2, 3))), 0, 0, 2, 1);
    make_output(make_write(y, row("b"), 0, 2, 3, 1));
    check_pass(tnn_pass_scatter, "relu neg relu slice cat", 0);
}

static void stops_at_half_hidden_writes(void **state) {
    (void)state;
    tnn_value *y = make_write(make_input("x", DIMS(4, 3)), make_unary("neg", make_input("two", DIMS(2, 3))), 0, 0, 2, 1);
    y = make_write(y, row("a"), 0, 1, 2, 1);
    make_output(make_write(y, row("b"), 0, 3, 4, 1));
    check_pass(tnn_pass_scatter, "neg slice_scatter relu relu slice slice cat", 0);
}

static void stops_at_other_dimensions(void **state) {
    (void)state;
    tnn_value *y = make_write(make_input("x", DIMS(4, 3)), make_unary("neg", make_input("c", DIMS(4, 1))), 1, 0, 1, 1);
    y = make_write(y, row("a"), 0, 0, 1, 1);
    make_output(make_write(y, row("b"), 0, 1, 2, 1));
    check_pass(tnn_pass_scatter, "neg slice_scatter relu relu slice cat", 0);
}

static void keeps_states_that_are_read(void **state) {
    (void)state;
    tnn_value *y = make_write(make_input("x", DIMS(4, 3)), row("a"), 0, 0, 1, 1);
    make_output(make_unary("neg", y));
    make_output(make_write(y, row("b"), 0, 1, 2, 1));
    check_pass(tnn_pass_scatter, "relu slice_scatter neg relu slice cat", 0);
}

static void leaves_single_and_strided_writes(void **state) {
    (void)state;
    tnn_value *x = make_input("x", DIMS(4, 3));
    make_output(make_write(x, row("a"), 0, 0, 1, 1));
    make_output(make_write(x, make_unary("neg", make_input("two", DIMS(2, 3))), 0, 0, 4, 2));
    check_pass(tnn_pass_scatter, "relu slice_scatter neg slice_scatter", 0);
}

static void takes_a_write_of_everything(void **state) {
    (void)state;
    make_output(make_write(make_input("x", DIMS(1, 3)), row("a"), 0, 0, 1, 1));
    check_pass(tnn_pass_scatter, "relu cat", 0);
}

static void slices_read_operands(void **state) {
    (void)state;
    tnn_value *a = row("a"), *both = make_cat(a, make_unary("neg", make_input("b", DIMS(3, 3))), 0);
    make_output(make_slice(both, 0, 2, 4, 1));
    make_output(make_slice(both, 0, 0, 1, 1));
    check_pass(tnn_pass_slice, "relu neg cat slice slice", 0);
    for (const tnn_node *node = graph->first; node; node = node->next)
        if (strcmp(node->op->name, "slice") == 0) assert_string_not_equal(node->args[0].as.tensor->producer->op->name, "cat");
}

static void slices_across_operands_stay(void **state) {
    (void)state;
    tnn_value *a = row("a"), *both = make_cat(a, make_unary("neg", make_input("b", DIMS(3, 3))), 0);
    make_output(make_slice(both, 0, 0, 2, 1));
    make_output(make_slice(both, 1, 0, 1, 1));
    check_pass(tnn_pass_slice, "relu neg cat slice slice", 0);
    for (const tnn_node *node = graph->first; node; node = node->next)
        if (strcmp(node->op->name, "slice") == 0) assert_string_equal(node->args[0].as.tensor->producer->op->name, "cat");
}

static void runs_out_of_memory(void **state) {
    (void)state;
    tnn_value *y = make_write(make_input("x", DIMS(4, 3)), row("b"), 0, 3, 4, 1);
    make_output(make_write(y, row("a"), 0, 1, 2, 1));
    check_memory(tnn_pass_scatter);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(fills_a_tensor),
        TEST(keeps_what_lies_between),
        TEST(lets_later_writes_win),
        TEST(stops_at_half_hidden_writes),
        TEST(stops_at_other_dimensions),
        TEST(keeps_states_that_are_read),
        TEST(leaves_single_and_strided_writes),
        TEST(takes_a_write_of_everything),
        TEST(slices_read_operands),
        TEST(slices_across_operands_stay),
        TEST(runs_out_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
