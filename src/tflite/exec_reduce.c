/* Operators that reduce dimensions to one number. */
#include <math.h>

#include "tflite/exec_clamp.h"
#include "tflite/exec_fixed.h"
#include "tflite/exec_move.h"

/* The loops over the result, and inside those over what each of its elements comes from. */
typedef struct reduction {
    const tnn_exec_tensor *in;
    tnn_exec_tensor *out;
    tnn_exec_loops kept, reduced;
    tnn_exec_side kept_side, reduced_side; /* in the operand */
    int64_t n; /* elements for each of the result; 0: the operand is empty */
} reduction;

static tnn_status read_axes(const tnn_exec_call *call, bool *is_reduced, tnn_error *err) {
    int64_t axes[TNN_TFLITE_MAX_RANK];
    size_t n;
    TNN_TRY(tnn_exec_integers(call, call->in[1], TNN_TFLITE_MAX_RANK, axes, &n, err));
    for (size_t i = 0; i < n && call->in[0]->rank > 0; i++) {
        uint8_t axis;
        TNN_TRY(tnn_exec_axis(call, axes[i], call->in[0]->rank, &axis, err));
        is_reduced[axis] = true;
    }
    return TNN_OK;
}

static tnn_status begin(const tnn_exec_call *call, reduction *r, tnn_error *err) {
    bool is_reduced[TNN_TFLITE_MAX_RANK] = {false}, keep_dims = tnn_fb_int(call->options, "keep_dims") != 0;
    int64_t dims[TNN_TFLITE_MAX_RANK];
    uint8_t rank = 0;
    *r = (reduction){.in = call->in[0], .out = call->out[0], .n = 1};
    TNN_TRY(read_axes(call, is_reduced, err));
    tnn_exec_side dense = tnn_exec_dense(r->in);
    for (uint8_t k = 0; k < r->in->rank; k++) {
        tnn_exec_loops *loops = is_reduced[k] ? &r->reduced : &r->kept;
        (is_reduced[k] ? &r->reduced_side : &r->kept_side)->steps[loops->n] = dense.steps[k];
        loops->dims[loops->n++] = r->in->dims[k];
        if (is_reduced[k]) r->n *= r->in->dims[k];
        if (!is_reduced[k] || keep_dims) dims[rank++] = is_reduced[k] ? 1 : r->in->dims[k];
    }
    return tnn_exec_need_shape(call, r->out, rank, dims, err);
}

/* What becomes of the elements of one place: `place` of the result from r->n elements, the first at `start`. */
typedef void reduce_place(const reduction *r, const void *data, int64_t place, int64_t start);

static void run_places(const reduction *r, reduce_place *put, const void *data) {
    int64_t index[TNN_EXEC_MAX_LOOPS] = {0}, start = 0;
    for (int64_t i = 0; i < r->out->n_elems; i++) {
        put(r, data, i, start);
        tnn_exec_next(&r->kept, index, 1, &r->kept_side, &start);
    }
}

/* ---- floats and integers without scales ---- */

typedef struct reducer {
    double (*real)(double sum, double x);
    int64_t (*integer)(int64_t sum, int64_t x);
    double first;          /* of floats */
    int64_t first_integer; /* INT64_MIN and INT64_MAX: the type's */
    bool is_mean;
} reducer;

static double add_real(double sum, double x) { return sum + x; }
static double mul_real(double sum, double x) { return sum * x; }
static double max_real(double sum, double x) { return x > sum ? x : sum; }
static double min_real(double sum, double x) { return x < sum ? x : sum; }
static int64_t add_integer(int64_t sum, int64_t x) { return (int64_t)((uint64_t)sum + (uint64_t)x); }
static int64_t mul_integer(int64_t sum, int64_t x) { return (int64_t)((uint64_t)sum * (uint64_t)x); }
static int64_t max_integer(int64_t sum, int64_t x) { return x > sum ? x : sum; }
static int64_t min_integer(int64_t sum, int64_t x) { return x < sum ? x : sum; }

static void put_real(const reduction *r, const void *data, int64_t place, int64_t start) {
    const reducer *how = data;
    const float *x = r->in->data;
    int64_t index[TNN_EXEC_MAX_LOOPS] = {0}, at = start;
    double sum = how->first;
    for (int64_t k = 0; k < r->n; k++) {
        sum = how->real(sum, (double)x[at]);
        tnn_exec_next(&r->reduced, index, 1, &r->reduced_side, &at);
    }
    ((float *)r->out->data)[place] = (float)(how->is_mean ? sum / (double)r->n : sum);
}

static void put_integer(const reduction *r, const void *data, int64_t place, int64_t start) {
    const reducer *how = data;
    tnn_dtype dtype = r->in->dtype;
    int64_t index[TNN_EXEC_MAX_LOOPS] = {0}, at = start, sum = how->first_integer;
    if (sum == INT64_MIN) sum = tnn_exec_type_min(dtype);
    if (sum == INT64_MAX) sum = tnn_exec_type_max(dtype);
    for (int64_t k = 0; k < r->n; k++) {
        sum = how->integer(sum, tnn_elem_integer(r->in->data, dtype, at));
        tnn_exec_next(&r->reduced, index, 1, &r->reduced_side, &at);
    }
    if (how->is_mean) sum = r->n == 0 ? 0 : sum / r->n;
    tnn_elem_set_integer(r->out->data, dtype, place, sum);
}

static tnn_status run_reducer(const tnn_exec_call *call, tnn_error *err) {
    reduction r;
    TNN_TRY(begin(call, &r, err));
    TNN_TRY(tnn_exec_need_same_type(call, r.in, r.out, err));
    if (tnn_dtype_is_float(r.in->dtype) && r.in->dtype != TNN_DTYPE_F32) return tnn_exec_no_kernel(call, r.in, err);
    run_places(&r, r.in->dtype == TNN_DTYPE_F32 ? put_real : put_integer, call->data);
    return TNN_OK;
}

static const reducer max_reducer = {max_real, max_integer, -INFINITY, INT64_MIN, false};
static const reducer min_reducer = {min_real, min_integer, INFINITY, INT64_MAX, false};
static const reducer any_reducer = {max_real, max_integer, 0, 0, false};
static const reducer all_reducer = {min_real, min_integer, 1, 1, false};
const tnn_exec_row tnn_exec_REDUCE_MAX = {run_reducer, 2, 2, 1, &max_reducer};
const tnn_exec_row tnn_exec_REDUCE_MIN = {run_reducer, 2, 2, 1, &min_reducer};
const tnn_exec_row tnn_exec_REDUCE_ANY = {run_reducer, 2, 2, 1, &any_reducer};
const tnn_exec_row tnn_exec_REDUCE_ALL = {run_reducer, 2, 2, 1, &all_reducer};

/* ---- integers with scales ---- */

static void store(const reduction *r, int64_t place, int64_t x) {
    int64_t low = tnn_exec_type_min(r->out->dtype), high = tnn_exec_type_max(r->out->dtype);
    tnn_elem_set_integer(r->out->data, r->out->dtype, place, tnn_fixed_clamp(x + r->out->zero_point, low, high));
}

static int64_t sum_at(const reduction *r, int64_t start) {
    int64_t index[TNN_EXEC_MAX_LOOPS] = {0}, at = start, sum = 0;
    for (int64_t k = 0; k < r->n; k++) {
        sum += tnn_elem_integer(r->in->data, r->in->dtype, at);
        tnn_exec_next(&r->reduced, index, 1, &r->reduced_side, &at);
    }
    return sum;
}

static void put_scaled_mean(const reduction *r, const void *data, int64_t place, int64_t start) {
    const tnn_fixed *factor = data;
    int64_t sum = sum_at(r, start) - r->n * r->in->zero_point;
    store(r, place, tnn_fixed_scale((int32_t)(uint32_t)(uint64_t)sum, *factor));
}

/* In float, as LiteRT's default kernel: what its reference kernel computes depends on where its memory lies (2.3.0). */
static void put_scaled_sum(const reduction *r, const void *data, int64_t place, int64_t start) {
    const float *scale = data;
    float zeros = (float)-r->in->zero_point * *scale * (float)r->n;
    float sum = roundf((float)sum_at(r, start) * *scale + zeros);
    store(r, place, sum <= -0x1p30f ? -(1 << 30) : sum >= 0x1p30f ? 1 << 30 : (int64_t)sum);
}

/* The factor of a mean is that of the sum over n: as much of 1 / n in the multiplier as its bits hold. */
static tnn_fixed mean_factor(tnn_fixed factor, int64_t n) {
    int shift = 63;
    while (shift > 0 && (n >> shift) == 0) shift--;
    if (shift > 32) shift = 32;
    if (shift > 31 + factor.shift) shift = 31 + factor.shift;
    int64_t wide = (int64_t)factor.multiplier * (INT64_C(1) << shift);
    return (tnn_fixed){(int32_t)(wide / n), factor.shift - shift};
}

static tnn_status run_sum_or_mean(const tnn_exec_call *call, tnn_error *err) {
    static const reducer plain_sum = {add_real, add_integer, 0, 0, false};
    static const reducer plain_mean = {add_real, add_integer, 0, 0, true};
    bool is_mean = call->data != NULL;
    reduction r;
    if (!tnn_exec_is_quantized(call->in[0])) {
        tnn_exec_call plain = *call;
        plain.data = is_mean ? &plain_mean : &plain_sum;
        return run_reducer(&plain, err);
    }
    TNN_TRY(begin(call, &r, err));
    TNN_TRY(tnn_exec_need_same_type(call, r.in, r.out, err));
    TNN_TRY(tnn_exec_need_scale(call, r.in, err));
    TNN_TRY(tnn_exec_need_scale(call, r.out, err));
    float scale = r.in->scale / r.out->scale;
    tnn_fixed factor = tnn_fixed_from((double)r.in->scale / (double)r.out->scale);
    if (r.n > 0) factor = mean_factor(factor, r.n);
    if (is_mean) run_places(&r, put_scaled_mean, &factor);
    else run_places(&r, put_scaled_sum, &scale);
    return TNN_OK;
}

static const bool is_mean = true;
const tnn_exec_row tnn_exec_SUM = {run_sum_or_mean, 2, 2, 1, NULL};
const tnn_exec_row tnn_exec_MEAN = {run_sum_or_mean, 2, 2, 1, &is_mean};

/* Each product is rescaled, so that none overflows. */
static void put_scaled_product(const reduction *r, const void *data, int64_t place, int64_t start) {
    const tnn_fixed *factor = data;
    int64_t index[TNN_EXEC_MAX_LOOPS] = {0}, at = start;
    int32_t product = 0;
    for (int64_t k = 0; k < r->n; k++) {
        int64_t x = tnn_elem_integer(r->in->data, r->in->dtype, at) - r->in->zero_point;
        product = k == 0 ? (int32_t)x : tnn_fixed_scale_64(product * x, *factor);
        tnn_exec_next(&r->reduced, index, 1, &r->reduced_side, &at);
    }
    store(r, place, tnn_fixed_scale_64(product, *factor));
}

static tnn_status run_product(const tnn_exec_call *call, tnn_error *err) {
    static const reducer plain = {mul_real, mul_integer, 1, 1, false};
    reduction r;
    if (!tnn_exec_is_quantized(call->in[0])) {
        tnn_exec_call without = *call;
        without.data = &plain;
        return run_reducer(&without, err);
    }
    TNN_TRY(begin(call, &r, err));
    TNN_TRY(tnn_exec_need_same_type(call, r.in, r.out, err));
    TNN_TRY(tnn_exec_need_scale(call, r.in, err));
    TNN_TRY(tnn_exec_need_scale(call, r.out, err));
    if (r.n == 0) return TNN_OK;
    tnn_fixed factor = tnn_fixed_from((double)r.in->scale / pow((double)r.out->scale, 1.0 / (double)r.n));
    run_places(&r, put_scaled_product, &factor);
    return TNN_OK;
}

const tnn_exec_row tnn_exec_REDUCE_PROD = {run_product, 2, 2, 1, NULL};
