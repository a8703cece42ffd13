/* Weights of 16 bits in every hand-made graph. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "hand_graphs.h"
#include "ir/recipe.h"
#include "ops/row.h"
#include "tflite/builtin.h"
#include "tflite/half_weights.h"

static tnn_model *build(const hand_graph *which) {
    tnn_model *model;
    assert_int_equal(hand_graph_build(&model, which, NULL), TNN_OK);
    return model;
}

static bool is_dequantize(const tnn_node *node) { return node->op == &tnn_tfl_DEQUANTIZE.op; }

static size_t count_dequantize(const tnn_graph *graph) {
    size_t n = 0;
    for (const tnn_node *node = graph->first; node; node = node->next) n += is_dequantize(node);
    return n;
}

static bool is_weight(const tnn_value *value) {
    return value && value->constant && value->dtype == TNN_DTYPE_F32 && value->shape.rank > 0;
}

/* Append the names of the constants of this dtype that the graph reads, in order. */
static void read_constants(const tnn_graph *graph, tnn_strbuf *out, tnn_dtype dtype) {
    for (const tnn_node *node = graph->first; node; node = node->next) {
        for (size_t s = 0; s < tnn_node_n_operands(node); s++) {
            const tnn_value *value = tnn_node_operand(node, s);
            if (value && value->constant && value->dtype == dtype) tnn_strbuf_printf(out, "%s ", value->name);
        }
    }
}

/* Numbers of the stand-in are those of float16. */
static void check_numbers(const tnn_node *dequantize) {
    const tnn_value *stored = dequantize->args[0].as.tensor;
    uint16_t first;
    assert_int_equal(stored->dtype, TNN_DTYPE_F16);
    assert_int_equal(tnn_recipe_read(stored->constant, 0, 1, &first, NULL), TNN_OK);
    assert_int_equal(first, 0xbc00); /* -1 */
    assert_true(tnn_shape_equal_hints(&stored->shape, &dequantize->outputs[0]->shape));
    assert_int_equal(dequantize->outputs[0]->dtype, TNN_DTYPE_F32);
}

static void all_weights_are_taken(void **state) {
    (void)state;
    size_t n_taken = 0;
    for (size_t i = 0; i < n_hand_graphs; i++) {
        tnn_model *model = build(&hand_graphs[i]);
        tnn_graph *graph = model->graphs[0];
        assert_int_equal(tnn_half_weights(graph, model, NULL), TNN_OK);
        for (const tnn_node *node = graph->first; node; node = node->next) {
            if (is_dequantize(node) && node->args[0].as.tensor->dtype == TNN_DTYPE_F16) check_numbers(node);
            for (size_t s = 0; s < tnn_node_n_operands(node); s++) assert_false(is_weight(tnn_node_operand(node, s)));
        }
        n_taken += count_dequantize(graph);
        assert_int_equal(model->n_warnings, 0);
        tnn_graph_model_free(model);
    }
    assert_true(n_taken > 3);
}

/* x * w + w, with one DEQUANTIZE; and a number too large for float16. */
static void one_for_all_readers(void **state) {
    (void)state;
    static const float numbers[] = {1, 2, 3}, large[] = {1, 65520, 2}, tiny[] = {0, 1e-6f, 0};
    const int64_t dims[] = {3};
    const float *const tensors[] = {numbers, numbers, large, tiny};
    const char *const names[] = {"w", "same", "large", "tiny"};
    tnn_shape shape = {.rank = 1, .dims = {tnn_size_const(3)}};
    tnn_model *model;
    tnn_graph *graph;
    tnn_value *x;
    assert_int_equal(tnn_graph_model_new(&model, "test", NULL), TNN_OK);
    assert_int_equal(tnn_graph_new(&graph, model, "main", NULL), TNN_OK);
    assert_int_equal(tnn_graph_input(&x, graph, "x", TNN_DTYPE_F32, &shape, NULL), TNN_OK);
    const tnn_recipe *shared = NULL;
    for (size_t i = 0; i < 4; i++) {
        const tnn_recipe *recipe = shared;
        tnn_value *constant;
        tnn_node *node;
        if (i != 1)
            assert_int_equal(tnn_recipe_copy(&recipe, model->arena, tensors[i], TNN_DTYPE_F32, 1, dims, NULL), TNN_OK);
        if (i == 0) shared = recipe;
        assert_int_equal(tnn_graph_constant(&constant, graph, names[i], recipe, NULL), TNN_OK);
        tnn_arg args[] = {tnn_arg_of_tensor(x), tnn_arg_of_tensor(constant)};
        assert_int_equal(tnn_graph_node(&node, graph, NULL, &tnn_tfl_MUL.op, args, 2, NULL), TNN_OK);
        assert_int_equal(tnn_node_output(&x, node, "y", TNN_DTYPE_F32, &shape, NULL), TNN_OK);
    }
    tnn_strbuf text = {0};
    assert_int_equal(tnn_half_weights(graph, model, NULL), TNN_OK);
    assert_true(is_dequantize(graph->first));
    assert_int_equal(count_dequantize(graph), 1);
    assert_string_equal(graph->first->outputs[0]->name, "w/float32");
    read_constants(graph, &text, TNN_DTYPE_F16);
    read_constants(graph, &text, TNN_DTYPE_F32);
    assert_string_equal(text.data, "w large tiny ");
    assert_int_equal(model->n_warnings, 1);
    assert_string_equal(model->warnings[0],
                        "\"large\" stays float32: its number of magnitude 65520 is infinite in float16");
    tnn_strbuf_free(&text);
    tnn_graph_model_free(model);
}

static void memory_runs_out(void **state) {
    (void)state;
    for (size_t i = 0; i < n_hand_graphs; i++) {
        tnn_status status = TNN_ERR_NOMEM;
        for (size_t k = 1; status != TNN_OK; k++) {
            tnn_model *model = build(&hand_graphs[i]);
            tnn_alloc_fail_after(k);
            status = tnn_half_weights(model->graphs[0], model, NULL);
            tnn_alloc_fail_after(0);
            tnn_graph_model_free(model);
            assert_true(status == TNN_OK || status == TNN_ERR_NOMEM);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_weights_are_taken),
        cmocka_unit_test(one_for_all_readers),
        cmocka_unit_test(memory_runs_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
