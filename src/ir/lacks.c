#include "ir/lacks.h"

#include <string.h>

#include "base/strbuf.h"

void tnn_lack_set_init(tnn_lack_set *set, tnn_arena *arena) {
    memset(set, 0, sizeof *set);
    set->arena = arena;
    tnn_strmap_init(&set->by_text, arena);
}

const char *tnn_source_text(tnn_arena *arena, tnn_source source) {
    if (source.file == NULL) return "";
    const char *text = source.text == NULL ? "" : source.text;
    return tnn_arena_printf(arena, "%s:%u%s%s", source.file, source.line, *text == '\0' ? "" : ": ", text);
}

tnn_status tnn_lack_set_add(tnn_lack_set *set, const char *op, const char *reason, const char *scope,
                            tnn_source source, tnn_error *err) {
    char *key = tnn_arena_printf(set->arena, "%s: %s", op, reason);
    if (key == NULL) return tnn_fail_nomem(err);
    set->n_uses++;
    tnn_lack *lack = tnn_strmap_get(&set->by_text, key);
    if (lack != NULL) {
        lack->count++;
        return TNN_OK;
    }
    lack = TNN_NEW(set->arena, tnn_lack);
    if (lack == NULL || tnn_strmap_set(&set->by_text, key, lack) != TNN_OK) return tnn_fail_nomem(err);
    lack->op = tnn_arena_str(set->arena, op);
    lack->reason = tnn_arena_str(set->arena, reason);
    lack->scope = tnn_arena_str(set->arena, scope == NULL ? "" : scope);
    if (set->model != NULL) source = tnn_graph_model_locate(set->model, source);
    lack->source = tnn_source_text(set->arena, source);
    lack->count = 1;
    bool whole = lack->op != NULL && lack->reason != NULL && lack->scope != NULL && lack->source != NULL;
    return whole ? TNN_OK : tnn_fail_nomem(err);
}

/* A copy that lives on its own. */
static tnn_status export_all(const tnn_lack_set *set, tnn_lacks *out, tnn_error *err) {
    size_t n = set->by_text.n_entries;
    tnn_arena *arena = tnn_arena_new();
    tnn_lack *items = arena == NULL ? NULL : TNN_NEW_ARRAY(arena, n, tnn_lack);
    bool whole = items != NULL;
    for (size_t i = 0; whole && i < n; i++) {
        const tnn_lack *from = set->by_text.entries[i].value;
        items[i].op = tnn_arena_str(arena, from->op);
        items[i].reason = tnn_arena_str(arena, from->reason);
        items[i].source = tnn_arena_str(arena, from->source);
        items[i].scope = tnn_arena_str(arena, from->scope);
        items[i].count = from->count;
        whole = items[i].op != NULL && items[i].reason != NULL && items[i].source != NULL && items[i].scope != NULL;
    }
    if (!whole) {
        tnn_arena_free(arena);
        return tnn_fail_nomem(err);
    }
    out->items = items;
    out->n = n;
    out->owner = arena;
    return TNN_OK;
}

static void write_summary(const tnn_lack_set *set, tnn_strbuf *text) {
    size_t n = set->by_text.n_entries;
    tnn_strbuf_printf(text, "%zu operator%s not supported:", n, n == 1 ? " is" : "s are");
    for (size_t i = 0; i < n; i++) {
        const tnn_lack *lack = set->by_text.entries[i].value;
        tnn_strbuf_printf(text, "%s %s (%llu)", i == 0 ? "" : ",", lack->op, (unsigned long long)lack->count);
    }
}

tnn_status tnn_lack_set_report(const tnn_lack_set *set, const char *where, tnn_lacks *out, tnn_error *err) {
    if (set->by_text.n_entries == 0) return TNN_OK;
    if (out != NULL) TNN_TRY(export_all(set, out, err));
    tnn_strbuf text = {0};
    write_summary(set, &text);
    tnn_status status = TNN_ERR_UNSUPPORTED;
    if (text.failed) status = tnn_fail_nomem(err);
    else tnn_fail(err, status, where, "%s", text.data);
    tnn_strbuf_free(&text);
    return status;
}

void tnn_lacks_free(tnn_lacks *lacks) {
    if (lacks == NULL) return;
    tnn_arena_free(lacks->owner);
    memset(lacks, 0, sizeof *lacks);
}
