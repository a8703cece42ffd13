/* Sizes as text, in Python's notation. */
#include <inttypes.h>

#include "ir/size_expr.h"

static void print_sum(tnn_strbuf *out, const tnn_expr *expr);

/* One term needs no parentheses as an operand of // and % when it is a symbol or a number that is not negative. */
static void print_operand(tnn_strbuf *out, const tnn_expr *expr) {
    const tnn_term *only = expr->n_terms == 1 ? &expr->terms[0] : NULL;
    bool atom = expr->n_terms == 0 || (only && only->n_factors == 0 && only->coef >= 0) ||
                (only && only->n_factors == 1 && only->coef == 1 && only->factors[0]->kind == TNN_FACTOR_SYMBOL);
    if (!atom) tnn_strbuf_add(out, "(");
    print_sum(out, expr);
    if (!atom) tnn_strbuf_add(out, ")");
}

static void print_division(tnn_strbuf *out, const tnn_factor *factor, bool alone) {
    if (!alone) tnn_strbuf_add(out, "(");
    print_operand(out, factor->a);
    tnn_strbuf_add(out, factor->kind == TNN_FACTOR_FLOORDIV ? "//" : " % ");
    print_operand(out, factor->b);
    if (!alone) tnn_strbuf_add(out, ")");
}

/* `alone`: no other factor stands beside this one. */
static void print_factor(tnn_strbuf *out, const tnn_factor *factor, bool alone) {
    switch (factor->kind) {
    case TNN_FACTOR_SYMBOL:
        tnn_strbuf_add(out, factor->name);
        break;
    case TNN_FACTOR_FLOORDIV:
    case TNN_FACTOR_MOD:
        print_division(out, factor, alone);
        break;
    case TNN_FACTOR_MIN:
    case TNN_FACTOR_MAX:
        tnn_strbuf_add(out, factor->kind == TNN_FACTOR_MIN ? "min(" : "max(");
        print_sum(out, factor->a);
        tnn_strbuf_add(out, ", ");
        print_sum(out, factor->b);
        tnn_strbuf_add(out, ")");
        break;
    }
}

static void print_sign(tnn_strbuf *out, bool negative, bool first) {
    if (first) tnn_strbuf_add(out, negative ? "-" : "");
    else tnn_strbuf_add(out, negative ? " - " : " + ");
}

static void print_term(tnn_strbuf *out, const tnn_term *term, bool first) {
    uint64_t size = term->coef < 0 ? 0 - (uint64_t)term->coef : (uint64_t)term->coef;
    print_sign(out, term->coef < 0, first);
    bool has_number = size != 1 || term->n_factors == 0;
    if (has_number) tnn_strbuf_printf(out, "%" PRIu64, size);
    bool alone = term->n_factors == 1 && !has_number && term->coef > 0;
    for (uint32_t i = 0; i < term->n_factors; i++) {
        if (i > 0 || has_number) tnn_strbuf_add(out, "*");
        print_factor(out, term->factors[i], alone);
    }
}

static void print_sum(tnn_strbuf *out, const tnn_expr *expr) {
    if (expr->n_terms == 0) tnn_strbuf_add(out, "0");
    for (uint32_t i = 0; i < expr->n_terms; i++) print_term(out, &expr->terms[i], i == 0);
}

void tnn_size_print(tnn_strbuf *out, tnn_size size) {
    if (size.expr) print_sum(out, size.expr);
    else tnn_strbuf_printf(out, "%" PRId64, size.hint);
}

void tnn_shape_print(tnn_strbuf *out, const tnn_shape *shape) {
    tnn_strbuf_add(out, "[");
    for (uint8_t i = 0; i < shape->rank; i++) {
        if (i > 0) tnn_strbuf_add(out, ", ");
        tnn_size_print(out, shape->dims[i]);
    }
    tnn_strbuf_add(out, "]");
}
