/* From .pt2 archives to models: what is read, and what the user gives for the sizes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "ir/graph.h"
#include "ir/recipe.h"
#include "make_pt2.h"
#include "read/pt2_graph.h"
#include "tinynn/model.h"

#define SYMBOL(name, hint)                                                                         \
    "{\"as_expr\": {\"expr_str\": \"Symbol('" name "', positive=True, integer=True)\", "           \
    "\"hint\": {\"as_int\": " #hint "}}}"

static int remove_file(void **state) {
    (void)state;
    pt2_remove();
    return 0;
}

static tnn_model *load_with(const made_pt2 *made, const tnn_input_spec *inputs, size_t n) {
    tnn_load_options options = tnn_load_options_default();
    options.inputs = inputs;
    options.n_inputs = n;
    tnn_model *model = NULL;
    tnn_error err = {.message = ""};
    tnn_status status = tnn_model_load(&model, pt2_file(made), &options, NULL, &err);
    assert_string_equal(status == TNN_OK ? "" : err.message, "");
    return model;
}

static tnn_model *load(const made_pt2 *made) { return load_with(made, NULL, 0); }

static void expect_error(const made_pt2 *made, const tnn_input_spec *inputs, size_t n, tnn_status code,
                         const char *text) {
    tnn_load_options options = tnn_load_options_default();
    options.inputs = inputs;
    options.n_inputs = n;
    tnn_model *model = NULL;
    tnn_error err = {.message = ""};
    tnn_status status = tnn_model_load(&model, pt2_file(made), &options, NULL, &err);
    if (strstr(err.message, text) == NULL) assert_string_equal(err.message, text);
    assert_int_equal(status, code);
    assert_non_null(strstr(err.where, "made.pt2"));
    assert_null(model);
}

static void expect_graph(const tnn_model *model, const char *expected) {
    char *text = NULL;
    assert_int_equal(tnn_model_text(model, &text, NULL), TNN_OK);
    assert_string_equal(text, expected);
    tnn_text_free(text);
}

static void reads_a_layer(void **state) {
    (void)state;
    made_pt2 made = {.nodes = NULL};
    tnn_model *model = load(&made);
    expect_graph(model, "input %x: float32[2, 4]\n"
                        "const %fc.weight: float32[3, 4]\n"
                        "%linear: float32[2, 3] = linear(%x, %fc.weight)  # block.fc\n"
                        "output %linear as \"linear\"\n");
    const tnn_node *node = model->graphs[0]->first;
    assert_string_equal(node->name, "linear");
    assert_string_equal(node->source.file, "me/model.py");
    assert_int_equal(node->source.line, 12);
    assert_string_equal(node->source.text, "x = self.fc(x)");
    assert_true(tnn_arg_tensor(&node->args[1])->is_parameter);
    assert_int_equal(tnn_model_n_inputs(model), 1);
    assert_int_equal(tnn_model_n_outputs(model), 1);
    assert_string_equal(tnn_model_output(model, 0).name, "linear");
    assert_int_equal(tnn_model_output(model, 0).dims[1], 3);
    assert_int_equal(tnn_model_n_warnings(model), 0);
    tnn_model_free(model);
}

static void reads_deflated_entries(void **state) {
    (void)state;
    made_pt2 made = {.deflate = 1};
    tnn_model *model = load(&made);
    double *numbers = NULL;
    const tnn_value *weight = tnn_arg_tensor(&model->graphs[0]->first->args[1]);
    assert_int_equal(tnn_recipe_numbers(&numbers, model->arena, weight->constant, NULL), TNN_OK);
    for (int i = 0; i < 12; i++) assert_true(numbers[i] == i);
    tnn_model_free(model);
}

/* Two names of one window are one value; another window on the same storage is another. */
static void shares_tied_weights(void **state) {
    (void)state;
    made_pt2 made = {
        .inputs = PARAMETER("a", "a") "," PARAMETER("b", "b") "," PARAMETER("t", "t") "," USER_INPUT("x"),
        .weights = WEIGHT("a", 0, INT(2) "," INT(4), INT(4) "," INT(1)) ","
                   WEIGHT("b", 0, INT(2) "," INT(4), INT(4) "," INT(1)) ","
                   WEIGHT("t", 1, INT(2) "," INT(4), INT(1) "," INT(2)),
        .nodes = NODE("aten.add.Tensor", "add", ARG("self", NAMED("a")) "," ARG("other", NAMED("b"))) ","
                 NODE("aten.add.Tensor", "add_1", ARG("self", NAMED("add")) "," ARG("other", NAMED("t"))),
        .values = "\"x\": " TENSOR(INT(2), INT(1)),
        .outputs = USER_OUTPUT("add_1"),
    };
    tnn_model *model = load(&made);
    expect_graph(model, "input %x: float32[2]\n"
                        "const %a: float32[2, 4]\n"
                        "const %t: float32[2, 4]\n"
                        "%add: float32[2, 4] = add(%a, %a)  # block.fc\n"
                        "%add_1: float32[2, 4] = add(%add, %t)  # block.fc\n"
                        "output %add_1 as \"add_1\"\n");
    double *numbers = NULL;
    const tnn_value *window = tnn_arg_tensor(&model->graphs[0]->last->args[1]);
    assert_int_equal(tnn_recipe_numbers(&numbers, model->arena, window->constant, NULL), TNN_OK);
    for (int i = 0; i < 8; i++) assert_true(numbers[i] == 1 + i / 4 + 2 * (i % 4));
    tnn_model_free(model);
}

/* Strides count: PyTorch has no view of a transposed tensor as one row. New sizes get strides in the old order. */
static void keeps_strides(void **state) {
    (void)state;
    made_pt2 weight = {
        .inputs = PARAMETER("t", "t") "," USER_INPUT("x"),
        .weights = WEIGHT("t", 0, INT(2) "," INT(4), INT(1) "," INT(2)),
        .nodes = NODE("aten.view.default", "linear", ARG("self", NAMED("t")) ","
                      ARG("size", "{\"as_ints\": [8]}")),
        .values = "\"x\": " TENSOR(INT(2), INT(1)) ", \"linear\": " TENSOR(INT(8), INT(1)),
    };
    expect_error(&weight, NULL, 0, TNN_ERR_MALFORMED, "view");
    made_pt2 input = {
        .nodes = NODE("aten.view.default", "linear", ARG("self", NAMED("x")) ","
                      ARG("size", "{\"as_ints\": [-1]}")),
    };
    tnn_input_spec spec = {.name = "x", .rank = 2, .dims = {2, 6}};
    tnn_model *model = load_with(&input, &spec, 1);
    assert_int_equal(tnn_model_output(model, 0).dims[0], 12);
    tnn_model_free(model);
    input.values = "\"x\": " TENSOR(INT(2) "," INT(4), INT(1) "," INT(2));
    expect_error(&input, &spec, 1, TNN_ERR_INVALID, "view");
}

static const made_pt2 dynamic = {
    .values = "\"x\": " TENSOR(SYMBOL("s0", 2) "," INT(4), INT(4) "," INT(1)) ", \"linear\": "
              TENSOR(SYMBOL("s0", 2) "," INT(3), INT(3) "," INT(1)),
    .ranges = "\"s0\": {\"min_val\": 2, \"max_val\": 9}",
};

static void keeps_symbols(void **state) {
    (void)state;
    tnn_model *model = load(&dynamic);
    expect_graph(model, "input %x: float32[s0, 4]\n"
                        "const %fc.weight: float32[3, 4]\n"
                        "%linear: float32[s0, 3] = linear(%x, %fc.weight)  # block.fc\n"
                        "output %linear as \"linear\"\n");
    assert_int_equal(tnn_model_input(model, 0).dims[0], 2);
    tnn_model_free(model);
}

static void takes_sizes_of_the_user(void **state) {
    (void)state;
    tnn_input_spec spec = {.name = "x", .rank = 2, .dims = {5, 4}};
    tnn_model *model = load_with(&dynamic, &spec, 1);
    assert_int_equal(tnn_model_output(model, 0).dims[0], 5);
    tnn_model_free(model);
    spec.name = NULL;
    spec.dtype = TNN_DTYPE_F32;
    made_pt2 fixed = {.nodes = NULL};
    model = load_with(&fixed, &spec, 1);
    expect_graph(model, "input %x: float32[5, 4]\n"
                        "const %fc.weight: float32[3, 4]\n"
                        "%linear: float32[5, 3] = linear(%x, %fc.weight)  # block.fc\n"
                        "output %linear as \"linear\"\n");
    tnn_model_free(model);
}

static void refuses_sizes_that_do_not_fit(void **state) {
    (void)state;
    tnn_input_spec spec = {.name = "y", .rank = 2, .dims = {5, 4}};
    expect_error(&dynamic, &spec, 1, TNN_ERR_INVALID, "the model has no input \"y\"; it has: x");
    spec.name = "x";
    spec.dims[0] = 10;
    expect_error(&dynamic, &spec, 1, TNN_ERR_INVALID, "size s0 is 10, the program was exported for 2 to 9");
    spec.dims[0] = 5;
    spec.dims[1] = 6;
    expect_error(&dynamic, &spec, 1, TNN_ERR_INVALID, "linear");
    spec.rank = 3;
    expect_error(&dynamic, &spec, 1, TNN_ERR_INVALID, "input x has 2 dimensions, 3 are given");
    spec.rank = 2;
    spec.dtype = TNN_DTYPE_I8;
    expect_error(&dynamic, &spec, 1, TNN_ERR_INVALID, "input x is float32, int8 is given");
    tnn_input_spec two[2] = {{.rank = 2, .dims = {5, 4}}, {.rank = 2, .dims = {5, 4}}};
    expect_error(&dynamic, two, 2, TNN_ERR_INVALID, "sizes are given for more than the 1 inputs");
    two[1].name = "x";
    expect_error(&dynamic, two, 2, TNN_ERR_INVALID, "sizes of input x are given twice");
}

/* A file may come without example sizes; then the user must give them. */
static void asks_for_missing_sizes(void **state) {
    (void)state;
    static const char size[] = "{\"as_expr\": {\"expr_str\": \"Symbol('s0')\", \"hint\": null}}";
    char values[600];
    snprintf(values, sizeof values,
             "\"x\": {\"dtype\": 7, \"sizes\": [%s, " INT(4) "], \"strides\": [" INT(4) ", " INT(1)
             "], \"storage_offset\": " INT(0) ", \"layout\": 7}", size);
    made_pt2 made = {.values = values};
    expect_error(&made, NULL, 0, TNN_ERR_UNSUPPORTED, "input x: the file has no example for size s0");
    tnn_input_spec spec = {.name = "x", .rank = 2, .dims = {5, 4}};
    tnn_model *model = load_with(&made, &spec, 1);
    assert_int_equal(tnn_model_output(model, 0).dims[0], 5);
    tnn_model_free(model);
}

/* Everything that is missing is listed, the known but impossible too. */
static void lists_all_lacks(void **state) {
    (void)state;
    made_pt2 made = {
        .nodes = NODE("aten.no_such.out", "a", ARG("self", NAMED("x"))) ","
                 NODE("aten.rrelu.default", "d", ARG("self", NAMED("a")) "," ARG("lower", "{\"as_float\": 0.1}") ","
                      ARG("upper", "{\"as_float\": 0.3}") "," ARG("training", "{\"as_bool\": true}")) ","
                 NODE("mine.own.default", "b", ARG("self", NAMED("d"))) ","
                 NODE("aten.no_such.out", "linear", ARG("self", NAMED("b"))),
        .values = "\"x\": " TENSOR(INT(2), INT(1)) ", \"a\": " TENSOR(INT(2), INT(1)) ", \"b\": "
                  TENSOR(INT(2), INT(1)) ", \"d\": " TENSOR(INT(2), INT(1)) ", \"linear\": " TENSOR(INT(2), INT(1)),
    };
    tnn_model *model = NULL;
    tnn_lacks lacks;
    tnn_error err;
    assert_int_equal(tnn_model_load(&model, pt2_file(&made), NULL, &lacks, &err), TNN_ERR_UNSUPPORTED);
    assert_string_equal(err.message, "3 operators are not supported: aten.no_such.out (2), mine.own.default (1), "
                                     "aten.rrelu.default (1)");
    assert_int_equal(lacks.n, 3);
    assert_string_equal(lacks.items[0].op, "aten.no_such.out");
    assert_int_equal(lacks.items[0].count, 2);
    assert_string_equal(lacks.items[0].scope, "block.fc");
    assert_string_equal(lacks.items[0].source, "me/model.py:12: x = self.fc(x)");
    assert_non_null(strstr(lacks.items[2].reason, "random numbers"));
    tnn_lacks_free(&lacks);
    assert_int_equal(lacks.n, 0);
}

static void refuses_contradictions(void **state) {
    (void)state;
    made_pt2 type = {.values = "\"x\": " TENSOR(INT(2) "," INT(4), INT(4) "," INT(1)) ", \"linear\": "
                               TENSOR(INT(2) "," INT(4), INT(4) "," INT(1))};
    expect_error(&type, NULL, 0, TNN_ERR_MALFORMED,
                 "tensor_values.linear: the file says float32[2, 4], the program gives float32[2, 3]");
    made_pt2 name = {.nodes = NODE("aten.relu.default", "linear", ARG("self", NAMED("y")))};
    expect_error(&name, NULL, 0, TNN_ERR_MALFORMED, "\"y\" is used before anything gives it a value");
    made_pt2 call = {.nodes = NODE("aten.linear.default", "linear", ARG("input", NAMED("x")))};
    expect_error(&call, NULL, 0, TNN_ERR_MALFORMED, "weight");
    made_pt2 missing = {.weights = WEIGHT("fc.bias", 0, INT(3), INT(1))};
    expect_error(&missing, NULL, 0, TNN_ERR_MALFORMED, "no data for \"fc.weight\"");
    made_pt2 window = {.weights = WEIGHT("fc.weight", 1, INT(3) "," INT(4), INT(4) "," INT(1))};
    expect_error(&window, NULL, 0, TNN_ERR_MALFORMED, "\"fc.weight\"");
    made_pt2 two = {.outputs = USER_OUTPUT("nothing")};
    expect_error(&two, NULL, 0, TNN_ERR_MALFORMED, "\"nothing\" is used before");
}

static void refuses_by_name(void **state) {
    (void)state;
    made_pt2 mutation = {.outputs = "{\"user_input_mutation\": {\"arg\": {\"name\": \"linear\"}, "
                                    "\"user_input_name\": \"x\"}}," USER_OUTPUT("linear")};
    expect_error(&mutation, NULL, 0, TNN_ERR_UNSUPPORTED, "input \"x\" is written in place");
    made_pt2 pickled = {.weights = "\"fc.weight\": {\"path_name\": \"weight_0\", \"use_pickle\": true}"};
    expect_error(&pickled, NULL, 0, TNN_ERR_UNSUPPORTED, "pickled");
    made_pt2 schema = {.schema = "{\"major\": 9, \"minor\": 0}"};
    expect_error(&schema, NULL, 0, TNN_ERR_UNSUPPORTED, "schema 9.0 (torch 2.13.0), tinynn reads schema 8");
    made_pt2 order = {.byteorder = "big"};
    expect_error(&order, NULL, 0, TNN_ERR_UNSUPPORTED, "byteorder is \"big\", expected \"little\"");
    made_pt2 version = {.archive_version = "1"};
    expect_error(&version, NULL, 0, TNN_ERR_UNSUPPORTED, "archive_version is \"1\"");
    made_pt2 old = {.no_weights_config = 1, .extra_name = "m/data/weights/model.pt"};
    expect_error(&old, NULL, 0, TNN_ERR_MALFORMED, "zip archive has no end record");
    made_pt2 two = {.extra_name = "m/models/other.json"};
    tnn_model *model = NULL;
    assert_int_equal(tnn_model_load(&model, pt2_file(&two), NULL, NULL, NULL), TNN_OK);
    tnn_model_free(model);
}

/* relu_ on the input, whose result is the output. */
static const made_pt2 writes_input = {
    .nodes = NODE("aten.relu_.default", "linear", ARG("self", NAMED("x"))),
    .values = "\"x\": " TENSOR(INT(2), INT(1)) ", \"linear\": " TENSOR(INT(2), INT(1)),
};

static tnn_model *load_written(const made_pt2 *made, tnn_written inputs, tnn_written buffers) {
    tnn_load_options options = tnn_load_options_default();
    options.written_inputs = inputs;
    options.written_buffers = buffers;
    tnn_model *model = NULL;
    tnn_error err = {.message = ""};
    tnn_status status = tnn_model_load(&model, pt2_file(made), &options, NULL, &err);
    assert_string_equal(status == TNN_OK ? "" : err.message, "");
    return model;
}

static void refuses_written_inputs(void **state) {
    (void)state;
    expect_error(&writes_input, NULL, 0, TNN_ERR_UNSUPPORTED,
                 "input \"x\" is written in place; a converted model cannot change its inputs");
}

static void ignores_written_inputs(void **state) {
    (void)state;
    tnn_model *model = load_written(&writes_input, TNN_WRITTEN_IGNORE, TNN_WRITTEN_IGNORE);
    assert_int_equal(tnn_model_n_outputs(model), 1);
    assert_int_equal(tnn_model_n_warnings(model), 1);
    assert_non_null(strstr(tnn_model_warning(model, 0), "input \"x\" is changed by the program"));
    tnn_model_free(model);
}

static void returns_written_inputs(void **state) {
    (void)state;
    tnn_model *model = load_written(&writes_input, TNN_WRITTEN_RETURN, TNN_WRITTEN_IGNORE);
    assert_int_equal(tnn_model_n_outputs(model), 2);
    assert_string_equal(tnn_model_output(model, 1).name, "x_written");
    assert_int_equal(tnn_model_n_warnings(model), 0);
    tnn_model_free(model);
    made_pt2 only = writes_input;
    only.outputs = "{\"user_output\": {\"arg\": {\"as_none\": true}}}";
    model = load_written(&only, TNN_WRITTEN_RETURN, TNN_WRITTEN_IGNORE);
    assert_int_equal(tnn_model_n_outputs(model), 1);
    tnn_model_free(model);
}

static void settles_buffers(void **state) {
    (void)state;
    made_pt2 buffer = {.outputs = "{\"buffer_mutation\": {\"arg\": {\"name\": \"linear\"}, \"buffer_name\": \"n\"}},"
                                  USER_OUTPUT("linear")};
    tnn_model *model = load(&buffer);
    assert_int_equal(tnn_model_n_warnings(model), 1);
    assert_non_null(strstr(tnn_model_warning(model, 0), "buffer \"n\" is changed"));
    tnn_model_free(model);
    model = load_written(&buffer, TNN_WRITTEN_REFUSE, TNN_WRITTEN_RETURN);
    assert_int_equal(tnn_model_n_outputs(model), 2);
    assert_string_equal(tnn_model_output(model, 0).name, "linear");
    assert_string_equal(tnn_model_output(model, 1).name, "n_written");
    tnn_model_free(model);
}

/* An input may be an output, None is left out. */
static void takes_any_output(void **state) {
    (void)state;
    made_pt2 made = {.outputs = USER_OUTPUT("x") ", {\"user_output\": {\"arg\": {\"as_none\": true}}}, "
                                USER_OUTPUT("p_w") "," USER_OUTPUT("x")};
    tnn_model *model = load(&made);
    assert_int_equal(tnn_model_n_outputs(model), 3);
    assert_int_equal(tnn_model_output(model, 1).dims[0], 3);
    tnn_model_free(model);
}

/* Everything that tnn_model_load does, on bytes. */
static tnn_status load_bytes(const void *bytes, size_t size) {
    tnn_load_options options = tnn_load_options_default();
    tnn_file *file = NULL;
    tnn_model *model = NULL;
    tnn_lacks lacks = {0};
    tnn_pt2 pt2;
    tnn_status status = tnn_file_from_bytes(&file, "bytes.pt2", bytes, size, NULL);
    if (status != TNN_OK) return status;
    status = tnn_pt2_open_file(&pt2, file, &options, NULL);
    if (status == TNN_OK) status = tnn_pt2_to_model(&model, &pt2, &options, &lacks, NULL);
    tnn_lacks_free(&lacks);
    tnn_model_free(model);
    tnn_pt2_close(&pt2);
    tnn_file_free(file);
    return status;
}

static void survives_damage(void **state) {
    (void)state;
    static made_zip zip;
    pt2_make(&zip, &dynamic);
    assert_int_equal(load_bytes(zip.bytes, zip.size), TNN_OK);
    for (size_t size = 0; size < zip.size; size++) assert_int_not_equal(load_bytes(zip.bytes, size), TNN_OK);
    for (size_t i = 0; i < zip.size; i++) {
        zip.bytes[i] ^= (uint8_t)(1u << (i % 8));
        assert_int_not_equal(load_bytes(zip.bytes, zip.size), TNN_ERR_INTERNAL);
        zip.bytes[i] ^= (uint8_t)(1u << (i % 8));
    }
}

static void survives_lack_of_memory(void **state) {
    (void)state;
    static made_zip zip;
    pt2_make(&zip, &dynamic);
    tnn_status status = TNN_ERR_NOMEM;
    for (size_t k = 1; status != TNN_OK; k++) {
        tnn_alloc_fail_after(k);
        status = load_bytes(zip.bytes, zip.size);
        tnn_alloc_fail_after(0);
        assert_true(status == TNN_OK || status == TNN_ERR_NOMEM);
    }
}

#define TEST(name) cmocka_unit_test_teardown(name, remove_file)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(reads_a_layer),
        TEST(reads_deflated_entries),
        TEST(shares_tied_weights),
        TEST(keeps_strides),
        TEST(keeps_symbols),
        TEST(takes_sizes_of_the_user),
        TEST(refuses_sizes_that_do_not_fit),
        TEST(asks_for_missing_sizes),
        TEST(lists_all_lacks),
        TEST(refuses_contradictions),
        TEST(refuses_by_name),
        TEST(refuses_written_inputs),
        TEST(ignores_written_inputs),
        TEST(returns_written_inputs),
        TEST(settles_buffers),
        TEST(takes_any_output),
        TEST(survives_damage),
        TEST(survives_lack_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
