/* Values that are given or handed on: conversion to another type, filled tensors, and what leaves its input alone. */
#include "ops/class.h"
#include "ops/infer.h"
#include "ops/link.h"
#include "ops/list.h"

static tnn_status infer_to(const tnn_call *call, tnn_type *outs, uint32_t *n_outs, tnn_error *err) {
    (void)err;
    return tnn_call_result(outs, n_outs, tnn_arg_dtype(&call->args[1]), &tnn_call_tensor(call, 0)->shape);
}

const tnn_op_row tnn_op_to = {
    .op = {"to", "to(Tensor self, ScalarType dtype) -> Tensor", TNN_OP_to, TNN_OPLIST_ATEN},
    .op_class = TNN_CLASS_UNARY, .infer = infer_to, .kernel = tnn_kernel_convert,
};

enum { SIZE, FILL_VALUE, DTYPE };

static tnn_status infer_full(const tnn_call *call, tnn_type *outs, uint32_t *n_outs, tnn_error *err) {
    const tnn_arg *size = &call->args[SIZE];
    tnn_shape shape = {0};
    if (size->n > TNN_MAX_RANK) {
        return tnn_call_unsupported(call, err, "%u dimensions, at most %d are supported", size->n, TNN_MAX_RANK);
    }
    for (uint32_t i = 0; i < size->n; i++) {
        if (size->as.sizes[i].hint < 0) {
            return tnn_call_invalid(call, err, "size is %s, expected no negative entries",
                                    tnn_sizes_text_of(size).text);
        }
        shape.dims[shape.rank++] = size->as.sizes[i];
    }
    return tnn_call_result(outs, n_outs, tnn_arg_dtype(&call->args[DTYPE]), &shape);
}

static tnn_status run_full(const tnn_kernel_call *call, tnn_error *err) {
    (void)err;
    const tnn_arg *value = &call->node->args[FILL_VALUE];
    tnn_tensor *out = &call->outputs[0];
    for (int64_t i = 0; i < out->n_elems; i++) {
        if (value->kind == TNN_ARG_FLOAT) tnn_tensor_set_number(out, i, tnn_arg_number(value));
        else tnn_tensor_set_integer(out, i, tnn_arg_int(value));
    }
    return TNN_OK;
}

const tnn_op_row tnn_op_full = {
    .op = {"full", "full(SymInt[] size, Scalar fill_value, *, ScalarType dtype) -> Tensor", TNN_OP_full,
           TNN_OPLIST_ATEN},
    .op_class = TNN_CLASS_OTHER, .infer = infer_full, .kernel = run_full,
};

static tnn_status infer_dropout(const tnn_call *call, tnn_type *outs, uint32_t *n_outs, tnn_error *err) {
    double p = tnn_arg_number(&call->args[1]);
    if (!(p >= 0 && p <= 1)) return tnn_call_invalid(call, err, "p is %g, expected 0 to 1", p);
    return tnn_infer_unary(call, outs, n_outs, err);
}

/* In training the result is random. It is the input that stands for it: its expected value, and what it is outside of
 * training. */
const tnn_op_row tnn_op_dropout = {
    .op = {"dropout", "dropout(Tensor input, float p, bool train) -> Tensor", TNN_OP_dropout, TNN_OPLIST_ATEN},
    .op_class = TNN_CLASS_UNARY, .infer = infer_dropout, .kernel = tnn_kernel_convert,
};

/* The same elements in another order in memory: a mark for the layout stage. */
const tnn_op_row tnn_op_relayout = {
    .op = {"relayout", "relayout(Tensor self) -> Tensor", TNN_OP_relayout, TNN_OPLIST_ATEN},
    .op_class = TNN_CLASS_OTHER, .infer = tnn_infer_unary, .kernel = tnn_kernel_convert, .dims = tnn_dims_elementwise,
};
