#include "eval/lex.h"

#include <string.h>

typedef struct word {
    const char *text;
    tnn_tok kind;
} word;

/* Longest first, so that the first match is the right one. */
static const word operators[] = {
    {"**=", TNN_TOK_POW_ASSIGN}, {"//=", TNN_TOK_FLOORDIV_ASSIGN}, {"<<=", TNN_TOK_SHL_ASSIGN},
    {">>=", TNN_TOK_SHR_ASSIGN}, {"+=", TNN_TOK_ADD_ASSIGN},       {"-=", TNN_TOK_SUB_ASSIGN},
    {"*=", TNN_TOK_MUL_ASSIGN},  {"/=", TNN_TOK_DIV_ASSIGN},       {"%=", TNN_TOK_MOD_ASSIGN},
    {"@=", TNN_TOK_MATMUL_ASSIGN}, {"&=", TNN_TOK_AND_ASSIGN},     {"|=", TNN_TOK_OR_ASSIGN},
    {"^=", TNN_TOK_XOR_ASSIGN},  {"->", TNN_TOK_ARROW},            {"**", TNN_TOK_POW},
    {"//", TNN_TOK_FLOORDIV},    {"<<", TNN_TOK_SHL},              {">>", TNN_TOK_SHR},
    {"==", TNN_TOK_EQ},          {"!=", TNN_TOK_NE},               {"<=", TNN_TOK_LE},
    {">=", TNN_TOK_GE},          {"<", TNN_TOK_LT},                {">", TNN_TOK_GT},
    {"+", TNN_TOK_ADD},          {"-", TNN_TOK_SUB},               {"*", TNN_TOK_MUL},
    {"/", TNN_TOK_DIV},          {"%", TNN_TOK_MOD},               {"@", TNN_TOK_MATMUL},
    {"&", TNN_TOK_AND_BITS},     {"|", TNN_TOK_OR_BITS},           {"^", TNN_TOK_XOR_BITS},
    {"~", TNN_TOK_INVERT},       {"=", TNN_TOK_ASSIGN},            {"(", TNN_TOK_LPAREN},
    {")", TNN_TOK_RPAREN},       {"[", TNN_TOK_LBRACKET},          {"]", TNN_TOK_RBRACKET},
    {"{", TNN_TOK_LBRACE},       {"}", TNN_TOK_RBRACE},            {",", TNN_TOK_COMMA},
    {":", TNN_TOK_COLON},        {";", TNN_TOK_SEMICOLON},         {"...", TNN_TOK_ELLIPSIS},
    {".", TNN_TOK_DOT},
};

static const word keywords[] = {
    {"def", TNN_TOK_DEF},           {"class", TNN_TOK_CLASS},       {"if", TNN_TOK_IF},
    {"elif", TNN_TOK_ELIF},         {"else", TNN_TOK_ELSE},         {"for", TNN_TOK_FOR},
    {"while", TNN_TOK_WHILE},       {"break", TNN_TOK_BREAK},       {"continue", TNN_TOK_CONTINUE},
    {"return", TNN_TOK_RETURN},     {"raise", TNN_TOK_RAISE},       {"assert", TNN_TOK_ASSERT},
    {"pass", TNN_TOK_PASS},         {"del", TNN_TOK_DEL},           {"in", TNN_TOK_IN},
    {"is", TNN_TOK_IS},             {"not", TNN_TOK_NOT},           {"and", TNN_TOK_AND},
    {"or", TNN_TOK_OR},             {"None", TNN_TOK_NONE},         {"True", TNN_TOK_TRUE},
    {"False", TNN_TOK_FALSE},       {"lambda", TNN_TOK_REFUSED},    {"import", TNN_TOK_IMPORT},
    {"from", TNN_TOK_FROM},         {"try", TNN_TOK_REFUSED},       {"except", TNN_TOK_REFUSED},
    {"finally", TNN_TOK_REFUSED},   {"with", TNN_TOK_WITH},         {"as", TNN_TOK_AS},
    {"global", TNN_TOK_REFUSED},    {"nonlocal", TNN_TOK_REFUSED},  {"yield", TNN_TOK_REFUSED},
    {"async", TNN_TOK_REFUSED},     {"await", TNN_TOK_REFUSED},
};

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

void tnn_lexer_init(tnn_lexer *lexer, tnn_arena *arena, const char *text, size_t n_bytes, const char *where) {
    memset(lexer, 0, sizeof(*lexer));
    lexer->in = tnn_cursor_init(text, n_bytes, 0);
    lexer->arena = arena;
    lexer->where = where;
    lexer->line = 1;
    lexer->line_start = true;
    lexer->n_indents = 1;
}

int tnn_lexer_peek(const tnn_lexer *lexer, size_t ahead) {
    if (ahead >= tnn_cursor_left(&lexer->in)) return 0;
    return lexer->in.data[lexer->in.pos + ahead];
}

static void skip(tnn_lexer *lexer, size_t n_bytes) { tnn_cursor_skip(&lexer->in, n_bytes); }

static bool at_end(const tnn_lexer *lexer) { return tnn_cursor_left(&lexer->in) == 0; }

tnn_status tnn_lexer_fail(const tnn_lexer *lexer, uint64_t position, const char *message, tnn_error *err) {
    return tnn_fail_at(err, TNN_ERR_MALFORMED, lexer->where, position, "line %lu: %s",
                       (unsigned long)lexer->line, message);
}

static bool is_name_start(int c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c >= 128;
}

static bool is_digit(int c) { return c >= '0' && c <= '9'; }

static void skip_comment(tnn_lexer *lexer) {
    while (!at_end(lexer) && tnn_lexer_peek(lexer, 0) != '\n') skip(lexer, 1);
}

static void take_line_break(tnn_lexer *lexer) {
    skip(lexer, 1);
    lexer->line++;
}

/* Measure the spaces at the start of a line; a tab goes to the next multiple of 8. */
static uint32_t take_indent(tnn_lexer *lexer) {
    uint32_t column = 0;
    for (;; skip(lexer, 1)) {
        int c = tnn_lexer_peek(lexer, 0);
        if (c == ' ') column++;
        else if (c == '\t') column = (column / 8 + 1) * 8;
        else if (c == '\r' || c == '\f') continue;
        else return column;
    }
}

static tnn_status push_indent(tnn_lexer *lexer, uint32_t column, tnn_error *err) {
    if (lexer->n_indents == TNN_LEX_MAX_INDENTS)
        return tnn_fail_at(err, TNN_ERR_LIMIT, lexer->where, lexer->in.pos,
                           "line %lu: more than %d levels of indentation", (unsigned long)lexer->line,
                           TNN_LEX_MAX_INDENTS - 1);
    lexer->indents[lexer->n_indents++] = column;
    return TNN_OK;
}

static tnn_status pop_indents(tnn_lexer *lexer, uint32_t column, tnn_error *err) {
    while (lexer->indents[lexer->n_indents - 1] > column) {
        lexer->n_indents--;
        lexer->n_dedents++;
    }
    if (lexer->indents[lexer->n_indents - 1] != column)
        return tnn_lexer_fail(lexer, lexer->in.pos, "the indentation fits no outer block", err);
    return TNN_OK;
}

/* Blank lines and comments do not count. Sets `indent` when a block opens. */
static tnn_status start_line(tnn_lexer *lexer, bool *indent, tnn_error *err) {
    *indent = false;
    uint32_t column;
    for (;;) {
        column = take_indent(lexer);
        if (tnn_lexer_peek(lexer, 0) == '#') skip_comment(lexer);
        if (at_end(lexer)) column = 0;
        if (tnn_lexer_peek(lexer, 0) != '\n') break;
        take_line_break(lexer);
    }
    lexer->line_start = at_end(lexer); /* then no statement follows that a NEWLINE would end */
    if (column > lexer->indents[lexer->n_indents - 1]) {
        *indent = true;
        return push_indent(lexer, column, err);
    }
    return pop_indents(lexer, column, err);
}

/* Spaces, comments, continued lines; line breaks too when a bracket is open. */
static void skip_spaces(tnn_lexer *lexer) {
    for (;;) {
        int c = tnn_lexer_peek(lexer, 0);
        if (c == ' ' || c == '\t' || c == '\r' || c == '\f') skip(lexer, 1);
        else if (c == '#') skip_comment(lexer);
        else if (c == '\n' && lexer->n_open > 0) take_line_break(lexer);
        else if (c == '\\' && tnn_lexer_peek(lexer, 1) == '\n') {
            skip(lexer, 1);
            take_line_break(lexer);
        } else return;
    }
}

static bool begins_with(const tnn_lexer *lexer, const char *text) {
    for (size_t k = 0; text[k]; k++)
        if (tnn_lexer_peek(lexer, k) != text[k]) return false;
    return true;
}

static tnn_status take_operator(tnn_lexer *lexer, tnn_token *out, tnn_error *err) {
    for (size_t k = 0; k < COUNT(operators); k++) {
        if (!begins_with(lexer, operators[k].text)) continue;
        skip(lexer, strlen(operators[k].text));
        out->kind = operators[k].kind;
        out->text = operators[k].text;
        if (strchr("([{", out->text[0])) lexer->n_open++;
        if (strchr(")]}", out->text[0]) && lexer->n_open > 0) lexer->n_open--;
        return TNN_OK;
    }
    int c = tnn_lexer_peek(lexer, 0);
    return tnn_fail_at(err, TNN_ERR_MALFORMED, lexer->where, out->position,
                       "line %lu: unexpected character %s%c%s (code %d)", (unsigned long)lexer->line, "'",
                       c > 32 && c < 127 ? c : '?', "'", c);
}

static tnn_status take_word(tnn_lexer *lexer, tnn_token *out) {
    size_t n = 0;
    while (is_name_start(tnn_lexer_peek(lexer, n)) || is_digit(tnn_lexer_peek(lexer, n))) n++;
    const uint8_t *bytes = tnn_cursor_bytes(&lexer->in, n);
    for (size_t k = 0; k < COUNT(keywords); k++)
        if (strlen(keywords[k].text) == n && memcmp(keywords[k].text, bytes, n) == 0) {
            out->kind = keywords[k].kind;
            out->text = keywords[k].text;
            return TNN_OK;
        }
    out->kind = TNN_TOK_NAME;
    out->text = tnn_arena_strn(lexer->arena, (const char *)bytes, n);
    return out->text ? TNN_OK : TNN_ERR_NOMEM;
}

/* A quote behind a prefix of at most two letters. */
static size_t string_prefix(const tnn_lexer *lexer, bool *raw, bool *format, bool *refused) {
    size_t n = 0;
    *raw = *format = *refused = false;
    while (n < 2 && is_name_start(tnn_lexer_peek(lexer, n))) {
        int c = tnn_lexer_peek(lexer, n++) | 32;
        if (c == 'r') *raw = true;
        else if (c == 'f') *format = true;
        else if (c == 'b') *refused = true;
        else if (c != 'u') return SIZE_MAX;
    }
    int quote = tnn_lexer_peek(lexer, n);
    return quote == '"' || quote == '\'' ? n : SIZE_MAX;
}

static tnn_status take_text(tnn_lexer *lexer, tnn_token *out, tnn_error *err) {
    bool raw, format, refused;
    size_t prefix = string_prefix(lexer, &raw, &format, &refused);
    if (prefix == SIZE_MAX) {
        if (take_word(lexer, out) != TNN_OK) return tnn_fail_nomem(err);
        return TNN_OK;
    }
    if (refused)
        return tnn_fail_at(err, TNN_ERR_UNSUPPORTED, lexer->where, out->position,
                           "line %lu: byte strings are not part of the subset",
                           (unsigned long)lexer->line);
    skip(lexer, prefix);
    TNN_TRY(tnn_lexer_string(lexer, raw, out, err));
    if (format) out->kind = TNN_TOK_FSTRING;
    return TNN_OK;
}

/* The end closes the last line and every block. */
static tnn_tok end_token(tnn_lexer *lexer) {
    if (!lexer->ended) {
        lexer->ended = true;
        lexer->n_dedents += lexer->n_indents - 1;
        lexer->n_indents = 1;
        if (!lexer->line_start) return TNN_TOK_NEWLINE;
    }
    if (lexer->n_dedents == 0) return TNN_TOK_END;
    lexer->n_dedents--;
    return TNN_TOK_DEDENT;
}

static tnn_status take_token(tnn_lexer *lexer, tnn_token *out, tnn_error *err) {
    int c = tnn_lexer_peek(lexer, 0);
    if (c == '\n') {
        take_line_break(lexer);
        lexer->line_start = true;
        out->kind = TNN_TOK_NEWLINE;
        return TNN_OK;
    }
    if (is_digit(c) || (c == '.' && is_digit(tnn_lexer_peek(lexer, 1)))) return tnn_lexer_number(lexer, out, err);
    if (is_name_start(c) || c == '"' || c == '\'') return take_text(lexer, out, err);
    return take_operator(lexer, out, err);
}

tnn_status tnn_lexer_next(tnn_lexer *lexer, tnn_token *out, tnn_error *err) {
    memset(out, 0, sizeof(*out));
    bool indent = false;
    if (!lexer->ended && lexer->line_start && lexer->n_open == 0) TNN_TRY(start_line(lexer, &indent, err));
    if (!indent && lexer->n_dedents == 0 && !lexer->ended) skip_spaces(lexer);
    out->line = lexer->line;
    out->position = lexer->in.pos;
    if (indent) {
        out->kind = TNN_TOK_INDENT;
    } else if (!lexer->ended && lexer->n_dedents > 0) {
        lexer->n_dedents--;
        out->kind = TNN_TOK_DEDENT;
    } else if (lexer->ended || at_end(lexer)) {
        out->kind = end_token(lexer);
    } else {
        return take_token(lexer, out, err);
    }
    return TNN_OK;
}

const char *tnn_tok_text(tnn_tok kind) {
    static const char *const others[] = {"the end of the text", "the end of the line", "an indented block",
                                         "the end of the block", "a name", "a number", "a number", "a string", "a string"};
    if ((size_t)kind < COUNT(others)) return others[kind];
    for (size_t k = 0; k < COUNT(operators); k++)
        if (operators[k].kind == kind) return operators[k].text;
    for (size_t k = 0; k < COUNT(keywords); k++)
        if (keywords[k].kind == kind) return keywords[k].text;
    return "?";
}
