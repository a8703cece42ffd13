/* Sums and means over dimensions. No dimensions, or an empty list of them, means all. */
#include <math.h>

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

static tnn_status infer_shape(const tnn_call *call, tnn_shape *shape, tnn_error *err) {
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
    TNN_TRY(infer_shape(call, &shape, err));
    if (dtype == TNN_DTYPE_NONE) dtype = tnn_dtype_is_integral(self) ? TNN_DTYPE_I64 : self;
    return tnn_call_result(outs, n_outs, dtype, &shape);
}

static tnn_status infer_mean(const tnn_call *call, tnn_type *outs, uint32_t *n_outs, tnn_error *err) {
    tnn_dtype dtype = tnn_arg_dtype(&call->args[DTYPE]);
    tnn_shape shape;
    TNN_TRY(infer_shape(call, &shape, err));
    if (dtype == TNN_DTYPE_NONE) dtype = tnn_call_tensor(call, SELF)->dtype;
    if (!tnn_dtype_is_float(dtype)) {
        return tnn_call_invalid(call, err, "the result would be %s, expected a float type", tnn_dtype_name(dtype));
    }
    return tnn_call_result(outs, n_outs, dtype, &shape);
}

/* Sums of the elements of `in`, one for each element of the result: for a float result in `numbers`, for an integer
 * one, whose dtype `in` then has, in `integers`. */
static void add_up(const tnn_kernel_call *call, const tnn_tensor *in, uint32_t set, double *numbers,
                   uint64_t *integers) {
    tnn_walk walk = tnn_walk_start(in->rank, in->dims);
    int64_t stride = 1;
    for (uint8_t d = in->rank; d-- > 0;) {
        if (set >> d & 1u) continue;
        walk.strides[0][d] = stride;
        stride *= in->dims[d];
    }
    bool floats = tnn_dtype_is_float(call->outputs[0].dtype);
    for (int64_t i = 0; i < in->n_elems; i++, tnn_walk_step(&walk)) {
        if (floats) numbers[walk.at[0]] += tnn_tensor_number(in, i);
        else integers[walk.at[0]] += (uint64_t)tnn_tensor_integer(in, i);
    }
}

static void store(tnn_tensor *out, const double *numbers, const uint64_t *integers, double count) {
    for (int64_t i = 0; i < out->n_elems; i++) {
        if (tnn_dtype_is_float(out->dtype)) tnn_tensor_set_number(out, i, numbers[i] / count);
        else tnn_tensor_set_integer(out, i, (int64_t)integers[i]);
    }
}

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

static tnn_status run_reduction(const tnn_kernel_call *call, tnn_error *err) {
    tnn_tensor *out = &call->outputs[0], in = {0};
    const tnn_tensor *self = call->operands[SELF];
    tnn_dtype dtype = tnn_dtype_is_float(out->dtype) ? self->dtype : out->dtype;
    tnn_call again = tnn_call_of_node(call->node);
    uint32_t set;
    TNN_TRY(dims_of(&again, &set, err));
    double *numbers = tnn_alloc_zero((size_t)out->n_elems, sizeof *numbers);
    uint64_t *integers = tnn_alloc_zero((size_t)out->n_elems, sizeof *integers);
    tnn_status status = numbers && integers ? TNN_OK : tnn_fail_nomem(err);
    if (status == TNN_OK) status = tnn_operand_as(&in, self, NULL, dtype, err);
    if (status == TNN_OK) {
        add_up(call, &in, set, numbers, integers);
        store(out, numbers, integers, divisor_of(call, set));
    }
    tnn_tensor_clear(&in);
    tnn_free(numbers);
    tnn_free(integers);
    return status;
}

const tnn_op_row tnn_op_mean = {
    .op = {"mean", "mean(Tensor self, int[]? dim=None, bool keepdim=False, *, ScalarType? dtype=None) -> Tensor",
           TNN_OP_mean, TNN_OPLIST_ATEN},
    .op_class = TNN_CLASS_REDUCTION, .infer = infer_mean, .kernel = run_reduction,
};

const tnn_op_row tnn_op_sum = {
    .op = {"sum", "sum(Tensor self, int[]? dim=None, bool keepdim=False, *, ScalarType? dtype=None) -> Tensor",
           TNN_OP_sum, TNN_OPLIST_ATEN},
    .op_class = TNN_CLASS_REDUCTION, .infer = infer_sum, .kernel = run_reduction,
};
