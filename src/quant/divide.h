/* Divisions by constants as products with their reciprocals: TFLite divides no int8 numbers, and 8 bits hide the
 * difference in rounding. */
#ifndef TNN_QUANT_DIVIDE_H
#define TNN_QUANT_DIVIDE_H

#include "ir/graph.h"

tnn_status tnn_quant_divisions(tnn_graph *graph, tnn_error *err);

#endif
