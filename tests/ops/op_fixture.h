/* Calls of operators written as text, for tests that are tables.
 *
 * Arguments, apart by spaces:
 *   f32[2,s0=3]        a tensor, one dimension with the symbol s0; after ':' its elements: f32[3]:1,2,3
 *                      (without them element k is k)
 *   {f32[1] f32[2]}    a list of tensors
 *   (1,-2) 7 0.5 true none 'text' @i64     ints, int, float, bool, None, string, dtype
 *   $                  the tensor before once more */
#ifndef OP_FIXTURE_H
#define OP_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "ops/list.h"
#include "ops/run.h"

/* The call in a new graph; its status. The graph lives until the next call or until op_end. */
tnn_status op_call(const char *op, const char *args, tnn_node **out, tnn_error *err);
/* The arguments of the last call's graph inputs, filled with their elements. */
const tnn_tensor *op_inputs(void);
tnn_model *op_model(void);
void op_end(void);

/* The result's type, "float32[s0, 3]", with guards as " | s0 == 3"; or, where `expected` starts with '!', what the
 * message of the error must contain. */
void check_infer(const char *op, const char *args, const char *expected);
/* The result's elements, "1 2 3", printed with %g. */
void check_run(const char *op, const char *args, const char *expected);
/* The dimension map, "same 0.1 r.1; place 0.2 r.2": kind, slot.dim, slot.dim, r being the result; then
 * "[from to step count]" for a part and "/groups". */
void check_dims(const char *op, const char *args, const char *expected);

#endif
