/* Operators of the language on objects. Where an operand is a tensor they go through tnn_interp_call. */
#ifndef TNN_EVAL_ARITH_H
#define TNN_EVAL_ARITH_H

#include "eval/ast.h"
#include "eval/state.h"

/* Errors of all: TNN_ERR_INVALID (types do not fit, division by zero), TNN_ERR_LIMIT (overflow), TNN_ERR_NOMEM,
 * TNN_ERR_UNSUPPORTED (a decision on a tensor). Comparisons of sizes are recorded as guards. */
tnn_status tnn_arith_binary(tnn_interp *interp, tnn_ast_op op, const tnn_obj *a, const tnn_obj *b, tnn_obj *out,
                            tnn_error *err);
tnn_status tnn_arith_unary(tnn_interp *interp, tnn_ast_op op, const tnn_obj *a, tnn_obj *out, tnn_error *err);
/* A bool, or a tensor when an operand is one. */
tnn_status tnn_arith_compare(tnn_interp *interp, tnn_ast_op op, const tnn_obj *a, const tnn_obj *b, tnn_obj *out,
                             tnn_error *err);
/* Python's truth of an object. */
tnn_status tnn_arith_truth(tnn_interp *interp, const tnn_obj *obj, bool *out, tnn_error *err);
/* ==, for lists item by item. */
tnn_status tnn_arith_equal(tnn_interp *interp, const tnn_obj *a, const tnn_obj *b, bool *out, tnn_error *err);

/* INT, FLOAT or BOOL. */
bool tnn_arith_is_number(const tnn_obj *obj);
/* As a double; a symbolic size is recorded as a guard. */
tnn_status tnn_arith_number(tnn_interp *interp, const tnn_obj *obj, double *out, tnn_error *err);
/* A double that must be a whole number in 64 bits. */
tnn_status tnn_arith_to_size(tnn_interp *interp, double number, tnn_obj *out, tnn_error *err);

#endif
