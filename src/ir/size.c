/* Arithmetic on sizes: on the hints always, on the expressions where there is one. */
#include "ir/size.h"

#include "ir/checked.h"
#include "ir/size_expr.h"

static tnn_status fail_overflow(tnn_error *err, int64_t a, const char *op, int64_t b) {
    return tnn_fail(err, TNN_ERR_LIMIT, NULL, "size %lld %s %lld overflows 64 bits", (long long)a, op,
                    (long long)b);
}

static tnn_status fail_zero(tnn_error *err, int64_t a, const char *op) {
    return tnn_fail(err, TNN_ERR_INVALID, NULL, "size %lld %s 0: division by zero", (long long)a, op);
}

static bool both_numbers(tnn_size a, tnn_size b) {
    return a.expr == NULL && b.expr == NULL;
}

/* The expression of a size, made for plain numbers. */
static tnn_status lift(const tnn_expr **out, tnn_arena *arena, tnn_size size, tnn_error *err) {
    if (!size.expr) return tnn_expr_number(out, arena, size.hint, err);
    *out = size.expr;
    return TNN_OK;
}

/* A size never has an expression that is a plain number. */
static void set(tnn_size *out, int64_t hint, const tnn_expr *expr) {
    int64_t number;
    out->hint = hint;
    out->expr = expr;
    if (expr && tnn_expr_is_number(expr, &number)) {
        out->hint = number;
        out->expr = NULL;
    }
}

tnn_status tnn_size_symbol(tnn_size *out, tnn_arena *arena, const char *name, int64_t hint, tnn_error *err) {
    const char *copy = tnn_arena_str(arena, name);
    const tnn_expr *expr;
    if (!copy) return tnn_fail_nomem(err);
    TNN_TRY(tnn_expr_factor(&expr, arena, (tnn_factor){TNN_FACTOR_SYMBOL, copy, NULL, NULL}, err));
    set(out, hint, expr);
    return TNN_OK;
}

/* a + k * b, k being 1 or -1 */
static tnn_status add_times(tnn_size *out, tnn_arena *arena, tnn_size a, int64_t k, tnn_size b, tnn_error *err) {
    int64_t hint;
    const tnn_expr *left, *right, *expr = NULL;
    if (!(k > 0 ? tnn_add_i64(a.hint, b.hint, &hint) : tnn_sub_i64(a.hint, b.hint, &hint))) {
        return fail_overflow(err, a.hint, k > 0 ? "+" : "-", b.hint);
    }
    if (!both_numbers(a, b)) {
        TNN_TRY(lift(&left, arena, a, err));
        TNN_TRY(lift(&right, arena, b, err));
        TNN_TRY(tnn_expr_add(&expr, arena, left, k, right, err));
    }
    set(out, hint, expr);
    return TNN_OK;
}

tnn_status tnn_size_add(tnn_size *out, tnn_arena *arena, tnn_size a, tnn_size b, tnn_error *err) {
    return add_times(out, arena, a, 1, b, err);
}

tnn_status tnn_size_sub(tnn_size *out, tnn_arena *arena, tnn_size a, tnn_size b, tnn_error *err) {
    return add_times(out, arena, a, -1, b, err);
}

typedef tnn_status expr_fn(const tnn_expr **out, tnn_arena *arena, const tnn_expr *a, const tnn_expr *b,
                           tnn_error *err);

/* The result with `hint` and, unless both are plain numbers, the expression that `combine` gives. */
static tnn_status finish(tnn_size *out, tnn_arena *arena, int64_t hint, expr_fn *combine, tnn_size a, tnn_size b,
                         tnn_error *err) {
    const tnn_expr *left, *right, *expr = NULL;
    if (!both_numbers(a, b)) {
        TNN_TRY(lift(&left, arena, a, err));
        TNN_TRY(lift(&right, arena, b, err));
        TNN_TRY(combine(&expr, arena, left, right, err));
    }
    set(out, hint, expr);
    return TNN_OK;
}

tnn_status tnn_size_mul(tnn_size *out, tnn_arena *arena, tnn_size a, tnn_size b, tnn_error *err) {
    int64_t hint;
    if (!tnn_mul_i64(a.hint, b.hint, &hint)) return fail_overflow(err, a.hint, "*", b.hint);
    return finish(out, arena, hint, tnn_expr_mul, a, b, err);
}

tnn_status tnn_size_floordiv(tnn_size *out, tnn_arena *arena, tnn_size a, tnn_size b, tnn_error *err) {
    int64_t hint;
    if (b.hint == 0) return fail_zero(err, a.hint, "//");
    if (!tnn_floordiv_i64(a.hint, b.hint, &hint)) return fail_overflow(err, a.hint, "//", b.hint);
    return finish(out, arena, hint, tnn_expr_floordiv, a, b, err);
}

tnn_status tnn_size_mod(tnn_size *out, tnn_arena *arena, tnn_size a, tnn_size b, tnn_error *err) {
    int64_t hint;
    if (!tnn_mod_i64(a.hint, b.hint, &hint)) return fail_zero(err, a.hint, "%");
    return finish(out, arena, hint, tnn_expr_mod, a, b, err);
}

static tnn_status expr_min(const tnn_expr **out, tnn_arena *arena, const tnn_expr *a, const tnn_expr *b,
                           tnn_error *err) {
    return tnn_expr_extreme(out, arena, TNN_FACTOR_MIN, a, b, err);
}

static tnn_status expr_max(const tnn_expr **out, tnn_arena *arena, const tnn_expr *a, const tnn_expr *b,
                           tnn_error *err) {
    return tnn_expr_extreme(out, arena, TNN_FACTOR_MAX, a, b, err);
}

tnn_status tnn_size_min(tnn_size *out, tnn_arena *arena, tnn_size a, tnn_size b, tnn_error *err) {
    return finish(out, arena, a.hint < b.hint ? a.hint : b.hint, expr_min, a, b, err);
}

tnn_status tnn_size_max(tnn_size *out, tnn_arena *arena, tnn_size a, tnn_size b, tnn_error *err) {
    return finish(out, arena, a.hint > b.hint ? a.hint : b.hint, expr_max, a, b, err);
}

bool tnn_size_same(tnn_size a, tnn_size b) {
    if (!a.expr || !b.expr) return !a.expr && !b.expr && a.hint == b.hint;
    return tnn_expr_compare(a.expr, b.expr) == 0;
}

bool tnn_shape_count(const tnn_shape *shape, int64_t *n_elems) {
    int64_t count = 1;
    for (uint8_t i = 0; i < shape->rank; i++) {
        if (!tnn_mul_i64(count, shape->dims[i].hint, &count)) return false;
    }
    *n_elems = count;
    return true;
}

bool tnn_shape_equal_hints(const tnn_shape *a, const tnn_shape *b) {
    if (a->rank != b->rank) return false;
    for (uint8_t i = 0; i < a->rank; i++) {
        if (a->dims[i].hint != b->dims[i].hint) return false;
    }
    return true;
}
