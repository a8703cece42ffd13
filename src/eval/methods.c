/* Methods of lists and strings. */
#include <string.h>

#include "eval/arith.h"
#include "eval/builtins.h"

/* A call of a method: the sequence and its arguments. */
typedef struct method_call {
    tnn_interp *interp;
    const tnn_obj *self;
    const tnn_obj *args;
    size_t n;
} method_call;

typedef tnn_status method_fn(const method_call *call, tnn_obj *out, tnn_error *err);

static tnn_status run_append(const method_call *call, tnn_obj *out, tnn_error *err) {
    *out = tnn_obj_none();
    return tnn_list_push(call->interp, call->self->as.list, call->args[0], err);
}

static tnn_status run_extend(const method_call *call, tnn_obj *out, tnn_error *err) {
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
static tnn_status run_insert(const method_call *call, tnn_obj *out, tnn_error *err) {
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

static tnn_status run_pop(const method_call *call, tnn_obj *out, tnn_error *err) {
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

static tnn_status run_reverse(const method_call *call, tnn_obj *out, tnn_error *err) {
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

static tnn_status run_clear(const method_call *call, tnn_obj *out, tnn_error *err) {
    (void)err;
    *out = tnn_obj_none();
    call->self->as.list->n = 0;
    return TNN_OK;
}

static tnn_status run_copy(const method_call *call, tnn_obj *out, tnn_error *err) {
    const tnn_obj_list *list = call->self->as.list;
    return tnn_obj_list_new(call->interp, TNN_OBJ_LIST, list->items, list->n, out, err);
}

static tnn_status run_index(const method_call *call, tnn_obj *out, tnn_error *err) {
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

static tnn_status run_count(const method_call *call, tnn_obj *out, tnn_error *err) {
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

/* format(...) serves messages only: the template is what is kept. */
static tnn_status run_format(const method_call *call, tnn_obj *out, tnn_error *err) {
    (void)err;
    *out = *call->self;
    return TNN_OK;
}

static tnn_status run_startswith(const method_call *call, tnn_obj *out, tnn_error *err) {
    if (call->args[0].kind != TNN_OBJ_STRING)
        return tnn_fail(err, TNN_ERR_INVALID, call->interp->origin.name, "startswith: expected a text");
    *out = tnn_obj_bool(strncmp(call->self->as.text, call->args[0].as.text, strlen(call->args[0].as.text)) == 0);
    return TNN_OK;
}

static const struct {
    tnn_obj_kind kind;
    const char *name;
    size_t min_args, max_args;
    method_fn *run;
} methods[] = {
    {TNN_OBJ_LIST, "append", 1, 1, run_append},
    {TNN_OBJ_LIST, "extend", 1, 1, run_extend},
    {TNN_OBJ_LIST, "insert", 2, 2, run_insert},
    {TNN_OBJ_LIST, "pop", 0, 1, run_pop},
    {TNN_OBJ_LIST, "reverse", 0, 0, run_reverse},
    {TNN_OBJ_LIST, "clear", 0, 0, run_clear},
    {TNN_OBJ_LIST, "copy", 0, 0, run_copy},
    {TNN_OBJ_LIST, "index", 1, 1, run_index},
    {TNN_OBJ_LIST, "count", 1, 1, run_count},
    {TNN_OBJ_TUPLE, "index", 1, 1, run_index},
    {TNN_OBJ_TUPLE, "count", 1, 1, run_count},
    {TNN_OBJ_STRING, "format", 0, SIZE_MAX, run_format},
    {TNN_OBJ_STRING, "startswith", 1, 1, run_startswith},
};

tnn_status tnn_method_call(tnn_interp *interp, const tnn_obj *self, const char *name, const tnn_obj *args,
                           size_t n_args, tnn_obj *out, tnn_error *err) {
    method_call call = {interp, self, args, n_args};
    TNN_TRY(tnn_interp_step(interp, 1, err));
    for (size_t k = 0; k < sizeof(methods) / sizeof(methods[0]); k++) {
        if (methods[k].kind != self->kind || strcmp(methods[k].name, name) != 0) continue;
        if (n_args < methods[k].min_args || n_args > methods[k].max_args)
            return tnn_fail(err, TNN_ERR_INVALID, interp->origin.name, "%s.%s with %zu arguments",
                            tnn_obj_kind_text(self), name, n_args);
        return methods[k].run(&call, out, err);
    }
    return tnn_fail(err, TNN_ERR_INVALID, interp->origin.name, "a %s has no method %.60s", tnn_obj_kind_text(self),
                    name);
}
