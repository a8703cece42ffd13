/* softmax and its logarithm along one dimension. */
#include <math.h>

#include "ops/class.h"
#include "ops/infer.h"
#include "ops/link.h"
#include "ops/list.h"

enum { SELF, DIM, DTYPE };

static tnn_status infer_softmax(const tnn_call *call, tnn_type *outs, uint32_t *n_outs, tnn_error *err) {
    const tnn_value *self = tnn_call_tensor(call, SELF);
    tnn_dtype dtype = tnn_arg_dtype(&call->args[DTYPE]);
    uint8_t dim;
    TNN_TRY(tnn_call_dim(call, tnn_arg_int(&call->args[DIM]), self->shape.rank, &dim, err));
    if (dtype == TNN_DTYPE_NONE) dtype = self->dtype;
    if (!tnn_dtype_is_float(dtype)) {
        return tnn_call_invalid(call, err, "the result would be %s, expected a float type", tnn_dtype_name(dtype));
    }
    return tnn_call_result(outs, n_outs, dtype, &self->shape);
}

/* One row of `n` elements, `step` apart, in place. y = exp(x - max) / sum, or x - max - log(sum). */
static void run_row(tnn_tensor *out, int64_t start, int64_t step, int64_t n, bool logarithm) {
    double max = -INFINITY, sum = 0;
    for (int64_t i = 0; i < n; i++) {
        double x = tnn_tensor_number(out, start + i * step);
        if (x > max || isnan(x)) max = x;
    }
    for (int64_t i = 0; i < n; i++) sum += exp(tnn_tensor_number(out, start + i * step) - max);
    for (int64_t i = 0; i < n; i++) {
        double x = tnn_tensor_number(out, start + i * step) - max;
        tnn_tensor_set_number(out, start + i * step, logarithm ? x - log(sum) : exp(x) / sum);
    }
}

static tnn_status run_softmax(const tnn_kernel_call *call, tnn_error *err) {
    tnn_tensor *out = &call->outputs[0];
    int64_t dim = tnn_arg_int(&call->node->args[DIM]), step = 1;
    if (dim < 0) dim += out->rank;
    int64_t n = out->rank > 0 ? out->dims[dim] : 1;
    for (uint8_t d = (uint8_t)(dim + 1); d < out->rank; d++) step *= out->dims[d];
    TNN_TRY(tnn_kernel_convert(call, err));
    for (int64_t row = 0; n > 0 && row < out->n_elems / n; row++) {
        run_row(out, row / step * step * n + row % step, step, n, tnn_node_is(call->node, TNN_OP_log_softmax));
    }
    return TNN_OK;
}

const tnn_op_row tnn_op_softmax = {
    .op = {"softmax", "softmax(Tensor self, int dim, ScalarType? dtype=None) -> Tensor", TNN_OP_softmax,
           TNN_OPLIST_ATEN},
    .op_class = TNN_CLASS_OTHER, .infer = infer_softmax, .kernel = run_softmax, .dims = tnn_dims_elementwise,
};

const tnn_op_row tnn_op_log_softmax = {
    .op = {"log_softmax", "log_softmax(Tensor self, int dim, ScalarType? dtype=None) -> Tensor", TNN_OP_log_softmax,
           TNN_OPLIST_ATEN},
    .op_class = TNN_CLASS_OTHER, .infer = infer_softmax, .kernel = run_softmax, .dims = tnn_dims_elementwise,
};
