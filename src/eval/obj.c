#include <string.h>

#include "eval/state.h"

tnn_obj tnn_obj_none(void) {
    tnn_obj obj = {.kind = TNN_OBJ_NONE};
    return obj;
}

tnn_obj tnn_obj_int(tnn_size size) {
    tnn_obj obj = {.kind = TNN_OBJ_INT};
    obj.as.size = size;
    return obj;
}

tnn_obj tnn_obj_float(double number) {
    tnn_obj obj = {.kind = TNN_OBJ_FLOAT};
    obj.as.number = number;
    return obj;
}

tnn_obj tnn_obj_bool(bool boolean) {
    tnn_obj obj = {.kind = TNN_OBJ_BOOL};
    obj.as.boolean = boolean;
    return obj;
}

tnn_obj tnn_obj_string(const char *text) {
    tnn_obj obj = {.kind = TNN_OBJ_STRING};
    obj.as.text = text;
    return obj;
}

tnn_obj tnn_obj_dtype(tnn_dtype dtype) {
    tnn_obj obj = {.kind = TNN_OBJ_DTYPE};
    obj.as.dtype = dtype;
    return obj;
}

tnn_obj tnn_obj_memory_format(tnn_memory_format format) {
    tnn_obj obj = {.kind = TNN_OBJ_MEMORY_FORMAT};
    obj.as.memory_format = format;
    return obj;
}

tnn_status tnn_list_new(tnn_interp *interp, tnn_obj_kind kind, size_t room, tnn_obj *out, tnn_error *err) {
    tnn_obj_list *list = TNN_NEW(interp->arena, tnn_obj_list);
    if (!list) return tnn_fail_nomem(err);
    TNN_TRY(tnn_interp_step(interp, room, err));
    list->items = TNN_NEW_ARRAY(interp->arena, room ? room : 1, tnn_obj);
    list->cap = room ? room : 1;
    if (!list->items) return tnn_fail_nomem(err);
    out->kind = kind;
    out->as.list = list;
    return TNN_OK;
}

tnn_status tnn_list_push(tnn_interp *interp, tnn_obj_list *list, tnn_obj item, tnn_error *err) {
    TNN_TRY(tnn_interp_step(interp, 1, err));
    tnn_obj *grown = tnn_arena_grow(interp->arena, list->items, list->n, &list->cap, list->n + 1, sizeof(*grown));
    if (!grown) return tnn_fail_nomem(err);
    list->items = grown;
    grown[list->n++] = item;
    return TNN_OK;
}

tnn_status tnn_obj_list_new(tnn_interp *interp, tnn_obj_kind kind, const tnn_obj *items, size_t n,
                            tnn_obj *out, tnn_error *err) {
    TNN_TRY(tnn_list_new(interp, kind, n, out, err));
    if (n > 0) memcpy(out->as.list->items, items, n * sizeof(*items));
    out->as.list->n = n;
    return TNN_OK;
}

tnn_status tnn_name_new(tnn_interp *interp, tnn_name name, tnn_obj *out, tnn_error *err) {
    out->kind = TNN_OBJ_NAME;
    out->as.name = tnn_arena_copy(interp->arena, &name, 1, sizeof(name));
    return out->as.name ? TNN_OK : tnn_fail_nomem(err);
}

const tnn_name *tnn_obj_name(const tnn_obj *obj) {
    return obj->kind == TNN_OBJ_NAME ? (const tnn_name *)obj->as.name : NULL;
}

const char *tnn_obj_absent(const tnn_obj *obj) {
    const tnn_name *name = tnn_obj_name(obj);
    return name && name->kind == TNN_NAME_ABSENT ? name->text : NULL;
}

tnn_obj tnn_obj_unknown(void) {
    static const tnn_name unknown = {.kind = TNN_NAME_UNKNOWN, .text = "a result that is not known"};
    tnn_obj obj = {.kind = TNN_OBJ_NAME};
    obj.as.name = &unknown;
    return obj;
}

bool tnn_obj_is_unknown(const tnn_obj *obj) {
    const tnn_name *name = tnn_obj_name(obj);
    return name && name->kind == TNN_NAME_UNKNOWN;
}

const char *tnn_obj_kind_text(const tnn_obj *obj) {
    static const char *const texts[] = {"None", "Tensor", "int",   "float",         "bool",           "str",
                                        "list", "tuple",  "dtype", "memory format", "dict",
                                        "object", "function or name"};
    return texts[obj->kind];
}

tnn_status tnn_obj_to_int(tnn_interp *interp, const tnn_obj *obj, int64_t *out, tnn_error *err) {
    bool same;
    if (obj->kind == TNN_OBJ_BOOL) {
        *out = obj->as.boolean;
        return TNN_OK;
    }
    if (obj->kind != TNN_OBJ_INT)
        return tnn_fail(err, TNN_ERR_INVALID, interp->origin.name, "expected an int, found a %s",
                        tnn_obj_kind_text(obj));
    *out = obj->as.size.hint;
    return tnn_guard_equal(interp->graph->model, obj->as.size, tnn_size_const(*out), &same, err);
}
