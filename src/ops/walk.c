/* Walking over elements by strides. */
#include "ops/walk.h"

#include <string.h>

tnn_walk tnn_walk_start(uint8_t rank, const int64_t *dims) {
    tnn_walk walk = {.rank = rank};
    for (uint8_t d = 0; d < rank; d++) walk.dims[d] = dims[d];
    return walk;
}

void tnn_strides_of(uint8_t rank, const int64_t *dims, int64_t *strides) {
    int64_t stride = 1;
    for (uint8_t d = rank; d-- > 0;) {
        strides[d] = stride;
        stride *= dims[d];
    }
}

void tnn_walk_broadcast(tnn_walk *walk, int side, const tnn_tensor *tensor) {
    int64_t strides[TNN_MAX_RANK];
    tnn_strides_of(tensor->rank, tensor->dims, strides);
    uint8_t lead = (uint8_t)(walk->rank - tensor->rank);
    for (uint8_t d = 0; d < tensor->rank; d++) {
        walk->strides[side][lead + d] = tensor->dims[d] == 1 ? 0 : strides[d];
    }
}

static void move(tnn_walk *walk, uint8_t dim, int64_t steps) {
    walk->index[dim] += steps;
    for (int side = 0; side < TNN_WALK_SIDES; side++) walk->at[side] += steps * walk->strides[side][dim];
}

void tnn_walk_step(tnn_walk *walk) {
    for (uint8_t d = walk->rank; d-- > 0;) {
        move(walk, d, 1);
        if (walk->index[d] < walk->dims[d]) return;
        move(walk, d, -walk->dims[d]);
    }
}

/* Where both sides go step by step along the last dimension, it moves as one run. */
static int64_t take_run(tnn_walk *walk) {
    if (walk->rank == 0) return 1;
    uint8_t last = (uint8_t)(walk->rank - 1);
    if (walk->strides[0][last] != 1 || walk->strides[1][last] != 1) return 1;
    walk->rank = last;
    return walk->dims[last];
}

void tnn_walk_copy(tnn_walk *walk, tnn_tensor *out, const tnn_tensor *in) {
    size_t elem = tnn_dtype_bytes(out->dtype);
    size_t run_bytes = (size_t)take_run(walk) * elem;
    int64_t n_runs = 1;
    for (uint8_t d = 0; d < walk->rank; d++) n_runs *= walk->dims[d];
    for (int64_t i = 0; i < n_runs && run_bytes > 0; i++, tnn_walk_step(walk)) {
        memcpy((char *)out->data + (size_t)walk->at[0] * elem, (const char *)in->data + (size_t)walk->at[1] * elem,
               run_bytes);
    }
}
