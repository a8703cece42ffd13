#include <string.h>

#include "eval/methods.h"
#include "eval/builtins.h"

static tnn_status want_text(const tnn_method_call *call, size_t index, tnn_error *err) {
    if (call->args[index].kind == TNN_OBJ_STRING) return TNN_OK;
    return tnn_fail(err, TNN_ERR_INVALID, call->interp->origin.name, "a method of str: expected a str, found a %s",
                    tnn_obj_kind_text(&call->args[index]));
}

/* The text that was built, in the arena. */
static tnn_status finish(const tnn_method_call *call, tnn_strbuf *text, tnn_obj *out, tnn_error *err) {
    *out = tnn_obj_string(tnn_arena_strn(call->interp->arena, text->data ? text->data : "", text->length));
    bool failed = text->failed || !out->as.text;
    tnn_status status = failed ? tnn_fail_nomem(err) : tnn_interp_step(call->interp, text->length, err);
    tnn_strbuf_free(text);
    return status;
}

static tnn_status add_shown(const tnn_method_call *call, tnn_strbuf *text, const tnn_obj *obj, tnn_error *err) {
    tnn_obj shown;
    tnn_builtin_args in = {NULL, obj, 1};
    TNN_TRY(tnn_builtin_str(call->interp, &in, &shown, err));
    tnn_strbuf_add(text, shown.as.text);
    return TNN_OK;
}

/* format(...): every {} or {…} is the next argument, whatever it says about width. */
static tnn_status run_format(const tnn_method_call *call, tnn_obj *out, tnn_error *err) {
    tnn_strbuf text = {0};
    size_t next = 0;
    for (const char *at = call->self->as.text; *at; at++) {
        const char *close = *at == '{' ? strchr(at, '}') : NULL;
        if (!close || next >= call->n) {
            tnn_strbuf_addn(&text, at, 1);
            continue;
        }
        tnn_status status = add_shown(call, &text, &call->args[next++], err);
        if (status != TNN_OK) {
            tnn_strbuf_free(&text);
            return status;
        }
        at = close;
    }
    return finish(call, &text, out, err);
}

static bool begins(const char *text, const char *with) { return strncmp(text, with, strlen(with)) == 0; }

static bool ends(const char *text, const char *with) {
    size_t n = strlen(text), m = strlen(with);
    return n >= m && strcmp(text + n - m, with) == 0;
}

static tnn_status run_startswith(const tnn_method_call *call, tnn_obj *out, tnn_error *err) {
    TNN_TRY(want_text(call, 0, err));
    *out = tnn_obj_bool(begins(call->self->as.text, call->args[0].as.text));
    return TNN_OK;
}

static tnn_status run_endswith(const tnn_method_call *call, tnn_obj *out, tnn_error *err) {
    TNN_TRY(want_text(call, 0, err));
    *out = tnn_obj_bool(ends(call->self->as.text, call->args[0].as.text));
    return TNN_OK;
}

static tnn_status run_find(const tnn_method_call *call, tnn_obj *out, tnn_error *err) {
    TNN_TRY(want_text(call, 0, err));
    const char *found = strstr(call->self->as.text, call->args[0].as.text);
    *out = tnn_obj_int(tnn_size_const(found ? found - call->self->as.text : -1));
    return TNN_OK;
}

static tnn_status push_part(const tnn_method_call *call, tnn_obj_list *list, const char *text, size_t n,
                            tnn_error *err) {
    tnn_obj part = tnn_obj_string(tnn_arena_strn(call->interp->arena, text, n));
    if (!part.as.text) return tnn_fail_nomem(err);
    return tnn_list_push(call->interp, list, part, err);
}

/* split(separator); without one at runs of spaces */
static tnn_status run_split(const tnn_method_call *call, tnn_obj *out, tnn_error *err) {
    static const char spaces[] = " \t\r\n\f\v";
    const char *at = call->self->as.text, *separator = NULL;
    tnn_obj made;
    if (call->n > 0 && call->args[0].kind != TNN_OBJ_NONE) {
        TNN_TRY(want_text(call, 0, err));
        separator = call->args[0].as.text;
        if (!*separator) return tnn_fail(err, TNN_ERR_INVALID, call->interp->origin.name, "split: empty separator");
    }
    TNN_TRY(tnn_list_new(call->interp, TNN_OBJ_LIST, 0, &made, err));
    for (const char *end; separator && (end = strstr(at, separator)) != NULL; at = end + strlen(separator))
        TNN_TRY(push_part(call, made.as.list, at, (size_t)(end - at), err));
    if (separator) TNN_TRY(push_part(call, made.as.list, at, strlen(at), err));
    for (size_t n; !separator && *(at += strspn(at, spaces)); at += n) {
        n = strcspn(at, spaces);
        TNN_TRY(push_part(call, made.as.list, at, n, err));
    }
    *out = made;
    return TNN_OK;
}

static tnn_status run_join(const tnn_method_call *call, tnn_obj *out, tnn_error *err) {
    const tnn_obj *parts = &call->args[0];
    tnn_strbuf text = {0};
    if (parts->kind != TNN_OBJ_LIST && parts->kind != TNN_OBJ_TUPLE)
        return tnn_fail(err, TNN_ERR_INVALID, call->interp->origin.name, "join: expected a list");
    for (size_t k = 0; k < parts->as.list->n; k++) {
        const tnn_obj *part = &parts->as.list->items[k];
        if (k > 0) tnn_strbuf_add(&text, call->self->as.text);
        tnn_strbuf_add(&text, part->kind == TNN_OBJ_STRING ? part->as.text : "");
    }
    return finish(call, &text, out, err);
}

/* replace(old, new) */
static tnn_status run_replace(const tnn_method_call *call, tnn_obj *out, tnn_error *err) {
    TNN_TRY(want_text(call, 0, err));
    TNN_TRY(want_text(call, 1, err));
    const char *at = call->self->as.text, *old = call->args[0].as.text;
    tnn_strbuf text = {0};
    for (const char *found; *old && (found = strstr(at, old)) != NULL; at = found + strlen(old)) {
        tnn_strbuf_addn(&text, at, (size_t)(found - at));
        tnn_strbuf_add(&text, call->args[1].as.text);
    }
    tnn_strbuf_add(&text, at);
    return finish(call, &text, out, err);
}

static char to_lower(char c) { return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c; }
static char to_upper(char c) { return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c; }

static tnn_status change_letters(const tnn_method_call *call, char (*change)(char), tnn_obj *out, tnn_error *err) {
    char *text = tnn_arena_str(call->interp->arena, call->self->as.text);
    if (!text) return tnn_fail_nomem(err);
    for (char *at = text; *at; at++) *at = change(*at);
    *out = tnn_obj_string(text);
    return TNN_OK;
}

static tnn_status run_lower(const tnn_method_call *call, tnn_obj *out, tnn_error *err) {
    return change_letters(call, to_lower, out, err);
}

static tnn_status run_upper(const tnn_method_call *call, tnn_obj *out, tnn_error *err) {
    return change_letters(call, to_upper, out, err);
}

/* strip(letters) */
static tnn_status run_strip(const tnn_method_call *call, tnn_obj *out, tnn_error *err) {
    const char *letters = call->n > 0 && call->args[0].kind == TNN_OBJ_STRING ? call->args[0].as.text : " \t\r\n\f\v";
    const char *begin = call->self->as.text + strspn(call->self->as.text, letters);
    size_t n = strlen(begin);
    while (n > 0 && strchr(letters, begin[n - 1])) n--;
    *out = tnn_obj_string(tnn_arena_strn(call->interp->arena, begin, n));
    return out->as.text ? TNN_OK : tnn_fail_nomem(err);
}

const tnn_method_row tnn_text_methods[] = {
    {TNN_OBJ_STRING, "format", 0, SIZE_MAX, run_format},     {TNN_OBJ_STRING, "startswith", 1, 1, run_startswith},
    {TNN_OBJ_STRING, "endswith", 1, 1, run_endswith},        {TNN_OBJ_STRING, "find", 1, 1, run_find},
    {TNN_OBJ_STRING, "split", 0, 1, run_split},              {TNN_OBJ_STRING, "join", 1, 1, run_join},
    {TNN_OBJ_STRING, "replace", 2, 2, run_replace},          {TNN_OBJ_STRING, "lower", 0, 0, run_lower},
    {TNN_OBJ_STRING, "upper", 0, 0, run_upper},              {TNN_OBJ_STRING, "strip", 0, 1, run_strip},
};

const size_t tnn_n_text_methods = sizeof(tnn_text_methods) / sizeof(tnn_text_methods[0]);
