/* Tensors of the archive: windows on its storages. Nothing is copied unless it was compressed. */
#include "ir/recipe.h"
#include "read/saved.h"
#include "read/torchscript_tensor.h"

/* What tells two windows apart. */
static char *window_key(const tnn_ts_load *load, const char *folder, const tnn_saved_tensor *tensor) {
    char *key = tnn_arena_printf(load->scratch, "%s/%s %d %lld", folder, tensor->storage, (int)tensor->dtype,
                                 (long long)tensor->offset);
    for (unsigned i = 0; key != NULL && i < tensor->rank; i++) {
        key = tnn_arena_printf(load->scratch, "%s %lld/%lld", key, (long long)tensor->dims[i],
                               (long long)tensor->strides[i]);
    }
    return key;
}

static tnn_status make_recipe(tnn_ts_load *load, const char *folder, const char *path,
                              const tnn_saved_tensor *tensor, const tnn_recipe **out, tnn_error *err) {
    const tnn_zip_entry *entry = NULL;
    const uint8_t *bytes = NULL;
    TNN_TRY(tnn_torchscript_entry(&entry, load->archive, err, "%s/%s", folder, tensor->storage));
    if (entry == NULL) {
        return tnn_fail(err, TNN_ERR_MALFORMED, load->file, "archive has no storage \"%s/%.60s\" for \"%.100s\"",
                        folder, tensor->storage, path);
    }
    TNN_TRY(tnn_zip_read(load->archive->zip, entry, load->model->arena, &bytes, err));
    const tnn_file *file = entry->method == TNN_ZIP_STORED ? load->archive->file : NULL;
    tnn_status status = tnn_recipe_source(out, load->model->arena, file, bytes, entry->size, tensor->dtype,
                                          tensor->rank, tensor->dims, tensor->strides, tensor->offset, err);
    if (status == TNN_OK || status == TNN_ERR_NOMEM || err == NULL) return status;
    return tnn_fail(err, status, load->file, "\"%.100s\": %s", path, err->message);
}

static tnn_status make_tensor(tnn_ts_load *load, const char *folder, const char *path,
                              const tnn_saved_tensor *tensor, tnn_ts_role role, tnn_obj *out, tnn_error *err) {
    const tnn_recipe *recipe = NULL;
    tnn_value *value = NULL;
    TNN_TRY(make_recipe(load, folder, path, tensor, &recipe, err));
    TNN_TRY(tnn_graph_constant(&value, load->graph, path, recipe, err));
    value->is_parameter = role == TNN_TS_PARAMETER;
    value->is_buffer = role == TNN_TS_BUFFER;
    return tnn_interp_tensor(load->interp, value, tensor->strides, out, err);
}

tnn_status tnn_ts_tensor_get(tnn_ts_load *load, const tnn_pickle *object, const char *folder, const char *path,
                             tnn_ts_role role, tnn_obj *out, tnn_error *err) {
    tnn_saved_tensor tensor;
    TNN_TRY(tnn_saved_tensor_read(&tensor, object, load->file, err));
    if (tensor.dtype == TNN_DTYPE_NONE) {
        const char *text = tnn_arena_printf(load->model->arena, "a tensor of type %s", tensor.type);
        if (text == NULL) return tnn_fail_nomem(err);
        return tnn_name_new(load->interp, (tnn_name){.kind = TNN_NAME_ABSENT, .text = text}, out, err);
    }
    char *key = window_key(load, folder, &tensor);
    tnn_ts_tensor *known = key == NULL ? NULL : tnn_strmap_get(&load->tensors, key);
    if (known == NULL) {
        known = TNN_NEW(load->scratch, tnn_ts_tensor);
        if (key == NULL || known == NULL) return tnn_fail_nomem(err);
        known->path = path;
        TNN_TRY(make_tensor(load, folder, path, &tensor, role, &known->obj, err));
        if (tnn_strmap_set(&load->tensors, key, known) != TNN_OK) return tnn_fail_nomem(err);
    }
    *out = known->obj;
    return TNN_OK;
}
