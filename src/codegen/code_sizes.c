#include "codegen/code_sizes.h"

#include <string.h>

#include "codegen/wrap.h"
#include "ir/size_expr.h"

static bool is_word_char(char c) {
    return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static bool uses_word(const char *text, const char *word) {
    size_t n = strlen(word);
    for (const char *at = text; (at = strstr(at, word)) != NULL; at += n)
        if ((at == text || (!is_word_char(at[-1]) && at[-1] != '.')) && !is_word_char(at[n])) return true;
    return false;
}

/* The only symbol of a size scale * s + shift. */
static const char *symbol_of(tnn_size size, int64_t *scale, int64_t *shift) {
    const tnn_expr *expr = size.expr;
    if (!expr || expr->n_terms == 0 || expr->n_terms > 2 || expr->terms[0].n_factors != 1) return NULL;
    if (expr->n_terms == 2 && expr->terms[1].n_factors != 0) return NULL;
    *scale = expr->terms[0].coef;
    *shift = expr->n_terms == 2 ? expr->terms[1].coef : 0;
    const tnn_factor *factor = expr->terms[0].factors[0];
    return factor->kind == TNN_FACTOR_SYMBOL ? factor->name : NULL;
}

/* ---- walking over symbols ---- */

typedef tnn_status symbol_fn(void *own, const char *symbol);

static tnn_status walk_expr(const tnn_expr *expr, symbol_fn *visit, void *own) {
    for (uint32_t i = 0; expr && i < expr->n_terms; i++) {
        for (uint32_t k = 0; k < expr->terms[i].n_factors; k++) {
            const tnn_factor *factor = expr->terms[i].factors[k];
            if (factor->kind == TNN_FACTOR_SYMBOL) TNN_TRY(visit(own, factor->name));
            else TNN_TRY(walk_expr(factor->a, visit, own));
            if (factor->kind != TNN_FACTOR_SYMBOL) TNN_TRY(walk_expr(factor->b, visit, own));
        }
    }
    return TNN_OK;
}

static tnn_status walk_arg(const tnn_arg *arg, symbol_fn *visit, void *own) {
    if (arg->kind == TNN_ARG_INT) return walk_expr(arg->as.size.expr, visit, own);
    for (uint32_t k = 0; arg->kind == TNN_ARG_INTS && k < arg->n; k++)
        TNN_TRY(walk_expr(arg->as.sizes[k].expr, visit, own));
    return TNN_OK;
}

/* ---- names ---- */

static tnn_status reserve(void *own, const char *symbol) { return tnn_names_reserve(own, &symbol, 1); }

tnn_status tnn_code_sizes_reserve(tnn_code *code, tnn_error *err) {
    for (size_t i = 0; i < code->graph->n_inputs; i++) {
        const tnn_shape *shape = &code->graph->inputs[i]->shape;
        for (unsigned k = 0; k < shape->rank; k++)
            if (walk_expr(shape->dims[k].expr, reserve, &code->variables) != TNN_OK) return tnn_fail_nomem(err);
    }
    return TNN_OK;
}

/* ---- statements ---- */

typedef struct checking {
    const tnn_strmap *known;
    const char *body;
    const tnn_node *node;
    tnn_error *err;
} checking;

static tnn_status check_symbol(void *own, const char *symbol) {
    const checking *c = own;
    if (tnn_strmap_find(c->known, symbol) || !uses_word(c->body, symbol)) return TNN_OK;
    return tnn_fail(c->err, TNN_ERR_UNSUPPORTED, tnn_node_where(c->node),
                    "size %s is none of an input: it depends on the content of a tensor", symbol);
}

static tnn_status check_symbols(const tnn_code *code, const tnn_strmap *known, const char *body, tnn_error *err) {
    for (size_t i = 0; i < code->n_steps; i++) {
        const tnn_node *node = code->steps[i].node;
        checking c = {known, body, node, err};
        for (size_t k = 0; k < node->schema->n_args; k++) TNN_TRY(walk_arg(&node->args[k], check_symbol, &c));
    }
    return TNN_OK;
}

static void print_symbol(tnn_strbuf *out, const char *symbol, const char *input, unsigned dim, int64_t scale,
                         int64_t shift) {
    tnn_strbuf line = {0};
    if (scale == 1 && shift == 0) tnn_strbuf_printf(&line, "%s = %s.shape[%u]", symbol, input, dim);
    else if (shift == 0) tnn_strbuf_printf(&line, "%s = %s.shape[%u] // %lld", symbol, input, dim, (long long)scale);
    else
        tnn_strbuf_printf(&line, "%s = (%s.shape[%u] %c %lld) // %lld", symbol, input, dim, shift > 0 ? '-' : '+',
                          (long long)(shift > 0 ? shift : -shift), (long long)scale);
    if (line.data) tnn_wrap_statement(out, line.data, 2);
    out->failed = out->failed || line.failed;
    tnn_strbuf_free(&line);
}

/* Dimensions that are a symbol alone are asked before those that are some multiple of it. */
tnn_status tnn_code_sizes_print(const tnn_code *code, const char *body, tnn_strbuf *out, tnn_error *err) {
    const tnn_graph *graph = code->graph;
    tnn_strmap known;
    tnn_strmap_init(&known, code->arena);
    for (size_t i = 0; i < 2 * graph->n_inputs; i++) {
        const tnn_value *input = graph->inputs[i % graph->n_inputs];
        for (unsigned k = 0; k < input->shape.rank; k++) {
            int64_t scale, shift;
            const char *symbol = symbol_of(input->shape.dims[k], &scale, &shift);
            bool alone = symbol && scale == 1 && shift == 0;
            if (!symbol || alone != (i < graph->n_inputs) || tnn_strmap_find(&known, symbol)) continue;
            if (tnn_strmap_set(&known, symbol, out) != TNN_OK) return tnn_fail_nomem(err);
            if (uses_word(body, symbol)) print_symbol(out, symbol, code->texts[input->id], k, scale, shift);
        }
    }
    return check_symbols(code, &known, body, err);
}
