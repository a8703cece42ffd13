/* Text of the Python subset to tokens. */
#ifndef TNN_EVAL_LEX_H
#define TNN_EVAL_LEX_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/cursor.h"

typedef enum tnn_tok {
    TNN_TOK_END,
    TNN_TOK_NEWLINE,
    TNN_TOK_INDENT,
    TNN_TOK_DEDENT,
    TNN_TOK_NAME,
    TNN_TOK_INT,
    TNN_TOK_FLOAT,
    TNN_TOK_STRING,
    TNN_TOK_FSTRING, /* its braces are still in the text */
    /* Operators, in the order of the table in lex.c. */
    TNN_TOK_POW_ASSIGN,
    TNN_TOK_FLOORDIV_ASSIGN,
    TNN_TOK_SHL_ASSIGN,
    TNN_TOK_SHR_ASSIGN,
    TNN_TOK_ADD_ASSIGN,
    TNN_TOK_SUB_ASSIGN,
    TNN_TOK_MUL_ASSIGN,
    TNN_TOK_DIV_ASSIGN,
    TNN_TOK_MOD_ASSIGN,
    TNN_TOK_MATMUL_ASSIGN,
    TNN_TOK_AND_ASSIGN,
    TNN_TOK_OR_ASSIGN,
    TNN_TOK_XOR_ASSIGN,
    TNN_TOK_ARROW,
    TNN_TOK_POW,
    TNN_TOK_FLOORDIV,
    TNN_TOK_SHL,
    TNN_TOK_SHR,
    TNN_TOK_EQ,
    TNN_TOK_NE,
    TNN_TOK_LE,
    TNN_TOK_GE,
    TNN_TOK_LT,
    TNN_TOK_GT,
    TNN_TOK_ADD,
    TNN_TOK_SUB,
    TNN_TOK_MUL,
    TNN_TOK_DIV,
    TNN_TOK_MOD,
    TNN_TOK_MATMUL,
    TNN_TOK_AND_BITS,
    TNN_TOK_OR_BITS,
    TNN_TOK_XOR_BITS,
    TNN_TOK_INVERT,
    TNN_TOK_ASSIGN,
    TNN_TOK_LPAREN,
    TNN_TOK_RPAREN,
    TNN_TOK_LBRACKET,
    TNN_TOK_RBRACKET,
    TNN_TOK_LBRACE,
    TNN_TOK_RBRACE,
    TNN_TOK_COMMA,
    TNN_TOK_COLON,
    TNN_TOK_SEMICOLON,
    TNN_TOK_ELLIPSIS,
    TNN_TOK_DOT,
    /* Keywords, in the order of the table in lex.c. */
    TNN_TOK_DEF,
    TNN_TOK_CLASS,
    TNN_TOK_IF,
    TNN_TOK_ELIF,
    TNN_TOK_ELSE,
    TNN_TOK_FOR,
    TNN_TOK_WHILE,
    TNN_TOK_BREAK,
    TNN_TOK_CONTINUE,
    TNN_TOK_RETURN,
    TNN_TOK_RAISE,
    TNN_TOK_ASSERT,
    TNN_TOK_PASS,
    TNN_TOK_DEL,
    TNN_TOK_WITH,
    TNN_TOK_AS,
    TNN_TOK_IMPORT,
    TNN_TOK_FROM,
    TNN_TOK_IN,
    TNN_TOK_IS,
    TNN_TOK_NOT,
    TNN_TOK_AND,
    TNN_TOK_OR,
    TNN_TOK_NONE,
    TNN_TOK_TRUE,
    TNN_TOK_FALSE,
    TNN_TOK_REFUSED /* a word of Python that the subset has not: lambda, try, yield … */
} tnn_tok;

typedef struct tnn_token {
    tnn_tok kind;
    uint32_t line;
    uint64_t position;
    const char *text; /* NAME, STRING and FSTRING (decoded), REFUSED: in the arena; operators and keywords: static */
    int64_t integer;
    double number;
} tnn_token;

#define TNN_LEX_MAX_INDENTS 100

typedef struct tnn_lexer {
    tnn_cursor in;
    tnn_arena *arena;
    const char *where; /* what the text is, for messages; may be NULL */
    uint32_t line;
    uint32_t n_open; /* brackets */
    bool line_start, ended;
    uint32_t indents[TNN_LEX_MAX_INDENTS]; /* columns; indents[0] is 0 */
    uint32_t n_indents;
    uint32_t n_dedents; /* still to be given */
} tnn_lexer;

void tnn_lexer_init(tnn_lexer *lexer, tnn_arena *arena, const char *text, size_t n_bytes, const char *where);

/* The next token; after the end, END again and again.
 * Errors: TNN_ERR_MALFORMED, TNN_ERR_UNSUPPORTED (byte strings), with the position. */
tnn_status tnn_lexer_next(tnn_lexer *lexer, tnn_token *out, tnn_error *err);

/* Text of a kind for messages: "'+='", "a name", "end of the line". */
const char *tnn_tok_text(tnn_tok kind);

/* For lex.c and lex_literal.c. */
int tnn_lexer_peek(const tnn_lexer *lexer, size_t ahead); /* 0 past the end */
tnn_status tnn_lexer_number(tnn_lexer *lexer, tnn_token *out, tnn_error *err);
tnn_status tnn_lexer_string(tnn_lexer *lexer, bool raw, tnn_token *out, tnn_error *err);
tnn_status tnn_lexer_fail(const tnn_lexer *lexer, uint64_t position, const char *message, tnn_error *err);

#endif
