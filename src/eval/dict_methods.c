#include "eval/methods.h"
#include "eval/object.h"
#include "eval/script.h"

static tnn_status copy_items(const tnn_method_call *call, const tnn_obj *items, tnn_obj *out, tnn_error *err) {
    return tnn_obj_list_new(call->interp, TNN_OBJ_LIST, items, call->self->as.dict->n, out, err);
}

static tnn_status run_keys(const tnn_method_call *call, tnn_obj *out, tnn_error *err) {
    return copy_items(call, call->self->as.dict->keys, out, err);
}

static tnn_status run_values(const tnn_method_call *call, tnn_obj *out, tnn_error *err) {
    return copy_items(call, call->self->as.dict->values, out, err);
}

static tnn_status run_items(const tnn_method_call *call, tnn_obj *out, tnn_error *err) {
    const tnn_obj_dict *dict = call->self->as.dict;
    tnn_obj made, pair;
    TNN_TRY(tnn_list_new(call->interp, TNN_OBJ_LIST, dict->n, &made, err));
    for (size_t k = 0; k < dict->n; k++) {
        tnn_obj items[] = {dict->keys[k], dict->values[k]};
        TNN_TRY(tnn_obj_list_new(call->interp, TNN_OBJ_TUPLE, items, 2, &pair, err));
        TNN_TRY(tnn_list_push(call->interp, made.as.list, pair, err));
    }
    *out = made;
    return TNN_OK;
}

/* get(key, default) */
static tnn_status run_get(const tnn_method_call *call, tnn_obj *out, tnn_error *err) {
    const tnn_obj_dict *dict = call->self->as.dict;
    bool found;
    size_t at = 0;
    TNN_TRY(tnn_dict_find(call->interp, dict, &call->args[0], &found, &at, err));
    if (found) *out = dict->values[at];
    else *out = call->n == 2 ? call->args[1] : tnn_obj_none();
    return TNN_OK;
}

static tnn_status run_setdefault(const tnn_method_call *call, tnn_obj *out, tnn_error *err) {
    bool found;
    TNN_TRY(tnn_dict_find(call->interp, call->self->as.dict, &call->args[0], &found, NULL, err));
    if (!found) TNN_TRY(tnn_dict_set(call->interp, call->self->as.dict, call->args[0], call->args[1], err));
    return tnn_dict_get(call->interp, call->self->as.dict, &call->args[0], out, err);
}

static tnn_status run_update(const tnn_method_call *call, tnn_obj *out, tnn_error *err) {
    *out = tnn_obj_none();
    if (call->args[0].kind != TNN_OBJ_DICT)
        return tnn_fail(err, TNN_ERR_INVALID, call->interp->origin.name, "update: expected a dict");
    const tnn_obj_dict *more = call->args[0].as.dict;
    for (size_t k = 0; k < more->n; k++)
        TNN_TRY(tnn_dict_set(call->interp, call->self->as.dict, more->keys[k], more->values[k], err));
    return TNN_OK;
}

/* pop(key, default) */
static tnn_status run_pop(const tnn_method_call *call, tnn_obj *out, tnn_error *err) {
    tnn_obj_dict *dict = call->self->as.dict;
    bool found;
    size_t at = 0;
    TNN_TRY(tnn_dict_find(call->interp, dict, &call->args[0], &found, &at, err));
    if (!found && call->n == 1) return tnn_dict_get(call->interp, dict, &call->args[0], out, err);
    *out = found ? dict->values[at] : call->args[1];
    if (found) tnn_dict_remove(dict, at);
    return TNN_OK;
}

static tnn_status run_clear(const tnn_method_call *call, tnn_obj *out, tnn_error *err) {
    (void)err;
    call->self->as.dict->n = 0;
    *out = tnn_obj_none();
    return TNN_OK;
}

static tnn_status run_copy(const tnn_method_call *call, tnn_obj *out, tnn_error *err) {
    tnn_obj made, ignored;
    TNN_TRY(tnn_dict_new(call->interp, &made, err));
    tnn_method_call update = {call->interp, &made, call->self, 1};
    TNN_TRY(run_update(&update, &ignored, err));
    *out = made;
    return TNN_OK;
}

/* dict(), dict(other), dict([(key, value), …]) */
tnn_status tnn_builtin_dict(tnn_interp *interp, const tnn_builtin_args *in, tnn_obj *out, tnn_error *err) {
    if (in->n == 1 && in->items[0].kind == TNN_OBJ_DICT) {
        tnn_method_call copy = {interp, &in->items[0], NULL, 0};
        return run_copy(&copy, out, err);
    }
    TNN_TRY(tnn_dict_new(interp, out, err));
    const tnn_obj_list *pairs = in->n == 1 && in->items[0].kind == TNN_OBJ_LIST ? in->items[0].as.list : NULL;
    for (size_t k = 0; pairs && k < pairs->n; k++) {
        const tnn_obj *pair = &pairs->items[k];
        if (pair->kind != TNN_OBJ_TUPLE || pair->as.list->n != 2)
            return tnn_fail(err, TNN_ERR_INVALID, interp->origin.name, "dict: expected pairs of key and value");
        TNN_TRY(tnn_dict_set(interp, out->as.dict, pair->as.list->items[0], pair->as.list->items[1], err));
    }
    return TNN_OK;
}

const tnn_method_row tnn_dict_methods[] = {
    {TNN_OBJ_DICT, "keys", 0, 0, run_keys},     {TNN_OBJ_DICT, "values", 0, 0, run_values},
    {TNN_OBJ_DICT, "items", 0, 0, run_items},   {TNN_OBJ_DICT, "get", 1, 2, run_get},
    {TNN_OBJ_DICT, "pop", 1, 2, run_pop},       {TNN_OBJ_DICT, "setdefault", 2, 2, run_setdefault},
    {TNN_OBJ_DICT, "update", 1, 1, run_update}, {TNN_OBJ_DICT, "clear", 0, 0, run_clear},
    {TNN_OBJ_DICT, "copy", 0, 0, run_copy},
};

const size_t tnn_n_dict_methods = sizeof(tnn_dict_methods) / sizeof(tnn_dict_methods[0]);
