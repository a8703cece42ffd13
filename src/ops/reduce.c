/* Sums and means over dimensions, and what all reductions share. */
#include "ops/reduce.h"

#include "base/alloc.h"
#include "ops/class.h"
#include "ops/infer.h"
#include "ops/list.h"
#include "ops/promote.h"
#include "ops/walk.h"

enum { SELF, DIM, KEEPDIM, DTYPE };

#define ALL_DIMS UINT32_MAX

static tnn_status dims_of(const tnn_call *call, uint32_t *set, tnn_error *err) {
    const tnn_arg *dims = &call->args[DIM];
    *set = 0;
    if (dims->kind == TNN_ARG_INTS) {
        TNN_TRY(tnn_call_dim_set(call, dims, tnn_call_tensor(call, SELF)->shape.rank, set, err));
    }
    if (*set == 0) *set = ALL_DIMS;
    return TNN_OK;
}

tnn_status tnn_reduced_shape(const tnn_call *call, tnn_shape *shape, tnn_error *err) {
    const tnn_shape *self = &tnn_call_tensor(call, SELF)->shape;
    bool keep = tnn_arg_bool(&call->args[KEEPDIM]);
    uint32_t set;
    TNN_TRY(dims_of(call, &set, err));
    shape->rank = 0;
    for (uint8_t d = 0; d < self->rank; d++) {
        bool reduced = set >> d & 1u;
        if (!reduced || keep) shape->dims[shape->rank++] = reduced ? tnn_size_const(1) : self->dims[d];
    }
    return TNN_OK;
}

static tnn_status infer_sum(const tnn_call *call, tnn_type *outs, uint32_t *n_outs, tnn_error *err) {
    tnn_dtype dtype = tnn_arg_dtype(&call->args[DTYPE]), self = tnn_call_tensor(call, SELF)->dtype;
    tnn_shape shape;
    TNN_TRY(tnn_reduced_shape(call, &shape, err));
    if (dtype == TNN_DTYPE_NONE) dtype = tnn_dtype_is_integral(self) ? TNN_DTYPE_I64 : self;
    return tnn_call_result(outs, n_outs, dtype, &shape);
}

static tnn_status infer_mean(const tnn_call *call, tnn_type *outs, uint32_t *n_outs, tnn_error *err) {
    tnn_dtype dtype = tnn_arg_dtype(&call->args[DTYPE]);
    tnn_shape shape;
    TNN_TRY(tnn_reduced_shape(call, &shape, err));
    if (dtype == TNN_DTYPE_NONE) dtype = tnn_call_tensor(call, SELF)->dtype;
    if (!tnn_dtype_is_float(dtype)) {
        return tnn_call_invalid(call, err, "the result would be %s, expected a float type", tnn_dtype_name(dtype));
    }
    return tnn_call_result(outs, n_outs, dtype, &shape);
}

/* One place for each element of the result; `numbers` or `integers` is used. */
typedef struct sums {
    double *numbers;
    int64_t *integers;
} sums;

static tnn_status start_sums(sums *s, const tnn_fold *fold, int64_t n, tnn_error *err) {
    s->numbers = tnn_alloc_zero((size_t)n, sizeof *s->numbers);
    s->integers = tnn_alloc_zero((size_t)n, sizeof *s->integers);
    if (!s->numbers || !s->integers) return tnn_fail_nomem(err);
    for (int64_t i = 0; i < n; i++) {
        s->numbers[i] = fold->start;
        s->integers[i] = fold->start_int;
    }
    return TNN_OK;
}

static void add_up(const tnn_fold *fold, const tnn_tensor *in, uint32_t set, bool floats, sums *s) {
    tnn_walk walk = tnn_walk_start(in->rank, in->dims);
    int64_t stride = 1;
    for (uint8_t d = in->rank; d-- > 0;) {
        if (set >> d & 1u) continue;
        walk.strides[0][d] = stride;
        stride *= in->dims[d];
    }
    for (int64_t i = 0; i < in->n_elems; i++, tnn_walk_step(&walk)) {
        int64_t at = walk.at[0];
        if (floats) s->numbers[at] = fold->step(s->numbers[at], tnn_tensor_number(in, i));
        else s->integers[at] = fold->step_int(s->integers[at], tnn_tensor_integer(in, i));
    }
}

static void store(tnn_tensor *out, const sums *s, double divisor) {
    for (int64_t i = 0; i < out->n_elems; i++) {
        if (tnn_dtype_is_float(out->dtype)) tnn_tensor_set_number(out, i, s->numbers[i] / divisor);
        else tnn_tensor_set_integer(out, i, s->integers[i]);
    }
}

tnn_status tnn_fold_run(const tnn_kernel_call *call, const tnn_fold *fold, tnn_dtype dtype, double divisor,
                        tnn_error *err) {
    tnn_tensor *out = &call->outputs[0], in = {0};
    tnn_call again = tnn_call_of_node(call->node);
    uint32_t set;
    sums s = {0};
    TNN_TRY(dims_of(&again, &set, err));
    tnn_status status = start_sums(&s, fold, out->n_elems, err);
    if (status == TNN_OK) status = tnn_operand_as(&in, call->operands[SELF], NULL, dtype, err);
    if (status == TNN_OK) {
        add_up(fold, &in, set, tnn_dtype_is_float(out->dtype), &s);
        store(out, &s, divisor);
    }
    tnn_tensor_clear(&in);
    tnn_free(s.numbers);
    tnn_free(s.integers);
    return status;
}

/* ---- sums and means ---- */

/* The number of elements behind each element of the result, 1 for sums. */
static double divisor_of(const tnn_kernel_call *call, uint32_t set) {
    const tnn_tensor *self = call->operands[SELF];
    double count = 1;
    if (!tnn_node_is(call->node, TNN_OP_mean)) return 1;
    for (uint8_t d = 0; d < self->rank; d++) {
        if (set >> d & 1u) count *= (double)self->dims[d];
    }
    return count;
}

static double plus(double so_far, double x) { return so_far + x; }

static int64_t plus_int(int64_t so_far, int64_t x) { return (int64_t)((uint64_t)so_far + (uint64_t)x); }

static tnn_status run_sum(const tnn_kernel_call *call, tnn_error *err) {
    static const tnn_fold fold = {0, 0, plus, plus_int};
    tnn_dtype out = call->outputs[0].dtype, self = call->operands[SELF]->dtype;
    tnn_call again = tnn_call_of_node(call->node);
    uint32_t set;
    TNN_TRY(dims_of(&again, &set, err));
    return tnn_fold_run(call, &fold, tnn_dtype_is_float(out) ? self : out, divisor_of(call, set), err);
}

const tnn_op_row tnn_op_mean = {
    .op = {"mean", "mean(Tensor self, int[]? dim=None, bool keepdim=False, *, ScalarType? dtype=None) -> Tensor",
           TNN_OP_mean, TNN_OPLIST_ATEN},
    .op_class = TNN_CLASS_REDUCTION, .infer = infer_mean, .kernel = run_sum,
};

const tnn_op_row tnn_op_sum = {
    .op = {"sum", "sum(Tensor self, int[]? dim=None, bool keepdim=False, *, ScalarType? dtype=None) -> Tensor",
           TNN_OP_sum, TNN_OPLIST_ATEN},
    .op_class = TNN_CLASS_REDUCTION, .infer = infer_sum, .kernel = run_sum,
};
