/* Graphs as text. */
#include "graph_fixture.h"

static void check_text(const char *expected) {
    tnn_strbuf text = {0};
    tnn_graph_print(&text, graph);
    assert_false(text.failed);
    assert_string_equal(text.data, expected);
    tnn_strbuf_free(&text);
}

static void prints_a_graph(void **state) {
    (void)state;
    tnn_value *x = make_input("x"), *w = make_constant("w");
    tnn_value *sum = make_add(tnn_arg_of_tensor(x), tnn_arg_of_tensor(w));
    tnn_value *relu = make_relu(sum, "relu");
    (void)make_add(tnn_arg_of_tensor(w), tnn_arg_of_float(0.1));
    relu->producer->scope = "features.0.2";
    sum->producer->activation = TNN_ACT_RELU6;
    make_output(relu, "y");
    tnn_size s0;
    bool equal;
    assert_int_equal(tnn_size_symbol(&s0, model->arena, "s0", 2, NULL), TNN_OK);
    assert_int_equal(tnn_guard_equal(model, s0, tnn_size_const(2), &equal, NULL), TNN_OK);
    relu->shape.dims[0] = s0;
    check_text("input %x: float32[2, 3]\n"
               "const %w: float32[2, 3]\n"
               "%add: float32[2, 3] = add(%x, %w) +relu6\n"
               "%relu: float32[s0, 3] = relu(%add)  # features.0.2\n"
               "%add_1: float32[2, 3] = add(%w, 0.1)\n"
               "output %relu as \"y\"\n"
               "guard s0 == 2\n");
}

static void leaves_out_defaults(void **state) {
    (void)state;
    tnn_size strides[] = {tnn_size_const(2), tnn_size_const(1)};
    tnn_value *x = make_input("x");
    tnn_arg args[] = {tnn_arg_of_tensor(x), tnn_arg_of_tensor(x), tnn_arg_none(), tnn_arg_of_sizes(strides, 2),
                      tnn_arg_of_bool(true), tnn_arg_of_float(3), tnn_arg_of_dtype(TNN_DTYPE_I8),
                      tnn_arg_of_string("zeros")};
    (void)make_node(&op_conv, args, 8, NULL);
    args[4] = tnn_arg_of_bool(false);
    args[5] = tnn_arg_of_float(1);
    args[6] = tnn_arg_none();
    args[7] = tnn_arg_of_string("reflect");
    (void)make_node(&op_conv, args, 8, NULL);
    check_text("input %x: float32[2, 3]\n"
               "%conv: float32[2, 3] = conv(%x, %x, None, stride=[2, 1], transposed=True, scale=3.0, dtype=int8)\n"
               "%conv_1: float32[2, 3] = conv(%x, %x, None, stride=[2, 1], mode='reflect')\n");
}

static void check_arg(tnn_arg arg, const char *expected) {
    tnn_strbuf text = {0};
    tnn_arg_print(&text, &arg);
    assert_string_equal(text.data, expected);
    tnn_strbuf_free(&text);
}

static void prints_arguments(void **state) {
    (void)state;
    double numbers[] = {1, 1e-5, 1.0 / 3};
    check_arg(tnn_arg_of_float(1), "1.0");
    check_arg(tnn_arg_of_float(1e300), "1e+300");
    check_arg(tnn_arg_of_float(-1.0 / 0.0), "-inf");
    check_arg(tnn_arg_of_float(0.0 / 0.0), "nan");
    check_arg(tnn_arg_of_float(16777217), "16777217.0");
    check_arg((tnn_arg){.kind = TNN_ARG_FLOATS, .n = 3, .as.numbers = numbers},
              "[1.0, 1e-05, 0.3333333333333333]");
    check_arg(tnn_arg_of_int(-7), "-7");
    check_arg(tnn_arg_of_bool(true), "True");
    check_arg(tnn_arg_of_sizes(NULL, 0), "[]");
    check_arg((tnn_arg){.kind = TNN_ARG_MEMORY_FORMAT, .as.integer = TNN_MEMORY_CHANNELS_LAST}, "channels_last");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_model, close_model)

int main(void) {
    const struct CMUnitTest tests[] = {TEST(prints_a_graph), TEST(leaves_out_defaults), TEST(prints_arguments)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
