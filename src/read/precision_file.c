#include "read/precision_file.h"

#include <string.h>

#include "base/file.h"

/* ---- values ---- */

typedef struct word {
    const char *text;
    bool is_float;
} word;

static const word words[] = {
    {"true", false},  {"True", false},  {"TRUE", false},  {"int8", false},
    {"false", true}, {"False", true}, {"FALSE", true}, {"float", true}, {"float32", true},
};

static tnn_status read_precision(bool *is_float, const tnn_yaml *at, tnn_error *err) {
    TNN_TRY(tnn_yaml_expect(at, TNN_YAML_SCALAR, err));
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        *is_float = words[i].is_float;
        if (strcmp(words[i].text, at->text) == 0) return TNN_OK;
    }
    return tnn_yaml_fail(at, TNN_ERR_MALFORMED, err, "\"%.60s\": expected int8 or true, float or false", at->text);
}

static tnn_status add_rule(tnn_precision *p, const tnn_precision_rule *rule, tnn_error *err) {
    p->rules = tnn_arena_grow(p->arena, p->rules, p->n_rules, &p->cap_rules, p->n_rules + 1, sizeof *p->rules);
    if (p->rules == NULL) return tnn_fail_nomem(err);
    p->rules[p->n_rules++] = *rule;
    return TNN_OK;
}

/* ---- rules ---- */

static tnn_status read_rule(tnn_precision *p, const tnn_yaml *at, tnn_error *err) {
    static const char *const keys[] = {"precision", "type", "scope", "name"};
    tnn_precision_rule rule = {.at = at};
    TNN_TRY(tnn_yaml_expect_keys(at, keys, sizeof keys / sizeof *keys, err));
    TNN_TRY(tnn_yaml_text(&rule.like, tnn_yaml_get(at, "name"), err));
    TNN_TRY(tnn_yaml_text(&rule.type, tnn_yaml_get(at, "type"), err));
    TNN_TRY(tnn_yaml_text(&rule.scope, tnn_yaml_get(at, "scope"), err));
    const tnn_yaml *precision = tnn_yaml_get(at, "precision");
    if (precision == NULL) return tnn_yaml_fail(at, TNN_ERR_MALFORMED, err, "the rule lacks \"precision\"");
    if (rule.like == NULL && rule.type == NULL && rule.scope == NULL)
        return tnn_yaml_fail(at, TNN_ERR_MALFORMED, err, "the rule has no \"name\", \"type\" or \"scope\"");
    TNN_TRY(read_precision(&rule.is_float, precision, err));
    return add_rule(p, &rule, err);
}

static tnn_status read_rules(tnn_precision *p, const tnn_yaml *list, tnn_error *err) {
    for (size_t i = 0; i < list->n; i++) TNN_TRY(read_rule(p, list->items[i], err));
    return TNN_OK;
}

/* ---- the file ---- */

/* It stands for what is left over, wherever in the file it is. */
static tnn_status read_default(tnn_precision *p, const tnn_yaml *root, tnn_error *err) {
    tnn_precision_rule rule = {.at = tnn_yaml_get(root, "default")};
    if (rule.at == NULL) return TNN_OK;
    TNN_TRY(read_precision(&rule.is_float, rule.at, err));
    return add_rule(p, &rule, err);
}

static tnn_status read_entry(tnn_precision *p, const tnn_yaml *key, const tnn_yaml *value, tnn_error *err) {
    tnn_precision_rule rule = {.name = key->text, .at = key};
    if (strcmp(key->text, "default") == 0) return TNN_OK;
    if (strcmp(key->text, "rules") == 0 && value->kind == TNN_YAML_SEQUENCE) return read_rules(p, value, err);
    TNN_TRY(read_precision(&rule.is_float, value, err));
    return add_rule(p, &rule, err);
}

static tnn_status fill(tnn_precision *p, const void *text, size_t n_bytes, const char *name, tnn_error *err) {
    const char *file = tnn_arena_str(p->arena, name);
    const tnn_yaml *root;
    if (file == NULL) return tnn_fail_nomem(err);
    TNN_TRY(tnn_yaml_parse(&root, p->arena, text, n_bytes, file, NULL, err));
    TNN_TRY(tnn_yaml_expect(root, TNN_YAML_MAPPING, err));
    TNN_TRY(read_default(p, root, err));
    for (size_t i = 0; i < root->n; i++) TNN_TRY(read_entry(p, root->keys[i], root->items[i], err));
    return TNN_OK;
}

tnn_status tnn_precision_parse(tnn_precision **out, const char *text, uint64_t n_bytes, const char *name,
                               tnn_error *err) {
    tnn_arena *arena = tnn_arena_new();
    tnn_precision *p = arena != NULL ? TNN_NEW(arena, tnn_precision) : NULL;
    *out = NULL;
    if (p == NULL) {
        tnn_arena_free(arena);
        return tnn_fail_nomem(err);
    }
    p->arena = arena;
    tnn_status status = fill(p, text, (size_t)n_bytes, name, err);
    if (status == TNN_OK) *out = p;
    else tnn_arena_free(arena);
    return status;
}

tnn_status tnn_precision_read(tnn_precision **out, const char *path, tnn_error *err) {
    tnn_file *file;
    *out = NULL;
    TNN_TRY(tnn_file_open(&file, path, err));
    tnn_status status = tnn_precision_parse(out, (const char *)file->data, file->size, path, err);
    tnn_file_free(file);
    return status;
}

void tnn_precision_free(tnn_precision *precision) {
    if (precision != NULL) tnn_arena_free(precision->arena);
}
