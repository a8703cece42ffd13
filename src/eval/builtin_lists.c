/* Functions on sequences and attributes. */
#include <string.h>

#include "eval/arith.h"
#include "eval/builtins.h"
#include "eval/object.h"

static bool is_sequence(const tnn_obj *obj) { return obj->kind == TNN_OBJ_LIST || obj->kind == TNN_OBJ_TUPLE; }

static tnn_status want_sequence(tnn_interp *interp, const tnn_builtin_args *in, size_t index, tnn_error *err) {
    if (is_sequence(&in->items[index])) return TNN_OK;
    return tnn_fail(err, TNN_ERR_INVALID, interp->origin.name, "%s: expected a list, found a %s", in->row->name,
                    tnn_obj_kind_text(&in->items[index]));
}

tnn_status tnn_index_of(tnn_interp *interp, const tnn_obj *index, size_t n, size_t *out, tnn_error *err) {
    int64_t at;
    TNN_TRY(tnn_obj_to_int(interp, index, &at, err));
    if (at < 0) at += (int64_t)n;
    if (at < 0 || (uint64_t)at >= n)
        return tnn_fail(err, TNN_ERR_INVALID, interp->origin.name, "index %lld is out of range for %zu items",
                        (long long)(at < 0 ? at - (int64_t)n : at), n);
    *out = (size_t)at;
    return TNN_OK;
}

/* len(x): of a tensor its first size */
tnn_status tnn_builtin_len(tnn_interp *interp, const tnn_builtin_args *in, tnn_obj *out, tnn_error *err) {
    tnn_obj args[] = {in->items[0], tnn_obj_int(tnn_size_const(0))};
    if (in->items[0].kind == TNN_OBJ_TENSOR) return tnn_interp_call(interp, "size", "int", args, 2, NULL, 0, out, err);
    if (in->items[0].kind == TNN_OBJ_STRING) {
        *out = tnn_obj_int(tnn_size_const((int64_t)strlen(in->items[0].as.text)));
        return TNN_OK;
    }
    if (in->items[0].kind == TNN_OBJ_INSTANCE)
        return tnn_instance_call(interp, in->items[0].as.instance, "__len__", NULL, 0, NULL, 0, out, err);
    if (in->items[0].kind == TNN_OBJ_DICT) {
        *out = tnn_obj_int(tnn_size_const((int64_t)in->items[0].as.dict->n));
        return TNN_OK;
    }
    TNN_TRY(want_sequence(interp, in, 0, err));
    *out = tnn_obj_int(tnn_size_const((int64_t)in->items[0].as.list->n));
    return TNN_OK;
}

static tnn_status fill_range(tnn_interp *interp, int64_t start, int64_t stop, int64_t step, tnn_obj *out,
                             tnn_error *err) {
    TNN_TRY(tnn_list_new(interp, TNN_OBJ_LIST, 0, out, err));
    while (step > 0 ? start < stop : start > stop) {
        TNN_TRY(tnn_list_push(interp, out->as.list, tnn_obj_int(tnn_size_const(start)), err));
        if (step > 0 ? start > INT64_MAX - step : start < INT64_MIN - step) break;
        start += step;
    }
    return TNN_OK;
}

/* range(stop), range(start, stop), range(start, stop, step): a list */
tnn_status tnn_builtin_range(tnn_interp *interp, const tnn_builtin_args *in, tnn_obj *out, tnn_error *err) {
    int64_t bounds[3] = {0, 0, 1};
    size_t first = in->n == 1 ? 1 : 0;
    for (size_t k = 0; k < in->n; k++) TNN_TRY(tnn_obj_to_int(interp, &in->items[k], &bounds[first + k], err));
    if (bounds[2] == 0) return tnn_fail(err, TNN_ERR_INVALID, interp->origin.name, "range with a step of 0");
    return fill_range(interp, bounds[0], bounds[1], bounds[2], out, err);
}

static tnn_status copy_sequence(tnn_interp *interp, tnn_obj_kind kind, const tnn_builtin_args *in, tnn_obj *out,
                                tnn_error *err) {
    if (in->n == 0) return tnn_list_new(interp, kind, 0, out, err);
    tnn_obj items;
    TNN_TRY(tnn_iterate(interp, &in->items[0], &items, err));
    return tnn_obj_list_new(interp, kind, items.as.list->items, items.as.list->n, out, err);
}

tnn_status tnn_builtin_list(tnn_interp *interp, const tnn_builtin_args *in, tnn_obj *out, tnn_error *err) {
    return copy_sequence(interp, TNN_OBJ_LIST, in, out, err);
}

tnn_status tnn_builtin_tuple(tnn_interp *interp, const tnn_builtin_args *in, tnn_obj *out, tnn_error *err) {
    return copy_sequence(interp, TNN_OBJ_TUPLE, in, out, err);
}

tnn_status tnn_builtin_reversed(tnn_interp *interp, const tnn_builtin_args *in, tnn_obj *out, tnn_error *err) {
    tnn_obj source;
    TNN_TRY(tnn_iterate(interp, &in->items[0], &source, err));
    const tnn_obj_list *list = source.as.list;
    tnn_obj made;
    TNN_TRY(tnn_list_new(interp, TNN_OBJ_LIST, list->n, &made, err));
    for (size_t k = list->n; k-- > 0;) TNN_TRY(tnn_list_push(interp, made.as.list, list->items[k], err));
    *out = made;
    return TNN_OK;
}

tnn_status tnn_builtin_enumerate(tnn_interp *interp, const tnn_builtin_args *in, tnn_obj *out, tnn_error *err) {
    tnn_obj source;
    TNN_TRY(tnn_iterate(interp, &in->items[0], &source, err));
    const tnn_obj_list *list = source.as.list;
    tnn_obj made, pair;
    int64_t start = 0;
    if (in->n == 2) TNN_TRY(tnn_obj_to_int(interp, &in->items[1], &start, err));
    TNN_TRY(tnn_list_new(interp, TNN_OBJ_LIST, list->n, &made, err));
    for (size_t k = 0; k < list->n; k++) {
        tnn_obj items[] = {tnn_obj_int(tnn_size_const(start + (int64_t)k)), list->items[k]};
        TNN_TRY(tnn_obj_list_new(interp, TNN_OBJ_TUPLE, items, 2, &pair, err));
        TNN_TRY(tnn_list_push(interp, made.as.list, pair, err));
    }
    *out = made;
    return TNN_OK;
}

/* The k-th item of every sequence. */
static tnn_status zip_row(tnn_interp *interp, const tnn_obj_list *sources, size_t k, tnn_obj *out, tnn_error *err) {
    TNN_TRY(tnn_list_new(interp, TNN_OBJ_TUPLE, sources->n, out, err));
    for (size_t j = 0; j < sources->n; j++)
        TNN_TRY(tnn_list_push(interp, out->as.list, sources->items[j].as.list->items[k], err));
    return TNN_OK;
}

/* As long as the shortest */
tnn_status tnn_builtin_zip(tnn_interp *interp, const tnn_builtin_args *in, tnn_obj *out, tnn_error *err) {
    size_t n = SIZE_MAX;
    tnn_obj made, row, sources, source;
    TNN_TRY(tnn_list_new(interp, TNN_OBJ_LIST, in->n, &sources, err));
    for (size_t j = 0; j < in->n; j++) {
        TNN_TRY(tnn_iterate(interp, &in->items[j], &source, err));
        TNN_TRY(tnn_list_push(interp, sources.as.list, source, err));
        if (source.as.list->n < n) n = source.as.list->n;
    }
    TNN_TRY(tnn_list_new(interp, TNN_OBJ_LIST, n, &made, err));
    for (size_t k = 0; k < n; k++) {
        TNN_TRY(zip_row(interp, sources.as.list, k, &row, err));
        TNN_TRY(tnn_list_push(interp, made.as.list, row, err));
    }
    *out = made;
    return TNN_OK;
}

tnn_status tnn_builtin_sum(tnn_interp *interp, const tnn_builtin_args *in, tnn_obj *out, tnn_error *err) {
    tnn_obj source;
    TNN_TRY(tnn_iterate(interp, &in->items[0], &source, err));
    const tnn_obj_list *list = source.as.list;
    tnn_obj total = in->n == 2 ? in->items[1] : tnn_obj_int(tnn_size_const(0));
    for (size_t k = 0; k < list->n; k++)
        TNN_TRY(tnn_arith_binary(interp, TNN_AST_ADD, &total, &list->items[k], &total, err));
    *out = total;
    return TNN_OK;
}

/* The first item whose truth is `stop` decides. */
static tnn_status truths(tnn_interp *interp, const tnn_builtin_args *in, bool stop, tnn_obj *out, tnn_error *err) {
    tnn_obj source;
    TNN_TRY(tnn_iterate(interp, &in->items[0], &source, err));
    const tnn_obj_list *list = source.as.list;
    bool truth = !stop;
    TNN_TRY(tnn_interp_step(interp, list->n, err));
    for (size_t k = 0; k < list->n && truth != stop; k++)
        TNN_TRY(tnn_arith_truth(interp, &list->items[k], &truth, err));
    *out = tnn_obj_bool(truth);
    return TNN_OK;
}

tnn_status tnn_builtin_all(tnn_interp *interp, const tnn_builtin_args *in, tnn_obj *out, tnn_error *err) {
    return truths(interp, in, false, out, err);
}

tnn_status tnn_builtin_any(tnn_interp *interp, const tnn_builtin_args *in, tnn_obj *out, tnn_error *err) {
    return truths(interp, in, true, out, err);
}

/* _operator.getitem(sequence, index) */
tnn_status tnn_builtin_getitem(tnn_interp *interp, const tnn_builtin_args *in, tnn_obj *out, tnn_error *err) {
    size_t at = 0;
    if (in->items[0].kind == TNN_OBJ_TENSOR) {
        tnn_obj args[] = {in->items[0], tnn_obj_int(tnn_size_const(0)), in->items[1]};
        return tnn_interp_call(interp, "select", "int", args, 3, NULL, 0, out, err);
    }
    TNN_TRY(want_sequence(interp, in, 0, err));
    TNN_TRY(tnn_index_of(interp, &in->items[1], in->items[0].as.list->n, &at, err));
    *out = in->items[0].as.list->items[at];
    return TNN_OK;
}

/* Texts only: of tensors and lists the kind alone. */
tnn_status tnn_builtin_str(tnn_interp *interp, const tnn_builtin_args *in, tnn_obj *out, tnn_error *err) {
    const tnn_obj *x = &in->items[0];
    tnn_strbuf text = {0};
    if (x->kind == TNN_OBJ_STRING) tnn_strbuf_add(&text, x->as.text);
    else if (x->kind == TNN_OBJ_INT) tnn_size_print(&text, x->as.size);
    else if (x->kind == TNN_OBJ_FLOAT) tnn_strbuf_printf(&text, "%g", x->as.number);
    else if (x->kind == TNN_OBJ_BOOL) tnn_strbuf_add(&text, x->as.boolean ? "True" : "False");
    else tnn_strbuf_add(&text, tnn_obj_kind_text(x));
    *out = tnn_obj_string(tnn_arena_str(interp->arena, text.data ? text.data : ""));
    bool failed = text.failed || !out->as.text;
    tnn_strbuf_free(&text);
    return failed ? tnn_fail_nomem(err) : TNN_OK;
}

/* absent("what it would be"): stands for a result that does not exist; using it is an error that says so. */
tnn_status tnn_builtin_absent(tnn_interp *interp, const tnn_builtin_args *in, tnn_obj *out, tnn_error *err) {
    if (in->items[0].kind != TNN_OBJ_STRING)
        return tnn_fail(err, TNN_ERR_INVALID, interp->origin.name, "absent: expected a text");
    return tnn_name_new(interp, (tnn_name){.kind = TNN_NAME_ABSENT, .text = in->items[0].as.text}, out, err);
}

/* What has no meaning for a graph: print, warnings. */
tnn_status tnn_builtin_nothing(tnn_interp *interp, const tnn_builtin_args *in, tnn_obj *out, tnn_error *err) {
    (void)interp;
    (void)in;
    (void)err;
    *out = tnn_obj_none();
    return TNN_OK;
}
