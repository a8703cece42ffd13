/* Loops over several strided arrays. */
#include "engine/nest.h"

/* Make `dim` of the sides the next inner one, or part of the last one where all sides go on without a jump. */
static void add_dim(tnn_nest *nest, int64_t size, const int64_t *strides) {
    bool joins = nest->rank > 0;
    uint8_t last = (uint8_t)(nest->rank - 1);
    for (uint8_t s = 0; s < nest->n_sides && joins; s++) joins = nest->strides[s][last] == strides[s] * size;
    if (!joins) last = nest->rank++;
    nest->dims[last] = joins ? nest->dims[last] * size : size;
    for (uint8_t s = 0; s < nest->n_sides; s++) nest->strides[s][last] = strides[s];
}

tnn_nest tnn_nest_make(const tnn_place *const *sides, uint8_t n_sides) {
    tnn_nest nest = {.n_sides = n_sides};
    int64_t strides[TNN_NEST_SIDES][TNN_MAX_RANK];
    tnn_order order = tnn_order_of(sides[0]);
    for (uint8_t s = 0; s < n_sides; s++) {
        nest.elem_bytes[s] = tnn_dtype_bytes(sides[s]->dtype);
        tnn_place_broadcast(sides[s], sides[0]->rank, sides[0]->dims, strides[s]);
    }
    for (uint8_t i = 0; i < order.rank; i++) {
        uint8_t d = order.dims[i];
        int64_t of_dim[TNN_NEST_SIDES];
        for (uint8_t s = 0; s < n_sides; s++) of_dim[s] = strides[s][d];
        if (sides[0]->dims[d] != 1) add_dim(&nest, sides[0]->dims[d], of_dim);
    }
    return nest;
}

/* The next index of the outer dimensions; `at` follows. False behind the last. */
static bool advance(const tnn_nest *nest, uint8_t n_outer, int64_t *index, uint8_t **at) {
    for (uint8_t d = n_outer; d-- > 0;) {
        bool wraps = ++index[d] == nest->dims[d];
        int64_t steps = wraps ? 1 - nest->dims[d] : 1;
        for (uint8_t s = 0; s < nest->n_sides; s++) at[s] += steps * nest->strides[s][d] * (int64_t)nest->elem_bytes[s];
        if (!wraps) return true;
        index[d] = 0;
    }
    return false;
}

void tnn_nest_each(const tnn_nest *nest, void *const *bases, tnn_line_fn *line, const void *context) {
    uint8_t n_outer = (uint8_t)(nest->rank > 0 ? nest->rank - 1 : 0);
    int64_t index[TNN_MAX_RANK] = {0}, strides[TNN_NEST_SIDES] = {0}, n = nest->rank > 0 ? nest->dims[n_outer] : 1;
    uint8_t *at[TNN_NEST_SIDES] = {0};
    for (uint8_t s = 0; s < nest->n_sides; s++) {
        at[s] = bases[s];
        strides[s] = nest->rank > 0 ? nest->strides[s][n_outer] : 1;
    }
    do {
        void *const lines[TNN_NEST_SIDES] = {at[0], at[1], at[2], at[3]};
        line(lines, strides, n, context);
    } while (advance(nest, n_outer, index, at));
}
