/* Names, literals, brackets, and what may follow them: calls, subscripts, attributes. */
#include "eval/parse.h"

/* A node that begins where `object` begins. */
static tnn_status new_postfix(tnn_parser *p, tnn_ast_kind kind, const tnn_ast *object, tnn_ast **out,
                              tnn_error *err) {
    TNN_TRY(tnn_parser_node(p, kind, out, err));
    (*out)->line = object->line;
    (*out)->position = object->position;
    return TNN_OK;
}

/* x, *x, and **x among arguments. */
static tnn_status parse_starred(tnn_parser *p, tnn_ast **out, tnn_error *err) {
    tnn_tok tok = p->token.kind;
    if (tok != TNN_TOK_MUL && tok != TNN_TOK_POW) return tnn_parse_expr(p, out, err);
    TNN_TRY(tnn_parser_node(p, TNN_AST_STARRED, out, err));
    (*out)->op = tok == TNN_TOK_MUL ? TNN_AST_MUL : TNN_AST_POW;
    TNN_TRY(tnn_parser_take(p, err));
    return tnn_parse_or(p, &(*out)->as.pair.left, err);
}

/* Items with commas up to `closing`, which stays; `trailing` says whether a comma came last. */
static tnn_status parse_items(tnn_parser *p, tnn_tok closing, tnn_ast_items *items, bool *trailing,
                              tnn_error *err) {
    *trailing = false;
    while (p->token.kind != closing) {
        tnn_ast *item;
        if (p->token.kind == TNN_TOK_POW) return tnn_parser_unexpected(p, "an expression", err);
        TNN_TRY(parse_starred(p, &item, err));
        TNN_TRY(tnn_parser_push(p, items, item, err));
        TNN_TRY(tnn_parser_accept(p, TNN_TOK_COMMA, trailing, err));
        if (!*trailing) break;
    }
    return TNN_OK;
}

/* (), (x), (x, y) or (x for y in z), which is evaluated as a list */
static tnn_status parse_paren(tnn_parser *p, tnn_ast **out, tnn_error *err) {
    tnn_ast *tuple;
    bool trailing;
    TNN_TRY(tnn_parser_node(p, TNN_AST_TUPLE, &tuple, err));
    TNN_TRY(tnn_parser_take(p, err));
    TNN_TRY(parse_items(p, TNN_TOK_RPAREN, &tuple->as.list, &trailing, err));
    bool alone = tuple->as.list.n == 1 && !trailing;
    *out = alone && p->token.kind != TNN_TOK_FOR ? tuple->as.list.items[0] : tuple;
    if (alone && p->token.kind == TNN_TOK_FOR)
        TNN_TRY(tnn_parse_comprehension(p, tuple, tuple->as.list.items[0], err));
    return tnn_parser_expect(p, TNN_TOK_RPAREN, err);
}

/* Its parts are no ternaries: their `if` is ours. */
tnn_status tnn_parse_comprehension(tnn_parser *p, tnn_ast *node, tnn_ast *item, tnn_error *err) {
    bool more;
    node->kind = TNN_AST_COMPREHENSION;
    node->as.comprehension.item = item;
    node->as.comprehension.conditions = (tnn_ast_items){0};
    TNN_TRY(tnn_parser_take(p, err));
    TNN_TRY(tnn_parse_targets(p, &node->as.comprehension.target, err));
    TNN_TRY(tnn_parser_expect(p, TNN_TOK_IN, err));
    tnn_ast *part;
    TNN_TRY(tnn_parse_or(p, &part, err));
    node->as.comprehension.source = part;
    for (;;) {
        TNN_TRY(tnn_parser_accept(p, TNN_TOK_IF, &more, err));
        if (!more) break;
        TNN_TRY(tnn_parse_or(p, &part, err));
        TNN_TRY(tnn_parser_push(p, &node->as.comprehension.conditions, part, err));
    }
    if (p->token.kind == TNN_TOK_FOR) return tnn_parser_unexpected(p, "']' (one `for` in a comprehension)", err);
    return TNN_OK;
}

static tnn_status parse_list(tnn_parser *p, tnn_ast **out, tnn_error *err) {
    tnn_ast *list;
    bool trailing;
    TNN_TRY(tnn_parser_node(p, TNN_AST_LIST, &list, err));
    TNN_TRY(tnn_parser_take(p, err));
    TNN_TRY(parse_items(p, TNN_TOK_RBRACKET, &list->as.list, &trailing, err));
    if (p->token.kind == TNN_TOK_FOR && list->as.list.n == 1 && !trailing)
        TNN_TRY(tnn_parse_comprehension(p, list, list->as.list.items[0], err));
    *out = list;
    return tnn_parser_expect(p, TNN_TOK_RBRACKET, err);
}

static tnn_status parse_dict(tnn_parser *p, tnn_ast **out, tnn_error *err) {
    tnn_ast *dict, *key, *value;
    bool more = true;
    TNN_TRY(tnn_parser_node(p, TNN_AST_DICT, &dict, err));
    TNN_TRY(tnn_parser_take(p, err));
    while (p->token.kind != TNN_TOK_RBRACE && more) {
        TNN_TRY(tnn_parse_expr(p, &key, err));
        TNN_TRY(tnn_parser_expect(p, TNN_TOK_COLON, err));
        TNN_TRY(tnn_parse_expr(p, &value, err));
        TNN_TRY(tnn_parser_push(p, &dict->as.dict.keys, key, err));
        TNN_TRY(tnn_parser_push(p, &dict->as.dict.values, value, err));
        TNN_TRY(tnn_parser_accept(p, TNN_TOK_COMMA, &more, err));
    }
    *out = dict;
    return tnn_parser_expect(p, TNN_TOK_RBRACE, err);
}

static tnn_status parse_leaf(tnn_parser *p, tnn_ast_kind kind, tnn_ast **out, tnn_error *err) {
    TNN_TRY(tnn_parser_node(p, kind, out, err));
    if (kind == TNN_AST_NAME) (*out)->as.text = p->token.text;
    if (kind == TNN_AST_INT) (*out)->as.integer = p->token.integer;
    if (kind == TNN_AST_FLOAT) (*out)->as.number = p->token.number;
    return tnn_parser_take(p, err);
}

static tnn_status parse_atom(tnn_parser *p, tnn_ast **out, tnn_error *err) {
    tnn_tok tok = p->token.kind;
    if (tok == TNN_TOK_NAME) return parse_leaf(p, TNN_AST_NAME, out, err);
    if (tok == TNN_TOK_INT) return parse_leaf(p, TNN_AST_INT, out, err);
    if (tok == TNN_TOK_FLOAT) return parse_leaf(p, TNN_AST_FLOAT, out, err);
    if (tok == TNN_TOK_NONE) return parse_leaf(p, TNN_AST_NONE, out, err);
    if (tok == TNN_TOK_ELLIPSIS) return parse_leaf(p, TNN_AST_ELLIPSIS, out, err);
    if (tok == TNN_TOK_TRUE) return parse_leaf(p, TNN_AST_TRUE, out, err);
    if (tok == TNN_TOK_FALSE) return parse_leaf(p, TNN_AST_FALSE, out, err);
    if (tok == TNN_TOK_STRING || tok == TNN_TOK_FSTRING) return tnn_parse_string(p, out, err);
    if (tok == TNN_TOK_LPAREN) return parse_paren(p, out, err);
    if (tok == TNN_TOK_LBRACKET) return parse_list(p, out, err);
    if (tok == TNN_TOK_LBRACE) return parse_dict(p, out, err);
    return tnn_parser_unexpected(p, "an expression", err);
}

static tnn_status push_keyword(tnn_parser *p, tnn_ast *call, const char *name, tnn_error *err) {
    const char **grown = tnn_arena_grow(p->lexer.arena, (void *)call->as.call.keywords, call->as.call.n_keywords,
                                        &call->as.call.cap_keywords, call->as.call.n_keywords + 1, sizeof(*grown));
    if (!grown) return tnn_fail_nomem(err);
    call->as.call.keywords = grown;
    grown[call->as.call.n_keywords++] = name;
    return TNN_OK;
}

/* x for y in z, the first already parsed */
static tnn_status parse_generator(tnn_parser *p, tnn_ast **arg, tnn_error *err) {
    tnn_ast *item = *arg;
    TNN_TRY(new_postfix(p, TNN_AST_COMPREHENSION, item, arg, err));
    return tnn_parse_comprehension(p, *arg, item, err);
}

/* x, name=x, *x or **x, which stands among the keywords without a name */
static tnn_status parse_argument(tnn_parser *p, tnn_ast *call, tnn_error *err) {
    tnn_ast *arg;
    bool keyword = false;
    TNN_TRY(parse_starred(p, &arg, err));
    if (arg->kind == TNN_AST_NAME) TNN_TRY(tnn_parser_accept(p, TNN_TOK_ASSIGN, &keyword, err));
    if (keyword) {
        TNN_TRY(push_keyword(p, call, arg->as.text, err));
        TNN_TRY(tnn_parse_expr(p, &arg, err));
    } else if (arg->kind == TNN_AST_STARRED && arg->op == TNN_AST_POW) {
        TNN_TRY(push_keyword(p, call, NULL, err));
    } else if (call->as.call.n_keywords > 0) {
        return tnn_parser_unexpected(p, "'=' (a positional argument follows a keyword)", err);
    } else if (p->token.kind == TNN_TOK_FOR) {
        TNN_TRY(parse_generator(p, &arg, err));
    }
    return tnn_parser_push(p, &call->as.call.args, arg, err);
}

static tnn_status parse_call(tnn_parser *p, tnn_ast *function, tnn_ast **out, tnn_error *err) {
    bool more = true;
    TNN_TRY(new_postfix(p, TNN_AST_CALL, function, out, err));
    (*out)->as.call.function = function;
    TNN_TRY(tnn_parser_take(p, err));
    while (p->token.kind != TNN_TOK_RPAREN && more) {
        TNN_TRY(parse_argument(p, *out, err));
        TNN_TRY(tnn_parser_accept(p, TNN_TOK_COMMA, &more, err));
    }
    return tnn_parser_expect(p, TNN_TOK_RPAREN, err);
}

static bool ends_slice_part(tnn_tok tok) {
    return tok == TNN_TOK_COLON || tok == TNN_TOK_COMMA || tok == TNN_TOK_RBRACKET;
}

/* x, or start:stop:step with any part missing */
static tnn_status parse_index(tnn_parser *p, tnn_ast **out, tnn_error *err) {
    tnn_ast *slice;
    tnn_ast *start = NULL;
    bool colon;
    TNN_TRY(tnn_parser_node(p, TNN_AST_SLICE, &slice, err));
    if (p->token.kind != TNN_TOK_COLON) TNN_TRY(tnn_parse_expr(p, &start, err));
    TNN_TRY(tnn_parser_accept(p, TNN_TOK_COLON, &colon, err));
    *out = colon ? slice : start;
    if (!colon) return TNN_OK;
    slice->as.slice.start = start;
    if (!ends_slice_part(p->token.kind)) TNN_TRY(tnn_parse_expr(p, &slice->as.slice.stop, err));
    TNN_TRY(tnn_parser_accept(p, TNN_TOK_COLON, &colon, err));
    if (colon && !ends_slice_part(p->token.kind)) TNN_TRY(tnn_parse_expr(p, &slice->as.slice.step, err));
    return TNN_OK;
}

static tnn_status parse_subscript(tnn_parser *p, tnn_ast *object, tnn_ast **out, tnn_error *err) {
    tnn_ast *tuple, *index;
    bool more = false, several = false;
    TNN_TRY(new_postfix(p, TNN_AST_SUBSCRIPT, object, out, err));
    TNN_TRY(tnn_parser_node(p, TNN_AST_TUPLE, &tuple, err));
    TNN_TRY(tnn_parser_take(p, err));
    do {
        TNN_TRY(parse_index(p, &index, err));
        TNN_TRY(tnn_parser_push(p, &tuple->as.list, index, err));
        TNN_TRY(tnn_parser_accept(p, TNN_TOK_COMMA, &more, err));
        several = several || more;
    } while (more && p->token.kind != TNN_TOK_RBRACKET);
    (*out)->as.subscript.object = object;
    (*out)->as.subscript.index = several ? tuple : index;
    return tnn_parser_expect(p, TNN_TOK_RBRACKET, err);
}

static tnn_status parse_attribute(tnn_parser *p, tnn_ast *object, tnn_ast **out, tnn_error *err) {
    TNN_TRY(new_postfix(p, TNN_AST_ATTRIBUTE, object, out, err));
    TNN_TRY(tnn_parser_take(p, err));
    (*out)->as.attribute.object = object;
    return tnn_parser_name(p, &(*out)->as.attribute.name, err);
}

tnn_status tnn_parse_postfix(tnn_parser *p, tnn_ast **out, tnn_error *err) {
    TNN_TRY(parse_atom(p, out, err));
    for (;;) {
        if (p->token.kind == TNN_TOK_LPAREN) TNN_TRY(parse_call(p, *out, out, err));
        else if (p->token.kind == TNN_TOK_LBRACKET) TNN_TRY(parse_subscript(p, *out, out, err));
        else if (p->token.kind == TNN_TOK_DOT) TNN_TRY(parse_attribute(p, *out, out, err));
        else return TNN_OK;
    }
}
