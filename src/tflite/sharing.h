/* Memory that LiteRT lets tensors share. Its planner has some operators write over an operand that nobody else reads, and
 * views (RESHAPE) look at their operand's memory. It counts the readers of the operand and of the tensor that the memory was
 * made for, but not those of tensors between: with
 *
 *   a = ADD(x, y)      in the memory of x
 *   b = RESHAPE(a)     likewise
 *   c = MUL(b, z)      likewise: a is lost
 *   d = ADD(a, c)      reads a
 *
 * d is wrong (tflite/arena_planner.cc, IdentifyInPlaceTensors). Delegates such as XNNPACK have planners of their own. */
#ifndef TNN_TFLITE_SHARING_H
#define TNN_TFLITE_SHARING_H

#include "ir/graph.h"

/* Follow that planner, and give each view that would be written over while its memory is needed a second reader, a view that
 * costs nothing, which keeps the planner from it. Errors: TNN_ERR_NOMEM. */
tnn_status tnn_sharing_guard(tnn_graph *graph, tnn_error *err);

#endif
