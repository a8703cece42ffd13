/* Parameters, buffers and constants: windows on raw storages in the archive. Nothing is copied unless it was
 * compressed. */
#include <string.h>

#include "ir/recipe.h"
#include "read/pt2_load.h"

/* The config entry of a path: weights first; buffers that are not saved with the state stand among the constants. */
static tnn_status find_config(tnn_json *config, tnn_json *out, const char **folder, const tnn_pt2 *pt2,
                              const char *path, tnn_error *err) {
    const tnn_json *roots[2] = {&pt2->weights, &pt2->constants};
    static const char *const folders[2] = {"weights", "constants"};
    for (size_t i = 0; i < 2; i++) {
        if (roots[i]->value == NULL) continue;
        TNN_TRY(tnn_json_member(config, roots[i], "config", err));
        *out = tnn_json_optional(config, path);
        *folder = folders[i];
        if (out->value != NULL) return TNN_OK;
    }
    return tnn_fail(err, TNN_ERR_MALFORMED, pt2->file->path, "archive has no data for \"%.100s\"", path);
}

static tnn_status refuse_pickled(const tnn_json *entry, const char *path, tnn_error *err) {
    tnn_json flag = tnn_json_optional(entry, "use_pickle");
    bool pickled = false;
    if (flag.value != NULL) TNN_TRY(tnn_json_bool(&pickled, &flag, err));
    if (!pickled) return TNN_OK;
    return tnn_json_fail(entry, TNN_ERR_UNSUPPORTED, err,
                         "\"%.100s\" is a pickled object (a tensor subclass or a custom class), expected plain numbers",
                         path);
}

typedef struct window {
    const tnn_zip_entry *storage;
    tnn_pt2_meta meta;
} window;

static tnn_status read_window(tnn_pt2_load *load, const char *path, window *out, tnn_error *err) {
    const tnn_pt2 *pt2 = load->pt2;
    tnn_json config, entry, meta;
    const char *folder = NULL, *file_name = NULL;
    TNN_TRY(find_config(&config, &entry, &folder, pt2, path, err));
    TNN_TRY(refuse_pickled(&entry, path, err));
    TNN_TRY(tnn_json_member_text(&file_name, &entry, "path_name", err));
    TNN_TRY(tnn_json_member(&meta, &entry, "tensor_meta", err));
    TNN_TRY(tnn_pt2_meta_read(&out->meta, &load->symbols, &meta, err));
    TNN_TRY(tnn_pt2_entry(&out->storage, pt2, err, "data/%s/%s", folder, file_name));
    if (out->storage != NULL) return TNN_OK;
    return tnn_json_fail(&entry, TNN_ERR_MALFORMED, err, "archive has no entry \"data/%s/%.100s\"", folder, file_name);
}

static tnn_status make_recipe(tnn_pt2_load *load, const char *path, const window *w, const tnn_recipe **out,
                              tnn_error *err) {
    const tnn_pt2_meta *meta = &w->meta;
    const uint8_t *bytes = NULL;
    int64_t dims[TNN_MAX_RANK];
    for (unsigned i = 0; i < meta->shape.rank; i++) dims[i] = meta->shape.dims[i].hint;
    TNN_TRY(tnn_zip_read(load->pt2->zip, w->storage, load->model->arena, &bytes, err));
    const tnn_file *file = w->storage->method == TNN_ZIP_STORED ? load->pt2->file : NULL;
    tnn_status status = tnn_recipe_source(out, load->model->arena, file, bytes, w->storage->size, meta->dtype,
                                          meta->shape.rank, dims, meta->strides, meta->offset, err);
    if (status == TNN_OK || status == TNN_ERR_NOMEM || err == NULL) return status;
    return tnn_fail(err, status, load->file, "\"%.100s\": %s", path, err->message);
}

static tnn_status make_constant(tnn_pt2_load *load, const char *path, const char *role, const window *w,
                                tnn_obj *out, tnn_error *err) {
    const tnn_recipe *recipe = NULL;
    tnn_value *value = NULL;
    TNN_TRY(make_recipe(load, path, w, &recipe, err));
    TNN_TRY(tnn_graph_constant(&value, load->graph, path, recipe, err));
    value->is_parameter = strcmp(role, "parameter") == 0;
    value->is_buffer = strcmp(role, "buffer") == 0;
    bool plain = tnn_pt2_contiguous(&w->meta.shape, w->meta.strides);
    return tnn_interp_tensor(load->interp, value, plain ? NULL : w->meta.strides, out, err);
}

/* What tells two windows apart. */
static char *window_key(tnn_arena *arena, const window *w) {
    char *key = tnn_arena_printf(arena, "%s %d %lld", w->storage->name, (int)w->meta.dtype, (long long)w->meta.offset);
    for (unsigned i = 0; key != NULL && i < w->meta.shape.rank; i++) {
        key = tnn_arena_printf(arena, "%s %lld/%lld", key, (long long)w->meta.shape.dims[i].hint,
                               (long long)w->meta.strides[i]);
    }
    return key;
}

tnn_status tnn_pt2_constant_get(tnn_pt2_load *load, const char *path, const char *role, tnn_obj *out,
                                tnn_error *err) {
    window w;
    TNN_TRY(read_window(load, path, &w, err));
    char *key = window_key(load->scratch, &w);
    tnn_pt2_constant *constant = key == NULL ? NULL : tnn_strmap_get(&load->constants, key);
    if (constant == NULL) {
        constant = TNN_NEW(load->scratch, tnn_pt2_constant);
        if (key == NULL || constant == NULL) return tnn_fail_nomem(err);
        constant->path = path;
        constant->role = role;
        TNN_TRY(make_constant(load, path, role, &w, &constant->obj, err));
        if (tnn_strmap_set(&load->constants, key, constant) != TNN_OK) return tnn_fail_nomem(err);
    }
    *out = constant->obj;
    return TNN_OK;
}
