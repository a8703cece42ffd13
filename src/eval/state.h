/* What the files of the evaluator share: the interpreter, handles on tensors, names. */
#ifndef TNN_EVAL_STATE_H
#define TNN_EVAL_STATE_H

#include "base/strmap.h"
#include "eval/ast.h"
#include "eval/interp.h"
#include "ops/row.h"

/* What a node is called and where it came from. */
typedef struct tnn_origin tnn_origin;
struct tnn_origin {
    const char *name, *scope;
    tnn_source source;
};

/* A tensor that stands for numbers that nobody gave: weights until they are loaded, what was drawn at random. */
typedef struct tnn_unset {
    tnn_value *value;
    const char *what;
    tnn_source source;
} tnn_unset;

typedef struct tnn_record tnn_record; /* eval/python.h */

struct tnn_interp {
    tnn_graph *graph;
    tnn_node *before;
    tnn_arena *arena; /* the model's */
    tnn_interp_options options;
    uint64_t n_steps;
    uint32_t depth;
    uint32_t n_texts;    /* of operators, being run inside of each other */
    tnn_origin origin;
    tnn_strmap targets;  /* "name.overload" in the program, and in texts, to tnn_target_set (eval/dispatch.h) */
    tnn_strmap modules;  /* of the program, by full name: a tnn_strmap of its globals */
    tnn_strmap packages; /* by full name: tnn_obj */
    tnn_obj constants;   /* the tuple behind CONSTANTS.cN, or None */
    uint32_t n_guesses;  /* branches being run of which nobody knows whether they would be */
    tnn_record *record;  /* modules are not called but noted here; NULL: they are called */
    uint32_t n_making;   /* __init__ methods being run inside of each other */
    tnn_unset *unset;
    size_t n_unset, cap_unset;
};

/* What a TNN_OBJ_NAME names. */
typedef enum tnn_name_kind {
    TNN_NAME_MODULE,   /* torch, torch.ops, math: attributes are looked up in it */
    TNN_NAME_OPERATOR, /* text, overload: goes to tnn_interp_call */
    TNN_NAME_BUILTIN,  /* a row of builtins.c, types such as `int` too */
    TNN_NAME_METHOD,   /* text is called on self; of an instance its class has a function */
    TNN_NAME_FUNCTION, /* def */
    TNN_NAME_CLASS,    /* of the program */
    TNN_NAME_PACKAGE,  /* part of a name of the program: __torch__.torch.nn */
    TNN_NAME_LIBRARY,  /* a module that a Python program imports: text is "torch.nn" */
    TNN_NAME_SUPER,    /* super(): methods of `type` and its bases, called on self */
    TNN_NAME_TYPE,     /* for isinstance only */
    TNN_NAME_UNKNOWN,  /* stands in for the result of what cannot be done */
    TNN_NAME_ABSENT    /* a result that does not exist; text says what it would be */
} tnn_name_kind;

typedef struct tnn_builtin_row tnn_builtin_row;
typedef struct tnn_class tnn_class;

/* What a decorator made of a method. */
typedef enum tnn_method_form { TNN_METHOD_PLAIN, TNN_METHOD_STATIC, TNN_METHOD_PROPERTY } tnn_method_form;

typedef struct tnn_name {
    tnn_name_kind kind;
    tnn_method_form form; /* FUNCTION */
    const char *text;
    const char *overload;
    tnn_obj self;
    const tnn_function *function;
    const tnn_class *type; /* CLASS; SUPER; FUNCTION: whose method it is, or NULL */
    tnn_strmap *globals; /* of the function's module: tnn_obj by name */
    const char *file;    /* of the program that the function stands in; NULL: a text of ours */
    const tnn_builtin_row *builtin;
} tnn_name;

tnn_status tnn_name_new(tnn_interp *interp, tnn_name name, tnn_obj *out, tnn_error *err);
/* The name behind a TNN_OBJ_NAME; NULL for other kinds. */
const tnn_name *tnn_obj_name(const tnn_obj *obj);

/* What a TNN_NAME_ABSENT would be; NULL for all other objects. */
const char *tnn_obj_absent(const tnn_obj *obj);

/* A stand-in, and whether an object is one. */
tnn_obj tnn_obj_unknown(void);
bool tnn_obj_is_unknown(const tnn_obj *obj);

/* Does the value stand for numbers that nobody gave? */
bool tnn_is_unset(const tnn_interp *interp, const tnn_value *value);

/* "int", "Tensor", "list": for messages. */
const char *tnn_obj_kind_text(const tnn_obj *obj);

/* Count work; TNN_ERR_LIMIT beyond max_steps. Building n items costs n. */
tnn_status tnn_interp_step(tnn_interp *interp, uint64_t n, tnn_error *err);
/* Nesting; TNN_ERR_LIMIT beyond max_depth. Every enter that succeeded has one leave. */
tnn_status tnn_interp_enter(tnn_interp *interp, tnn_error *err);
void tnn_interp_leave(tnn_interp *interp);

/* An empty list or tuple with room for `room` items, and one item more at its end. */
tnn_status tnn_list_new(tnn_interp *interp, tnn_obj_kind kind, size_t room, tnn_obj *out, tnn_error *err);
tnn_status tnn_list_push(tnn_interp *interp, tnn_obj_list *list, tnn_obj item, tnn_error *err);

/* The number of an int or bool; when it is symbolic the hint is recorded as a guard. */
tnn_status tnn_obj_to_int(tnn_interp *interp, const tnn_obj *obj, int64_t *out, tnn_error *err);

#endif
