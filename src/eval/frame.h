/* Running programs of the subset: modules, functions, statements, expressions. */
#ifndef TNN_EVAL_FRAME_H
#define TNN_EVAL_FRAME_H

#include "eval/bind.h"

/* One call of a function, or the top level of a module. */
typedef struct tnn_frame {
    tnn_interp *interp;
    tnn_strmap *globals; /* tnn_obj by name */
    tnn_strmap locals;   /* likewise; unused at the top level */
    bool top;
    const char *where;  /* name of the function, for messages */
    const tnn_name *function; /* being called; NULL at the top level */
    const char *file;   /* of the program; NULL: a text of ours, whose nodes come from where it was called */
    const tnn_source *caller; /* where in the program the function was called; or NULL */
    const char *module; /* full name of the program's module at the top level; NULL: none */
    bool lenient;       /* statements that fail are skipped, and what they assign is not known */
    tnn_obj result;    /* of return */
} tnn_frame;

/* How a statement ended. */
typedef enum tnn_flow { TNN_FLOW_NEXT, TNN_FLOW_BREAK, TNN_FLOW_CONTINUE, TNN_FLOW_RETURN } tnn_flow;

/* Parse and run the top level of `text`, then look up one of its functions.
 * Errors: those of tnn_parse and of the statements; TNN_ERR_INVALID (no such function). */
tnn_status tnn_run_module(tnn_interp *interp, const char *text, const char *function, const tnn_name **out,
                          tnn_error *err);

/* Run the top level of a module of the program; what it defines goes into `globals`. */
tnn_status tnn_run_program_text(tnn_interp *interp, const char *module, const tnn_program_text *text,
                                tnn_strmap *globals, tnn_error *err);

/* Is it the text of a Python program, not of TorchScript's or of ours? */
bool tnn_frame_is_python(const tnn_frame *frame);

/* The only object that `text` defines; `module` is what the full name of a class begins with. */
tnn_status tnn_run_object(tnn_interp *interp, const char *text, const char *module, tnn_obj *out, tnn_error *err);

/* The only function that `text` defines. */
tnn_status tnn_run_definition(tnn_interp *interp, const char *text, const tnn_name **out, tnn_error *err);

/* Call it. The last n_keywords of `args` belong to `keywords`. */
tnn_status tnn_run_function(tnn_interp *interp, const tnn_name *name, const tnn_obj *args, size_t n_args,
                            const char *const *keywords, size_t n_keywords, tnn_obj *out, tnn_error *err);

/* `annotate(type, x)` and others whose arguments are types, which are not evaluated. `*done` is false when the call is
 * none of them. */
tnn_status tnn_run_special(tnn_frame *frame, const tnn_ast *call, tnn_obj *out, bool *done, tnn_error *err);

/* torch.NAME(...) on numbers, strings, lists and dicts, as TorchScript writes it. `*done` is false when it is a call
 * of an operator on tensors. */
tnn_status tnn_run_script_call(tnn_interp *interp, const tnn_name *name, const tnn_obj *args, size_t n_args,
                               const char *const *keywords, size_t n_keywords, tnn_obj *out, bool *done,
                               tnn_error *err);

/* A call that a program writes. The nodes of operators are called as the operators are; what is lacking is noted. */
tnn_status tnn_run_program_call(tnn_interp *interp, const tnn_obj *callee, const tnn_call_args *call, tnn_obj *out,
                                tnn_error *err);

/* What the program calls by this name is lacking: noted, and `out` stands in for its result, when the options have a
 * place for that; otherwise the error `code` that it gave. */
tnn_status tnn_run_lack(tnn_interp *interp, const char *name, tnn_status code, const tnn_error *why, tnn_obj *out,
                        tnn_error *err);

/* A block of which nobody can tell whether it would run: it is run for what it lacks, and what it assigns is not known
 * after. Errors: TNN_ERR_NOMEM, TNN_ERR_LIMIT. */
tnn_status tnn_run_guess(tnn_frame *frame, const tnn_block *block, tnn_error *err);

/* What the statement assigns is not known. */
tnn_status tnn_run_forget(tnn_frame *frame, const tnn_stmt *stmt, tnn_error *err);

/* A function as an object: what its decorators make of it. `owner` is the class whose method it is, or NULL.
 * Errors: TNN_ERR_UNSUPPORTED (another decorator). */
tnn_status tnn_run_def(tnn_frame *frame, const tnn_stmt *stmt, const tnn_class *owner, tnn_obj *out, tnn_error *err);

/* Call any object that can be called. */
tnn_status tnn_run_call(tnn_interp *interp, const tnn_obj *callee, const tnn_obj *args, size_t n_args,
                        const char *const *keywords, size_t n_keywords, tnn_obj *out, tnn_error *err);

tnn_status tnn_run_block(tnn_frame *frame, const tnn_block *block, tnn_flow *flow, tnn_error *err);
tnn_status tnn_run_expr(tnn_frame *frame, const tnn_ast *ast, tnn_obj *out, tnn_error *err);
/* Target of an assignment: a name, tuple, subscript. */
tnn_status tnn_run_assign(tnn_frame *frame, const tnn_ast *target, tnn_obj value, tnn_error *err);
/* The arguments of a call, those behind stars one by one, keywords last. */
tnn_status tnn_run_arguments(tnn_frame *frame, const tnn_ast *call, tnn_call_args *out, tnn_error *err);
/* `object.name` */
tnn_status tnn_run_attribute(tnn_interp *interp, const tnn_obj *object, const char *name, tnn_obj *out,
                             tnn_error *err);
/* `object[index]`, and what it takes on the left of an assignment or in `del`. */
tnn_status tnn_run_subscript(tnn_frame *frame, const tnn_ast *ast, tnn_obj *out, tnn_error *err);
tnn_status tnn_run_subscript_set(tnn_frame *frame, const tnn_ast *ast, tnn_obj value, tnn_error *err);
tnn_status tnn_run_subscript_del(tnn_frame *frame, const tnn_ast *ast, tnn_error *err);

tnn_status tnn_frame_set(tnn_frame *frame, const char *name, tnn_obj value, tnn_error *err);
/* `code` at the line of the program. */
tnn_status tnn_frame_fail(const tnn_frame *frame, const tnn_ast *at, tnn_status code, tnn_error *err,
                          const char *message, const char *detail);

#endif
