/* Where the elements of a value lie: a strided window on a buffer. */
#ifndef TNN_ENGINE_PLACE_H
#define TNN_ENGINE_PLACE_H

#include <stdbool.h>

#include "ir/graph.h"

typedef struct tnn_place {
    uint32_t buffer; /* index in the engine */
    tnn_dtype dtype;
    uint8_t rank;
    int64_t offset;                /* of the first element, in elements */
    int64_t dims[TNN_MAX_RANK];    /* PyTorch's order */
    int64_t strides[TNN_MAX_RANK]; /* elements; 0: expanded */
} tnn_place;

/* Dimensions from outermost to innermost in memory. */
typedef struct tnn_order {
    uint8_t rank;
    uint8_t dims[TNN_MAX_RANK];
} tnn_order;

tnn_order tnn_order_plain(uint8_t rank);
/* [N, C, spatial] with C innermost; without N where the rank is n_spatial + 1. */
tnn_order tnn_order_channels_last(uint8_t rank, size_t n_spatial);
/* The order of a place by its strides. */
tnn_order tnn_order_of(const tnn_place *place);

/* Strides of dense elements in an order. */
void tnn_order_strides(const tnn_order *order, const int64_t *dims, int64_t *strides);

int64_t tnn_place_elems(const tnn_place *place);
/* All elements without gaps, in this order; dimensions of size 1 lie anywhere. */
bool tnn_place_is_dense(const tnn_place *place, const tnn_order *order);
/* Dense in some order. */
bool tnn_place_is_packed(const tnn_place *place);

/* The place of `count` indices of a dimension from `start` on, every `step`th. */
tnn_place tnn_place_part(const tnn_place *place, uint8_t dim, int64_t start, int64_t count, int64_t step);

/* Strides of the place broadcast to `rank` dimensions `dims`. */
void tnn_place_broadcast(const tnn_place *place, uint8_t rank, const int64_t *dims, int64_t *strides);

#endif
