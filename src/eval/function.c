#include <string.h>

#include "eval/builtins.h"
#include "eval/parse.h"
#include "eval/object.h"

tnn_status tnn_frame_fail(const tnn_frame *frame, const tnn_ast *at, tnn_status code, tnn_error *err,
                          const char *message, const char *detail) {
    return tnn_fail_at(err, code, frame->where, at->position, "line %lu: %s%s", (unsigned long)at->line, message,
                       detail);
}

tnn_status tnn_frame_set(tnn_frame *frame, const char *name, tnn_obj value, tnn_error *err) {
    tnn_strmap *map = frame->top ? frame->globals : &frame->locals;
    tnn_obj *held = tnn_strmap_get(map, name);
    if (held) {
        *held = value;
        return TNN_OK;
    }
    held = tnn_arena_copy(frame->interp->arena, &value, 1, sizeof(value));
    if (!held || tnn_strmap_set(map, name, held) != TNN_OK) return tnn_fail_nomem(err);
    return TNN_OK;
}

/* The names that the top level of `text` leaves behind. */
static tnn_status run_top(tnn_interp *interp, const char *text, tnn_strmap **out, tnn_error *err) {
    tnn_block block;
    tnn_frame frame = {.interp = interp, .top = true, .where = "program"};
    tnn_flow flow;
    frame.globals = *out = TNN_NEW(interp->arena, tnn_strmap);
    if (!*out) return tnn_fail_nomem(err);
    tnn_strmap_init(*out, interp->arena);
    TNN_TRY(tnn_parse(&block, interp->arena, text, strlen(text), interp->options.max_depth, frame.where, err));
    return tnn_run_block(&frame, &block, &flow, err);
}

tnn_status tnn_run_program_text(tnn_interp *interp, const char *module, const tnn_program_text *text,
                                tnn_strmap *globals, tnn_error *err) {
    tnn_block block;
    tnn_flow flow;
    tnn_origin origin = interp->origin;
    tnn_frame frame = {.interp = interp, .top = true, .where = text->file, .file = text->file, .module = module};
    frame.globals = globals;
    TNN_TRY(tnn_parse(&block, interp->arena, text->text, text->n_bytes, interp->options.max_depth, text->file, err));
    TNN_TRY(tnn_run_block(&frame, &block, &flow, err));
    interp->origin = origin;
    return TNN_OK;
}

static const tnn_name *as_function(const tnn_obj *obj) {
    const tnn_name *name = obj ? tnn_obj_name(obj) : NULL;
    return name && name->kind == TNN_NAME_FUNCTION ? name : NULL;
}

tnn_status tnn_run_module(tnn_interp *interp, const char *text, const char *function, const tnn_name **out,
                          tnn_error *err) {
    tnn_strmap *globals;
    TNN_TRY(run_top(interp, text, &globals, err));
    *out = as_function(tnn_strmap_get(globals, function));
    if (*out) return TNN_OK;
    return tnn_fail(err, TNN_ERR_INVALID, "program", "there is no function `%.60s`", function);
}

tnn_status tnn_run_definition(tnn_interp *interp, const char *text, const tnn_name **out, tnn_error *err) {
    tnn_strmap *globals;
    TNN_TRY(run_top(interp, text, &globals, err));
    *out = globals->n_entries == 1 ? as_function(globals->entries[0].value) : NULL;
    if (*out) return TNN_OK;
    return tnn_fail(err, TNN_ERR_INTERNAL, "program", "the text of an operator defines %zu names, expected 1",
                    globals->n_entries);
}

/* A call of a def: where its arguments come from. */
typedef struct function_call {
    const tnn_name *name;
    const tnn_obj *args;
    size_t n_positional;
    const char *const *keywords;
    size_t n_keywords;
} function_call;

static const tnn_obj *given_arg(const function_call *call, size_t index, const tnn_param *param) {
    if (index < call->n_positional && !param->keyword_only) return &call->args[index];
    for (size_t k = 0; k < call->n_keywords; k++)
        if (strcmp(call->keywords[k], param->name) == 0) return &call->args[call->n_positional + k];
    return NULL;
}

/* Defaults are evaluated at the call: the subset has no state that could tell. */
static tnn_status set_param(tnn_frame *frame, const function_call *call, size_t index, tnn_error *err) {
    const tnn_param *param = &call->name->function->params[index];
    const tnn_obj *given = given_arg(call, index, param);
    tnn_obj value;
    if (given) return tnn_frame_set(frame, param->name, *given, err);
    if (!param->default_value)
        return tnn_fail(err, TNN_ERR_INVALID, frame->where, "argument `%.60s` is missing", param->name);
    TNN_TRY(tnn_run_expr(frame, param->default_value, &value, err));
    return tnn_frame_set(frame, param->name, value, err);
}

static tnn_status check_keyword(const function_call *call, const char *keyword, tnn_error *err) {
    const tnn_function *function = call->name->function;
    for (size_t k = 0; k < function->n_params; k++)
        if (strcmp(function->params[k].name, keyword) == 0 &&
            (k >= call->n_positional || function->params[k].keyword_only))
            return TNN_OK;
    return tnn_fail(err, TNN_ERR_INVALID, function->name, "argument `%.60s` does not exist or is given twice", keyword);
}

static tnn_status set_params(tnn_frame *frame, const function_call *call, tnn_error *err) {
    const tnn_function *function = call->name->function;
    size_t n_positional = 0;
    while (n_positional < function->n_params && !function->params[n_positional].keyword_only) n_positional++;
    if (call->n_positional > n_positional)
        return tnn_fail(err, TNN_ERR_INVALID, frame->where, "%zu positional arguments, expected at most %zu",
                        call->n_positional, n_positional);
    for (size_t k = 0; k < call->n_keywords; k++) TNN_TRY(check_keyword(call, call->keywords[k], err));
    for (size_t k = 0; k < function->n_params; k++) TNN_TRY(set_param(frame, call, k, err));
    return TNN_OK;
}

tnn_status tnn_run_function(tnn_interp *interp, const tnn_name *name, const tnn_obj *args, size_t n_args,
                            const char *const *keywords, size_t n_keywords, tnn_obj *out, tnn_error *err) {
    function_call call = {name, args, n_args - n_keywords, keywords, n_keywords};
    tnn_frame frame = {.interp = interp, .globals = name->globals, .file = name->file};
    tnn_origin origin = interp->origin;
    tnn_flow flow;
    if (name->file && origin.source.file) {
        frame.caller = tnn_arena_copy(interp->arena, &origin.source, 1, sizeof(origin.source));
        if (!frame.caller) return tnn_fail_nomem(err);
    }
    frame.where = name->file ? name->file : name->function->name;
    frame.result = tnn_obj_none();
    tnn_strmap_init(&frame.locals, interp->arena);
    TNN_TRY(tnn_interp_enter(interp, err));
    TNN_TRY(tnn_interp_step(interp, 1, err));
    TNN_TRY(set_params(&frame, &call, err));
    TNN_TRY(tnn_run_block(&frame, &name->function->body, &flow, err));
    tnn_interp_leave(interp);
    interp->origin = origin;
    *out = frame.result;
    return TNN_OK;
}

/* x.name(...): of a tensor an operator whose first argument it is */
static tnn_status call_method(tnn_interp *interp, const tnn_name *name, const tnn_obj *args, size_t n_args,
                              const char *const *keywords, size_t n_keywords, tnn_obj *out, tnn_error *err) {
    if (name->self.kind == TNN_OBJ_INSTANCE)
        return tnn_instance_call(interp, name->self.as.instance, name->text, args, n_args, keywords, n_keywords, out,
                                 err);
    if (name->self.kind != TNN_OBJ_TENSOR) {
        if (n_keywords > 0)
            return tnn_fail(err, TNN_ERR_UNSUPPORTED, interp->origin.name, "keyword arguments of %.60s", name->text);
        return tnn_method_run(interp, &name->self, name->text, args, n_args, out, err);
    }
    tnn_obj *all = TNN_NEW_ARRAY(interp->arena, n_args + 1, tnn_obj);
    if (!all) return tnn_fail_nomem(err);
    all[0] = name->self;
    if (n_args > 0) memcpy(all + 1, args, n_args * sizeof(*args));
    return tnn_interp_call(interp, name->text, "", all, n_args + 1, keywords, n_keywords, out, err);
}

static tnn_status call_operator(tnn_interp *interp, const tnn_name *name, const tnn_obj *args, size_t n_args,
                                const char *const *keywords, size_t n_keywords, tnn_obj *out, tnn_error *err) {
    bool done;
    TNN_TRY(tnn_run_script_call(interp, name, args, n_args, keywords, n_keywords, out, &done, err));
    if (done) return TNN_OK;
    return tnn_interp_call(interp, name->text, name->overload, args, n_args, keywords, n_keywords, out, err);
}

tnn_status tnn_run_call(tnn_interp *interp, const tnn_obj *callee, const tnn_obj *args, size_t n_args,
                        const char *const *keywords, size_t n_keywords, tnn_obj *out, tnn_error *err) {
    const tnn_name *name = tnn_obj_name(callee);
    tnn_name_kind kind = name ? name->kind : TNN_NAME_ABSENT;
    switch (kind) {
    case TNN_NAME_FUNCTION:
        return tnn_run_function(interp, name, args, n_args, keywords, n_keywords, out, err);
    case TNN_NAME_OPERATOR: return call_operator(interp, name, args, n_args, keywords, n_keywords, out, err);
    case TNN_NAME_CLASS: return tnn_class_call(interp, name->type, args, n_args, out, err);
    case TNN_NAME_UNKNOWN: *out = *callee; return TNN_OK;
    case TNN_NAME_BUILTIN:
        return tnn_builtin_call(interp, name->builtin, args, n_args, n_keywords, out, err);
    case TNN_NAME_METHOD:
        return call_method(interp, name, args, n_args, keywords, n_keywords, out, err);
    case TNN_NAME_MODULE:
    case TNN_NAME_PACKAGE:
    case TNN_NAME_TYPE:
    case TNN_NAME_ABSENT: break;
    }
    return tnn_fail(err, TNN_ERR_INVALID, interp->origin.name, "%s cannot be called",
                    name && name->text ? name->text : tnn_obj_kind_text(callee));
}
