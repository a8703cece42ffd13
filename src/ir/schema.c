/* Parsing ATen signatures:
 *
 *   signature := name '(' [entry {',' entry}] ')' '->' returns
 *   entry     := '*' | type name ['=' default]
 *   type      := word ['(' alias ')'] {'?' | '[' [digits] ']'} | 'Tensor|Scalar'
 *   returns   := type | '(' [type [name] {',' type [name]}] ')' */
#include "ir/schema.h"

#include <string.h>

#include "ir/schema_scan.h"

static const struct {
    const char *word;
    tnn_type_base base;
} type_words[] = {
    {"Tensor", TNN_TYPE_TENSOR},
    {"int", TNN_TYPE_INT},
    {"SymInt", TNN_TYPE_INT},
    {"float", TNN_TYPE_FLOAT},
    {"bool", TNN_TYPE_BOOL},
    {"Scalar", TNN_TYPE_SCALAR},
    {"str", TNN_TYPE_STRING},
    {"ScalarType", TNN_TYPE_DTYPE},
    {"MemoryFormat", TNN_TYPE_MEMORY_FORMAT},
    {"Graph", TNN_TYPE_GRAPH},
    {"Layout", TNN_TYPE_ANY},
    {"Device", TNN_TYPE_ANY},
    {"Generator", TNN_TYPE_ANY},
    {"Dimname", TNN_TYPE_ANY},
    {"Storage", TNN_TYPE_ANY},
    {"Stream", TNN_TYPE_ANY},
};

static tnn_status parse_base(tnn_scan *s, tnn_type_base *base, tnn_error *err) {
    size_t start = s->pos, length = tnn_scan_word(s);
    for (size_t i = 0; i < sizeof type_words / sizeof *type_words; i++) {
        if (strlen(type_words[i].word) == length && memcmp(type_words[i].word, s->text + start, length) == 0) {
            *base = type_words[i].base;
            return TNN_OK;
        }
    }
    s->pos = start;
    return tnn_scan_fail(s, "a type", err);
}

/* "(a)", "(a!)", "(a -> *)", "(a|b)": which storage it shares is not kept, only that it does and whether it writes. */
static tnn_status parse_alias(tnn_scan *s, tnn_schema_arg *arg, tnn_error *err) {
    if (!tnn_scan_take(s, "(")) return TNN_OK;
    arg->alias = true;
    while (s->text[s->pos] != '\0' && s->text[s->pos] != ')') {
        if (s->text[s->pos] == '!') arg->written = true;
        s->pos++;
    }
    if (arg->written) arg->alias = false;
    return tnn_scan_expect(s, ")", err);
}

/* One suffix; `*more` says whether there was one. */
static tnn_status parse_suffix(tnn_scan *s, tnn_schema_type *type, bool *more, tnn_error *err) {
    *more = true;
    if (tnn_scan_take(s, "?")) {
        type->optional = true;
    } else if (tnn_scan_take(s, "[")) {
        if (type->list) return tnn_scan_fail(s, "one list at most", err);
        type->list = true;
        type->item_optional = type->optional;
        type->optional = false;
        type->fixed_n = tnn_scan_digits(s);
        return tnn_scan_expect(s, "]", err);
    } else {
        *more = false;
    }
    return TNN_OK;
}

static tnn_status parse_type(tnn_scan *s, tnn_schema_arg *arg, tnn_error *err) {
    tnn_schema_type *type = &arg->type;
    TNN_TRY(parse_base(s, &type->base, err));
    if (type->base == TNN_TYPE_TENSOR && tnn_scan_take(s, "|")) {
        if (!tnn_scan_take_word(s, "Scalar")) return tnn_scan_fail(s, "'Scalar'", err);
        type->base = TNN_TYPE_OPERAND;
    }
    TNN_TRY(parse_alias(s, arg, err));
    for (bool more = true; more;) TNN_TRY(parse_suffix(s, type, &more, err));
    return TNN_OK;
}

static tnn_status parse_name(tnn_scan *s, const char **name, tnn_error *err) {
    tnn_scan_space(s);
    size_t start = s->pos, length = tnn_scan_word(s);
    if (length == 0) return tnn_scan_fail(s, "a name", err);
    *name = tnn_arena_strn(s->arena, s->text + start, length);
    return *name ? TNN_OK : tnn_fail_nomem(err);
}

static tnn_status parse_arg(tnn_scan *s, tnn_schema_arg *arg, tnn_error *err) {
    TNN_TRY(parse_type(s, arg, err));
    TNN_TRY(parse_name(s, &arg->name, err));
    if (!tnn_scan_take(s, "=")) return TNN_OK;
    arg->has_default = true;
    return tnn_scan_default(s, &arg->type, &arg->default_value, err);
}

static tnn_status parse_args(tnn_scan *s, tnn_schema *schema, tnn_error *err) {
    size_t cap = 0;
    bool keyword_only = false;
    TNN_TRY(tnn_scan_expect(s, "(", err));
    if (tnn_scan_take(s, ")")) return TNN_OK;
    do {
        if (tnn_scan_take(s, "*")) {
            keyword_only = true;
            continue;
        }
        tnn_schema_arg arg = {.keyword_only = keyword_only};
        TNN_TRY(parse_arg(s, &arg, err));
        schema->args = tnn_arena_grow(s->arena, schema->args, schema->n_args, &cap, schema->n_args + 1, sizeof arg);
        if (!schema->args) return tnn_fail_nomem(err);
        schema->args[schema->n_args++] = arg;
    } while (tnn_scan_take(s, ","));
    return tnn_scan_expect(s, ")", err);
}

static tnn_status add_return(tnn_scan *s, tnn_schema *schema, size_t *cap, tnn_error *err) {
    tnn_schema_arg result = {0};
    TNN_TRY(parse_type(s, &result, err));
    schema->returns = tnn_arena_grow(s->arena, schema->returns, schema->n_returns, cap, schema->n_returns + 1,
                                     sizeof result.type);
    if (!schema->returns) return tnn_fail_nomem(err);
    schema->returns[schema->n_returns++] = result.type;
    return TNN_OK;
}

static tnn_status parse_returns(tnn_scan *s, tnn_schema *schema, tnn_error *err) {
    size_t cap = 0;
    TNN_TRY(tnn_scan_expect(s, "->", err));
    if (!tnn_scan_take(s, "(")) return add_return(s, schema, &cap, err);
    if (tnn_scan_take(s, ")")) return TNN_OK;
    do {
        TNN_TRY(add_return(s, schema, &cap, err));
        tnn_scan_space(s);
        (void)tnn_scan_word(s); /* names of results are not kept */
    } while (tnn_scan_take(s, ","));
    return tnn_scan_expect(s, ")", err);
}

tnn_status tnn_schema_parse(tnn_schema **out, tnn_arena *arena, const char *signature, tnn_error *err) {
    tnn_scan scan = {signature, 0, arena};
    tnn_schema *schema = TNN_NEW(arena, tnn_schema);
    *out = NULL;
    if (!schema) return tnn_fail_nomem(err);
    TNN_TRY(parse_name(&scan, &schema->name, err));
    TNN_TRY(parse_args(&scan, schema, err));
    TNN_TRY(parse_returns(&scan, schema, err));
    tnn_scan_space(&scan);
    if (signature[scan.pos] != '\0') return tnn_scan_fail(&scan, "the end", err);
    *out = schema;
    return TNN_OK;
}

int tnn_schema_find(const tnn_schema *schema, const char *arg_name) {
    for (size_t i = 0; i < schema->n_args; i++) {
        if (strcmp(schema->args[i].name, arg_name) == 0) return (int)i;
    }
    return -1;
}
