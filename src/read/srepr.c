#include "read/srepr.h"

#include <string.h>

#define MAX_DEPTH 60
#define MAX_NAME 64

typedef struct parser {
    tnn_symbols *symbols;
    const char *text;
    size_t pos;
    unsigned depth;
    tnn_error *err;
} parser;

static tnn_status parse(parser *p, tnn_size *out);
static tnn_status parse_sign(parser *p, tnn_size *out);

static tnn_status unexpected(const parser *p, const char *expected) {
    return tnn_fail(p->err, TNN_ERR_MALFORMED, NULL, "size \"%.120s\": expected %s at character %zu", p->text, expected,
                    p->pos);
}

static tnn_status unsupported(const parser *p, const char *name) {
    return tnn_fail(p->err, TNN_ERR_UNSUPPORTED, NULL, "size \"%.120s\" uses %s, which sizes cannot have", p->text,
                    name);
}

static char peek(const parser *p) { return p->text[p->pos]; }

static bool take(parser *p, char c) {
    while (peek(p) == ' ') p->pos++;
    if (peek(p) != c) return false;
    p->pos++;
    return true;
}

/* Two of a character, as in "//" and "**". */
static bool take_pair(parser *p, char c) {
    while (peek(p) == ' ') p->pos++;
    if (peek(p) != c || p->text[p->pos + 1] != c) return false;
    p->pos += 2;
    return true;
}

static bool is_name(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* A name, of which only what stands behind the last dot is kept. */
static tnn_status parse_name(parser *p, char *name) {
    size_t length = 0;
    while (peek(p) == ' ') p->pos++;
    for (; is_name(peek(p)) || peek(p) == '.'; p->pos++) {
        if (peek(p) == '.') {
            length = 0;
            continue;
        }
        if (length + 1 >= MAX_NAME) return unexpected(p, "a shorter name");
        name[length++] = peek(p);
    }
    name[length] = '\0';
    return length > 0 ? TNN_OK : unexpected(p, "a name");
}

static tnn_status find_symbol(parser *p, const char *name, tnn_size *out) {
    const int64_t *hint = tnn_symbols_hint(p->symbols, name);
    if (hint != NULL) return tnn_size_symbol(out, p->symbols->arena, name, *hint, p->err);
    p->symbols->missing = tnn_arena_str(p->symbols->arena, name);
    if (p->symbols->missing == NULL) return tnn_fail_nomem(p->err);
    return tnn_fail(p->err, TNN_ERR_UNSUPPORTED, NULL, "size %s is no size of an input: it depends on data", name);
}

static tnn_status parse_symbol(parser *p, tnn_size *out) {
    char name[MAX_NAME];
    if (!take(p, '\'')) return unexpected(p, "a quoted name");
    TNN_TRY(parse_name(p, name));
    if (!take(p, '\'')) return unexpected(p, "a quote");
    while (peek(p) != ')' && peek(p) != '\0') p->pos++; /* assumptions */
    return find_symbol(p, name, out);
}

static tnn_status parse_integer(parser *p, tnn_size *out) {
    bool negative = take(p, '-');
    uint64_t number = 0;
    if (peek(p) < '0' || peek(p) > '9') return unexpected(p, "digits");
    for (; peek(p) >= '0' && peek(p) <= '9'; p->pos++) {
        uint64_t digit = (uint64_t)(peek(p) - '0');
        if (number > ((uint64_t)INT64_MAX - digit) / 10) return unexpected(p, "a number of 64 bits");
        number = number * 10 + digit;
    }
    *out = tnn_size_const(negative ? -(int64_t)number : (int64_t)number);
    return TNN_OK;
}

/* x to the power of a small constant. */
static tnn_status power(tnn_size *out, tnn_arena *arena, tnn_size x, tnn_size exponent, tnn_error *err) {
    if (exponent.expr != NULL || exponent.hint < 0 || exponent.hint > 16) {
        return tnn_fail(err, TNN_ERR_UNSUPPORTED, NULL, "size uses a power whose exponent is not 0 to 16");
    }
    *out = tnn_size_const(1);
    for (int64_t i = 0; i < exponent.hint; i++) TNN_TRY(tnn_size_mul(out, arena, *out, x, err));
    return TNN_OK;
}

typedef tnn_status combine_fn(tnn_size *out, tnn_arena *arena, tnn_size a, tnn_size b, tnn_error *err);

typedef struct function {
    const char *name;
    combine_fn *combine;
    bool any_number; /* of arguments; otherwise two */
} function;

static const function functions[] = {
    {"Add", tnn_size_add, true},
    {"Mul", tnn_size_mul, true},
    {"Max", tnn_size_max, true},
    {"Min", tnn_size_min, true},
    {"FloorDiv", tnn_size_floordiv, false},
    {"CleanDiv", tnn_size_floordiv, false},
    {"Mod", tnn_size_mod, false},
    {"PythonMod", tnn_size_mod, false},
    {"Pow", power, false},
    {"PowByNatural", power, false},
};

static const function *find_function(const char *name) {
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
        if (strcmp(functions[i].name, name) == 0) return &functions[i];
    }
    return NULL;
}

static tnn_status parse_call(parser *p, const function *f, tnn_size *out) {
    size_t n = 1;
    TNN_TRY(parse(p, out));
    while (take(p, ',')) {
        tnn_size next;
        TNN_TRY(parse(p, &next));
        TNN_TRY(f->combine(out, p->symbols->arena, *out, next, p->err));
        n++;
    }
    return f->any_number || n == 2 ? TNN_OK : unexpected(p, "two arguments");
}

static tnn_status parse_body(parser *p, const char *name, tnn_size *out) {
    if (strcmp(name, "Symbol") == 0) return parse_symbol(p, out);
    if (strcmp(name, "Integer") == 0) return parse_integer(p, out);
    const function *f = find_function(name);
    return f != NULL ? parse_call(p, f, out) : unsupported(p, name);
}

static tnn_status parse_closed(parser *p, const char *name, tnn_size *out) {
    TNN_TRY(name == NULL ? parse(p, out) : parse_body(p, name, out));
    return take(p, ')') ? TNN_OK : unexpected(p, "\")\"");
}

static tnn_status parse_atom(parser *p, tnn_size *out) {
    char name[MAX_NAME];
    if (take(p, '(')) return parse_closed(p, NULL, out);
    if (peek(p) >= '0' && peek(p) <= '9') return parse_integer(p, out);
    TNN_TRY(parse_name(p, name));
    return take(p, '(') ? parse_closed(p, name, out) : find_symbol(p, name, out);
}

/* A sign before a power, and a power of a power. */
static tnn_status parse_power(parser *p, tnn_size *out) {
    tnn_size exponent;
    if (take(p, '-')) {
        TNN_TRY(parse_sign(p, out));
        return tnn_size_mul(out, p->symbols->arena, *out, tnn_size_const(-1), p->err);
    }
    TNN_TRY(parse_atom(p, out));
    if (!take_pair(p, '*')) return TNN_OK;
    TNN_TRY(parse_sign(p, &exponent));
    return power(out, p->symbols->arena, *out, exponent, p->err);
}

/* All nesting goes through here. */
static tnn_status parse_sign(parser *p, tnn_size *out) {
    if (p->depth == MAX_DEPTH) return tnn_fail(p->err, TNN_ERR_LIMIT, NULL, "size is nested too deep");
    p->depth++;
    TNN_TRY(parse_power(p, out));
    p->depth--;
    return TNN_OK;
}

/* The operator of a term that stands here, if one does. */
static combine_fn *take_operator(parser *p) {
    if (take(p, '*')) return tnn_size_mul;
    if (take_pair(p, '/') || take(p, '/')) return tnn_size_floordiv;
    return take(p, '%') ? tnn_size_mod : NULL;
}

static tnn_status parse_term(parser *p, tnn_size *out) {
    combine_fn *combine = NULL;
    TNN_TRY(parse_sign(p, out));
    while ((combine = take_operator(p)) != NULL) {
        tnn_size next;
        TNN_TRY(parse_sign(p, &next));
        TNN_TRY(combine(out, p->symbols->arena, *out, next, p->err));
    }
    return TNN_OK;
}

static tnn_status parse(parser *p, tnn_size *out) {
    TNN_TRY(parse_term(p, out));
    for (;;) {
        tnn_size next;
        bool minus = take(p, '-');
        if (!minus && !take(p, '+')) return TNN_OK;
        TNN_TRY(parse_term(p, &next));
        TNN_TRY(minus ? tnn_size_sub(out, p->symbols->arena, *out, next, p->err)
                      : tnn_size_add(out, p->symbols->arena, *out, next, p->err));
    }
}

tnn_status tnn_srepr_parse(tnn_symbols *symbols, const char *text, tnn_size *out, tnn_error *err) {
    parser p = {.symbols = symbols, .text = text, .err = err};
    TNN_TRY(parse(&p, out));
    return peek(&p) == '\0' ? TNN_OK : unexpected(&p, "the end");
}

const char *tnn_srepr_symbol(const char *text, size_t *length) {
    static const char head[] = "Symbol('";
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
    *length = strspn(text, letters);
    if (*length > 0 && text[*length] == '\0') return *text >= '0' && *text <= '9' ? NULL : text;
    if (strncmp(text, head, sizeof head - 1) != 0) return NULL;
    const char *name = text + sizeof head - 1;
    *length = strspn(name, letters);
    const char *close = strchr(name, ')');
    return *length > 0 && name[*length] == '\'' && close != NULL && close[1] == '\0' ? name : NULL;
}
