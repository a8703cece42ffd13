/* Comparisons, and the choice between two tensors. */
#include <string.h>

#include "tflite/exec_fixed.h"
#include "tflite/exec_move.h"

typedef struct comparison {
    bool if_less, if_equal, if_greater; /* otherwise, with NaN, only "not equal" holds */
} comparison;

static bool holds(const comparison *c, double x, double y) {
    if (x < y) return c->if_less;
    if (x > y) return c->if_greater;
    if (x == y) return c->if_equal;
    return c->if_less && c->if_greater && !c->if_equal;
}

static bool holds_of_integers(const comparison *c, int64_t x, int64_t y) {
    return x < y ? c->if_less : x > y ? c->if_greater : c->if_equal;
}

/* As LiteRT rescales operands of small integers: by their scales, after 8 bits to the left. */
static int32_t scaled(const tnn_exec_tensor *t, int64_t at, tnn_fixed factor) {
    int32_t x = (int32_t)tnn_elem_integer(t->data, t->dtype, at) - t->zero_point;
    return tnn_fixed_scale(tnn_fixed_wrap_shift(x, 8), factor);
}

/* LiteRT orders numbers of 16 bits as they are stored. */
static bool needs_scales(const comparison *c, const tnn_exec_tensor *x, const tnn_exec_tensor *y) {
    bool is_order = c->if_less != c->if_greater;
    return tnn_exec_is_quantized(x) && tnn_exec_is_quantized(y) && !(is_order && x->dtype == TNN_DTYPE_I16);
}

static tnn_status run_comparison(const tnn_exec_call *call, tnn_error *err) {
    const tnn_exec_tensor *x = call->in[0], *y = call->in[1];
    tnn_exec_tensor *out = call->out[0];
    tnn_exec_side sides[2];
    TNN_TRY(tnn_exec_need_same_type(call, x, y, err));
    TNN_TRY(tnn_exec_broadcast(call, 2, sides, err));
    if (out->dtype != TNN_DTYPE_BOOL) return tnn_exec_no_kernel(call, out, err);
    bool is_float = tnn_dtype_is_float(x->dtype), is_scaled = needs_scales(call->data, x, y);
    if (is_scaled) TNN_TRY(tnn_exec_need_scale(call, x, err));
    if (is_scaled) TNN_TRY(tnn_exec_need_scale(call, y, err));
    tnn_fixed factor_x = tnn_fixed_from((double)x->scale), factor_y = tnn_fixed_from((double)y->scale);
    tnn_exec_loops loops = tnn_exec_loops_over(out);
    int64_t index[TNN_EXEC_MAX_LOOPS] = {0}, at[2] = {0, 0};
    for (int64_t i = 0; i < out->n_elems; i++) {
        bool result;
        if (is_float)
            result = holds(call->data, tnn_elem_number(x->data, x->dtype, at[0]), tnn_elem_number(y->data, y->dtype, at[1]));
        else if (is_scaled)
            result = holds_of_integers(call->data, scaled(x, at[0], factor_x), scaled(y, at[1], factor_y));
        else
            result = holds_of_integers(call->data, tnn_elem_integer(x->data, x->dtype, at[0]),
                                       tnn_elem_integer(y->data, y->dtype, at[1]));
        tnn_elem_set_integer(out->data, out->dtype, i, result);
        tnn_exec_next(&loops, index, 2, sides, at);
    }
    return TNN_OK;
}

#define COMPARISON(name, less, equal, greater)                                                     \
    static const comparison name##_row = {less, equal, greater};                                   \
    const tnn_exec_row tnn_exec_##name = {run_comparison, 2, 2, 1, &name##_row};

COMPARISON(EQUAL, false, true, false)
COMPARISON(NOT_EQUAL, true, false, true)
COMPARISON(LESS, true, false, false)
COMPARISON(LESS_EQUAL, true, true, false)
COMPARISON(GREATER, false, false, true)
COMPARISON(GREATER_EQUAL, false, true, true)

/* ---- SELECT ---- */

static tnn_status need_choices(const tnn_exec_call *call, tnn_error *err) {
    if (call->in[0]->dtype != TNN_DTYPE_BOOL) return tnn_exec_no_kernel(call, call->in[0], err);
    TNN_TRY(tnn_exec_need_same_type(call, call->in[1], call->in[2], err));
    return tnn_exec_need_same_type(call, call->in[1], call->out[0], err);
}

static void pick(const tnn_exec_call *call, int64_t i, int64_t at_condition, int64_t at_x, int64_t at_y) {
    size_t n_bytes = tnn_dtype_bytes(call->out[0]->dtype);
    bool first = tnn_elem_integer(call->in[0]->data, TNN_DTYPE_BOOL, at_condition) != 0;
    const uint8_t *x = call->in[1]->data, *y = call->in[2]->data;
    uint8_t *out = call->out[0]->data;
    memcpy(out + (size_t)i * n_bytes, first ? x + (size_t)at_x * n_bytes : y + (size_t)at_y * n_bytes, n_bytes);
}

static tnn_status run_select_v2(const tnn_exec_call *call, tnn_error *err) {
    tnn_exec_side sides[3];
    TNN_TRY(need_choices(call, err));
    TNN_TRY(tnn_exec_broadcast(call, 3, sides, err));
    tnn_exec_loops loops = tnn_exec_loops_over(call->out[0]);
    int64_t index[TNN_EXEC_MAX_LOOPS] = {0}, at[3] = {0, 0, 0};
    for (int64_t i = 0; i < call->out[0]->n_elems; i++) {
        pick(call, i, at[0], at[1], at[2]);
        tnn_exec_next(&loops, index, 3, sides, at);
    }
    return TNN_OK;
}

/* The older form: x and y of one shape, a condition of it, a single one, or one for each index of the first dimension. */
static tnn_status run_select(const tnn_exec_call *call, tnn_error *err) {
    const tnn_exec_tensor *condition = call->in[0], *x = call->in[1];
    TNN_TRY(need_choices(call, err));
    TNN_TRY(tnn_exec_need_same_shape(call, x, call->in[2], err));
    TNN_TRY(tnn_exec_need_same_shape(call, x, call->out[0], err));
    bool is_row = condition->rank == 1 && x->rank > 1 && condition->dims[0] == x->dims[0];
    int64_t each = condition->n_elems == 1 ? x->n_elems : is_row ? tnn_exec_inner(x, 1) : 1;
    if (!is_row && condition->n_elems != 1) TNN_TRY(tnn_exec_need_same_shape(call, x, condition, err));
    for (int64_t i = 0; i < x->n_elems; i++) pick(call, i, i / each, i, i);
    return TNN_OK;
}

const tnn_exec_row tnn_exec_SELECT_V2 = {run_select_v2, 3, 3, 1, NULL};
const tnn_exec_row tnn_exec_SELECT = {run_select, 3, 3, 1, NULL};
