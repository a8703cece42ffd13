/* object[index]: of lists, tuples and strings the items, of tensors views. */
#include <stdio.h>
#include <string.h>

#include "eval/builtins.h"
#include "eval/handle.h"
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

static tnn_status slice_tensor(tnn_frame *frame, const tnn_obj *tensor, int64_t dim, const tnn_ast *slice,
                               tnn_obj *out, tnn_error *err) {
    tnn_obj args[5] = {*tensor, tnn_obj_int(tnn_size_const(dim))};
    TNN_TRY(eval_or(frame, slice->as.slice.start, tnn_obj_none(), &args[2], err));
    TNN_TRY(eval_or(frame, slice->as.slice.stop, tnn_obj_none(), &args[3], err));
    TNN_TRY(eval_or(frame, slice->as.slice.step, tnn_obj_int(tnn_size_const(1)), &args[4], err));
    return tnn_interp_call(frame->interp, "slice", "Tensor", args, 5, NULL, 0, out, err);
}

/* One index on dimension *dim, which then moves on: an int drops it, a slice keeps it, None makes a new one. */
static tnn_status index_dim(tnn_frame *frame, tnn_obj *tensor, int64_t *dim, const tnn_ast *index, tnn_error *err) {
    tnn_obj args[3] = {*tensor, tnn_obj_int(tnn_size_const(*dim))};
    if (index->kind == TNN_AST_SLICE) return slice_tensor(frame, tensor, (*dim)++, index, tensor, err);
    TNN_TRY(tnn_run_expr(frame, index, &args[2], err));
    if (args[2].kind == TNN_OBJ_INT)
        return tnn_interp_call(frame->interp, "select", "int", args, 3, NULL, 0, tensor, err);
    if (args[2].kind == TNN_OBJ_NONE) {
        ++*dim;
        return tnn_interp_call(frame->interp, "unsqueeze", "", args, 2, NULL, 0, tensor, err);
    }
    return tnn_frame_fail(frame, index, TNN_ERR_UNSUPPORTED, err, "an index of a tensor of type ",
                          tnn_obj_kind_text(&args[2]));
}

static tnn_status index_tensor(tnn_frame *frame, const tnn_obj *object, const tnn_ast *index, tnn_obj *out,
                               tnn_error *err) {
    int64_t dim = 0;
    tnn_obj view = *object;
    if (index->kind == TNN_AST_TUPLE)
        for (size_t k = 0; k < index->as.list.n; k++)
            TNN_TRY(index_dim(frame, &view, &dim, index->as.list.items[k], err));
    else TNN_TRY(index_dim(frame, &view, &dim, index, err));
    *out = view;
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

static tnn_status index_other(tnn_frame *frame, const tnn_obj *object, const tnn_ast *index, tnn_obj *out,
                              tnn_error *err) {
    tnn_obj key;
    if (object->kind == TNN_OBJ_STRING && index->kind == TNN_AST_SLICE)
        return slice_list(frame, object, index, out, err);
    TNN_TRY(tnn_run_expr(frame, index, &key, err));
    if (object->kind == TNN_OBJ_DICT) return tnn_dict_get(frame->interp, object->as.dict, &key, out, err);
    if (object->kind == TNN_OBJ_STRING) return index_string(frame, object->as.text, &key, out, err);
    return index_instance(frame, object, &key, out, err);
}

tnn_status tnn_run_subscript(tnn_frame *frame, const tnn_ast *ast, tnn_obj *out, tnn_error *err) {
    tnn_obj object;
    TNN_TRY(tnn_run_expr(frame, ast->as.subscript.object, &object, err));
    if (object.kind == TNN_OBJ_TENSOR) return index_tensor(frame, &object, ast->as.subscript.index, out, err);
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

/* Leading dimensions of size 1 that the view lacks. */
static tnn_status drop_leading_ones(tnn_frame *frame, const tnn_handle *view, tnn_obj *value, tnn_error *err) {
    while (value->as.tensor->shape.rank > view->shape.rank && value->as.tensor->shape.dims[0].hint == 1) {
        tnn_obj args[] = {*value, tnn_obj_int(tnn_size_const(0)), tnn_obj_int(tnn_size_const(0))};
        TNN_TRY(tnn_interp_call(frame->interp, "select", "int", args, 3, NULL, 0, value, err));
    }
    return TNN_OK;
}

/* x[index] = value writes into the view. */
static tnn_status set_view(tnn_frame *frame, tnn_obj view, tnn_obj value, tnn_error *err) {
    if (value.kind == TNN_OBJ_TENSOR) TNN_TRY(drop_leading_ones(frame, view.as.tensor, &value, err));
    tnn_obj args[] = {view, value}, result;
    const char *name = value.kind == TNN_OBJ_TENSOR ? "copy_" : "fill_";
    return tnn_interp_call(frame->interp, name, "", args, 2, NULL, 0, &result, err);
}

tnn_status tnn_run_subscript_set(tnn_frame *frame, const tnn_ast *ast, tnn_obj value, tnn_error *err) {
    tnn_obj object, view, key;
    size_t at;
    TNN_TRY(tnn_run_expr(frame, ast->as.subscript.object, &object, err));
    if (object.kind == TNN_OBJ_TENSOR) {
        TNN_TRY(index_tensor(frame, &object, ast->as.subscript.index, &view, err));
        return set_view(frame, view, value, err);
    }
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
