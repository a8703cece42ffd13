/* Sums, means and extremes over dimensions, summed up in double. */
#include <math.h>

#include "engine/kernels.h"
#include "engine/nest.h"
#include "ops/list.h"

typedef struct reduce_data {
    tnn_nest nest; /* operand, one double an element of the result */
    tnn_line_fn *line;
    double start, divisor;
} reduce_data;

/* Four sums at a time: each addition waits for the one before it. */
static double sum_of(const float *x, int64_t stride, int64_t n) {
    double sums[4] = {0};
    int64_t i = 0;
    for (; i + 4 <= n; i += 4) {
        for (int k = 0; k < 4; k++) sums[k] += (double)x[(i + k) * stride];
    }
    for (; i < n; i++) sums[0] += (double)x[i * stride];
    return sums[0] + sums[1] + sums[2] + sums[3];
}

static void sum_line(void *const *at, const int64_t *strides, int64_t n, const void *context) {
    (void)context;
    const float *x = at[0];
    double *sums = at[1];
    if (strides[1] == 0) {
        sums[0] += sum_of(x, strides[0], n);
    } else if (strides[0] == 1 && strides[1] == 1) {
        for (int64_t i = 0; i < n; i++) sums[i] += (double)x[i];
    } else {
        for (int64_t i = 0; i < n; i++) sums[i * strides[1]] += (double)x[i * strides[0]];
    }
}

/* A NaN stays: x is then not less than anything. */
static void max_line(void *const *at, const int64_t *strides, int64_t n, const void *context) {
    (void)context;
    const float *x = at[0];
    double *best = at[1];
    for (int64_t i = 0; i < n; i++) {
        double so_far = best[i * strides[1]], next = (double)x[i * strides[0]];
        best[i * strides[1]] = isnan(so_far) || next <= so_far ? so_far : next;
    }
}

static void min_line(void *const *at, const int64_t *strides, int64_t n, const void *context) {
    (void)context;
    const float *x = at[0];
    double *best = at[1];
    for (int64_t i = 0; i < n; i++) {
        double so_far = best[i * strides[1]], next = (double)x[i * strides[0]];
        best[i * strides[1]] = isnan(so_far) || next >= so_far ? so_far : next;
    }
}

static tnn_status run_reduce(const tnn_step_call *call, tnn_error *err) {
    (void)err;
    const reduce_data *r = call->step->data;
    int64_t n = tnn_place_elems(&call->step->out[0]);
    double *results = call->scratch;
    float *out = call->out[0];
    void *const bases[] = {call->in[0], results};
    for (int64_t i = 0; i < n; i++) results[i] = r->start;
    tnn_nest_each(&r->nest, bases, r->line, NULL);
    for (int64_t i = 0; i < n; i++) out[i] = (float)(results[i] / r->divisor);
    return TNN_OK;
}

/* ---- planning ---- */

/* Bit d: dimension d goes. None, or an empty list, means all. */
static uint32_t dim_set(const tnn_arg *dims, uint8_t rank) {
    uint32_t set = 0;
    for (uint32_t i = 0; dims->kind == TNN_ARG_INTS && i < dims->n; i++) {
        int64_t dim = dims->as.sizes[i].hint;
        set |= 1u << (dim < 0 ? dim + rank : dim);
    }
    return set != 0 ? set : (1u << rank) - 1;
}

/* The order of what is left, with `keep` of all. */
static tnn_order order_left(const tnn_order *order, uint32_t set, bool keep) {
    tnn_order left = {0};
    for (uint8_t i = 0; i < order->rank; i++) {
        uint8_t d = order->dims[i], gone = 0;
        if (set >> d & 1u && !keep) continue;
        for (uint8_t k = 0; k < d && !keep; k++) gone = (uint8_t)(gone + (set >> k & 1u));
        left.dims[left.rank++] = (uint8_t)(d - gone);
    }
    return left;
}

/* The doubles in the order of the result, under the dimensions of the operand: those that go have size 1. */
static tnn_place doubles_of(const tnn_place *out, const tnn_place *in, uint32_t set, bool keep) {
    tnn_place place = {.dtype = TNN_DTYPE_F64, .rank = in->rank};
    uint8_t from = 0;
    for (uint8_t d = 0; d < in->rank; d++) {
        bool goes = set >> d & 1u;
        place.dims[d] = goes ? 1 : in->dims[d];
        place.strides[d] = goes ? 0 : out->strides[from];
        if (!goes || keep) from++;
    }
    return place;
}

static reduce_data describe(const tnn_node *node, const tnn_place *in, const tnn_place *out, uint32_t set, bool keep) {
    tnn_place doubles = doubles_of(out, in, set, keep);
    const tnn_place *sides[] = {in, &doubles};
    reduce_data r = {.nest = tnn_nest_make(sides, 2), .line = sum_line, .divisor = 1};
    if (tnn_node_is(node, TNN_OP_mean)) r.divisor = (double)tnn_place_elems(in) / (double)tnn_place_elems(out);
    if (tnn_node_is(node, TNN_OP_amax)) {
        r.line = max_line;
        r.start = (double)-INFINITY;
    } else if (tnn_node_is(node, TNN_OP_amin)) {
        r.line = min_line;
        r.start = (double)INFINITY;
    }
    return r;
}

tnn_status tnn_plan_reduce(tnn_planner *p, const tnn_node *node, bool *done, tnn_error *err) {
    const tnn_value *self = node->args[0].as.tensor, *result = node->outputs[0];
    uint32_t set = dim_set(&node->args[1], self->shape.rank);
    bool keep = tnn_arg_bool(&node->args[2]);
    tnn_place in, out;
    if (!tnn_plan_is_f32(self) || !tnn_plan_is_f32(result)) return TNN_OK;
    TNN_TRY(tnn_plan_get(p, self, &in, err));
    tnn_order order = tnn_order_of(&in), left = order_left(&order, set, keep);
    TNN_TRY(tnn_plan_result(p, result, &left, &out, err));
    reduce_data *r = TNN_NEW(p->engine->arena, reduce_data);
    if (r == NULL) return tnn_fail_nomem(err);
    *r = describe(node, &in, &out, set, keep);
    *done = true;
    return tnn_plan_add_node(p, node, run_reduce, r, &in, 1, &out, node->activation,
                             (size_t)tnn_place_elems(&out) * sizeof(double), err);
}
