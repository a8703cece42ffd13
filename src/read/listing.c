/* Walking a pickle for the tensors in it. The tree is lenient: it may hold cycles and shared parts, so the walk is bounded
 * in depth and in steps. */
#include "read/listing.h"

#include <string.h>

/* With names of at most 600 characters a walk takes some 100 MB at the worst. */
enum { MAX_DEPTH = 64, MAX_STEPS = 200000, MAX_TENSORS = 100000, MAX_KEYS = 6 };

typedef struct walker {
    tnn_listing *listing;
    const tnn_strmap *tensors;
    uint32_t depth;
    uint32_t steps;
    tnn_error *err;
} walker;

static tnn_status walk(walker *w, const char *path, const tnn_pickle *object);

static uint64_t count(const int64_t *dims, unsigned rank) {
    uint64_t n = 1;
    for (unsigned i = 0; i < rank; i++) {
        uint64_t dim = (uint64_t)dims[i];
        if (dim != 0 && n > UINT64_MAX / dim) return UINT64_MAX;
        n *= dim;
    }
    return n;
}

static uint64_t add(uint64_t a, uint64_t b) { return a > UINT64_MAX - b ? UINT64_MAX : a + b; }

static tnn_status list(walker *w, tnn_listed tensor) {
    tnn_listing *l = w->listing;
    l->cut = l->cut || l->n_tensors == MAX_TENSORS;
    if (l->n_tensors == MAX_TENSORS) return TNN_OK;
    tnn_listed *grown = tnn_arena_grow(l->arena, l->tensors, l->n_tensors, &l->cap_tensors, l->n_tensors + 1,
                                       sizeof *grown);
    if (grown == NULL) return tnn_fail_nomem(w->err);
    l->tensors = grown;
    l->tensors[l->n_tensors++] = tensor;
    l->n_elems = add(l->n_elems, tensor.n_elems);
    l->n_bytes = add(l->n_bytes, tensor.n_bytes);
    return TNN_OK;
}

/* A tensor that cannot be read is left out: the rest of the file still says what it is. */
static tnn_status list_tensor(walker *w, const char *path, const tnn_pickle *object) {
    tnn_saved_tensor tensor;
    if (tnn_saved_tensor_read(&tensor, object, NULL, NULL) != TNN_OK) return TNN_OK;
    tnn_listed listed = {.name = path, .type = tensor.type, .rank = tensor.rank};
    memcpy(listed.dims, tensor.dims, sizeof listed.dims);
    listed.n_elems = count(tensor.dims, tensor.rank);
    uint32_t bytes = tnn_dtype_bytes(tensor.dtype);
    listed.n_bytes = bytes != 0 && listed.n_elems > UINT64_MAX / bytes ? UINT64_MAX : listed.n_elems * bytes;
    return list(w, listed);
}

/* By its persistent id, as files before torch 0.2 know tensors. */
static const tnn_listed *find_known(const walker *w, const tnn_pickle *object) {
    bool named = w->tensors != NULL && object->kind == TNN_PICKLE_PERSISTENT && object->args->kind == TNN_PICKLE_STRING;
    return named ? tnn_strmap_get(w->tensors, object->args->text) : NULL;
}

static bool is_tensor(const walker *w, const tnn_pickle *object) {
    return tnn_saved_is_tensor(object) || find_known(w, object) != NULL;
}

/* "path.key", or "key" at the top. */
static tnn_status walk_member(walker *w, const char *path, const tnn_pickle *key, size_t index, const tnn_pickle *object) {
    tnn_arena *arena = w->listing->arena;
    bool text = key != NULL && key->kind == TNN_PICKLE_STRING;
    long long number = key != NULL && key->kind == TNN_PICKLE_INT ? (long long)key->integer : (long long)index;
    const char *dot = *path == '\0' ? "" : ".";
    char *name = text ? tnn_arena_printf(arena, "%.400s%s%.200s", path, dot, key->text)
                      : tnn_arena_printf(arena, "%.400s%s%lld", path, dot, number);
    return name == NULL ? tnn_fail_nomem(w->err) : walk(w, name, object);
}

static tnn_status walk_dict(walker *w, const char *path, const tnn_pickle *dict) {
    for (size_t i = 0; i + 1 < dict->n_items; i += 2) {
        TNN_TRY(walk_member(w, path, dict->items[i], i / 2, dict->items[i + 1]));
    }
    return TNN_OK;
}

static tnn_status walk_list(walker *w, const char *path, const tnn_pickle *items) {
    for (size_t i = 0; i < items->n_items; i++) TNN_TRY(walk_member(w, path, NULL, i, items->items[i]));
    return TNN_OK;
}

/* The attributes of an object: its state, or the first of a pair (dict, slots). */
static const tnn_pickle *attributes(const tnn_pickle *object) {
    const tnn_pickle *state = object->kind == TNN_PICKLE_REDUCE ? object->state : NULL;
    if (state != NULL && state->kind == TNN_PICKLE_TUPLE && state->n_items > 0) state = state->items[0];
    return state != NULL && state->kind == TNN_PICKLE_DICT ? state : NULL;
}

static bool is_module(const tnn_pickle *object) {
    const tnn_pickle *state = attributes(object);
    return state != NULL && tnn_pickle_get(state, "_parameters") != NULL && tnn_pickle_get(state, "_modules") != NULL;
}

/* What state_dict() would give, and the names as it would name them. */
static tnn_status walk_module(walker *w, const char *path, const tnn_pickle *module) {
    static const char *const parts[] = {"_parameters", "_buffers", "_modules"};
    const tnn_pickle *state = attributes(module);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        const tnn_pickle *part = tnn_pickle_get(state, parts[i]);
        if (part != NULL && part->kind == TNN_PICKLE_DICT) TNN_TRY(walk_dict(w, path, part));
    }
    return TNN_OK;
}

/* An object of a class that is not known: what it was made from, and its attributes. */
static tnn_status walk_object(walker *w, const char *path, const tnn_pickle *object) {
    const tnn_pickle *state = attributes(object), *args = object->args;
    bool holds = args != NULL && args->kind == TNN_PICKLE_TUPLE && args->n_items > 0 && is_tensor(w, args->items[0]);
    if (holds) TNN_TRY(walk(w, path, args->items[0]));
    if (state != NULL) TNN_TRY(walk_dict(w, path, state));
    return walk_dict(w, path, object);
}

static tnn_status walk_inside(walker *w, const char *path, const tnn_pickle *object) {
    const tnn_listed *known = find_known(w, object);
    if (known != NULL) {
        tnn_listed listed = *known;
        listed.name = path;
        return list(w, listed);
    }
    if (tnn_saved_is_tensor(object)) return list_tensor(w, path, object);
    if (object->kind == TNN_PICKLE_DICT) return walk_dict(w, path, object);
    if (object->kind == TNN_PICKLE_LIST || object->kind == TNN_PICKLE_TUPLE) return walk_list(w, path, object);
    if (object->kind != TNN_PICKLE_REDUCE) return TNN_OK;
    return is_module(object) ? walk_module(w, path, object) : walk_object(w, path, object);
}

static tnn_status walk(walker *w, const char *path, const tnn_pickle *object) {
    if (w->depth == MAX_DEPTH || w->steps == MAX_STEPS) {
        w->listing->cut = true;
        return TNN_OK;
    }
    w->depth++;
    w->steps++;
    tnn_status status = walk_inside(w, path, object);
    w->depth--;
    return status;
}

/* What the object is. */

/* "epoch, model, optimizer, …" */
static tnn_status list_keys(tnn_listing *out, const tnn_pickle *dict, tnn_error *err) {
    out->keys = "";
    for (size_t i = 0; i + 1 < dict->n_items && i / 2 <= MAX_KEYS; i += 2) {
        const tnn_pickle *key = dict->items[i];
        const char *text = key->kind == TNN_PICKLE_STRING ? key->text : "(no string)";
        const char *shown = i / 2 < MAX_KEYS ? text : "...";
        out->keys = tnn_arena_printf(out->arena, "%s%s%.60s", out->keys, i == 0 ? "" : ", ", shown);
        if (out->keys == NULL) return tnn_fail_nomem(err);
    }
    return TNN_OK;
}

static bool all_tensors(const walker *w, const tnn_pickle *dict) {
    for (size_t i = 0; i + 1 < dict->n_items; i += 2) {
        if (!is_tensor(w, dict->items[i + 1])) return false;
    }
    return dict->n_items > 0;
}

/* Of a call that made an object; ('module', class, source file, source) where old files say more of it. */
static const char *class_of(const tnn_pickle *object) {
    const tnn_pickle *callable = object->kind == TNN_PICKLE_REDUCE ? object->callable : object;
    const tnn_pickle *id = callable->kind == TNN_PICKLE_PERSISTENT ? callable->args : NULL;
    if (id != NULL && id->kind == TNN_PICKLE_TUPLE && id->n_items >= 2) callable = id->items[1];
    return callable->kind == TNN_PICKLE_GLOBAL ? callable->text : NULL;
}

static tnn_status classify(const walker *w, const tnn_pickle *object) {
    tnn_listing *out = w->listing;
    out->kind = TNN_LISTING_OBJECT;
    if (is_tensor(w, object)) {
        out->kind = TNN_LISTING_TENSOR;
    } else if (object->kind == TNN_PICKLE_DICT) {
        out->kind = all_tensors(w, object) ? TNN_LISTING_STATE_DICT : TNN_LISTING_DICT;
        return list_keys(out, object, w->err);
    } else {
        if (is_module(object)) out->kind = TNN_LISTING_MODULE;
        out->class_name = class_of(object);
    }
    return TNN_OK;
}

tnn_status tnn_listing_make(tnn_listing *out, tnn_arena *arena, const char *form, const tnn_pickle *object,
                            const tnn_strmap *tensors, tnn_error *err) {
    memset(out, 0, sizeof *out);
    out->arena = arena;
    out->form = form;
    walker w = {.listing = out, .tensors = tensors, .err = err};
    TNN_TRY(classify(&w, object));
    return walk(&w, "", object);
}
