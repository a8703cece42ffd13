/* Definitions of functions and classes, and imports. */
#include "eval/parse.h"

static tnn_status parse_param(tnn_parser *p, tnn_param *param, tnn_error *err) {
    bool more;
    TNN_TRY(tnn_parser_name(p, &param->name, err));
    TNN_TRY(tnn_parser_accept(p, TNN_TOK_COLON, &more, err));
    if (more) TNN_TRY(tnn_parse_expr(p, &param->annotation, err));
    TNN_TRY(tnn_parser_accept(p, TNN_TOK_ASSIGN, &more, err));
    return more ? tnn_parse_expr(p, &param->default_value, err) : TNN_OK;
}

static tnn_status push_param(tnn_parser *p, tnn_function *def, tnn_param_kind kind, tnn_error *err) {
    tnn_param *grown = tnn_arena_grow(p->lexer.arena, def->params, def->n_params, &def->cap_params,
                                      def->n_params + 1, sizeof(*grown));
    if (!grown) return tnn_fail_nomem(err);
    def->params = grown;
    grown[def->n_params] = (tnn_param){.kind = kind};
    return parse_param(p, &grown[def->n_params++], err);
}

/* One parameter, or the star before those that need their names; `plain` is what the next one without stars is. */
static tnn_status parse_starred_param(tnn_parser *p, tnn_function *def, tnn_param_kind *plain, tnn_error *err) {
    bool star, stars;
    TNN_TRY(tnn_parser_accept(p, TNN_TOK_MUL, &star, err));
    TNN_TRY(tnn_parser_accept(p, TNN_TOK_POW, &stars, err));
    if (star) *plain = TNN_PARAM_KEYWORD_ONLY;
    if (star && p->token.kind != TNN_TOK_NAME) return TNN_OK;
    return push_param(p, def, stars ? TNN_PARAM_KEYWORDS : star ? TNN_PARAM_REST : *plain, err);
}

/* (a, b: int = 1, *args, c, **kwargs) */
static tnn_status parse_params(tnn_parser *p, tnn_function *def, tnn_error *err) {
    bool more = true;
    tnn_param_kind plain = TNN_PARAM_PLAIN;
    TNN_TRY(tnn_parser_expect(p, TNN_TOK_LPAREN, err));
    while (p->token.kind != TNN_TOK_RPAREN && more) {
        TNN_TRY(parse_starred_param(p, def, &plain, err));
        TNN_TRY(tnn_parser_accept(p, TNN_TOK_COMMA, &more, err));
    }
    return tnn_parser_expect(p, TNN_TOK_RPAREN, err);
}

static tnn_status parse_function(tnn_parser *p, tnn_stmt *stmt, tnn_error *err) {
    bool arrow;
    tnn_function *def = stmt->as.function;
    TNN_TRY(tnn_parser_expect(p, TNN_TOK_DEF, err));
    TNN_TRY(tnn_parser_name(p, &def->name, err));
    TNN_TRY(parse_params(p, def, err));
    TNN_TRY(tnn_parser_accept(p, TNN_TOK_ARROW, &arrow, err));
    if (arrow) TNN_TRY(tnn_parse_expr(p, &def->returns, err));
    return tnn_parse_block(p, &def->body, err);
}

tnn_status tnn_parse_decorated(tnn_parser *p, tnn_stmt **out, tnn_error *err) {
    bool more;
    tnn_ast *decorator;
    TNN_TRY(tnn_parser_stmt(p, TNN_STMT_DEF, out, err));
    tnn_function *def = (*out)->as.function = TNN_NEW(p->lexer.arena, tnn_function);
    if (!def) return tnn_fail_nomem(err);
    for (;;) {
        TNN_TRY(tnn_parser_accept(p, TNN_TOK_MATMUL, &more, err));
        if (!more) return parse_function(p, *out, err);
        TNN_TRY(tnn_parse_expr(p, &decorator, err));
        TNN_TRY(tnn_parser_push(p, &def->decorators, decorator, err));
        TNN_TRY(tnn_parser_expect(p, TNN_TOK_NEWLINE, err));
    }
}

tnn_status tnn_parse_def(tnn_parser *p, tnn_stmt **out, tnn_error *err) {
    TNN_TRY(tnn_parser_stmt(p, TNN_STMT_DEF, out, err));
    (*out)->as.function = TNN_NEW(p->lexer.arena, tnn_function);
    if (!(*out)->as.function) return tnn_fail_nomem(err);
    return parse_function(p, *out, err);
}

tnn_status tnn_parse_class(tnn_parser *p, tnn_stmt **out, tnn_error *err) {
    bool more;
    TNN_TRY(tnn_parser_stmt(p, TNN_STMT_CLASS, out, err));
    TNN_TRY(tnn_parser_take(p, err));
    TNN_TRY(tnn_parser_name(p, &(*out)->as.class_def.name, err));
    TNN_TRY(tnn_parser_accept(p, TNN_TOK_LPAREN, &more, err));
    while (more && p->token.kind != TNN_TOK_RPAREN) {
        tnn_ast *base;
        TNN_TRY(tnn_parse_expr(p, &base, err));
        TNN_TRY(tnn_parser_push(p, &(*out)->as.class_def.bases, base, err));
        if (p->token.kind != TNN_TOK_RPAREN) TNN_TRY(tnn_parser_expect(p, TNN_TOK_COMMA, err));
    }
    if (more) TNN_TRY(tnn_parser_expect(p, TNN_TOK_RPAREN, err));
    return tnn_parse_block(p, &(*out)->as.class_def.body, err);
}

/* a.b.c */
static tnn_status parse_module(tnn_parser *p, const char **out, tnn_error *err) {
    bool more;
    const char *part;
    TNN_TRY(tnn_parser_name(p, out, err));
    for (;;) {
        TNN_TRY(tnn_parser_accept(p, TNN_TOK_DOT, &more, err));
        if (!more) return TNN_OK;
        TNN_TRY(tnn_parser_name(p, &part, err));
        *out = tnn_arena_printf(p->lexer.arena, "%s.%s", *out, part);
        if (!*out) return tnn_fail_nomem(err);
    }
}

static tnn_status push_import(tnn_parser *p, tnn_stmt *stmt, tnn_import import, tnn_error *err) {
    bool named;
    TNN_TRY(tnn_parser_accept(p, TNN_TOK_AS, &named, err));
    if (named) TNN_TRY(tnn_parser_name(p, &import.alias, err));
    tnn_import *grown = tnn_arena_grow(p->lexer.arena, stmt->as.imports.items, stmt->as.imports.n,
                                       &stmt->as.imports.cap, stmt->as.imports.n + 1, sizeof(*grown));
    if (!grown) return tnn_fail_nomem(err);
    stmt->as.imports.items = grown;
    grown[stmt->as.imports.n++] = import;
    return TNN_OK;
}

tnn_status tnn_parse_import(tnn_parser *p, tnn_stmt **out, tnn_error *err) {
    bool more;
    TNN_TRY(tnn_parser_stmt(p, TNN_STMT_IMPORT, out, err));
    TNN_TRY(tnn_parser_take(p, err));
    do {
        tnn_import import = {0};
        TNN_TRY(parse_module(p, &import.module, err));
        TNN_TRY(push_import(p, *out, import, err));
        TNN_TRY(tnn_parser_accept(p, TNN_TOK_COMMA, &more, err));
    } while (more);
    return TNN_OK;
}

tnn_status tnn_parse_from(tnn_parser *p, tnn_stmt **out, tnn_error *err) {
    bool more, closed;
    tnn_import import = {0};
    TNN_TRY(tnn_parser_stmt(p, TNN_STMT_IMPORT, out, err));
    TNN_TRY(tnn_parser_take(p, err));
    TNN_TRY(parse_module(p, &import.module, err));
    TNN_TRY(tnn_parser_expect(p, TNN_TOK_IMPORT, err));
    TNN_TRY(tnn_parser_accept(p, TNN_TOK_LPAREN, &closed, err));
    do {
        TNN_TRY(tnn_parser_name(p, &import.name, err));
        TNN_TRY(push_import(p, *out, import, err));
        TNN_TRY(tnn_parser_accept(p, TNN_TOK_COMMA, &more, err));
    } while (more && p->token.kind != TNN_TOK_RPAREN);
    return closed ? tnn_parser_expect(p, TNN_TOK_RPAREN, err) : TNN_OK;
}
