#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "eval/attribute.h"
#include "eval/builtins.h"
#include "eval/handle.h"
#include "eval/library.h"
#include "eval/object.h"

static tnn_status module_name(tnn_interp *interp, tnn_name_kind kind, const char *text, tnn_obj *out,
                              tnn_error *err) {
    return tnn_name_new(interp, (tnn_name){.kind = kind, .text = text}, out, err);
}

static bool find_number(const char *name, tnn_obj *out) {
    double number;
    if (strcmp(name, "inf") == 0) number = INFINITY;
    else if (strcmp(name, "nan") == 0) number = NAN;
    else if (strcmp(name, "pi") == 0) number = 3.14159265358979323846;
    else if (strcmp(name, "e") == 0) number = 2.71828182845904523536;
    else return false;
    *out = tnn_obj_float(number);
    return true;
}

static bool find_format(const char *name, tnn_obj *out) {
    static const char *const names[] = {"contiguous_format", "preserve_format", "channels_last", "channels_last_3d"};
    for (int k = 0; k < 4; k++)
        if (strcmp(names[k], name) == 0) {
            *out = tnn_obj_memory_format((tnn_memory_format)k);
            return true;
        }
    return false;
}

/* torch.float is float32 and so on; the names that are not dtypes' own. */
static tnn_dtype find_dtype(const char *name) {
    static const struct {
        const char *name;
        tnn_dtype dtype;
    } others[] = {{"float", TNN_DTYPE_F32}, {"double", TNN_DTYPE_F64}, {"half", TNN_DTYPE_F16},
                  {"long", TNN_DTYPE_I64},  {"int", TNN_DTYPE_I32},    {"short", TNN_DTYPE_I16}};
    for (size_t k = 0; k < sizeof(others) / sizeof(others[0]); k++)
        if (strcmp(others[k].name, name) == 0) return others[k].dtype;
    return tnn_dtype_from_name(name);
}

tnn_status tnn_torch_attribute(tnn_interp *interp, const char *name, tnn_obj *out, tnn_error *err) {
    tnn_dtype dtype = find_dtype(name);
    if (dtype != TNN_DTYPE_NONE) {
        *out = tnn_obj_dtype(dtype);
        return TNN_OK;
    }
    if (find_format(name, out) || find_number(name, out)) return TNN_OK;
    if (strcmp(name, "nn") == 0) return module_name(interp, TNN_NAME_LIBRARY, "torch.nn", out, err);
    if (strcmp(name, "ops") == 0) return module_name(interp, TNN_NAME_MODULE, "ops", out, err);
    if (strcmp(name, "Tensor") == 0) return module_name(interp, TNN_NAME_TYPE, "Tensor", out, err);
    return module_name(interp, TNN_NAME_OPERATOR, name, out, err);
}

static tnn_status math_attribute(tnn_interp *interp, const char *name, tnn_obj *out, tnn_error *err) {
    char full[80] = "math.";
    if (find_number(name, out)) return TNN_OK;
    if (strlen(name) + strlen(full) < sizeof(full)) strcat(full, name);
    const tnn_builtin_row *row = tnn_builtin_find(full);
    if (!row) return tnn_fail(err, TNN_ERR_UNSUPPORTED, interp->origin.name, "math.%.60s is not supported", name);
    return tnn_name_new(interp, (tnn_name){.kind = TNN_NAME_BUILTIN, .text = row->name, .builtin = row}, out, err);
}

/* CONSTANTS.c12 */
static tnn_status constant_attribute(tnn_interp *interp, const char *name, tnn_obj *out, tnn_error *err) {
    char *end = NULL;
    unsigned long index = name[0] == 'c' && name[1] >= '0' && name[1] <= '9' ? strtoul(name + 1, &end, 10) : 0;
    bool fits = end && !*end && interp->constants.kind == TNN_OBJ_TUPLE && index < interp->constants.as.list->n;
    if (!fits) return tnn_fail(err, TNN_ERR_MALFORMED, interp->origin.name, "there is no constant %.40s", name);
    *out = interp->constants.as.list->items[index];
    return TNN_OK;
}

/* ops.aten.NAME is torch.NAME; ops.prim.NAME are functions of the language; all other namespaces have operators of
 * their own. `space` is "ops.quantized". */
static tnn_status space_attribute(tnn_interp *interp, const char *space, const char *name, tnn_obj *out,
                                  tnn_error *err) {
    tnn_name found = {.kind = TNN_NAME_OPERATOR, .text = name};
    if (strcmp(space, "ops.aten") == 0) return tnn_name_new(interp, found, out, err);
    const char *full = tnn_arena_printf(interp->arena, "%s.%s", space + 4, name);
    if (!full) return tnn_fail_nomem(err);
    found.text = full;
    found.builtin = tnn_builtin_find(full);
    if (found.builtin) found.kind = TNN_NAME_BUILTIN;
    return tnn_name_new(interp, found, out, err);
}

static tnn_status module_attribute(tnn_interp *interp, const tnn_name *module, const char *name, tnn_obj *out,
                                   tnn_error *err) {
    if (strcmp(module->text, "torch") == 0) return tnn_torch_attribute(interp, name, out, err);
    if (strcmp(module->text, "math") == 0) return math_attribute(interp, name, out, err);
    if (strcmp(module->text, "CONSTANTS") == 0) return constant_attribute(interp, name, out, err);
    if (strcmp(module->text, "ops") != 0) return space_attribute(interp, module->text, name, out, err);
    const char *space = tnn_arena_printf(interp->arena, "ops.%s", name);
    return space ? module_name(interp, TNN_NAME_MODULE, space, out, err) : tnn_fail_nomem(err);
}

/* What a name that only the evaluator handles has. */
static tnn_status name_attribute(tnn_interp *interp, const tnn_name *owner, const char *name, tnn_obj *out,
                                 tnn_error *err) {
    tnn_name_kind kind = owner ? owner->kind : TNN_NAME_ABSENT;
    if (kind == TNN_NAME_MODULE) return module_attribute(interp, owner, name, out, err);
    if (kind == TNN_NAME_LIBRARY) return tnn_library_get(interp, owner->text, name, out, err);
    if (kind == TNN_NAME_SUPER) return tnn_super_get(interp, owner, name, out, err);
    if (kind == TNN_NAME_PACKAGE) return tnn_package_get(interp, owner->text, name, out, err);
    if (kind == TNN_NAME_CLASS) return tnn_class_get(interp, owner->type, name, out, err);
    if (kind == TNN_NAME_OPERATOR && !owner->overload)
        return tnn_name_new(interp, (tnn_name){.kind = TNN_NAME_OPERATOR, .text = owner->text, .overload = name},
                            out, err);
    *out = tnn_obj_unknown();
    if (kind == TNN_NAME_UNKNOWN) return TNN_OK;
    return tnn_fail(err, TNN_ERR_INVALID, interp->origin.name, "%.80s has no attribute %.60s",
                    owner && owner->text ? owner->text : "a function", name);
}

/* A field of a named tuple; false when it has none of that name. */
static bool find_field(const tnn_obj *tuple, const char *name, tnn_obj *out) {
    const tnn_obj_list *list = tuple->as.list;
    for (size_t k = 0; list->fields && k < list->n; k++) {
        if (strcmp(list->fields[k], name) != 0) continue;
        *out = list->items[k];
        return true;
    }
    return false;
}

/* What a tensor has beside its methods. */
static tnn_status tensor_attribute(tnn_interp *interp, const tnn_obj *tensor, const char *name, tnn_obj *out,
                                   tnn_error *err) {
    if (strcmp(name, "shape") == 0) return tnn_interp_call(interp, "size", "", tensor, 1, NULL, 0, out, err);
    if (strcmp(name, "ndim") == 0) return tnn_interp_call(interp, "dim", "", tensor, 1, NULL, 0, out, err);
    if (strcmp(name, "T") == 0) return tnn_interp_call(interp, "numpy_T", "", tensor, 1, NULL, 0, out, err);
    if (strcmp(name, "mT") == 0) return tnn_interp_call(interp, "mT", "", tensor, 1, NULL, 0, out, err);
    *out = tnn_obj_dtype(tnn_handle_dtype(tensor->as.tensor));
    if (strcmp(name, "dtype") == 0) return TNN_OK;
    *out = tnn_obj_string("cpu");
    if (strcmp(name, "device") == 0) return TNN_OK;
    if (strcmp(name, "data") == 0) return tnn_interp_call(interp, "detach", "", tensor, 1, NULL, 0, out, err);
    *out = tnn_obj_bool(false);
    if (strcmp(name, "requires_grad") == 0 || strcmp(name, "is_cuda") == 0) return TNN_OK;
    return tnn_name_new(interp, (tnn_name){.kind = TNN_NAME_METHOD, .text = name, .self = *tensor}, out, err);
}

tnn_status tnn_run_attribute(tnn_interp *interp, const tnn_obj *object, const char *name, tnn_obj *out,
                             tnn_error *err) {
    const tnn_name *owner = tnn_obj_name(object);
    tnn_obj self = *object;
    if (object->kind == TNN_OBJ_TENSOR) return tensor_attribute(interp, &self, name, out, err);
    if (object->kind == TNN_OBJ_INSTANCE) return tnn_instance_get(interp, object->as.instance, name, out, err);
    if (object->kind == TNN_OBJ_NAME) return name_attribute(interp, owner, name, out, err);
    if (object->kind == TNN_OBJ_TUPLE && find_field(&self, name, out)) return TNN_OK;
    if (object->kind == TNN_OBJ_LIST || object->kind == TNN_OBJ_TUPLE || object->kind == TNN_OBJ_STRING ||
        object->kind == TNN_OBJ_DICT)
        return tnn_name_new(interp, (tnn_name){.kind = TNN_NAME_METHOD, .text = name, .self = self}, out, err);
    return tnn_fail(err, TNN_ERR_INVALID, interp->origin.name, "a %s has no attribute %.60s",
                    tnn_obj_kind_text(object), name);
}
