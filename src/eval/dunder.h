/* Operators that a program writes as methods: x.__add__(y), x.__rsub__(1). */
#ifndef TNN_EVAL_DUNDER_H
#define TNN_EVAL_DUNDER_H

#include "eval/state.h"

/* Call a method of a tensor if it is one of them; `*done` says whether. Errors: those of the operator. */
tnn_status tnn_dunder_call(tnn_interp *interp, const tnn_name *method, const tnn_obj *args, size_t n_args, tnn_obj *out,
                           bool *done, tnn_error *err);

#endif
