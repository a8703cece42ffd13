/* Multiply-accumulate operations of TFLite operators: what the matrix products and convolutions cost. */
#ifndef TNN_TFLITE_OP_MACS_H
#define TNN_TFLITE_OP_MACS_H

#include "tflite/builtin.h"

/* Of one operator by its builtin code.
 *   n_in, n_out       elements of its data input and of its result
 *   filter            shape of its second factor, outermost first; its dimensions are in the kernel's own order
 *   transposed        BATCH_MATMUL with adj_y
 * 0 for operators that do not multiply matrices. */
uint64_t tnn_tfl_macs(int32_t code, uint64_t n_in, uint64_t n_out, const int64_t *filter, uint8_t filter_rank,
                      bool transposed);

/* Of all nodes of a graph of TNN_OPLIST_TFLITE. */
uint64_t tnn_tfl_graph_macs(const tnn_graph *graph);

#endif
