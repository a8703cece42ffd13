/* What TFLite does not compute in integers, as products, which it does: divisions by constants, signs turned, small whole
 * powers. 8 bits hide the difference in rounding. */
#ifndef TNN_QUANT_PRODUCTS_H
#define TNN_QUANT_PRODUCTS_H

#include "ir/graph.h"

tnn_status tnn_quant_products(tnn_graph *graph, tnn_error *err);

#endif
