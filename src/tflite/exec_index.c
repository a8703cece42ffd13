/* Operators that look elements up by number. */
#include <string.h>

#include "tflite/exec_move.h"

static tnn_status bad_index(const tnn_exec_call *call, int64_t index, int64_t n, tnn_error *err) {
    return tnn_fail(err, TNN_ERR_INVALID, call->where, "index %lld, there are %lld", (long long)index, (long long)n);
}

static tnn_status need_integers(const tnn_exec_call *call, const tnn_exec_tensor *t, tnn_error *err) {
    bool fits = t->dtype == TNN_DTYPE_I32 || t->dtype == TNN_DTYPE_I64 || t->dtype == TNN_DTYPE_I16;
    return fits ? TNN_OK : tnn_exec_no_kernel(call, t, err);
}

/* ---- GATHER ---- */

/* [batch…, before…, axis, after…] at positions [batch…, p…] is [batch…, before…, p…, after…]. */
static tnn_status check_gather(const tnn_exec_call *call, uint8_t axis, uint8_t batch, tnn_error *err) {
    const tnn_exec_tensor *in = call->in[0], *positions = call->in[1];
    int64_t dims[2 * TNN_TFLITE_MAX_RANK];
    uint8_t n = 0;
    TNN_TRY(tnn_exec_need_same_type(call, in, call->out[0], err));
    TNN_TRY(need_integers(call, positions, err));
    if (batch > axis || batch > positions->rank) return tnn_exec_malformed(call, err, "%d batch dimensions", batch);
    for (uint8_t k = 0; k < batch; k++)
        if (in->dims[k] != positions->dims[k]) return tnn_exec_malformed(call, err, "batch dimension %d differs", k);
    for (uint8_t k = 0; k < axis; k++) dims[n++] = in->dims[k];
    for (uint8_t k = batch; k < positions->rank; k++) dims[n++] = positions->dims[k];
    for (uint8_t k = (uint8_t)(axis + 1); k < in->rank; k++) dims[n++] = in->dims[k];
    return tnn_exec_need_shape(call, call->out[0], n, dims, err);
}

static tnn_status run_gather(const tnn_exec_call *call, tnn_error *err) {
    const tnn_exec_tensor *in = call->in[0], *positions = call->in[1];
    uint8_t axis, batch;
    TNN_TRY(tnn_exec_axis(call, tnn_fb_int(call->options, "axis"), in->rank, &axis, err));
    TNN_TRY(tnn_exec_axis(call, tnn_fb_int(call->options, "batch_dims"), (uint8_t)(in->rank + 1), &batch, err));
    TNN_TRY(check_gather(call, axis, batch, err));
    if (call->out[0]->n_elems == 0) return TNN_OK;
    int64_t outer = tnn_exec_outer(in, axis), n_batches = tnn_exec_outer(in, batch), dim = in->dims[axis];
    int64_t n_positions = tnn_exec_inner(positions, batch), each = outer / n_batches;
    size_t run_bytes = (size_t)tnn_exec_inner(in, (uint8_t)(axis + 1)) * tnn_dtype_bytes(in->dtype);
    const uint8_t *source = in->data;
    uint8_t *target = call->out[0]->data;
    for (int64_t i = 0; i < outer; i++) {
        for (int64_t p = 0; p < n_positions; p++, target += run_bytes) {
            int64_t at = tnn_elem_integer(positions->data, positions->dtype, i / each * n_positions + p);
            if (at < 0 || at >= dim) return bad_index(call, at, dim, err);
            memcpy(target, source + (size_t)(i * dim + at) * run_bytes, run_bytes);
        }
    }
    return TNN_OK;
}

const tnn_exec_row tnn_exec_GATHER = {run_gather, 2, 2, 1, NULL};

/* ---- GATHER_ND, SCATTER_ND ---- */

/* Indices [n…, depth] into the first `depth` dimensions of `table`, whose rest is `list`'s: [n…, rest…]. */
static tnn_status check_nd(const tnn_exec_call *call, const tnn_exec_tensor *table, const tnn_exec_tensor *indices,
                           const tnn_exec_tensor *list, int64_t *depth, tnn_error *err) {
    int64_t dims[2 * TNN_TFLITE_MAX_RANK];
    uint8_t n = 0;
    TNN_TRY(tnn_exec_need_same_type(call, table, list, err));
    TNN_TRY(need_integers(call, indices, err));
    *depth = indices->rank == 0 ? -1 : indices->dims[indices->rank - 1];
    if (*depth < 0 || *depth > table->rank)
        return tnn_exec_malformed(call, err, "%lld indices into %d dimensions", (long long)*depth, table->rank);
    for (uint8_t k = 0; k + 1 < indices->rank; k++) dims[n++] = indices->dims[k];
    for (uint8_t k = (uint8_t)*depth; k < table->rank; k++) dims[n++] = table->dims[k];
    return tnn_exec_need_shape(call, list, n, dims, err);
}

static tnn_status place_nd(const tnn_exec_call *call, const tnn_exec_tensor *table, const tnn_exec_tensor *indices,
                           int64_t first, int64_t depth, int64_t *out, tnn_error *err) {
    tnn_exec_side dense = tnn_exec_dense(table);
    *out = 0;
    for (int64_t d = 0; d < depth; d++) {
        int64_t at = tnn_elem_integer(indices->data, indices->dtype, first + d);
        if (at < 0 || at >= table->dims[d]) return bad_index(call, at, table->dims[d], err);
        *out += at * dense.steps[d];
    }
    return TNN_OK;
}

static tnn_status run_gather_nd(const tnn_exec_call *call, tnn_error *err) {
    const tnn_exec_tensor *in = call->in[0], *indices = call->in[1];
    int64_t depth, at;
    TNN_TRY(check_nd(call, in, indices, call->out[0], &depth, err));
    if (call->out[0]->n_elems == 0) return TNN_OK;
    size_t elem_bytes = tnn_dtype_bytes(in->dtype), run_bytes = (size_t)tnn_exec_inner(in, (uint8_t)depth) * elem_bytes;
    int64_t n = tnn_exec_outer(indices, (uint8_t)(indices->rank - 1));
    const uint8_t *source = in->data;
    uint8_t *target = call->out[0]->data;
    for (int64_t i = 0; i < n; i++, target += run_bytes) {
        TNN_TRY(place_nd(call, in, indices, i * depth, depth, &at, err));
        memcpy(target, source + (size_t)at * elem_bytes, run_bytes);
    }
    return TNN_OK;
}

/* Add runs of `n` elements; integers wrap. */
static void add_run(tnn_exec_tensor *out, int64_t to, const tnn_exec_tensor *in, int64_t from, int64_t n) {
    bool is_float = tnn_dtype_is_float(in->dtype);
    for (int64_t i = 0; i < n; i++) {
        if (is_float) {
            double sum = tnn_elem_number(out->data, out->dtype, to + i) + tnn_elem_number(in->data, in->dtype, from + i);
            tnn_elem_set_number(out->data, out->dtype, to + i, sum);
        } else {
            uint64_t sum = (uint64_t)tnn_elem_integer(out->data, out->dtype, to + i) +
                           (uint64_t)tnn_elem_integer(in->data, in->dtype, from + i);
            tnn_elem_set_integer(out->data, out->dtype, to + i, (int64_t)sum);
        }
    }
}

static tnn_status run_scatter_nd(const tnn_exec_call *call, tnn_error *err) {
    const tnn_exec_tensor *indices = call->in[0], *updates = call->in[1];
    tnn_exec_tensor *out = call->out[0];
    int64_t depth, at;
    TNN_TRY(check_nd(call, out, indices, updates, &depth, err));
    if (updates->n_elems == 0) return TNN_OK;
    int64_t run = tnn_exec_inner(out, (uint8_t)depth), n = tnn_exec_outer(indices, (uint8_t)(indices->rank - 1));
    for (int64_t i = 0; i < n; i++) {
        TNN_TRY(place_nd(call, out, indices, i * depth, depth, &at, err));
        add_run(out, at, updates, i * run, run);
    }
    return TNN_OK;
}

const tnn_exec_row tnn_exec_GATHER_ND = {run_gather_nd, 2, 2, 1, NULL};
const tnn_exec_row tnn_exec_SCATTER_ND = {run_scatter_nd, 3, 3, 1, NULL};

/* ---- EMBEDDING_LOOKUP ---- */

/* A row of the table; of a quantized table as floats. */
static void look_up(const tnn_exec_tensor *table, int64_t row, int64_t width, tnn_exec_tensor *out, int64_t to) {
    for (int64_t c = 0; c < width; c++) {
        if (table->dtype == out->dtype && out->dtype != TNN_DTYPE_F32) {
            tnn_elem_set_integer(out->data, out->dtype, to + c, tnn_elem_integer(table->data, table->dtype, row * width + c));
            continue;
        }
        float value = (float)tnn_elem_number(table->data, table->dtype, row * width + c);
        if (table->dtype != TNN_DTYPE_F32) value *= table->scales[table->n_scales > 1 ? row : 0];
        tnn_elem_set_number(out->data, out->dtype, to + c, (double)value);
    }
}

static tnn_status run_embedding_lookup(const tnn_exec_call *call, tnn_error *err) {
    const tnn_exec_tensor *ids = call->in[0], *table = call->in[1];
    tnn_exec_tensor *out = call->out[0];
    TNN_TRY(need_integers(call, ids, err));
    TNN_TRY(tnn_exec_need_rank(call, ids, 1, err));
    if (table->rank < 2 || out->rank < 2) return tnn_exec_malformed(call, err, "a table needs two dimensions");
    bool is_hybrid = table->dtype == TNN_DTYPE_I8 && out->dtype == TNN_DTYPE_F32;
    if (is_hybrid) TNN_TRY(tnn_exec_need_scale(call, table, err));
    else TNN_TRY(tnn_exec_need_same_type(call, table, out, err));
    if (table->n_scales > 1 && table->axis != 0) return tnn_exec_no_kernel(call, table, err);
    int64_t width = tnn_exec_inner(table, 1);
    if (out->dims[0] != ids->n_elems || tnn_exec_inner(out, 1) != width)
        return tnn_exec_malformed(call, err, "the result does not fit ids and table");
    for (int64_t i = 0; i < ids->n_elems; i++) {
        int64_t row = tnn_elem_integer(ids->data, ids->dtype, i);
        if (row < 0 || row >= table->dims[0]) return bad_index(call, row, table->dims[0], err);
        look_up(table, row, width, out, i * width);
    }
    return TNN_OK;
}

const tnn_exec_row tnn_exec_EMBEDDING_LOOKUP = {run_embedding_lookup, 2, 2, 1, NULL};

/* ---- ONE_HOT ---- */

static tnn_status run_one_hot(const tnn_exec_call *call, tnn_error *err) {
    const tnn_exec_tensor *indices = call->in[0], *on = call->in[2], *off = call->in[3];
    tnn_exec_tensor *out = call->out[0];
    int64_t dims[TNN_TFLITE_MAX_RANK + 1], depth;
    size_t n_depths;
    uint8_t axis, n = 0;
    TNN_TRY(need_integers(call, indices, err));
    TNN_TRY(tnn_exec_integers(call, call->in[1], 1, &depth, &n_depths, err));
    TNN_TRY(tnn_exec_need_same_type(call, on, out, err));
    TNN_TRY(tnn_exec_need_same_type(call, off, out, err));
    if (n_depths != 1 || on->n_elems != 1 || off->n_elems != 1) return tnn_exec_malformed(call, err, "not one number");
    TNN_TRY(tnn_exec_axis(call, tnn_fb_int(call->options, "axis"), (uint8_t)(indices->rank + 1), &axis, err));
    for (uint8_t k = 0; k <= indices->rank; k++) dims[k] = k == axis ? depth : indices->dims[n++];
    TNN_TRY(tnn_exec_need_shape(call, out, (uint8_t)(indices->rank + 1), dims, err));
    size_t n_bytes = tnn_dtype_bytes(out->dtype);
    uint8_t *target = out->data;
    int64_t inner = tnn_exec_inner(out, (uint8_t)(axis + 1));
    for (int64_t i = 0; i < out->n_elems; i++, target += n_bytes) {
        int64_t place = i / inner % depth, from = i / (inner * depth) * inner + i % inner;
        bool is_on = tnn_elem_integer(indices->data, indices->dtype, from) == place;
        memcpy(target, is_on ? on->data : off->data, n_bytes);
    }
    return TNN_OK;
}

const tnn_exec_row tnn_exec_ONE_HOT = {run_one_hot, 4, 4, 1, NULL};
