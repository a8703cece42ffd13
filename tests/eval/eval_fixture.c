#include "eval_fixture.h"

#include <stdio.h>
#include <string.h>

#include "ir/verify.h"
#include "ops/infer.h"
#include "ops/run.h"

fixture fix;

static int open_with(bool expand) {
    tnn_interp_options options = tnn_interp_options_default();
    options.max_steps = 100000;
    options.expand_composites = expand;
    memset(&fix, 0, sizeof(fix));
    if (tnn_graph_model_new(&fix.model, "test", &fix.err) != TNN_OK) return -1;
    if (tnn_graph_new(&fix.graph, fix.model, "main", &fix.err) != TNN_OK) return -1;
    return tnn_interp_new(&fix.interp, fix.graph, NULL, &options, &fix.err) == TNN_OK ? 0 : -1;
}

int fixture_open(void **state) {
    (void)state;
    return open_with(false);
}

int fixture_expanding(void **state) {
    (void)state;
    return open_with(true);
}

int fixture_close(void **state) {
    (void)state;
    tnn_interp_free(fix.interp);
    tnn_graph_model_free(fix.model);
    return 0;
}

void fixture_input(const char *name, tnn_dtype dtype, int rank, const int64_t *dims) {
    tnn_shape shape = {.rank = (uint8_t)rank};
    tnn_value *value;
    for (int k = 0; k < rank; k++) {
        shape.dims[k] = tnn_size_const(dims[k]);
        if (dims[k] < 0)
            assert_int_equal(tnn_size_symbol(&shape.dims[k], fix.model->arena, "s0", -dims[k], &fix.err), TNN_OK);
    }
    assert_int_equal(tnn_graph_input(&value, fix.graph, name, dtype, &shape, &fix.err), TNN_OK);
    assert_int_equal(tnn_interp_tensor(fix.interp, value, NULL, &fix.inputs[fix.n_inputs++], &fix.err), TNN_OK);
}

tnn_status fixture_run(const char *text, tnn_obj *out) {
    return tnn_interp_run(fix.interp, text, "main", fix.inputs, fix.n_inputs, out, &fix.err);
}

static void add_output(const tnn_obj *obj) {
    tnn_value *value;
    assert_int_equal(obj->kind, TNN_OBJ_TENSOR);
    assert_int_equal(tnn_interp_read(fix.interp, obj->as.tensor, &value, &fix.err), TNN_OK);
    assert_int_equal(tnn_graph_output(fix.graph, value, value->name, &fix.err), TNN_OK);
}

static void show_error(const char *text) {
    char line[1000];
    tnn_error_format(&fix.err, line, sizeof(line));
    print_error("%s\nin\n%s\n", line, text);
}

void fixture_graph(const char *text) {
    tnn_obj out;
    tnn_status status = fixture_run(text, &out);
    if (status != TNN_OK) show_error(text);
    assert_int_equal(status, TNN_OK);
    if (out.kind == TNN_OBJ_TENSOR) add_output(&out);
    else
        for (size_t k = 0; k < out.as.list->n; k++) add_output(&out.as.list->items[k]);
    assert_int_equal(tnn_graph_verify(fix.graph, tnn_ops_verify_infer, &fix.err), TNN_OK);
}

void fixture_expect_nodes(const char *text, const char *expected) {
    tnn_strbuf lines = {0};
    fixture_graph(text);
    for (const tnn_node *node = fix.graph->first; node; node = node->next) {
        tnn_node_print(&lines, node);
        if (lines.data[lines.length - 1] != '\n') tnn_strbuf_add(&lines, "\n");
    }
    assert_string_equal(lines.data ? lines.data : "", expected);
    tnn_strbuf_free(&lines);
}

static void make_input(tnn_tensor *tensor, const tnn_value *value) {
    int64_t dims[TNN_MAX_RANK];
    for (int k = 0; k < value->shape.rank; k++) dims[k] = value->shape.dims[k].hint;
    assert_int_equal(tnn_tensor_init(tensor, value->dtype, value->shape.rank, dims, &fix.err), TNN_OK);
    for (int64_t k = 0; k < tensor->n_elems; k++) tnn_tensor_set_integer(tensor, k, k);
}

void fixture_expect_numbers(const char *text, size_t index, const double *expected, size_t n) {
    tnn_tensor inputs[4] = {{0}}, outputs[8] = {{0}};
    fixture_graph(text);
    for (size_t k = 0; k < fix.graph->n_inputs; k++) make_input(&inputs[k], fix.graph->inputs[k]);
    tnn_status status = tnn_graph_run(fix.graph, inputs, outputs, &fix.err);
    if (status != TNN_OK) show_error(text);
    assert_int_equal(status, TNN_OK);
    assert_int_equal(outputs[index].n_elems, n);
    for (size_t k = 0; k < n; k++)
        assert_true(tnn_tensor_number(&outputs[index], (int64_t)k) == expected[k]);
    for (size_t k = 0; k < fix.graph->n_inputs; k++) tnn_tensor_clear(&inputs[k]);
    for (size_t k = 0; k < fix.graph->n_outputs; k++) tnn_tensor_clear(&outputs[k]);
}

void fixture_expect_error(const char *text, tnn_status code, const char *part) {
    tnn_obj out;
    tnn_status status = fixture_run(text, &out);
    if (status != code) show_error(text);
    assert_int_equal(status, code);
    if (!strstr(fix.err.message, part)) show_error(text);
    assert_non_null(strstr(fix.err.message, part));
}
