/* Lines of a tensor, and the sums so far along them. */
#include "ops/class.h"
#include "ops/infer.h"
#include "ops/line.h"
#include "ops/link.h"
#include "ops/list.h"
#include "ops/promote.h"

uint8_t tnn_line_dim(uint8_t rank, int64_t dim) { return (uint8_t)(dim < 0 && rank > 0 ? dim + rank : dim); }

tnn_line tnn_line_at(const tnn_tensor *tensor, int64_t dim, int64_t index) {
    if (tensor->rank == 0) return (tnn_line){0, 1, 1};
    uint8_t along = tnn_line_dim(tensor->rank, dim);
    tnn_line line = {.step = 1, .n = tensor->dims[along]};
    for (uint8_t d = (uint8_t)(along + 1); d < tensor->rank; d++) line.step *= tensor->dims[d];
    line.start = line.step == 0 ? 0 : index / line.step * line.step * line.n + index % line.step;
    return line;
}

int64_t tnn_line_count(const tnn_tensor *tensor, int64_t dim) {
    int64_t n = tnn_line_at(tensor, dim, 0).n;
    return n > 0 ? tensor->n_elems / n : 0;
}

enum { SELF, DIM, DTYPE };

static tnn_status infer_cumsum(const tnn_call *call, tnn_type *outs, uint32_t *n_outs, tnn_error *err) {
    const tnn_value *self = tnn_call_tensor(call, SELF);
    tnn_dtype dtype = tnn_arg_dtype(&call->args[DTYPE]);
    uint8_t dim;
    TNN_TRY(tnn_call_dim(call, tnn_arg_int(&call->args[DIM]), self->shape.rank, &dim, err));
    if (dtype == TNN_DTYPE_NONE) dtype = tnn_dtype_is_integral(self->dtype) ? TNN_DTYPE_I64 : self->dtype;
    return tnn_call_result(outs, n_outs, dtype, &self->shape);
}

static void add_line(tnn_tensor *out, tnn_line line) {
    double sum = 0;
    uint64_t sum_int = 0;
    for (int64_t k = 0; k < line.n; k++) {
        int64_t at = line.start + k * line.step;
        if (tnn_dtype_is_float(out->dtype)) {
            sum += tnn_tensor_number(out, at);
            tnn_tensor_set_number(out, at, sum);
        } else {
            sum_int += (uint64_t)tnn_tensor_integer(out, at);
            tnn_tensor_set_integer(out, at, (int64_t)sum_int);
        }
    }
}

/* In place, in the result. */
static tnn_status run_cumsum(const tnn_kernel_call *call, tnn_error *err) {
    tnn_tensor *out = &call->outputs[0];
    int64_t dim = tnn_arg_int(&call->node->args[DIM]), n_lines = tnn_line_count(out, dim);
    TNN_TRY(tnn_kernel_convert(call, err));
    for (int64_t l = 0; l < n_lines; l++) add_line(out, tnn_line_at(out, dim, l));
    return TNN_OK;
}

static tnn_status dims_cumsum(const tnn_node *node, tnn_dimmap *map, tnn_error *err) {
    uint8_t rank = node->args[SELF].as.tensor->shape.rank;
    uint8_t dim = tnn_line_dim(rank, tnn_arg_int(&node->args[DIM]));
    TNN_TRY(tnn_link_others(map, node, SELF, dim, err));
    return rank > 0 ? tnn_link_place(map, node, SELF, dim, TNN_RESULT, dim, err) : TNN_OK;
}

const tnn_op_row tnn_op_cumsum = {
    .op = {"cumsum", "cumsum(Tensor self, int dim, *, ScalarType? dtype=None) -> Tensor", TNN_OP_cumsum,
           TNN_OPLIST_ATEN},
    .op_class = TNN_CLASS_OTHER, .infer = infer_cumsum, .kernel = run_cumsum, .dims = dims_cumsum,
};
