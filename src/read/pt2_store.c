#include "read/pt2_store.h"

#include <string.h>

/* Pickled stores: a torch.save archive with a dict from path to tensor. */

static tnn_status index_tensors(tnn_pt2_store *store, tnn_error *err) {
    const tnn_pickle *dict = store->saved.object;
    if (dict->kind != TNN_PICKLE_DICT) {
        return tnn_fail(err, TNN_ERR_UNSUPPORTED, store->saved.zip->name, "expected a dict of tensors");
    }
    for (size_t i = 0; i + 1 < dict->n_items; i += 2) {
        const tnn_pickle *key = dict->items[i];
        if (key->kind != TNN_PICKLE_STRING) {
            return tnn_fail(err, TNN_ERR_MALFORMED, store->saved.zip->name, "a key of the dict is no string");
        }
        if (tnn_strmap_set(&store->tensors, key->text, dict->items[i + 1]) != TNN_OK) return tnn_fail_nomem(err);
    }
    return TNN_OK;
}

tnn_status tnn_pt2_stores_open(tnn_pt2 *pt2, tnn_arena *payload, tnn_error *err) {
    for (int i = 0; i < TNN_PT2_STORES; i++) {
        tnn_pt2_store *store = &pt2->stores[i];
        if (store->entry == NULL) continue;
        tnn_strmap_init(&store->tensors, pt2->arena);
        TNN_TRY(tnn_saved_open(&store->saved, pt2->zip, store->entry, payload, &pt2->zip_options, &pt2->pickle_options,
                               err));
        TNN_TRY(index_tensors(store, err));
    }
    return TNN_OK;
}

/* All but the storage. */
static void set_pickled(tnn_pt2_tensor *out, const tnn_pt2_store *store, const tnn_saved_tensor *tensor) {
    memset(out, 0, sizeof *out);
    out->meta.dtype = tensor->dtype;
    out->meta.shape.rank = tensor->rank;
    for (unsigned i = 0; i < tensor->rank; i++) out->meta.shape.dims[i] = tnn_size_const(tensor->dims[i]);
    memcpy(out->meta.strides, tensor->strides, sizeof out->meta.strides);
    out->meta.offset = tensor->offset;
    out->zip = store->saved.zip;
    out->is_parameter = tensor->is_parameter;
    out->mapped = store->entry->method == TNN_ZIP_STORED;
}

static tnn_status read_pickled(tnn_pt2_tensor *out, tnn_saved_tensor *tensor, const tnn_pt2_store *store,
                               const char *path, const tnn_pickle *object, tnn_error *err) {
    const char *where = store->saved.zip->name;
    if (!tnn_saved_is_tensor(object)) {
        return tnn_fail(err, TNN_ERR_UNSUPPORTED, where,
                        "\"%.100s\" is a pickled object (a tensor subclass or a custom class), expected a plain tensor",
                        path);
    }
    TNN_TRY(tnn_saved_tensor_read(tensor, object, where, err));
    if (tensor->dtype == TNN_DTYPE_NONE) {
        return tnn_fail(err, TNN_ERR_UNSUPPORTED, where, "\"%.100s\" has element type %.40s, which is not supported", path,
                        tensor->type);
    }
    set_pickled(out, store, tensor);
    return TNN_OK;
}

/* Raw stores: a config says which file of the archive holds the storage. */

/* Pickled objects among raw storages: tensor subclasses and custom classes. */
static tnn_status is_pickled(const tnn_json *entry, bool *out, tnn_error *err) {
    tnn_json flag = tnn_json_optional(entry, "use_pickle");
    *out = false;
    return flag.value == NULL ? TNN_OK : tnn_json_bool(out, &flag, err);
}

static tnn_status find_storage(tnn_pt2_tensor *out, const tnn_pt2 *pt2, const tnn_pt2_store *store,
                               const tnn_json *entry, tnn_error *err) {
    const char *file_name = NULL;
    TNN_TRY(tnn_json_member_text(&file_name, entry, "path_name", err));
    TNN_TRY(tnn_pt2_entry(&out->storage, pt2, err, "data/%s/%s", store->kind, file_name));
    if (out->storage != NULL) return TNN_OK;
    return tnn_json_fail(entry, TNN_ERR_MALFORMED, err, "archive has no entry \"data/%s/%.100s\"", store->kind, file_name);
}

static tnn_status read_raw(tnn_pt2_tensor *out, const tnn_pt2 *pt2, const tnn_pt2_store *store, tnn_symbols *symbols,
                           const tnn_json *entry, const char *path, tnn_error *err) {
    tnn_json meta;
    bool pickled = false;
    memset(out, 0, sizeof *out);
    out->zip = pt2->zip;
    out->mapped = true;
    TNN_TRY(is_pickled(entry, &pickled, err));
    if (pickled) {
        return tnn_json_fail(entry, TNN_ERR_UNSUPPORTED, err,
                             "\"%.100s\" is a pickled object (a tensor subclass or a custom class), expected plain "
                             "numbers", path);
    }
    TNN_TRY(tnn_json_member(&meta, entry, "tensor_meta", err));
    TNN_TRY(tnn_pt2_meta_read(&out->meta, symbols, &meta, err));
    return find_storage(out, pt2, store, entry, err);
}

/* `found` says whether the store has the path. */
static tnn_status find_in(tnn_pt2_tensor *out, bool *found, const tnn_pt2 *pt2, const tnn_pt2_store *store,
                          tnn_symbols *symbols, const char *path, tnn_error *err) {
    tnn_json config, entry;
    *found = false;
    if (store->entry != NULL) {
        tnn_saved_tensor tensor;
        const tnn_pickle *object = tnn_strmap_get(&store->tensors, path);
        *found = object != NULL;
        if (object == NULL) return TNN_OK;
        TNN_TRY(read_pickled(out, &tensor, store, path, object, err));
        return tnn_saved_storage(&out->storage, &store->saved, tensor.storage, err);
    }
    if (store->config.value == NULL) return TNN_OK;
    TNN_TRY(tnn_json_member(&config, &store->config, "config", err));
    entry = tnn_json_optional(&config, path);
    *found = entry.value != NULL;
    return *found ? read_raw(out, pt2, store, symbols, &entry, path, err) : TNN_OK;
}

tnn_status tnn_pt2_store_find(tnn_pt2_tensor *out, const tnn_pt2 *pt2, tnn_symbols *symbols, const char *path,
                              tnn_error *err) {
    for (int i = 0; i < TNN_PT2_STORES; i++) {
        bool found = false;
        TNN_TRY(find_in(out, &found, pt2, &pt2->stores[i], symbols, path, err));
        if (found) return TNN_OK;
    }
    return tnn_fail(err, TNN_ERR_MALFORMED, pt2->file->path, "archive has no data for \"%.100s\"", path);
}

/* Walking all. */

static tnn_status visit_raw(tnn_symbols *symbols, const tnn_json *entry, const char *path, tnn_pt2_store_visit *visit,
                            void *data, tnn_error *err) {
    tnn_pt2_tensor tensor = {.mapped = true};
    tnn_json meta = tnn_json_optional(entry, "tensor_meta"), flag = tnn_json_optional(entry, "is_param");
    if (meta.value == NULL) return TNN_OK;
    TNN_TRY(tnn_pt2_meta_type(&tensor.meta, symbols, &meta, err));
    tensor.is_parameter = json_is_true(flag.value);
    return visit(data, path, &tensor, err);
}

static tnn_status walk_raw(const tnn_pt2_store *store, tnn_symbols *symbols, tnn_pt2_store_visit *visit, void *data,
                           tnn_error *err) {
    tnn_json config = tnn_json_optional(&store->config, "config");
    json_t *object = (json_t *)config.value;
    for (void *at = json_object_iter(object); at != NULL; at = json_object_iter_next(object, at)) {
        const char *path = json_object_iter_key(at);
        tnn_json entry;
        TNN_TRY(tnn_json_member(&entry, &config, path, err));
        TNN_TRY(visit_raw(symbols, &entry, path, visit, data, err));
    }
    return TNN_OK;
}

tnn_status tnn_pt2_store_walk(const tnn_pt2_store *store, tnn_symbols *symbols,
                              tnn_pt2_store_visit *visit, void *data, tnn_error *err) {
    if (store->entry == NULL) return walk_raw(store, symbols, visit, data, err);
    for (size_t i = 0; i < store->tensors.n_entries; i++) {
        const tnn_strmap_entry *entry = &store->tensors.entries[i];
        tnn_pt2_tensor tensor;
        tnn_saved_tensor window;
        if (!tnn_saved_is_tensor(entry->value)) continue;
        TNN_TRY(tnn_saved_tensor_read(&window, entry->value, store->saved.zip->name, err));
        set_pickled(&tensor, store, &window);
        TNN_TRY(visit(data, entry->key, &tensor, err));
    }
    return TNN_OK;
}
