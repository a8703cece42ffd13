/* The objects of data.pkl and constants.pkl: modules with their attributes, containers, numbers, tensors. */
#include <stdio.h>
#include <string.h>

#include "read/module_type.h"
#include "read/saved.h"
#include "read/torchscript_tensor.h"

/* Where an object stands. */
typedef struct place {
    const char *folder; /* of storages */
    const char *path;   /* "features.0.weight" */
    const char *role;   /* of a tensor there */
} place;

static tnn_status to_obj(tnn_ts_load *load, tnn_pickle *object, const place *at, tnn_obj *out, tnn_error *err);

/* A place below, under `name`. */
static tnn_status below(const tnn_ts_load *load, const place *at, const char *name, place *out, tnn_error *err) {
    const char *dot = *at->path == '\0' ? "" : ".";
    out->folder = at->folder;
    out->role = "constant";
    out->path = tnn_arena_printf(load->base.model->arena, "%s%s%s", at->path, dot, name);
    return out->path == NULL ? tnn_fail_nomem(err) : TNN_OK;
}

static tnn_status malformed(const tnn_ts_load *load, const place *at, const char *what, tnn_error *err) {
    return tnn_fail(err, TNN_ERR_MALFORMED, load->base.file, "object \"%.100s\": %.200s", at->path, what);
}

static tnn_status list_to_obj(tnn_ts_load *load, const tnn_pickle *object, tnn_obj_kind kind, const place *at,
                              tnn_obj *out, tnn_error *err) {
    tnn_obj *items = TNN_NEW_ARRAY(load->base.scratch, object->n_items, tnn_obj);
    if (items == NULL) return tnn_fail_nomem(err);
    for (size_t i = 0; i < object->n_items; i++) {
        char name[24];
        place inner;
        snprintf(name, sizeof name, "%zu", i);
        TNN_TRY(below(load, at, name, &inner, err));
        TNN_TRY(to_obj(load, object->items[i], &inner, &items[i], err));
    }
    return tnn_obj_list_new(load->base.interp, kind, items, object->n_items, out, err);
}

static tnn_status dict_to_obj(tnn_ts_load *load, const tnn_pickle *object, const place *at, tnn_obj *out,
                              tnn_error *err) {
    TNN_TRY(tnn_dict_new(load->base.interp, out, err));
    for (size_t i = 0; i + 1 < object->n_items; i += 2) {
        tnn_obj key, value;
        place inner;
        TNN_TRY(to_obj(load, object->items[i], at, &key, err));
        TNN_TRY(below(load, at, key.kind == TNN_OBJ_STRING ? key.as.text : "item", &inner, err));
        TNN_TRY(to_obj(load, object->items[i + 1], &inner, &value, err));
        TNN_TRY(tnn_dict_set(load->base.interp, out->as.dict, key, value, err));
    }
    return TNN_OK;
}

/* Is the name in the class's list of that name? */
static bool is_listed(const tnn_class *type, const char *list, const char *name) {
    const tnn_obj *names = tnn_strmap_get(&type->members, list);
    if (names == NULL || names->kind != TNN_OBJ_LIST) return false;
    for (size_t i = 0; i < names->as.list->n; i++) {
        const tnn_obj *item = &names->as.list->items[i];
        if (item->kind == TNN_OBJ_STRING && strcmp(item->as.text, name) == 0) return true;
    }
    return false;
}

static const char *role_of(const tnn_class *type, const char *name) {
    if (is_listed(type, "__parameters__", name)) return "parameter";
    return is_listed(type, "__buffers__", name) ? "buffer" : "constant";
}

static tnn_status set_attributes(tnn_ts_load *load, const tnn_pickle *state, const place *at, tnn_instance *instance,
                                 tnn_error *err) {
    for (size_t i = 0; i + 1 < state->n_items; i += 2) {
        const tnn_pickle *name = state->items[i];
        tnn_obj value;
        place inner;
        if (name->kind != TNN_PICKLE_STRING) return malformed(load, at, "an attribute's name is no string", err);
        TNN_TRY(below(load, at, name->text, &inner, err));
        inner.role = role_of(instance->type, name->text);
        TNN_TRY(to_obj(load, state->items[i + 1], &inner, &value, err));
        TNN_TRY(tnn_instance_set(load->base.interp, instance, name->text, value, err));
        const tnn_program_attribute attribute = {instance, name->text, inner.path, value.as.tensor};
        if (value.kind == TNN_OBJ_TENSOR) TNN_TRY(tnn_program_note(&load->base, &attribute, err));
    }
    return TNN_OK;
}

/* An object of a class of the program: its state is a dict of attributes, or what its __setstate__ takes. */
static tnn_status make_instance(tnn_ts_load *load, const tnn_pickle *object, const tnn_class *type, const place *at,
                                tnn_obj *out, tnn_error *err) {
    const tnn_pickle *state = object->state;
    tnn_obj given, ignored;
    const char *path = type->base == TNN_BASE_MODULE ? at->path : NULL;
    TNN_TRY(tnn_instance_new(load->base.interp, type, path, out, err));
    if (load->base.options->as_written) TNN_TRY(tnn_module_type_note(load->base.model, path, type->name, err));
    if (state == NULL) return TNN_OK;
    if (tnn_class_method(type, "__setstate__") != NULL) {
        TNN_TRY(to_obj(load, object->state, at, &given, err));
        return tnn_instance_call(load->base.interp, out->as.instance, "__setstate__", &given, 1, NULL, 0, &ignored, err);
    }
    if (state->kind != TNN_PICKLE_DICT) return malformed(load, at, "its state is no dict", err);
    return set_attributes(load, state, at, out->as.instance, err);
}

/* Classes of PyTorch's own C++ code, which an archive mentions and does not hold. */
static bool is_foreign(const char *name) { return strncmp(name, "__torch__.torch.classes.", 24) == 0; }

static tnn_status foreign_to_obj(tnn_ts_load *load, const char *name, tnn_obj *out, tnn_error *err) {
    const char *text = tnn_arena_printf(load->base.model->arena, "an object of class %s", name + strlen("__torch__."));
    if (text == NULL) return tnn_fail_nomem(err);
    return tnn_name_new(load->base.interp, (tnn_name){.kind = TNN_NAME_ABSENT, .text = text}, out, err);
}

static tnn_status class_to_obj(tnn_ts_load *load, const tnn_pickle *object, const place *at, tnn_obj *out,
                               tnn_error *err) {
    const tnn_class *type = NULL;
    tnn_obj args;
    if (is_foreign(object->callable->text)) return foreign_to_obj(load, object->callable->text, out, err);
    TNN_TRY(tnn_class_find(load->base.interp, object->callable->text, &type, err));
    bool made_of_args = type->base == TNN_BASE_ENUM || type->base == TNN_BASE_NAMED_TUPLE;
    if (!made_of_args) return make_instance(load, object, type, at, out, err);
    TNN_TRY(list_to_obj(load, object->args, TNN_OBJ_TUPLE, at, &args, err));
    return tnn_class_call(load->base.interp, type, args.as.list->items, args.as.list->n, NULL, 0, out, err);
}

/* Functions that wrap a container or a string, and mean what they wrap. */
static bool is_wrapper(const tnn_pickle *object) {
    static const char *const wrappers[] = {
        "torch.jit._pickle.restore_type_tag", "torch.jit._pickle.build_intlist", "torch.jit._pickle.build_doublelist",
        "torch.jit._pickle.build_boollist",   "torch.jit._pickle.build_tensorlist", "torch.device",
    };
    for (size_t i = 0; i < sizeof wrappers / sizeof *wrappers; i++) {
        if (tnn_pickle_calls(object, wrappers[i])) return object->args->n_items > 0;
    }
    return false;
}

static tnn_status call_to_obj(tnn_ts_load *load, tnn_pickle *object, const place *at, tnn_obj *out, tnn_error *err) {
    if (tnn_saved_is_tensor(object)) return tnn_ts_tensor_get(load, object, at->folder, at->path, at->role, out, err);
    if (is_wrapper(object)) return to_obj(load, object->args->items[0], at, out, err);
    if (strncmp(object->callable->text, "__torch__.", 10) == 0) return class_to_obj(load, object, at, out, err);
    return tnn_fail(err, TNN_ERR_UNSUPPORTED, load->base.file, "object \"%.100s\" is made by %.100s", at->path,
                    object->callable->text);
}

static tnn_status text_to_obj(const tnn_ts_load *load, const char *text, tnn_obj *out, tnn_error *err) {
    *out = tnn_obj_string(tnn_arena_str(load->base.model->arena, text));
    return out->as.text == NULL ? tnn_fail_nomem(err) : TNN_OK;
}

static tnn_status kind_to_obj(tnn_ts_load *load, tnn_pickle *object, const place *at, tnn_obj *out, tnn_error *err) {
    *out = tnn_obj_none();
    switch (object->kind) {
    case TNN_PICKLE_NONE: return TNN_OK;
    case TNN_PICKLE_BOOL: *out = tnn_obj_bool(object->integer != 0); return TNN_OK;
    case TNN_PICKLE_INT: *out = tnn_obj_int(tnn_size_const(object->integer)); return TNN_OK;
    case TNN_PICKLE_FLOAT: *out = tnn_obj_float(object->number); return TNN_OK;
    case TNN_PICKLE_STRING:
    case TNN_PICKLE_GLOBAL: return text_to_obj(load, object->text, out, err);
    case TNN_PICKLE_LIST: return list_to_obj(load, object, TNN_OBJ_LIST, at, out, err);
    case TNN_PICKLE_TUPLE: return list_to_obj(load, object, TNN_OBJ_TUPLE, at, out, err);
    case TNN_PICKLE_DICT: return dict_to_obj(load, object, at, out, err);
    case TNN_PICKLE_REDUCE: return call_to_obj(load, object, at, out, err);
    case TNN_PICKLE_BYTES:
    case TNN_PICKLE_SET:
    case TNN_PICKLE_PERSISTENT: break;
    }
    return tnn_fail(err, TNN_ERR_UNSUPPORTED, load->base.file, "object \"%.100s\" is of a kind that programs do not have",
                    at->path);
}

/* An object that several places share is made once. */
static tnn_status to_obj(tnn_ts_load *load, tnn_pickle *object, const place *at, tnn_obj *out, tnn_error *err) {
    if (object->made != NULL) {
        *out = *(const tnn_obj *)object->made;
        return TNN_OK;
    }
    TNN_TRY(kind_to_obj(load, object, at, out, err));
    object->made = tnn_arena_copy(load->base.scratch, out, 1, sizeof *out);
    return object->made == NULL ? tnn_fail_nomem(err) : TNN_OK;
}

static tnn_status read_constants(tnn_ts_load *load, tnn_error *err) {
    const tnn_pickle *tuple = load->archive->constants;
    const place at = {"constants", "", "constant"};
    if (tuple == NULL) return TNN_OK;
    if (tuple->kind != TNN_PICKLE_TUPLE) return malformed(load, &at, "constants.pkl is no tuple", err);
    tnn_obj *items = TNN_NEW_ARRAY(load->base.scratch, tuple->n_items, tnn_obj);
    if (items == NULL) return tnn_fail_nomem(err);
    for (size_t i = 0; i < tuple->n_items; i++) {
        char name[24];
        place inner;
        snprintf(name, sizeof name, "c%zu", i);
        TNN_TRY(below(load, &at, name, &inner, err));
        TNN_TRY(to_obj(load, tuple->items[i], &inner, &items[i], err));
        if (items[i].kind == TNN_OBJ_TENSOR) tnn_interp_is_number(items[i].as.tensor);
    }
    TNN_TRY(tnn_obj_list_new(load->base.interp, TNN_OBJ_TUPLE, items, tuple->n_items, &load->constants, err));
    tnn_interp_set_constants(load->base.interp, load->constants);
    return TNN_OK;
}

tnn_status tnn_ts_objects(tnn_ts_load *load, tnn_error *err) {
    const place at = {"data", "", "constant"};
    tnn_obj root;
    TNN_TRY(read_constants(load, err));
    TNN_TRY(to_obj(load, load->archive->data, &at, &root, err));
    if (root.kind != TNN_OBJ_INSTANCE) return malformed(load, &at, "the model is no module", err);
    load->base.root = root.as.instance;
    return TNN_OK;
}
