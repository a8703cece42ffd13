/* Constants through steps and through kernels, and the bound on their growth. */
#include "pass_fixture.h"

#include "passes/passes.h"

/* The constant c plus x: what is left when everything about c is folded. */
static void check_folds(tnn_value *c) {
    tnn_arg args[] = {tnn_arg_of_tensor(make_input("x", DIMS(1))), tnn_arg_of_tensor(c)};
    make_output(make_node("add", args, 2));
    check_pass(tnn_pass_constants, "add", 0);
    assert_non_null(graph->first->args[1].as.tensor->constant);
}

static void folds_steps(void **state) {
    (void)state;
    tnn_value *c = make_constant("c", -1, 1, DIMS(4, 6));
    c = make_slice(make_permute(make_reshape(c, DIMS(2, 12)), DIMS(1, 0)), -2, -9, 10, 3);
    tnn_arg pad[] = {tnn_arg_of_tensor(c), ints(DIMS(1, 2, -1, 3)), tnn_arg_of_string("constant"),
                     tnn_arg_of_float(0.5)};
    c = make_node("pad", pad, 4);
    tnn_value *parts[] = {c, make_constant("d", -1, 1, DIMS(4, 5)), c};
    tnn_arg cat[] = {tnn_arg_of_tensors(parts, 3), tnn_arg_of_int(-2)};
    c = make_node("cat", cat, 2);
    tnn_arg expand[] = {tnn_arg_of_tensor(c), ints(DIMS(2, -1, 5))};
    c = make_node("expand", expand, 2);
    tnn_arg to[] = {tnn_arg_of_tensor(c), tnn_arg_of_dtype(TNN_DTYPE_F64)};
    check_folds(make_node("to", to, 2));
}

static void folds_kernels(void **state) {
    (void)state;
    tnn_value *c = make_constant("c", -1, 1, DIMS(3, 4));
    tnn_arg mul[] = {tnn_arg_of_tensor(make_unary("tanh", c)), tnn_arg_of_float(2)};
    c = make_node("mul", mul, 2);
    c->producer->activation = TNN_ACT_RELU;
    tnn_value *reshaped = make_reshape(c, DIMS(12));
    reshaped->producer->activation = TNN_ACT_RELU6;
    check_folds(reshaped);
}

static tnn_value *make_full(tnn_arg value, tnn_dtype dtype) {
    tnn_arg args[] = {ints(DIMS(2, 3)), value, tnn_arg_of_dtype(dtype)};
    return make_node("full", args, 3);
}

static void folds_full(void **state) {
    (void)state;
    tnn_arg add[] = {tnn_arg_of_tensor(make_full(tnn_arg_of_int(3), TNN_DTYPE_I64)),
                     tnn_arg_of_tensor(make_full(tnn_arg_of_float(1.5), TNN_DTYPE_F32))};
    tnn_value *sum = make_node("add", add, 2);
    add[0] = tnn_arg_of_tensor(sum);
    add[1] = tnn_arg_of_tensor(make_full(tnn_arg_of_float(2.7), TNN_DTYPE_I64));
    check_folds(make_node("add", add, 2));
}

static void promotes_in_cat(void **state) {
    (void)state;
    tnn_value *parts[] = {make_full(tnn_arg_of_int(3), TNN_DTYPE_I64), make_constant("c", -1, 1, DIMS(2, 3))};
    tnn_arg cat[] = {tnn_arg_of_tensors(parts, 2), tnn_arg_of_int(0)};
    check_folds(make_node("cat", cat, 2));
}

static void keeps_names(void **state) {
    (void)state;
    tnn_value *c = make_unary("neg", make_constant("c", -1, 1, DIMS(2)));
    make_output(c);
    check_pass(tnn_pass_constants, "", 0);
    check_text("const %neg: float32[2]\noutput %neg as \"neg\"\n");
}

/* 64 KiB more than the operand are folded, one element more is not. */
static void does_not_grow(void **state) {
    (void)state;
    tnn_value *c = make_constant("c", -1, 1, DIMS(1));
    tnn_arg small[] = {tnn_arg_of_tensor(c), ints(DIMS(16385))}, large[] = {tnn_arg_of_tensor(c), ints(DIMS(16386))};
    make_output(make_node("expand", small, 2));
    make_output(make_node("expand", large, 2));
    check_pass(tnn_pass_constants, "expand", 0);
}

static tnn_value *make_sum(tnn_value *x) {
    tnn_arg args[] = {tnn_arg_of_tensor(x), ints(DIMS(0)), tnn_arg_of_bool(false)};
    return make_node("sum", args, 3);
}

/* A large step is folded when what it is made into is small, and not when somebody else reads it. */
static void folds_large_steps(void **state) {
    (void)state;
    tnn_value *c = make_constant("c", -1, 1, DIMS(1));
    tnn_arg large[] = {tnn_arg_of_tensor(c), ints(DIMS(20000))};
    make_output(make_sum(make_unary("tanh", make_node("expand", large, 2))));
    tnn_value *kept = make_unary("tanh", make_node("expand", large, 2));
    make_output(make_sum(kept));
    make_output(kept);
    check_pass(tnn_pass_constants, "expand tanh sum", 0);
}

static void folds_what_is_empty(void **state) {
    (void)state;
    tnn_value *x = make_input("x", DIMS(3, 0)), *y = make_input("y", DIMS(0, 4));
    tnn_arg args[] = {tnn_arg_of_tensor(x), tnn_arg_of_tensor(y)};
    make_output(make_node("matmul", args, 2));
    make_output(make_unary("neg", x));
    check_pass(tnn_pass_constants, "", 0);
}

static void leaves_symbolic_shapes(void **state) {
    (void)state;
    tnn_size sizes[2] = {{0}};
    assert_int_equal(tnn_size_symbol(&sizes[0], model->arena, "s0", 2, NULL), TNN_OK);
    sizes[1] = tnn_size_const(3);
    tnn_arg args[] = {tnn_arg_of_sizes(sizes, 2), tnn_arg_of_float(1), tnn_arg_of_dtype(TNN_DTYPE_F32)};
    make_output(make_node("full", args, 3));
    check_pass(tnn_pass_constants, "full", 0);
}

static void memory_runs_out(void **state) {
    (void)state;
    tnn_value *c = make_reshape(make_constant("c", -1, 1, DIMS(2, 3)), DIMS(6));
    make_output(make_unary("tanh", c));
    check_memory(tnn_pass_constants);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(folds_steps), TEST(folds_kernels), TEST(folds_full), TEST(promotes_in_cat), TEST(keeps_names),
        TEST(does_not_grow), TEST(folds_large_steps), TEST(folds_what_is_empty), TEST(leaves_symbolic_shapes),
        TEST(memory_runs_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
