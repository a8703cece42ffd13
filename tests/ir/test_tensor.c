/* Element types, conversions of numbers, tensors. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "ir/tensor.h"

static void test_dtype_names(void **state) {
    (void)state;
    for (int d = TNN_DTYPE_BOOL; d < TNN_DTYPE_COUNT; d++) {
        char name[40] = "torch.";
        strcat(name, tnn_dtype_name((tnn_dtype)d));
        assert_int_equal(tnn_dtype_from_name(name), d);
        assert_int_equal(tnn_dtype_from_name(name + 6), d);
        assert_true(tnn_dtype_bytes((tnn_dtype)d) >= 1);
    }
    assert_string_equal(tnn_dtype_name(TNN_DTYPE_BF16), "bfloat16");
    assert_int_equal(tnn_dtype_from_name("torch.long"), TNN_DTYPE_I64);
    assert_int_equal(tnn_dtype_from_name("half"), TNN_DTYPE_F16);
    assert_int_equal(tnn_dtype_from_name("complex64"), TNN_DTYPE_NONE);
    assert_int_equal(tnn_dtype_from_name("none"), TNN_DTYPE_NONE);
    assert_int_equal(tnn_dtype_from_name(""), TNN_DTYPE_NONE);
    assert_int_equal(tnn_dtype_from_name(NULL), TNN_DTYPE_NONE);
    assert_int_equal(tnn_dtype_bytes(TNN_DTYPE_NONE), 0);
    assert_int_equal(tnn_dtype_bytes((tnn_dtype)77), 0);
    assert_string_equal(tnn_dtype_name((tnn_dtype)77), "unknown");
}

/* A format of a sign, `n_exponent` bits and `n_fraction` bits, from its definition. */
typedef struct half_format {
    int n_exponent, n_fraction;
    double (*to_double)(uint16_t);
    uint16_t (*from_double)(double);
} half_format;

static const half_format formats[] = {
    {5, 10, tnn_f16_to_double, tnn_f16_from_double},
    {8, 7, tnn_bf16_to_double, tnn_bf16_from_double},
};

static double by_definition(const half_format *f, unsigned bits) {
    int exponent = (int)(bits >> f->n_fraction), bias = (1 << (f->n_exponent - 1)) - 1;
    double fraction = (double)(bits & ((1U << f->n_fraction) - 1)) / (1 << f->n_fraction);
    return exponent == 0 ? ldexp(fraction, 1 - bias) : ldexp(1 + fraction, exponent - bias);
}

/* Every finite number, the middle between it and the next one, and the doubles on either side of the middle. */
static void test_half_formats(void **state) {
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        const half_format *f = &formats[i];
        unsigned infinity = ((1U << f->n_exponent) - 1) << f->n_fraction;
        for (unsigned bits = 0; bits < infinity; bits++) {
            double a = by_definition(f, bits), middle = (a + by_definition(f, bits + 1)) / 2;
            assert_true(f->to_double((uint16_t)bits) == a);
            assert_int_equal(f->from_double(a), bits);
            assert_int_equal(f->from_double(middle), bits % 2 == 0 ? bits : bits + 1);
            assert_int_equal(f->from_double(nextafter(middle, INFINITY)), bits + 1);
            assert_int_equal(f->from_double(nextafter(middle, 0)), bits);
            assert_true(f->to_double((uint16_t)(bits | 0x8000)) == -a);
            assert_int_equal(f->from_double(-a), bits | 0x8000);
        }
        assert_true(f->to_double((uint16_t)infinity) == INFINITY);
        assert_true(f->to_double((uint16_t)(infinity | 0x8000)) == -INFINITY);
        assert_true(isnan(f->to_double((uint16_t)(infinity | 1))));
        assert_int_equal(f->from_double(INFINITY), infinity);
        assert_int_equal(f->from_double(-1e300), infinity | 0x8000);
        assert_int_equal(f->from_double(5e-324), 0);
        assert_true(signbit(f->to_double(0x8000)));
        uint16_t nan = f->from_double(NAN);
        assert_true((nan & infinity) == infinity && (nan & ~(infinity | 0x8000)) != 0);
    }
}

/* Many at a time, as each by itself: every sign and exponent, and what decides the rounding. */
static void test_floats_to_float16(void **state) {
    (void)state;
    static const uint32_t ends[] = {0, 1, 0xFFF, 0x1000, 0x1001, 0x1FFF, 0x8000, 0xEFFF, 0xF000, 0xF001, 0xFFFF};
    enum { N = sizeof ends / sizeof *ends };
    for (uint32_t start = 0; start < 0x10000; start++) {
        float floats[N];
        uint16_t halves[N];
        for (size_t i = 0; i < N; i++) {
            uint32_t bits = start << 16 | ends[i];
            memcpy(&floats[i], &bits, sizeof bits);
        }
        tnn_convert_elems(halves, TNN_DTYPE_F16, floats, TNN_DTYPE_F32, N);
        for (size_t i = 0; i < N; i++) assert_int_equal(halves[i], tnn_f16_from_double((double)floats[i]));
    }
}

/* What PyTorch 2.13 on x86 gives for tensor([x]).to(dtype). */
static void test_floats_to_integers(void **state) {
    (void)state;
    static const struct { double x; int64_t i64, i32, i16, i8, u8, boolean; } cases[] = {
        {300.7, 300, 300, 300, 44, 44, 1},
        {-1.5, -1, -1, -1, -1, 255, 1},
        {-0.0, 0, 0, 0, 0, 0, 0},
        {0.3, 0, 0, 0, 0, 0, 1},
        {3e9, 3000000000, INT32_MIN, 0, 0, 0, 1},
        {-3e9, -3000000000, INT32_MIN, 0, 0, 0, 1},
        {-2147483648.0, INT32_MIN, INT32_MIN, 0, 0, 0, 1},
        {1e20, INT64_MIN, INT32_MIN, 0, 0, 0, 1},
        {INFINITY, INT64_MIN, INT32_MIN, 0, 0, 0, 1},
        {NAN, INT64_MIN, INT32_MIN, 0, 0, 0, 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const int64_t want[] = {cases[i].i64, cases[i].i32, cases[i].i16, cases[i].i8, cases[i].u8, cases[i].boolean};
        const tnn_dtype dtypes[] = {TNN_DTYPE_I64, TNN_DTYPE_I32, TNN_DTYPE_I16,
                                    TNN_DTYPE_I8,  TNN_DTYPE_U8,  TNN_DTYPE_BOOL};
        for (int d = 0; d < 6; d++) {
            uint8_t elem[8];
            tnn_convert_elems(elem, dtypes[d], &cases[i].x, TNN_DTYPE_F64, 1);
            assert_int_equal(tnn_elem_integer(elem, dtypes[d], 0), want[d]);
        }
    }
}

static double converted(int64_t value, tnn_dtype from, tnn_dtype to) {
    uint8_t in[8], out[8];
    tnn_elem_set_integer(in, from, 0, value);
    tnn_convert_elems(out, to, in, from, 1);
    return tnn_elem_number(out, to, 0);
}

static void test_integers(void **state) {
    (void)state;
    assert_true(converted(300, TNN_DTYPE_I32, TNN_DTYPE_U8) == 44);
    assert_true(converted(200, TNN_DTYPE_U8, TNN_DTYPE_I8) == -56);
    assert_true(converted(-1, TNN_DTYPE_I8, TNN_DTYPE_U8) == 255);
    assert_true(converted(256, TNN_DTYPE_I32, TNN_DTYPE_BOOL) == 1);
    assert_true(converted(INT64_C(1) << 32, TNN_DTYPE_I64, TNN_DTYPE_I32) == 0);
    /* 2^24 + 1 in float32; by way of float32 to the half formats. */
    assert_true(converted(16777217, TNN_DTYPE_I32, TNN_DTYPE_F32) == 16777216.0);
    assert_true(converted(33685505, TNN_DTYPE_I32, TNN_DTYPE_BF16) == 33554432.0);
    /* More than 53 bits keep their value among integers. */
    uint8_t big[8];
    tnn_elem_set_integer(big, TNN_DTYPE_I64, 0, INT64_MAX - 1);
    assert_true(tnn_elem_integer(big, TNN_DTYPE_I64, 0) == INT64_MAX - 1);
}

/* A double just above the middle of two halves: PyTorch goes through float32, our own rounding does not. */
static void test_double_to_half(void **state) {
    (void)state;
    double above = 1 + 0x1p-11 + 0x1p-40;
    uint16_t bits;
    tnn_convert_elems(&bits, TNN_DTYPE_F16, &above, TNN_DTYPE_F64, 1);
    assert_true(tnn_f16_to_double(bits) == 1.0);
    tnn_elem_set_number(&bits, TNN_DTYPE_F16, 0, above);
    assert_true(tnn_f16_to_double(bits) == 1 + 0x1p-10);
}

/* Long runs, at odd addresses, between every two types. */
static void test_runs(void **state) {
    (void)state;
    enum { N = 1000 };
    static uint8_t in[N * 8 + 1], out[N * 8 + 2];
    for (int a = TNN_DTYPE_BOOL; a < TNN_DTYPE_COUNT; a++) {
        for (int b = TNN_DTYPE_BOOL; b < TNN_DTYPE_COUNT; b++) {
            for (int i = 0; i < N; i++) tnn_elem_set_integer(in + 1, (tnn_dtype)a, i, i % 100);
            size_t end = N * (size_t)tnn_dtype_bytes((tnn_dtype)b) + 1;
            out[end] = 0x5A;
            tnn_convert_elems(out + 1, (tnn_dtype)b, in + 1, (tnn_dtype)a, N);
            assert_int_equal(out[end], 0x5A);
            for (int i = 0; i < N; i++) {
                int want = a == TNN_DTYPE_BOOL || b == TNN_DTYPE_BOOL ? i % 100 != 0 : i % 100;
                assert_int_equal(tnn_elem_integer(out + 1, (tnn_dtype)b, i), want);
            }
        }
    }
}

static void test_dims_count(void **state) {
    (void)state;
    int64_t n = -1;
    assert_true(tnn_dims_count(0, NULL, &n) && n == 1);
    assert_true(tnn_dims_count(3, (int64_t[]){2, 0, 5}, &n) && n == 0);
    assert_true(tnn_dims_count(2, (int64_t[]){INT64_MAX, 1}, &n) && n == INT64_MAX);
    assert_false(tnn_dims_count(2, (int64_t[]){INT64_MAX, 2}, &n));
    assert_false(tnn_dims_count(3, (int64_t[]){INT64_MAX, 0, 2}, &n));
    assert_false(tnn_dims_count(1, (int64_t[]){-1}, &n));
}

static void test_tensor(void **state) {
    (void)state;
    tnn_tensor t;
    tnn_error err;
    assert_int_equal(tnn_tensor_init(&t, TNN_DTYPE_I16, 2, (int64_t[]){2, 3}, &err), TNN_OK);
    assert_int_equal(t.n_elems, 6);
    assert_int_equal(tnn_tensor_integer(&t, 5), 0);
    tnn_tensor_set_integer(&t, 5, -7);
    tnn_tensor_set_number(&t, 4, 2.9);
    assert_true(tnn_tensor_number(&t, 5) == -7 && tnn_tensor_integer(&t, 4) == 2);
    tnn_tensor_clear(&t);
    assert_null(t.data);
    tnn_tensor_clear(&t);
    assert_int_equal(tnn_tensor_init(&t, TNN_DTYPE_F32, 2, (int64_t[]){INT64_MAX, 3}, &err), TNN_ERR_LIMIT);
    tnn_tensor_clear(&t);
    assert_int_equal(tnn_tensor_init(&t, TNN_DTYPE_F32, 1, (int64_t[]){-3}, &err), TNN_ERR_LIMIT);
    assert_int_equal(tnn_tensor_init(&t, TNN_DTYPE_F32, 2, (int64_t[]){0, 3}, &err), TNN_OK);
    assert_non_null(t.data);
    tnn_tensor_clear(&t);
    tnn_alloc_fail_after(1);
    assert_int_equal(tnn_tensor_init(&t, TNN_DTYPE_F32, 1, (int64_t[]){3}, &err), TNN_ERR_NOMEM);
    tnn_alloc_fail_after(0);
}

static void test_from_recipe(void **state) {
    (void)state;
    tnn_arena *arena = tnn_arena_new();
    static const int32_t elems[6] = {1, 2, 3, 4, 5, 6};
    const tnn_recipe *r;
    tnn_tensor t;
    assert_int_equal(tnn_recipe_copy(&r, arena, elems, TNN_DTYPE_I32, 2, (int64_t[]){2, 3}, NULL), TNN_OK);
    assert_int_equal(tnn_recipe_permute(&r, arena, r, (uint8_t[]){1, 0}, NULL), TNN_OK);
    assert_int_equal(tnn_tensor_from_recipe(&t, r, NULL), TNN_OK);
    assert_true(t.dims[0] == 3 && t.dims[1] == 2 && t.dtype == TNN_DTYPE_I32);
    assert_memory_equal(t.data, ((int32_t[]){1, 4, 2, 5, 3, 6}), sizeof elems);
    tnn_tensor_clear(&t);
    tnn_alloc_fail_after(1);
    assert_int_equal(tnn_tensor_from_recipe(&t, r, NULL), TNN_ERR_NOMEM);
    tnn_alloc_fail_after(0);
    tnn_arena_free(arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_dtype_names),   cmocka_unit_test(test_half_formats),
        cmocka_unit_test(test_floats_to_float16), cmocka_unit_test(test_floats_to_integers), cmocka_unit_test(test_integers),
        cmocka_unit_test(test_double_to_half), cmocka_unit_test(test_runs),
        cmocka_unit_test(test_dims_count),    cmocka_unit_test(test_tensor),
        cmocka_unit_test(test_from_recipe),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
