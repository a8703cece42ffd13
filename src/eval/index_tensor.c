#include "eval/index_tensor.h"

#include "eval/handle.h"
#include "eval/script.h"

enum { MAX_INDICES = 2 * TNN_MAX_RANK };

/* An index being applied. */
typedef struct indexing {
    tnn_frame *frame;
    const tnn_ast *items[MAX_INDICES];
    tnn_obj values[MAX_INDICES]; /* of items that are no slices */
    size_t n;
    tnn_obj view;
    int64_t dim;         /* of the view, that the next item is about */
    tnn_obj_list *takes; /* a tensor or None for each dimension so far: what is gathered */
    bool gathers;
} indexing;

/* A list of numbers stands for a tensor of them. */
static tnn_status eval_item(indexing *x, size_t k, tnn_error *err) {
    tnn_obj *value = &x->values[k];
    const tnn_ast *item = x->items[k];
    if (item->kind == TNN_AST_SLICE || item->kind == TNN_AST_ELLIPSIS) return TNN_OK;
    TNN_TRY(tnn_run_expr(x->frame, item, value, err));
    if (value->kind == TNN_OBJ_LIST)
        return tnn_tensor_of_numbers(x->frame->interp, value, TNN_DTYPE_NONE, value, err);
    if (value->kind == TNN_OBJ_INT || value->kind == TNN_OBJ_NONE || value->kind == TNN_OBJ_TENSOR) return TNN_OK;
    return tnn_frame_fail(x->frame, item, TNN_ERR_UNSUPPORTED, err, "an index of a tensor of type ",
                          tnn_obj_kind_text(value));
}

static tnn_status start(indexing *x, tnn_frame *frame, const tnn_obj *tensor, const tnn_ast *index, tnn_error *err) {
    bool several = index->kind == TNN_AST_TUPLE;
    tnn_obj takes;
    *x = (indexing){.frame = frame, .view = *tensor, .n = several ? index->as.list.n : 1};
    if (x->n > MAX_INDICES) return tnn_frame_fail(frame, index, TNN_ERR_LIMIT, err, "too many indices", "");
    TNN_TRY(tnn_list_new(frame->interp, TNN_OBJ_LIST, 0, &takes, err));
    x->takes = takes.as.list;
    for (size_t k = 0; k < x->n; k++) {
        x->items[k] = several ? index->as.list.items[k] : index;
        TNN_TRY(eval_item(x, k, err));
    }
    return TNN_OK;
}

/* How many dimensions the item stands for: a mask for as many as it has. */
static int64_t dims_of(const indexing *x, size_t k) {
    const tnn_obj *value = &x->values[k];
    if (x->items[k]->kind == TNN_AST_ELLIPSIS) return 0;
    if (x->items[k]->kind == TNN_AST_SLICE) return 1;
    if (value->kind == TNN_OBJ_NONE) return 0;
    bool mask = value->kind == TNN_OBJ_TENSOR && tnn_handle_dtype(value->as.tensor) == TNN_DTYPE_BOOL;
    return mask ? value->as.tensor->shape.rank : 1;
}

/* Go on past `n` dimensions that stay as they are. */
static tnn_status pass(indexing *x, int64_t n, tnn_error *err) {
    for (; n > 0; n--, x->dim++) TNN_TRY(tnn_list_push(x->frame->interp, x->takes, tnn_obj_none(), err));
    return TNN_OK;
}

static tnn_status pass_ellipsis(indexing *x, tnn_error *err) {
    int64_t n = x->view.as.tensor->shape.rank - x->dim;
    size_t at = 0;
    while (x->items[at]->kind != TNN_AST_ELLIPSIS) at++;
    for (size_t k = at + 1; k < x->n; k++) n -= dims_of(x, k);
    return pass(x, n, err);
}

static tnn_status eval_or(tnn_frame *frame, const tnn_ast *ast, tnn_obj other, tnn_obj *out, tnn_error *err) {
    *out = other;
    return ast ? tnn_run_expr(frame, ast, out, err) : TNN_OK;
}

static tnn_status apply_slice(indexing *x, const tnn_ast *slice, tnn_error *err) {
    tnn_obj args[5] = {x->view, tnn_obj_int(tnn_size_const(x->dim))};
    TNN_TRY(eval_or(x->frame, slice->as.slice.start, tnn_obj_none(), &args[2], err));
    TNN_TRY(eval_or(x->frame, slice->as.slice.stop, tnn_obj_none(), &args[3], err));
    TNN_TRY(eval_or(x->frame, slice->as.slice.step, tnn_obj_int(tnn_size_const(1)), &args[4], err));
    TNN_TRY(tnn_interp_call(x->frame->interp, "slice", "Tensor", args, 5, NULL, 0, &x->view, err));
    return pass(x, 1, err);
}

/* An int drops its dimension, None makes a new one, a tensor gathers later. */
static tnn_status apply_item(indexing *x, size_t k, tnn_error *err) {
    tnn_interp *interp = x->frame->interp;
    tnn_obj args[3] = {x->view, tnn_obj_int(tnn_size_const(x->dim)), x->values[k]};
    if (x->items[k]->kind == TNN_AST_SLICE) return apply_slice(x, x->items[k], err);
    if (x->items[k]->kind == TNN_AST_ELLIPSIS) return pass_ellipsis(x, err);
    if (args[2].kind == TNN_OBJ_INT) return tnn_interp_call(interp, "select", "int", args, 3, NULL, 0, &x->view, err);
    if (args[2].kind == TNN_OBJ_NONE) {
        TNN_TRY(tnn_interp_call(interp, "unsqueeze", "", args, 2, NULL, 0, &x->view, err));
        return pass(x, 1, err);
    }
    x->gathers = true;
    x->dim += dims_of(x, k);
    return tnn_list_push(interp, x->takes, args[2], err);
}

static tnn_status apply(indexing *x, tnn_frame *frame, const tnn_obj *tensor, const tnn_ast *index, tnn_error *err) {
    TNN_TRY(start(x, frame, tensor, index, err));
    for (size_t k = 0; k < x->n; k++) TNN_TRY(apply_item(x, k, err));
    return TNN_OK;
}

static tnn_obj list_of(tnn_obj_list *list) {
    tnn_obj out = {.kind = TNN_OBJ_LIST};
    out.as.list = list;
    return out;
}

tnn_status tnn_index_tensor(tnn_frame *frame, const tnn_obj *tensor, const tnn_ast *index, tnn_obj *out,
                            tnn_error *err) {
    indexing x;
    TNN_TRY(apply(&x, frame, tensor, index, err));
    tnn_obj args[] = {x.view, list_of(x.takes)};
    *out = x.view;
    return x.gathers ? tnn_interp_call(frame->interp, "index", "Tensor", args, 2, NULL, 0, out, err) : TNN_OK;
}

/* Leading dimensions of size 1 that the view lacks. */
static tnn_status drop_leading_ones(tnn_frame *frame, const tnn_handle *view, tnn_obj *value, tnn_error *err) {
    while (value->as.tensor->shape.rank > view->shape.rank && value->as.tensor->shape.dims[0].hint == 1) {
        tnn_obj args[] = {*value, tnn_obj_int(tnn_size_const(0)), tnn_obj_int(tnn_size_const(0))};
        TNN_TRY(tnn_interp_call(frame->interp, "select", "int", args, 3, NULL, 0, value, err));
    }
    return TNN_OK;
}

static tnn_status set_view(tnn_frame *frame, tnn_obj view, tnn_obj value, tnn_error *err) {
    if (value.kind == TNN_OBJ_TENSOR) TNN_TRY(drop_leading_ones(frame, view.as.tensor, &value, err));
    tnn_obj args[] = {view, value}, result;
    const char *name = value.kind == TNN_OBJ_TENSOR ? "copy_" : "fill_";
    return tnn_interp_call(frame->interp, name, "", args, 2, NULL, 0, &result, err);
}

static tnn_status set_gathered(indexing *x, tnn_obj value, tnn_error *err) {
    tnn_interp *interp = x->frame->interp;
    tnn_obj args[] = {x->view, list_of(x->takes), value}, result;
    if (value.kind != TNN_OBJ_TENSOR)
        TNN_TRY(tnn_tensor_of_numbers(interp, &value, tnn_handle_dtype(x->view.as.tensor), &args[2], err));
    return tnn_interp_call(interp, "index_put_", "", args, 3, NULL, 0, &result, err);
}

tnn_status tnn_index_tensor_set(tnn_frame *frame, const tnn_obj *tensor, const tnn_ast *index, tnn_obj value,
                                tnn_error *err) {
    indexing x;
    TNN_TRY(apply(&x, frame, tensor, index, err));
    return x.gathers ? set_gathered(&x, value, err) : set_view(frame, x.view, value, err);
}
