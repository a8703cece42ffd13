/* Calls whose first or second argument is a type: annotate(T, x), unchecked_cast(T, x), uninitialized(T),
 * isinstance(x, T). Types are not evaluated: they are read as they are written. */
#include <string.h>

#include "eval/object.h"

static tnn_status is_of_type(tnn_interp *interp, const tnn_obj *obj, const tnn_ast *type, bool *out, tnn_error *err);

static bool kind_has_name(const tnn_obj *obj, const char *name) {
    if (strcmp(name, "Any") == 0) return true;
    if (strcmp(name, "NoneType") == 0) return obj->kind == TNN_OBJ_NONE;
    if (strcmp(name, "number") == 0) return obj->kind == TNN_OBJ_INT || obj->kind == TNN_OBJ_FLOAT;
    if (strcmp(name, "int") == 0 && obj->kind == TNN_OBJ_BOOL) return true;
    return obj->kind != TNN_OBJ_NONE && strcmp(name, tnn_obj_kind_text(obj)) == 0;
}

/* All items are of one type, or item k of type k. */
static tnn_status items_are(tnn_interp *interp, const tnn_obj_list *list, const tnn_ast *types, bool each, bool *out,
                            tnn_error *err) {
    size_t n_types = types->kind == TNN_AST_TUPLE ? types->as.list.n : 1;
    *out = !each || n_types == list->n;
    for (size_t k = 0; *out && k < list->n; k++) {
        const tnn_ast *type = types->kind == TNN_AST_TUPLE ? types->as.list.items[each ? k : 0] : types;
        TNN_TRY(is_of_type(interp, &list->items[k], type, out, err));
    }
    return TNN_OK;
}

/* List[T], Tuple[T, U], Optional[T], Dict[K, V], Final[T] */
static tnn_status is_generic(tnn_interp *interp, const tnn_obj *obj, const char *name, const tnn_ast *inner,
                             bool *out, tnn_error *err) {
    bool list = strcmp(name, "List") == 0, tuple = strcmp(name, "Tuple") == 0;
    *out = strcmp(name, "Dict") == 0 && obj->kind == TNN_OBJ_DICT;
    if (strcmp(name, "Optional") == 0 && obj->kind == TNN_OBJ_NONE) *out = true;
    else if (strcmp(name, "Optional") == 0 || strcmp(name, "Final") == 0)
        return is_of_type(interp, obj, inner, out, err);
    else if ((list && obj->kind == TNN_OBJ_LIST) || (tuple && obj->kind == TNN_OBJ_TUPLE))
        return items_are(interp, obj->as.list, inner, tuple, out, err);
    return TNN_OK;
}

/* __torch__.module.Class: the last part of a class's name is enough of a check before the whole is compared. */
static bool is_class(const tnn_obj *obj, const tnn_ast *type) {
    if (obj->kind != TNN_OBJ_INSTANCE) return false;
    const char *name = obj->as.instance->type->name;
    size_t n = strlen(name);
    for (; type->kind == TNN_AST_ATTRIBUTE; type = type->as.attribute.object) {
        size_t part = strlen(type->as.attribute.name);
        if (n <= part + 1 || memcmp(name + n - part, type->as.attribute.name, part) != 0) return false;
        n -= part + 1;
        if (name[n] != '.') return false;
    }
    return type->kind == TNN_AST_NAME && strlen(type->as.text) == n && memcmp(name, type->as.text, n) == 0;
}

static tnn_status is_any_of(tnn_interp *interp, const tnn_obj *obj, const tnn_ast_items *types, bool *out,
                            tnn_error *err) {
    for (size_t k = 0; !*out && k < types->n; k++)
        TNN_TRY(is_of_type(interp, obj, types->items[k], out, err));
    return TNN_OK;
}

static tnn_status match_type(tnn_interp *interp, const tnn_obj *obj, const tnn_ast *type, bool *out, tnn_error *err) {
    if (type->kind == TNN_AST_NAME) *out = kind_has_name(obj, type->as.text);
    if (type->kind == TNN_AST_NONE) *out = obj->kind == TNN_OBJ_NONE;
    if (type->kind == TNN_AST_ATTRIBUTE) *out = is_class(obj, type);
    if (type->kind == TNN_AST_TUPLE || type->kind == TNN_AST_LIST)
        return is_any_of(interp, obj, &type->as.list, out, err);
    if (type->kind == TNN_AST_SUBSCRIPT && type->as.subscript.object->kind == TNN_AST_NAME)
        return is_generic(interp, obj, type->as.subscript.object->as.text, type->as.subscript.index, out, err);
    return TNN_OK;
}

static tnn_status is_of_type(tnn_interp *interp, const tnn_obj *obj, const tnn_ast *type, bool *out, tnn_error *err) {
    *out = false;
    TNN_TRY(tnn_interp_step(interp, 1, err));
    TNN_TRY(tnn_interp_enter(interp, err));
    TNN_TRY(match_type(interp, obj, type, out, err));
    tnn_interp_leave(interp);
    return TNN_OK;
}

/* The same of a type that was evaluated, as Python does it. */
static tnn_status is_instance(tnn_interp *interp, const tnn_obj *obj, const tnn_obj *type, bool *out, tnn_error *err) {
    const tnn_name *name = tnn_obj_name(type);
    TNN_TRY(tnn_interp_step(interp, 1, err));
    if (type->kind == TNN_OBJ_TUPLE) {
        for (size_t k = 0; !*out && k < type->as.list->n; k++)
            TNN_TRY(is_instance(interp, obj, &type->as.list->items[k], out, err));
        return TNN_OK;
    }
    if (!name || !name->text)
        return tnn_fail(err, TNN_ERR_INVALID, interp->origin.name, "isinstance: expected a class, found a %s",
                        tnn_obj_kind_text(type));
    if (name->kind == TNN_NAME_CLASS)
        *out = obj->kind == TNN_OBJ_INSTANCE && tnn_class_is(obj->as.instance->type, name->type);
    else *out = kind_has_name(obj, name->text);
    return TNN_OK;
}

static tnn_status run_isinstance(tnn_frame *frame, const tnn_ast *call, tnn_obj *out, tnn_error *err) {
    tnn_obj obj, type;
    bool is = false;
    TNN_TRY(tnn_run_expr(frame, call->as.call.args.items[0], &obj, err));
    *out = tnn_obj_unknown();
    if (tnn_obj_is_unknown(&obj)) return TNN_OK;
    if (tnn_frame_is_python(frame)) {
        TNN_TRY(tnn_run_expr(frame, call->as.call.args.items[1], &type, err));
        TNN_TRY(is_instance(frame->interp, &obj, &type, &is, err));
    } else {
        TNN_TRY(is_of_type(frame->interp, &obj, call->as.call.args.items[1], &is, err));
    }
    *out = tnn_obj_bool(is);
    return TNN_OK;
}

static tnn_status run_second(tnn_frame *frame, const tnn_ast *call, tnn_obj *out, tnn_error *err) {
    return tnn_run_expr(frame, call->as.call.args.items[1], out, err);
}

/* A trace hands a tensor of one element as a number by annotate(number, x). */
static tnn_status run_annotate(tnn_frame *frame, const tnn_ast *call, tnn_obj *out, tnn_error *err) {
    const tnn_ast *type = call->as.call.args.items[0];
    bool known;
    TNN_TRY(run_second(frame, call, out, err));
    if (out->kind != TNN_OBJ_TENSOR || type->kind != TNN_AST_NAME || strcmp(type->as.text, "number") != 0) return TNN_OK;
    tnn_obj tensor = *out;
    TNN_TRY(tnn_interp_number(frame->interp, tensor.as.tensor, out, &known, err));
    if (!known) *out = tensor;
    return TNN_OK;
}

static tnn_status run_uninitialized(tnn_frame *frame, const tnn_ast *call, tnn_obj *out, tnn_error *err) {
    (void)call;
    return tnn_name_new(frame->interp, (tnn_name){.kind = TNN_NAME_ABSENT, .text = "a value that was never set"}, out,
                        err);
}

/* super(), or super(Class, self): what the class of the method being run derives from */
static tnn_status run_super(tnn_frame *frame, const tnn_ast *call, tnn_obj *out, tnn_error *err) {
    const tnn_name *method = frame->function;
    bool in_method = method && method->type && method->function->n_params > 0;
    const tnn_obj *self = in_method ? tnn_strmap_get(&frame->locals, method->function->params[0].name) : NULL;
    if (!self || self->kind != TNN_OBJ_INSTANCE)
        return tnn_frame_fail(frame, call, TNN_ERR_INVALID, err, "super() outside of a method", "");
    tnn_name super = {.kind = TNN_NAME_SUPER, .text = "super()", .type = method->type->parent, .self = *self};
    return tnn_name_new(frame->interp, super, out, err);
}

static const struct {
    const char *name;
    size_t n_args;
    bool of_script; /* TorchScript's; a program in Python may have a function of that name */
    tnn_status (*run)(tnn_frame *frame, const tnn_ast *call, tnn_obj *out, tnn_error *err);
} specials[] = {
    {"annotate", 2, true, run_annotate},
    {"unchecked_cast", 2, true, run_second},
    {"uninitialized", 1, true, run_uninitialized},
    {"isinstance", 2, false, run_isinstance},
    {"super", 0, false, run_super},
    {"super", 2, false, run_super},
};

tnn_status tnn_run_special(tnn_frame *frame, const tnn_ast *call, tnn_obj *out, bool *done, tnn_error *err) {
    const tnn_ast *function = call->as.call.function;
    *done = false;
    if (function->kind != TNN_AST_NAME) return TNN_OK;
    for (size_t k = 0; k < sizeof(specials) / sizeof(specials[0]); k++) {
        if (strcmp(specials[k].name, function->as.text) != 0) continue;
        if (specials[k].of_script && tnn_frame_is_python(frame)) continue;
        *done = true;
        if (call->as.call.args.n == specials[k].n_args) return specials[k].run(frame, call, out, err);
    }
    if (!*done) return TNN_OK;
    return tnn_frame_fail(frame, call, TNN_ERR_MALFORMED, err, "wrong number of arguments of ", function->as.text);
}
