/* Methods of lists, and finding methods. */
#include <string.h>

#include "eval/arith.h"
#include "eval/builtins.h"
#include "eval/methods.h"

static tnn_status run_append(const tnn_method_call *call, tnn_obj *out, tnn_error *err) {
    *out = tnn_obj_none();
    return tnn_list_push(call->interp, call->self->as.list, call->args[0], err);
}

static tnn_status run_extend(const tnn_method_call *call, tnn_obj *out, tnn_error *err) {
    const tnn_obj *more = &call->args[0];
    *out = tnn_obj_none();
    if (more->kind != TNN_OBJ_LIST && more->kind != TNN_OBJ_TUPLE)
        return tnn_fail(err, TNN_ERR_INVALID, call->interp->origin.name, "extend: expected a list, found a %s",
                        tnn_obj_kind_text(more));
    size_t n = more->as.list->n;
    for (size_t k = 0; k < n; k++)
        TNN_TRY(tnn_list_push(call->interp, call->self->as.list, more->as.list->items[k], err));
    return TNN_OK;
}

/* insert(index, item): an index outside is the nearest end, as in Python */
static tnn_status run_insert(const tnn_method_call *call, tnn_obj *out, tnn_error *err) {
    tnn_obj_list *list = call->self->as.list;
    int64_t at, n = (int64_t)list->n;
    *out = tnn_obj_none();
    TNN_TRY(tnn_obj_to_int(call->interp, &call->args[0], &at, err));
    TNN_TRY(tnn_interp_step(call->interp, list->n, err));
    TNN_TRY(tnn_list_push(call->interp, list, call->args[1], err));
    if (at < 0) at = at < -n ? 0 : at + n;
    if (at > n) at = n;
    tnn_obj *place = &list->items[at];
    memmove(place + 1, place, (size_t)(n - at) * sizeof(*place));
    *place = call->args[1];
    return TNN_OK;
}

static tnn_status run_pop(const tnn_method_call *call, tnn_obj *out, tnn_error *err) {
    tnn_obj_list *list = call->self->as.list;
    tnn_obj last = tnn_obj_int(tnn_size_const(-1));
    size_t at;
    TNN_TRY(tnn_index_of(call->interp, call->n ? &call->args[0] : &last, list->n, &at, err));
    TNN_TRY(tnn_interp_step(call->interp, list->n - at, err));
    *out = list->items[at];
    list->n--;
    memmove(&list->items[at], &list->items[at + 1], (list->n - at) * sizeof(*list->items));
    return TNN_OK;
}

static tnn_status run_reverse(const tnn_method_call *call, tnn_obj *out, tnn_error *err) {
    tnn_obj_list *list = call->self->as.list;
    *out = tnn_obj_none();
    TNN_TRY(tnn_interp_step(call->interp, list->n, err));
    for (size_t k = 0; k < list->n / 2; k++) {
        tnn_obj swap = list->items[k];
        list->items[k] = list->items[list->n - 1 - k];
        list->items[list->n - 1 - k] = swap;
    }
    return TNN_OK;
}

static tnn_status run_clear(const tnn_method_call *call, tnn_obj *out, tnn_error *err) {
    (void)err;
    *out = tnn_obj_none();
    call->self->as.list->n = 0;
    return TNN_OK;
}

static tnn_status run_copy(const tnn_method_call *call, tnn_obj *out, tnn_error *err) {
    const tnn_obj_list *list = call->self->as.list;
    return tnn_obj_list_new(call->interp, TNN_OBJ_LIST, list->items, list->n, out, err);
}

static tnn_status run_index(const tnn_method_call *call, tnn_obj *out, tnn_error *err) {
    const tnn_obj_list *list = call->self->as.list;
    bool equal = false;
    for (size_t k = 0; k < list->n; k++) {
        TNN_TRY(tnn_interp_step(call->interp, 1, err));
        TNN_TRY(tnn_arith_equal(call->interp, &list->items[k], &call->args[0], &equal, err));
        *out = tnn_obj_int(tnn_size_const((int64_t)k));
        if (equal) return TNN_OK;
    }
    return tnn_fail(err, TNN_ERR_INVALID, call->interp->origin.name, "index: the item is not in the list");
}

static tnn_status run_count(const tnn_method_call *call, tnn_obj *out, tnn_error *err) {
    const tnn_obj_list *list = call->self->as.list;
    int64_t n = 0;
    for (size_t k = 0; k < list->n; k++) {
        bool equal;
        TNN_TRY(tnn_interp_step(call->interp, 1, err));
        TNN_TRY(tnn_arith_equal(call->interp, &list->items[k], &call->args[0], &equal, err));
        n += equal;
    }
    *out = tnn_obj_int(tnn_size_const(n));
    return TNN_OK;
}

/* Numbers by insertion, which is stable. Lists of programs are short; the steps are counted. */
static tnn_status sort_items(const tnn_method_call *call, tnn_obj_list *list, tnn_error *err) {
    for (size_t k = 1; k < list->n; k++)
        for (size_t j = k; j > 0; j--) {
            tnn_obj less, swap = list->items[j];
            TNN_TRY(tnn_interp_step(call->interp, 1, err));
            TNN_TRY(tnn_arith_compare(call->interp, TNN_AST_LT, &list->items[j], &list->items[j - 1], &less, err));
            if (less.kind != TNN_OBJ_BOOL || !less.as.boolean) break;
            list->items[j] = list->items[j - 1];
            list->items[j - 1] = swap;
        }
    return TNN_OK;
}

/* sort(reverse) */
static tnn_status run_sort(const tnn_method_call *call, tnn_obj *out, tnn_error *err) {
    bool reverse = false;
    if (call->n == 1) TNN_TRY(tnn_arith_truth(call->interp, &call->args[0], &reverse, err));
    TNN_TRY(sort_items(call, call->self->as.list, err));
    *out = tnn_obj_none();
    return reverse ? run_reverse(call, out, err) : TNN_OK;
}

/* sorted(list): a copy in order */
static tnn_status run_sorted(const tnn_method_call *call, tnn_obj *out, tnn_error *err) {
    tnn_obj copy, ignored;
    TNN_TRY(run_copy(call, &copy, err));
    tnn_method_call sort = {call->interp, &copy, call->args, call->n};
    TNN_TRY(run_sort(&sort, &ignored, err));
    *out = copy;
    return TNN_OK;
}

static tnn_status run_remove(const tnn_method_call *call, tnn_obj *out, tnn_error *err) {
    tnn_obj at;
    TNN_TRY(run_index(call, &at, err));
    tnn_method_call pop = {call->interp, call->self, &at, 1};
    TNN_TRY(run_pop(&pop, out, err));
    *out = tnn_obj_none();
    return TNN_OK;
}

static const tnn_method_row list_methods[] = {
    {TNN_OBJ_LIST, "append", 1, 1, run_append},   {TNN_OBJ_LIST, "extend", 1, 1, run_extend},
    {TNN_OBJ_LIST, "insert", 2, 2, run_insert},   {TNN_OBJ_LIST, "pop", 0, 1, run_pop},
    {TNN_OBJ_LIST, "remove", 1, 1, run_remove},   {TNN_OBJ_LIST, "reverse", 0, 0, run_reverse},
    {TNN_OBJ_LIST, "clear", 0, 0, run_clear},     {TNN_OBJ_LIST, "copy", 0, 0, run_copy},
    {TNN_OBJ_LIST, "index", 1, 1, run_index},     {TNN_OBJ_LIST, "count", 1, 1, run_count},
    {TNN_OBJ_LIST, "sort", 0, 1, run_sort},       {TNN_OBJ_LIST, "sorted", 0, 0, run_sorted},
    {TNN_OBJ_TUPLE, "index", 1, 1, run_index},    {TNN_OBJ_TUPLE, "count", 1, 1, run_count},
};

static const tnn_method_row *find_in(const tnn_method_row *rows, size_t n, const tnn_obj *self, const char *name) {
    for (size_t k = 0; k < n; k++)
        if (rows[k].kind == self->kind && strcmp(rows[k].name, name) == 0) return &rows[k];
    return NULL;
}

static const tnn_method_row *find(const tnn_obj *self, const char *name) {
    if (self->kind == TNN_OBJ_DICT) return find_in(tnn_dict_methods, tnn_n_dict_methods, self, name);
    if (self->kind == TNN_OBJ_STRING) return find_in(tnn_text_methods, tnn_n_text_methods, self, name);
    return find_in(list_methods, sizeof(list_methods) / sizeof(list_methods[0]), self, name);
}

bool tnn_method_exists(const tnn_obj *self, const char *name) { return find(self, name) != NULL; }

tnn_status tnn_method_run(tnn_interp *interp, const tnn_obj *self, const char *name, const tnn_obj *args,
                          size_t n_args, tnn_obj *out, tnn_error *err) {
    tnn_method_call call = {interp, self, args, n_args};
    const tnn_method_row *row = find(self, name);
    TNN_TRY(tnn_interp_step(interp, 1, err));
    if (!row)
        return tnn_fail(err, TNN_ERR_INVALID, interp->origin.name, "a %s has no method %.60s",
                        tnn_obj_kind_text(self), name);
    if (n_args < row->min_args || n_args > row->max_args)
        return tnn_fail(err, TNN_ERR_INVALID, interp->origin.name, "%s.%s with %zu arguments",
                        tnn_obj_kind_text(self), name, n_args);
    return row->run(&call, out, err);
}
