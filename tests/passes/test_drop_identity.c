/* Nodes that change nothing, and chains of reshapes and permutes. */
#include "pass_fixture.h"

#include "passes/passes.h"

static tnn_value *make_dropout(tnn_value *x) {
    tnn_arg args[] = {tnn_arg_of_tensor(x), tnn_arg_of_float(0.5), tnn_arg_of_bool(false)};
    return make_node("dropout", args, 3);
}

static tnn_value *make_to(tnn_value *x, tnn_dtype dtype) {
    tnn_arg args[] = {tnn_arg_of_tensor(x), tnn_arg_of_dtype(dtype)};
    return make_node("to", args, 2);
}

static void drops_each_kind(void **state) {
    (void)state;
    tnn_value *x = make_input("x", DIMS(2, 3, 4)), *y = make_dropout(make_unary("relu", x));
    tnn_arg expand[] = {tnn_arg_of_tensor(NULL), ints(DIMS(2, -1, 4))};
    y = make_to(y, TNN_DTYPE_F32);
    y = make_reshape(y, DIMS(2, -1, 4));
    y = make_permute(y, DIMS(0, -2, 2));
    expand[0] = tnn_arg_of_tensor(y);
    y = make_node("expand", expand, 2);
    y = make_slice(y, 1, 0, INT64_MAX, 1);
    y = make_unary("relayout", y);
    tnn_arg cat[] = {tnn_arg_of_tensors(&y, 1), tnn_arg_of_int(0)};
    make_output(make_node("cat", cat, 2));
    check_pass(tnn_pass_identity, "relu", 0);
}

static void keeps_what_changes(void **state) {
    (void)state;
    tnn_value *y = make_to(make_input("x", DIMS(2, 3)), TNN_DTYPE_F64);
    y = make_slice(make_permute(y, DIMS(1, 0)), 0, 1, INT64_MAX, 1);
    make_output(make_slice(y, 0, 0, INT64_MAX, 2));
    check_pass(tnn_pass_identity, "to permute slice slice", 0);
}

static void keeps_an_activated_node(void **state) {
    (void)state;
    tnn_value *y = make_reshape(make_input("x", DIMS(2, 3)), DIMS(2, 3));
    y->producer->activation = TNN_ACT_RELU;
    make_output(y);
    check_pass(tnn_pass_identity, "reshape", 0);
}

static void merges_reshapes(void **state) {
    (void)state;
    tnn_value *y = make_reshape(make_input("x", DIMS(2, 3, 4)), DIMS(6, 4));
    y = make_reshape(make_reshape(y, DIMS(-1)), DIMS(4, 6));
    make_output(y);
    check_pass(tnn_pass_identity, "reshape", 0);
}

static void merges_reshapes_back_to_nothing(void **state) {
    (void)state;
    tnn_value *x = make_input("x", DIMS(2, 3)), *flat = make_reshape(x, DIMS(6));
    make_output(make_unary("relu", make_reshape(flat, DIMS(2, 3))));
    make_output(flat);
    check_pass(tnn_pass_identity, "reshape relu", 0);
}

static void merges_permutes(void **state) {
    (void)state;
    tnn_value *y = make_permute(make_input("x", DIMS(2, 3, 4, 5)), DIMS(0, 2, 3, 1));
    make_output(make_permute(y, DIMS(3, 0, -2, 1)));
    check_pass(tnn_pass_identity, "permute", 0);
}

static void merges_permutes_back_to_nothing(void **state) {
    (void)state;
    tnn_value *y = make_permute(make_input("x", DIMS(2, 3, 4, 5)), DIMS(0, 2, 3, 1));
    make_output(make_unary("relu", make_permute(y, DIMS(0, 3, 1, 2))));
    check_pass(tnn_pass_identity, "relu", 0);
}

/* [s0, 6] to [2, 3 * s0]: the same numbers at s0 = 2, another shape elsewhere. */
static void compares_expressions(void **state) {
    (void)state;
    tnn_value *x = make_input("x", DIMS(2, 6));
    tnn_size s0, more;
    assert_int_equal(tnn_size_symbol(&s0, model->arena, "s0", 2, NULL), TNN_OK);
    assert_int_equal(tnn_size_mul(&more, model->arena, s0, tnn_size_const(3), NULL), TNN_OK);
    x->shape.dims[0] = s0;
    tnn_size sizes[] = {tnn_size_const(2), more};
    tnn_arg args[] = {tnn_arg_of_tensor(x), tnn_arg_of_sizes(sizes, 2)};
    make_output(make_node("reshape", args, 2));
    check_pass(tnn_pass_identity, "reshape", 0);
}

static void memory_runs_out(void **state) {
    (void)state;
    tnn_value *y = make_permute(make_input("x", DIMS(2, 3)), DIMS(1, 0));
    make_output(make_reshape(make_reshape(make_permute(y, DIMS(1, 0)), DIMS(6)), DIMS(3, 2)));
    check_memory(tnn_pass_identity);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(drops_each_kind), TEST(keeps_what_changes), TEST(keeps_an_activated_node), TEST(merges_reshapes),
        TEST(merges_reshapes_back_to_nothing), TEST(merges_permutes), TEST(merges_permutes_back_to_nothing),
        TEST(compares_expressions), TEST(memory_runs_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
