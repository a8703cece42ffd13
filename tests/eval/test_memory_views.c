/* Views that show memory in unusual ways, views that are changed in place, and who may write where. */
#include "eval_fixture.h"

#define PROGRAM(body) "def main(x):\n    " body "\n"

/* x is float32 [3, 4] with elements 0 to 11. */
static int open_3x4(void **state) {
    if (fixture_open(state) != 0) return -1;
    fixture_input("x", TNN_DTYPE_F32, 2, (const int64_t[]){3, 4});
    return 0;
}

static int open_symbolic(void **state) {
    if (fixture_open(state) != 0) return -1;
    fixture_input("x", TNN_DTYPE_F32, 2, (const int64_t[]){-6, 4});
    return 0;
}

static void merges_slices(void **state) {
    (void)state;
    fixture_expect_nodes(PROGRAM("return x.view(12)[1:11:2][1:][:2]"),
                         "%reshape: float32[12] = reshape(%x, shape=[12])\n"
                         "%slice: float32[2] = slice(%reshape, dim=0, start=3, end=7, step=2)\n");
}

static void merges_steps(void **state) {
    (void)state;
    fixture_expect_nodes(PROGRAM("return x.view(12)[1::2][1::3]"),
                         "%reshape: float32[12] = reshape(%x, shape=[12])\n"
                         "%slice: float32[2] = slice(%reshape, dim=0, start=3, end=12, step=6)\n");
}

static void merges_symbolic_slices(void **state) {
    (void)state;
    fixture_expect_nodes(PROGRAM("return x[1:][:-1]"),
                         "%slice: float32[s0 - 2, 4] = slice(%x, dim=0, start=1, end=s0 - 1)\n");
}

static void shares_equal_views(void **state) {
    (void)state;
    fixture_expect_nodes(PROGRAM("return x[1:].t() + x[1:].t()"),
                         "%slice: float32[2, 4] = slice(%x, dim=0, start=1, end=3)\n"
                         "%permute: float32[4, 2] = permute(%slice, dims=[1, 0])\n"
                         "%add: float32[4, 2] = add(%permute, %permute)\n");
}

static void reads_what_was_written(void **state) {
    (void)state;
    fixture_expect_nodes(PROGRAM("y = torch.relu(x)\n    y[0:1] = x[1:2]\n    y[1:2] = x[2:3]\n    return y[0:1]"),
                         "%relu: float32[3, 4] = relu(%x)\n"
                         "%slice: float32[1, 4] = slice(%x, dim=0, start=1, end=2)\n"
                         "%slice_scatter: float32[3, 4] = slice_scatter(%relu, %slice, dim=0, start=0, end=1)\n"
                         "%slice_1: float32[1, 4] = slice(%x, dim=0, start=2, end=3)\n"
                         "%slice_scatter_1: float32[3, 4] = slice_scatter(%slice_scatter, %slice_1, dim=0, start=1, end=2)\n");
}

static void forgets_what_is_overwritten(void **state) {
    (void)state;
    fixture_expect_nodes(PROGRAM("y = torch.relu(x)\n    y[0:1] = x[1:2]\n    y[0:1] = x[2:3]\n    return y"),
                         "%relu: float32[3, 4] = relu(%x)\n"
                         "%slice: float32[1, 4] = slice(%x, dim=0, start=1, end=2)\n"
                         "%slice_scatter: float32[3, 4] = slice_scatter(%relu, %slice, dim=0, start=0, end=1)\n"
                         "%slice_1: float32[1, 4] = slice(%x, dim=0, start=2, end=3)\n"
                         "%slice_scatter_1: float32[3, 4] = slice_scatter(%relu, %slice_1, dim=0, start=0, end=1)\n");
}

static void diagonals_read(void **state) {
    (void)state;
    EXPECT_NUMBERS(PROGRAM("return x.diagonal(), x.diagonal(1), x.diagonal(-2), x.t().diagonal(1)"), 1, 1, 6, 11);
}

static void diagonals_below(void **state) {
    (void)state;
    EXPECT_NUMBERS(PROGRAM("return x.diagonal(-1, 0, 1), x.diagonal(1, 1, 0)"), 1, 4, 9);
}

static void diagonals_write(void **state) {
    (void)state;
    EXPECT_NUMBERS(PROGRAM("x.diagonal(1).mul_(10)\n    return x"), 0, 0, 10, 2, 3, 4, 5, 60, 7, 8, 9, 10, 110);
}

static void diagonals_have_strides(void **state) {
    (void)state;
    tnn_obj out;
    assert_int_equal(fixture_run(PROGRAM("y = x.view(1, 3, 4).diagonal(1, 1, 2)\n"
                                         "    assert y.shape == (1, 3) and y.stride() == (12, 5)\n"
                                         "    return y"), &out), TNN_OK);
}

static void unfolds(void **state) {
    (void)state;
    EXPECT_NUMBERS(PROGRAM("return x[0].unfold(0, 3, 1), x.unfold(1, 2, 2)"), 0, 0, 1, 2, 1, 2, 3);
}

static void unfolds_apart(void **state) {
    (void)state;
    EXPECT_NUMBERS(PROGRAM("return x.unfold(0, 1, 2), x"), 0, 0, 1, 2, 3, 8, 9, 10, 11);
}

static void writes_to_windows_apart(void **state) {
    (void)state;
    EXPECT_NUMBERS(PROGRAM("x[:, :3].unfold(1, 1, 2).fill_(50)\n    return x"), 0, 50, 1, 50, 3, 50, 5, 50, 7, 50, 9, 50,
                   11);
}

/* Windows that overlap, of which one is written. */
static void writes_to_one_window(void **state) {
    (void)state;
    EXPECT_NUMBERS(PROGRAM("x.unfold(0, 2, 1)[1].fill_(50)\n    return x"), 0, 0, 1, 2, 3, 50, 50, 50, 50, 50, 50, 50, 50);
}

static void strides_give_blocks(void **state) {
    (void)state;
    EXPECT_NUMBERS(PROGRAM("return x.as_strided([2, 3], [4, 1], 5)"), 0, 5, 6, 7, 9, 10, 11);
}

static void strides_give_windows(void **state) {
    (void)state;
    EXPECT_NUMBERS(PROGRAM("return x.as_strided([3, 3], [1, 2])"), 0, 0, 2, 4, 1, 3, 5, 2, 4, 6);
}

static void strides_follow_memory(void **state) {
    (void)state;
    EXPECT_NUMBERS(PROGRAM("y = x.t()[1:]\n    return y.as_strided([2, 2], [1, 4]), y.t().clone().as_strided([5], [1])"),
                   0, 1, 5, 2, 6);
}

static void strides_repeat(void **state) {
    (void)state;
    EXPECT_NUMBERS(PROGRAM("return x.as_strided([2, 1, 2], [0, 7, 3], 2)"), 0, 2, 5, 2, 5);
}

static void strides_write(void **state) {
    (void)state;
    EXPECT_NUMBERS(PROGRAM("x.as_strided([2, 2], [6, 2], 1).zero_()\n    return x"), 0, 0, 0, 2, 0, 4, 5, 6, 0, 8, 0, 10,
                   11);
}

static void writes_to_what_repeats_nothing(void **state) {
    (void)state;
    EXPECT_NUMBERS(PROGRAM("x[0].expand(5, 4).t()[1:, 2].add_(100)\n    return x"), 0, 0, 101, 102, 103, 4, 5, 6, 7, 8, 9,
                   10, 11);
}

static void fills_what_repeats(void **state) {
    (void)state;
    EXPECT_NUMBERS(PROGRAM("x[0].expand(2, 4).t()[1:].fill_(100)\n    return x"), 0, 0, 100, 100, 100, 4, 5, 6, 7, 8, 9,
                   10, 11);
}

static void changes_shape_in_place(void **state) {
    (void)state;
    EXPECT_NUMBERS(PROGRAM("y = x\n    row = x[1]\n    y.t_().unsqueeze_(0)\n    assert x.shape == (1, 4, 3)\n"
                           "    x[0, 1] += 100\n    return row"), 0, 4, 105, 6, 7);
}

static void keeps_views_of_what_changes_shape(void **state) {
    (void)state;
    EXPECT_NUMBERS(PROGRAM("view = x.view(12)\n    x.transpose_(0, 1)\n    x[0] = 9\n    return view[3:6]"), 0, 3, 9, 5);
}

static void writes_into_out(void **state) {
    (void)state;
    EXPECT_NUMBERS(PROGRAM("y = torch.zeros([4])\n    z = torch.add(x[0], x[1], alpha=2, out=y)\n    z += 1\n"
                           "    return y"), 0, 9, 12, 15, 18);
}

static void gives_out_its_shape(void **state) {
    (void)state;
    EXPECT_NUMBERS(PROGRAM("y = torch.empty([0])\n    torch.ops.aten.mul.out(x[0], 3, out=y)\n    return y"), 0, 0, 3, 6,
                   9);
}

static void copies_views(void **state) {
    (void)state;
    EXPECT_NUMBERS(PROGRAM("y = torch.transpose_copy(x, 0, 1)\n    y.zero_()\n"
                           "    a = torch.unbind_copy(x, 0)[0]\n    a.zero_()\n    return x[0]"), 0, 0, 1, 2, 3);
}

static void keeps_the_order_of_memory(void **state) {
    (void)state;
    tnn_obj out;
    assert_int_equal(fixture_run(PROGRAM("y = x.t()[::2]\n"
                                         "    assert y.clone().stride() == (1, 2)\n"
                                         "    assert torch.zeros_like(y).stride() == (1, 2)\n"
                                         "    assert y.to(torch.int32).stride() == (1, 2)\n"
                                         "    assert y.contiguous().stride() == (3, 1)\n"
                                         "    return y"), &out), TNN_OK);
}

static void refuses(void **state) {
    static const struct {
        const char *text;
        tnn_status code;
        const char *part;
    } cases[] = {
        {PROGRAM("x[0].expand(3, 4).add_(1)"), TNN_ERR_INVALID, "a write to an expanded tensor"},
        {PROGRAM("x[0].expand(3, 4).t()[1:].copy_(x.t()[1:])"), TNN_ERR_INVALID, "a write to an expanded tensor"},
        {PROGRAM("x.unfold(1, 3, 1).zero_()"), TNN_ERR_UNSUPPORTED, "windows that overlap"},
        {PROGRAM("y = x.view(12)\n    y[1:].copy_(y[:-1])"), TNN_ERR_INVALID, "are one element in memory"},
        {PROGRAM("y = x.view(12)\n    y[1:].add_(y[:-1])"), TNN_ERR_INVALID, "are one element in memory"},
        {PROGRAM("y = x.view(12)\n    y[6:].add_(y[:6])\n    y.add_(y)\n    return y.view(13)"), TNN_ERR_INVALID,
         "cannot be seen as [13]"},
        {PROGRAM("x.as_strided([4], [4])"), TNN_ERR_INVALID, "leaves the 12 elements"},
        {PROGRAM("x.as_strided([2], [-1], 3)"), TNN_ERR_INVALID, "leaves the 12 elements"},
        {PROGRAM("x.as_strided([2], [1, 1])"), TNN_ERR_INVALID, "1 sizes and 2 strides"},
        {PROGRAM("x.diagonal(0, 1, -1)"), TNN_ERR_INVALID, "both dimensions are 1"},
        {PROGRAM("x.unfold(1, 5, 1)"), TNN_ERR_INVALID, "unfold: size 5 for a dimension of 4"},
        {PROGRAM("x.unfold(1, 2, 0)"), TNN_ERR_INVALID, "unfold: step 0"},
        {PROGRAM("torch.add(x, 1, out=x[0])"), TNN_ERR_UNSUPPORTED, "another shape"},
        {PROGRAM("y = torch.zeros([3, 4], dtype=torch.int64)\n    torch.mul(x, 1.5, out=y)"), TNN_ERR_INVALID,
         "type float32 cannot be written into a tensor of type int64"},
    };
    for (size_t k = 0; k < sizeof(cases) / sizeof(cases[0]); k++) {
        fixture_close(state);
        assert_int_equal(open_3x4(state), 0);
        fixture_expect_error(cases[k].text, cases[k].code, cases[k].part);
    }
}

#define TEST_3X4(name) cmocka_unit_test_setup_teardown(name, open_3x4, fixture_close)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST_3X4(merges_slices),
        TEST_3X4(merges_steps),
        cmocka_unit_test_setup_teardown(merges_symbolic_slices, open_symbolic, fixture_close),
        TEST_3X4(shares_equal_views),
        TEST_3X4(reads_what_was_written),
        TEST_3X4(forgets_what_is_overwritten),
        TEST_3X4(diagonals_read),
        TEST_3X4(diagonals_below),
        TEST_3X4(diagonals_write),
        TEST_3X4(diagonals_have_strides),
        TEST_3X4(unfolds),
        TEST_3X4(writes_to_one_window),
        TEST_3X4(unfolds_apart),
        TEST_3X4(writes_to_windows_apart),
        TEST_3X4(strides_give_blocks),
        TEST_3X4(strides_give_windows),
        TEST_3X4(strides_follow_memory),
        TEST_3X4(strides_repeat),
        TEST_3X4(strides_write),
        TEST_3X4(writes_to_what_repeats_nothing),
        TEST_3X4(fills_what_repeats),
        TEST_3X4(changes_shape_in_place),
        TEST_3X4(keeps_views_of_what_changes_shape),
        TEST_3X4(writes_into_out),
        TEST_3X4(gives_out_its_shape),
        TEST_3X4(copies_views),
        TEST_3X4(keeps_the_order_of_memory),
        TEST_3X4(refuses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
