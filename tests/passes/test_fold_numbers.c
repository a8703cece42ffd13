/* Constants without dimensions as numbers. */
#include "pass_fixture.h"

#include "passes/passes.h"

static tnn_value *make_scalar(const char *name, tnn_dtype dtype, double number) {
    const tnn_recipe *recipe;
    tnn_value *value;
    assert_int_equal(tnn_recipe_fill(&recipe, model->arena, dtype, 0, NULL, number, (int64_t)number, NULL), TNN_OK);
    assert_int_equal(tnn_graph_constant(&value, graph, name, recipe, NULL), TNN_OK);
    return value;
}

static tnn_value *make_mul(tnn_value *a, tnn_value *b) {
    tnn_arg args[] = {tnn_arg_of_tensor(a), tnn_arg_of_tensor(b)};
    return make_node("mul", args, 2);
}

static tnn_value *make_to(tnn_value *x, tnn_dtype dtype) {
    tnn_arg args[] = {tnn_arg_of_tensor(x), tnn_arg_of_dtype(dtype)};
    return make_node("to", args, 2);
}

static void makes_numbers(void **state) {
    (void)state;
    tnn_value *x = make_input("x", DIMS(2, 3));
    tnn_value *y = make_mul(make_mul(x, make_scalar("half", TNN_DTYPE_F64, 0.5)), make_scalar("three", TNN_DTYPE_I64, 3));
    make_output(y);
    check_pass(tnn_pass_numbers, "mul mul", 0);
    assert_int_equal(graph->first->args[1].kind, TNN_ARG_FLOAT);
    assert_true(graph->first->args[1].as.number == 0.5);
    assert_int_equal(graph->last->args[1].kind, TNN_ARG_INT);
    assert_int_equal(graph->last->args[1].as.size.hint, 3);
}

/* An int64 tensor times a float64 tensor without dimensions is float64; times a Python number it would be float32. */
static void keeps_what_gives_the_type(void **state) {
    (void)state;
    tnn_value *x = make_to(make_input("x", DIMS(2, 3)), TNN_DTYPE_I64);
    make_output(make_mul(x, make_scalar("half", TNN_DTYPE_F64, 0.5)));
    check_pass(tnn_pass_numbers, "to mul", 0);
    assert_int_equal(graph->last->args[1].kind, TNN_ARG_TENSOR);
}

static void keeps_the_only_tensors(void **state) {
    (void)state;
    tnn_value *two = make_scalar("two", TNN_DTYPE_F32, 2);
    make_output(make_mul(two, make_scalar("three", TNN_DTYPE_F32, 3)));
    make_input("x", DIMS(1));
    check_pass(tnn_pass_numbers, "mul", 0);
    assert_int_equal(graph->last->args[1].kind, TNN_ARG_TENSOR);
}

static void runs_out_of_memory(void **state) {
    (void)state;
    make_output(make_mul(make_input("x", DIMS(2, 3)), make_scalar("half", TNN_DTYPE_F64, 0.5)));
    check_memory(tnn_pass_numbers);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(makes_numbers),
        TEST(keeps_what_gives_the_type),
        TEST(keeps_the_only_tensors),
        TEST(runs_out_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
