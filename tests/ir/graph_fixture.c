#include "graph_fixture.h"

const tnn_op op_relu = {"relu", "relu(Tensor self) -> Tensor", 0, TNN_OPLIST_TFLITE};
const tnn_op op_add = {"add", "add(Tensor|Scalar self, Tensor|Scalar other, *, Scalar alpha=1) -> Tensor", 1,
                              TNN_OPLIST_TFLITE};
const tnn_op op_cat = {"cat", "cat(Tensor[] tensors, int dim=0) -> Tensor", 2, TNN_OPLIST_TFLITE};
const tnn_op op_conv = {"conv",
                               "conv(Tensor input, Tensor weight, Tensor? bias, SymInt[] stride, "
                               "bool transposed=False, float scale=1.0, *, ScalarType? dtype=None, "
                               "str mode='zeros') -> Tensor",
                               3, TNN_OPLIST_TFLITE};

tnn_model *model;
tnn_graph *graph;

int open_model(void **state) {
    (void)state;
    return tnn_graph_model_new(&model, "test", NULL) == TNN_OK && tnn_graph_new(&graph, model, "main", NULL) == TNN_OK
               ? 0
               : -1;
}

int close_model(void **state) {
    (void)state;
    tnn_graph_model_free(model);
    return 0;
}

static tnn_shape shape_of(uint8_t rank, const int64_t *dims) {
    tnn_shape shape = {.rank = rank};
    for (uint8_t i = 0; i < rank; i++) shape.dims[i] = tnn_size_const(dims[i]);
    return shape;
}

tnn_value *make_input(const char *name) {
    tnn_shape shape = shape_of(2, (const int64_t[]){2, 3});
    tnn_value *value;
    assert_int_equal(tnn_graph_input(&value, graph, name, TNN_DTYPE_F32, &shape, NULL), TNN_OK);
    return value;
}

tnn_value *make_constant(const char *name) {
    static tnn_recipe recipe = {.kind = TNN_RECIPE_FILL, .dtype = TNN_DTYPE_F32, .rank = 2, .dims = {2, 3}};
    tnn_value *value;
    assert_int_equal(tnn_graph_constant(&value, graph, name, &recipe, NULL), TNN_OK);
    return value;
}

tnn_value *make_node(const tnn_op *op, const tnn_arg *args, size_t n_args, const char *name) {
    tnn_shape shape = shape_of(2, (const int64_t[]){2, 3});
    tnn_node *node;
    tnn_value *value;
    assert_int_equal(tnn_graph_node(&node, graph, NULL, op, args, n_args, NULL), TNN_OK);
    assert_int_equal(tnn_node_output(&value, node, name, TNN_DTYPE_F32, &shape, NULL), TNN_OK);
    return value;
}

tnn_value *make_relu(tnn_value *x, const char *name) {
    tnn_arg arg = tnn_arg_of_tensor(x);
    return make_node(&op_relu, &arg, 1, name);
}

tnn_value *make_add(tnn_arg a, tnn_arg b) {
    tnn_arg args[] = {a, b};
    return make_node(&op_add, args, 2, NULL);
}

void make_output(tnn_value *value, const char *name) {
    assert_int_equal(tnn_graph_output(graph, value, name, NULL), TNN_OK);
}
