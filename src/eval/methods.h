/* Methods of lists, tuples, dicts and strings: tables that methods.c looks up. */
#ifndef TNN_EVAL_METHODS_H
#define TNN_EVAL_METHODS_H

#include "eval/state.h"

/* A call of a method: the object and its arguments, as many as the row allows. */
typedef struct tnn_method_call {
    tnn_interp *interp;
    const tnn_obj *self;
    const tnn_obj *args;
    size_t n;
} tnn_method_call;

typedef struct tnn_method_row {
    tnn_obj_kind kind;
    const char *name;
    size_t min_args, max_args;
    tnn_status (*run)(const tnn_method_call *call, tnn_obj *out, tnn_error *err);
} tnn_method_row;

extern const tnn_method_row tnn_dict_methods[], tnn_text_methods[];
extern const size_t tnn_n_dict_methods, tnn_n_text_methods;

/* "block%d" % 3, or % (3, "a"): %d, %i and %s alone. Errors: TNN_ERR_UNSUPPORTED (another format), TNN_ERR_INVALID. */
tnn_status tnn_text_percent(tnn_interp *interp, const char *format, const tnn_obj *values, tnn_obj *out,
                            tnn_error *err);

#endif
