/* Words, tokens and default values of a signature. */
#include "ir/schema_scan.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "ir/graph.h"

void tnn_scan_space(tnn_scan *s) {
    while (s->text[s->pos] == ' ') s->pos++;
}

static bool in_word(char c) {
    return isalnum((unsigned char)c) || c == '_' || c == '.' || c == ':';
}

size_t tnn_scan_word(tnn_scan *s) {
    size_t start = s->pos;
    while (in_word(s->text[s->pos])) s->pos++;
    return s->pos - start;
}

bool tnn_scan_take(tnn_scan *s, const char *token) {
    tnn_scan_space(s);
    size_t length = strlen(token);
    if (strncmp(s->text + s->pos, token, length) != 0) return false;
    s->pos += length;
    tnn_scan_space(s);
    return true;
}

bool tnn_scan_take_word(tnn_scan *s, const char *word) {
    size_t start = s->pos;
    tnn_scan_space(s);
    size_t length = strlen(word);
    if (tnn_scan_word(s) == length && memcmp(s->text + s->pos - length, word, length) == 0) {
        tnn_scan_space(s);
        return true;
    }
    s->pos = start;
    return false;
}

tnn_status tnn_scan_expect(tnn_scan *s, const char *token, tnn_error *err) {
    return tnn_scan_take(s, token) ? TNN_OK : tnn_scan_fail(s, token, err);
}

int tnn_scan_digits(tnn_scan *s) {
    int number = 0;
    while (isdigit((unsigned char)s->text[s->pos]) && number <= 100) {
        number = number * 10 + (s->text[s->pos++] - '0');
    }
    return number;
}

tnn_status tnn_scan_fail(const tnn_scan *s, const char *expected, tnn_error *err) {
    const char *found = s->text + s->pos;
    return tnn_fail_at(err, TNN_ERR_MALFORMED, "signature", s->pos, "found \"%.20s\", expected %s", found, expected);
}

/* A decimal number, "inf" or "-inf"; integers that fit stay integers. */
static tnn_status scan_number(tnn_scan *s, tnn_arg *out, tnn_error *err) {
    bool negative = tnn_scan_take(s, "-");
    if (tnn_scan_take_word(s, "inf")) {
        *out = tnn_arg_of_float(negative ? -(double)INFINITY : (double)INFINITY);
        return TNN_OK;
    }
    const char *start = s->text + s->pos;
    size_t length = strspn(start, "0123456789");
    if (length == 0 || length > 18) return tnn_scan_fail(s, "a number", err);
    char *end;
    double number = strtod(start, &end);
    if (start[length] == '.' || start[length] == 'e') {
        *out = tnn_arg_of_float(negative ? -number : number);
    } else {
        int64_t integer = strtoll(start, &end, 10);
        *out = tnn_arg_of_int(negative ? -integer : integer);
    }
    s->pos += (size_t)(end - start);
    return TNN_OK;
}

static tnn_status scan_string(tnn_scan *s, tnn_arg *out, tnn_error *err) {
    char quote = s->text[s->pos];
    if (quote != '\'' && quote != '"') return tnn_scan_fail(s, "a string", err);
    const char *start = s->text + s->pos + 1, *end = strchr(start, quote);
    if (!end) return tnn_scan_fail(s, "a closing quote", err);
    const char *copy = tnn_arena_strn(s->arena, start, (size_t)(end - start));
    if (!copy) return tnn_fail_nomem(err);
    s->pos += (size_t)(end - start) + 2;
    *out = tnn_arg_of_string(copy);
    return TNN_OK;
}

/* Bare words stand for integers: reductions as ATen numbers them, and memory formats. */
static bool scan_named(tnn_scan *s, tnn_arg *out) {
    static const char *const reductions[] = {"Mean", "Sum"};
    for (int i = 0; i < 2; i++) {
        if (tnn_scan_take_word(s, reductions[i])) {
            *out = tnn_arg_of_int(i + 1);
            return true;
        }
    }
    bool is_true = tnn_scan_take_word(s, "True");
    if (is_true || tnn_scan_take_word(s, "False")) {
        *out = tnn_arg_of_bool(is_true);
        return true;
    }
    return false;
}

static tnn_status scan_memory_format(tnn_scan *s, tnn_arg *out, tnn_error *err) {
    bool preserve = tnn_scan_take_word(s, "preserve_format");
    if (!preserve && !tnn_scan_take_word(s, "contiguous_format")) return tnn_scan_fail(s, "a memory format", err);
    *out = (tnn_arg){.kind = TNN_ARG_MEMORY_FORMAT,
                     .as.integer = preserve ? TNN_MEMORY_PRESERVE : TNN_MEMORY_CONTIGUOUS};
    return TNN_OK;
}

static tnn_status scan_dtype(tnn_scan *s, tnn_arg *out, tnn_error *err) {
    static const struct {
        const char *word;
        tnn_dtype dtype;
    } words[] = {{"long", TNN_DTYPE_I64}, {"float", TNN_DTYPE_F32}, {"double", TNN_DTYPE_F64},
                 {"int", TNN_DTYPE_I32}, {"bool", TNN_DTYPE_BOOL}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (!tnn_scan_take_word(s, words[i].word)) continue;
        *out = tnn_arg_of_dtype(words[i].dtype);
        return TNN_OK;
    }
    return tnn_scan_fail(s, "a dtype", err);
}

static tnn_status scan_item(tnn_scan *s, const tnn_schema_type *type, tnn_arg *out, tnn_error *err) {
    switch (type->base) {
    case TNN_TYPE_STRING:
        return scan_string(s, out, err);
    case TNN_TYPE_MEMORY_FORMAT:
        return scan_memory_format(s, out, err);
    case TNN_TYPE_DTYPE:
        return scan_dtype(s, out, err);
    case TNN_TYPE_ANY: /* "strided": the value is ignored */
        (void)tnn_scan_word(s);
        *out = tnn_arg_none();
        return TNN_OK;
    case TNN_TYPE_INT:
    case TNN_TYPE_FLOAT:
    case TNN_TYPE_BOOL:
    case TNN_TYPE_SCALAR:
    case TNN_TYPE_OPERAND:
        if (!scan_named(s, out)) TNN_TRY(scan_number(s, out, err));
        if (type->base == TNN_TYPE_FLOAT) *out = tnn_arg_of_float(tnn_arg_number(out));
        if (type->base == TNN_TYPE_INT && out->kind != TNN_ARG_INT) return tnn_scan_fail(s, "an int", err);
        if (type->base == TNN_TYPE_BOOL && out->kind != TNN_ARG_BOOL) return tnn_scan_fail(s, "a bool", err);
        return TNN_OK;
    case TNN_TYPE_TENSOR:
    case TNN_TYPE_GRAPH:
        break;
    }
    return tnn_scan_fail(s, "None", err);
}

static tnn_status floats_list(tnn_arg *out, tnn_arena *arena, const tnn_arg *items, size_t step, tnn_error *err) {
    out->kind = TNN_ARG_FLOATS;
    out->as.numbers = TNN_NEW_ARRAY(arena, out->n, double);
    if (!out->as.numbers) return tnn_fail_nomem(err);
    for (uint32_t i = 0; i < out->n; i++) out->as.numbers[i] = tnn_arg_number(&items[i * step]);
    return TNN_OK;
}

static tnn_status bools_list(tnn_arg *out, tnn_arena *arena, const tnn_arg *items, size_t step, tnn_error *err) {
    out->kind = TNN_ARG_BOOLS;
    out->as.bools = TNN_NEW_ARRAY(arena, out->n, uint8_t);
    if (!out->as.bools) return tnn_fail_nomem(err);
    for (uint32_t i = 0; i < out->n; i++) out->as.bools[i] = tnn_arg_bool(&items[i * step]);
    return TNN_OK;
}

static tnn_status ints_list(tnn_arg *out, tnn_arena *arena, const tnn_arg *items, size_t step, tnn_error *err) {
    out->kind = TNN_ARG_INTS;
    out->as.sizes = TNN_NEW_ARRAY(arena, out->n, tnn_size);
    if (!out->as.sizes) return tnn_fail_nomem(err);
    for (uint32_t i = 0; i < out->n; i++) {
        out->as.sizes[i] = tnn_size_const(tnn_arg_int(&items[i * step]));
    }
    return TNN_OK;
}

/* `n` single values as a list of the type's kind; one value for fixed_n is repeated. */
static tnn_status make_list(tnn_scan *s, const tnn_schema_type *type, const tnn_arg *items, uint32_t n, tnn_arg *out,
                            tnn_error *err) {
    bool repeat = n == 1 && type->fixed_n > 1;
    out->n = repeat ? (uint32_t)type->fixed_n : n;
    size_t step = repeat ? 0 : 1;
    if (type->base == TNN_TYPE_FLOAT) return floats_list(out, s->arena, items, step, err);
    if (type->base == TNN_TYPE_BOOL) return bools_list(out, s->arena, items, step, err);
    return ints_list(out, s->arena, items, step, err);
}

#define MAX_DEFAULT_ITEMS 8

/* A list of anything but numbers has no default but the empty list. */
static tnn_status scan_list(tnn_scan *s, const tnn_schema_type *type, tnn_arg *out, tnn_error *err) {
    tnn_arg items[MAX_DEFAULT_ITEMS];
    uint32_t n = 0;
    bool bracket = tnn_scan_take(s, "[");
    if (bracket && tnn_scan_take(s, "]")) return make_list(s, type, items, 0, out, err);
    if (type->base != TNN_TYPE_INT && type->base != TNN_TYPE_FLOAT && type->base != TNN_TYPE_BOOL) {
        return tnn_scan_fail(s, "[]", err);
    }
    do {
        if (n == MAX_DEFAULT_ITEMS) return tnn_scan_fail(s, "at most 8 items", err);
        TNN_TRY(scan_item(s, type, &items[n++], err));
    } while (bracket && tnn_scan_take(s, ","));
    if (bracket) TNN_TRY(tnn_scan_expect(s, "]", err));
    return make_list(s, type, items, n, out, err);
}

tnn_status tnn_scan_default(tnn_scan *s, const tnn_schema_type *type, const tnn_arg **out, tnn_error *err) {
    tnn_arg *value = TNN_NEW(s->arena, tnn_arg);
    if (!value) return tnn_fail_nomem(err);
    *out = value;
    tnn_scan_space(s);
    if (tnn_scan_take_word(s, "None")) return TNN_OK;
    return type->list ? scan_list(s, type, value, err) : scan_item(s, type, value, err);
}
