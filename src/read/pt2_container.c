/* Where the parts of a .pt2 archive are: three containers, of which the newer two may hold several models. */
#include <string.h>

#include "read/pt2_archive.h"

/* A one-line text entry must hold `expected`. */
static tnn_status check_text(tnn_pt2 *pt2, const char *name, const char *expected, const char *advice,
                             tnn_error *err) {
    const tnn_zip_entry *entry = NULL;
    const uint8_t *bytes = NULL;
    TNN_TRY(tnn_pt2_entry(&entry, pt2, err, "%s", name));
    if (entry == NULL) return tnn_fail(err, TNN_ERR_MALFORMED, pt2->file->path, "archive has no entry \"%s\"", name);
    TNN_TRY(tnn_zip_read(pt2->zip, entry, pt2->arena, &bytes, err));
    size_t length = entry->size < 40 ? (size_t)entry->size : 40;
    char *text = tnn_arena_strn(pt2->arena, (const char *)bytes, length);
    if (text == NULL) return tnn_fail_nomem(err);
    text[strcspn(text, "\r\n")] = '\0';
    if (strcmp(text, expected) == 0) return TNN_OK;
    return tnn_fail(err, TNN_ERR_UNSUPPORTED, pt2->file->path, "%s is \"%s\", expected \"%s\"%s", name, text, expected,
                    advice);
}

/* Models of the archive. */

typedef struct model_names {
    const char **items;
    size_t n;
} model_names;

/* NAME of every models/NAME.json. */
static tnn_status list_models(tnn_pt2 *pt2, model_names *out, tnn_error *err) {
    char *prefix = tnn_arena_printf(pt2->arena, "%smodels/", pt2->root);
    out->n = 0;
    out->items = TNN_NEW_ARRAY(pt2->arena, pt2->zip->n_entries, const char *);
    if (prefix == NULL || out->items == NULL) return tnn_fail_nomem(err);
    size_t prefix_length = strlen(prefix);
    for (size_t i = 0; i < pt2->zip->n_entries; i++) {
        const char *name = pt2->zip->entries[i].name;
        size_t length = strlen(name);
        bool fits = length > prefix_length + 5 && strncmp(name, prefix, prefix_length) == 0 &&
                    strcmp(name + length - 5, ".json") == 0;
        if (!fits) continue;
        out->items[out->n] = tnn_arena_strn(pt2->arena, name + prefix_length, length - prefix_length - 5);
        if (out->items[out->n++] == NULL) return tnn_fail_nomem(err);
    }
    return TNN_OK;
}

static const char *find_name(const model_names *names, const char *name) {
    for (size_t i = 0; i < names->n; i++) {
        if (strcmp(names->items[i], name) == 0) return names->items[i];
    }
    return NULL;
}

/* No model, or none that was meant. */
static tnn_status fail_choice(const tnn_pt2 *pt2, const model_names *names, const char *wanted, tnn_error *err) {
    const char *path = pt2->file->path;
    tnn_strbuf text = {0};
    if (names->n == 0) {
        return tnn_fail(err, TNN_ERR_UNSUPPORTED, path,
                        "archive has no models/NAME.json (a compiled package?); save the model with torch.export.save");
    }
    for (size_t i = 0; i < names->n; i++) tnn_strbuf_printf(&text, "%s%s", i == 0 ? "" : ", ", names->items[i]);
    const char *all = text.data == NULL ? "" : text.data;
    tnn_status status =
        wanted != NULL ? tnn_fail(err, TNN_ERR_INVALID, path, "archive has no model \"%.100s\"; it has: %s", wanted, all)
                       : tnn_fail(err, TNN_ERR_INVALID, path,
                                  "archive holds %zu models and none is called \"model\"; name one (--model): %s",
                                  names->n, all);
    tnn_strbuf_free(&text);
    return status;
}

/* The one that is asked for, "model", which torch.export.save writes, or the only one. */
static tnn_status choose_model(tnn_pt2 *pt2, const model_names *names, const char *wanted, tnn_error *err) {
    pt2->name = find_name(names, wanted != NULL ? wanted : "model");
    if (pt2->name == NULL && wanted == NULL && names->n == 1) pt2->name = names->items[0];
    return pt2->name != NULL ? TNN_OK : fail_choice(pt2, names, wanted, err);
}

/* Containers of torch 2.8 and later. */

/* The config, or the pickle; neither is fine when there is nothing of the kind. */
static tnn_status locate_store(tnn_pt2 *pt2, tnn_pt2_store *store, tnn_error *err) {
    const tnn_zip_entry *config = NULL;
    TNN_TRY(tnn_pt2_entry(&config, pt2, err, "data/%s/%s_%s_config.json", store->kind, pt2->name, store->kind));
    if (config != NULL) return tnn_pt2_parse(pt2, config, &store->config, err);
    TNN_TRY(tnn_pt2_entry(&store->entry, pt2, err, "data/%s/%s.pt", store->kind, pt2->name));
    if (store->entry != NULL) pt2->container = "torch 2.8";
    return TNN_OK;
}

static tnn_status locate_parts(tnn_pt2 *pt2, const char *model, tnn_error *err) {
    model_names names;
    pt2->container = "torch 2.9 or later";
    TNN_TRY(check_text(pt2, "archive_format", "pt2", "", err));
    TNN_TRY(check_text(pt2, "archive_version", "0", "", err));
    TNN_TRY(check_text(pt2, "byteorder", "little", ": save the model on a little-endian machine", err));
    TNN_TRY(list_models(pt2, &names, err));
    TNN_TRY(choose_model(pt2, &names, model, err));
    TNN_TRY(tnn_pt2_entry(&pt2->program_entry, pt2, err, "models/%s.json", pt2->name));
    TNN_TRY(tnn_pt2_entry(&pt2->samples, pt2, err, "data/sample_inputs/%s.pt", pt2->name));
    for (int i = 0; i < TNN_PT2_STORES; i++) TNN_TRY(locate_store(pt2, &pt2->stores[i], err));
    return TNN_OK;
}

/* The container of torch 2.7 and earlier. */

/* An archive that may be empty; the oldest have its name with another ending. */
static tnn_status find_saved(const tnn_zip_entry **out, const tnn_pt2 *pt2, const char *name, tnn_error *err) {
    TNN_TRY(tnn_pt2_entry(out, pt2, err, "%s.pt", name));
    if (*out == NULL) TNN_TRY(tnn_pt2_entry(out, pt2, err, "%s.json", name));
    if (*out != NULL && (*out)->size == 0) *out = NULL;
    return TNN_OK;
}

static tnn_status locate_flat(tnn_pt2 *pt2, const char *model, tnn_error *err) {
    static const char name[] = "model";
    static const char *const names[TNN_PT2_STORES] = {"serialized_state_dict", "serialized_constants"};
    pt2->container = "torch 2.7 or earlier";
    pt2->name = name;
    if (model != NULL && strcmp(model, name) != 0) {
        return tnn_fail(err, TNN_ERR_INVALID, pt2->file->path, "archive has no model \"%.100s\"; it has: %s", model, name);
    }
    for (int i = 0; i < TNN_PT2_STORES; i++) TNN_TRY(find_saved(&pt2->stores[i].entry, pt2, names[i], err));
    return find_saved(&pt2->samples, pt2, "serialized_example_inputs", err);
}

tnn_status tnn_pt2_locate(tnn_pt2 *pt2, const char *model, tnn_error *err) {
    TNN_TRY(tnn_pt2_entry(&pt2->program_entry, pt2, err, "serialized_exported_program.json"));
    return pt2->program_entry != NULL ? locate_flat(pt2, model, err) : locate_parts(pt2, model, err);
}
