/* Building and changing graphs; guards. */
#include "graph_fixture.h"

#include "base/alloc.h"
#include "ir/verify.h"

static void check_whole(void) {
    tnn_error err;
    if (tnn_graph_verify(graph, NULL, &err) != TNN_OK) fail_msg("%s: %s", err.where, err.message);
}

static void names_are_unique(void **state) {
    (void)state;
    tnn_value *x = make_input("x"), *a = make_relu(x, "x"), *b = make_relu(a, NULL), *c = make_relu(b, NULL);
    assert_string_equal(x->name, "x");
    assert_string_equal(a->name, "x_1");
    assert_string_equal(b->name, "relu");
    assert_string_equal(c->name, "relu_1");
    make_output(c, "y");
    make_output(c, "y");
    make_output(c, NULL);
    assert_string_equal(graph->output_names[1], "y_1");
    assert_string_equal(graph->output_names[2], "relu_1");
    assert_int_equal(tnn_value_n_output_uses(graph, c), 3);
    check_whole();
}

static void users_follow_arguments(void **state) {
    (void)state;
    tnn_value *x = make_input("x"), *y = make_input("y");
    tnn_value *sum = make_add(tnn_arg_of_tensor(x), tnn_arg_of_tensor(x));
    assert_int_equal(x->n_users, 2);
    assert_int_equal(tnn_arg_int(tnn_node_arg(sum->producer, "alpha")), 1);
    assert_null(tnn_node_arg(sum->producer, "beta"));
    assert_int_equal(tnn_node_set_arg(sum->producer, 1, tnn_arg_of_tensor(y), NULL), TNN_OK);
    assert_int_equal(x->n_users, 1);
    assert_int_equal(y->n_users, 1);
    assert_int_equal(tnn_node_set_arg(sum->producer, 1, tnn_arg_of_float(2.5), NULL), TNN_OK);
    assert_int_equal(y->n_users, 0);
    check_whole();
}

static void lists_are_copied(void **state) {
    (void)state;
    tnn_value *x = make_input("x"), *list[] = {x, make_relu(x, NULL)};
    tnn_arg args[] = {tnn_arg_of_tensors(list, 2), tnn_arg_of_int(1)};
    tnn_value *cat = make_node(&op_cat, args, 2, NULL);
    list[0] = NULL;
    assert_ptr_equal(cat->producer->args[0].as.tensors[0], x);
    check_whole();
}

static void replaces_everywhere(void **state) {
    (void)state;
    tnn_value *x = make_input("x"), *a = make_relu(x, "a");
    tnn_value *list[] = {a, x, a};
    tnn_arg arg = tnn_arg_of_tensors(list, 3);
    tnn_value *cat = make_node(&op_cat, &arg, 1, NULL);
    make_output(cat, NULL);
    make_output(a, NULL);
    assert_int_equal(tnn_value_replace(graph, a, x, NULL), TNN_OK);
    assert_int_equal(a->n_users, 0);
    assert_int_equal(x->n_users, 4);
    assert_ptr_equal(graph->outputs[1], x);
    tnn_node_remove(a->producer);
    assert_int_equal(x->n_users, 3);
    assert_int_equal(graph->n_nodes, 1);
    check_whole();
}

static void nodes_stand_in_order(void **state) {
    (void)state;
    tnn_value *x = make_input("x"), *a = make_relu(x, "a"), *b = make_relu(x, "b");
    tnn_arg arg = tnn_arg_of_tensor(x);
    tnn_node *first, *between;
    assert_int_equal(tnn_graph_node(&first, graph, a->producer, &op_relu, &arg, 1, NULL), TNN_OK);
    assert_int_equal(tnn_graph_node(&between, graph, b->producer, &op_relu, &arg, 1, NULL), TNN_OK);
    assert_ptr_equal(graph->first, first);
    assert_ptr_equal(first->next, a->producer);
    assert_ptr_equal(a->producer->next, between);
    assert_ptr_equal(between->next, b->producer);
    tnn_node_remove(b->producer);
    assert_ptr_equal(graph->last, between);
    tnn_node_remove(first);
    assert_ptr_equal(graph->first, a->producer);
    check_whole();
}

static void refuses_wrong_arguments(void **state) {
    (void)state;
    tnn_node *node;
    tnn_error err;
    tnn_arg args[] = {tnn_arg_of_int(1), tnn_arg_of_int(1), tnn_arg_of_int(1), tnn_arg_of_int(1)};
    assert_int_equal(tnn_graph_node(&node, graph, NULL, &op_relu, args, 1, &err), TNN_ERR_INTERNAL);
    assert_string_equal(err.where, "relu");
    assert_string_equal(err.message, "argument self is of a wrong kind");
    assert_int_equal(tnn_graph_node(&node, graph, NULL, &op_relu, args, 0, &err), TNN_ERR_INTERNAL);
    assert_string_equal(err.message, "argument self is missing");
    assert_int_equal(tnn_graph_node(&node, graph, NULL, &op_add, args, 4, &err), TNN_ERR_INTERNAL);
    assert_string_equal(err.message, "4 arguments, the schema has 3");
    assert_int_equal(graph->n_nodes, 0);
}

static void names_a_node(void **state) {
    (void)state;
    tnn_node *node = make_relu(make_input("x"), "y")->producer;
    assert_string_equal(tnn_node_where(node), "node y");
    node->name = "relu_3";
    node->scope = "features.0";
    assert_string_equal(tnn_node_where(node), "node relu_3 (features.0)");
}

static void warns_once(void **state) {
    (void)state;
    assert_int_equal(tnn_graph_model_warn(model, NULL, "%d things", 2), TNN_OK);
    assert_int_equal(tnn_graph_model_warn(model, NULL, "2 things"), TNN_OK);
    assert_int_equal(model->n_warnings, 1);
    assert_string_equal(model->warnings[0], "2 things");
}

static void keeps_files(void **state) {
    (void)state;
    tnn_file *file;
    assert_int_equal(tnn_file_from_bytes(&file, "a", "xyz", 3, NULL), TNN_OK);
    assert_int_equal(tnn_graph_model_keep_file(model, file, NULL), TNN_OK);
    assert_int_equal(file->refs, 2);
    tnn_file_free(file);
}

static tnn_size symbol(const char *name, int64_t hint) {
    tnn_size size;
    assert_int_equal(tnn_size_symbol(&size, model->arena, name, hint, NULL), TNN_OK);
    return size;
}

static void check_guards(size_t n, const char *last) {
    assert_int_equal(model->n_guards, n);
    if (n > 0) assert_string_equal(model->guards[n - 1], last);
}

static void records_what_hints_decide(void **state) {
    (void)state;
    tnn_size s0 = symbol("s0", 2), s1 = symbol("s1", 5), two = tnn_size_const(2);
    bool yes;
    assert_int_equal(tnn_guard_equal(model, two, s0, &yes, NULL), TNN_OK);
    assert_true(yes);
    check_guards(1, "s0 == 2");
    assert_int_equal(tnn_guard_equal(model, s0, two, &yes, NULL), TNN_OK);
    check_guards(1, "s0 == 2");
    assert_int_equal(tnn_guard_equal(model, s1, s0, &yes, NULL), TNN_OK);
    assert_false(yes);
    check_guards(2, "s0 != s1");
    assert_int_equal(tnn_guard_less(model, s0, s1, &yes, NULL), TNN_OK);
    assert_true(yes);
    check_guards(3, "s0 < s1");
    assert_int_equal(tnn_guard_less(model, two, s1, &yes, NULL), TNN_OK);
    assert_true(yes);
    check_guards(4, "s1 > 2");
    assert_int_equal(tnn_guard_less(model, s1, two, &yes, NULL), TNN_OK);
    assert_false(yes);
    check_guards(5, "s1 >= 2");
}

static void knows_without_guards(void **state) {
    (void)state;
    tnn_size s0 = symbol("s0", 2), more;
    bool yes;
    assert_int_equal(tnn_size_add(&more, model->arena, s0, tnn_size_const(1), NULL), TNN_OK);
    assert_int_equal(tnn_guard_equal(model, s0, s0, &yes, NULL), TNN_OK);
    assert_true(yes);
    assert_int_equal(tnn_guard_equal(model, s0, more, &yes, NULL), TNN_OK);
    assert_false(yes);
    assert_int_equal(tnn_guard_equal(model, s0, tnn_size_const(0), &yes, NULL), TNN_OK);
    assert_false(yes);
    assert_int_equal(tnn_guard_less(model, s0, more, &yes, NULL), TNN_OK);
    assert_true(yes);
    assert_int_equal(tnn_guard_less(model, s0, tnn_size_const(1), &yes, NULL), TNN_OK);
    assert_false(yes);
    assert_int_equal(tnn_guard_less(model, tnn_size_const(3), tnn_size_const(4), &yes, NULL), TNN_OK);
    assert_true(yes);
    check_guards(0, NULL);
}

/* The difference leaves 64 bits, the comparison does not need it. */
static void compares_far_numbers(void **state) {
    (void)state;
    tnn_size s0 = symbol("s0", 2);
    bool yes;
    assert_int_equal(tnn_guard_less(model, tnn_size_const(INT64_MIN), s0, &yes, NULL), TNN_OK);
    assert_true(yes);
    check_guards(1, "s0 > -9223372036854775808");
    assert_int_equal(tnn_guard_less(model, s0, tnn_size_const(INT64_MAX), &yes, NULL), TNN_OK);
    assert_true(yes);
}

static tnn_status build_something(tnn_model *m) {
    tnn_graph *g;
    tnn_value *x, *y;
    tnn_node *node;
    tnn_shape shape = {.rank = 0};
    TNN_TRY(tnn_graph_new(&g, m, "main", NULL));
    TNN_TRY(tnn_graph_input(&x, g, "x", TNN_DTYPE_F32, &shape, NULL));
    tnn_value *list[] = {x, x};
    tnn_arg arg = tnn_arg_of_tensors(list, 2);
    TNN_TRY(tnn_graph_node(&node, g, NULL, &op_cat, &arg, 1, NULL));
    TNN_TRY(tnn_node_output(&y, node, NULL, TNN_DTYPE_F32, &shape, NULL));
    TNN_TRY(tnn_graph_output(g, y, NULL, NULL));
    return tnn_graph_model_warn(m, NULL, "warning");
}

static void a_name_changes_hands(void **state) {
    (void)state;
    tnn_value *x = make_input("x"), *w = make_constant("scores");
    tnn_value *sum = make_add(tnn_arg_of_tensor(x), tnn_arg_of_tensor(w));
    tnn_value *y = make_relu(sum, "y");
    make_output(y, NULL);
    assert_int_equal(tnn_graph_rename(graph, y, "scores", NULL), TNN_OK);
    assert_string_equal(y->name, "scores");
    assert_string_equal(w->name, "y");
    assert_int_equal(tnn_graph_rename(graph, x, "image", NULL), TNN_OK);
    assert_int_equal(tnn_graph_rename(graph, x, "image", NULL), TNN_OK);
    assert_string_equal(x->name, "image");
    assert_string_equal(make_relu(x, "image")->name, "image_1");
    check_whole();
}

static void memory_runs_out(void **state) {
    (void)state;
    for (size_t k = 1;; k++) {
        tnn_model *m;
        tnn_alloc_fail_after(k);
        tnn_status status = tnn_graph_model_new(&m, "m", NULL);
        if (status == TNN_OK) status = build_something(m);
        tnn_alloc_fail_after(0);
        tnn_graph_model_free(m);
        if (status == TNN_OK) break;
        assert_int_equal(status, TNN_ERR_NOMEM);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_model, close_model)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(names_are_unique), TEST(users_follow_arguments), TEST(lists_are_copied),
        TEST(replaces_everywhere), TEST(nodes_stand_in_order), TEST(refuses_wrong_arguments),
        TEST(names_a_node), TEST(warns_once), TEST(keeps_files), TEST(records_what_hints_decide),
        TEST(knows_without_guards), TEST(compares_far_numbers), TEST(a_name_changes_hands),
        TEST(memory_runs_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
