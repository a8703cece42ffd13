/* Versions of nodes: one case a kind of rule, with the neighbours on both sides. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tflite/op_version.h"

typedef struct operand {
    tnn_dtype dtype;
    uint8_t rank; /* dimensions of 4; 0 with TNN_DTYPE_NONE: no more operands */
    int64_t last; /* size of the last dimension; 0: 4 */
} operand;

typedef struct version_case {
    const tnn_tfl_row *row;
    operand in[4];
    tnn_dtype out;
    const char *option; /* set to `value` */
    int64_t value;
    int32_t version;
} version_case;

#define F(rank) {TNN_DTYPE_F32, rank, 0}
#define T(dtype, rank) {TNN_DTYPE_##dtype, rank, 0}

static const version_case cases[] = {
    {&tnn_tfl_CONV_2D, {F(4), F(4), F(1)}, TNN_DTYPE_F32, NULL, 0, 1},
    {&tnn_tfl_CONV_2D, {F(4), {TNN_DTYPE_F32, 4, 2}, F(1)}, TNN_DTYPE_F32, NULL, 0, 6},
    {&tnn_tfl_CONV_2D, {T(I8, 4), T(I8, 4), T(I32, 1)}, TNN_DTYPE_I8, NULL, 0, 3},
    {&tnn_tfl_CONV_2D, {F(4), T(I8, 4)}, TNN_DTYPE_F32, NULL, 0, 5},
    {&tnn_tfl_DEPTHWISE_CONV_2D, {F(4), F(4), F(1)}, TNN_DTYPE_F32, "dilation_h_factor", 1, 1},
    {&tnn_tfl_DEPTHWISE_CONV_2D, {F(4), F(4), F(1)}, TNN_DTYPE_F32, "dilation_h_factor", 2, 2},
    {&tnn_tfl_TRANSPOSE_CONV, {T(I32, 1), F(4), F(4)}, TNN_DTYPE_F32, NULL, 0, 1},
    {&tnn_tfl_TRANSPOSE_CONV, {T(I32, 1), F(4), F(4), F(1)}, TNN_DTYPE_F32, NULL, 0, 3},
    {&tnn_tfl_TRANSPOSE_CONV, {T(I32, 1), F(4), F(4), F(1)}, TNN_DTYPE_F32, "fused_activation_function", 1, 4},
    {&tnn_tfl_FULLY_CONNECTED, {F(2), F(2)}, TNN_DTYPE_F32, NULL, 0, 1},
    {&tnn_tfl_FULLY_CONNECTED, {F(3), F(2), F(1)}, TNN_DTYPE_F32, "keep_num_dims", 1, 5},
    {&tnn_tfl_BROADCAST_TO, {F(2), T(I32, 1)}, TNN_DTYPE_F32, NULL, 0, 2},
    {&tnn_tfl_BROADCAST_TO, {T(I8, 2), T(I32, 1)}, TNN_DTYPE_I8, NULL, 0, 3},
    {&tnn_tfl_TRANSPOSE, {F(4), T(I32, 1)}, TNN_DTYPE_F32, NULL, 0, 1},
    {&tnn_tfl_TRANSPOSE, {F(5), T(I32, 1)}, TNN_DTYPE_F32, NULL, 0, 4},
    {&tnn_tfl_TRANSPOSE, {F(6), T(I32, 1)}, TNN_DTYPE_F32, NULL, 0, 6},
    {&tnn_tfl_TRANSPOSE, {F(7), T(I32, 1)}, TNN_DTYPE_F32, NULL, 0, 8},
    {&tnn_tfl_TRANSPOSE, {T(BOOL, 2), T(I32, 1)}, TNN_DTYPE_BOOL, NULL, 0, 3},
    {&tnn_tfl_ADD, {T(I64, 2), T(I64, 2)}, TNN_DTYPE_I64, NULL, 0, 4},
    {&tnn_tfl_MUL, {T(I32, 2), T(I32, 2)}, TNN_DTYPE_I32, NULL, 0, 1},
    {&tnn_tfl_SUB, {F(5), F(5)}, TNN_DTYPE_F32, NULL, 0, 1},
    {&tnn_tfl_SUB, {F(5), F(1)}, TNN_DTYPE_F32, NULL, 0, 3},
    {&tnn_tfl_SUB, {F(1), F(5)}, TNN_DTYPE_F32, NULL, 0, 3},
    {&tnn_tfl_SUB, {F(4), F(1)}, TNN_DTYPE_F32, NULL, 0, 1},
    {&tnn_tfl_MAXIMUM, {F(5), F(1)}, TNN_DTYPE_F32, NULL, 0, 3},
    {&tnn_tfl_PAD, {F(4), T(I32, 2)}, TNN_DTYPE_F32, NULL, 0, 1},
    {&tnn_tfl_PAD, {F(5), T(I32, 2)}, TNN_DTYPE_F32, NULL, 0, 4},
    {&tnn_tfl_SPLIT, {T(I32, 1), T(I32, 4)}, TNN_DTYPE_I32, NULL, 0, 3},
    {&tnn_tfl_SPLIT, {T(I32, 1), F(4)}, TNN_DTYPE_F32, NULL, 0, 1},
    {&tnn_tfl_SPACE_TO_BATCH_ND, {F(3), T(I32, 1), T(I32, 2)}, TNN_DTYPE_F32, NULL, 0, 3},
    {&tnn_tfl_SELECT, {T(BOOL, 5), F(5), F(5)}, TNN_DTYPE_F32, NULL, 0, 3},
    {&tnn_tfl_CAST, {F(2)}, TNN_DTYPE_F16, NULL, 0, 5},
    {&tnn_tfl_CAST, {T(I64, 2)}, TNN_DTYPE_F32, NULL, 0, 1},
    {&tnn_tfl_RESIZE_BILINEAR, {F(4), T(I32, 1)}, TNN_DTYPE_F32, "half_pixel_centers", 1, 3},
    {&tnn_tfl_FLOOR_DIV, {F(2), F(2)}, TNN_DTYPE_F32, NULL, 0, 2},
    {&tnn_tfl_ABS, {T(I32, 2)}, TNN_DTYPE_I32, NULL, 0, 5},
};

static tnn_shape shape_of(const operand *o) {
    tnn_shape shape = {.rank = o->rank};
    for (uint8_t k = 0; k < o->rank; k++) shape.dims[k] = tnn_size_const(4);
    if (o->last != 0) shape.dims[o->rank - 1] = tnn_size_const(o->last);
    return shape;
}

static tnn_node *make_node(tnn_graph *graph, const version_case *c) {
    tnn_arg args[4];
    tnn_node *node;
    tnn_value *out;
    size_t n = 0;
    for (; n < 4 && c->in[n].dtype != TNN_DTYPE_NONE; n++) {
        tnn_shape shape = shape_of(&c->in[n]);
        tnn_value *value;
        assert_int_equal(tnn_graph_input(&value, graph, NULL, c->in[n].dtype, &shape, NULL), TNN_OK);
        args[n] = tnn_arg_of_tensor(value);
    }
    assert_int_equal(tnn_graph_node(&node, graph, NULL, &c->row->op, args, n, NULL), TNN_OK);
    tnn_shape shape = shape_of(&c->in[0]);
    assert_int_equal(tnn_node_output(&out, node, NULL, c->out, &shape, NULL), TNN_OK);
    return node;
}

static void test_versions(void **state) {
    (void)state;
    tnn_model *model;
    tnn_graph *graph;
    assert_int_equal(tnn_graph_model_new(&model, "test", NULL), TNN_OK);
    assert_int_equal(tnn_graph_new(&graph, model, "main", NULL), TNN_OK);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        tnn_node *node = make_node(graph, &cases[i]);
        if (cases[i].option != NULL) {
            int at = tnn_schema_find(node->schema, cases[i].option);
            assert_true(at >= 0);
            bool is_bool = node->schema->args[at].type.base == TNN_TYPE_BOOL;
            tnn_arg arg = is_bool ? tnn_arg_of_bool(cases[i].value != 0) : tnn_arg_of_int(cases[i].value);
            assert_int_equal(tnn_node_set_arg(node, (size_t)at, arg, NULL), TNN_OK);
        }
        if (tnn_tfl_version(node) != cases[i].version)
            fail_msg("case %zu, %s: version %d, expected %d", i, cases[i].row->op.name, tnn_tfl_version(node),
                     cases[i].version);
    }
    tnn_graph_model_free(model);
}

static void test_runtimes(void **state) {
    (void)state;
    char text[TNN_RUNTIME_TEXT];
    tnn_tfl_runtime(&tnn_tfl_CONV_2D, 1, text);
    assert_string_equal(text, "1.5.0");
    tnn_tfl_runtime(&tnn_tfl_CONV_2D, 6, text);
    assert_string_equal(text, "2.9.0");
    tnn_tfl_runtime(&tnn_tfl_BROADCAST_TO, 1, text);
    assert_string_equal(text, "");
    tnn_tfl_runtime(&tnn_tfl_ROUND, 2, text);
    assert_string_equal(text, "");
}

static void test_runtimes_compare_as_numbers(void **state) {
    (void)state;
    assert_true(tnn_tfl_runtime_compare("2.10.0", "2.9.0") > 0);
    assert_true(tnn_tfl_runtime_compare("1.15.0", "2.1.0") < 0);
    assert_true(tnn_tfl_runtime_compare("2.3.0", "2.3.0") == 0);
    assert_true(tnn_tfl_runtime_compare("", "1.5.0") < 0);
    assert_true(tnn_tfl_runtime_compare("1.13.1", "1.13.0") > 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_versions),
        cmocka_unit_test(test_runtimes),
        cmocka_unit_test(test_runtimes_compare_as_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
