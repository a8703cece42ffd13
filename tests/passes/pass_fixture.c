#include "pass_fixture.h"

#include <math.h>

#include "base/alloc.h"
#include "ir/clone.h"
#include "ir/elems.h"
#include "ir/verify.h"
#include "ops/infer.h"
#include "ops/list.h"
#include "ops/run.h"

tnn_model *model;
tnn_graph *graph;
static uint32_t seed;

int open_model(void **state) {
    (void)state;
    seed = 1;
    if (tnn_graph_model_new(&model, "test", NULL) != TNN_OK) return -1;
    return tnn_graph_new(&graph, model, "main", NULL) == TNN_OK ? 0 : -1;
}

int close_model(void **state) {
    (void)state;
    tnn_graph_model_free(model);
    return 0;
}

static double random_between(double low, double high) {
    seed = seed * 1664525u + 1013904223u;
    return low + (high - low) * (seed >> 8) / (double)(1 << 24);
}

tnn_value *make_input(const char *name, uint8_t rank, const int64_t *dims) {
    tnn_shape shape = {.rank = rank};
    tnn_value *value;
    for (uint8_t i = 0; i < rank; i++) shape.dims[i] = tnn_size_const(dims[i]);
    assert_int_equal(tnn_graph_input(&value, graph, name, TNN_DTYPE_F32, &shape, NULL), TNN_OK);
    return value;
}

tnn_value *make_constant(const char *name, double low, double high, uint8_t rank, const int64_t *dims) {
    const tnn_recipe *recipe;
    tnn_value *value;
    int64_t n;
    assert_true(tnn_dims_count(rank, dims, &n));
    float *elems = tnn_alloc((size_t)n, sizeof *elems);
    assert_non_null(elems);
    for (int64_t i = 0; i < n; i++) elems[i] = (float)random_between(low, high);
    assert_int_equal(tnn_recipe_copy(&recipe, model->arena, elems, TNN_DTYPE_F32, rank, dims, NULL), TNN_OK);
    assert_int_equal(tnn_graph_constant(&value, graph, name, recipe, NULL), TNN_OK);
    tnn_free(elems);
    return value;
}

static const tnn_op *op_named(const char *name) {
    const tnn_op_row *row = tnn_op_find(name);
    const tnn_composite_row *composite = row ? NULL : tnn_composite_find(name);
    assert_true(row || composite);
    return row ? &row->op : &composite->op;
}

tnn_value *make_node(const char *op, const tnn_arg *args, size_t n_args) {
    tnn_node *node;
    tnn_error err;
    if (tnn_op_append(&node, graph, NULL, op_named(op), args, n_args, NULL, &err) != TNN_OK) {
        fail_msg("%s: %s", op, err.message);
    }
    return node->outputs[0];
}

void make_output(tnn_value *value) {
    assert_int_equal(tnn_graph_output(graph, value, NULL, NULL), TNN_OK);
}

tnn_arg ints(uint8_t n, const int64_t *items) {
    tnn_size *sizes = TNN_NEW_ARRAY(model->arena, n, tnn_size);
    assert_non_null(sizes);
    for (uint8_t i = 0; i < n; i++) sizes[i] = tnn_size_const(items[i]);
    return tnn_arg_of_sizes(sizes, n);
}

tnn_value *make_unary(const char *op, tnn_value *x) {
    tnn_arg arg = tnn_arg_of_tensor(x);
    return make_node(op, &arg, 1);
}

tnn_value *make_reshape(tnn_value *x, uint8_t rank, const int64_t *dims) {
    tnn_arg args[] = {tnn_arg_of_tensor(x), ints(rank, dims)};
    return make_node("reshape", args, 2);
}

tnn_value *make_permute(tnn_value *x, uint8_t rank, const int64_t *dims) {
    tnn_arg args[] = {tnn_arg_of_tensor(x), ints(rank, dims)};
    return make_node("permute", args, 2);
}

tnn_value *make_slice(tnn_value *x, int64_t dim, int64_t start, int64_t end, int64_t step) {
    tnn_arg args[] = {tnn_arg_of_tensor(x), tnn_arg_of_int(dim), tnn_arg_of_int(start), tnn_arg_of_int(end),
                      tnn_arg_of_int(step)};
    return make_node("slice", args, 5);
}

tnn_value *make_batch_norm(tnn_value *x, int64_t n_channels) {
    tnn_arg args[] = {tnn_arg_of_tensor(x),
                      tnn_arg_of_tensor(make_constant("gamma", 0.5, 1.5, DIMS(n_channels))),
                      tnn_arg_of_tensor(make_constant("beta", -1, 1, DIMS(n_channels))),
                      tnn_arg_of_tensor(make_constant("mean", -1, 1, DIMS(n_channels))),
                      tnn_arg_of_tensor(make_constant("var", 0.5, 2, DIMS(n_channels))),
                      tnn_arg_of_bool(false),
                      tnn_arg_of_float(0.1),
                      tnn_arg_of_float(1e-5),
                      tnn_arg_of_bool(true)};
    return make_node("batch_norm", args, 9);
}

tnn_value *make_conv(tnn_value *x, int64_t n_in, int64_t n_out, int64_t kernel, conv_options o) {
    int64_t outer = o.transposed ? n_in : n_out, inner = (o.transposed ? n_out : n_in) / o.groups;
    tnn_value *weight = make_constant("weight", -1, 1, DIMS(outer, inner, kernel, kernel));
    tnn_value *bias = o.biased ? make_constant("bias", -1, 1, DIMS(n_out)) : NULL;
    tnn_arg args[] = {tnn_arg_of_tensor(x),         tnn_arg_of_tensor(weight),
                      tnn_arg_of_tensor(bias),      ints(DIMS(o.stride, o.stride)),
                      ints(DIMS(o.padding, o.padding)), ints(DIMS(1, 1)),
                      tnn_arg_of_bool(o.transposed), ints(DIMS(0, 0)),
                      tnn_arg_of_int(o.groups)};
    return make_node("convolution", args, 9);
}

static void init_like(tnn_tensor *tensor, const tnn_value *value) {
    int64_t dims[TNN_MAX_RANK];
    for (uint8_t i = 0; i < value->shape.rank; i++) dims[i] = value->shape.dims[i].hint;
    assert_int_equal(tnn_tensor_init(tensor, value->dtype, value->shape.rank, dims, NULL), TNN_OK);
}

#define MAX_TENSORS 4

static void run(const tnn_tensor *inputs, tnn_tensor *outputs) {
    tnn_error err;
    assert_true(graph->n_outputs <= MAX_TENSORS);
    if (tnn_graph_run(graph, inputs, outputs, &err) != TNN_OK) fail_msg("%s: %s", err.where, err.message);
}

static void check_near(const tnn_tensor *expected, const tnn_tensor *found, double tolerance) {
    double largest = 0;
    assert_int_equal(expected->n_elems, found->n_elems);
    assert_int_equal(expected->rank, found->rank);
    for (int64_t i = 0; i < expected->n_elems; i++) largest = fmax(largest, fabs(tnn_tensor_number(expected, i)));
    for (int64_t i = 0; i < expected->n_elems; i++) {
        double a = tnn_tensor_number(expected, i), b = tnn_tensor_number(found, i);
        if (!(fabs(a - b) <= tolerance * largest)) fail_msg("element %d: %g, expected %g", (int)i, b, a);
    }
}

void check_ops(const char *expected) {
    tnn_strbuf text = {0};
    tnn_strbuf_add(&text, "");
    for (const tnn_node *node = graph->first; node; node = node->next) {
        tnn_strbuf_printf(&text, "%s%s", node->prev ? " " : "", node->op->name);
    }
    assert_string_equal(text.data, expected);
    tnn_strbuf_free(&text);
}

static void make_inputs(tnn_tensor *inputs) {
    assert_true(graph->n_inputs <= MAX_TENSORS);
    for (size_t i = 0; i < graph->n_inputs; i++) {
        init_like(&inputs[i], graph->inputs[i]);
        for (int64_t k = 0; k < inputs[i].n_elems; k++) tnn_tensor_set_number(&inputs[i], k, random_between(-2, 2));
    }
}

static void clear(tnn_tensor *tensors, size_t n) {
    for (size_t i = 0; i < n; i++) tnn_tensor_clear(&tensors[i]);
}

void check_outputs_agree(double tolerance) {
    tnn_tensor inputs[MAX_TENSORS], outputs[MAX_TENSORS];
    assert_int_equal(graph->n_outputs, 2);
    make_inputs(inputs);
    run(inputs, outputs);
    check_near(&outputs[0], &outputs[1], tolerance);
    clear(inputs, graph->n_inputs);
    clear(outputs, graph->n_outputs);
}

void check_pass(pass_fn *pass, const char *ops, double tolerance) {
    tnn_tensor inputs[MAX_TENSORS], before[MAX_TENSORS], after[MAX_TENSORS];
    tnn_error err;
    make_inputs(inputs);
    run(inputs, before);
    if (pass(graph, &err) != TNN_OK) fail_msg("%s: %s", err.where, err.message);
    if (tnn_graph_verify(graph, tnn_ops_verify_infer, &err) != TNN_OK) fail_msg("%s: %s", err.where, err.message);
    check_ops(ops);
    run(inputs, after);
    for (size_t i = 0; i < graph->n_outputs; i++) check_near(&before[i], &after[i], tolerance);
    clear(inputs, graph->n_inputs);
    clear(before, graph->n_outputs);
    clear(after, graph->n_outputs);
}

void check_text(const char *expected) {
    tnn_strbuf text = {0};
    tnn_graph_print(&text, graph);
    assert_string_equal(text.data, expected);
    tnn_strbuf_free(&text);
}

void check_memory(pass_fn *pass) {
    for (size_t k = 1;; k++) {
        tnn_model *copy;
        assert_int_equal(tnn_graph_model_clone(&copy, model, NULL), TNN_OK);
        tnn_alloc_fail_after(k);
        tnn_status status = pass(copy->graphs[0], NULL);
        tnn_alloc_fail_after(0);
        tnn_graph_model_free(copy);
        if (status == TNN_OK) break;
        assert_int_equal(status, TNN_ERR_NOMEM);
    }
}
