#include "read/yamltree.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <yaml.h>

#include "base/nearest.h"
#include "base/strmap.h"

tnn_yaml_limits tnn_yaml_limits_default(void) {
    return (tnn_yaml_limits){.max_bytes = (size_t)4 << 20, .max_depth = 64, .max_nodes = 100000};
}

/* libyaml tells a document as a stream of events; `event` is the one to be looked at. */
typedef struct reader {
    yaml_parser_t parser;
    yaml_event_t event;
    tnn_arena *arena;
    const char *file;
    tnn_yaml_limits limits;
    tnn_strmap anchors; /* to finished nodes, so that none can hold itself */
    uint64_t n_nodes;
    tnn_error *err;
} reader;

/* ---- events ---- */

static tnn_status fail_at(const reader *r, tnn_status code, yaml_mark_t mark, const char *what) {
    return tnn_fail(r->err, code, r->file, "line %zu, column %zu: %s", mark.line + 1, mark.column + 1, what);
}

static tnn_status fail_parser(const reader *r) {
    const yaml_parser_t *p = &r->parser;
    if (p->error == YAML_MEMORY_ERROR) return tnn_fail_nomem(r->err);
    const char *problem = p->problem == NULL ? "not YAML" : p->problem;
    if (p->error == YAML_READER_ERROR)
        return tnn_fail_at(r->err, TNN_ERR_MALFORMED, r->file, p->problem_offset, "not YAML: %s", problem);
    return fail_at(r, TNN_ERR_MALFORMED, p->problem_mark, problem);
}

static tnn_status next(reader *r) {
    yaml_event_delete(&r->event);
    return yaml_parser_parse(&r->parser, &r->event) ? TNN_OK : fail_parser(r);
}

static tnn_status expect_event(reader *r, yaml_event_type_t type, const char *what) {
    if (r->event.type == type) return next(r);
    return fail_at(r, TNN_ERR_MALFORMED, r->event.start_mark, what);
}

/* ---- nodes ---- */

static tnn_status count_nodes(reader *r, uint64_t n) {
    r->n_nodes += n;
    if (r->n_nodes <= r->limits.max_nodes) return TNN_OK;
    return fail_at(r, TNN_ERR_LIMIT, r->event.start_mark, "too many nodes, aliases counted as what they name");
}

static tnn_status check_tag(const reader *r, const yaml_char_t *tag, const char *usual) {
    if (tag == NULL || strcmp((const char *)tag, "!") == 0 || strcmp((const char *)tag, usual) == 0) return TNN_OK;
    return fail_at(r, TNN_ERR_MALFORMED, r->event.start_mark, "a tag of this kind is not supported");
}

static tnn_status new_node(reader *r, tnn_yaml_kind kind, tnn_yaml **out) {
    *out = TNN_NEW(r->arena, tnn_yaml);
    if (*out == NULL) return tnn_fail_nomem(r->err);
    TNN_TRY(count_nodes(r, 1));
    (*out)->kind = kind;
    (*out)->n_nodes = 1;
    (*out)->file = r->file;
    (*out)->line = r->event.start_mark.line + 1;
    (*out)->column = r->event.start_mark.column + 1;
    return TNN_OK;
}

static tnn_status read_scalar(reader *r, tnn_yaml **out) {
    const char *value = (const char *)r->event.data.scalar.value;
    size_t length = r->event.data.scalar.length;
    TNN_TRY(check_tag(r, r->event.data.scalar.tag, YAML_STR_TAG));
    TNN_TRY(new_node(r, TNN_YAML_SCALAR, out));
    if (memchr(value, 0, length) != NULL)
        return fail_at(r, TNN_ERR_MALFORMED, r->event.start_mark, "a text holds a zero byte");
    (*out)->plain = r->event.data.scalar.style == YAML_PLAIN_SCALAR_STYLE && r->event.data.scalar.tag == NULL;
    (*out)->text = tnn_arena_strn(r->arena, value, length);
    return (*out)->text == NULL ? tnn_fail_nomem(r->err) : next(r);
}

static tnn_status read_alias(reader *r, const tnn_yaml **out) {
    *out = tnn_strmap_get(&r->anchors, (const char *)r->event.data.alias.anchor);
    if (*out == NULL)
        return fail_at(r, TNN_ERR_MALFORMED, r->event.start_mark, "an alias of nothing that is finished before it");
    TNN_TRY(count_nodes(r, (*out)->n_nodes));
    return next(r);
}

static tnn_status read_node(reader *r, uint32_t depth, const tnn_yaml **out);

static tnn_status push(reader *r, const tnn_yaml ***list, size_t n, size_t *cap, const tnn_yaml *item) {
    const tnn_yaml **grown = tnn_arena_grow(r->arena, *list, n, cap, n + 1, sizeof *grown);
    if (grown == NULL) return tnn_fail_nomem(r->err);
    grown[n] = item;
    *list = grown;
    return TNN_OK;
}

static tnn_status read_sequence(reader *r, uint32_t depth, tnn_yaml **out) {
    size_t cap = 0;
    TNN_TRY(check_tag(r, r->event.data.sequence_start.tag, YAML_SEQ_TAG));
    TNN_TRY(new_node(r, TNN_YAML_SEQUENCE, out));
    TNN_TRY(next(r));
    for (tnn_yaml *node = *out; r->event.type != YAML_SEQUENCE_END_EVENT; node->n++) {
        const tnn_yaml *item;
        TNN_TRY(read_node(r, depth + 1, &item));
        TNN_TRY(push(r, &node->items, node->n, &cap, item));
        node->n_nodes += item->n_nodes;
    }
    return next(r);
}

static tnn_status check_key(const tnn_yaml *mapping, const tnn_yaml *key, tnn_strmap *known, tnn_error *err) {
    if (key->kind != TNN_YAML_SCALAR) return tnn_yaml_fail(key, TNN_ERR_MALFORMED, err, "a key must be a text");
    if (tnn_strmap_find(known, key->text) != NULL)
        return tnn_yaml_fail(key, TNN_ERR_MALFORMED, err, "the key \"%.60s\" stands here twice", key->text);
    return tnn_strmap_set(known, key->text, (void *)mapping) == TNN_OK ? TNN_OK : tnn_fail_nomem(err);
}

static tnn_status read_mapping(reader *r, uint32_t depth, tnn_yaml **out) {
    size_t cap_keys = 0, cap_items = 0;
    tnn_strmap known;
    tnn_strmap_init(&known, r->arena);
    TNN_TRY(check_tag(r, r->event.data.mapping_start.tag, YAML_MAP_TAG));
    TNN_TRY(new_node(r, TNN_YAML_MAPPING, out));
    TNN_TRY(next(r));
    for (tnn_yaml *node = *out; r->event.type != YAML_MAPPING_END_EVENT; node->n++) {
        const tnn_yaml *key, *value;
        TNN_TRY(read_node(r, depth + 1, &key));
        TNN_TRY(check_key(node, key, &known, r->err));
        TNN_TRY(read_node(r, depth + 1, &value));
        TNN_TRY(push(r, &node->keys, node->n, &cap_keys, key));
        TNN_TRY(push(r, &node->items, node->n, &cap_items, value));
        node->n_nodes += key->n_nodes + value->n_nodes;
    }
    return next(r);
}

/* The name that an event gives its node, copied: the event goes before the node is whole. */
static tnn_status take_anchor(const reader *r, const char **out) {
    const yaml_char_t *anchor = NULL;
    if (r->event.type == YAML_SCALAR_EVENT) anchor = r->event.data.scalar.anchor;
    if (r->event.type == YAML_SEQUENCE_START_EVENT) anchor = r->event.data.sequence_start.anchor;
    if (r->event.type == YAML_MAPPING_START_EVENT) anchor = r->event.data.mapping_start.anchor;
    *out = tnn_arena_str(r->arena, (const char *)anchor);
    return anchor != NULL && *out == NULL ? tnn_fail_nomem(r->err) : TNN_OK;
}

static tnn_status read_node(reader *r, uint32_t depth, const tnn_yaml **out) {
    const char *anchor;
    tnn_yaml *node;
    if (depth > r->limits.max_depth) return fail_at(r, TNN_ERR_LIMIT, r->event.start_mark, "nested too deep");
    if (r->event.type == YAML_ALIAS_EVENT) return read_alias(r, out);
    TNN_TRY(take_anchor(r, &anchor));
    if (r->event.type == YAML_SCALAR_EVENT) TNN_TRY(read_scalar(r, &node));
    else if (r->event.type == YAML_SEQUENCE_START_EVENT) TNN_TRY(read_sequence(r, depth, &node));
    else if (r->event.type == YAML_MAPPING_START_EVENT) TNN_TRY(read_mapping(r, depth, &node));
    else return fail_at(r, TNN_ERR_MALFORMED, r->event.start_mark, "expected a value");
    *out = node;
    bool kept = anchor == NULL || tnn_strmap_set(&r->anchors, anchor, node) == TNN_OK;
    return kept ? TNN_OK : tnn_fail_nomem(r->err);
}

/* ---- documents ---- */

static tnn_status read_empty(reader *r, const tnn_yaml **out) {
    tnn_yaml *node;
    TNN_TRY(new_node(r, TNN_YAML_SCALAR, &node));
    node->plain = true;
    node->text = "";
    *out = node;
    return TNN_OK;
}

static tnn_status read_stream(reader *r, const tnn_yaml **out) {
    TNN_TRY(next(r));
    TNN_TRY(expect_event(r, YAML_STREAM_START_EVENT, "expected a stream"));
    if (r->event.type == YAML_STREAM_END_EVENT) return read_empty(r, out);
    TNN_TRY(expect_event(r, YAML_DOCUMENT_START_EVENT, "expected a document"));
    TNN_TRY(read_node(r, 1, out));
    TNN_TRY(expect_event(r, YAML_DOCUMENT_END_EVENT, "expected the end of the document"));
    if (r->event.type == YAML_STREAM_END_EVENT) return TNN_OK;
    return fail_at(r, TNN_ERR_MALFORMED, r->event.start_mark, "a second document; one is expected");
}

tnn_status tnn_yaml_parse(const tnn_yaml **out, tnn_arena *arena, const void *text, size_t n_bytes, const char *file,
                          const tnn_yaml_limits *limits, tnn_error *err) {
    reader r = {.arena = arena, .file = file, .err = err};
    r.limits = limits == NULL ? tnn_yaml_limits_default() : *limits;
    *out = NULL;
    if (n_bytes > r.limits.max_bytes)
        return tnn_fail(err, TNN_ERR_LIMIT, file, "%zu bytes of YAML, at most %zu are read", n_bytes,
                        r.limits.max_bytes);
    if (!yaml_parser_initialize(&r.parser)) return tnn_fail_nomem(err);
    tnn_strmap_init(&r.anchors, arena);
    yaml_parser_set_input_string(&r.parser, text, n_bytes);
    tnn_status status = read_stream(&r, out);
    yaml_event_delete(&r.event);
    yaml_parser_delete(&r.parser);
    if (status != TNN_OK) *out = NULL;
    return status;
}

/* ---- getters ---- */

tnn_status tnn_yaml_fail(const tnn_yaml *at, tnn_status code, tnn_error *err, const char *format, ...) {
    char message[600];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    return tnn_fail(err, code, at->file, "line %llu, column %llu: %s", (unsigned long long)at->line,
                    (unsigned long long)at->column, message);
}

static bool is_null(const tnn_yaml *node) {
    static const char *const nulls[] = {"", "~", "null", "Null", "NULL"};
    for (size_t i = 0; node->kind == TNN_YAML_SCALAR && node->plain && i < sizeof nulls / sizeof *nulls; i++)
        if (strcmp(node->text, nulls[i]) == 0) return true;
    return false;
}

const tnn_yaml *tnn_yaml_get(const tnn_yaml *mapping, const char *key) {
    for (size_t i = 0; i < mapping->n; i++)
        if (strcmp(mapping->keys[i]->text, key) == 0) return is_null(mapping->items[i]) ? NULL : mapping->items[i];
    return NULL;
}

tnn_status tnn_yaml_expect(const tnn_yaml *at, tnn_yaml_kind kind, tnn_error *err) {
    static const char *const names[] = {"a text", "a list", "a mapping"};
    if (at->kind == kind && !is_null(at)) return TNN_OK;
    return tnn_yaml_fail(at, TNN_ERR_MALFORMED, err, "expected %s, found %s", names[kind],
                         is_null(at) ? "nothing" : names[at->kind]);
}

tnn_status tnn_yaml_expect_keys(const tnn_yaml *at, const char *const *known, size_t n_known, tnn_error *err) {
    TNN_TRY(tnn_yaml_expect(at, TNN_YAML_MAPPING, err));
    for (size_t i = 0; i < at->n; i++) {
        const char *key = at->keys[i]->text;
        bool found = false;
        for (size_t k = 0; k < n_known && !found; k++) found = strcmp(known[k], key) == 0;
        if (found) continue;
        const char *near = tnn_nearest(key, known, n_known);
        return tnn_yaml_fail(at->keys[i], TNN_ERR_MALFORMED, err, "unknown key \"%.60s\", %s \"%s\"%s", key,
                             near != NULL ? "did you mean" : "expected one like", near != NULL ? near : known[0],
                             near != NULL ? "?" : "");
    }
    return TNN_OK;
}

tnn_status tnn_yaml_text(const char **out, const tnn_yaml *at, tnn_error *err) {
    *out = NULL;
    if (at == NULL) return TNN_OK;
    TNN_TRY(tnn_yaml_expect(at, TNN_YAML_SCALAR, err));
    *out = at->text;
    return TNN_OK;
}
