/* linear: y[..., n] = sum over k of input[..., k] * weight[n, k] + bias[n].
 *
 * A weight of one dimension [k] gives y[...], as in PyTorch. */
#include "ops/infer.h"
#include "ops/link.h"
#include "ops/list.h"
#include "ops/product.h"

enum { INPUT, WEIGHT, BIAS };

static tnn_status check_bias(const tnn_call *call, const tnn_shape *weight, tnn_error *err) {
    const tnn_value *bias = tnn_call_tensor(call, BIAS);
    if (!bias) return TNN_OK;
    if (weight->rank != 2) {
        return tnn_call_invalid(call, err, "weight has shape %s, with a bias expected 2 dimensions",
                                tnn_shape_text_of(weight).text);
    }
    if (bias->shape.rank != 1 || (bias->shape.dims[0].hint == 1 && weight->dims[0].hint != 1)) {
        return tnn_call_unsupported(call, err, "bias has shape %s, only [%lld] is supported",
                                    tnn_shape_text_of(&bias->shape).text, (long long)weight->dims[0].hint);
    }
    return tnn_call_need_size(call, "the length of bias", bias->shape.dims[0], weight->dims[0], err);
}

static tnn_status infer_linear(const tnn_call *call, tnn_type *outs, uint32_t *n_outs, tnn_error *err) {
    const tnn_value *input = tnn_call_tensor(call, INPUT);
    const tnn_shape *weight = &tnn_call_tensor(call, WEIGHT)->shape;
    tnn_shape shape = input->shape;
    TNN_TRY(tnn_call_need_dtype(call, WEIGHT, input->dtype, err));
    TNN_TRY(tnn_call_need_dtype(call, BIAS, input->dtype, err));
    if (input->dtype == TNN_DTYPE_BOOL) return tnn_call_invalid(call, err, "input is bool, expected a number type");
    if (shape.rank < 1 || weight->rank < 1 || weight->rank > 2) {
        return tnn_call_invalid(call, err, "input has shape %s, weight %s, expected 1 dimension or more and 1 or 2",
                                tnn_shape_text_of(&shape).text, tnn_shape_text_of(weight).text);
    }
    TNN_TRY(tnn_call_need_size(call, "the last dimension of input", shape.dims[shape.rank - 1],
                               weight->dims[weight->rank - 1], err));
    TNN_TRY(check_bias(call, weight, err));
    if (weight->rank == 2) shape.dims[shape.rank - 1] = weight->dims[0];
    else shape.rank--;
    return tnn_call_result(outs, n_outs, input->dtype, &shape);
}

static tnn_status run_linear(const tnn_kernel_call *call, tnn_error *err) {
    const tnn_tensor *input = call->operands[INPUT], *weight = call->operands[WEIGHT];
    tnn_product product = {.a = input, .b = weight, .out = &call->outputs[0], .m = 1,
                           .n = weight->rank == 2 ? weight->dims[0] : 1, .k = weight->dims[weight->rank - 1],
                           .b_step_k = 1, .bias = call->operands[BIAS]};
    for (uint8_t d = 0; d + 1 < input->rank; d++) product.m *= input->dims[d];
    product.b_step_n = product.k;
    return tnn_product_run(&product, err);
}

static tnn_status dims_linear(const tnn_node *node, tnn_dimmap *map, tnn_error *err) {
    uint8_t last = (uint8_t)(tnn_node_operand(node, INPUT)->shape.rank - 1);
    uint8_t contracted = (uint8_t)(tnn_node_operand(node, WEIGHT)->shape.rank - 1);
    for (uint8_t d = 0; d < last; d++) TNN_TRY(tnn_link_same(map, node, INPUT, d, TNN_RESULT, d, err));
    TNN_TRY(tnn_link_groups(map, node, TNN_LINK_CONTRACT, INPUT, last, WEIGHT, contracted, 1, err));
    if (contracted == 0) return TNN_OK;
    TNN_TRY(tnn_link_same(map, node, WEIGHT, 0, TNN_RESULT, last, err));
    return tnn_link_same(map, node, BIAS, 0, TNN_RESULT, last, err);
}

const tnn_op_row tnn_op_linear = {
    .op = {"linear", "linear(Tensor input, Tensor weight, Tensor? bias=None) -> Tensor", TNN_OP_linear,
           TNN_OPLIST_ATEN},
    .op_class = TNN_CLASS_OTHER, .infer = infer_linear, .kernel = run_linear, .dims = dims_linear,
};
