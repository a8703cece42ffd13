#include "read/state_dict.h"

#include <string.h>

#include "base/nearest.h"

static tnn_status refuse(const tnn_state_dict *state, tnn_error *err) {
    return tnn_fail(err, TNN_ERR_UNSUPPORTED, state->name,
                    "this is no state dict: write it by torch.save(model.state_dict(), path)");
}

static tnn_status add_entry(tnn_state_dict *state, const char *name, const tnn_pickle *object, tnn_error *err) {
    tnn_state_entry *entry = TNN_NEW(state->arena, tnn_state_entry);
    if (entry == NULL || tnn_strmap_set(&state->entries, name, entry) != TNN_OK) return tnn_fail_nomem(err);
    return tnn_saved_tensor_read(&entry->tensor, object, state->name, err);
}

/* A dict of a checkpoint holds the state dict under one of these names. */
static const tnn_pickle *unwrap(const tnn_pickle *object) {
    static const char *const names[] = {"state_dict", "model_state_dict", "model"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const tnn_pickle *inner = tnn_pickle_get(object, names[i]);
        if (inner != NULL && inner->kind == TNN_PICKLE_DICT) return inner;
    }
    return object;
}

/* Other things than tensors, which a module's extra state may be, are left alone. */
static tnn_status read_entries(tnn_state_dict *state, tnn_error *err) {
    const tnn_pickle *dict = unwrap(state->saved.object);
    if (dict->kind != TNN_PICKLE_DICT) return refuse(state, err);
    for (size_t i = 0; i + 1 < dict->n_items; i += 2) {
        const tnn_pickle *key = dict->items[i], *value = dict->items[i + 1];
        bool fits = key->kind == TNN_PICKLE_STRING && tnn_saved_is_tensor(value);
        if (fits) TNN_TRY(add_entry(state, key->text, value, err));
    }
    return state->entries.n_entries == 0 && dict->n_items > 0 ? refuse(state, err) : TNN_OK;
}

static const char *last_part(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash == NULL ? path : slash + 1;
}

tnn_status tnn_state_dict_open(tnn_state_dict *out, const char *path, const tnn_load_options *options, tnn_error *err) {
    tnn_zip_options zip_options = {options->max_entries, options->max_inflated, options->ignore_crc};
    tnn_pickle_options pickles = tnn_pickle_options_default();
    tnn_zip *zip = NULL;
    memset(out, 0, sizeof *out);
    pickles.max_depth = options->max_depth;
    pickles.lenient = true;
    out->arena = tnn_arena_new();
    if (out->arena == NULL) return tnn_fail_nomem(err);
    tnn_strmap_init(&out->entries, out->arena);
    TNN_TRY(tnn_file_open(&out->file, path, err));
    out->name = last_part(out->file->path);
    if (!tnn_zip_is(out->file->data, out->file->size)) return refuse(out, err);
    TNN_TRY(tnn_zip_open(&zip, out->arena, out->file->data, out->file->size, out->name, &zip_options, err));
    TNN_TRY(tnn_saved_read(&out->saved, zip, &pickles, err));
    return read_entries(out, err);
}

tnn_status tnn_state_dict_give(tnn_state_dict *state, tnn_weights *weights, const tnn_load_options *options,
                               tnn_error *err) {
    memset(state, 0, sizeof *state);
    if (options->weights == NULL) return TNN_OK;
    TNN_TRY(tnn_state_dict_open(state, options->weights, options, err));
    weights->state = state;
    return tnn_graph_model_keep_file(weights->graph->model, state->file, err);
}

void tnn_state_dict_close(tnn_state_dict *state) {
    tnn_arena_free(state->arena);
    tnn_file_free(state->file);
    memset(state, 0, sizeof *state);
}

static tnn_status note(tnn_state_dict *state, const char *name, const char *text, tnn_error *err) {
    tnn_state_fault *grown = tnn_arena_grow(state->arena, state->faults, state->n_faults, &state->cap_faults,
                                            state->n_faults + 1, sizeof *grown);
    const char *kept = tnn_arena_str(state->arena, name);
    if (grown == NULL || kept == NULL) return tnn_fail_nomem(err);
    state->faults = grown;
    grown[state->n_faults++] = (tnn_state_fault){kept, text};
    return TNN_OK;
}

static bool same_shape(const tnn_saved_tensor *tensor, const tnn_shape *shape) {
    bool same = tensor->rank == shape->rank;
    for (unsigned i = 0; same && i < shape->rank; i++) same = tensor->dims[i] == shape->dims[i].hint;
    return same;
}

static void add_shape(tnn_strbuf *out, const tnn_saved_tensor *tensor, const tnn_shape *shape) {
    tnn_strbuf_add(out, "has shape [");
    for (unsigned i = 0; i < tensor->rank; i++)
        tnn_strbuf_printf(out, "%s%lld", i == 0 ? "" : ", ", (long long)tensor->dims[i]);
    tnn_strbuf_add(out, "], expected [");
    for (unsigned i = 0; i < shape->rank; i++)
        tnn_strbuf_printf(out, "%s%lld", i == 0 ? "" : ", ", (long long)shape->dims[i].hint);
    tnn_strbuf_add(out, "]");
}

static tnn_status note_shape(tnn_state_dict *state, const char *name, const tnn_saved_tensor *tensor,
                             const tnn_shape *shape, tnn_error *err) {
    tnn_strbuf text = {0};
    add_shape(&text, tensor, shape);
    const char *kept = text.data == NULL ? NULL : tnn_arena_str(state->arena, text.data);
    tnn_strbuf_free(&text);
    return kept == NULL ? tnn_fail_nomem(err) : note(state, name, kept, err);
}

static tnn_status set_window(const tnn_state_dict *state, const tnn_saved_tensor *tensor, tnn_window *window,
                             tnn_error *err) {
    *window = (tnn_window){.zip = state->saved.zip, .file = state->file, .dtype = tensor->dtype,
                           .offset = tensor->offset};
    window->shape.rank = tensor->rank;
    for (unsigned i = 0; i < tensor->rank; i++) {
        window->shape.dims[i] = tnn_size_const(tensor->dims[i]);
        window->strides[i] = tensor->strides[i];
    }
    return tnn_saved_storage(&window->storage, &state->saved, tensor->storage, err);
}

tnn_status tnn_state_dict_get(tnn_state_dict *state, const char *name, const tnn_shape *shape, bool optional,
                              tnn_window *window, bool *found, tnn_error *err) {
    tnn_state_entry *entry = tnn_strmap_get(&state->entries, name);
    *found = false;
    if (entry == NULL) return optional ? TNN_OK : note(state, name, NULL, err);
    entry->wanted = true;
    if (!same_shape(&entry->tensor, shape)) return note_shape(state, name, &entry->tensor, shape, err);
    if (entry->tensor.dtype == TNN_DTYPE_NONE)
        return tnn_fail(err, TNN_ERR_UNSUPPORTED, state->name, "\"%.100s\" is of type %s", name, entry->tensor.type);
    *found = true;
    return set_window(state, &entry->tensor, window, err);
}

void tnn_state_dict_know(tnn_state_dict *state, const char *name) {
    tnn_state_entry *entry = state->file == NULL ? NULL : tnn_strmap_get(&state->entries, name);
    if (entry != NULL) entry->wanted = true;
}

/* Telling the differences. */

/* Names in the file that nobody wanted, in its order: `*n` of them. NULL: out of memory. */
static const char **list_unwanted(const tnn_state_dict *state, size_t *n) {
    const char **names = TNN_NEW_ARRAY(state->arena, state->entries.n_entries + 1, const char *);
    *n = 0;
    for (size_t i = 0; names != NULL && i < state->entries.n_entries; i++) {
        const tnn_state_entry *entry = state->entries.entries[i].value;
        if (!entry->wanted) names[(*n)++] = state->entries.entries[i].key;
    }
    return names;
}

/* "missing", with what may be meant. */
static tnn_status fault_text(const tnn_state_dict *state, const tnn_state_fault *fault, const char *const *unwanted,
                             size_t n_unwanted, const char **out, tnn_error *err) {
    enum { ENOUGH = 100000 }; /* comparisons in all; beyond it nothing is looked for */
    bool few = state->n_faults < ENOUGH / (n_unwanted + 1);
    const char *near = few && fault->text == NULL ? tnn_nearest(fault->name, unwanted, n_unwanted) : NULL;
    *out = fault->text;
    if (fault->text == NULL) *out = "is missing";
    if (near != NULL) *out = tnn_arena_printf(state->arena, "is missing; there is %.200s", near);
    return *out == NULL ? tnn_fail_nomem(err) : TNN_OK;
}

static tnn_status collect(const tnn_state_dict *state, const char *const *unwanted, size_t n_unwanted,
                          tnn_lack_set *set, tnn_error *err) {
    const tnn_source nowhere = {.file = NULL};
    for (size_t i = 0; i < state->n_faults; i++) {
        const char *text = NULL;
        TNN_TRY(fault_text(state, &state->faults[i], unwanted, n_unwanted, &text, err));
        TNN_TRY(tnn_lack_set_add(set, state->faults[i].name, text, NULL, nowhere, err));
    }
    for (size_t i = 0; i < n_unwanted; i++)
        TNN_TRY(tnn_lack_set_add(set, unwanted[i], "is not in the model", NULL, nowhere, err));
    return TNN_OK;
}

/* The first few in one line. */
static tnn_status fail_all(const tnn_state_dict *state, const tnn_lack_set *set, tnn_error *err) {
    enum { ENOUGH = 600 };
    size_t n = set->by_text.n_entries, shown = 0;
    tnn_strbuf text = {0};
    for (; shown < n && text.length < ENOUGH; shown++) {
        const tnn_lack *lack = set->by_text.entries[shown].value;
        tnn_strbuf_printf(&text, "%s %.150s %s", shown == 0 ? "" : ",", lack->op, lack->reason);
    }
    if (shown < n) tnn_strbuf_printf(&text, ", and %zu more", n - shown);
    tnn_status status = tnn_fail(err, TNN_ERR_INVALID, state->name, "the weights do not fit the model:%s",
                                 text.data == NULL ? "" : text.data);
    tnn_strbuf_free(&text);
    return status;
}

static tnn_status warn_unwanted(const tnn_state_dict *state, tnn_model *model, const char *const *names, size_t n,
                                tnn_error *err) {
    for (size_t i = 0; i < n; i++)
        TNN_TRY(tnn_graph_model_warn(model, err, "%s: %.150s is not in the model, and is left out", state->name,
                                     names[i]));
    return TNN_OK;
}

tnn_status tnn_state_dict_check(const tnn_state_dict *state, tnn_model *model, tnn_lacks *lacks, tnn_error *err) {
    size_t n_unwanted = 0;
    const char **unwanted = state->file == NULL ? NULL : list_unwanted(state, &n_unwanted);
    tnn_lack_set set;
    if (state->file == NULL) return TNN_OK;
    if (unwanted == NULL) return tnn_fail_nomem(err);
    bool fits_another = n_unwanted > 0 && n_unwanted == state->entries.n_entries;
    if (state->n_faults == 0 && !fits_another) return warn_unwanted(state, model, unwanted, n_unwanted, err);
    tnn_lack_set_init(&set, state->arena);
    TNN_TRY(collect(state, unwanted, n_unwanted, &set, err));
    TNN_TRY(tnn_lack_set_report(&set, state->name, lacks, NULL) == TNN_ERR_NOMEM ? tnn_fail_nomem(err) : TNN_OK);
    return fail_all(state, &set, err);
}
