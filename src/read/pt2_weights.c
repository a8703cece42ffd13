/* Parameters, buffers and constants: windows on storages in the archive. Nothing is copied unless it was compressed.
 *
 * Two names for one window are one constant. Where several windows lie on one storage, as tied weights with offsets do,
 * each is a constant of its own until the program writes to one: then all are views of the storage as a whole. */
#include <string.h>

#include "ir/recipe.h"
#include "read/pt2_load.h"
#include "read/pt2_store.h"
#include "read/written.h"

/* A storage with one type of element. */
typedef struct storage {
    const uint8_t *bytes; /* NULL: not read yet */
    size_t n_windows;
    tnn_obj whole; /* a tensor with one dimension over all elements; NONE until it is needed */
} storage;

typedef struct window {
    tnn_pt2_tensor tensor;
    storage *storage;
    tnn_pt2_constant *constant; /* shared by all paths to this window */
} window;

static char *storage_key(tnn_arena *arena, const tnn_pt2_tensor *tensor) {
    return tnn_arena_printf(arena, "%s|%s|%d", tensor->zip->name, tensor->storage->name, (int)tensor->meta.dtype);
}

/* What tells two windows on one storage apart. */
static char *window_key(tnn_arena *arena, const char *storage_key_text, const tnn_pt2_meta *meta) {
    char *key = tnn_arena_printf(arena, "%s|%lld", storage_key_text, (long long)meta->offset);
    for (unsigned i = 0; key != NULL && i < meta->shape.rank; i++) {
        key = tnn_arena_printf(arena, "%s %lld/%lld", key, (long long)meta->shape.dims[i].hint,
                               (long long)meta->strides[i]);
    }
    return key;
}

/* The entry of `key`, made of `n_bytes` zeros when it is new. NULL: out of memory. */
static void *find_or_make(tnn_strmap *map, const char *key, size_t n_bytes) {
    void *found = key == NULL ? NULL : tnn_strmap_get(map, key);
    if (found != NULL || key == NULL) return found;
    found = tnn_arena_alloc(map->arena, 1, n_bytes);
    return found != NULL && tnn_strmap_set(map, key, found) == TNN_OK ? found : NULL;
}

/* The window of a path, entered in the tables when it is new. */
static tnn_status window_get(tnn_pt2_load *load, const char *path, window **out, tnn_error *err) {
    window w = {.storage = NULL};
    *out = tnn_strmap_get(&load->windows, path);
    if (*out != NULL) return TNN_OK;
    TNN_TRY(tnn_pt2_store_find(&w.tensor, load->pt2, &load->symbols, path, err));
    char *key = storage_key(load->scratch, &w.tensor);
    w.storage = find_or_make(&load->storages, key, sizeof *w.storage);
    if (w.storage == NULL) return tnn_fail_nomem(err);
    key = window_key(load->scratch, key, &w.tensor.meta);
    size_t before = load->constants.n_entries;
    w.constant = find_or_make(&load->constants, key, sizeof *w.constant);
    *out = find_or_make(&load->windows, path, sizeof **out);
    if (w.constant == NULL || *out == NULL) return tnn_fail_nomem(err);
    w.storage->n_windows += load->constants.n_entries - before;
    **out = w;
    return TNN_OK;
}

tnn_status tnn_pt2_constant_note(tnn_pt2_load *load, const char *path, tnn_error *err) {
    window *w = NULL;
    tnn_status status = window_get(load, path, &w, NULL);
    return status == TNN_ERR_NOMEM ? tnn_fail_nomem(err) : TNN_OK;
}

/* Say which tensor it was. */
static tnn_status explain(const tnn_pt2_load *load, const char *path, tnn_status status, tnn_error *err) {
    if (status == TNN_OK || status == TNN_ERR_NOMEM || err == NULL) return status;
    tnn_error own = *err;
    return tnn_fail(err, status, load->file, "\"%.100s\": %s", path, own.message);
}

/* Numbers of the storage as a recipe; `dims` and `strides` in elements. */
static tnn_status make_recipe(tnn_pt2_load *load, const char *path, window *w, unsigned rank, const int64_t *dims,
                              const int64_t *strides, int64_t offset, const tnn_recipe **out, tnn_error *err) {
    const tnn_pt2_tensor *tensor = &w->tensor;
    const tnn_zip_entry *entry = tensor->storage;
    const uint8_t **bytes = &w->storage->bytes;
    if (*bytes == NULL) TNN_TRY(tnn_zip_read(tensor->zip, entry, load->model->arena, bytes, err));
    const tnn_file *file = tensor->mapped && entry->method == TNN_ZIP_STORED ? load->pt2->file : NULL;
    tnn_status status = tnn_recipe_source(out, load->model->arena, file, *bytes, entry->size, tensor->meta.dtype,
                                          (uint8_t)rank, dims, strides, offset, err);
    return explain(load, path, status, err);
}

static tnn_status make_value(tnn_pt2_load *load, const char *path, window *w, tnn_value **out, tnn_error *err) {
    const tnn_recipe *recipe = NULL;
    const tnn_pt2_meta *meta = &w->tensor.meta;
    int64_t dims[TNN_MAX_RANK];
    for (unsigned i = 0; i < meta->shape.rank; i++) dims[i] = meta->shape.dims[i].hint;
    TNN_TRY(make_recipe(load, path, w, meta->shape.rank, dims, meta->strides, meta->offset, &recipe, err));
    TNN_TRY(tnn_graph_constant(out, load->graph, path, recipe, err));
    (*out)->is_parameter = strcmp(w->constant->role, "parameter") == 0;
    (*out)->is_buffer = strcmp(w->constant->role, "buffer") == 0;
    return TNN_OK;
}

/* All elements of the storage. */
static tnn_status make_whole(tnn_pt2_load *load, const char *path, window *w, tnn_error *err) {
    const tnn_recipe *recipe = NULL;
    tnn_value *value = NULL;
    int64_t n_elems = (int64_t)(w->tensor.storage->size / tnn_dtype_bytes(w->tensor.meta.dtype)), stride = 1;
    TNN_TRY(make_recipe(load, path, w, 1, &n_elems, &stride, 0, &recipe, err));
    char *name = tnn_arena_printf(load->scratch, "%s.storage", path);
    if (name == NULL) return tnn_fail_nomem(err);
    TNN_TRY(tnn_graph_constant(&value, load->graph, name, recipe, err));
    return tnn_interp_tensor(load->interp, value, NULL, &w->storage->whole, err);
}

static tnn_status number_list(tnn_pt2_load *load, const int64_t *numbers, unsigned n, tnn_obj *out, tnn_error *err) {
    tnn_obj items[TNN_MAX_RANK];
    for (unsigned i = 0; i < n; i++) items[i] = tnn_obj_int(tnn_size_const(numbers[i]));
    return tnn_obj_list_new(load->interp, TNN_OBJ_LIST, items, n, out, err);
}

/* A view of the whole storage. */
static tnn_status make_view(tnn_pt2_load *load, const char *path, window *w, tnn_obj *out, tnn_error *err) {
    const tnn_pt2_meta *meta = &w->tensor.meta;
    tnn_obj args[4];
    int64_t dims[TNN_MAX_RANK];
    for (unsigned i = 0; i < meta->shape.rank; i++) dims[i] = meta->shape.dims[i].hint;
    if (w->storage->whole.kind == TNN_OBJ_NONE) TNN_TRY(make_whole(load, path, w, err));
    args[0] = w->storage->whole;
    TNN_TRY(number_list(load, dims, meta->shape.rank, &args[1], err));
    TNN_TRY(number_list(load, meta->strides, meta->shape.rank, &args[2], err));
    args[3] = tnn_obj_int(tnn_size_const(meta->offset));
    tnn_status status = tnn_interp_call(load->interp, "as_strided", "default", args, 4, NULL, 0, out, err);
    return explain(load, path, status, err);
}

/* A window that no chain of views reaches stands alone; tnn_pt2_constants_check refuses writes that it would miss. */
static tnn_status make_constant(tnn_pt2_load *load, const char *path, window *w, tnn_error *err) {
    tnn_value *value = NULL;
    tnn_pt2_constant *constant = w->constant;
    const tnn_pt2_meta *meta = &w->tensor.meta;
    if (w->storage->n_windows > 1) {
        tnn_status status = make_view(load, path, w, &constant->obj, err);
        if (status != TNN_OK && status != TNN_ERR_UNSUPPORTED) return status;
        constant->alone = status != TNN_OK;
        constant->storage = w->storage->whole.as.tensor;
        if (!constant->alone && tnn_interp_was_written(w->storage->whole.as.tensor)) return TNN_OK;
    }
    TNN_TRY(make_value(load, path, w, &value, err));
    bool plain = tnn_pt2_contiguous(&meta->shape, meta->strides), alone = w->storage->n_windows == 1 || constant->alone;
    if (alone) return tnn_interp_tensor(load->interp, value, plain ? NULL : meta->strides, &constant->obj, err);
    tnn_interp_shows(constant->obj.as.tensor, value);
    return TNN_OK;
}

tnn_status tnn_pt2_constant_get(tnn_pt2_load *load, const char *path, const char *role, tnn_obj *out,
                                tnn_error *err) {
    window *w = NULL;
    TNN_TRY(window_get(load, path, &w, err));
    if (w->constant->path == NULL) {
        w->constant->role = role;
        TNN_TRY(make_constant(load, path, w, err));
        w->constant->path = path;
    }
    *out = w->constant->obj;
    return TNN_OK;
}

/* Was something written that a window standing alone, or those who share its storage, should have seen? */
static bool is_missed(const tnn_pt2_constant *constant) {
    if (constant->path == NULL || !constant->alone) return false;
    return tnn_interp_was_written(constant->obj.as.tensor) || tnn_interp_was_written(constant->storage);
}

static bool was_written(const tnn_pt2_constant *constant) {
    return constant->path != NULL && tnn_interp_was_written(constant->obj.as.tensor);
}

tnn_status tnn_pt2_constants_check(tnn_pt2_load *load, tnn_error *err) {
    for (size_t i = 0; i < load->constants.n_entries; i++) {
        const tnn_pt2_constant *constant = load->constants.entries[i].value;
        if (is_missed(constant)) {
            return tnn_fail(err, TNN_ERR_UNSUPPORTED, load->file,
                            "%s \"%.100s\" is changed by the program and shares its storage with others in a way that "
                            "is no view of it", constant->role, constant->path);
        }
        if (!was_written(constant)) continue;
        tnn_written_tensor written = {constant->role, constant->path, constant->obj};
        TNN_TRY(tnn_written_settle(load->interp, load->graph, &written, load->options->written_buffers, load->file,
                                   err));
    }
    return TNN_OK;
}
