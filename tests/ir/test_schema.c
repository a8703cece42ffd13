/* Signatures as ATen writes them. */
#include "graph_fixture.h"

#include "base/alloc.h"

static tnn_arena *arena;

static int open_arena(void **state) {
    (void)state;
    arena = tnn_arena_new();
    return arena ? 0 : -1;
}

static int close_arena(void **state) {
    (void)state;
    tnn_arena_free(arena);
    return 0;
}

static tnn_schema *parse(const char *text) {
    tnn_schema *schema;
    tnn_error err;
    if (tnn_schema_parse(&schema, arena, text, &err) != TNN_OK) fail_msg("%s at %d", err.message, (int)err.position);
    return schema;
}

static void convolution(void **state) {
    (void)state;
    const tnn_schema *s = parse("conv2d.padding(Tensor input, Tensor weight, Tensor? bias=None, SymInt[2] stride=1, "
                                "str padding=\"valid\", SymInt[2] dilation=[2, 3], SymInt groups=1) -> Tensor");
    assert_string_equal(s->name, "conv2d.padding");
    assert_int_equal(s->n_args, 7);
    assert_int_equal(s->n_returns, 1);
    assert_string_equal(s->args[2].name, "bias");
    assert_true(s->args[2].type.optional);
    assert_true(s->args[2].has_default);
    assert_int_equal(s->args[2].default_value->kind, TNN_ARG_NONE);
    assert_int_equal(s->args[3].type.fixed_n, 2);
    assert_int_equal(s->args[3].default_value->n, 2);
    assert_int_equal(s->args[3].default_value->as.sizes[1].hint, 1);
    assert_string_equal(s->args[4].default_value->as.text, "valid");
    assert_int_equal(s->args[5].default_value->as.sizes[1].hint, 3);
    assert_int_equal(tnn_arg_int(s->args[6].default_value), 1);
    assert_false(s->args[0].has_default);
    assert_int_equal(tnn_schema_find(s, "groups"), 6);
    assert_int_equal(tnn_schema_find(s, "group"), -1);
}

static void kinds_of_types(void **state) {
    (void)state;
    const tnn_schema *s = parse("aten::f.out(Tensor(a!) self, Tensor(a) view, Tensor?[] indices, int[]? dim=None, "
                                "Tensor|Scalar other, *, Generator? generator=None, Layout layout=strided, "
                                "Tensor(b -> *) c) -> (Tensor(a!) values, Tensor[])");
    assert_true(s->args[0].written);
    assert_false(s->args[0].alias);
    assert_true(s->args[1].alias);
    assert_true(s->args[2].type.list && s->args[2].type.item_optional && !s->args[2].type.optional);
    assert_true(s->args[3].type.list && s->args[3].type.optional && !s->args[3].type.item_optional);
    assert_int_equal(s->args[4].type.base, TNN_TYPE_OPERAND);
    assert_false(s->args[4].keyword_only);
    assert_true(s->args[5].keyword_only);
    assert_int_equal(s->args[5].type.base, TNN_TYPE_ANY);
    assert_int_equal(s->args[6].default_value->kind, TNN_ARG_NONE);
    assert_int_equal(s->n_returns, 2);
    assert_true(s->returns[1].list);
    assert_int_equal(parse("f() -> ()")->n_returns, 0);
    assert_int_equal(parse("f() -> Tensor[]")->n_args, 0);
}

static void defaults(void **state) {
    (void)state;
    const tnn_schema *s = parse("f(float eps=1e-05, Scalar alpha=1, Scalar beta=1.0, bool on=True, int reduction=Mean, "
                                "int dim=-1, SymInt[] stride=[], int[1] pad=0, int[] free=0, str mode='constant', "
                                "MemoryFormat? memory_format=contiguous_format, ScalarType dtype=long, float low=-inf, "
                                "float[]? factors=None, bool[3] mask=[True, False, True], float one=1, "
                                "int sum=Sum) -> Tensor");
    const tnn_schema_arg *a = s->args;
    assert_true(a[0].default_value->as.number == 1e-05);
    assert_int_equal(a[1].default_value->kind, TNN_ARG_INT);
    assert_int_equal(a[2].default_value->kind, TNN_ARG_FLOAT);
    assert_true(tnn_arg_bool(a[3].default_value));
    assert_int_equal(tnn_arg_int(a[4].default_value), 1);
    assert_int_equal(tnn_arg_int(a[5].default_value), -1);
    assert_int_equal(a[6].default_value->kind, TNN_ARG_INTS);
    assert_int_equal(a[6].default_value->n, 0);
    assert_int_equal(a[7].default_value->n, 1);
    assert_int_equal(a[8].default_value->n, 1);
    assert_string_equal(a[9].default_value->as.text, "constant");
    assert_int_equal(a[10].default_value->kind, TNN_ARG_MEMORY_FORMAT);
    assert_int_equal(tnn_arg_int(a[11].default_value), TNN_DTYPE_I64);
    assert_true(a[12].default_value->as.number < -1e308);
    assert_int_equal(a[13].default_value->kind, TNN_ARG_NONE);
    assert_int_equal(a[14].default_value->n, 3);
    assert_int_equal(a[14].default_value->as.bools[1], 0);
    assert_int_equal(a[15].default_value->kind, TNN_ARG_FLOAT);
    assert_int_equal(tnn_arg_int(a[16].default_value), 2);
}

static void check_refused(const char *text, uint64_t position, const char *message) {
    tnn_schema *schema;
    tnn_error err;
    assert_int_equal(tnn_schema_parse(&schema, arena, text, &err), TNN_ERR_MALFORMED);
    assert_null(schema);
    assert_string_equal(err.message, message);
    assert_int_equal(err.position, position);
}

static void refuses(void **state) {
    (void)state;
    check_refused("", 0, "found \"\", expected a name");
    check_refused("f", 1, "found \"\", expected (");
    check_refused("f(Tenso x) -> Tensor", 2, "found \"Tenso x) -> Tensor\", expected a type");
    check_refused("f(Tensor) -> Tensor", 8, "found \") -> Tensor\", expected a name");
    check_refused("f(Tensor x) Tensor", 12, "found \"Tensor\", expected ->");
    check_refused("f(Tensor x) -> Tensor x", 22, "found \"x\", expected the end");
    check_refused("f(int x=) -> Tensor", 8, "found \") -> Tensor\", expected a number");
    check_refused("f(int x=1.5) -> Tensor", 11, "found \") -> Tensor\", expected an int");
    check_refused("f(str x='a) -> Tensor", 8, "found \"'a) -> Tensor\", expected a closing quote");
    check_refused("f(int[][] x) -> Tensor", 8, "found \"] x) -> Tensor\", expected one list at most");
    check_refused("f(Tensor x=1) -> Tensor", 11, "found \"1) -> Tensor\", expected None");
}

static void memory_runs_out(void **state) {
    (void)state;
    for (size_t k = 1;; k++) {
        tnn_schema *schema;
        tnn_alloc_fail_after(k);
        tnn_arena *a = tnn_arena_new();
        tnn_status status = a ? tnn_schema_parse(&schema, a, op_conv.signature, NULL) : TNN_ERR_NOMEM;
        tnn_alloc_fail_after(0);
        tnn_arena_free(a);
        if (status == TNN_OK) break;
        assert_int_equal(status, TNN_ERR_NOMEM);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(convolution), cmocka_unit_test(kinds_of_types),  cmocka_unit_test(defaults),
        cmocka_unit_test(refuses),     cmocka_unit_test(memory_runs_out),
    };
    return cmocka_run_group_tests(tests, open_arena, close_arena);
}
