#include "tflite/exec_move.h"

#include <string.h>

tnn_exec_side tnn_exec_dense(const tnn_exec_tensor *tensor) {
    tnn_exec_side side = {0};
    int64_t step = 1;
    for (uint8_t k = tensor->rank; k-- > 0;) {
        side.steps[k] = step;
        step *= tensor->dims[k];
    }
    return side;
}

tnn_exec_loops tnn_exec_loops_over(const tnn_exec_tensor *tensor) {
    tnn_exec_loops loops = {.n = tensor->rank};
    memcpy(loops.dims, tensor->dims, tensor->rank * sizeof *tensor->dims);
    return loops;
}

static bool is_empty(const tnn_exec_loops *loops) {
    for (uint8_t k = 0; k < loops->n; k++)
        if (loops->dims[k] == 0) return true;
    return false;
}

bool tnn_exec_next(const tnn_exec_loops *loops, int64_t *index, size_t n_sides, const tnn_exec_side *sides, int64_t *at) {
    for (uint8_t k = loops->n; k-- > 0;) {
        bool is_over = ++index[k] == loops->dims[k];
        for (size_t s = 0; s < n_sides; s++) at[s] += is_over ? -sides[s].steps[k] * (index[k] - 1) : sides[s].steps[k];
        if (!is_over) return true;
        index[k] = 0;
    }
    return false;
}

void tnn_exec_move(const tnn_exec_loops *loops, tnn_exec_tensor *out, const tnn_exec_side *to, const tnn_exec_tensor *in,
                   const tnn_exec_side *from) {
    if (is_empty(loops)) return;
    size_t n_bytes = tnn_dtype_bytes(out->dtype);
    const uint8_t *source = in->data;
    uint8_t *target = out->data;
    const tnn_exec_side sides[2] = {*to, *from};
    int64_t index[TNN_EXEC_MAX_LOOPS] = {0}, at[2] = {to->start, from->start};
    do memcpy(target + (size_t)at[0] * n_bytes, source + (size_t)at[1] * n_bytes, n_bytes);
    while (tnn_exec_next(loops, index, 2, sides, at));
}

void tnn_exec_copy(tnn_exec_tensor *out, const tnn_exec_tensor *in) {
    if (out->n_elems > 0) memcpy(out->data, in->data, (size_t)out->n_elems * tnn_dtype_bytes(out->dtype));
}

/* ---- broadcasting ---- */

static tnn_status broadcast_dim(const tnn_exec_call *call, size_t n, uint8_t from_last, tnn_error *err) {
    const tnn_exec_tensor *out = call->out[0];
    int64_t dim = 1;
    for (size_t i = 0; i < n; i++) {
        const tnn_exec_tensor *in = call->in[i];
        int64_t own = from_last < in->rank ? in->dims[in->rank - 1 - from_last] : 1;
        if (own == 1 || own == dim) continue;
        if (dim != 1) return tnn_exec_malformed(call, err, "operands of sizes %lld and %lld", (long long)dim, (long long)own);
        dim = own;
    }
    int64_t found = out->dims[out->rank - 1 - from_last];
    if (found == dim) return TNN_OK;
    return tnn_exec_malformed(call, err, "operands of size %lld, but a result of %lld", (long long)dim, (long long)found);
}

/* The dense side of an operand behind the dimensions that only the result has. */
static void align_side(tnn_exec_side *side, const tnn_exec_tensor *in, uint8_t rank) {
    tnn_exec_side dense = tnn_exec_dense(in);
    memset(side, 0, sizeof *side);
    for (uint8_t k = 0; k < in->rank; k++)
        side->steps[rank - in->rank + k] = in->dims[k] == 1 ? 0 : dense.steps[k];
}

tnn_status tnn_exec_broadcast(const tnn_exec_call *call, size_t n, tnn_exec_side *sides, tnn_error *err) {
    const tnn_exec_tensor *out = call->out[0];
    uint8_t rank = 0;
    for (size_t i = 0; i < n; i++) rank = call->in[i]->rank > rank ? call->in[i]->rank : rank;
    TNN_TRY(tnn_exec_need_rank(call, out, rank, err));
    for (uint8_t k = 0; k < rank; k++) TNN_TRY(broadcast_dim(call, n, k, err));
    for (size_t i = 0; i < n; i++) align_side(&sides[i], call->in[i], rank);
    return TNN_OK;
}
