/* The normal form of size expressions (see size.h): a sum of terms, a term being a coefficient times factors.
 *
 * The number is the term without factors. Terms stand in graded lexicographic order, largest first, which
 * multiplication by a term keeps; no coefficient is zero. The empty sum is zero. Everything is immutable and
 * lives in the caller's arena. */
#ifndef TNN_IR_SIZE_EXPR_H
#define TNN_IR_SIZE_EXPR_H

#include "ir/size.h"

typedef enum tnn_factor_kind {
    TNN_FACTOR_SYMBOL,
    TNN_FACTOR_FLOORDIV,
    TNN_FACTOR_MOD,
    TNN_FACTOR_MIN,
    TNN_FACTOR_MAX
} tnn_factor_kind;

typedef struct tnn_factor {
    tnn_factor_kind kind;
    const char *name;     /* SYMBOL */
    const tnn_expr *a, *b; /* the others */
} tnn_factor;

typedef struct tnn_term {
    int64_t coef;
    uint32_t n_factors;
    const tnn_factor *const *factors; /* in order; repeated for powers */
} tnn_term;

struct tnn_expr {
    uint32_t n_terms;
    uint32_t weight; /* nodes when written out as a tree: what walking it costs at most */
    const tnn_term *terms;
};

/* A larger expression is TNN_ERR_LIMIT, so that no input makes us walk for ever. */
#define TNN_EXPR_MAX_WEIGHT 1000u

/* Errors of all of these: TNN_ERR_LIMIT (a coefficient overflows, the result grows too large), TNN_ERR_NOMEM. */
tnn_status tnn_expr_number(const tnn_expr **out, tnn_arena *arena, int64_t number, tnn_error *err);
tnn_status tnn_expr_factor(const tnn_expr **out, tnn_arena *arena, tnn_factor factor, tnn_error *err);
/* a + k * term * b */
tnn_status tnn_expr_add_scaled(const tnn_expr **out, tnn_arena *arena, const tnn_expr *a, const tnn_term *term,
                               const tnn_expr *b, tnn_error *err);
tnn_status tnn_expr_add(const tnn_expr **out, tnn_arena *arena, const tnn_expr *a, int64_t k, const tnn_expr *b,
                        tnn_error *err);
tnn_status tnn_expr_mul(const tnn_expr **out, tnn_arena *arena, const tnn_expr *a, const tnn_expr *b,
                        tnn_error *err);
/* b is not zero. */
tnn_status tnn_expr_floordiv(const tnn_expr **out, tnn_arena *arena, const tnn_expr *a, const tnn_expr *b,
                             tnn_error *err);
tnn_status tnn_expr_mod(const tnn_expr **out, tnn_arena *arena, const tnn_expr *a, const tnn_expr *b,
                        tnn_error *err);
/* kind is MIN or MAX */
tnn_status tnn_expr_extreme(const tnn_expr **out, tnn_arena *arena, tnn_factor_kind kind, const tnn_expr *a,
                            const tnn_expr *b, tnn_error *err);

/* The terms, which are in order and live in the arena, as a sum. */
tnn_status tnn_expr_sum(const tnn_expr **out, tnn_arena *arena, const tnn_term *terms, uint32_t n_terms,
                        tnn_error *err);

/* A total order; 0 when structurally equal. */
int tnn_expr_compare(const tnn_expr *a, const tnn_expr *b);
int tnn_term_compare_factors(const tnn_term *a, const tnn_term *b);

/* The factors of `a` without those of `b` into `rest` (room for a->n_factors); false when `b` has one that `a`
 * lacks. */
bool tnn_term_without(const tnn_term *a, const tnn_term *b, const tnn_factor **rest, uint32_t *n_rest);

/* true when `expr` is a plain number. */
bool tnn_expr_is_number(const tnn_expr *expr, int64_t *number);

/* A number that `expr` never falls below, symbols being at least 1; false when none is known. */
bool tnn_expr_at_least(const tnn_expr *expr, int64_t *bound);

#endif
