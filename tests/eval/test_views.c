/* Views and writes through them: the graphs that come out, and their numbers. */
#include "eval_fixture.h"

#define PROGRAM(body) "def main(x):\n    " body "\n"

/* x is float32 [2, 3] with elements 0 to 5. */
static int open_2x3(void **state) {
    if (fixture_open(state) != 0) return -1;
    fixture_input("x", TNN_DTYPE_F32, 2, (const int64_t[]){2, 3});
    return 0;
}

static int open_symbolic(void **state) {
    if (fixture_open(state) != 0) return -1;
    fixture_input("x", TNN_DTYPE_F32, 3, (const int64_t[]){-2, 3, 4});
    return 0;
}

static void merges_reshapes(void **state) {
    (void)state;
    fixture_expect_nodes(PROGRAM("return x.view(3, 2).unsqueeze(0).flatten().view(6, 1)"),
                         "%reshape: float32[6, 1] = reshape(%x, shape=[6, 1])\n");
}

static void merges_permutes(void **state) {
    (void)state;
    fixture_expect_nodes(PROGRAM("return x.t().unsqueeze(0).permute(2, 0, 1).squeeze(1).t()"),
                         "%permute: float32[3, 2] = permute(%x, dims=[1, 0])\n"
                         "%reshape: float32[1, 3, 2] = reshape(%permute, shape=[1, 3, 2])\n"
                         "%permute_1: float32[2, 1, 3] = permute(%reshape, dims=[2, 0, 1])\n"
                         "%reshape_1: float32[2, 3] = reshape(%permute_1, shape=[2, 3])\n"
                         "%permute_2: float32[3, 2] = permute(%reshape_1, dims=[1, 0])\n");
}

static void drops_identities(void **state) {
    (void)state;
    fixture_expect_nodes(PROGRAM("return x.view(2, 3).t().t().expand(2, 3)[:, :].reshape(6).view(2, -1).detach()"), "");
}

static void reads_once(void **state) {
    (void)state;
    fixture_expect_nodes(PROGRAM("y = x.t()\n    return y + y, y"),
                         "%permute: float32[3, 2] = permute(%x, dims=[1, 0])\n"
                         "%add: float32[3, 2] = add(%permute, %permute)\n");
}

static void keeps_symbols(void **state) {
    (void)state;
    fixture_expect_nodes(PROGRAM("return x.view(x.size(0), -1), torch.flatten(x, 0, 1)"),
                         "%reshape: float32[s0, 12] = reshape(%x, shape=[s0, 12])\n"
                         "%reshape_1: float32[3*s0, 4] = reshape(%x, shape=[3*s0, 4])\n");
    assert_int_equal(fix.model->n_guards, 0);
}

static void copies_where_it_must(void **state) {
    (void)state;
    EXPECT_NUMBERS(PROGRAM("y = x.t().reshape(6)\n    y.fill_(9)\n    return x"), 0, 0, 1, 2, 3, 4, 5);
}

static void aliases_where_it_can(void **state) {
    (void)state;
    EXPECT_NUMBERS(PROGRAM("y = x.t().reshape(3, 2, 1)\n    y.fill_(9)\n    return x"), 0, 9, 9, 9, 9, 9, 9);
}

static void writes_through_select(void **state) {
    (void)state;
    EXPECT_NUMBERS(PROGRAM("x[:, 1] += 10\n    return x"), 0, 0, 11, 2, 3, 14, 5);
}

static void writes_through_steps(void **state) {
    (void)state;
    EXPECT_NUMBERS(PROGRAM("x.t()[::2, -1].view(1, 2).copy_(torch.full([2], 7.0))\n    return x"), 0, 0, 1, 2, 7, 4, 7);
}

static void writes_through_permutes(void **state) {
    (void)state;
    EXPECT_NUMBERS(PROGRAM("y = torch.zeros([2, 3, 2])\n    y.permute(2, 0, 1).copy_(x * 10)\n    return y"), 0, 0, 0, 10,
                   10, 20, 20, 30, 30, 40, 40, 50, 50);
}

static void other_views_see_writes(void **state) {
    (void)state;
    EXPECT_NUMBERS(PROGRAM("a = x.view(6)\n    b = a[2:4]\n    y = b + 0\n    x.mul_(2)\n    return a, b, y"), 1, 4, 6);
}

static void values_stay(void **state) {
    (void)state;
    EXPECT_NUMBERS(PROGRAM("a = x.view(6)\n    b = a[2:4]\n    y = b + 0\n    x.mul_(2)\n    return a, b, y"), 2, 2, 3);
}

static void broadcasts_and_casts(void **state) {
    (void)state;
    EXPECT_NUMBERS(PROGRAM("y = x.to(torch.int32)\n    y[1:] = x[0] * 1.5\n    return y"), 0, 0, 1, 2, 0, 1, 3);
}

static void clones_do_not_alias(void **state) {
    (void)state;
    EXPECT_NUMBERS(PROGRAM("y = x.clone()\n    y.zero_()\n    z = x.contiguous()\n    z += 1\n    return x"), 0, 1, 2, 3,
                   4, 5, 6);
}

static void to_aliases_same_dtype(void **state) {
    (void)state;
    EXPECT_NUMBERS(PROGRAM("x.to(torch.float32).add_(1)\n    x.to(torch.float64).add_(1)\n    return x"), 0, 1, 2, 3, 4,
                   5, 6);
}

static void dropout_aliases(void **state) {
    (void)state;
    EXPECT_NUMBERS(PROGRAM("y = torch.dropout(x, 0.5, False)\n    y += 1\n    return x"), 0, 1, 2, 3, 4, 5, 6);
}

static void keeps_dropout(void **state) {
    (void)state;
    fixture_expect_nodes(PROGRAM("return torch.relu(torch.dropout(x, 0.5, False))"),
                         "%dropout: float32[2, 3] = dropout(%x, p=0.5, train=False)\n"
                         "%relu: float32[2, 3] = relu(%dropout)\n");
}

static void fills_expanded(void **state) {
    (void)state;
    EXPECT_NUMBERS(PROGRAM("y = torch.full([3], 1.0)\n    y.expand(2, 3).fill_(5)\n    return y + x[0]"), 0, 5, 6, 7);
}

static void splits_alias(void **state) {
    (void)state;
    EXPECT_NUMBERS(PROGRAM("a, b = x.split(2, 1)\n    b.neg_()\n    x.unbind(0)[0].add_(1)\n    return x"), 0, 1, 2, -1, 3,
                   4, -5);
}

/* Element-wise results keep the order of a permuted operand: its transpose is a view again. */
static void keeps_strides(void **state) {
    (void)state;
    fixture_expect_nodes(PROGRAM("y = torch.relu(x.t())\n    return y.t().view(6)"),
                         "%permute: float32[3, 2] = permute(%x, dims=[1, 0])\n"
                         "%relu: float32[3, 2] = relu(%permute)\n"
                         "%permute_1: float32[2, 3] = permute(%relu, dims=[1, 0])\n"
                         "%reshape: float32[6] = reshape(%permute_1, shape=[6])\n");
}

static void knows_channels_last(void **state) {
    (void)state;
    tnn_obj out;
    assert_int_equal(fixture_run(PROGRAM("y = x.view(1, 1, 2, 3).expand(1, 4, 2, 3)\n"
                                         "    z = y.contiguous(memory_format=torch.channels_last)\n"
                                         "    assert z.stride() == (24, 1, 12, 4)\n"
                                         "    assert (z + 1).stride() == (24, 1, 12, 4)\n"
                                         "    assert z.clone().is_contiguous(memory_format=torch.channels_last)\n"
                                         "    assert not z.is_contiguous() and z.contiguous().is_contiguous()\n"
                                         "    return z"),
                                 &out),
                     TNN_OK);
}

static void remembers_writes(void **state) {
    (void)state;
    tnn_obj out;
    assert_false(tnn_interp_was_written(fix.inputs[0].as.tensor));
    assert_int_equal(fixture_run(PROGRAM("x[0].add_(1)"), &out), TNN_OK);
    assert_true(tnn_interp_was_written(fix.inputs[0].as.tensor));
}

static void refuses(void **state) {
    static const struct {
        const char *text;
        const char *part;
    } cases[] = {
        {PROGRAM("return x.view(4)"), "shape [2, 3] cannot be seen as [4]"},
        {PROGRAM("return x.view(-1, 4)"), "cannot be seen as [-1, 4]"},
        {PROGRAM("return x.view(-1, -1)"), "cannot be seen as [-1, -1]"},
        {PROGRAM("return x.t().view(6)"), "reshape() copies them"},
        {PROGRAM("return x.permute(0, 0)"), "dimension 0 is named twice"},
        {PROGRAM("return x.permute(0)"), "1 dimensions for a tensor with 2"},
        {PROGRAM("return x.unsqueeze(4)"), "dimension 4 is out of range for a tensor with 3 dimensions"},
        {PROGRAM("return x.expand(2, 4)"), "size 3 of dimension 1 becomes 4"},
        {PROGRAM("return x[2]"), "index 2 is out of range for size 2"},
        {PROGRAM("return x[0, 0, 0]"), "an element of a tensor without dimensions"},
        {PROGRAM("return x[:, ::0]"), "step 0, expected at least 1"},
        {PROGRAM("x[0:1].expand(2, 3).add_(1)"), "a write to an expanded tensor"},
        {PROGRAM("x[0].add_(x + 0)"), "a result of shape [2, 3] cannot be written into a tensor of shape [3]"},
        {PROGRAM("x.to(torch.int64).mul_(1.5)"),
         "a result of type float32 cannot be written into a tensor of type int64"},
        {PROGRAM("x.split([1, 1], 1)"), "the sizes do not add up to the dimension"},
    };
    for (size_t k = 0; k < sizeof(cases) / sizeof(cases[0]); k++) {
        fixture_close(state);
        assert_int_equal(open_2x3(state), 0);
        fixture_expect_error(cases[k].text, TNN_ERR_INVALID, cases[k].part);
    }
}

static void bounds_chains(void **state) {
    (void)state;
    fixture_expect_error(PROGRAM("y = torch.zeros([300, 300])\n    for i in range(100): y = y[1:].t()\n    return y"),
                         TNN_ERR_LIMIT, "a chain of more than 100 views");
}

#define TEST_2X3(name) cmocka_unit_test_setup_teardown(name, open_2x3, fixture_close)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST_2X3(merges_reshapes),
        TEST_2X3(merges_permutes),
        TEST_2X3(drops_identities),
        TEST_2X3(reads_once),
        cmocka_unit_test_setup_teardown(keeps_symbols, open_symbolic, fixture_close),
        TEST_2X3(copies_where_it_must),
        TEST_2X3(aliases_where_it_can),
        TEST_2X3(writes_through_select),
        TEST_2X3(writes_through_steps),
        TEST_2X3(writes_through_permutes),
        TEST_2X3(other_views_see_writes),
        TEST_2X3(values_stay),
        TEST_2X3(broadcasts_and_casts),
        TEST_2X3(clones_do_not_alias),
        TEST_2X3(to_aliases_same_dtype),
        TEST_2X3(dropout_aliases),
        TEST_2X3(keeps_dropout),
        TEST_2X3(fills_expanded),
        TEST_2X3(splits_alias),
        TEST_2X3(keeps_strides),
        TEST_2X3(knows_channels_last),
        TEST_2X3(remembers_writes),
        TEST_2X3(refuses),
        TEST_2X3(bounds_chains),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
