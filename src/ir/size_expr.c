/* Sums and products of size expressions in normal form. */
#include "ir/size_expr.h"

#include <string.h>

#include "ir/checked.h"

static tnn_status fail_limit(tnn_error *err) {
    return tnn_fail(err, TNN_ERR_LIMIT, NULL, "a size expression grows too large");
}

static uint32_t factor_weight(const tnn_factor *factor) {
    return factor->kind == TNN_FACTOR_SYMBOL ? 1 : 1 + factor->a->weight + factor->b->weight;
}

/* Weights are bounded by TNN_EXPR_MAX_WEIGHT each, so the sum over the terms is stopped before it wraps. */
static bool weigh(const tnn_term *terms, uint32_t n_terms, uint32_t *weight) {
    *weight = 1;
    for (uint32_t i = 0; i < n_terms; i++) {
        *weight += 1;
        for (uint32_t k = 0; k < terms[i].n_factors; k++) {
            *weight += factor_weight(terms[i].factors[k]);
            if (*weight > TNN_EXPR_MAX_WEIGHT) return false;
        }
        if (*weight > TNN_EXPR_MAX_WEIGHT) return false;
    }
    return true;
}

tnn_status tnn_expr_sum(const tnn_expr **out, tnn_arena *arena, const tnn_term *terms, uint32_t n_terms,
                        tnn_error *err) {
    uint32_t weight;
    if (!weigh(terms, n_terms, &weight)) return fail_limit(err);
    tnn_expr *expr = TNN_NEW(arena, tnn_expr);
    if (!expr) return tnn_fail_nomem(err);
    expr->terms = terms;
    expr->n_terms = n_terms;
    expr->weight = weight;
    *out = expr;
    return TNN_OK;
}

tnn_status tnn_expr_number(const tnn_expr **out, tnn_arena *arena, int64_t number, tnn_error *err) {
    tnn_term *term = TNN_NEW(arena, tnn_term);
    if (!term) return tnn_fail_nomem(err);
    term->coef = number;
    return tnn_expr_sum(out, arena, term, number != 0, err);
}

tnn_status tnn_expr_factor(const tnn_expr **out, tnn_arena *arena, tnn_factor factor, tnn_error *err) {
    tnn_factor *copy = tnn_arena_copy(arena, &factor, 1, sizeof factor);
    const tnn_factor **factors = TNN_NEW(arena, const tnn_factor *);
    tnn_term *term = TNN_NEW(arena, tnn_term);
    if (!copy || !factors || !term) return tnn_fail_nomem(err);
    factors[0] = copy;
    term->coef = 1;
    term->n_factors = 1;
    term->factors = factors;
    return tnn_expr_sum(out, arena, term, 1, err);
}

static int factor_compare(const tnn_factor *a, const tnn_factor *b) {
    if (a == b) return 0;
    if (a->kind != b->kind) return a->kind < b->kind ? -1 : 1;
    if (a->kind == TNN_FACTOR_SYMBOL) return strcmp(a->name, b->name);
    int order = tnn_expr_compare(a->a, b->a);
    return order != 0 ? order : tnn_expr_compare(a->b, b->b);
}

/* Graded lexicographic: more factors come first, then the smaller first factor. */
int tnn_term_compare_factors(const tnn_term *a, const tnn_term *b) {
    if (a->n_factors != b->n_factors) return a->n_factors > b->n_factors ? -1 : 1;
    for (uint32_t i = 0; i < a->n_factors; i++) {
        int order = factor_compare(a->factors[i], b->factors[i]);
        if (order != 0) return order;
    }
    return 0;
}

int tnn_expr_compare(const tnn_expr *a, const tnn_expr *b) {
    if (a == b) return 0;
    for (uint32_t i = 0; i < a->n_terms && i < b->n_terms; i++) {
        int order = tnn_term_compare_factors(&a->terms[i], &b->terms[i]);
        if (order != 0) return order;
        if (a->terms[i].coef != b->terms[i].coef) return a->terms[i].coef < b->terms[i].coef ? -1 : 1;
    }
    return a->n_terms == b->n_terms ? 0 : a->n_terms < b->n_terms ? -1 : 1;
}

/* a * b for two terms: factors merged in order. */
static tnn_status term_mul(tnn_term *out, tnn_arena *arena, const tnn_term *a, const tnn_term *b, tnn_error *err) {
    if (!tnn_mul_i64(a->coef, b->coef, &out->coef)) return fail_limit(err);
    out->n_factors = a->n_factors + b->n_factors;
    if (a->n_factors == 0 || b->n_factors == 0) {
        out->factors = a->n_factors == 0 ? b->factors : a->factors;
        return TNN_OK;
    }
    const tnn_factor **factors = TNN_NEW_ARRAY(arena, out->n_factors, const tnn_factor *);
    if (!factors) return tnn_fail_nomem(err);
    uint32_t i = 0, k = 0;
    while (i < a->n_factors || k < b->n_factors) {
        bool from_a = k == b->n_factors ||
                      (i < a->n_factors && factor_compare(a->factors[i], b->factors[k]) <= 0);
        factors[i + k] = from_a ? a->factors[i] : b->factors[k];
        if (from_a) i++;
        else k++;
    }
    out->factors = factors;
    return TNN_OK;
}

/* Merge two ordered lists of terms into `out` (room for both). */
static tnn_status merge_terms(tnn_term *out, uint32_t *n_out, const tnn_expr *a, const tnn_term *b, uint32_t n_b,
                              tnn_error *err) {
    uint32_t i = 0, k = 0, n = 0;
    while (i < a->n_terms || k < n_b) {
        int order = k == n_b ? -1 : i == a->n_terms ? 1 : tnn_term_compare_factors(&a->terms[i], &b[k]);
        tnn_term term = order <= 0 ? a->terms[i] : b[k];
        if (order == 0 && !tnn_add_i64(term.coef, b[k].coef, &term.coef)) return fail_limit(err);
        if (order <= 0) i++;
        if (order >= 0) k++;
        if (term.coef != 0) out[n++] = term;
    }
    *n_out = n;
    return TNN_OK;
}

tnn_status tnn_expr_add_scaled(const tnn_expr **out, tnn_arena *arena, const tnn_expr *a, const tnn_term *term,
                               const tnn_expr *b, tnn_error *err) {
    uint32_t n_scaled = term->coef == 0 ? 0 : b->n_terms, n_merged = 0;
    tnn_term *scaled = TNN_NEW_ARRAY(arena, n_scaled, tnn_term);
    tnn_term *merged = TNN_NEW_ARRAY(arena, a->n_terms + n_scaled, tnn_term);
    if (!scaled || !merged) return tnn_fail_nomem(err);
    for (uint32_t i = 0; i < n_scaled; i++) TNN_TRY(term_mul(&scaled[i], arena, term, &b->terms[i], err));
    TNN_TRY(merge_terms(merged, &n_merged, a, scaled, n_scaled, err));
    return tnn_expr_sum(out, arena, merged, n_merged, err);
}

tnn_status tnn_expr_add(const tnn_expr **out, tnn_arena *arena, const tnn_expr *a, int64_t k, const tnn_expr *b,
                        tnn_error *err) {
    tnn_term term = {k, 0, NULL};
    return tnn_expr_add_scaled(out, arena, a, &term, b, err);
}

tnn_status tnn_expr_mul(const tnn_expr **out, tnn_arena *arena, const tnn_expr *a, const tnn_expr *b,
                        tnn_error *err) {
    const tnn_expr *sum;
    TNN_TRY(tnn_expr_number(&sum, arena, 0, err));
    for (uint32_t i = 0; i < a->n_terms; i++) {
        TNN_TRY(tnn_expr_add_scaled(&sum, arena, sum, &a->terms[i], b, err));
    }
    *out = sum;
    return TNN_OK;
}

bool tnn_term_without(const tnn_term *a, const tnn_term *b, const tnn_factor **rest, uint32_t *n_rest) {
    uint32_t k = 0, n = 0;
    for (uint32_t i = 0; i < a->n_factors; i++) {
        if (k < b->n_factors && factor_compare(a->factors[i], b->factors[k]) == 0) k++;
        else rest[n++] = a->factors[i];
    }
    *n_rest = n;
    return k == b->n_factors;
}

bool tnn_expr_is_number(const tnn_expr *expr, int64_t *number) {
    if (expr->n_terms > 1 || (expr->n_terms == 1 && expr->terms[0].n_factors > 0)) return false;
    *number = expr->n_terms == 0 ? 0 : expr->terms[0].coef;
    return true;
}

static bool factor_at_least(const tnn_factor *factor, int64_t *bound) {
    int64_t a = 0, b = 0;
    switch (factor->kind) {
    case TNN_FACTOR_SYMBOL:
        *bound = 1;
        return true;
    case TNN_FACTOR_FLOORDIV: /* only constant divisors: b is the value then, not just a bound */
        return tnn_expr_is_number(factor->b, &b) && b > 0 && tnn_expr_at_least(factor->a, &a) &&
               tnn_floordiv_i64(a, b, bound);
    case TNN_FACTOR_MOD:
        *bound = 0;
        return tnn_expr_at_least(factor->b, &b) && b > 0;
    case TNN_FACTOR_MIN:
        if (!tnn_expr_at_least(factor->a, &a) || !tnn_expr_at_least(factor->b, &b)) return false;
        *bound = a < b ? a : b;
        return true;
    case TNN_FACTOR_MAX: {
        bool has_a = tnn_expr_at_least(factor->a, &a), has_b = tnn_expr_at_least(factor->b, &b);
        *bound = has_a && (!has_b || a > b) ? a : b;
        return has_a || has_b;
    }
    }
    return false;
}

bool tnn_expr_at_least(const tnn_expr *expr, int64_t *bound) {
    int64_t sum = 0;
    for (uint32_t i = 0; i < expr->n_terms; i++) {
        const tnn_term *term = &expr->terms[i];
        int64_t product = term->coef;
        if (term->n_factors > 0 && term->coef < 0) return false;
        for (uint32_t k = 0; k < term->n_factors; k++) {
            int64_t low = 0;
            if (!factor_at_least(term->factors[k], &low) || low < 0) return false;
            if (!tnn_mul_i64(product, low, &product)) return false;
        }
        if (!tnn_add_i64(sum, product, &sum)) return false;
    }
    *bound = sum;
    return true;
}
