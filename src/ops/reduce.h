/* Reductions: operators whose first arguments are (self, dim, keepdim). No dimensions, or an empty list of them, means
 * all. */
#ifndef TNN_OPS_REDUCE_H
#define TNN_OPS_REDUCE_H

#include "ops/row.h"

/* The shape that is left. Errors: TNN_ERR_INVALID (a dimension out of range or named twice). */
tnn_status tnn_reduced_shape(const tnn_call *call, tnn_shape *shape, tnn_error *err);

/* Elements in row-major order joined to one: start, then step(so far, element) for each. */
typedef struct tnn_fold {
    double start;
    int64_t start_int;
    double (*step)(double so_far, double x);
    int64_t (*step_int)(int64_t so_far, int64_t x);
} tnn_fold;

/* Elements are converted to `dtype` first; they are numbers to a float result, integers to another. A float result is
 * divided by `divisor` at the end. */
tnn_status tnn_fold_run(const tnn_kernel_call *call, const tnn_fold *fold, tnn_dtype dtype, double divisor,
                        tnn_error *err);

#endif
