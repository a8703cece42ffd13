#include "tflite/exec_binary.h"

#include <math.h>

#include "tflite/exec_move.h"

typedef struct binary_run {
    const tnn_exec_binary *row;
    const tnn_exec_tensor *x, *y;
    tnn_exec_tensor *out;
    tnn_exec_bounds bounds;
    tnn_exec_factors factors;
    tnn_status (*element)(const struct binary_run *run, const tnn_exec_call *call, int64_t i, int64_t at_x, int64_t at_y,
                          tnn_error *err);
} binary_run;

static tnn_status put_real(const binary_run *run, const tnn_exec_call *call, int64_t i, int64_t at_x, int64_t at_y,
                           tnn_error *err) {
    (void)call, (void)err;
    const float *x = run->x->data, *y = run->y->data;
    ((float *)run->out->data)[i] = tnn_exec_clamp(run->row->real(x[at_x], y[at_y]), &run->bounds);
    return TNN_OK;
}

static int64_t clamp_integer(int64_t x, const tnn_exec_bounds *bounds) {
    return x < bounds->first ? bounds->first : x > bounds->last ? bounds->last : x;
}

static tnn_status no_divisor(const tnn_exec_call *call, tnn_error *err) {
    return tnn_fail(err, TNN_ERR_INVALID, call->where, "an integer is divided by zero");
}

static tnn_status put_integer(const binary_run *run, const tnn_exec_call *call, int64_t i, int64_t at_x, int64_t at_y,
                              tnn_error *err) {
    tnn_dtype dtype = run->out->dtype;
    int64_t x = tnn_elem_integer(run->x->data, dtype, at_x), y = tnn_elem_integer(run->y->data, dtype, at_y);
    if (run->row->needs_divisor && y == 0) return no_divisor(call, err);
    tnn_elem_set_integer(run->out->data, dtype, i, run->row->integer(x, y));
    int64_t cut = tnn_elem_integer(run->out->data, dtype, i);
    tnn_elem_set_integer(run->out->data, dtype, i, clamp_integer(cut, &run->bounds));
    return TNN_OK;
}

static tnn_status put_scaled(const binary_run *run, const tnn_exec_call *call, int64_t i, int64_t at_x, int64_t at_y,
                             tnn_error *err) {
    int32_t x = (int32_t)tnn_elem_integer(run->x->data, run->x->dtype, at_x) - run->x->zero_point;
    int32_t y = (int32_t)tnn_elem_integer(run->y->data, run->y->dtype, at_y) - run->y->zero_point;
    if (run->row->needs_divisor && y == 0) return no_divisor(call, err);
    int64_t sum = (int64_t)run->row->scaled(&run->factors, x, y) + run->out->zero_point;
    tnn_elem_set_integer(run->out->data, run->out->dtype, i, clamp_integer(sum, &run->bounds));
    return TNN_OK;
}

static tnn_status choose(binary_run *run, const tnn_exec_call *call, tnn_error *err) {
    const tnn_exec_tensor *out = run->out;
    TNN_TRY(tnn_exec_need_same_type(call, run->x, run->y, err));
    TNN_TRY(tnn_exec_need_same_type(call, run->x, out, err));
    run->bounds = tnn_exec_bounds_between(out, -INFINITY, INFINITY);
    if (run->row->has_activation) TNN_TRY(tnn_exec_bounds_of(call, out, &run->bounds, err));
    bool is_scaled = tnn_exec_is_small_int(out) && !run->row->is_of_stored && run->row->scaled != NULL &&
                     (out->dtype != TNN_DTYPE_I16 || out->n_scales > 0);
    if (out->dtype == TNN_DTYPE_F32 && run->row->real != NULL) {
        run->element = put_real;
    } else if (is_scaled) {
        TNN_TRY(tnn_exec_need_scale(call, run->x, err));
        TNN_TRY(tnn_exec_need_scale(call, run->y, err));
        TNN_TRY(tnn_exec_need_scale(call, out, err));
        run->factors = run->row->prepare(call);
        run->element = put_scaled;
    } else if (!tnn_dtype_is_float(out->dtype) && run->row->integer != NULL) {
        run->element = put_integer;
    } else {
        return tnn_exec_no_kernel(call, out, err);
    }
    return TNN_OK;
}

tnn_status tnn_exec_run_binary(const tnn_exec_call *call, tnn_error *err) {
    binary_run run = {.row = call->data, .x = call->in[0], .y = call->in[1], .out = call->out[0]};
    tnn_exec_side sides[2];
    TNN_TRY(choose(&run, call, err));
    TNN_TRY(tnn_exec_broadcast(call, 2, sides, err));
    tnn_exec_loops loops = tnn_exec_loops_over(run.out);
    int64_t index[TNN_EXEC_MAX_LOOPS] = {0}, at[2] = {0, 0};
    for (int64_t i = 0; i < run.out->n_elems; i++) {
        TNN_TRY(run.element(&run, call, i, at[0], at[1], err));
        tnn_exec_next(&loops, index, 2, sides, at);
    }
    return TNN_OK;
}

tnn_exec_factors tnn_exec_common_scale(const tnn_exec_call *call, int left) {
    float x = call->in[0]->scale, y = call->in[1]->scale;
    double twice = 2 * (double)(x > y ? x : y);
    return (tnn_exec_factors){.x = tnn_fixed_from((double)x / twice), .y = tnn_fixed_from((double)y / twice),
                              .out = tnn_fixed_from(twice / ((double)(1 << left) * (double)call->out[0]->scale)),
                              .left = left};
}
