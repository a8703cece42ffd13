/* Text of the Python subset to a syntax tree. */
#ifndef TNN_EVAL_PARSE_H
#define TNN_EVAL_PARSE_H

#include "base/arena.h"
#include "eval/ast.h"
#include "eval/lex.h"

/* Parse `n_bytes` of `text` (NUL need not follow).
 *   out        the statements, in `arena`
 *   max_depth  nesting of expressions and blocks together
 *   where      what the text is, for messages; may be NULL
 * Errors: TNN_ERR_MALFORMED and TNN_ERR_UNSUPPORTED with position and "line N: …"; TNN_ERR_LIMIT (too deep),
 * TNN_ERR_NOMEM. */
tnn_status tnn_parse(tnn_block *out, tnn_arena *arena, const char *text, size_t n_bytes, uint32_t max_depth,
                     const char *where, tnn_error *err);

/* What follows is shared by parse.c (statements), parse_def.c (definitions and imports), parse_expr.c (operators) and
 * parse_atom.c. */

typedef struct tnn_parser {
    tnn_lexer lexer;
    tnn_token token; /* the next one, not yet taken */
    uint32_t depth, max_depth;
} tnn_parser;

tnn_status tnn_parser_take(tnn_parser *p, tnn_error *err);
/* Take the token when it is of this kind. */
tnn_status tnn_parser_accept(tnn_parser *p, tnn_tok kind, bool *taken, tnn_error *err);
tnn_status tnn_parser_expect(tnn_parser *p, tnn_tok kind, tnn_error *err);
/* "line N: found X, expected WANTED" */
tnn_status tnn_parser_unexpected(const tnn_parser *p, const char *wanted, tnn_error *err);
tnn_status tnn_parser_enter(tnn_parser *p, tnn_error *err);
void tnn_parser_leave(tnn_parser *p);
tnn_status tnn_parser_name(tnn_parser *p, const char **out, tnn_error *err);
/* Append to a growing array in the arena. */
tnn_status tnn_parser_push(tnn_parser *p, tnn_ast_items *items, tnn_ast *item, tnn_error *err);

/* A node of this kind at the next token. */
tnn_status tnn_parser_node(tnn_parser *p, tnn_ast_kind kind, tnn_ast **out, tnn_error *err);

/* A statement of this kind at the next token. */
tnn_status tnn_parser_stmt(tnn_parser *p, tnn_stmt_kind kind, tnn_stmt **out, tnn_error *err);
/* Behind a header, with its colon: statements on the same line, or an indented block. */
tnn_status tnn_parse_block(tnn_parser *p, tnn_block *block, tnn_error *err);
/* def, class, and @decorator lines with the def below them. */
tnn_status tnn_parse_def(tnn_parser *p, tnn_stmt **out, tnn_error *err);
tnn_status tnn_parse_class(tnn_parser *p, tnn_stmt **out, tnn_error *err);
tnn_status tnn_parse_decorated(tnn_parser *p, tnn_stmt **out, tnn_error *err);
/* import a.b as c, d and from a.b import c as d, e; without the end of the line. */
tnn_status tnn_parse_import(tnn_parser *p, tnn_stmt **out, tnn_error *err);
tnn_status tnn_parse_from(tnn_parser *p, tnn_stmt **out, tnn_error *err);

/* Strings: neighbouring ones are one, and braces of f-strings are expressions (parse_string.c). */
tnn_status tnn_parse_string(tnn_parser *p, tnn_ast **out, tnn_error *err);
/* An atom with its calls, subscripts and attributes. */
tnn_status tnn_parse_postfix(tnn_parser *p, tnn_ast **out, tnn_error *err);
/* An expression that is no ternary. */
tnn_status tnn_parse_or(tnn_parser *p, tnn_ast **out, tnn_error *err);
/* The part of [item for target in source if …] behind the item: `node` becomes a comprehension. */
tnn_status tnn_parse_comprehension(tnn_parser *p, tnn_ast *node, tnn_ast *item, tnn_error *err);
/* One expression, no bare tuple. */
tnn_status tnn_parse_expr(tnn_parser *p, tnn_ast **out, tnn_error *err);
/* An expression, or several with commas: a tuple. */
tnn_status tnn_parse_exprs(tnn_parser *p, tnn_ast **out, tnn_error *err);
/* Targets of a loop: an expression without `in`, or several with commas. */
tnn_status tnn_parse_targets(tnn_parser *p, tnn_ast **out, tnn_error *err);
/* `target` may stand on the left of an assignment. */
tnn_status tnn_parse_check_target(const tnn_parser *p, const tnn_ast *target, tnn_error *err);

#endif
