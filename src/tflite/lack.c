#include "tflite/lack.h"

#include <string.h>

#include "base/strbuf.h"

static tnn_lack *find_lack(const tnn_lack_list *list, const char *op, const char *reason) {
    for (size_t i = 0; i < list->n; i++)
        if (strcmp(list->items[i].op, op) == 0 && strcmp(list->items[i].reason, reason) == 0) return &list->items[i];
    return NULL;
}

static const char *source_text(tnn_arena *arena, const tnn_source *s) {
    if (s->file == NULL) return "";
    return tnn_arena_printf(arena, "%s:%u%s%s", s->file, s->line, s->text == NULL ? "" : ": ",
                            s->text == NULL ? "" : s->text);
}

tnn_status tnn_lack_add(tnn_lack_list *list, const tnn_node *node, const char *reason, tnn_error *err) {
    tnn_lack *known = find_lack(list, node->op->name, reason);
    if (known != NULL) {
        known->count++;
        return TNN_OK;
    }
    tnn_lack *items = tnn_arena_grow(list->arena, list->items, list->n, &list->cap, list->n + 1, sizeof *items);
    if (items == NULL) return tnn_fail_nomem(err);
    list->items = items;
    tnn_lack lack = {.op = node->op->name, .reason = tnn_arena_str(list->arena, reason),
                     .source = source_text(list->arena, &node->source),
                     .scope = node->scope == NULL ? "" : node->scope, .count = 1};
    if (lack.reason == NULL || lack.source == NULL) return tnn_fail_nomem(err);
    list->items[list->n++] = lack;
    return TNN_OK;
}

tnn_status tnn_lack_fail(const tnn_lack_list *list, const char *what, tnn_error *err) {
    tnn_strbuf text = {0};
    tnn_strbuf_printf(&text, "%zu operator%s %s:", list->n, list->n == 1 ? "" : "s", what);
    for (size_t i = 0; i < list->n; i++)
        tnn_strbuf_printf(&text, "%s %s (%llu)", i == 0 ? "" : ",", list->items[i].op,
                          (unsigned long long)list->items[i].count);
    tnn_status status = text.failed ? tnn_fail_nomem(err) : tnn_fail(err, TNN_ERR_UNSUPPORTED, NULL, "%s", text.data);
    tnn_strbuf_free(&text);
    return status;
}

tnn_status tnn_lack_export(const tnn_lack_list *list, tnn_lacks *out, tnn_error *err) {
    tnn_arena *arena = tnn_arena_new();
    if (arena == NULL) return tnn_fail_nomem(err);
    tnn_lack *items = TNN_NEW_ARRAY(arena, list->n, tnn_lack);
    bool ok = items != NULL;
    for (size_t i = 0; ok && i < list->n; i++) {
        const tnn_lack *from = &list->items[i];
        items[i] = (tnn_lack){tnn_arena_str(arena, from->op), tnn_arena_str(arena, from->reason),
                              tnn_arena_str(arena, from->source), tnn_arena_str(arena, from->scope), from->count};
        ok = items[i].op != NULL && items[i].reason != NULL && items[i].source != NULL && items[i].scope != NULL;
    }
    if (!ok) {
        tnn_arena_free(arena);
        return tnn_fail_nomem(err);
    }
    *out = (tnn_lacks){items, list->n, arena};
    return TNN_OK;
}
