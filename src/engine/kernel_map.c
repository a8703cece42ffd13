/* Functions of one float32 operand, element by element, in whatever order it lies. */
#include <math.h>
#include <string.h>

#include "engine/kernels.h"
#include "ops/class.h"
#include "ops/list.h"

/* `args` are the node's numbers. */
typedef void map_fn(float *out, const float *x, int64_t n, const float *args);

static void map_relu(float *out, const float *x, int64_t n, const float *args) {
    (void)args;
    for (int64_t i = 0; i < n; i++) out[i] = x[i] < 0 ? 0 : x[i];
}

static void map_neg(float *out, const float *x, int64_t n, const float *args) {
    (void)args;
    for (int64_t i = 0; i < n; i++) out[i] = -x[i];
}

static void map_abs(float *out, const float *x, int64_t n, const float *args) {
    (void)args;
    for (int64_t i = 0; i < n; i++) out[i] = fabsf(x[i]);
}

static void map_sqrt(float *out, const float *x, int64_t n, const float *args) {
    (void)args;
    for (int64_t i = 0; i < n; i++) out[i] = sqrtf(x[i]);
}

static void map_rsqrt(float *out, const float *x, int64_t n, const float *args) {
    (void)args;
    for (int64_t i = 0; i < n; i++) out[i] = 1 / sqrtf(x[i]);
}

/* args: low, high */
static void map_clamp(float *out, const float *x, int64_t n, const float *args) {
    float low = args[0], high = args[1];
    for (int64_t i = 0; i < n; i++) {
        float above = x[i] < low ? low : x[i];
        out[i] = above > high ? high : above;
    }
}

static void map_hardswish(float *out, const float *x, int64_t n, const float *args) {
    (void)args;
    for (int64_t i = 0; i < n; i++) {
        float above = x[i] + 3 < 0 ? 0 : x[i] + 3;
        out[i] = x[i] * (above > 6 ? 6 : above) / 6;
    }
}

static void map_leaky_relu(float *out, const float *x, int64_t n, const float *args) {
    for (int64_t i = 0; i < n; i++) out[i] = x[i] > 0 ? x[i] : x[i] * args[0];
}

/* args: alpha, scale, input_scale */
static void map_elu(float *out, const float *x, int64_t n, const float *args) {
    for (int64_t i = 0; i < n; i++)
        out[i] = x[i] > 0 ? x[i] * args[1] : expm1f(x[i] * args[2]) * args[0] * args[1];
}

static void map_exp(float *out, const float *x, int64_t n, const float *args) {
    (void)args;
    for (int64_t i = 0; i < n; i++) out[i] = expf(x[i]);
}

/* That of oneDNN is not exact near 1. */
static void map_log(float *out, const float *x, int64_t n, const float *args) {
    (void)args;
    for (int64_t i = 0; i < n; i++) out[i] = logf(x[i]);
}

static void map_sigmoid(float *out, const float *x, int64_t n, const float *args) {
    (void)args;
    for (int64_t i = 0; i < n; i++) out[i] = 1 / (1 + expf(-x[i]));
}

static void map_tanh(float *out, const float *x, int64_t n, const float *args) {
    (void)args;
    for (int64_t i = 0; i < n; i++) out[i] = tanhf(x[i]);
}

static void map_sin(float *out, const float *x, int64_t n, const float *args) {
    (void)args;
    for (int64_t i = 0; i < n; i++) out[i] = sinf(x[i]);
}

static void map_cos(float *out, const float *x, int64_t n, const float *args) {
    (void)args;
    for (int64_t i = 0; i < n; i++) out[i] = cosf(x[i]);
}

static void map_floor(float *out, const float *x, int64_t n, const float *args) {
    (void)args;
    for (int64_t i = 0; i < n; i++) out[i] = floorf(x[i]);
}

static void map_gelu(float *out, const float *x, int64_t n, const float *args) {
    (void)args;
    for (int64_t i = 0; i < n; i++) out[i] = 0.5f * x[i] * (1 + erff(x[i] * 0.70710678f));
}

static void map_gelu_tanh(float *out, const float *x, int64_t n, const float *args) {
    (void)args;
    for (int64_t i = 0; i < n; i++)
        out[i] = 0.5f * x[i] * (1 + tanhf(0.79788456f * (x[i] + 0.044715f * x[i] * x[i] * x[i])));
}

typedef struct map_row {
    map_fn *run;
    tnn_dnnl_function dnnl; /* faster, where it is there */
} map_row;

static const map_row rows[TNN_OP_COUNT] = {
    [TNN_OP_relu] = {map_relu, TNN_DNNL_NO_FUNCTION},
    [TNN_OP_neg] = {map_neg, TNN_DNNL_NO_FUNCTION},
    [TNN_OP_abs] = {map_abs, TNN_DNNL_NO_FUNCTION},
    [TNN_OP_sqrt] = {map_sqrt, TNN_DNNL_NO_FUNCTION},
    [TNN_OP_rsqrt] = {map_rsqrt, TNN_DNNL_NO_FUNCTION},
    [TNN_OP_clamp] = {map_clamp, TNN_DNNL_NO_FUNCTION},
    [TNN_OP_hardswish] = {map_hardswish, TNN_DNNL_NO_FUNCTION},
    [TNN_OP_leaky_relu] = {map_leaky_relu, TNN_DNNL_NO_FUNCTION},
    [TNN_OP_elu] = {map_elu, TNN_DNNL_NO_FUNCTION},
    [TNN_OP_exp] = {map_exp, TNN_DNNL_EXP},
    [TNN_OP_log] = {map_log, TNN_DNNL_NO_FUNCTION},
    [TNN_OP_sigmoid] = {map_sigmoid, TNN_DNNL_SIGMOID},
    [TNN_OP_tanh] = {map_tanh, TNN_DNNL_TANH},
    [TNN_OP_sin] = {map_sin, TNN_DNNL_NO_FUNCTION},
    [TNN_OP_cos] = {map_cos, TNN_DNNL_NO_FUNCTION},
    [TNN_OP_floor] = {map_floor, TNN_DNNL_NO_FUNCTION},
};

static map_row row_of(const tnn_node *node) {
    if (!tnn_node_is(node, TNN_OP_gelu)) return rows[node->op->id];
    bool by_tanh = strcmp(node->args[1].as.text, "tanh") == 0;
    return by_tanh ? (map_row){map_gelu_tanh, TNN_DNNL_GELU_TANH} : (map_row){map_gelu, TNN_DNNL_GELU};
}

typedef struct map_data {
    map_fn *run;
    float args[TNN_MAX_SCALARS];
} map_data;

static tnn_status run_map(const tnn_step_call *call, tnn_error *err) {
    (void)err;
    const map_data *map = call->step->data;
    map->run(call->out[0], call->in[0], tnn_place_elems(&call->step->out[0]), map->args);
    return TNN_OK;
}

static float absent_bound(const tnn_node *node, size_t index) {
    if (!tnn_node_is(node, TNN_OP_clamp)) return NAN;
    return index == 0 ? -INFINITY : INFINITY;
}

/* False where a number is NaN, which our loops do not treat as the operators do. */
static bool take_numbers(const tnn_node *node, map_data *map) {
    tnn_scalar scalars[TNN_MAX_SCALARS];
    size_t n = tnn_node_scalars(node, scalars);
    for (size_t i = 0; i < n; i++) {
        map->args[i] = scalars[i].present ? (float)scalars[i].number : absent_bound(node, i);
        if (isnan(map->args[i])) return false;
    }
    return true;
}

static tnn_status add_step(tnn_planner *p, const tnn_node *node, const map_row *row, const map_data *numbers,
                           const tnn_place *in, const tnn_place *out, tnn_error *err) {
    tnn_dnnl_op *op = NULL;
    if (row->dnnl != TNN_DNNL_NO_FUNCTION) {
        TNN_TRY(tnn_dnnl_map_new(&op, p->engine->dnnl, row->dnnl, tnn_place_elems(in), err));
        TNN_TRY(tnn_plan_own_dnnl(p, op, err));
    }
    if (op != NULL) {
        return tnn_plan_add_node(p, node, tnn_run_dnnl, op, in, 1, out, node->activation, tnn_dnnl_scratch_bytes(op),
                                 err);
    }
    map_data *map = tnn_arena_copy(p->engine->arena, numbers, 1, sizeof *numbers);
    if (map == NULL) return tnn_fail_nomem(err);
    map->run = row->run;
    return tnn_plan_add_node(p, node, run_map, map, in, 1, out, node->activation, 0, err);
}

tnn_status tnn_plan_map(tnn_planner *p, const tnn_node *node, bool *done, tnn_error *err) {
    const tnn_value *self = node->args[0].as.tensor;
    map_row row = row_of(node);
    map_data numbers = {0};
    tnn_place in, out;
    if (!tnn_plan_is_f32(self) || !tnn_plan_is_f32(node->outputs[0]) || !take_numbers(node, &numbers)) return TNN_OK;
    TNN_TRY(tnn_plan_get_packed(p, self, &in, err));
    tnn_order order = tnn_order_of(&in);
    TNN_TRY(tnn_plan_result(p, node->outputs[0], &order, &out, err));
    *done = true;
    return add_step(p, node, &row, &numbers, &in, &out, err);
}
