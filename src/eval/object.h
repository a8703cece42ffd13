/* Dicts, and classes of a program with their instances. */
#ifndef TNN_EVAL_OBJECT_H
#define TNN_EVAL_OBJECT_H

#include "eval/frame.h"

tnn_status tnn_dict_new(tnn_interp *interp, tnn_obj *out, tnn_error *err);
/* Replaces what the key has. */
tnn_status tnn_dict_set(tnn_interp *interp, tnn_obj_dict *dict, tnn_obj key, tnn_obj value, tnn_error *err);
/* `at` may be NULL; unchanged when the key is not found. */
tnn_status tnn_dict_find(tnn_interp *interp, const tnn_obj_dict *dict, const tnn_obj *key, bool *found, size_t *at,
                         tnn_error *err);
/* Errors: TNN_ERR_INVALID (no such key). */
tnn_status tnn_dict_get(tnn_interp *interp, const tnn_obj_dict *dict, const tnn_obj *key, tnn_obj *out,
                        tnn_error *err);
void tnn_dict_remove(tnn_obj_dict *dict, size_t at);

/* What a class of the program derives from. */
typedef enum tnn_class_base {
    TNN_BASE_NONE,
    TNN_BASE_MODULE,
    TNN_BASE_ENUM,        /* members are instances with `name` and `value` */
    TNN_BASE_NAMED_TUPLE, /* calling it makes a tuple with fields */
    TNN_BASE_INTERFACE
} tnn_class_base;

struct tnn_class {
    const char *name; /* full: "__torch__.torch.nn.modules.conv.Conv2d" */
    tnn_class_base base;
    const tnn_class *parent; /* NULL: none that the program or the library defines */
    const char *file;        /* of the program; NULL: a text of ours */
    tnn_strmap members; /* methods (functions), constants, members of an enum: tnn_obj by name */
    const char **fields; /* annotated names, in order: attributes, or fields of a named tuple */
    const tnn_ast **annotations; /* their types */
    size_t n_fields, cap_fields, cap_annotations;
};

struct tnn_instance {
    const tnn_class *type;
    tnn_strmap attributes; /* tnn_obj by name */
    const char *path;      /* "features.0.1"; "" the root; NULL: no module */
};

/* A class statement. The object is a TNN_NAME_CLASS. */
tnn_status tnn_class_define(tnn_frame *frame, const tnn_stmt *stmt, tnn_obj *out, tnn_error *err);

/* The class of a full name, from the program. Errors: TNN_ERR_MALFORMED (no such class), those of its module. */
tnn_status tnn_class_find(tnn_interp *interp, const char *name, const tnn_class **out, tnn_error *err);

/* A member of the class or of the nearest base that has one; NULL: none. */
const tnn_obj *tnn_class_member(const tnn_class *type, const char *name);
/* The same, where it is a function; else NULL. */
const tnn_name *tnn_class_method(const tnn_class *type, const char *name);
/* Is `type` that class, or does it derive from it? */
bool tnn_class_is(const tnn_class *type, const tnn_class *base);

tnn_status tnn_instance_new(tnn_interp *interp, const tnn_class *type, const char *path, tnn_obj *out,
                            tnn_error *err);
tnn_status tnn_instance_set(tnn_interp *interp, tnn_instance *instance, const char *name, tnn_obj value,
                            tnn_error *err);
/* Attribute, method or constant. Errors: TNN_ERR_INVALID (there is none). */
tnn_status tnn_instance_get(tnn_interp *interp, tnn_instance *instance, const char *name, tnn_obj *out,
                            tnn_error *err);
/* Call a method. The nodes it appends are in the scope of the instance's path. The last n_keywords of `args` belong
 * to `keywords`. */
tnn_status tnn_instance_call(tnn_interp *interp, tnn_instance *instance, const char *method, const tnn_obj *args,
                             size_t n_args, const char *const *keywords, size_t n_keywords, tnn_obj *out,
                             tnn_error *err);
/* The same with a method that was looked up. */
tnn_status tnn_instance_run(tnn_interp *interp, tnn_instance *instance, const tnn_name *method, const tnn_obj *args,
                            size_t n_args, const char *const *keywords, size_t n_keywords, tnn_obj *out,
                            tnn_error *err);
/* Does calling the object call a module's forward? */
bool tnn_obj_is_module(const tnn_obj *obj);

/* Calling a class: a named tuple, a member of an enum by its value, or an object made by `__init__`. */
tnn_status tnn_class_call(tnn_interp *interp, const tnn_class *type, const tnn_obj *args, size_t n_args,
                          const char *const *keywords, size_t n_keywords, tnn_obj *out, tnn_error *err);

/* super().NAME: a method of the class behind `super` or of its bases, bound to self. Where there is none, a function that
 * does nothing stands for the __init__ of Python's object. Errors: TNN_ERR_INVALID. */
tnn_status tnn_super_get(tnn_interp *interp, const tnn_name *super, const char *name, tnn_obj *out, tnn_error *err);

/* Attribute of a class: a member, or `__new__`. */
tnn_status tnn_class_get(tnn_interp *interp, const tnn_class *type, const char *name, tnn_obj *out, tnn_error *err);

/* `name` in the package of that full name: what its module defines, or a package below it. */
tnn_status tnn_package_get(tnn_interp *interp, const char *package, const char *name, tnn_obj *out, tnn_error *err);

/* What the program calls CONSTANTS.c0, CONSTANTS.c1 … */
void tnn_interp_set_constants(tnn_interp *interp, tnn_obj tuple);

#endif
