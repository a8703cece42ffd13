/* Where the elements of a value lie. */
#include "engine/place.h"

tnn_order tnn_order_plain(uint8_t rank) {
    tnn_order order = {.rank = rank};
    for (uint8_t d = 0; d < rank; d++) order.dims[d] = d;
    return order;
}

tnn_order tnn_order_channels_last(uint8_t rank, size_t n_spatial) {
    tnn_order order = {0};
    uint8_t channel = (uint8_t)(rank - n_spatial - 1);
    for (uint8_t d = 0; d < rank; d++) {
        if (d != channel) order.dims[order.rank++] = d;
    }
    order.dims[order.rank++] = channel;
    return order;
}

/* Dimensions of size 1 lie anywhere, so they stay where they are among their neighbours in PyTorch's order. */
tnn_order tnn_order_of(const tnn_place *place) {
    tnn_order order = {0};
    for (uint8_t d = 0; d < place->rank; d++) {
        uint8_t at = order.rank++;
        while (at > 0 && place->dims[d] != 1 && place->strides[order.dims[at - 1]] < place->strides[d]) {
            order.dims[at] = order.dims[at - 1];
            at--;
        }
        order.dims[at] = d;
    }
    return order;
}

void tnn_order_strides(const tnn_order *order, const int64_t *dims, int64_t *strides) {
    int64_t stride = 1;
    for (uint8_t i = order->rank; i-- > 0;) {
        strides[order->dims[i]] = stride;
        stride *= dims[order->dims[i]];
    }
}

int64_t tnn_place_elems(const tnn_place *place) {
    int64_t n = 1;
    for (uint8_t d = 0; d < place->rank; d++) n *= place->dims[d];
    return n;
}

bool tnn_place_is_dense(const tnn_place *place, const tnn_order *order) {
    int64_t strides[TNN_MAX_RANK];
    tnn_order_strides(order, place->dims, strides);
    for (uint8_t d = 0; d < place->rank; d++) {
        if (place->dims[d] != 1 && place->strides[d] != strides[d]) return false;
    }
    return true;
}

bool tnn_place_is_packed(const tnn_place *place) {
    tnn_order order = tnn_order_of(place);
    return tnn_place_is_dense(place, &order);
}

tnn_place tnn_place_part(const tnn_place *place, uint8_t dim, int64_t start, int64_t count, int64_t step) {
    tnn_place part = *place;
    part.offset += start * place->strides[dim];
    part.dims[dim] = count;
    part.strides[dim] *= step;
    return part;
}

void tnn_place_broadcast(const tnn_place *place, uint8_t rank, const int64_t *dims, int64_t *strides) {
    uint8_t lead = (uint8_t)(rank - place->rank);
    for (uint8_t d = 0; d < rank; d++) {
        bool repeated = d < lead || (place->dims[d - lead] == 1 && dims[d] != 1);
        strides[d] = repeated ? 0 : place->strides[d - lead];
    }
}
