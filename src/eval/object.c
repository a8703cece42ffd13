/* Instances of classes, and what can be done with classes. */
#include "eval/object.h"

#include <string.h>

#include "base/nearest.h"
#include "eval/arith.h"
#include "eval/builtins.h"
#include "eval/python.h"

tnn_status tnn_instance_new(tnn_interp *interp, const tnn_class *type, const char *path, tnn_obj *out,
                            tnn_error *err) {
    tnn_instance *instance = TNN_NEW(interp->arena, tnn_instance);
    if (!instance) return tnn_fail_nomem(err);
    TNN_TRY(tnn_interp_step(interp, 1, err));
    instance->type = type;
    instance->path = path;
    tnn_strmap_init(&instance->attributes, interp->arena);
    out->kind = TNN_OBJ_INSTANCE;
    out->as.instance = instance;
    return TNN_OK;
}

tnn_status tnn_instance_set(tnn_interp *interp, tnn_instance *instance, const char *name, tnn_obj value,
                            tnn_error *err) {
    tnn_obj *held = tnn_strmap_get(&instance->attributes, name);
    if (held) {
        *held = value;
        return TNN_OK;
    }
    held = tnn_arena_copy(interp->arena, &value, 1, sizeof(value));
    if (!held || tnn_strmap_set(&instance->attributes, name, held) != TNN_OK) return tnn_fail_nomem(err);
    return TNN_OK;
}

const tnn_obj *tnn_class_member(const tnn_class *type, const char *name) {
    const tnn_obj *member = NULL;
    for (; type && !member; type = type->parent) member = tnn_strmap_get(&type->members, name);
    return member;
}

bool tnn_class_is(const tnn_class *type, const tnn_class *base) {
    while (type && type != base) type = type->parent;
    return type != NULL;
}

bool tnn_obj_is_module(const tnn_obj *obj) {
    return obj->kind == TNN_OBJ_INSTANCE && obj->as.instance->type->base == TNN_BASE_MODULE;
}

const tnn_name *tnn_class_method(const tnn_class *type, const char *name) {
    const tnn_obj *member = tnn_class_member(type, name);
    const tnn_name *method = member ? tnn_obj_name(member) : NULL;
    return method && method->kind == TNN_NAME_FUNCTION ? method : NULL;
}

static tnn_status bind_method(tnn_interp *interp, tnn_instance *instance, const tnn_name *method, tnn_obj *out,
                              tnn_error *err) {
    tnn_name name = *method;
    if (method->form == TNN_METHOD_STATIC) return tnn_name_new(interp, name, out, err);
    if (method->form == TNN_METHOD_PROPERTY)
        return tnn_instance_run(interp, instance, method, NULL, 0, NULL, 0, out, err);
    name.kind = TNN_NAME_METHOD;
    name.self.kind = TNN_OBJ_INSTANCE;
    name.self.as.instance = instance;
    return tnn_name_new(interp, name, out, err);
}

static tnn_status no_attribute(tnn_interp *interp, const tnn_instance *instance, const char *name, tnn_error *err) {
    size_t n = instance->attributes.n_entries;
    const char **names = TNN_NEW_ARRAY(interp->arena, n + 1, const char *);
    if (!names) return tnn_fail_nomem(err);
    for (size_t k = 0; k < n; k++) names[k] = instance->attributes.entries[k].key;
    const char *near = tnn_nearest(name, names, n);
    return tnn_fail(err, TNN_ERR_INVALID, interp->origin.name,
                    "an object of class %.100s has no attribute %.60s%s%.60s%s", instance->type->name, name,
                    near ? "; did you mean " : "", near ? near : "", near ? "?" : "");
}

tnn_status tnn_instance_get(tnn_interp *interp, tnn_instance *instance, const char *name, tnn_obj *out,
                            tnn_error *err) {
    const tnn_obj *held = tnn_strmap_get(&instance->attributes, name);
    const tnn_name *method = held ? NULL : tnn_class_method(instance->type, name);
    if (method) return bind_method(interp, instance, method, out, err);
    if (!held) held = tnn_class_member(instance->type, name);
    if (!held) return no_attribute(interp, instance, name, err);
    *out = *held;
    return TNN_OK;
}

/* `self` in front of the arguments. */
static tnn_status with_self(tnn_interp *interp, tnn_instance *instance, const tnn_obj *args, size_t n_args,
                            tnn_obj **out, tnn_error *err) {
    *out = TNN_NEW_ARRAY(interp->arena, n_args + 1, tnn_obj);
    if (!*out) return tnn_fail_nomem(err);
    (*out)[0].kind = TNN_OBJ_INSTANCE;
    (*out)[0].as.instance = instance;
    if (n_args > 0) memcpy(*out + 1, args, n_args * sizeof(*args));
    return TNN_OK;
}

tnn_status tnn_instance_call(tnn_interp *interp, tnn_instance *instance, const char *method, const tnn_obj *args,
                             size_t n_args, const char *const *keywords, size_t n_keywords, tnn_obj *out,
                             tnn_error *err) {
    const tnn_name *name = tnn_class_method(instance->type, method);
    if (name) return tnn_instance_run(interp, instance, name, args, n_args, keywords, n_keywords, out, err);
    return tnn_fail(err, TNN_ERR_INVALID, interp->origin.name, "class %.100s has no method %.60s",
                    instance->type->name, method);
}

tnn_status tnn_instance_run(tnn_interp *interp, tnn_instance *instance, const tnn_name *method, const tnn_obj *args,
                            size_t n_args, const char *const *keywords, size_t n_keywords, tnn_obj *out,
                            tnn_error *err) {
    const char *scope = interp->origin.scope;
    tnn_obj *all;
    TNN_TRY(with_self(interp, instance, args, n_args, &all, err));
    if (instance->path) interp->origin.scope = instance->path;
    TNN_TRY(tnn_run_function(interp, method, all, n_args + 1, keywords, n_keywords, out, err));
    interp->origin.scope = scope;
    return TNN_OK;
}

static tnn_status new_named_tuple(tnn_interp *interp, const tnn_class *type, const tnn_obj *args, size_t n_args,
                                  tnn_obj *out, tnn_error *err) {
    if (n_args != type->n_fields)
        return tnn_fail(err, TNN_ERR_INVALID, interp->origin.name, "%.100s has %zu fields, %zu are given", type->name,
                        type->n_fields, n_args);
    TNN_TRY(tnn_obj_list_new(interp, TNN_OBJ_TUPLE, args, n_args, out, err));
    out->as.list->fields = type->fields;
    return TNN_OK;
}

static tnn_status find_member(tnn_interp *interp, const tnn_class *type, const tnn_obj *value, tnn_obj *out,
                              tnn_error *err) {
    for (size_t k = 0; k < type->members.n_entries; k++) {
        const tnn_obj *member = type->members.entries[k].value;
        bool equal;
        if (member->kind != TNN_OBJ_INSTANCE) continue;
        const tnn_obj *held = tnn_strmap_get(&member->as.instance->attributes, "value");
        TNN_TRY(tnn_arith_equal(interp, held, value, &equal, err));
        if (!equal) continue;
        *out = *member;
        return TNN_OK;
    }
    return tnn_fail(err, TNN_ERR_INVALID, interp->origin.name, "enum %.100s has no member of that value", type->name);
}

/* An object that its __init__ fills. */
static tnn_status make_object(tnn_interp *interp, const tnn_class *type, const tnn_call_args *call, tnn_obj *out,
                              tnn_error *err) {
    const tnn_name *method = tnn_class_method(type, "__init__");
    tnn_obj ignored;
    TNN_TRY(tnn_instance_new(interp, type, NULL, out, err));
    if (!method) return TNN_OK;
    interp->n_making++;
    tnn_status status = tnn_instance_run(interp, out->as.instance, method, call->args, call->n_args, call->keywords,
                                         call->n_keywords, &ignored, err);
    interp->n_making--;
    return tnn_record_made(interp, out, status, err);
}

tnn_status tnn_class_call(tnn_interp *interp, const tnn_class *type, const tnn_obj *args, size_t n_args,
                          const char *const *keywords, size_t n_keywords, tnn_obj *out, tnn_error *err) {
    tnn_call_args call = {args, n_args, keywords, n_keywords};
    bool plain = n_keywords == 0;
    if (plain && type->base == TNN_BASE_NAMED_TUPLE) return new_named_tuple(interp, type, args, n_args, out, err);
    if (plain && type->base == TNN_BASE_ENUM && n_args == 1) return find_member(interp, type, &args[0], out, err);
    return make_object(interp, type, &call, out, err);
}

tnn_status tnn_class_get(tnn_interp *interp, const tnn_class *type, const char *name, tnn_obj *out, tnn_error *err) {
    const tnn_obj *member = tnn_class_member(type, name);
    if (member) {
        *out = *member;
        return TNN_OK;
    }
    if (strcmp(name, "__new__") == 0) {
        const tnn_builtin_row *row = tnn_builtin_find("builtins.__new__");
        return tnn_name_new(interp, (tnn_name){.kind = TNN_NAME_BUILTIN, .text = name, .builtin = row}, out, err);
    }
    return tnn_fail(err, TNN_ERR_INVALID, interp->origin.name, "class %.100s has no member %.60s", type->name, name);
}

tnn_status tnn_super_get(tnn_interp *interp, const tnn_name *super, const char *name, tnn_obj *out, tnn_error *err) {
    const tnn_name *method = tnn_class_method(super->type, name);
    const tnn_builtin_row *nothing = tnn_builtin_find("builtins.print");
    if (method) return bind_method(interp, super->self.as.instance, method, out, err);
    if (strcmp(name, "__init__") == 0)
        return tnn_name_new(interp, (tnn_name){.kind = TNN_NAME_BUILTIN, .text = name, .builtin = nothing}, out, err);
    return tnn_fail(err, TNN_ERR_INVALID, interp->origin.name, "super() has no method %.60s", name);
}

/* Class.__new__(Class): an object whose __init__ is called by the program. */
tnn_status tnn_builtin_new(tnn_interp *interp, const tnn_builtin_args *in, tnn_obj *out, tnn_error *err) {
    const tnn_name *name = tnn_obj_name(&in->items[0]);
    if (!name || name->kind != TNN_NAME_CLASS)
        return tnn_fail(err, TNN_ERR_INVALID, interp->origin.name, "__new__ of a %s, expected a class",
                        tnn_obj_kind_text(&in->items[0]));
    return tnn_instance_new(interp, name->type, NULL, out, err);
}
