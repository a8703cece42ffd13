/* Floats of other types as float32, and what is said of it. */
#include "pass_fixture.h"

#include "passes/passes.h"

static tnn_value *make_to(tnn_value *x, tnn_dtype dtype) {
    tnn_arg args[] = {tnn_arg_of_tensor(x), tnn_arg_of_dtype(dtype)};
    return make_node("to", args, 2);
}

static tnn_value *make_double(const char *name, double number) {
    const tnn_recipe *recipe;
    tnn_value *value;
    assert_int_equal(tnn_recipe_fill(&recipe, model->arena, TNN_DTYPE_F64, DIMS(2, 3), number, 0, NULL), TNN_OK);
    assert_int_equal(tnn_graph_constant(&value, graph, name, recipe, NULL), TNN_OK);
    return value;
}

static tnn_value *make_binary(const char *op, tnn_value *x, tnn_arg y) {
    tnn_arg args[] = {tnn_arg_of_tensor(x), y};
    return make_node(op, args, 2);
}

static bool is_said(const char *part) {
    for (size_t i = 0; i < model->n_warnings; i++)
        if (strstr(model->warnings[i], part)) return true;
    return false;
}

static void nothing_to_do(void **state) {
    (void)state;
    make_output(make_to(make_unary("relu", make_input("x", DIMS(2, 3))), TNN_DTYPE_I64));
    check_pass(tnn_pass_float32, "relu to", 0);
    assert_int_equal(model->n_warnings, 0);
    assert_int_equal(graph->outputs[0]->dtype, TNN_DTYPE_I64);
}

static void casts_change_nothing_any_more(void **state) {
    (void)state;
    tnn_value *x = make_to(make_input("x", DIMS(2, 3)), TNN_DTYPE_F16);
    make_output(make_to(make_unary("relu", x), TNN_DTYPE_F32));
    check_pass(tnn_pass_float32, "to relu to", 1e-3);
    assert_int_equal(graph->first->args[1].as.integer, TNN_DTYPE_F32);
    assert_true(is_said("float16 is computed in float32, without rounding to its digits and range: 2 values, the first "
                        "is \"to\""));
    assert_true(is_said("not rounded to float16 where they are cast to it: 1 times, first for \"to\""));
    assert_int_equal(tnn_pass_identity(graph, NULL), TNN_OK);
    check_ops("relu");
}

/* float16 has the finer digits, bfloat16 the wider range: a cast either way loses something. */
static void tells_of_casts_between_halves(void **state) {
    (void)state;
    tnn_value *x = make_to(make_input("x", DIMS(2, 3)), TNN_DTYPE_F64);
    x = make_to(make_to(x, TNN_DTYPE_F16), TNN_DTYPE_BF16);
    make_output(make_to(make_to(x, TNN_DTYPE_F16), TNN_DTYPE_F32));
    check_pass(tnn_pass_float32, "to to to to to", 1e-2);
    assert_true(is_said("not rounded to float16 where they are cast to it: 2 times, first for \"to_1\""));
    assert_true(is_said("not rounded to bfloat16 where they are cast to it: 1 times"));
    assert_false(is_said("not rounded to float64"));
}

static void rounds_constants_once(void **state) {
    (void)state;
    tnn_value *x = make_to(make_input("x", DIMS(2, 3)), TNN_DTYPE_F64);
    tnn_value *y = make_binary("mul", x, tnn_arg_of_tensor(make_double("tenth", 0.1)));
    make_output(make_to(y, TNN_DTYPE_F32));
    check_pass(tnn_pass_float32, "to mul to", 1e-6);
    float number;
    assert_int_equal(tnn_recipe_read(y->producer->args[1].as.tensor->constant, 5, 1, &number, NULL), TNN_OK);
    assert_true(number == 0.1f);
    assert_int_equal(model->n_warnings, 1);
}

static void names_what_overflows(void **state) {
    (void)state;
    tnn_value *x = make_to(make_input("x", DIMS(2, 3)), TNN_DTYPE_F64);
    x = make_binary("minimum", x, tnn_arg_of_tensor(make_double("large", 1e300)));
    make_output(make_to(make_binary("mul", x, tnn_arg_of_float(-1e39)), TNN_DTYPE_BOOL));
    check_pass(tnn_pass_float32, "to minimum mul to", 0);
    assert_true(is_said("constant \"large\": 6 of its numbers are too large for float32"));
    assert_true(is_said("the number -1e+39 in mul is too large for float32"));
}

static void names_inputs_outputs_and_integers(void **state) {
    (void)state;
    tnn_shape shape = {.rank = 0};
    tnn_value *n, *x;
    assert_int_equal(tnn_graph_input(&n, graph, "n", TNN_DTYPE_I64, &shape, NULL), TNN_OK);
    assert_int_equal(tnn_graph_input(&x, graph, "x", TNN_DTYPE_F64, &shape, NULL), TNN_OK);
    make_output(make_binary("add", x, tnn_arg_of_tensor(n)));
    assert_int_equal(tnn_pass_float32(graph, NULL), TNN_OK);
    assert_int_equal(graph->inputs[1]->dtype, TNN_DTYPE_F32);
    assert_int_equal(graph->outputs[0]->dtype, TNN_DTYPE_F32);
    assert_true(is_said("input \"x\" is float64 in the model and float32 in the file"));
    assert_true(is_said("output \"add\" is float64 in the model and float32 in the file"));
    assert_true(is_said("integers that become float64 are exact up to 16777216 only: 1 times, first for \"add\""));
}

static void runs_out_of_memory(void **state) {
    (void)state;
    tnn_value *x = make_to(make_input("x", DIMS(2, 3)), TNN_DTYPE_F64);
    make_output(make_binary("mul", x, tnn_arg_of_tensor(make_double("large", 1e300))));
    check_memory(tnn_pass_float32);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(nothing_to_do), TEST(casts_change_nothing_any_more), TEST(tells_of_casts_between_halves),
        TEST(rounds_constants_once), TEST(names_what_overflows), TEST(names_inputs_outputs_and_integers),
        TEST(runs_out_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
