/* A copy prints the same and changes alone. */
#include "graph_fixture.h"

#include "base/alloc.h"
#include "ir/clone.h"
#include "ir/verify.h"

static void build(void) {
    tnn_value *x = make_input("x"), *w = make_constant("w"), *relu = make_relu(x, "relu");
    tnn_value *list[] = {relu, w, relu};
    tnn_arg args[] = {tnn_arg_of_tensors(list, 3), tnn_arg_of_int(1)};
    tnn_value *cat = make_node(&op_cat, args, 2, NULL);
    w->is_parameter = true;
    cat->producer->activation = TNN_ACT_RELU;
    cat->producer->scope = "block";
    make_output(cat, "y");
    make_output(w, "w");
    make_output(x, "y");
    assert_int_equal(tnn_graph_model_warn(model, NULL, "careful"), TNN_OK);
}

static char *text_of(const tnn_graph *g) {
    tnn_strbuf text = {0};
    tnn_graph_print(&text, g);
    return tnn_strbuf_take(&text);
}

static void copies(void **state) {
    (void)state;
    build();
    tnn_model *copy;
    assert_int_equal(tnn_graph_model_clone(&copy, model, NULL), TNN_OK);
    tnn_graph *other = copy->graphs[0];
    assert_int_equal(tnn_graph_verify(other, NULL, NULL), TNN_OK);
    char *before = text_of(graph), *same = text_of(other);
    assert_string_equal(before, same);
    assert_true(other->last->args[0].as.tensors[1]->is_parameter);
    assert_string_equal(copy->warnings[0], "careful");
    assert_int_equal(tnn_graph_model_warn(copy, NULL, "careful"), TNN_OK);
    assert_int_equal(copy->n_warnings, 1);

    assert_int_equal(tnn_value_replace(other, other->first->outputs[0], other->inputs[0], NULL), TNN_OK);
    tnn_node_remove(other->first);
    char *after = text_of(graph);
    assert_string_equal(before, after);
    assert_int_equal(tnn_graph_verify(graph, NULL, NULL), TNN_OK);
    assert_int_equal(tnn_graph_verify(other, NULL, NULL), TNN_OK);
    tnn_free(before);
    tnn_free(same);
    tnn_free(after);
    tnn_graph_model_free(copy);
}

static void memory_runs_out(void **state) {
    (void)state;
    build();
    for (size_t k = 1;; k++) {
        tnn_model *copy;
        tnn_alloc_fail_after(k);
        tnn_status status = tnn_graph_model_clone(&copy, model, NULL);
        tnn_alloc_fail_after(0);
        tnn_graph_model_free(copy);
        if (status == TNN_OK) break;
        assert_int_equal(status, TNN_ERR_NOMEM);
        assert_null(copy);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_model, close_model)

int main(void) {
    const struct CMUnitTest tests[] = {TEST(copies), TEST(memory_runs_out)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
