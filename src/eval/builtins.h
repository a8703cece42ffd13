/* Functions that the evaluator computes itself: Python's own, math's, and operator's. */
#ifndef TNN_EVAL_BUILTINS_H
#define TNN_EVAL_BUILTINS_H

#include "eval/state.h"

/* The positional arguments of a call, as many as the row allows. */
typedef struct tnn_builtin_args {
    const tnn_builtin_row *row;
    const tnn_obj *items;
    size_t n;
} tnn_builtin_args;

typedef tnn_status tnn_builtin_fn(tnn_interp *interp, const tnn_builtin_args *in, tnn_obj *out, tnn_error *err);

struct tnn_builtin_row {
    const char *name; /* "builtins.len", "math.floor", "_operator.add", "sym_max" */
    size_t min_args, max_args;
    tnn_builtin_fn *run;
    tnn_ast_op op;          /* of the operators */
    double (*math)(double); /* of the functions of math */
    bool takes_unknown;     /* runs on stand-ins; else the result is one when an argument is */
    const char *keyword;    /* by which the last argument may be given; NULL: by none */
    bool is_ours;           /* no function of Python's: programs in Python do not have it */
};

extern const tnn_builtin_row tnn_builtin_rows[];
extern const size_t tnn_n_builtin_rows;

/* The row of a full name; NULL when there is none. */
const tnn_builtin_row *tnn_builtin_find(const char *name);

/* Errors: TNN_ERR_INVALID (number or type of arguments, keywords), and those of the function. */
tnn_status tnn_builtin_call(tnn_interp *interp, const tnn_builtin_row *row, const tnn_obj *args, size_t n_args,
                            const char *const *keywords, size_t n_keywords, tnn_obj *out, tnn_error *err);

/* The items of what a loop runs over: a list or tuple as it is, the keys of a dict, the letters of a text, the rows of a
 * tensor, what __iter__ of an object gives. `out` may be `obj`. Errors: TNN_ERR_INVALID (nothing to loop over). */
tnn_status tnn_iterate(tnn_interp *interp, const tnn_obj *obj, tnn_obj *out, tnn_error *err);

/* The methods of lists, tuples, dicts and strings. Errors: TNN_ERR_INVALID (no such method, arguments do not fit). */
tnn_status tnn_method_run(tnn_interp *interp, const tnn_obj *self, const char *name, const tnn_obj *args,
                          size_t n_args, tnn_obj *out, tnn_error *err);
bool tnn_method_exists(const tnn_obj *self, const char *name);

/* Index of an item in a sequence of `n`, negative ones from the end. Errors: TNN_ERR_INVALID (out of range). */
tnn_status tnn_index_of(tnn_interp *interp, const tnn_obj *index, size_t n, size_t *out, tnn_error *err);

tnn_builtin_fn tnn_builtin_len, tnn_builtin_range, tnn_builtin_int, tnn_builtin_float, tnn_builtin_bool;
tnn_builtin_fn tnn_builtin_abs, tnn_builtin_min, tnn_builtin_max, tnn_builtin_sum, tnn_builtin_getattr;
tnn_builtin_fn tnn_builtin_nothing, tnn_builtin_new;
tnn_builtin_fn tnn_builtin_setattr, tnn_builtin_hasattr, tnn_builtin_children, tnn_builtin_unset, tnn_builtin_kept;
tnn_builtin_fn tnn_builtin_copied;
tnn_builtin_fn tnn_builtin_list, tnn_builtin_tuple, tnn_builtin_reversed, tnn_builtin_enumerate;
tnn_builtin_fn tnn_builtin_zip, tnn_builtin_all, tnn_builtin_any, tnn_builtin_str, tnn_builtin_absent;
tnn_builtin_fn tnn_builtin_known, tnn_builtin_places, tnn_builtin_getitem, tnn_builtin_whole, tnn_builtin_math, tnn_builtin_pow;
tnn_builtin_fn tnn_builtin_binary, tnn_builtin_unary, tnn_builtin_compare;

#endif
