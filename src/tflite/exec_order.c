/* Operators that compare or add up the elements along one axis. */
#include <math.h>
#include <stdlib.h>

#include "tflite/exec_kernel.h"

/* A tensor as [outer, n, inner] around an axis. */
typedef struct lines {
    int64_t outer, n, inner;
} lines;

static lines lines_of(const tnn_exec_tensor *t, uint8_t axis) {
    return (lines){tnn_exec_outer(t, axis), t->dims[axis], tnn_exec_inner(t, (uint8_t)(axis + 1))};
}

/* x > y; NaN is greater than all else. */
static bool is_greater(const tnn_exec_tensor *t, int64_t x, int64_t y) {
    if (!tnn_dtype_is_float(t->dtype))
        return tnn_elem_integer(t->data, t->dtype, x) > tnn_elem_integer(t->data, t->dtype, y);
    return tnn_elem_number(t->data, t->dtype, x) > tnn_elem_number(t->data, t->dtype, y);
}

/* ---- ARG_MAX, ARG_MIN ---- */

static tnn_status run_arg(const tnn_exec_call *call, tnn_error *err) {
    const tnn_exec_tensor *in = call->in[0];
    tnn_exec_tensor *out = call->out[0];
    bool is_min = call->data != NULL;
    int64_t number, dims[TNN_TFLITE_MAX_RANK];
    size_t n_numbers;
    uint8_t axis, rank = 0;
    TNN_TRY(tnn_exec_integers(call, call->in[1], 1, &number, &n_numbers, err));
    if (n_numbers != 1) return tnn_exec_malformed(call, err, "no axis");
    TNN_TRY(tnn_exec_axis(call, number, in->rank, &axis, err));
    for (uint8_t k = 0; k < in->rank; k++)
        if (k != axis) dims[rank++] = in->dims[k];
    TNN_TRY(tnn_exec_need_shape(call, out, rank, dims, err));
    if (out->dtype != TNN_DTYPE_I32 && out->dtype != TNN_DTYPE_I64) return tnn_exec_no_kernel(call, out, err);
    lines l = lines_of(in, axis);
    if (l.n == 0 && out->n_elems > 0) return tnn_exec_malformed(call, err, "nothing to choose from");
    for (int64_t i = 0; i < out->n_elems; i++) {
        int64_t first = i / l.inner * l.n * l.inner + i % l.inner, best = first;
        for (int64_t k = 1; k < l.n; k++) {
            int64_t other = first + k * l.inner;
            if (is_min ? is_greater(in, best, other) : is_greater(in, other, best)) best = other;
        }
        tnn_elem_set_integer(out->data, out->dtype, i, (best - first) / l.inner);
    }
    return TNN_OK;
}

static const bool is_min = true;
const tnn_exec_row tnn_exec_ARG_MAX = {run_arg, 2, 2, 1, NULL};
const tnn_exec_row tnn_exec_ARG_MIN = {run_arg, 2, 2, 1, &is_min};

/* ---- TOPK_V2 over the last dimension: the greatest first, of equals the first ---- */

typedef struct candidate {
    double number; /* int64 beyond 53 bits are compared by `integer` */
    int64_t integer;
    int64_t place;
} candidate;

static int compare_candidates(const void *a, const void *b) {
    const candidate *x = a, *y = b;
    if (x->number > y->number) return -1;
    if (x->number < y->number) return 1;
    if (x->integer != y->integer) return x->integer > y->integer ? -1 : 1;
    return x->place < y->place ? -1 : x->place > y->place ? 1 : 0;
}

static candidate candidate_at(const tnn_exec_tensor *in, int64_t at, int64_t place) {
    candidate c = {.place = place};
    if (tnn_dtype_is_float(in->dtype)) c.number = tnn_elem_number(in->data, in->dtype, at);
    else c.integer = tnn_elem_integer(in->data, in->dtype, at);
    return c;
}

static tnn_status run_top_k(const tnn_exec_call *call, tnn_error *err) {
    const tnn_exec_tensor *in = call->in[0];
    tnn_exec_tensor *values = call->out[0], *places = call->out[1];
    int64_t k, dims[TNN_TFLITE_MAX_RANK];
    size_t n_k;
    TNN_TRY(tnn_exec_need_same_type(call, in, values, err));
    TNN_TRY(tnn_exec_integers(call, call->in[1], 1, &k, &n_k, err));
    if (n_k != 1 || in->rank == 0) return tnn_exec_malformed(call, err, "no dimension, or no k");
    lines l = lines_of(in, (uint8_t)(in->rank - 1));
    if (k < 0 || k > l.n) return tnn_exec_malformed(call, err, "the %lld greatest of %lld", (long long)k, (long long)l.n);
    for (uint8_t d = 0; d < in->rank; d++) dims[d] = d + 1 == in->rank ? k : in->dims[d];
    TNN_TRY(tnn_exec_need_shape(call, values, in->rank, dims, err));
    TNN_TRY(tnn_exec_need_shape(call, places, in->rank, dims, err));
    if (places->dtype != TNN_DTYPE_I32) return tnn_exec_no_kernel(call, places, err);
    candidate *line = TNN_NEW_ARRAY(call->arena, (size_t)l.n, candidate);
    if (line == NULL) return tnn_fail_nomem(err);
    for (int64_t row = 0; row < l.outer && l.n > 0; row++) {
        for (int64_t c = 0; c < l.n; c++) line[c] = candidate_at(in, row * l.n + c, c);
        qsort(line, (size_t)l.n, sizeof *line, compare_candidates);
        for (int64_t c = 0; c < k; c++) {
            tnn_elem_set_integer(places->data, places->dtype, row * k + c, line[c].place);
            if (tnn_dtype_is_float(in->dtype)) tnn_elem_set_number(values->data, values->dtype, row * k + c, line[c].number);
            else tnn_elem_set_integer(values->data, values->dtype, row * k + c, line[c].integer);
        }
    }
    return TNN_OK;
}

const tnn_exec_row tnn_exec_TOPK_V2 = {run_top_k, 2, 2, 2, NULL};

/* ---- CUMSUM ---- */

static tnn_status run_cumsum(const tnn_exec_call *call, tnn_error *err) {
    const tnn_exec_tensor *in = call->in[0];
    tnn_exec_tensor *out = call->out[0];
    bool exclusive = tnn_fb_int(call->options, "exclusive") != 0, reverse = tnn_fb_int(call->options, "reverse") != 0;
    int64_t number;
    size_t n_numbers;
    uint8_t axis;
    TNN_TRY(tnn_exec_need_same_type(call, in, out, err));
    TNN_TRY(tnn_exec_need_same_shape(call, in, out, err));
    TNN_TRY(tnn_exec_integers(call, call->in[1], 1, &number, &n_numbers, err));
    if (n_numbers != 1) return tnn_exec_malformed(call, err, "no axis");
    TNN_TRY(tnn_exec_axis(call, number, in->rank, &axis, err));
    lines l = lines_of(in, axis);
    bool is_float = tnn_dtype_is_float(in->dtype);
    for (int64_t line = 0; line < (l.n == 0 ? 0 : l.outer * l.inner); line++) {
        int64_t first = line / l.inner * l.n * l.inner + line % l.inner;
        double sum = 0;
        uint64_t integer_sum = 0;
        for (int64_t k = 0; k < l.n; k++) {
            int64_t at = first + (reverse ? l.n - 1 - k : k) * l.inner;
            double before = sum;
            uint64_t integer_before = integer_sum;
            if (is_float) sum += tnn_elem_number(in->data, in->dtype, at);
            else integer_sum += (uint64_t)tnn_elem_integer(in->data, in->dtype, at);
            if (is_float) tnn_elem_set_number(out->data, out->dtype, at, exclusive ? before : sum);
            else tnn_elem_set_integer(out->data, out->dtype, at, (int64_t)(exclusive ? integer_before : integer_sum));
        }
    }
    return TNN_OK;
}

const tnn_exec_row tnn_exec_CUMSUM = {run_cumsum, 2, 2, 1, NULL};
