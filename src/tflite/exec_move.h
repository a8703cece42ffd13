/* Moving elements: what reshaping, transposing, slicing, padding and joining have in common. */
#ifndef TNN_TFLITE_EXEC_MOVE_H
#define TNN_TFLITE_EXEC_MOVE_H

#include "tflite/exec_kernel.h"

#define TNN_EXEC_MAX_LOOPS (2 * TNN_TFLITE_MAX_RANK)

/* Where the elements of a loop nest lie: element [i0, i1, …] at start + sum of ik * steps[k], counted in elements. */
typedef struct tnn_exec_side {
    int64_t start;
    int64_t steps[TNN_EXEC_MAX_LOOPS];
} tnn_exec_side;

typedef struct tnn_exec_loops {
    uint8_t n;
    int64_t dims[TNN_EXEC_MAX_LOOPS];
} tnn_exec_loops;

/* The elements of a dense tensor in order. */
tnn_exec_side tnn_exec_dense(const tnn_exec_tensor *tensor);
tnn_exec_loops tnn_exec_loops_over(const tnn_exec_tensor *tensor);

/* Copy in[…] to out[…] for all indices of the loops; both tensors have elements of the same size, and the sides stay
 * inside of them. */
void tnn_exec_move(const tnn_exec_loops *loops, tnn_exec_tensor *out, const tnn_exec_side *to, const tnn_exec_tensor *in,
                   const tnn_exec_side *from);

/* All elements of `in` in order, as many as `out` has. */
void tnn_exec_copy(tnn_exec_tensor *out, const tnn_exec_tensor *in);

/* Count the indices of the loops up by one; false after the last. `at` are the positions of the sides, moved along. */
bool tnn_exec_next(const tnn_exec_loops *loops, int64_t *index, size_t n_sides, const tnn_exec_side *sides, int64_t *at);

/* The sides that broadcast the operands to the result: steps of 0 along what is repeated. Fails with
 * TNN_ERR_MALFORMED when the result is not the broadcast of the first `n` operands. */
tnn_status tnn_exec_broadcast(const tnn_exec_call *call, size_t n, tnn_exec_side *sides, tnn_error *err);

#endif
