/* What a kernel of exec gets, and what kernels share.
 *
 * A kernel computes one operator of a .tflite file from its operands to its results. The file has been verified, its
 * shapes are fixed, and nothing else is known: a kernel checks whatever it relies on, shapes of results included.
 * Operators whose results are integers of 8 or 16 bits with scales compute exactly what LiteRT's reference kernels do
 * (those of OpResolverType.BUILTIN_REF); floats are computed from the defining formula and rounded once. */
#ifndef TNN_TFLITE_EXEC_KERNEL_H
#define TNN_TFLITE_EXEC_KERNEL_H

#include <stdbool.h>

#include "base/arena.h"
#include "tflite/exec.h"

/* What a run may still do. */
typedef struct tnn_exec_budget {
    uint64_t left;
    bool is_limited;
} tnn_exec_budget;

typedef struct tnn_exec_call {
    const char *where; /* "operator 3, CONV_2D" */
    const tnn_exec_tensor *const *in; /* n_in; an operand left out is NULL */
    tnn_exec_tensor *const *out;      /* n_out, data allocated and zero */
    size_t n_in, n_out;
    tnn_fb_ref options; /* the operator's options table; none when absent or another's */
    const void *data;   /* of the row */
    tnn_exec_budget *budget;
    tnn_arena *arena; /* scratch memory, gone after the call */
} tnn_exec_call;

/* A row of the table: one an operator that we write (TNN_TFL_OPS), tnn_exec_NAME, in the file of its family. */
typedef struct tnn_exec_row {
    tnn_status (*run)(const tnn_exec_call *call, tnn_error *err);
    uint8_t min_in, max_in; /* operands, those in front not NULL; max 255: any number */
    uint8_t n_out;          /* results; 255: one or more */
    const void *data;       /* what differs among operators that share `run`; the call carries it */
} tnn_exec_row;

/* The row of a builtin code; NULL when there is none. */
const tnn_exec_row *tnn_exec_find(int32_t code);

/* ---- errors ---- */

/* TNN_ERR_MALFORMED about the operator. */
tnn_status tnn_exec_malformed(const tnn_exec_call *call, tnn_error *err, const char *format, ...) TNN_PRINTF(3, 4);
/* TNN_ERR_UNSUPPORTED: no kernel for the type of this tensor. */
tnn_status tnn_exec_no_kernel(const tnn_exec_call *call, const tnn_exec_tensor *tensor, tnn_error *err);

/* A kernel whose work is more than its operands and results together says so before. Errors: TNN_ERR_LIMIT. */
tnn_status tnn_exec_spend(const tnn_exec_call *call, uint64_t work, tnn_error *err);
tnn_status tnn_exec_spend_product(const tnn_exec_call *call, int64_t n, int64_t each, tnn_error *err);

/* ---- checks; each fails with TNN_ERR_MALFORMED ---- */

tnn_status tnn_exec_need_rank(const tnn_exec_call *call, const tnn_exec_tensor *tensor, uint8_t rank, tnn_error *err);
tnn_status tnn_exec_need_shape(const tnn_exec_call *call, const tnn_exec_tensor *tensor, uint8_t rank,
                               const int64_t *dims, tnn_error *err);
tnn_status tnn_exec_need_same_shape(const tnn_exec_call *call, const tnn_exec_tensor *a, const tnn_exec_tensor *b,
                                    tnn_error *err);
tnn_status tnn_exec_need_same_type(const tnn_exec_call *call, const tnn_exec_tensor *a, const tnn_exec_tensor *b,
                                   tnn_error *err);
/* Integers of 8 or 16 bits have a positive finite scale. */
tnn_status tnn_exec_need_scale(const tnn_exec_call *call, const tnn_exec_tensor *tensor, tnn_error *err);

/* ---- elements ---- */

static inline bool tnn_exec_is_small_int(const tnn_exec_tensor *t) {
    return t->dtype == TNN_DTYPE_I8 || t->dtype == TNN_DTYPE_U8 || t->dtype == TNN_DTYPE_I16;
}

static inline bool tnn_exec_is_quantized(const tnn_exec_tensor *t) { return tnn_exec_is_small_int(t) && t->n_scales > 0; }

/* The smallest and largest number of an integer type. */
int64_t tnn_exec_type_min(tnn_dtype dtype);
int64_t tnn_exec_type_max(tnn_dtype dtype);

/* The integers of a tensor of int32 or int64, of which there are `n` at most. `out` has room for `n`; the count goes
 * into `found`. */
tnn_status tnn_exec_integers(const tnn_exec_call *call, const tnn_exec_tensor *tensor, size_t n, int64_t *out,
                             size_t *found, tnn_error *err);

/* The elements as floats: of a float tensor as they are, of an integer tensor minus its zero point, which is exact for
 * 16 bits. In the tensor or in the arena. */
tnn_status tnn_exec_floats(const tnn_exec_call *call, const tnn_exec_tensor *tensor, const float **out, tnn_error *err);

/* An axis from -rank to rank - 1, as one from 0. */
tnn_status tnn_exec_axis(const tnn_exec_call *call, int64_t axis, uint8_t rank, uint8_t *out, tnn_error *err);

/* The elements before dimension `from`, and those from it on: a [N, …] tensor as a matrix. */
int64_t tnn_exec_outer(const tnn_exec_tensor *tensor, uint8_t from);
int64_t tnn_exec_inner(const tnn_exec_tensor *tensor, uint8_t from);

#endif
