#include "eval/builtins.h"
#include "eval/object.h"

static tnn_status list_keys(tnn_interp *interp, const tnn_obj_dict *dict, tnn_obj *out, tnn_error *err) {
    return tnn_obj_list_new(interp, TNN_OBJ_LIST, dict->keys, dict->n, out, err);
}

/* Bytes of a text, each as a text. */
static tnn_status list_letters(tnn_interp *interp, const char *text, tnn_obj *out, tnn_error *err) {
    tnn_obj made;
    TNN_TRY(tnn_list_new(interp, TNN_OBJ_LIST, 0, &made, err));
    for (; *text; text++) {
        tnn_obj letter = tnn_obj_string(tnn_arena_strn(interp->arena, text, 1));
        if (!letter.as.text) return tnn_fail_nomem(err);
        TNN_TRY(tnn_list_push(interp, made.as.list, letter, err));
    }
    *out = made;
    return TNN_OK;
}

tnn_status tnn_iterate(tnn_interp *interp, const tnn_obj *obj, tnn_obj *out, tnn_error *err) {
    tnn_obj given = *obj;
    *out = given;
    if (given.kind == TNN_OBJ_LIST || given.kind == TNN_OBJ_TUPLE) return TNN_OK;
    if (given.kind == TNN_OBJ_DICT) return list_keys(interp, given.as.dict, out, err);
    if (given.kind == TNN_OBJ_STRING) return list_letters(interp, given.as.text, out, err);
    if (given.kind == TNN_OBJ_TENSOR) return tnn_interp_call(interp, "unbind", "", &given, 1, NULL, 0, out, err);
    if (given.kind == TNN_OBJ_INSTANCE && tnn_class_method(given.as.instance->type, "__iter__"))
        return tnn_instance_call(interp, given.as.instance, "__iter__", NULL, 0, NULL, 0, out, err);
    return tnn_fail(err, TNN_ERR_INVALID, interp->origin.name, "a loop over a %s", tnn_obj_kind_text(&given));
}
