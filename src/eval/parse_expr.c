#include "eval/parse.h"

typedef struct level {
    tnn_tok tok;
    tnn_ast_op op;
    int binds; /* larger binds tighter */
} level;

static const level levels[] = {
    {TNN_TOK_OR_BITS, TNN_AST_BIT_OR, 1},   {TNN_TOK_XOR_BITS, TNN_AST_BIT_XOR, 2},
    {TNN_TOK_AND_BITS, TNN_AST_BIT_AND, 3}, {TNN_TOK_SHL, TNN_AST_SHIFT_LEFT, 4},
    {TNN_TOK_SHR, TNN_AST_SHIFT_RIGHT, 4},  {TNN_TOK_ADD, TNN_AST_ADD, 5},
    {TNN_TOK_SUB, TNN_AST_SUB, 5},          {TNN_TOK_MUL, TNN_AST_MUL, 6},
    {TNN_TOK_DIV, TNN_AST_DIV, 6},          {TNN_TOK_FLOORDIV, TNN_AST_FLOORDIV, 6},
    {TNN_TOK_MOD, TNN_AST_MOD, 6},          {TNN_TOK_MATMUL, TNN_AST_MATMUL, 6},
};

static const level comparisons[] = {
    {TNN_TOK_EQ, TNN_AST_EQ, 0}, {TNN_TOK_NE, TNN_AST_NE, 0}, {TNN_TOK_LT, TNN_AST_LT, 0},
    {TNN_TOK_LE, TNN_AST_LE, 0}, {TNN_TOK_GT, TNN_AST_GT, 0}, {TNN_TOK_GE, TNN_AST_GE, 0},
    {TNN_TOK_IN, TNN_AST_IN, 0}, {TNN_TOK_IS, TNN_AST_IS, 0}, {TNN_TOK_NOT, TNN_AST_NOT_IN, 0},
};

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static const level *find_level(const level *table, size_t n, tnn_tok tok) {
    for (size_t k = 0; k < n; k++)
        if (table[k].tok == tok) return &table[k];
    return NULL;
}

const char *tnn_ast_op_text(tnn_ast_op op) {
    static const char *const texts[] = {"+",  "-",  "*",  "/", "//", "%", "**", "@",  "&",      "|",
                                        "^",  "<<", ">>", "-", "+",  "~", "not", "==", "!=",     "<",
                                        "<=", ">",  ">=", "is", "is not", "in", "not in", "and", "or"};
    return (size_t)op < COUNT(texts) ? texts[op] : "?";
}

tnn_status tnn_parser_node(tnn_parser *p, tnn_ast_kind kind, tnn_ast **out, tnn_error *err) {
    tnn_ast *node = TNN_NEW(p->lexer.arena, tnn_ast);
    if (!node) return tnn_fail_nomem(err);
    node->kind = kind;
    node->line = p->token.line;
    node->position = p->token.position;
    *out = node;
    return TNN_OK;
}

static tnn_status new_pair(tnn_parser *p, tnn_ast_kind kind, tnn_ast_op op, tnn_ast *left, tnn_ast **out,
                           tnn_error *err) {
    TNN_TRY(tnn_parser_node(p, kind, out, err));
    (*out)->op = op;
    (*out)->as.pair.left = left;
    return TNN_OK;
}

static bool unary_op(tnn_tok tok, tnn_ast_op *op) {
    if (tok == TNN_TOK_SUB) *op = TNN_AST_NEG;
    else if (tok == TNN_TOK_ADD) *op = TNN_AST_POS;
    else if (tok == TNN_TOK_INVERT) *op = TNN_AST_INVERT;
    else return false;
    return true;
}

/* -x, +x, ~x, x, x ** y. The power binds tighter than a sign on its left, looser than one on its right. */
static tnn_status parse_unary(tnn_parser *p, tnn_ast **out, tnn_error *err) {
    tnn_ast_op op;
    TNN_TRY(tnn_parser_enter(p, err));
    if (unary_op(p->token.kind, &op)) {
        TNN_TRY(new_pair(p, TNN_AST_UNARY, op, NULL, out, err));
        TNN_TRY(tnn_parser_take(p, err));
        TNN_TRY(parse_unary(p, &(*out)->as.pair.left, err));
    } else {
        tnn_ast *base;
        TNN_TRY(tnn_parse_postfix(p, &base, err));
        *out = base;
        if (p->token.kind == TNN_TOK_POW) {
            TNN_TRY(new_pair(p, TNN_AST_BINARY, TNN_AST_POW, base, out, err));
            TNN_TRY(tnn_parser_take(p, err));
            TNN_TRY(parse_unary(p, &(*out)->as.pair.right, err));
        }
    }
    tnn_parser_leave(p);
    return TNN_OK;
}

static tnn_status parse_binary(tnn_parser *p, int least, tnn_ast **out, tnn_error *err) {
    TNN_TRY(parse_unary(p, out, err));
    const level *found;
    while ((found = find_level(levels, COUNT(levels), p->token.kind)) != NULL && found->binds >= least) {
        TNN_TRY(new_pair(p, TNN_AST_BINARY, found->op, *out, out, err));
        TNN_TRY(tnn_parser_take(p, err));
        TNN_TRY(parse_binary(p, found->binds + 1, &(*out)->as.pair.right, err));
    }
    return TNN_OK;
}

/* The operator, `is not` and `not in` being two words. */
static tnn_status take_comparison(tnn_parser *p, tnn_ast_op *op, tnn_error *err) {
    bool second;
    *op = find_level(comparisons, COUNT(comparisons), p->token.kind)->op;
    TNN_TRY(tnn_parser_take(p, err));
    if (*op == TNN_AST_NOT_IN) return tnn_parser_expect(p, TNN_TOK_IN, err);
    if (*op != TNN_AST_IS) return TNN_OK;
    TNN_TRY(tnn_parser_accept(p, TNN_TOK_NOT, &second, err));
    if (second) *op = TNN_AST_IS_NOT;
    return TNN_OK;
}

static tnn_status push_comparison(tnn_parser *p, tnn_ast *node, tnn_error *err) {
    tnn_ast_op op;
    tnn_ast *right;
    size_t n = node->as.compare.items.n;
    TNN_TRY(take_comparison(p, &op, err));
    TNN_TRY(parse_binary(p, 1, &right, err));
    tnn_ast_op *grown = tnn_arena_grow(p->lexer.arena, node->as.compare.ops, n - 1, &node->as.compare.cap_ops, n,
                                       sizeof(*grown));
    if (!grown) return tnn_fail_nomem(err);
    node->as.compare.ops = grown;
    grown[n - 1] = op;
    return tnn_parser_push(p, &node->as.compare.items, right, err);
}

static tnn_status parse_comparison(tnn_parser *p, tnn_ast **out, tnn_error *err) {
    TNN_TRY(parse_binary(p, 1, out, err));
    if (!find_level(comparisons, COUNT(comparisons), p->token.kind)) return TNN_OK;
    tnn_ast *first = *out;
    TNN_TRY(tnn_parser_node(p, TNN_AST_COMPARE, out, err));
    TNN_TRY(tnn_parser_push(p, &(*out)->as.compare.items, first, err));
    while (find_level(comparisons, COUNT(comparisons), p->token.kind)) TNN_TRY(push_comparison(p, *out, err));
    return TNN_OK;
}

static tnn_status parse_not(tnn_parser *p, tnn_ast **out, tnn_error *err) {
    if (p->token.kind != TNN_TOK_NOT) return parse_comparison(p, out, err);
    TNN_TRY(tnn_parser_enter(p, err));
    TNN_TRY(new_pair(p, TNN_AST_UNARY, TNN_AST_NOT, NULL, out, err));
    TNN_TRY(tnn_parser_take(p, err));
    TNN_TRY(parse_not(p, &(*out)->as.pair.left, err));
    tnn_parser_leave(p);
    return TNN_OK;
}

static tnn_status parse_and(tnn_parser *p, tnn_ast **out, tnn_error *err) {
    TNN_TRY(parse_not(p, out, err));
    while (p->token.kind == TNN_TOK_AND) {
        TNN_TRY(new_pair(p, TNN_AST_LOGIC, TNN_AST_AND, *out, out, err));
        TNN_TRY(tnn_parser_take(p, err));
        TNN_TRY(parse_not(p, &(*out)->as.pair.right, err));
    }
    return TNN_OK;
}

tnn_status tnn_parse_or(tnn_parser *p, tnn_ast **out, tnn_error *err) {
    TNN_TRY(parse_and(p, out, err));
    while (p->token.kind == TNN_TOK_OR) {
        TNN_TRY(new_pair(p, TNN_AST_LOGIC, TNN_AST_OR, *out, out, err));
        TNN_TRY(tnn_parser_take(p, err));
        TNN_TRY(parse_and(p, &(*out)->as.pair.right, err));
    }
    return TNN_OK;
}

tnn_status tnn_parse_expr(tnn_parser *p, tnn_ast **out, tnn_error *err) {
    bool ternary;
    TNN_TRY(tnn_parser_enter(p, err));
    tnn_ast *value;
    TNN_TRY(tnn_parse_or(p, &value, err));
    *out = value;
    TNN_TRY(tnn_parser_accept(p, TNN_TOK_IF, &ternary, err));
    if (ternary) {
        TNN_TRY(tnn_parser_node(p, TNN_AST_TERNARY, out, err));
        (*out)->as.ternary.then = value;
        TNN_TRY(tnn_parse_or(p, &(*out)->as.ternary.condition, err));
        TNN_TRY(tnn_parser_expect(p, TNN_TOK_ELSE, err));
        TNN_TRY(tnn_parse_expr(p, &(*out)->as.ternary.otherwise, err));
    }
    tnn_parser_leave(p);
    return TNN_OK;
}

static bool starts_expr(tnn_tok tok) {
    tnn_ast_op op;
    return tok == TNN_TOK_NAME || tok == TNN_TOK_INT || tok == TNN_TOK_FLOAT || tok == TNN_TOK_STRING ||
           tok == TNN_TOK_FSTRING || tok == TNN_TOK_NONE || tok == TNN_TOK_TRUE || tok == TNN_TOK_FALSE ||
           tok == TNN_TOK_LPAREN || tok == TNN_TOK_LBRACKET || tok == TNN_TOK_LBRACE || tok == TNN_TOK_NOT ||
           tok == TNN_TOK_ELLIPSIS || unary_op(tok, &op);
}

typedef tnn_status parse_fn(tnn_parser *p, tnn_ast **out, tnn_error *err);

static tnn_status parse_several(tnn_parser *p, parse_fn *parse, tnn_ast **out, tnn_error *err) {
    tnn_ast *tuple, *item;
    bool comma;
    TNN_TRY(tnn_parser_node(p, TNN_AST_TUPLE, &tuple, err));
    TNN_TRY(parse(p, out, err));
    TNN_TRY(tnn_parser_push(p, &tuple->as.list, *out, err));
    TNN_TRY(tnn_parser_accept(p, TNN_TOK_COMMA, &comma, err));
    if (comma) *out = tuple;
    while (comma && starts_expr(p->token.kind)) {
        TNN_TRY(parse(p, &item, err));
        TNN_TRY(tnn_parser_push(p, &tuple->as.list, item, err));
        TNN_TRY(tnn_parser_accept(p, TNN_TOK_COMMA, &comma, err));
    }
    return TNN_OK;
}

tnn_status tnn_parse_exprs(tnn_parser *p, tnn_ast **out, tnn_error *err) {
    return parse_several(p, tnn_parse_expr, out, err);
}

static tnn_status parse_target(tnn_parser *p, tnn_ast **out, tnn_error *err) {
    TNN_TRY(parse_binary(p, 1, out, err));
    return tnn_parse_check_target(p, *out, err);
}

tnn_status tnn_parse_targets(tnn_parser *p, tnn_ast **out, tnn_error *err) {
    return parse_several(p, parse_target, out, err);
}

tnn_status tnn_parse_check_target(const tnn_parser *p, const tnn_ast *target, tnn_error *err) {
    if (target->kind == TNN_AST_NAME || target->kind == TNN_AST_ATTRIBUTE || target->kind == TNN_AST_SUBSCRIPT)
        return TNN_OK;
    if (target->kind != TNN_AST_TUPLE && target->kind != TNN_AST_LIST)
        return tnn_fail_at(err, TNN_ERR_MALFORMED, p->lexer.where, target->position,
                           "line %lu: this cannot be assigned to", (unsigned long)target->line);
    for (size_t k = 0; k < target->as.list.n; k++)
        TNN_TRY(tnn_parse_check_target(p, target->as.list.items[k], err));
    return TNN_OK;
}
