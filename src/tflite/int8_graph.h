/* A lowered float graph becomes one of integers.
 *
 * Its tensors say how they are to be stored (tensor->quant), as the plan said it of the values that they hold
 * (quant/plan.h). An operator is computed in integers when it has such a kernel, its node does not stay float, and all
 * its real operands and results have scales; tensors that lowering put in between (a padding, a reshape) take those
 * of what they are made of. All else stays float, with QUANTIZE and DEQUANTIZE at the borders: every graph comes out. */
#ifndef TNN_TFLITE_INT8_GRAPH_H
#define TNN_TFLITE_INT8_GRAPH_H

#include "ir/graph.h"

typedef struct tnn_int8_options {
    tnn_dtype io;     /* of the graph's real inputs and outputs: float32, int8 or uint8 */
    const tnn_dtype *inputs; /* one an input, the same; NULL: all as `io` */
    bool per_tensor;  /* weights have one scale */
} tnn_int8_options;

typedef struct tnn_int8_stats {
    uint32_t n_integer;  /* operators on real numbers that are computed in integers */
    uint32_t n_float;    /* and those that are not */
    const char **reasons; /* why not, a line each, in the arena of the graph's model */
    uint32_t n_borders;  /* QUANTIZE and DEQUANTIZE */
} tnn_int8_stats;

/* `stats` belong to the graph's model. Errors: TNN_ERR_NOMEM; what reading weights gives. */
tnn_status tnn_int8_graph(tnn_graph *graph, const tnn_int8_options *options, tnn_int8_stats *stats, tnn_error *err);

#endif
