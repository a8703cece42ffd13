/* Running whole graphs. */
#include "op_fixture.h"

#include "base/alloc.h"
#include "ir/recipe.h"

static tnn_model *model;
static tnn_graph *graph;
static tnn_value *x;

static void ok(tnn_status status) {
    assert_int_equal(status, TNN_OK);
}

static int begin(void **state) {
    (void)state;
    tnn_shape shape = {2, {{2, NULL}, {3, NULL}}};
    ok(tnn_graph_model_new(&model, "test", NULL));
    ok(tnn_graph_new(&graph, model, "main", NULL));
    ok(tnn_graph_input(&x, graph, "x", TNN_DTYPE_F32, &shape, NULL));
    return 0;
}

static int end(void **state) {
    (void)state;
    tnn_graph_model_free(model);
    return 0;
}

static tnn_value *append(const tnn_op_row *row, const tnn_arg *args, size_t n_args) {
    tnn_node *node;
    ok(tnn_op_append(&node, graph, NULL, &row->op, args, n_args, NULL, NULL));
    return node->outputs[0];
}

static tnn_value *constant(double value) {
    const int64_t dims[] = {3};
    const tnn_recipe *recipe;
    tnn_value *out;
    ok(tnn_recipe_fill(&recipe, model->arena, TNN_DTYPE_F32, 1, dims, value, 0, NULL));
    ok(tnn_graph_constant(&out, graph, "c", recipe, NULL));
    return out;
}

static tnn_value *sum_of(tnn_value *a, tnn_value *b) {
    tnn_arg args[] = {tnn_arg_of_tensor(a), tnn_arg_of_tensor(b)};
    return append(&tnn_op_add, args, 2);
}

/* x of 0 … 5. */
static void fill_input(tnn_tensor *in) {
    const int64_t dims[] = {2, 3};
    ok(tnn_tensor_init(in, TNN_DTYPE_F32, 2, dims, NULL));
    for (int64_t i = 0; i < 6; i++) tnn_tensor_set_number(in, i, (double)i);
}

static void outputs_may_repeat_and_be_anything(void **state) {
    (void)state;
    tnn_tensor in, outs[5];
    tnn_value *c = constant(10), *y = sum_of(sum_of(x, c), x);
    (void)sum_of(x, x); /* nobody reads it */
    tnn_value *outputs[] = {y, x, c, y, x};
    const double first[] = {10, 0, 10, 10, 0}, last[] = {20, 5, 10, 20, 5};
    for (size_t i = 0; i < 5; i++) ok(tnn_graph_output(graph, outputs[i], NULL, NULL));
    fill_input(&in);
    ok(tnn_graph_run(graph, &in, outs, NULL));
    for (size_t i = 0; i < 5; i++) {
        assert_true(tnn_tensor_number(&outs[i], 0) == first[i]);
        assert_true(tnn_tensor_number(&outs[i], outs[i].n_elems - 1) == last[i]);
        tnn_tensor_clear(&outs[i]);
    }
    tnn_tensor_clear(&in);
}

static void a_fused_activation_is_applied(void **state) {
    (void)state;
    static const struct {
        tnn_activation act;
        double low, high;
    } cases[] = {{TNN_ACT_NONE, -4, 16}, {TNN_ACT_RELU, 0, 16}, {TNN_ACT_RELU6, 0, 6}, {TNN_ACT_RELU_N1_TO_1, -1, 1}};
    tnn_tensor in, out;
    tnn_arg args[] = {tnn_arg_of_tensor(x), tnn_arg_of_int(4)};
    tnn_value *y = append(&tnn_op_mul, args, 2), *z = sum_of(y, constant(-4));
    ok(tnn_graph_output(graph, z, NULL, NULL));
    fill_input(&in);
    for (size_t i = 0; i < 4; i++) {
        z->producer->activation = cases[i].act;
        ok(tnn_graph_run(graph, &in, &out, NULL));
        assert_true(tnn_tensor_number(&out, 0) == cases[i].low);
        assert_true(tnn_tensor_number(&out, 5) == cases[i].high);
        tnn_tensor_clear(&out);
    }
    tnn_tensor_clear(&in);
}

static void an_input_that_does_not_fit_is_refused(void **state) {
    (void)state;
    const int64_t dims[] = {2, 4};
    tnn_tensor in, out;
    tnn_error err;
    ok(tnn_graph_output(graph, sum_of(x, x), NULL, NULL));
    ok(tnn_tensor_init(&in, TNN_DTYPE_F32, 2, dims, NULL));
    assert_int_equal(tnn_graph_run(graph, &in, &out, &err), TNN_ERR_INVALID);
    assert_string_equal(err.where, "x");
    assert_string_equal(err.message, "input is float32[2, 4], expected float32[2, 3]");
    assert_null(out.data);
    tnn_tensor_clear(&in);
}

static void a_composite_is_refused(void **state) {
    (void)state;
    tnn_tensor in, out;
    tnn_node *node;
    tnn_arg self = tnn_arg_of_tensor(x);
    ok(tnn_op_append(&node, graph, NULL, &tnn_composite_find("silu")->op, &self, 1, NULL, NULL));
    ok(tnn_graph_output(graph, node->outputs[0], NULL, NULL));
    fill_input(&in);
    assert_int_equal(tnn_graph_run(graph, &in, &out, NULL), TNN_ERR_INTERNAL);
    tnn_tensor_clear(&in);
}

/* Build and run a graph that touches most kernels that allocate. */
static tnn_status build_and_run(void) {
    static const char *const calls[][2] = {
        {"convolution", "f32[1,2,5,5] f32[3,2,3,3] f32[3] (1) (0) (1) false (0) 1"},
        {"linear", "f32[2,4] f32[3,4] f32[3]"},
        {"matmul", "f32[2,2,3] f32[3,2]"},
        {"sum", "i64[2,3] (0)"},
        {"div", "i64[2]:4,6 i64[2]:2,3 'floor'"},
        {"cat", "{f32[2] i64[2]}"},
        {"slice_scatter", "f32[4] i64[2] 0 1 3"},
        {"add", "f32[s0=4] f32[s1=4]"},
    };
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
        tnn_node *node;
        tnn_tensor out = {0};
        tnn_error err;
        tnn_status status = op_call(calls[i][0], calls[i][1], &node, &err);
        assert_int_equal(status, TNN_OK);
        assert_int_equal(tnn_graph_output(node->graph, node->outputs[0], NULL, &err), TNN_OK);
        for (size_t k = 1; k < 100; k++) {
            tnn_alloc_fail_after(k);
            status = tnn_graph_run(node->graph, op_inputs(), &out, &err);
            tnn_alloc_fail_after(0);
            if (status == TNN_OK) break;
            assert_int_equal(status, TNN_ERR_NOMEM);
            assert_null(out.data);
        }
        assert_int_equal(status, TNN_OK);
        tnn_tensor_clear(&out);
    }
    op_end();
    return TNN_OK;
}

static void memory_may_run_out_anywhere(void **state) {
    (void)state;
    ok(build_and_run());
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(outputs_may_repeat_and_be_anything),
        TEST(a_fused_activation_is_applied),
        TEST(an_input_that_does_not_fit_is_refused),
        TEST(a_composite_is_refused),
        cmocka_unit_test(memory_may_run_out_anywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
