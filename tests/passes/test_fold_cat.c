/* Concatenations of concatenations. */
#include "pass_fixture.h"

#include "passes/passes.h"

static tnn_value *make_cat(tnn_value *a, tnn_value *b, int64_t dim) {
    tnn_value *parts[] = {a, b};
    tnn_arg args[] = {tnn_arg_of_tensors(parts, 2), tnn_arg_of_int(dim)};
    return make_node("cat", args, 2);
}

static tnn_value *x, *y;

static void make_inputs(void) {
    x = make_input("x", DIMS(2, 3));
    y = make_input("y", DIMS(2, 3));
}

static void takes_in_parts(void **state) {
    (void)state;
    make_inputs();
    tnn_value *left = make_cat(make_cat(x, y, 1), x, -1);
    make_output(make_cat(left, make_cat(y, y, -1), 1));
    check_pass(tnn_pass_cat, "cat", 0);
    assert_int_equal(graph->first->args[0].n, 5);
}

static void leaves_other_dimensions(void **state) {
    (void)state;
    make_inputs();
    make_output(make_cat(make_cat(x, y, 0), make_cat(y, x, 0), 1));
    check_pass(tnn_pass_cat, "cat cat cat", 0);
}

static void leaves_what_others_read(void **state) {
    (void)state;
    make_inputs();
    tnn_value *inner = make_cat(x, y, 1), *twice = make_cat(y, x, 1);
    make_output(make_cat(inner, y, 1));
    make_output(make_cat(twice, twice, 1));
    make_output(inner);
    check_pass(tnn_pass_cat, "cat cat cat cat", 0);
}

static void survives_lack_of_memory(void **state) {
    (void)state;
    make_inputs();
    make_output(make_cat(make_cat(x, y, 1), x, 1));
    check_memory(tnn_pass_cat);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(takes_in_parts),
        TEST(leaves_other_dimensions),
        TEST(leaves_what_others_read),
        TEST(survives_lack_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
