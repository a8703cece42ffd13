/* Sizes: the normal form prints as expected, and every simplification keeps the value. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "ir/checked.h"
#include "ir/size_expr.h"

typedef tnn_status size_fn(tnn_size *out, tnn_arena *arena, tnn_size a, tnn_size b, tnn_error *err);

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

static tnn_size sym(const char *name, int64_t hint) {
    tnn_size size;
    assert_int_equal(tnn_size_symbol(&size, arena, name, hint, NULL), TNN_OK);
    return size;
}

static tnn_size num(int64_t value) {
    return tnn_size_const(value);
}

static tnn_size op(size_fn *fn, tnn_size a, tnn_size b) {
    tnn_size out;
    assert_int_equal(fn(&out, arena, a, b, NULL), TNN_OK);
    return out;
}

static void check_text(tnn_size size, const char *expected) {
    tnn_strbuf text = {0};
    tnn_size_print(&text, size);
    assert_string_equal(text.data, expected);
    tnn_strbuf_free(&text);
}

static void prints(void **state) {
    (void)state;
    tnn_size s0 = sym("s0", 4), s1 = sym("s1", 6);
    check_text(num(-3), "-3");
    check_text(s0, "s0");
    check_text(op(tnn_size_add, num(1), op(tnn_size_mul, s0, num(2))), "2*s0 + 1");
    check_text(op(tnn_size_sub, num(1), s0), "-s0 + 1");
    check_text(op(tnn_size_floordiv, s0, num(2)), "s0//2");
    check_text(op(tnn_size_mul, num(2), op(tnn_size_floordiv, s0, num(2))), "2*(s0//2)");
    check_text(op(tnn_size_sub, num(5), op(tnn_size_floordiv, s0, num(2))), "-(s0//2) + 5");
    check_text(op(tnn_size_mod, s0, s1), "s0 % s1");
    check_text(op(tnn_size_mod, op(tnn_size_add, op(tnn_size_mul, s0, num(4)), num(1)), num(8)), "4*(s0 % 2) + 1");
    check_text(op(tnn_size_mul, s1, s0), "s0*s1");
    check_text(op(tnn_size_max, s1, op(tnn_size_mul, s0, s0)), "max(s0*s0, s1)");
    check_text(op(tnn_size_floordiv, op(tnn_size_add, s0, s1), num(3)), "(s0 + s1)//3");
}

/* What two roads give is structurally the same. */
static void check_same(tnn_size a, tnn_size b) {
    assert_int_equal(a.hint, b.hint);
    assert_true(tnn_size_same(a, b));
}

static void cancels(void **state) {
    (void)state;
    tnn_size s0 = sym("s0", 4), s1 = sym("s1", 6);
    tnn_size sum = op(tnn_size_add, s1, num(1));
    check_same(op(tnn_size_floordiv, op(tnn_size_mul, s0, num(1280)), s0), num(1280));
    check_same(op(tnn_size_floordiv, op(tnn_size_mul, s0, sum), sum), s0);
    check_same(op(tnn_size_floordiv, op(tnn_size_mul, sum, sum), sum), sum);
    check_same(op(tnn_size_mod, op(tnn_size_mul, s0, sum), sum), num(0));
    check_same(op(tnn_size_sub, sum, num(1)), s1);
    check_same(op(tnn_size_sub, op(tnn_size_add, s0, s1), s1), s0);
    check_same(op(tnn_size_mul, s0, num(0)), num(0));
    check_same(op(tnn_size_max, s0, num(1)), s0);
    check_same(op(tnn_size_min, s0, num(0)), num(0));
    check_same(op(tnn_size_min, s0, op(tnn_size_add, s0, s1)), s0);
    check_same(op(tnn_size_min, s0, s1), op(tnn_size_min, s1, s0));
    check_same(op(tnn_size_mod, op(tnn_size_mul, s0, num(4)), num(8)),
               op(tnn_size_mul, num(4), op(tnn_size_mod, s0, num(2))));
}

/* (n + 2*pad - dilation*(kernel - 1) - 1)//stride + 1 */
static tnn_size conv(tnn_size n, int64_t kernel, int64_t stride, int64_t pad) {
    tnn_size span = op(tnn_size_add, n, num(2 * pad - (kernel - 1) - 1));
    return op(tnn_size_add, op(tnn_size_floordiv, span, num(stride)), num(1));
}

static void convolutions_read_well(void **state) {
    (void)state;
    tnn_size s0 = sym("s0", 224);
    check_text(conv(s0, 3, 1, 1), "s0");
    check_text(conv(s0, 3, 2, 1), "(s0 + 1)//2");
    check_text(conv(conv(s0, 3, 2, 1), 3, 2, 1), "(s0 + 3)//4");
    check_text(conv(s0, 2, 2, 0), "s0//2");
    check_text(conv(conv(s0, 2, 2, 0), 2, 2, 0), "s0//4");
    assert_int_equal(conv(conv(s0, 7, 2, 3), 3, 2, 1).hint, 56);
}

/* A small generator, so that a failure can be repeated from its seed. */
static uint32_t next_random(uint32_t *seed) {
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

#define N_SYMBOLS 3
static const char *const symbol_names[N_SYMBOLS] = {"s0", "s1", "s2"};

static bool evaluate(const tnn_expr *expr, const int64_t *symbols, int64_t *out);

static bool evaluate_factor(const tnn_factor *factor, const int64_t *symbols, int64_t *out) {
    int64_t a, b;
    if (factor->kind == TNN_FACTOR_SYMBOL) {
        *out = symbols[factor->name[1] - '0'];
        return true;
    }
    if (!evaluate(factor->a, symbols, &a) || !evaluate(factor->b, symbols, &b)) return false;
    if (factor->kind == TNN_FACTOR_FLOORDIV) return tnn_floordiv_i64(a, b, out);
    if (factor->kind == TNN_FACTOR_MOD) return tnn_mod_i64(a, b, out);
    *out = (a < b) == (factor->kind == TNN_FACTOR_MIN) ? a : b;
    return true;
}

/* The meaning of the normal form, straight from size.h. */
static bool evaluate(const tnn_expr *expr, const int64_t *symbols, int64_t *out) {
    *out = 0;
    for (uint32_t i = 0; i < expr->n_terms; i++) {
        int64_t product = expr->terms[i].coef, factor;
        for (uint32_t k = 0; k < expr->terms[i].n_factors; k++) {
            if (!evaluate_factor(expr->terms[i].factors[k], symbols, &factor)) return false;
            product *= factor;
        }
        *out += product;
    }
    return true;
}

/* Random sizes whose hints are computed by plain arithmetic and whose expressions must have the same value at the
 * symbols of the hints and, through `others`, at other symbols too. */
#define N_POINTS 4
typedef struct sample {
    tnn_size size;
    int64_t at[N_POINTS];
    bool defined[N_POINTS];
} sample;

static int64_t points[N_POINTS][N_SYMBOLS];

static sample number(int64_t value) {
    sample s = {.size = num(value)};
    for (int p = 0; p < N_POINTS; p++) {
        s.at[p] = value;
        s.defined[p] = true;
    }
    return s;
}

static sample leaf(uint32_t *seed) {
    sample s;
    uint32_t which = next_random(seed) % (N_SYMBOLS + 2);
    if (which >= N_SYMBOLS) return number((int64_t)(next_random(seed) % 13) - 4);
    s.size = sym(symbol_names[which], points[0][which]);
    for (int p = 0; p < N_POINTS; p++) {
        s.at[p] = points[p][which];
        s.defined[p] = true;
    }
    return s;
}

static bool plain(int kind, int64_t a, int64_t b, int64_t *out) {
    switch (kind) {
    case 0: return tnn_add_i64(a, b, out);
    case 1: return tnn_sub_i64(a, b, out);
    case 2: return tnn_mul_i64(a, b, out);
    case 3: return tnn_floordiv_i64(a, b, out);
    case 4: return tnn_mod_i64(a, b, out);
    case 5: *out = a < b ? a : b; return true;
    default: *out = a > b ? a : b; return true;
    }
}

/* The operation `kind` on two samples. */
static sample apply(int kind, sample a, sample b) {
    static size_fn *const fns[] = {tnn_size_add, tnn_size_sub, tnn_size_mul, tnn_size_floordiv,
                                   tnn_size_mod, tnn_size_min, tnn_size_max};
    sample s;
    /* Where the operation is not defined, or grows too large, the operand itself will do. */
    if (fns[kind](&s.size, arena, a.size, b.size, NULL) != TNN_OK) return a;
    for (int p = 0; p < N_POINTS; p++) {
        s.at[p] = 0;
        s.defined[p] = a.defined[p] && b.defined[p] && plain(kind, a.at[p], b.at[p], &s.at[p]);
    }
    return s;
}

/* number * leaf * leaf + number * leaf + number, numbers with many common factors */
static sample polynomial(uint32_t *seed) {
    static const int64_t numbers[] = {-6, -4, -1, 1, 2, 3, 4, 6, 8, 12};
    sample s = apply(2, leaf(seed), number(numbers[next_random(seed) % 10]));
    if (next_random(seed) % 2) s = apply(2, s, leaf(seed));
    if (next_random(seed) % 2) s = apply(0, s, apply(2, leaf(seed), number(numbers[next_random(seed) % 10])));
    return apply(0, s, number((int64_t)(next_random(seed) % 9) - 4));
}

/* Divisions of divisions, as strided layers make them. */
static sample quotients(uint32_t *seed) {
    sample s = polynomial(seed);
    for (int i = 0; i < 3; i++) {
        sample divisor = next_random(seed) % 4 ? number((int64_t)(next_random(seed) % 16) - 3) : polynomial(seed);
        s = apply(next_random(seed) % 2 ? 3 : 4, s, divisor);
        if (next_random(seed) % 2) s = apply(2, s, number(1 + next_random(seed) % 4));
        if (next_random(seed) % 2) s = apply(0, s, leaf(seed));
    }
    return s;
}

static sample combine(uint32_t *seed, int depth) {
    if (depth == 0) return leaf(seed);
    sample a = combine(seed, depth - 1), b = combine(seed, depth - 1 - (int)(next_random(seed) % (uint32_t)depth));
    return apply((int)(next_random(seed) % 7), a, b);
}

static void keeps_values(void **state) {
    (void)state;
    uint32_t seed = 7;
    int n_checked = 0;
    for (int round = 0; round < 8000; round++) {
        for (int p = 0; p < N_POINTS; p++) {
            for (int k = 0; k < N_SYMBOLS; k++) points[p][k] = 1 + next_random(&seed) % 9;
        }
        sample s = round % 2 ? combine(&seed, 4) : quotients(&seed);
        assert_true(s.defined[0]);
        assert_int_equal(s.size.hint, s.at[0]);
        for (int p = 0; p < N_POINTS; p++) {
            int64_t value = s.size.hint;
            if (!s.defined[p] || (s.size.expr && !evaluate(s.size.expr, points[p], &value))) continue;
            assert_int_equal(value, s.at[p]);
            n_checked += s.size.expr != NULL;
        }
    }
    assert_true(n_checked > 5000);
}

static void identities(void **state) {
    (void)state;
    uint32_t seed = 99;
    for (int round = 0; round < 2000; round++) {
        for (int k = 0; k < N_SYMBOLS; k++) points[0][k] = 1 + next_random(&seed) % 9;
        tnn_size a = combine(&seed, 2).size, b = combine(&seed, 2).size, c = combine(&seed, 1).size;
        check_same(op(tnn_size_add, a, b), op(tnn_size_add, b, a));
        check_same(op(tnn_size_mul, a, b), op(tnn_size_mul, b, a));
        check_same(op(tnn_size_mul, a, op(tnn_size_add, b, c)),
                   op(tnn_size_add, op(tnn_size_mul, a, b), op(tnn_size_mul, a, c)));
        check_same(op(tnn_size_sub, op(tnn_size_add, a, b), b), a);
        check_same(op(tnn_size_max, a, b), op(tnn_size_max, b, a));
        if (b.hint == 0) continue;
        check_same(op(tnn_size_floordiv, op(tnn_size_mul, a, b), b), a);
        check_same(op(tnn_size_mod, op(tnn_size_mul, a, b), b), num(0));
    }
}

static void refuses(void **state) {
    (void)state;
    tnn_size out, s0 = sym("s0", INT64_MAX);
    tnn_error err;
    assert_int_equal(tnn_size_add(&out, arena, s0, num(1), &err), TNN_ERR_LIMIT);
    assert_string_equal(err.message, "size 9223372036854775807 + 1 overflows 64 bits");
    assert_int_equal(tnn_size_mul(&out, arena, s0, num(-2), &err), TNN_ERR_LIMIT);
    assert_int_equal(tnn_size_floordiv(&out, arena, s0, num(0), &err), TNN_ERR_INVALID);
    assert_string_equal(err.message, "size 9223372036854775807 // 0: division by zero");
    assert_int_equal(tnn_size_mod(&out, arena, num(1), num(0), &err), TNN_ERR_INVALID);
    assert_int_equal(tnn_size_floordiv(&out, arena, num(INT64_MIN), num(-1), &err), TNN_ERR_LIMIT);
}

static void growth_is_bounded(void **state) {
    (void)state;
    tnn_size s0 = sym("s0", 2), x = op(tnn_size_add, s0, num(1));
    tnn_status status = TNN_OK;
    for (int i = 0; i < 100 && status == TNN_OK; i++) {
        tnn_size next = {0, NULL};
        status = tnn_size_mod(&next, arena, op(tnn_size_add, x, num(7)), op(tnn_size_add, x, s0), NULL);
        if (status == TNN_OK) status = tnn_size_add(&x, arena, next, x, NULL);
    }
    assert_int_equal(status, TNN_ERR_LIMIT);
}

static void counts_shapes(void **state) {
    (void)state;
    tnn_shape shape = {2, {num(3), num(5)}}, other = {2, {num(3), num(6)}}, huge = {2, {num(INT64_MAX), num(2)}};
    int64_t count;
    assert_true(tnn_shape_count(&shape, &count));
    assert_int_equal(count, 15);
    assert_false(tnn_shape_count(&huge, &count));
    assert_false(tnn_shape_equal_hints(&shape, &other));
    shape.rank = 0;
    assert_true(tnn_shape_count(&shape, &count));
    assert_int_equal(count, 1);
}

static tnn_status several_steps(tnn_arena *a) {
    tnn_size s0, s1, x;
    TNN_TRY(tnn_size_symbol(&s0, a, "s0", 3, NULL));
    TNN_TRY(tnn_size_symbol(&s1, a, "s1", 5, NULL));
    TNN_TRY(tnn_size_mul(&x, a, s0, s1, NULL));
    TNN_TRY(tnn_size_add(&x, a, x, tnn_size_const(3), NULL));
    TNN_TRY(tnn_size_floordiv(&x, a, x, tnn_size_const(4), NULL));
    TNN_TRY(tnn_size_mod(&x, a, x, s1, NULL));
    return tnn_size_max(&x, a, x, s0, NULL);
}

static void memory_runs_out(void **state) {
    (void)state;
    for (size_t k = 1;; k++) {
        tnn_alloc_fail_after(k);
        tnn_arena *a = tnn_arena_new();
        tnn_status status = a ? several_steps(a) : TNN_ERR_NOMEM;
        tnn_alloc_fail_after(0);
        tnn_arena_free(a);
        if (status == TNN_OK) break;
        assert_int_equal(status, TNN_ERR_NOMEM);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(prints),        cmocka_unit_test(cancels), cmocka_unit_test(convolutions_read_well),
        cmocka_unit_test(keeps_values),  cmocka_unit_test(identities), cmocka_unit_test(refuses),
        cmocka_unit_test(growth_is_bounded), cmocka_unit_test(counts_shapes), cmocka_unit_test(memory_runs_out),
    };
    return cmocka_run_group_tests(tests, open_arena, close_arena);
}
