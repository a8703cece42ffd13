#include "read/saved.h"

#include <string.h>

static tnn_status find(const tnn_zip_entry **out, const tnn_saved *saved, const char *folder, const char *name,
                       tnn_error *err) {
    char *full = tnn_arena_printf(saved->zip->arena, "%s%s%s", saved->root, folder, name);
    if (full == NULL) return tnn_fail_nomem(err);
    *out = tnn_zip_find(saved->zip, full);
    return TNN_OK;
}

static tnn_status check_byteorder(const tnn_saved *saved, tnn_error *err) {
    static const char little[] = "little";
    const tnn_zip_entry *entry = NULL;
    const uint8_t *bytes = NULL;
    TNN_TRY(find(&entry, saved, "", "byteorder", err));
    if (entry == NULL) return TNN_OK;
    TNN_TRY(tnn_zip_read(saved->zip, entry, saved->zip->arena, &bytes, err));
    if (entry->size >= sizeof little - 1 && memcmp(bytes, little, sizeof little - 1) == 0) return TNN_OK;
    return tnn_fail(err, TNN_ERR_UNSUPPORTED, saved->zip->name,
                    "byteorder is not \"little\": save the model on a little-endian machine");
}

tnn_status tnn_saved_read(tnn_saved *out, tnn_zip *zip, const tnn_pickle_options *options, tnn_error *err) {
    const tnn_zip_entry *pickle = NULL;
    const uint8_t *bytes = NULL;
    memset(out, 0, sizeof *out);
    out->zip = zip;
    TNN_TRY(tnn_zip_root(zip, &out->root, err));
    TNN_TRY(check_byteorder(out, err));
    TNN_TRY(find(&pickle, out, "", "data.pkl", err));
    if (pickle == NULL) return tnn_fail(err, TNN_ERR_MALFORMED, zip->name, "archive has no entry \"data.pkl\"");
    TNN_TRY(tnn_zip_read(zip, pickle, zip->arena, &bytes, err));
    char *where = tnn_arena_printf(zip->arena, "%s: %s", zip->name, pickle->name);
    if (where == NULL) return tnn_fail_nomem(err);
    return tnn_pickle_load(&out->object, zip->arena, bytes, (size_t)pickle->size, where, options, err);
}

tnn_status tnn_saved_open(tnn_saved *out, tnn_zip *outer, const tnn_zip_entry *entry, tnn_arena *payload,
                          const tnn_zip_options *zip_options, const tnn_pickle_options *options, tnn_error *err) {
    const uint8_t *bytes = NULL;
    tnn_zip *zip = NULL;
    memset(out, 0, sizeof *out);
    TNN_TRY(tnn_zip_read(outer, entry, payload, &bytes, err));
    char *where = tnn_arena_printf(outer->arena, "%s: %s", outer->name, entry->name);
    if (where == NULL) return tnn_fail_nomem(err);
    TNN_TRY(tnn_zip_open(&zip, outer->arena, bytes, (size_t)entry->size, where, zip_options, err));
    zip->outer = outer;
    return tnn_saved_read(out, zip, options, err);
}

tnn_status tnn_saved_storage(const tnn_zip_entry **out, const tnn_saved *saved, const char *key, tnn_error *err) {
    TNN_TRY(find(out, saved, "data/", key, err));
    if (*out != NULL) return TNN_OK;
    return tnn_fail(err, TNN_ERR_MALFORMED, saved->zip->name, "archive has no storage \"data/%.60s\"", key);
}
