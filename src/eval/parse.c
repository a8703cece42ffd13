#include "eval/parse.h"

tnn_status tnn_parser_take(tnn_parser *p, tnn_error *err) {
    return tnn_lexer_next(&p->lexer, &p->token, err);
}

tnn_status tnn_parser_accept(tnn_parser *p, tnn_tok kind, bool *taken, tnn_error *err) {
    *taken = p->token.kind == kind;
    return *taken ? tnn_parser_take(p, err) : TNN_OK;
}

tnn_status tnn_parser_unexpected(const tnn_parser *p, const char *wanted, tnn_error *err) {
    const char *found = p->token.text ? p->token.text : tnn_tok_text(p->token.kind);
    const char *quote = p->token.text ? "'" : "";
    return tnn_fail_at(err, TNN_ERR_MALFORMED, p->lexer.where, p->token.position,
                       "line %lu: found %s%.60s%s, expected %s", (unsigned long)p->token.line, quote, found, quote,
                       wanted);
}

tnn_status tnn_parser_expect(tnn_parser *p, tnn_tok kind, tnn_error *err) {
    if (p->token.kind == kind) return tnn_parser_take(p, err);
    return tnn_parser_unexpected(p, tnn_tok_text(kind), err);
}

tnn_status tnn_parser_enter(tnn_parser *p, tnn_error *err) {
    if (p->depth++ < p->max_depth) return TNN_OK;
    return tnn_fail_at(err, TNN_ERR_LIMIT, p->lexer.where, p->token.position,
                       "line %lu: nested more than %lu deep", (unsigned long)p->token.line,
                       (unsigned long)p->max_depth);
}

void tnn_parser_leave(tnn_parser *p) { p->depth--; }

tnn_status tnn_parser_name(tnn_parser *p, const char **out, tnn_error *err) {
    *out = p->token.text;
    return tnn_parser_expect(p, TNN_TOK_NAME, err);
}

tnn_status tnn_parser_push(tnn_parser *p, tnn_ast_items *items, tnn_ast *item, tnn_error *err) {
    tnn_ast **grown = tnn_arena_grow(p->lexer.arena, items->items, items->n, &items->cap, items->n + 1,
                                     sizeof(*grown));
    if (!grown) return tnn_fail_nomem(err);
    items->items = grown;
    grown[items->n++] = item;
    return TNN_OK;
}

tnn_status tnn_parser_stmt(tnn_parser *p, tnn_stmt_kind kind, tnn_stmt **out, tnn_error *err) {
    tnn_stmt *stmt = TNN_NEW(p->lexer.arena, tnn_stmt);
    if (!stmt) return tnn_fail_nomem(err);
    stmt->kind = kind;
    stmt->line = p->token.line;
    stmt->position = p->token.position;
    *out = stmt;
    return TNN_OK;
}

static tnn_status push_stmt(tnn_parser *p, tnn_block *block, tnn_stmt *stmt, tnn_error *err) {
    tnn_stmt **grown = tnn_arena_grow(p->lexer.arena, block->items, block->n, &block->cap, block->n + 1,
                                      sizeof(*grown));
    if (!grown) return tnn_fail_nomem(err);
    block->items = grown;
    grown[block->n++] = stmt;
    return TNN_OK;
}

static tnn_status parse_line(tnn_parser *p, tnn_block *block, tnn_error *err);
static tnn_status parse_simples(tnn_parser *p, tnn_block *block, tnn_error *err);

tnn_status tnn_parse_block(tnn_parser *p, tnn_block *block, tnn_error *err) {
    bool newline;
    TNN_TRY(tnn_parser_expect(p, TNN_TOK_COLON, err));
    TNN_TRY(tnn_parser_accept(p, TNN_TOK_NEWLINE, &newline, err));
    TNN_TRY(tnn_parser_enter(p, err));
    if (newline) {
        TNN_TRY(tnn_parser_expect(p, TNN_TOK_INDENT, err));
        while (p->token.kind != TNN_TOK_DEDENT) TNN_TRY(parse_line(p, block, err));
        TNN_TRY(tnn_parser_take(p, err));
    } else {
        TNN_TRY(parse_simples(p, block, err));
    }
    tnn_parser_leave(p);
    return TNN_OK;
}

static tnn_status push_branch(tnn_parser *p, tnn_stmt *stmt, tnn_error *err) {
    size_t n = stmt->as.choice.n;
    tnn_branch *grown = tnn_arena_grow(p->lexer.arena, stmt->as.choice.branches, n, &stmt->as.choice.cap, n + 1,
                                       sizeof(*grown));
    if (!grown) return tnn_fail_nomem(err);
    stmt->as.choice.branches = grown;
    stmt->as.choice.n++;
    grown[n] = (tnn_branch){0};
    TNN_TRY(tnn_parser_take(p, err));
    TNN_TRY(tnn_parse_expr(p, &grown[n].condition, err));
    return tnn_parse_block(p, &grown[n].body, err);
}

static tnn_status parse_if(tnn_parser *p, tnn_stmt **out, tnn_error *err) {
    bool otherwise;
    TNN_TRY(tnn_parser_stmt(p, TNN_STMT_IF, out, err));
    do TNN_TRY(push_branch(p, *out, err));
    while (p->token.kind == TNN_TOK_ELIF);
    TNN_TRY(tnn_parser_accept(p, TNN_TOK_ELSE, &otherwise, err));
    return otherwise ? tnn_parse_block(p, &(*out)->as.choice.otherwise, err) : TNN_OK;
}

static tnn_status parse_for(tnn_parser *p, tnn_stmt **out, tnn_error *err) {
    TNN_TRY(tnn_parser_stmt(p, TNN_STMT_FOR, out, err));
    TNN_TRY(tnn_parser_take(p, err));
    TNN_TRY(tnn_parse_targets(p, &(*out)->as.loop.target, err));
    TNN_TRY(tnn_parser_expect(p, TNN_TOK_IN, err));
    TNN_TRY(tnn_parse_exprs(p, &(*out)->as.loop.source, err));
    return tnn_parse_block(p, &(*out)->as.loop.body, err);
}

static tnn_status parse_while(tnn_parser *p, tnn_stmt **out, tnn_error *err) {
    TNN_TRY(tnn_parser_stmt(p, TNN_STMT_WHILE, out, err));
    TNN_TRY(tnn_parser_take(p, err));
    TNN_TRY(tnn_parse_expr(p, &(*out)->as.loop.source, err));
    return tnn_parse_block(p, &(*out)->as.loop.body, err);
}

/* with source: or with source as target: */
static tnn_status parse_with(tnn_parser *p, tnn_stmt **out, tnn_error *err) {
    bool named;
    TNN_TRY(tnn_parser_stmt(p, TNN_STMT_WITH, out, err));
    TNN_TRY(tnn_parser_take(p, err));
    TNN_TRY(tnn_parse_expr(p, &(*out)->as.loop.source, err));
    TNN_TRY(tnn_parser_accept(p, TNN_TOK_AS, &named, err));
    if (named) TNN_TRY(tnn_parse_targets(p, &(*out)->as.loop.target, err));
    return tnn_parse_block(p, &(*out)->as.loop.body, err);
}

static bool augmented_op(tnn_tok tok, tnn_ast_op *op) {
    static const struct {
        tnn_tok tok;
        tnn_ast_op op;
    } table[] = {
        {TNN_TOK_ADD_ASSIGN, TNN_AST_ADD},           {TNN_TOK_SUB_ASSIGN, TNN_AST_SUB},
        {TNN_TOK_MUL_ASSIGN, TNN_AST_MUL},           {TNN_TOK_DIV_ASSIGN, TNN_AST_DIV},
        {TNN_TOK_FLOORDIV_ASSIGN, TNN_AST_FLOORDIV}, {TNN_TOK_MOD_ASSIGN, TNN_AST_MOD},
        {TNN_TOK_POW_ASSIGN, TNN_AST_POW},           {TNN_TOK_MATMUL_ASSIGN, TNN_AST_MATMUL},
        {TNN_TOK_AND_ASSIGN, TNN_AST_BIT_AND},       {TNN_TOK_OR_ASSIGN, TNN_AST_BIT_OR},
        {TNN_TOK_XOR_ASSIGN, TNN_AST_BIT_XOR},       {TNN_TOK_SHL_ASSIGN, TNN_AST_SHIFT_LEFT},
        {TNN_TOK_SHR_ASSIGN, TNN_AST_SHIFT_RIGHT},
    };
    for (size_t k = 0; k < sizeof(table) / sizeof(table[0]); k++)
        if (table[k].tok == tok) {
            *op = table[k].op;
            return true;
        }
    return false;
}

/* a = b = value, the first target already parsed */
static tnn_status parse_assign(tnn_parser *p, tnn_stmt *stmt, tnn_ast *target, tnn_error *err) {
    stmt->kind = TNN_STMT_ASSIGN;
    stmt->as.assign.targets = (tnn_ast_items){0};
    while (p->token.kind == TNN_TOK_ASSIGN) {
        TNN_TRY(tnn_parse_check_target(p, target, err));
        TNN_TRY(tnn_parser_push(p, &stmt->as.assign.targets, target, err));
        TNN_TRY(tnn_parser_take(p, err));
        TNN_TRY(tnn_parse_exprs(p, &target, err));
    }
    stmt->as.assign.value = target;
    return TNN_OK;
}

/* target: annotation, or target: annotation = value */
static tnn_status parse_annotated(tnn_parser *p, tnn_stmt *stmt, tnn_ast *target, tnn_error *err) {
    bool assigned;
    stmt->kind = TNN_STMT_ANNOTATED;
    stmt->as.change.target = target;
    TNN_TRY(tnn_parse_check_target(p, target, err));
    TNN_TRY(tnn_parser_take(p, err));
    TNN_TRY(tnn_parse_expr(p, &stmt->as.change.annotation, err));
    TNN_TRY(tnn_parser_accept(p, TNN_TOK_ASSIGN, &assigned, err));
    return assigned ? tnn_parse_exprs(p, &stmt->as.change.value, err) : TNN_OK;
}

static tnn_status parse_augmented(tnn_parser *p, tnn_stmt *stmt, tnn_ast *target, tnn_error *err) {
    stmt->kind = TNN_STMT_AUGMENTED;
    stmt->as.change.target = target;
    TNN_TRY(tnn_parse_check_target(p, target, err));
    TNN_TRY(tnn_parser_take(p, err));
    return tnn_parse_exprs(p, &stmt->as.change.value, err);
}

static tnn_status parse_expr_stmt(tnn_parser *p, tnn_stmt **out, tnn_error *err) {
    tnn_ast *value;
    TNN_TRY(tnn_parser_stmt(p, TNN_STMT_EXPR, out, err));
    TNN_TRY(tnn_parse_exprs(p, &value, err));
    if (p->token.kind == TNN_TOK_ASSIGN) return parse_assign(p, *out, value, err);
    if (p->token.kind == TNN_TOK_COLON) return parse_annotated(p, *out, value, err);
    if (augmented_op(p->token.kind, &(*out)->op)) return parse_augmented(p, *out, value, err);
    (*out)->as.value = value;
    return TNN_OK;
}

static bool ends_stmt(tnn_tok tok) { return tok == TNN_TOK_NEWLINE || tok == TNN_TOK_SEMICOLON; }

/* return, raise: an optional value */
static tnn_status parse_leaving(tnn_parser *p, tnn_stmt_kind kind, tnn_stmt **out, tnn_error *err) {
    TNN_TRY(tnn_parser_stmt(p, kind, out, err));
    TNN_TRY(tnn_parser_take(p, err));
    return ends_stmt(p->token.kind) ? TNN_OK : tnn_parse_exprs(p, &(*out)->as.value, err);
}

static tnn_status parse_assert(tnn_parser *p, tnn_stmt **out, tnn_error *err) {
    bool comma;
    TNN_TRY(tnn_parser_stmt(p, TNN_STMT_ASSERT, out, err));
    TNN_TRY(tnn_parser_take(p, err));
    TNN_TRY(tnn_parse_expr(p, &(*out)->as.check.condition, err));
    TNN_TRY(tnn_parser_accept(p, TNN_TOK_COMMA, &comma, err));
    return comma ? tnn_parse_expr(p, &(*out)->as.check.message, err) : TNN_OK;
}

static tnn_status parse_word(tnn_parser *p, tnn_stmt_kind kind, tnn_stmt **out, tnn_error *err) {
    TNN_TRY(tnn_parser_stmt(p, kind, out, err));
    return tnn_parser_take(p, err);
}

static tnn_status parse_del(tnn_parser *p, tnn_stmt **out, tnn_error *err) {
    TNN_TRY(parse_word(p, TNN_STMT_DEL, out, err));
    TNN_TRY(tnn_parse_exprs(p, &(*out)->as.value, err));
    return tnn_parse_check_target(p, (*out)->as.value, err);
}

static tnn_status parse_simple(tnn_parser *p, tnn_stmt **out, tnn_error *err) {
    tnn_tok tok = p->token.kind;
    if (tok == TNN_TOK_RETURN) return parse_leaving(p, TNN_STMT_RETURN, out, err);
    if (tok == TNN_TOK_RAISE) return parse_leaving(p, TNN_STMT_RAISE, out, err);
    if (tok == TNN_TOK_ASSERT) return parse_assert(p, out, err);
    if (tok == TNN_TOK_PASS) return parse_word(p, TNN_STMT_PASS, out, err);
    if (tok == TNN_TOK_BREAK) return parse_word(p, TNN_STMT_BREAK, out, err);
    if (tok == TNN_TOK_CONTINUE) return parse_word(p, TNN_STMT_CONTINUE, out, err);
    if (tok == TNN_TOK_DEL) return parse_del(p, out, err);
    if (tok == TNN_TOK_IMPORT) return tnn_parse_import(p, out, err);
    if (tok == TNN_TOK_FROM) return tnn_parse_from(p, out, err);
    return parse_expr_stmt(p, out, err);
}

/* Simple statements with semicolons, then the end of the line. */
static tnn_status parse_simples(tnn_parser *p, tnn_block *block, tnn_error *err) {
    bool more;
    do {
        tnn_stmt *stmt;
        TNN_TRY(parse_simple(p, &stmt, err));
        TNN_TRY(push_stmt(p, block, stmt, err));
        TNN_TRY(tnn_parser_accept(p, TNN_TOK_SEMICOLON, &more, err));
    } while (more && p->token.kind != TNN_TOK_NEWLINE);
    return tnn_parser_expect(p, TNN_TOK_NEWLINE, err);
}

static tnn_status parse_line(tnn_parser *p, tnn_block *block, tnn_error *err) {
    tnn_stmt *stmt;
    tnn_tok tok = p->token.kind;
    if (tok == TNN_TOK_IF) TNN_TRY(parse_if(p, &stmt, err));
    else if (tok == TNN_TOK_FOR) TNN_TRY(parse_for(p, &stmt, err));
    else if (tok == TNN_TOK_WHILE) TNN_TRY(parse_while(p, &stmt, err));
    else if (tok == TNN_TOK_WITH) TNN_TRY(parse_with(p, &stmt, err));
    else if (tok == TNN_TOK_DEF) TNN_TRY(tnn_parse_def(p, &stmt, err));
    else if (tok == TNN_TOK_CLASS) TNN_TRY(tnn_parse_class(p, &stmt, err));
    else if (tok == TNN_TOK_MATMUL) TNN_TRY(tnn_parse_decorated(p, &stmt, err));
    else return parse_simples(p, block, err);
    return push_stmt(p, block, stmt, err);
}

tnn_status tnn_parse(tnn_block *out, tnn_arena *arena, const char *text, size_t n_bytes, uint32_t max_depth,
                     const char *where, tnn_error *err) {
    tnn_parser p = {.max_depth = max_depth};
    *out = (tnn_block){0};
    tnn_lexer_init(&p.lexer, arena, text, n_bytes, where);
    TNN_TRY(tnn_parser_take(&p, err));
    while (p.token.kind != TNN_TOK_END) TNN_TRY(parse_line(&p, out, err));
    return TNN_OK;
}
