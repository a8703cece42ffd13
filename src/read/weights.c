#include "read/weights.h"

#include <string.h>

#include "eval/strides.h"
#include "ir/recipe.h"
#include "read/state_dict.h"
#include "read/written.h"

struct tnn_weight_storage {
    const uint8_t *bytes; /* NULL: not read yet */
    tnn_obj base;         /* a tensor that shows all of it; NONE until a window is asked for */
    size_t n_windows;
};

void tnn_weights_init(tnn_weights *weights, tnn_interp *interp, tnn_graph *graph, const char *file,
                      tnn_arena *scratch) {
    weights->interp = interp;
    weights->graph = graph;
    weights->file = file;
    weights->state = NULL;
    tnn_strmap_init(&weights->storages, scratch);
    tnn_strmap_init(&weights->windows, scratch);
}

static char *storage_key(tnn_arena *arena, const tnn_window *window) {
    return tnn_arena_printf(arena, "%s|%s", window->zip->name, window->storage->name);
}

/* What tells two windows on one storage apart. */
static char *window_key(tnn_arena *arena, const char *storage, const tnn_window *window) {
    char *key = tnn_arena_printf(arena, "%s|%d|%lld", storage, (int)window->dtype, (long long)window->offset);
    for (unsigned i = 0; key != NULL && i < window->shape.rank; i++) {
        key = tnn_arena_printf(arena, "%s %lld/%lld", key, (long long)window->shape.dims[i].hint,
                               (long long)window->strides[i]);
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

/* Say which tensor it was. */
static tnn_status explain(const tnn_weights *weights, const char *path, tnn_status status, tnn_error *err) {
    if (status == TNN_OK || status == TNN_ERR_NOMEM || err == NULL) return status;
    tnn_error own = *err;
    return tnn_fail(err, status, weights->file, "\"%.100s\": %s", path, own.message);
}

static tnn_status make_recipe(const tnn_weights *weights, tnn_weight_storage *storage, const char *path,
                              const tnn_window *window, const tnn_recipe **out, tnn_error *err) {
    tnn_arena *arena = weights->graph->model->arena;
    const tnn_zip_entry *entry = window->storage;
    const tnn_file *file = entry->method == TNN_ZIP_STORED ? window->file : NULL;
    int64_t dims[TNN_MAX_RANK];
    for (unsigned i = 0; i < window->shape.rank; i++) dims[i] = window->shape.dims[i].hint;
    if (storage->bytes == NULL) TNN_TRY(tnn_zip_read(window->zip, entry, arena, &storage->bytes, err));
    tnn_status status = tnn_recipe_source(out, arena, file, storage->bytes, entry->size, window->dtype,
                                          window->shape.rank, dims, window->strides, window->offset, err);
    return explain(weights, path, status, err);
}

/* A constant of the graph. */
static tnn_status make_value(const tnn_weights *weights, const tnn_weight *weight, const tnn_recipe *recipe,
                             tnn_value **out, tnn_error *err) {
    TNN_TRY(tnn_graph_constant(out, weights->graph, weight->path, recipe, err));
    (*out)->is_parameter = strcmp(weight->role, "parameter") == 0;
    (*out)->is_buffer = strcmp(weight->role, "buffer") == 0;
    return TNN_OK;
}

/* A tensor with a storage of its own. */
static tnn_status make_tensor(const tnn_weights *weights, const tnn_weight *weight, const tnn_window *window,
                              const tnn_recipe *recipe, tnn_obj *out, tnn_error *err) {
    tnn_value *value = NULL;
    bool plain = tnn_strides_are_contiguous(&window->shape, window->strides);
    TNN_TRY(make_value(weights, weight, recipe, &value, err));
    return tnn_interp_tensor(weights->interp, value, plain ? NULL : window->strides, out, err);
}

static int64_t n_elems_of(const tnn_window *window) {
    return (int64_t)(window->storage->size / tnn_dtype_bytes(window->dtype));
}

/* Does it show every element of the storage once? */
static bool shows_all(const tnn_window *window) {
    int64_t n = 0;
    return window->offset == 0 && tnn_shape_count(&window->shape, &n) && n == n_elems_of(window) &&
           tnn_strides_are_dense(&window->shape, window->strides);
}

/* All elements as a vector. */
static tnn_status make_vector(const tnn_weights *weights, tnn_weight_storage *storage, const char *path,
                              const tnn_window *window, tnn_error *err) {
    tnn_window whole = *window;
    const tnn_recipe *recipe = NULL;
    tnn_weight weight = {.role = ""};
    whole.shape = (tnn_shape){.rank = 1, .dims = {tnn_size_const(n_elems_of(window))}};
    whole.strides[0] = 1;
    whole.offset = 0;
    weight.path = tnn_arena_printf(weights->storages.arena, "%s.storage", path);
    if (weight.path == NULL) return tnn_fail_nomem(err);
    TNN_TRY(make_recipe(weights, storage, path, &whole, &recipe, err));
    return make_tensor(weights, &weight, &whole, recipe, &storage->base, err);
}

static tnn_status number_list(const tnn_weights *weights, const tnn_size *numbers, unsigned n, tnn_obj *out,
                              tnn_error *err) {
    tnn_obj items[TNN_MAX_RANK];
    for (unsigned i = 0; i < n; i++) items[i] = tnn_obj_int(tnn_size_const(numbers[i].hint));
    return tnn_obj_list_new(weights->interp, TNN_OBJ_LIST, items, n, out, err);
}

/* A view of the storage's base. */
static tnn_status make_view(const tnn_weights *weights, const tnn_weight_storage *storage, const tnn_window *window,
                            tnn_obj *out, tnn_error *err) {
    tnn_obj args[4] = {storage->base};
    tnn_size strides[TNN_MAX_RANK];
    for (unsigned i = 0; i < window->shape.rank; i++) strides[i] = tnn_size_const(window->strides[i]);
    TNN_TRY(number_list(weights, window->shape.dims, window->shape.rank, &args[1], err));
    TNN_TRY(number_list(weights, strides, window->shape.rank, &args[2], err));
    args[3] = tnn_obj_int(tnn_size_const(window->offset));
    return tnn_interp_call(weights->interp, "as_strided", "default", args, 4, NULL, 0, out, err);
}

/* A view is made of what was written; before, the window's own constant says the same with fewer nodes. A window with
 * other elements than the base has, or that no chain of views reaches, stands alone. */
static tnn_status make_part(const tnn_weights *weights, tnn_weight_storage *storage, tnn_weight *weight,
                            const tnn_window *window, const tnn_recipe *recipe, tnn_error *err) {
    tnn_dtype dtype;
    tnn_shape shape;
    tnn_value *value = NULL;
    if (storage->base.kind == TNN_OBJ_NONE) TNN_TRY(make_vector(weights, storage, weight->path, window, err));
    tnn_interp_type(storage->base.as.tensor, &dtype, &shape);
    tnn_status status = TNN_ERR_UNSUPPORTED;
    if (dtype == window->dtype) status = make_view(weights, storage, window, &weight->obj, err);
    if (status != TNN_OK && status != TNN_ERR_UNSUPPORTED) return explain(weights, weight->path, status, err);
    weight->alone = status != TNN_OK;
    if (weight->alone) return make_tensor(weights, weight, window, recipe, &weight->obj, err);
    if (tnn_interp_was_written(storage->base.as.tensor)) return TNN_OK;
    TNN_TRY(make_value(weights, weight, recipe, &value, err));
    tnn_interp_shows(weight->obj.as.tensor, value);
    return TNN_OK;
}

static tnn_status make_weight(const tnn_weights *weights, tnn_weight_storage *storage, tnn_weight *weight,
                              const tnn_window *window, tnn_error *err) {
    const tnn_recipe *recipe = NULL;
    TNN_TRY(make_recipe(weights, storage, weight->path, window, &recipe, err));
    storage->n_windows++;
    weight->storage = storage;
    if (storage->base.kind != TNN_OBJ_NONE || !shows_all(window))
        return make_part(weights, storage, weight, window, recipe, err);
    TNN_TRY(make_tensor(weights, weight, window, recipe, &weight->obj, err));
    storage->base = weight->obj;
    return TNN_OK;
}

static tnn_status get_window(tnn_weights *weights, const tnn_window *window, const char *path, const char *role,
                             tnn_obj *out, tnn_error *err) {
    tnn_arena *scratch = weights->storages.arena;
    char *key = storage_key(scratch, window);
    tnn_weight_storage *storage = find_or_make(&weights->storages, key, sizeof *storage);
    if (storage == NULL) return tnn_fail_nomem(err);
    key = window_key(scratch, key, window);
    tnn_weight *weight = find_or_make(&weights->windows, key, sizeof *weight);
    if (weight == NULL) return tnn_fail_nomem(err);
    if (weight->storage == NULL) {
        weight->path = path;
        weight->role = role;
        TNN_TRY(make_weight(weights, storage, weight, window, err));
    }
    *out = weight->obj;
    return TNN_OK;
}

/* The tensor of that name in the state dict. A buffer need not be there, because a module may keep it out; the statistics
 * of a normalization must. */
static tnn_status replace(tnn_weights *weights, const tnn_window *window, const char *path, const char *role,
                          tnn_window *other, bool *found, tnn_error *err) {
    const char *dot = strrchr(path, '.'), *name = dot == NULL ? path : dot + 1;
    bool is_parameter = strcmp(role, "parameter") == 0, is_statistic = false;
    *found = false;
    if (!is_parameter && strcmp(role, "buffer") != 0) return TNN_OK;
    for (size_t i = 0; i < TNN_N_STATISTICS - 1; i++)
        is_statistic = is_statistic || strcmp(name, tnn_statistic_names[i]) == 0;
    bool optional = !is_parameter && !is_statistic;
    TNN_TRY(tnn_state_dict_get(weights->state, path, &window->shape, optional, other, found, err));
    if (*found || !optional || strcmp(name, "num_batches_tracked") == 0) return TNN_OK;
    return tnn_graph_model_warn(weights->graph->model, err, "%s: buffer %.150s is not there, and stays as the model has it",
                                weights->state->name, path);
}

/* Tensors that the state dict has; those that it lacks stay as they are until it is checked. */
static tnn_status get_replaced(tnn_weights *weights, const tnn_window *window, const char *path, const char *role,
                               tnn_obj *out, tnn_error *err) {
    tnn_window other = *window;
    bool found;
    TNN_TRY(replace(weights, window, path, role, &other, &found, err));
    TNN_TRY(get_window(weights, found ? &other : window, path, role, out, err));
    if (!found || other.dtype == window->dtype) return TNN_OK;
    tnn_obj args[] = {*out, tnn_obj_dtype(window->dtype)};
    return tnn_interp_call(weights->interp, "to", "dtype", args, 2, NULL, 0, out, err);
}

tnn_status tnn_weights_get(tnn_weights *weights, const tnn_window *window, const char *path, const char *role,
                           tnn_obj *out, tnn_error *err) {
    if (weights->state != NULL) return get_replaced(weights, window, path, role, out, err);
    return get_window(weights, window, path, role, out, err);
}

/* Was something written that a window standing alone, or those who share its storage, should have seen? */
static bool is_missed(const tnn_weight *weight) {
    if (!weight->alone || weight->storage->n_windows == 1) return false;
    return tnn_interp_was_written(weight->obj.as.tensor) || tnn_interp_was_written(weight->storage->base.as.tensor);
}

tnn_status tnn_weights_check(const tnn_weights *weights, tnn_error *err) {
    for (size_t i = 0; i < weights->windows.n_entries; i++) {
        const tnn_weight *weight = weights->windows.entries[i].value;
        if (!is_missed(weight)) continue;
        return tnn_fail(err, TNN_ERR_UNSUPPORTED, weights->file,
                        "%s \"%.100s\" is changed by the program and shares its storage with others in a way that is no "
                        "view of it", weight->role, weight->path);
    }
    return TNN_OK;
}
