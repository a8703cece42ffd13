/* Values that only a softmax reads: in each of its rows, all that lies below the largest number by more than the reach
 * gives 0, or the least number of its 8 bits. */
#ifndef TNN_QUANT_MASK_ROWS_H
#define TNN_QUANT_MASK_ROWS_H

#include "engine/engine.h"
#include "ir/graph.h"

typedef struct tnn_mask_rows {
    float reach; /* 0: other operators read the value too */
    uint8_t dim; /* rows run along it */
} tnn_mask_rows;

tnn_mask_rows tnn_mask_rows_of(const tnn_graph *graph, const tnn_value *value);

/* The numbers of the view row by row into `out`, which has room for all: what is too low comes as the lowest that counts. Rows
 * that are masked as a whole are left out. `*lowest` gets the least number of all when it is below what it was. Returns how
 * many there are. */
int64_t tnn_mask_rows_read(const tnn_engine_view *view, tnn_mask_rows rows, float *out, float *lowest);

#endif
