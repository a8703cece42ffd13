/* object[index]: of lists, tuples and strings the items, of tensors views. */
#include <string.h>

#include "eval/builtins.h"
#include "eval/handle.h"
#include "eval/frame.h"

static tnn_status eval_or(tnn_frame *frame, const tnn_ast *ast, tnn_obj other, tnn_obj *out, tnn_error *err) {
    *out = other;
    return ast ? tnn_run_expr(frame, ast, out, err) : TNN_OK;
}

/* One bound of a slice of `n` items, clamped; None and what is missing give `other`. */
static tnn_status list_bound(tnn_frame *frame, const tnn_ast *ast, int64_t n, int64_t other, int64_t *out,
                             tnn_error *err) {
    tnn_obj value;
    *out = other;
    TNN_TRY(eval_or(frame, ast, tnn_obj_none(), &value, err));
    if (value.kind == TNN_OBJ_NONE) return TNN_OK;
    TNN_TRY(tnn_obj_to_int(frame->interp, &value, out, err));
    if (*out < 0) *out = *out < -n ? 0 : *out + n;
    if (*out > n) *out = n;
    return TNN_OK;
}

static tnn_status list_step(tnn_frame *frame, const tnn_ast *slice, int64_t *step, tnn_error *err) {
    tnn_obj value;
    TNN_TRY(eval_or(frame, slice->as.slice.step, tnn_obj_int(tnn_size_const(1)), &value, err));
    TNN_TRY(tnn_obj_to_int(frame->interp, &value, step, err));
    if (*step != 0 && *step >= -1) return TNN_OK;
    return tnn_frame_fail(frame, slice, TNN_ERR_UNSUPPORTED, err, "a slice of a list needs a step of at least 1", "");
}

static tnn_status slice_list(tnn_frame *frame, const tnn_obj *object, const tnn_ast *slice, tnn_obj *out,
                             tnn_error *err) {
    const tnn_obj_list *list = object->as.list;
    int64_t n = (int64_t)list->n, start, stop, step;
    tnn_obj made;
    TNN_TRY(list_step(frame, slice, &step, err));
    if (step < 0 && (slice->as.slice.start || slice->as.slice.stop))
        return tnn_frame_fail(frame, slice, TNN_ERR_UNSUPPORTED, err, "a backward slice with bounds", "");
    TNN_TRY(list_bound(frame, slice->as.slice.start, n, step < 0 ? n - 1 : 0, &start, err));
    TNN_TRY(list_bound(frame, slice->as.slice.stop, n, step < 0 ? -1 : n, &stop, err));
    TNN_TRY(tnn_list_new(frame->interp, object->kind, 0, &made, err));
    for (int64_t k = start; step > 0 ? k < stop : k > stop; k += step) {
        TNN_TRY(tnn_list_push(frame->interp, made.as.list, list->items[k], err));
        if (step > 0 && step >= stop - k) break;
    }
    *out = made;
    return TNN_OK;
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

tnn_status tnn_run_subscript(tnn_frame *frame, const tnn_ast *ast, tnn_obj *out, tnn_error *err) {
    tnn_obj object;
    TNN_TRY(tnn_run_expr(frame, ast->as.subscript.object, &object, err));
    if (object.kind == TNN_OBJ_TENSOR) return index_tensor(frame, &object, ast->as.subscript.index, out, err);
    if (object.kind == TNN_OBJ_LIST || object.kind == TNN_OBJ_TUPLE)
        return index_list(frame, &object, ast->as.subscript.index, out, err);
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
    tnn_obj object, view;
    size_t at;
    TNN_TRY(tnn_run_expr(frame, ast->as.subscript.object, &object, err));
    if (object.kind == TNN_OBJ_TENSOR) {
        TNN_TRY(index_tensor(frame, &object, ast->as.subscript.index, &view, err));
        return set_view(frame, view, value, err);
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
