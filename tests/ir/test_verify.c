/* Every fault that the verifier looks for is found. */
#include "graph_fixture.h"

#include "ir/verify.h"

static tnn_value *x, *a, *b, *w;

/* x -> relu a -> add b (with constant w) */
static int open_graph(void **state) {
    if (open_model(state) != 0) return -1;
    x = make_input("x");
    w = make_constant("w");
    a = make_relu(x, "a");
    b = make_add(tnn_arg_of_tensor(a), tnn_arg_of_tensor(w));
    make_output(b, "y");
    return 0;
}

static void check_found(const char *where, const char *message) {
    tnn_error err;
    assert_int_equal(tnn_graph_verify(graph, NULL, &err), TNN_ERR_INTERNAL);
    assert_string_equal(err.where, where);
    assert_string_equal(err.message, message);
}

static void accepts(void **state) {
    (void)state;
    assert_int_equal(tnn_graph_verify(graph, NULL, NULL), TNN_OK);
}

static void finds_wrong_order(void **state) {
    (void)state;
    b->producer->args[0].as.tensor = make_relu(x, "late");
    check_found("", "value %late is used before it is produced");
}

static void finds_an_output_that_nobody_produces(void **state) {
    (void)state;
    tnn_value *loose;
    assert_int_equal(tnn_graph_value(&loose, graph, "loose", TNN_DTYPE_F32, &x->shape, NULL), TNN_OK);
    graph->outputs[0] = loose;
    check_found("", "value %loose is used before it is produced");
}

static void finds_wrong_users(void **state) {
    (void)state;
    a->users[0] = a->producer;
    check_found("node add", "add is missing among the users of an operand");
    a->users[0] = b->producer;
    w->n_users = 0;
    check_found("node add", "add is missing among the users of an operand");
    w->n_users = 1;
    x->users[x->n_users++] = a->producer;
    check_found("", "value %x has a wrong number of users");
}

static void finds_wrong_names_and_ids(void **state) {
    (void)state;
    b->name = "a";
    check_found("", "value %a shares its name with another");
    b->name = "add";
    b->id = a->id;
    check_found("", "value %add is produced twice, or shares its id");
    b->id = 1000;
    check_found("", "value %add has an id that was never given");
}

static void finds_wrong_kinds(void **state) {
    (void)state;
    b->producer->args[2] = tnn_arg_of_string("one");
    check_found("node add", "add: argument alpha is of a wrong kind");
}

static void finds_wrong_constants(void **state) {
    (void)state;
    w->dtype = TNN_DTYPE_F64;
    check_found("", "value %w has another dtype than its recipe");
    w->dtype = TNN_DTYPE_F32;
    w->shape.dims[0].hint = 4;
    check_found("", "value %w has another shape than its recipe");
    w->shape.rank = 1;
    check_found("", "value %w has another rank than its recipe");
}

static void finds_wrong_links(void **state) {
    (void)state;
    b->producer->prev = NULL;
    check_found("node a", "relu is linked wrongly");
    b->producer->prev = a->producer;
    graph->n_nodes = 7;
    check_found("", "the count of nodes is wrong");
    a->output_index = 1;
    check_found("node a", "relu gives a value that names another producer");
}

static tnn_status infer_float(const tnn_node *node, tnn_dtype *dtypes, tnn_shape *shapes, tnn_error *err) {
    (void)err;
    dtypes[0] = TNN_DTYPE_F32;
    shapes[0] = node->outputs[0]->shape;
    if (node->op == &op_add) shapes[0].dims[1] = tnn_size_const(5);
    return TNN_OK;
}

static void finds_what_inference_denies(void **state) {
    (void)state;
    tnn_error err;
    assert_int_equal(tnn_graph_verify(graph, infer_float, &err), TNN_ERR_INTERNAL);
    assert_string_equal(err.where, "node add");
    assert_string_equal(err.message, "%add is float32[2, 3], inference says float32[2, 5]");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_graph, close_model)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(accepts), TEST(finds_wrong_order), TEST(finds_an_output_that_nobody_produces),
        TEST(finds_wrong_users), TEST(finds_wrong_names_and_ids), TEST(finds_wrong_kinds),
        TEST(finds_wrong_constants), TEST(finds_wrong_links), TEST(finds_what_inference_denies),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
