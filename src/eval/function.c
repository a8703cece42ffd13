#include <string.h>

#include "eval/builtins.h"
#include "eval/dunder.h"
#include "eval/handle.h"
#include "eval/library.h"
#include "eval/parse.h"
#include "eval/object.h"
#include "eval/python.h"

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
static tnn_status run_top(tnn_interp *interp, const char *text, const char *module, tnn_strmap **out,
                          tnn_error *err) {
    tnn_block block;
    tnn_frame frame = {.interp = interp, .top = true, .where = "program", .module = module};
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
    TNN_TRY(run_top(interp, text, NULL, &globals, err));
    *out = as_function(tnn_strmap_get(globals, function));
    if (*out) return TNN_OK;
    return tnn_fail(err, TNN_ERR_INVALID, "program", "there is no function `%.60s`", function);
}

tnn_status tnn_run_object(tnn_interp *interp, const char *text, const char *module, tnn_obj *out, tnn_error *err) {
    tnn_strmap *globals;
    TNN_TRY(run_top(interp, text, module, &globals, err));
    if (globals->n_entries != 1)
        return tnn_fail(err, TNN_ERR_INTERNAL, "program", "the text of an operator defines %zu names, expected 1",
                        globals->n_entries);
    *out = *(const tnn_obj *)globals->entries[0].value;
    return TNN_OK;
}

tnn_status tnn_run_definition(tnn_interp *interp, const char *text, const tnn_name **out, tnn_error *err) {
    tnn_obj defined;
    TNN_TRY(tnn_run_object(interp, text, NULL, &defined, err));
    *out = as_function(&defined);
    return *out ? TNN_OK : tnn_fail(err, TNN_ERR_INTERNAL, "program", "the text of an operator defines no function");
}

bool tnn_frame_is_python(const tnn_frame *frame) { return frame->file && frame->interp->options.python; }

/* A call of a def: where its arguments come from. */
typedef struct function_call {
    const tnn_name *name;
    const tnn_obj *args;
    size_t n_positional;
    const char *const *keywords;
    size_t n_keywords;
} function_call;

static const tnn_obj *given_arg(const function_call *call, size_t index, const tnn_param *param) {
    if (index < call->n_positional && param->kind == TNN_PARAM_PLAIN) return &call->args[index];
    for (size_t k = 0; k < call->n_keywords; k++)
        if (strcmp(call->keywords[k], param->name) == 0) return &call->args[call->n_positional + k];
    return NULL;
}

/* The parameter that the keyword fills, or the one for all other keywords; NULL: none. */
static const tnn_param *find_param(const function_call *call, const char *keyword) {
    const tnn_function *function = call->name->function;
    const tnn_param *rest = NULL;
    for (size_t k = 0; k < function->n_params; k++) {
        const tnn_param *param = &function->params[k];
        if (param->kind == TNN_PARAM_KEYWORDS) rest = param;
        bool is_open = param->kind == TNN_PARAM_PLAIN && k >= call->n_positional;
        bool fits = param->kind == TNN_PARAM_KEYWORD_ONLY || is_open;
        if (fits && strcmp(param->name, keyword) == 0) return param;
    }
    return rest;
}

/* *args, parameter number `index`: the positional arguments from there on. */
static tnn_status set_rest(tnn_frame *frame, const function_call *call, size_t index, tnn_error *err) {
    size_t n = call->n_positional > index ? call->n_positional - index : 0;
    tnn_obj rest;
    TNN_TRY(tnn_obj_list_new(frame->interp, TNN_OBJ_TUPLE, call->args + (n > 0 ? index : 0), n, &rest, err));
    return tnn_frame_set(frame, call->name->function->params[index].name, rest, err);
}

/* **kwargs: the keywords that no other parameter has. */
static tnn_status set_keywords(tnn_frame *frame, const function_call *call, size_t index, tnn_error *err) {
    const tnn_param *param = &call->name->function->params[index];
    tnn_obj rest;
    TNN_TRY(tnn_dict_new(frame->interp, &rest, err));
    for (size_t k = 0; k < call->n_keywords; k++) {
        if (find_param(call, call->keywords[k]) != param) continue;
        TNN_TRY(tnn_dict_set(frame->interp, rest.as.dict, tnn_obj_string(call->keywords[k]),
                             call->args[call->n_positional + k], err));
    }
    return tnn_frame_set(frame, param->name, rest, err);
}

/* Defaults are evaluated at the call: the subset has no state that could tell. */
static tnn_status set_param(tnn_frame *frame, const function_call *call, size_t index, tnn_error *err) {
    const tnn_param *param = &call->name->function->params[index];
    tnn_obj value;
    if (param->kind == TNN_PARAM_REST) return set_rest(frame, call, index, err);
    if (param->kind == TNN_PARAM_KEYWORDS) return set_keywords(frame, call, index, err);
    const tnn_obj *given = given_arg(call, index, param);
    if (given) return tnn_frame_set(frame, param->name, *given, err);
    if (!param->default_value)
        return tnn_fail(err, TNN_ERR_INVALID, frame->where, "argument `%.60s` is missing", param->name);
    TNN_TRY(tnn_run_expr(frame, param->default_value, &value, err));
    return tnn_frame_set(frame, param->name, value, err);
}

static tnn_status check_keyword(const function_call *call, const char *keyword, tnn_error *err) {
    if (find_param(call, keyword)) return TNN_OK;
    return tnn_fail(err, TNN_ERR_INVALID, call->name->function->name, "argument `%.60s` does not exist or is given twice", keyword);
}

static tnn_status set_params(tnn_frame *frame, const function_call *call, tnn_error *err) {
    const tnn_function *function = call->name->function;
    size_t n_positional = 0;
    while (n_positional < function->n_params && function->params[n_positional].kind == TNN_PARAM_PLAIN)
        n_positional++;
    bool takes_all = n_positional < function->n_params && function->params[n_positional].kind == TNN_PARAM_REST;
    if (call->n_positional > n_positional && !takes_all)
        return tnn_fail(err, TNN_ERR_INVALID, frame->where, "%zu positional arguments, expected at most %zu",
                        call->n_positional, n_positional);
    for (size_t k = 0; k < call->n_keywords; k++) TNN_TRY(check_keyword(call, call->keywords[k], err));
    for (size_t k = 0; k < function->n_params; k++) TNN_TRY(set_param(frame, call, k, err));
    return TNN_OK;
}

tnn_status tnn_run_function(tnn_interp *interp, const tnn_name *name, const tnn_obj *args, size_t n_args,
                            const char *const *keywords, size_t n_keywords, tnn_obj *out, tnn_error *err) {
    function_call call = {name, args, n_args - n_keywords, keywords, n_keywords};
    tnn_frame frame = {.interp = interp, .globals = name->globals, .file = name->file, .function = name};
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

/* weight.normal_(0, 0.01): what weights start from is not what they are loaded with. */
static bool fills_unset(const tnn_interp *interp, const tnn_name *method) {
    size_t n = strlen(method->text);
    bool in_place = n > 1 && method->text[n - 1] == '_' && method->text[n - 2] != '_';
    return in_place && tnn_is_unset(interp, method->self.as.tensor->storage->value);
}

/* A method of a tensor as PyTorch's library in Python has it: one of its own, or the operator. */
static tnn_status call_library_method(tnn_interp *interp, const char *name, const tnn_call_args *call, tnn_obj *out,
                                      tnn_error *err) {
    tnn_obj method;
    bool found;
    TNN_TRY(tnn_library_method(interp, name, &method, &found, err));
    if (found)
        return tnn_run_call(interp, &method, call->args, call->n_args, call->keywords, call->n_keywords, out, err);
    TNN_TRY(tnn_interp_call(interp, name, "", call->args, call->n_args, call->keywords, call->n_keywords, out, err));
    tnn_library_fields(name, out);
    return TNN_OK;
}

/* x.name(...): of a tensor an operator whose first argument it is */
static tnn_status call_method(tnn_interp *interp, const tnn_name *name, const tnn_obj *args, size_t n_args,
                              const char *const *keywords, size_t n_keywords, tnn_obj *out, tnn_error *err) {
    if (name->self.kind == TNN_OBJ_INSTANCE)
        return tnn_instance_run(interp, name->self.as.instance, name, args, n_args, keywords, n_keywords, out, err);
    if (name->self.kind != TNN_OBJ_TENSOR) {
        if (n_keywords > 0)
            return tnn_fail(err, TNN_ERR_UNSUPPORTED, interp->origin.name, "keyword arguments of %.60s", name->text);
        return tnn_method_run(interp, &name->self, name->text, args, n_args, out, err);
    }
    bool done = false;
    *out = name->self;
    if (fills_unset(interp, name)) return TNN_OK;
    if (n_keywords == 0) TNN_TRY(tnn_dunder_call(interp, name, args, n_args, out, &done, err));
    if (done) return TNN_OK;
    tnn_obj *all = TNN_NEW_ARRAY(interp->arena, n_args + 1, tnn_obj);
    if (!all) return tnn_fail_nomem(err);
    all[0] = name->self;
    if (n_args > 0) memcpy(all + 1, args, n_args * sizeof(*args));
    tnn_call_args call = {all, n_args + 1, keywords, n_keywords};
    if (interp->options.python) return call_library_method(interp, name->text, &call, out, err);
    return tnn_interp_call(interp, name->text, "", all, n_args + 1, keywords, n_keywords, out, err);
}

/* module(x) is its forward; of other objects it is __call__ */
static tnn_status call_instance(tnn_interp *interp, const tnn_obj *callee, const tnn_obj *args, size_t n_args,
                                const char *const *keywords, size_t n_keywords, tnn_obj *out, tnn_error *err) {
    bool is_module = tnn_obj_is_module(callee);
    if (is_module && interp->record && interp->n_making == 0) {
        tnn_call_args call = {args, n_args, keywords, n_keywords};
        *out = tnn_obj_unknown();
        return tnn_record_call(interp, callee->as.instance, &call, err);
    }
    return tnn_instance_call(interp, callee->as.instance, is_module ? "forward" : "__call__", args, n_args, keywords,
                             n_keywords, out, err);
}

static tnn_status call_operator(tnn_interp *interp, const tnn_name *name, const tnn_obj *args, size_t n_args,
                                const char *const *keywords, size_t n_keywords, tnn_obj *out, tnn_error *err) {
    bool done;
    TNN_TRY(tnn_run_script_call(interp, name, args, n_args, keywords, n_keywords, out, &done, err));
    if (done) return TNN_OK;
    TNN_TRY(tnn_interp_call(interp, name->text, name->overload, args, n_args, keywords, n_keywords, out, err));
    if (interp->options.python) tnn_library_fields(name->text, out);
    return TNN_OK;
}

/* torch.Tensor(sizes) or torch.Tensor(numbers) */
static tnn_status make_tensor(tnn_interp *interp, const tnn_obj *args, size_t n_args, tnn_obj *out, tnn_error *err) {
    tnn_obj make;
    TNN_TRY(tnn_library_get(interp, "torch", "Tensor.make", &make, err));
    return tnn_run_call(interp, &make, args, n_args, NULL, 0, out, err);
}

tnn_status tnn_run_call(tnn_interp *interp, const tnn_obj *callee, const tnn_obj *args, size_t n_args,
                        const char *const *keywords, size_t n_keywords, tnn_obj *out, tnn_error *err) {
    const tnn_name *name = tnn_obj_name(callee);
    tnn_name_kind kind = name ? name->kind : TNN_NAME_ABSENT;
    if (callee->kind == TNN_OBJ_INSTANCE)
        return call_instance(interp, callee, args, n_args, keywords, n_keywords, out, err);
    switch (kind) {
    case TNN_NAME_FUNCTION:
        return tnn_run_function(interp, name, args, n_args, keywords, n_keywords, out, err);
    case TNN_NAME_OPERATOR: return call_operator(interp, name, args, n_args, keywords, n_keywords, out, err);
    case TNN_NAME_CLASS:
        return tnn_class_call(interp, name->type, args, n_args, keywords, n_keywords, out, err);
    case TNN_NAME_UNKNOWN: *out = *callee; return TNN_OK;
    case TNN_NAME_BUILTIN:
        return tnn_builtin_call(interp, name->builtin, args, n_args, keywords, n_keywords, out, err);
    case TNN_NAME_METHOD:
        return call_method(interp, name, args, n_args, keywords, n_keywords, out, err);
    case TNN_NAME_TYPE:
        if (strcmp(name->text, "Tensor") == 0) return make_tensor(interp, args, n_args, out, err);
        break;
    case TNN_NAME_MODULE:
    case TNN_NAME_PACKAGE:
    case TNN_NAME_LIBRARY:
    case TNN_NAME_SUPER:
    case TNN_NAME_ABSENT: break;
    }
    return tnn_fail(err, TNN_ERR_INVALID, interp->origin.name, "%s cannot be called",
                    name && name->text ? name->text : tnn_obj_kind_text(callee));
}
