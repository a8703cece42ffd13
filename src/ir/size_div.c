/* Division of size expressions.
 *
 * a = q * b + r by long division on the leading term; then a // b = q + r // b and a % b = r % b, whatever the symbols
 * are. What r and b have in common cancels. */
#include "ir/size_expr.h"

#include "ir/checked.h"

/* The coefficients and factors that every term of `expr` shares with `common` stay in `common`. */
static tnn_status keep_common(tnn_term *common, tnn_arena *arena, const tnn_term *term, tnn_error *err) {
    const tnn_factor **lacking = TNN_NEW_ARRAY(arena, common->n_factors, const tnn_factor *);
    const tnn_factor **shared = TNN_NEW_ARRAY(arena, common->n_factors, const tnn_factor *);
    if (!lacking || !shared) return tnn_fail_nomem(err);
    tnn_term without = {1, 0, lacking};
    (void)tnn_term_without(common, term, lacking, &without.n_factors);
    (void)tnn_term_without(common, &without, shared, &common->n_factors);
    common->factors = shared;
    uint64_t a = (uint64_t)common->coef;
    uint64_t b = term->coef < 0 ? 0 - (uint64_t)term->coef : (uint64_t)term->coef;
    while (b != 0) {
        uint64_t rest = a % b;
        a = b;
        b = rest;
    }
    common->coef = (int64_t)a;
    return TNN_OK;
}

/* Each term of `expr` over `divisor`, which divides all of them; the plain number is divided flooring. */
static tnn_status divide_terms(const tnn_expr **out, tnn_arena *arena, const tnn_expr *expr,
                               const tnn_term *divisor, tnn_error *err) {
    tnn_term *terms = TNN_NEW_ARRAY(arena, expr->n_terms, tnn_term);
    if (!terms) return tnn_fail_nomem(err);
    uint32_t n = 0;
    for (uint32_t i = 0; i < expr->n_terms; i++) {
        const tnn_term *from = &expr->terms[i];
        const tnn_factor **factors = TNN_NEW_ARRAY(arena, from->n_factors, const tnn_factor *);
        if (!factors) return tnn_fail_nomem(err);
        (void)tnn_term_without(from, divisor, factors, &terms[n].n_factors);
        (void)tnn_floordiv_i64(from->coef, divisor->coef, &terms[n].coef);
        terms[n].factors = factors;
        if (terms[n].coef != 0) n++;
    }
    return tnn_expr_sum(out, arena, terms, n, err);
}

/* What all terms of a and b share. Over a plain number b, the number in a does not count: dividing it flooring is
 * right there. */
static tnn_status common_term(tnn_term *common, tnn_arena *arena, const tnn_expr *a, const tnn_expr *b,
                              tnn_error *err) {
    int64_t number;
    bool b_number = tnn_expr_is_number(b, &number);
    *common = b->terms[0]; /* its coefficient is positive here */
    for (uint32_t i = 1; i < b->n_terms; i++) TNN_TRY(keep_common(common, arena, &b->terms[i], err));
    for (uint32_t i = 0; i < a->n_terms; i++) {
        if (b_number && a->terms[i].n_factors == 0) continue;
        TNN_TRY(keep_common(common, arena, &a->terms[i], err));
    }
    return TNN_OK;
}

/* One step of the long division: subtract what the leading term of b takes out of term `at` of r. */
static tnn_status divide_step(const tnn_expr **q, const tnn_expr **r, uint32_t *at, tnn_arena *arena,
                              const tnn_expr *b, tnn_error *err) {
    const tnn_term *from = &(*r)->terms[*at], *lead = &b->terms[0];
    tnn_term step = {0, 0, NULL};
    const tnn_factor **factors = TNN_NEW_ARRAY(arena, from->n_factors, const tnn_factor *);
    if (!factors) return tnn_fail_nomem(err);
    bool divisible = tnn_term_without(from, lead, factors, &step.n_factors);
    if (divisible) (void)tnn_floordiv_i64(from->coef, lead->coef, &step.coef);
    if (step.coef == 0) {
        *at += 1;
        return TNN_OK;
    }
    step.factors = factors;
    tnn_term one_term = {1, 0, NULL}, negative = step;
    tnn_expr one = {1, 1, &one_term};
    if (!tnn_sub_i64(0, step.coef, &negative.coef)) {
        return tnn_fail(err, TNN_ERR_LIMIT, NULL, "a size expression overflows 64 bits");
    }
    TNN_TRY(tnn_expr_add_scaled(q, arena, *q, &step, &one, err));
    return tnn_expr_add_scaled(r, arena, *r, &negative, b, err);
}

/* a = q * b + r; the leading coefficient of b is positive. */
static tnn_status divide(const tnn_expr **q, const tnn_expr **r, tnn_arena *arena, const tnn_expr *a,
                         const tnn_expr *b, tnn_error *err) {
    TNN_TRY(tnn_expr_number(q, arena, 0, err));
    *r = a;
    for (uint32_t at = 0; at < (*r)->n_terms;) TNN_TRY(divide_step(q, r, &at, arena, b, err));
    return TNN_OK;
}

/* -expr */
static tnn_status negate(const tnn_expr **out, tnn_arena *arena, const tnn_expr *expr, tnn_error *err) {
    const tnn_expr *zero;
    TNN_TRY(tnn_expr_number(&zero, arena, 0, err));
    return tnn_expr_add(out, arena, zero, -1, expr, err);
}

/* r is (x // m) + c for numbers c and m > 0: then r // k is (x + c * m) // (m * k). */
static tnn_status floordiv_nested(const tnn_expr **out, bool *done, tnn_arena *arena, const tnn_expr *r,
                                  int64_t k, tnn_error *err) {
    int64_t m, c = r->n_terms == 2 ? r->terms[1].coef : 0;
    const tnn_term *term = &r->terms[0];
    *done = false;
    if (r->n_terms > 2 || (r->n_terms == 2 && r->terms[1].n_factors > 0)) return TNN_OK;
    if (term->coef != 1 || term->n_factors != 1 || term->factors[0]->kind != TNN_FACTOR_FLOORDIV) return TNN_OK;
    if (!tnn_expr_is_number(term->factors[0]->b, &m) || m <= 0) return TNN_OK;
    if (!tnn_mul_i64(c, m, &c) || !tnn_mul_i64(m, k, &m)) return TNN_OK;
    const tnn_expr *shift, *sum, *divisor;
    TNN_TRY(tnn_expr_number(&shift, arena, c, err));
    TNN_TRY(tnn_expr_number(&divisor, arena, m, err));
    TNN_TRY(tnn_expr_add(&sum, arena, term->factors[0]->a, 1, shift, err));
    *done = true;
    return tnn_expr_floordiv(out, arena, sum, divisor, err);
}

/* r // b where no term of r is divisible by the leading term of b, whose coefficient is positive. */
static tnn_status floordiv_rest(const tnn_expr **out, tnn_arena *arena, const tnn_expr *r, const tnn_expr *b,
                                tnn_error *err) {
    int64_t x, k, quotient;
    bool k_number = tnn_expr_is_number(b, &k);
    if (tnn_expr_is_number(r, &x) && (x == 0 || (k_number && tnn_floordiv_i64(x, k, &quotient)))) {
        return tnn_expr_number(out, arena, x == 0 ? 0 : quotient, err);
    }
    tnn_term common;
    TNN_TRY(common_term(&common, arena, r, b, err));
    if (common.coef > 1 || common.n_factors > 0) {
        TNN_TRY(divide_terms(&r, arena, r, &common, err));
        TNN_TRY(divide_terms(&b, arena, b, &common, err));
        return tnn_expr_floordiv(out, arena, r, b, err);
    }
    bool done = false;
    if (k_number) TNN_TRY(floordiv_nested(out, &done, arena, r, k, err));
    return done ? TNN_OK : tnn_expr_factor(out, arena, (tnn_factor){TNN_FACTOR_FLOORDIV, NULL, r, b}, err);
}

tnn_status tnn_expr_floordiv(const tnn_expr **out, tnn_arena *arena, const tnn_expr *a, const tnn_expr *b,
                             tnn_error *err) {
    const tnn_expr *q, *r, *tail;
    if (b->terms[0].coef < 0) {
        TNN_TRY(negate(&a, arena, a, err));
        TNN_TRY(negate(&b, arena, b, err));
    }
    TNN_TRY(divide(&q, &r, arena, a, b, err));
    TNN_TRY(floordiv_rest(&tail, arena, r, b, err));
    return tnn_expr_add(out, arena, q, 1, tail, err);
}

/* The number in `expr`, which is its last term. */
static int64_t plain_number(const tnn_expr *expr) {
    const tnn_term *last = expr->n_terms > 0 ? &expr->terms[expr->n_terms - 1] : NULL;
    return last && last->n_factors == 0 ? last->coef : 0;
}

/* (g*x + c) % (g*k) is g * ((x + c//g) % k) + c%g; c is 0 modulo g unless k is a number. */
static tnn_status mod_cancelled(const tnn_expr **out, tnn_arena *arena, const tnn_expr *r, const tnn_expr *b,
                                const tnn_term *common, tnn_error *err) {
    int64_t left = 0;
    const tnn_expr *inner, *rest;
    tnn_term one_term = *common;
    tnn_expr zero = {0, 1, &one_term};
    (void)tnn_mod_i64(plain_number(r), common->coef, &left);
    TNN_TRY(divide_terms(&r, arena, r, common, err));
    TNN_TRY(divide_terms(&b, arena, b, common, err));
    TNN_TRY(tnn_expr_mod(&inner, arena, r, b, err));
    TNN_TRY(tnn_expr_add_scaled(&inner, arena, &zero, common, inner, err));
    TNN_TRY(tnn_expr_number(&rest, arena, left, err));
    return tnn_expr_add(out, arena, inner, 1, rest, err);
}

tnn_status tnn_expr_mod(const tnn_expr **out, tnn_arena *arena, const tnn_expr *a, const tnn_expr *b,
                        tnn_error *err) {
    const tnn_expr *q, *r;
    int64_t x, k, rest;
    if (b->terms[0].coef < 0) {
        TNN_TRY(negate(&a, arena, a, err));
        TNN_TRY(negate(&b, arena, b, err));
        TNN_TRY(tnn_expr_mod(&r, arena, a, b, err));
        return negate(out, arena, r, err);
    }
    TNN_TRY(divide(&q, &r, arena, a, b, err));
    if (tnn_expr_is_number(r, &x) && (x == 0 || (tnn_expr_is_number(b, &k) && tnn_mod_i64(x, k, &rest)))) {
        return tnn_expr_number(out, arena, x == 0 ? 0 : rest, err);
    }
    tnn_term common;
    TNN_TRY(common_term(&common, arena, r, b, err));
    if (common.coef > 1 || common.n_factors > 0) return mod_cancelled(out, arena, r, b, &common, err);
    return tnn_expr_factor(out, arena, (tnn_factor){TNN_FACTOR_MOD, NULL, r, b}, err);
}

tnn_status tnn_expr_extreme(const tnn_expr **out, tnn_arena *arena, tnn_factor_kind kind, const tnn_expr *a,
                            const tnn_expr *b, tnn_error *err) {
    const tnn_expr *a_minus_b, *b_minus_a;
    int64_t bound;
    TNN_TRY(tnn_expr_add(&a_minus_b, arena, a, -1, b, err));
    TNN_TRY(tnn_expr_add(&b_minus_a, arena, b, -1, a, err));
    bool a_larger = tnn_expr_at_least(a_minus_b, &bound) && bound >= 0;
    bool b_larger = tnn_expr_at_least(b_minus_a, &bound) && bound >= 0;
    if (a_larger || b_larger) {
        *out = a_larger == (kind == TNN_FACTOR_MAX) ? a : b;
        return TNN_OK;
    }
    if (tnn_expr_compare(a, b) > 0) return tnn_expr_extreme(out, arena, kind, b, a, err);
    return tnn_expr_factor(out, arena, (tnn_factor){kind, NULL, a, b}, err);
}
