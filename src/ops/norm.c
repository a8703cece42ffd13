/* batch_norm in inference, c being the index in dimension 1:
 *
 *   y = (x - mean[c]) / sqrt(var[c] + eps) * weight[c] + bias[c] */
#include <math.h>

#include "ops/infer.h"
#include "ops/link.h"
#include "ops/list.h"

enum { INPUT, WEIGHT, BIAS, MEAN, VAR, TRAINING, MOMENTUM, EPS, CUDNN };

static tnn_status check_parameter(const tnn_call *call, size_t index, tnn_error *err) {
    const tnn_value *input = tnn_call_tensor(call, INPUT), *value = tnn_call_tensor(call, index);
    const char *name = call->schema->args[index].name;
    if (!value) return TNN_OK;
    if (value->dtype != input->dtype && (value->dtype != TNN_DTYPE_F32 || input->dtype > TNN_DTYPE_F32)) {
        return tnn_call_invalid(call, err, "%s is %s, expected %s as input is", name, tnn_dtype_name(value->dtype),
                                tnn_dtype_name(input->dtype));
    }
    if (value->shape.rank != 1) {
        return tnn_call_invalid(call, err, "%s has shape %s, expected 1 dimension", name,
                                tnn_shape_text_of(&value->shape).text);
    }
    return tnn_call_need_size(call, name, value->shape.dims[0], input->shape.dims[1], err);
}

static tnn_status infer_batch_norm(const tnn_call *call, tnn_type *outs, uint32_t *n_outs, tnn_error *err) {
    const tnn_value *input = tnn_call_tensor(call, INPUT);
    if (tnn_arg_bool(&call->args[TRAINING])) {
        return tnn_call_unsupported(call, err, "training is True, which normalizes by the batch and changes the "
                                               "running statistics; export the model after model.eval()");
    }
    TNN_TRY(tnn_call_need_float(call, INPUT, err));
    if (input->shape.rank < 2) {
        return tnn_call_invalid(call, err, "input has shape %s, expected 2 dimensions or more",
                                tnn_shape_text_of(&input->shape).text);
    }
    if (!tnn_call_tensor(call, MEAN) || !tnn_call_tensor(call, VAR)) {
        return tnn_call_invalid(call, err, "running_mean or running_var is None, expected both without training");
    }
    for (size_t i = WEIGHT; i <= VAR; i++) TNN_TRY(check_parameter(call, i, err));
    return tnn_call_result(outs, n_outs, input->dtype, &input->shape);
}

static double parameter(const tnn_kernel_call *call, size_t slot, int64_t channel, double absent) {
    const tnn_tensor *tensor = call->operands[slot];
    return tensor ? tnn_tensor_number(tensor, channel) : absent;
}

static tnn_status run_batch_norm(const tnn_kernel_call *call, tnn_error *err) {
    (void)err;
    const tnn_tensor *in = call->operands[INPUT];
    double eps = tnn_arg_number(&call->node->args[EPS]);
    int64_t channels = in->dims[1], plane = 1;
    for (uint8_t d = 2; d < in->rank; d++) plane *= in->dims[d];
    for (int64_t c = 0; c < channels * in->dims[0]; c++) {
        int64_t channel = c % channels;
        double scale = parameter(call, WEIGHT, channel, 1) / sqrt(parameter(call, VAR, channel, 1) + eps);
        double mean = parameter(call, MEAN, channel, 0), bias = parameter(call, BIAS, channel, 0);
        for (int64_t i = c * plane; i < (c + 1) * plane; i++) {
            tnn_tensor_set_number(&call->outputs[0], i, (tnn_tensor_number(in, i) - mean) * scale + bias);
        }
    }
    return TNN_OK;
}

static tnn_status dims_batch_norm(const tnn_node *node, tnn_dimmap *map, tnn_error *err) {
    TNN_TRY(tnn_link_broadcast(map, node, INPUT, err));
    for (int slot = WEIGHT; slot <= VAR; slot++) {
        TNN_TRY(tnn_link_same(map, node, slot, 0, TNN_RESULT, 1, err));
    }
    return TNN_OK;
}

const tnn_op_row tnn_op_batch_norm = {
    .op = {"batch_norm",
           "batch_norm(Tensor input, Tensor? weight, Tensor? bias, Tensor? running_mean, Tensor? running_var, "
           "bool training, float momentum, float eps, bool cudnn_enabled) -> Tensor",
           TNN_OP_batch_norm, TNN_OPLIST_ATEN},
    .op_class = TNN_CLASS_OTHER, .infer = infer_batch_norm, .kernel = run_batch_norm, .dims = dims_batch_norm,
};
