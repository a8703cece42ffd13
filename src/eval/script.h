/* Functions of TorchScript, those of its own namespaces too. */
#ifndef TNN_EVAL_SCRIPT_H
#define TNN_EVAL_SCRIPT_H

#include "eval/builtins.h"

/* The rows of ops.prim: "prim.RaiseException" … */
extern const tnn_builtin_row tnn_prim_rows[];
extern const size_t tnn_n_prim_rows;

typedef struct tnn_slice_bounds {
    tnn_obj start, stop, step; /* ints; start and stop may be None */
} tnn_slice_bounds;

/* sequence[start:stop:step] of a list, a tuple or a text.
 * Errors: TNN_ERR_UNSUPPORTED (steps that Python has and TorchScript has not). */
tnn_status tnn_slice_sequence(tnn_interp *interp, const tnn_obj *sequence, const tnn_slice_bounds *bounds,
                              tnn_obj *out, tnn_error *err);

/* A constant of numbers in nested lists of equal lengths; a number alone gives a tensor without dimensions.
 *   dtype  TNN_DTYPE_NONE: of the numbers: bool, int64 or float32
 * Errors: TNN_ERR_INVALID (lists of different lengths, no numbers), TNN_ERR_LIMIT (rank). */
tnn_status tnn_tensor_of_numbers(tnn_interp *interp, const tnn_obj *numbers, tnn_dtype dtype, tnn_obj *out,
                                 tnn_error *err);

tnn_builtin_fn tnn_builtin_item, tnn_builtin_dict;

#endif
