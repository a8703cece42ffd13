#include <string.h>

#include "eval/parse.h"

static tnn_status push_text(tnn_parser *p, tnn_ast *format, const char *text, size_t n, tnn_error *err) {
    tnn_ast *part;
    if (n == 0) return TNN_OK;
    TNN_TRY(tnn_parser_node(p, TNN_AST_STRING, &part, err));
    part->as.text = tnn_arena_strn(p->lexer.arena, text, n);
    return part->as.text ? tnn_parser_push(p, &format->as.list, part, err) : tnn_fail_nomem(err);
}

static tnn_status refuse(const tnn_parser *p, const char *what, tnn_error *err) {
    return tnn_fail_at(err, TNN_ERR_UNSUPPORTED, p->lexer.where, p->token.position, "line %lu: %s",
                       (unsigned long)p->token.line, what);
}

/* The expression between braces, by a parser of its own. */
static tnn_status push_expression(tnn_parser *p, tnn_ast *format, const char *text, size_t n, tnn_error *err) {
    tnn_parser inner = {.depth = p->depth, .max_depth = p->max_depth};
    tnn_ast *part;
    tnn_lexer_init(&inner.lexer, p->lexer.arena, text, n, p->lexer.where);
    inner.lexer.line = p->token.line;
    inner.lexer.line_start = false;
    TNN_TRY(tnn_parser_enter(&inner, err));
    TNN_TRY(tnn_parser_take(&inner, err));
    TNN_TRY(tnn_parse_expr(&inner, &part, err));
    bool ends = inner.token.kind == TNN_TOK_NEWLINE || inner.token.kind == TNN_TOK_END;
    if (!ends) return refuse(p, "a format behind an expression of an f-string", err);
    part->line = p->token.line;
    part->position = p->token.position;
    return tnn_parser_push(p, &format->as.list, part, err);
}

/* Text up to a brace, or the expression in one; `*text` moves behind it. Doubled braces are braces. */
static tnn_status push_part(tnn_parser *p, tnn_ast *format, const char **text, tnn_error *err) {
    const char *at = *text;
    size_t n = strcspn(at, "{}");
    if (n == 0 && at[0] == at[1]) {
        *text = at + 2;
        return push_text(p, format, at, 1, err);
    }
    *text = at + n;
    if (n > 0) return push_text(p, format, at, n, err);
    n = strcspn(at + 1, "{}");
    if (at[0] != '{' || at[1 + n] != '}') return refuse(p, "braces of an f-string that are not closed", err);
    *text = at + n + 2;
    return push_expression(p, format, at + 1, n, err);
}

/* The token, which is a string of either kind. */
static tnn_status push_string(tnn_parser *p, tnn_ast *format, tnn_error *err) {
    const char *text = p->token.text;
    if (p->token.kind == TNN_TOK_STRING) return push_text(p, format, text, strlen(text), err);
    while (*text) TNN_TRY(push_part(p, format, &text, err));
    return TNN_OK;
}

/* All parts are texts: one text. */
static tnn_status join(tnn_parser *p, tnn_ast *format, tnn_error *err) {
    const char *text = "";
    for (size_t k = 0; k < format->as.list.n; k++) {
        text = tnn_arena_printf(p->lexer.arena, "%s%s", text, format->as.list.items[k]->as.text);
        if (!text) return tnn_fail_nomem(err);
    }
    format->kind = TNN_AST_STRING;
    format->as.text = text;
    return TNN_OK;
}

tnn_status tnn_parse_string(tnn_parser *p, tnn_ast **out, tnn_error *err) {
    bool plain = true;
    TNN_TRY(tnn_parser_node(p, TNN_AST_FORMAT, out, err));
    while (p->token.kind == TNN_TOK_STRING || p->token.kind == TNN_TOK_FSTRING) {
        plain = plain && p->token.kind == TNN_TOK_STRING;
        TNN_TRY(push_string(p, *out, err));
        TNN_TRY(tnn_parser_take(p, err));
    }
    return plain ? join(p, *out, err) : TNN_OK;
}
