/* Functions of two operands that broadcast, element by element. A line of an operand that does
 * not lie in one piece is gathered into a tile first, so that each function is one plain loop. */
#include <math.h>
#include <string.h>

#include "engine/kernels.h"
#include "engine/nest.h"
#include "ops/list.h"

#define TILE 256

/* `out` is of the result's dtype. */
typedef void pair_fn(void *out, const float *a, const float *b, int64_t n);

static void pair_add(void *out, const float *a, const float *b, int64_t n) {
    float *y = out;
    for (int64_t i = 0; i < n; i++) y[i] = a[i] + b[i];
}

static void pair_sub(void *out, const float *a, const float *b, int64_t n) {
    float *y = out;
    for (int64_t i = 0; i < n; i++) y[i] = a[i] - b[i];
}

static void pair_mul(void *out, const float *a, const float *b, int64_t n) {
    float *y = out;
    for (int64_t i = 0; i < n; i++) y[i] = a[i] * b[i];
}

static void pair_div(void *out, const float *a, const float *b, int64_t n) {
    float *y = out;
    for (int64_t i = 0; i < n; i++) y[i] = a[i] / b[i];
}

/* A NaN on either side is the result. */
static void pair_maximum(void *out, const float *a, const float *b, int64_t n) {
    float *y = out;
    for (int64_t i = 0; i < n; i++) y[i] = a[i] > b[i] || isnan(a[i]) ? a[i] : b[i];
}

static void pair_minimum(void *out, const float *a, const float *b, int64_t n) {
    float *y = out;
    for (int64_t i = 0; i < n; i++) y[i] = a[i] < b[i] || isnan(a[i]) ? a[i] : b[i];
}

static void pair_pow(void *out, const float *a, const float *b, int64_t n) {
    float *y = out;
    for (int64_t i = 0; i < n; i++) y[i] = b[i] == 2 ? a[i] * a[i] : powf(a[i], b[i]);
}

static void pair_prelu(void *out, const float *a, const float *b, int64_t n) {
    float *y = out;
    for (int64_t i = 0; i < n; i++) y[i] = a[i] > 0 ? a[i] : a[i] * b[i];
}

static void pair_eq(void *out, const float *a, const float *b, int64_t n) {
    uint8_t *y = out;
    for (int64_t i = 0; i < n; i++) y[i] = a[i] == b[i];
}

static void pair_ne(void *out, const float *a, const float *b, int64_t n) {
    uint8_t *y = out;
    for (int64_t i = 0; i < n; i++) y[i] = a[i] != b[i];
}

static void pair_lt(void *out, const float *a, const float *b, int64_t n) {
    uint8_t *y = out;
    for (int64_t i = 0; i < n; i++) y[i] = a[i] < b[i];
}

static void pair_le(void *out, const float *a, const float *b, int64_t n) {
    uint8_t *y = out;
    for (int64_t i = 0; i < n; i++) y[i] = a[i] <= b[i];
}

static void pair_gt(void *out, const float *a, const float *b, int64_t n) {
    uint8_t *y = out;
    for (int64_t i = 0; i < n; i++) y[i] = a[i] > b[i];
}

static void pair_ge(void *out, const float *a, const float *b, int64_t n) {
    uint8_t *y = out;
    for (int64_t i = 0; i < n; i++) y[i] = a[i] >= b[i];
}

static pair_fn *const functions[TNN_OP_COUNT] = {
    [TNN_OP_add] = pair_add, [TNN_OP_sub] = pair_sub, [TNN_OP_mul] = pair_mul, [TNN_OP_div] = pair_div,
    [TNN_OP_maximum] = pair_maximum, [TNN_OP_minimum] = pair_minimum, [TNN_OP_pow] = pair_pow,
    [TNN_OP_prelu] = pair_prelu, [TNN_OP_eq] = pair_eq, [TNN_OP_ne] = pair_ne, [TNN_OP_lt] = pair_lt,
    [TNN_OP_le] = pair_le, [TNN_OP_gt] = pair_gt, [TNN_OP_ge] = pair_ge,
};

/* ---- running ---- */

/* `n` numbers of a line in one piece: where they are, or gathered. */
static const float *piece(const float *from, int64_t stride, int64_t n, float *tile) {
    if (stride == 1) return from;
    for (int64_t i = 0; i < n; i++) tile[i] = from[i * stride];
    return tile;
}

typedef struct pair_data {
    tnn_nest nest; /* result, a, b */
    pair_fn *run;
} pair_data;

static void pair_line(void *const *at, const int64_t *strides, int64_t n, const void *context) {
    const pair_data *pair = context;
    float tiles[2][TILE];
    if (strides[1] == 1 && strides[2] == 1) {
        pair->run(at[0], at[1], at[2], n);
        return;
    }
    for (int64_t start = 0; start < n; start += TILE) {
        int64_t count = n - start < TILE ? n - start : TILE;
        const float *a = piece((const float *)at[1] + start * strides[1], strides[1], count, tiles[0]);
        const float *b = piece((const float *)at[2] + start * strides[2], strides[2], count, tiles[1]);
        pair->run((uint8_t *)at[0] + start * pair->nest.elem_bytes[0], a, b, count);
    }
}

static tnn_status run_pair(const tnn_step_call *call, tnn_error *err) {
    (void)err;
    const pair_data *pair = call->step->data;
    void *const bases[] = {call->out[0], call->in[0], call->in[1]};
    tnn_nest_each(&pair->nest, bases, pair_line, pair);
    return TNN_OK;
}

/* ---- planning ---- */

bool tnn_plan_is_operand(const tnn_arg *arg) {
    if (arg->kind == TNN_ARG_TENSOR) return tnn_plan_is_f32(arg->as.tensor);
    return arg->kind == TNN_ARG_INT || arg->kind == TNN_ARG_FLOAT || arg->kind == TNN_ARG_BOOL;
}

tnn_status tnn_plan_get_operand(tnn_planner *p, const tnn_arg *arg, tnn_place *out, tnn_error *err) {
    if (arg->kind == TNN_ARG_TENSOR) return tnn_plan_get(p, arg->as.tensor, out, err);
    return tnn_plan_number(p, tnn_arg_number(arg), out, err);
}

tnn_order tnn_plan_order_of(const tnn_place *in, uint32_t n, const tnn_value *result) {
    int64_t n_elems = 0;
    (void)tnn_shape_count(&result->shape, &n_elems);
    for (uint32_t i = 0; i < n; i++) {
        if (in[i].rank == result->shape.rank && tnn_place_elems(&in[i]) == n_elems) return tnn_order_of(&in[i]);
    }
    return tnn_order_plain(result->shape.rank);
}

/* The weight of a prelu stands along dimension 1 of its operand. */
static void stand_up(tnn_place *weight, uint8_t rank) {
    if (weight->rank != 1 || rank < 2) return;
    for (uint8_t d = 1; d + 1 < rank; d++) {
        weight->dims[d] = 1;
        weight->strides[d] = 1;
    }
    weight->rank = (uint8_t)(rank - 1);
}

/* Arguments beyond the operands are away from their defaults: then the reference kernel knows what they mean. */
static bool has_options(const tnn_node *node) {
    const tnn_arg *alpha = tnn_node_arg(node, "alpha"), *rounding = tnn_node_arg(node, "rounding_mode");
    return (alpha != NULL && tnn_arg_number(alpha) != 1) || (rounding != NULL && rounding->kind != TNN_ARG_NONE);
}

tnn_status tnn_plan_pair(tnn_planner *p, const tnn_node *node, bool *done, tnn_error *err) {
    const tnn_value *result = node->outputs[0];
    const tnn_arg *args = node->args;
    bool floats = tnn_plan_is_f32(result) || result->dtype == TNN_DTYPE_BOOL;
    tnn_place in[2], out;
    if (!floats || !tnn_plan_is_operand(&args[0]) || !tnn_plan_is_operand(&args[1]) || has_options(node)) return TNN_OK;
    TNN_TRY(tnn_plan_get_operand(p, &args[0], &in[0], err));
    TNN_TRY(tnn_plan_get_operand(p, &args[1], &in[1], err));
    if (tnn_node_is(node, TNN_OP_prelu)) stand_up(&in[1], in[0].rank);
    tnn_order order = tnn_plan_order_of(in, 2, result);
    TNN_TRY(tnn_plan_result(p, result, &order, &out, err));
    pair_data *pair = TNN_NEW(p->engine->arena, pair_data);
    if (pair == NULL) return tnn_fail_nomem(err);
    const tnn_place *sides[] = {&out, &in[0], &in[1]};
    *pair = (pair_data){tnn_nest_make(sides, 3), functions[node->op->id]};
    *done = true;
    return tnn_plan_add_node(p, node, run_pair, pair, in, 2, &out, node->activation, 0, err);
}
