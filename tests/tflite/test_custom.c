/* Operators that a user defines, from the definition to the file, and memory that runs out anywhere on the way. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "eval/interp.h"
#include "ops/custom_rows.h"
#include "tinynn/convert.h"

static const char text[] = "def scale(x, factor, names):\n    return x * factor, x.sum()\n";
static const tnn_custom_attribute attributes[] = {{"factor", "f"}, {"names", NULL}};
static const tnn_custom_op definitions[] = {
    {.schema = "t::scale(Tensor x, float factor, str[] names) -> (Tensor, Tensor)",
     .text = text,
     .custom_code = "Scale",
     .attributes = attributes,
     .n_attributes = 2,
     .channels_last = true},
    {.schema = "t::twice(Tensor x) -> Tensor", .text = "def twice(x):\n    return ops.t.scale(x, 2, ['a'])[0]\n"},
    {.schema = "t::unused(Tensor x) -> Tensor", .custom_code = "Unused"},
};

static const char program[] = "def main(x):\n"
                              "    y, n = ops.t.scale(ops.t.twice(x), 0.5, ['b', 'c'])\n"
                              "    return y + n\n";

static tnn_status define(tnn_model *model) {
    tnn_custom_ops *ops = NULL;
    tnn_status status = tnn_custom_ops_new(&ops, NULL);
    for (size_t i = 0; status == TNN_OK && i < 3; i++) status = tnn_custom_ops_add(ops, &definitions[i], NULL);
    if (status == TNN_OK) status = tnn_custom_give(model, ops, NULL);
    tnn_custom_ops_free(ops); /* the model has its own */
    return status;
}

static tnn_status evaluate(tnn_model *model) {
    tnn_shape shape = {.rank = 4};
    tnn_graph *graph;
    tnn_interp *interp;
    tnn_value *value;
    tnn_obj x, out;
    for (int k = 0; k < 4; k++) shape.dims[k] = tnn_size_const(k + 1);
    TNN_TRY(tnn_graph_new(&graph, model, "main", NULL));
    TNN_TRY(tnn_interp_new(&interp, graph, NULL, NULL, NULL));
    TNN_TRY(tnn_graph_input(&value, graph, "x", TNN_DTYPE_F32, &shape, NULL));
    TNN_TRY(tnn_interp_tensor(interp, value, NULL, &x, NULL));
    TNN_TRY(tnn_interp_run(interp, program, "main", &x, 1, &out, NULL));
    TNN_TRY(tnn_interp_read(interp, out.as.tensor, &value, NULL));
    TNN_TRY(tnn_graph_output(graph, value, "y", NULL));
    return tnn_custom_warn_unused(model, NULL);
}

static tnn_status build(tnn_model **out) {
    TNN_TRY(tnn_graph_model_new(out, "test", NULL));
    tnn_status status = define(*out);
    if (status == TNN_OK) status = evaluate(*out);
    if (status == TNN_OK) return TNN_OK;
    tnn_graph_model_free(*out);
    *out = NULL;
    return status;
}

static void is_a_node(void **state) {
    (void)state;
    tnn_model *model = NULL;
    char *printed = NULL;
    tnn_error err;
    assert_int_equal(build(&model), TNN_OK);
    assert_int_equal(tnn_model_text(model, &printed, &err), TNN_OK);
    assert_non_null(strstr(printed, "= t::scale(%x, factor=2.0, names=['a'])"));
    assert_non_null(strstr(printed, "factor=0.5, names=['b', 'c'])"));
    assert_null(strstr(printed, "mul"));
    assert_int_equal(model->n_graphs, 1);
    assert_int_equal(model->n_warnings, 1);
    assert_string_equal(model->warnings[0], "the definition of t::unused is not used: the model does not call it");
    tnn_text_free(printed);
    tnn_model_free(model);
}

static tnn_status run(const tnn_model *model, float *out) {
    float x[24];
    tnn_array input = {TNN_DTYPE_F32, 4, {1, 2, 3, 4}, x}, output = {TNN_DTYPE_F32, 4, {1, 2, 3, 4}, out};
    for (int i = 0; i < 24; i++) x[i] = (float)i;
    return tnn_model_run(model, &input, &output, NULL);
}

/* (2 x) * 0.5 + sum(2 x) */
static void runs_by_its_text(void **state) {
    (void)state;
    tnn_model *model = NULL;
    float y[24] = {0};
    assert_int_equal(build(&model), TNN_OK);
    assert_int_equal(run(model, y), TNN_OK);
    for (int i = 0; i < 24; i++) assert_true(y[i] == (float)(i + 552));
    tnn_model_free(model);
}

static tnn_status everything(const char *path) {
    tnn_model *model = NULL;
    float y[24];
    TNN_TRY(build(&model));
    tnn_status status = run(model, y);
    if (status == TNN_OK) status = tnn_model_convert(model, path, NULL, NULL, NULL, NULL);
    tnn_model_free(model);
    return status;
}

static void fails_cleanly_without_memory(void **state) {
    (void)state;
    char path[] = "/tmp/test_custom_XXXXXX";
    int file = mkstemp(path);
    tnn_status status = TNN_ERR_NOMEM;
    size_t k = 1;
    assert_true(file >= 0);
    close(file);
    for (; status != TNN_OK; k++) {
        tnn_alloc_fail_after(k);
        status = everything(path);
        tnn_alloc_fail_after(0);
        assert_true(status == TNN_OK || status == TNN_ERR_NOMEM);
    }
    assert_true(k > 10);
    unlink(path);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(is_a_node), cmocka_unit_test(runs_by_its_text),
                                       cmocka_unit_test(fails_cleanly_without_memory)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
