/* Calls of operators: which meaning they get, how arguments are bound, and that every text evaluates. */
#include "eval_fixture.h"

#include <string.h>

#include "eval/frame.h"
#include "ops/composites.h"
#include "ops/list.h"

#define PROGRAM(body) "def main(x):\n    " body "\n"

static int open_image(void **state) {
    if (fixture_open(state) != 0) return -1;
    fixture_input("x", TNN_DTYPE_F32, 4, (const int64_t[]){1, 2, 4, 4});
    return 0;
}

static int open_image_expanding(void **state) {
    if (fixture_expanding(state) != 0) return -1;
    fixture_input("x", TNN_DTYPE_F32, 4, (const int64_t[]){1, 2, 4, 4});
    return 0;
}

static void knows(void **state) {
    (void)state;
    static const char *const known[][2] = {
        {"conv2d", "default"}, {"conv2d", "padding"}, {"add", "Tensor"},    {"add_", "Tensor"}, {"hardtanh_", "default"},
        {"silu", "default"},   {"silu_", "default"},  {"view", "default"},  {"t", "default"},   {"sym_size", "int"},
        {"_operator.mul", ""}, {"split", ""},         {"copy_", "default"}, {"full", "default"}};
    static const char *const unknown[][2] = {
        {"unheard_of", "input"}, {"view_", "default"}, {"select_", "int"}, {"view_copy_", ""},
        {"nothing", ""},         {"_", ""},            {"relu__", ""},     {"", ""}};
    for (size_t k = 0; k < sizeof(known) / sizeof(known[0]); k++)
        if (!tnn_interp_knows(fix.interp, known[k][0], known[k][1])) fail_msg("%s.%s is not known", known[k][0], known[k][1]);
    for (size_t k = 0; k < sizeof(unknown) / sizeof(unknown[0]); k++)
        if (tnn_interp_knows(fix.interp, unknown[k][0], unknown[k][1])) fail_msg("%s.%s is known", unknown[k][0], unknown[k][1]);
}

static void names_the_unknown(void **state) {
    (void)state;
    tnn_obj out;
    assert_int_equal(tnn_interp_call(fix.interp, "unheard_of", "input", fix.inputs, 1, NULL, 0, &out, &fix.err),
                     TNN_ERR_UNSUPPORTED);
    assert_string_equal(fix.err.message, "operator aten.unheard_of.input is not supported");
}

/* The text parses to one function that takes as many arguments as the signature says. */
static void check_text(const char *signature, const char *text) {
    tnn_schema *schema;
    const tnn_name *name = NULL;
    if (tnn_schema_parse(&schema, fix.model->arena, signature, &fix.err) != TNN_OK ||
        tnn_run_definition(fix.interp, text, &name, &fix.err) != TNN_OK)
        fail_msg("%s: %s", signature, fix.err.message);
    if (name->function->n_params != schema->n_args) fail_msg("%s: the text takes other arguments", signature);
}

static void texts_fit_signatures(void **state) {
    (void)state;
    const tnn_spelling_row *row;
    for (size_t k = 0; (row = tnn_spelling_at(k)) != NULL; k++) check_text(row->signature, row->text);
    for (size_t k = 0; k < TNN_COMPOSITE_COUNT; k++)
        check_text(tnn_composite_rows[k]->op.signature, tnn_composite_rows[k]->text);
}

static void spells_convolutions(void **state) {
    (void)state;
    fixture_expect_nodes(PROGRAM("return torch.conv2d(x, torch.full([3, 2, 2, 3], 1.0), None, 1, 'same')"),
                         "%full: float32[3, 2, 2, 3] = full(size=[3, 2, 2, 3], fill_value=1.0, dtype=float32)\n"
                         "%convolution: float32[1, 3, 4, 4] = convolution(%x, %full, None, stride=[1, 1], "
                         "padding=[0, 1, 1, 1], dilation=[1, 1], transposed=False, output_padding=[0, 0], groups=1)\n");
}

static void finds_linear_again(void **state) {
    (void)state;
    fixture_expect_nodes(PROGRAM("w = torch.full([5, 32], 1.0)\n"
                                 "    return torch.addmm(torch.zeros([5]), x.view(1, -1), w.t())"),
                         "%full: float32[5, 32] = full(size=[5, 32], fill_value=1.0, dtype=float32)\n"
                         "%full_1: float32[5] = full(size=[5], fill_value=0, dtype=float32)\n"
                         "%reshape: float32[1, 32] = reshape(%x, shape=[1, 32])\n"
                         "%linear: float32[1, 5] = linear(%reshape, %full, %full_1)\n");
}

static void keeps_composites(void **state) {
    (void)state;
    fixture_expect_nodes(PROGRAM("return torch.silu(x)"), "%silu: float32[1, 2, 4, 4] = silu(%x)\n");
}

static void expands_composites(void **state) {
    (void)state;
    fixture_expect_nodes(PROGRAM("return torch.silu_(x)"),
                         "%sigmoid: float32[1, 2, 4, 4] = sigmoid(%x)\n"
                         "%mul: float32[1, 2, 4, 4] = mul(%x, %sigmoid)\n");
}

static void chooses_overloads(void **state) {
    (void)state;
    fixture_graph(PROGRAM("a = torch.split(x, 2, 2)[1]\n"
                          "    b = torch.split(x, [1, 3], 2)[1]\n"
                          "    c = x.to(torch.float16)\n"
                          "    d = x.to('cpu', torch.float16)\n"
                          "    e = x.to(c)\n"
                          "    assert a.shape == (1, 2, 2, 4) and b.shape == (1, 2, 3, 4)\n"
                          "    assert c.dtype == d.dtype == e.dtype == torch.float16\n"
                          "    assert x.sum().dim() == 0 and x.mean(1).dim() == 3 and x.mean([1, 2], True).dim() == 4\n"
                          "    return a"));
}

/* The origin goes onto every node of the call, a view's own onto the view's node. */
static void keeps_origins(void **state) {
    (void)state;
    tnn_obj view, out, args[2] = {fix.inputs[0]};
    tnn_source flatten = {.file = "model.py", .line = 3, .text = "x.flatten()"};
    tnn_source activate = {.file = "model.py", .line = 4, .text = "act(x)"};
    tnn_interp_set_origin(fix.interp, "flat", "net.flat", flatten);
    assert_int_equal(tnn_interp_call(fix.interp, "flatten", "using_ints", fix.inputs, 1, NULL, 0, &view, &fix.err), TNN_OK);
    tnn_interp_set_origin(fix.interp, "act", "net.act", activate);
    args[0] = view;
    assert_int_equal(tnn_interp_call(fix.interp, "relu", "default", args, 1, NULL, 0, &out, &fix.err), TNN_OK);
    assert_string_equal(fix.graph->first->scope, "net.flat");
    assert_string_equal(fix.graph->first->outputs[0]->name, "flat");
    assert_int_equal(fix.graph->first->source.line, 3);
    assert_string_equal(fix.graph->last->scope, "net.act");
}

static void binds_keywords(void **state) {
    (void)state;
    tnn_obj out, args[] = {fix.inputs[0], tnn_obj_float(6), tnn_obj_int(tnn_size_const(0))};
    const char *const keywords[] = {"max_val", "min_val"};
    assert_int_equal(tnn_interp_call(fix.interp, "hardtanh", "default", args, 3, keywords, 2, &out, &fix.err), TNN_OK);
    assert_int_equal(tnn_node_arg(fix.graph->last, "min")->kind, TNN_ARG_INT);
    assert_true(tnn_arg_number(tnn_node_arg(fix.graph->last, "max")) == 6);
}

static void refuses(void **state) {
    static const struct {
        const char *text;
        tnn_status code;
        const char *part;
    } cases[] = {
        {PROGRAM("return torch.relu(x, x)"), TNN_ERR_INVALID, "takes 1 positional arguments, 2 are given"},
        {PROGRAM("return torch.relu()"), TNN_ERR_INVALID, "argument `self` is missing"},
        {PROGRAM("return torch.relu(x, self=x)"), TNN_ERR_INVALID, "argument `self` is given twice"},
        {PROGRAM("return torch.relu(x, inplace=True)"), TNN_ERR_INVALID, "has no argument `inplace`"},
        {PROGRAM("return torch.relu(None)"), TNN_ERR_INVALID, "argument `self` is a None, expected Tensor"},
        {PROGRAM("return torch.cat([x, 1])"), TNN_ERR_INVALID, "argument `tensors` is a int, expected a list of Tensor"},
        {PROGRAM("return torch.native_dropout(x, 0.5, False)[1] + 1"), TNN_ERR_UNSUPPORTED,
         "not supported: the mask of a dropout"},
        {PROGRAM("return x if x else x"), TNN_ERR_UNSUPPORTED, "a decision on the content of a tensor"},
        {PROGRAM("return torch.no_such(x)"), TNN_ERR_UNSUPPORTED, "operator aten.no_such is not supported"},
        {PROGRAM("return torch.rrelu(x, training=True)"), TNN_ERR_UNSUPPORTED, "draws random numbers"},
        {PROGRAM("return torch.conv2d(x, x, None, 2, 'same')"), TNN_ERR_INVALID, "padding 'same' with a stride"},
        {PROGRAM("return x['a']"), TNN_ERR_UNSUPPORTED, "an index of a tensor of type str"},
    };
    for (size_t k = 0; k < sizeof(cases) / sizeof(cases[0]); k++) {
        fixture_close(state);
        assert_int_equal(open_image(state), 0);
        fixture_expect_error(cases[k].text, cases[k].code, cases[k].part);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_image, fixture_close)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(knows),
        TEST(names_the_unknown),
        TEST(texts_fit_signatures),
        TEST(spells_convolutions),
        TEST(finds_linear_again),
        TEST(keeps_composites),
        cmocka_unit_test_setup_teardown(expands_composites, open_image_expanding, fixture_close),
        TEST(chooses_overloads),
        TEST(keeps_origins),
        TEST(binds_keywords),
        TEST(refuses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
