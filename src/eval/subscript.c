/* object[index]: of lists, tuples and strings the items, of tensors views. */
#include <stdio.h>
#include <string.h>

#include "eval/builtins.h"
#include "eval/index_tensor.h"
#include "eval/object.h"
#include "eval/script.h"

static tnn_status eval_or(tnn_frame *frame, const tnn_ast *ast, tnn_obj other, tnn_obj *out, tnn_error *err) {
    *out = other;
    return ast ? tnn_run_expr(frame, ast, out, err) : TNN_OK;
}

static tnn_status slice_list(tnn_frame *frame, const tnn_obj *object, const tnn_ast *slice, tnn_obj *out,
                             tnn_error *err) {
    tnn_slice_bounds bounds;
    TNN_TRY(eval_or(frame, slice->as.slice.start, tnn_obj_none(), &bounds.start, err));
    TNN_TRY(eval_or(frame, slice->as.slice.stop, tnn_obj_none(), &bounds.stop, err));
    TNN_TRY(eval_or(frame, slice->as.slice.step, tnn_obj_int(tnn_size_const(1)), &bounds.step, err));
    return tnn_slice_sequence(frame->interp, object, &bounds, out, err);
}

static tnn_status index_list(tnn_frame *frame, const tnn_obj *object, const tnn_ast *index, tnn_obj *out,
                             tnn_error *err) {
    tnn_obj value;
    size_t at;
    if (index->kind == TNN_AST_SLICE) return slice_list(frame, object, index, out, err);
    TNN_TRY(tnn_run_expr(frame, index, &value, err));
    TNN_TRY(tnn_index_of(frame->interp, &value, object->as.list->n, &at, err));
    *out = object->as.list->items[at];
    return TNN_OK;
}

/* layers[1] of a ModuleList, layers["a"] of a ModuleDict: the attributes of those names. */
static tnn_status index_instance(tnn_frame *frame, const tnn_obj *object, const tnn_obj *key, tnn_obj *out,
                                 tnn_error *err) {
    const tnn_strmap *attributes = &object->as.instance->attributes;
    int64_t at;
    if (key->kind == TNN_OBJ_STRING)
        return tnn_instance_get(frame->interp, object->as.instance, key->as.text, out, err);
    TNN_TRY(tnn_obj_to_int(frame->interp, key, &at, err));
    int64_t n = 0;
    char name[24];
    for (bool more = true; at < 0 && more; n += more) {
        snprintf(name, sizeof(name), "%lld", (long long)n);
        more = tnn_strmap_get(attributes, name) != NULL;
    }
    snprintf(name, sizeof(name), "%lld", (long long)(at < 0 ? at + n : at));
    return tnn_instance_get(frame->interp, object->as.instance, name, out, err);
}

static tnn_status index_string(tnn_frame *frame, const char *text, const tnn_obj *index, tnn_obj *out,
                               tnn_error *err) {
    size_t at = 0;
    TNN_TRY(tnn_index_of(frame->interp, index, strlen(text), &at, err));
    *out = tnn_obj_string(tnn_arena_strn(frame->interp->arena, text + at, 1));
    return out->as.text ? TNN_OK : tnn_fail_nomem(err);
}

/* layers[1:3] of a ModuleList or a Sequential: another one, of those modules */
static tnn_status slice_modules(tnn_frame *frame, const tnn_obj *object, const tnn_ast *slice, tnn_obj *out,
                                tnn_error *err) {
    tnn_obj modules;
    TNN_TRY(tnn_iterate(frame->interp, object, &modules, err));
    TNN_TRY(slice_list(frame, &modules, slice, &modules, err));
    return tnn_instance_call(frame->interp, object->as.instance, "part", &modules, 1, NULL, 0, out, err);
}

static tnn_status index_other(tnn_frame *frame, const tnn_obj *object, const tnn_ast *index, tnn_obj *out,
                              tnn_error *err) {
    tnn_obj key;
    if (object->kind == TNN_OBJ_STRING && index->kind == TNN_AST_SLICE)
        return slice_list(frame, object, index, out, err);
    if (object->kind == TNN_OBJ_INSTANCE && index->kind == TNN_AST_SLICE)
        return slice_modules(frame, object, index, out, err);
    TNN_TRY(tnn_run_expr(frame, index, &key, err));
    if (object->kind == TNN_OBJ_DICT) return tnn_dict_get(frame->interp, object->as.dict, &key, out, err);
    if (object->kind == TNN_OBJ_STRING) return index_string(frame, object->as.text, &key, out, err);
    return index_instance(frame, object, &key, out, err);
}

tnn_status tnn_run_subscript(tnn_frame *frame, const tnn_ast *ast, tnn_obj *out, tnn_error *err) {
    tnn_obj object;
    TNN_TRY(tnn_run_expr(frame, ast->as.subscript.object, &object, err));
    if (object.kind == TNN_OBJ_TENSOR) return tnn_index_tensor(frame, &object, ast->as.subscript.index, out, err);
    if (object.kind == TNN_OBJ_LIST || object.kind == TNN_OBJ_TUPLE)
        return index_list(frame, &object, ast->as.subscript.index, out, err);
    if (object.kind == TNN_OBJ_DICT || object.kind == TNN_OBJ_INSTANCE || object.kind == TNN_OBJ_STRING)
        return index_other(frame, &object, ast->as.subscript.index, out, err);
    *out = object;
    if (tnn_obj_is_unknown(&object)) return TNN_OK;
    return tnn_frame_fail(frame, ast, TNN_ERR_INVALID, err, "an index of a ", tnn_obj_kind_text(&object));
}

/* The place of an item of a list that may be changed. */
static tnn_status list_place(tnn_frame *frame, const tnn_ast *ast, const tnn_obj *object, size_t *at,
                             tnn_error *err) {
    tnn_obj index;
    if (object->kind != TNN_OBJ_LIST || ast->as.subscript.index->kind == TNN_AST_SLICE)
        return tnn_frame_fail(frame, ast, TNN_ERR_UNSUPPORTED, err, "a change of an item of a ",
                              tnn_obj_kind_text(object));
    TNN_TRY(tnn_run_expr(frame, ast->as.subscript.index, &index, err));
    return tnn_index_of(frame->interp, &index, object->as.list->n, at, err);
}

tnn_status tnn_run_subscript_set(tnn_frame *frame, const tnn_ast *ast, tnn_obj value, tnn_error *err) {
    tnn_obj object, key;
    size_t at;
    TNN_TRY(tnn_run_expr(frame, ast->as.subscript.object, &object, err));
    if (object.kind == TNN_OBJ_TENSOR)
        return tnn_index_tensor_set(frame, &object, ast->as.subscript.index, value, err);
    if (object.kind == TNN_OBJ_DICT) {
        TNN_TRY(tnn_run_expr(frame, ast->as.subscript.index, &key, err));
        return tnn_dict_set(frame->interp, object.as.dict, key, value, err);
    }
    TNN_TRY(list_place(frame, ast, &object, &at, err));
    object.as.list->items[at] = value;
    return TNN_OK;
}

tnn_status tnn_run_subscript_del(tnn_frame *frame, const tnn_ast *ast, tnn_error *err) {
    tnn_obj object;
    size_t at;
    TNN_TRY(tnn_run_expr(frame, ast->as.subscript.object, &object, err));
    TNN_TRY(list_place(frame, ast, &object, &at, err));
    tnn_obj_list *list = object.as.list;
    TNN_TRY(tnn_interp_step(frame->interp, list->n - at, err));
    list->n--;
    memmove(&list->items[at], &list->items[at + 1], (list->n - at) * sizeof(*list->items));
    return TNN_OK;
}
