/* batch_norm, c being the index in dimension 1:
 *
 *   y = (x - mean[c]) / sqrt(var[c] + eps) * weight[c] + bias[c]
 *
 * mean and var are the running ones, or in training those of the batch: var without Bessel's correction. That training
 * also changes the running ones is no part of the operator here. One dimension of no elements has no channels. */
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
    tnn_size n_channels = input->shape.rank > 1 ? input->shape.dims[1] : tnn_size_const(0);
    return tnn_call_need_size(call, name, value->shape.dims[0], n_channels, err);
}

static tnn_status infer_batch_norm(const tnn_call *call, tnn_type *outs, uint32_t *n_outs, tnn_error *err) {
    const tnn_value *input = tnn_call_tensor(call, INPUT);
    bool training = tnn_arg_bool(&call->args[TRAINING]);
    TNN_TRY(tnn_call_need_float(call, INPUT, err));
    bool empty = input->shape.rank == 1 && input->shape.dims[0].hint == 0;
    if (input->shape.rank < 2 && !empty) {
        return tnn_call_invalid(call, err, "input has shape %s, expected 2 dimensions or more",
                                tnn_shape_text_of(&input->shape).text);
    }
    if (!training && (!tnn_call_tensor(call, MEAN) || !tnn_call_tensor(call, VAR))) {
        return tnn_call_invalid(call, err, "running_mean or running_var is None, expected both without training");
    }
    for (size_t i = WEIGHT; i <= VAR; i++) TNN_TRY(check_parameter(call, i, err));
    return tnn_call_result(outs, n_outs, input->dtype, &input->shape);
}

static double parameter(const tnn_kernel_call *call, size_t slot, int64_t channel, double absent) {
    const tnn_tensor *tensor = call->operands[slot];
    return tensor ? tnn_tensor_number(tensor, channel) : absent;
}

/* The elements behind the first two dimensions. */
static int64_t plane_of(const tnn_tensor *in) {
    int64_t plane = 1;
    for (uint8_t d = 2; d < in->rank; d++) plane *= in->dims[d];
    return plane;
}

/* Mean of (x - from)^power over a channel. */
static double moment(const tnn_tensor *in, int64_t channel, double from, int power) {
    int64_t plane = plane_of(in), step = in->dims[1] * plane;
    double sum = 0;
    for (int64_t at = channel * plane; at < in->n_elems; at += step) {
        for (int64_t i = at; i < at + plane; i++) sum += pow(tnn_tensor_number(in, i) - from, power);
    }
    return sum / (double)(in->dims[0] * plane);
}

static void normalize(const tnn_kernel_call *call, int64_t channel, double mean, double var) {
    const tnn_tensor *in = call->operands[INPUT];
    int64_t plane = plane_of(in), step = in->dims[1] * plane;
    double scale = parameter(call, WEIGHT, channel, 1) / sqrt(var + tnn_arg_number(&call->node->args[EPS]));
    double bias = parameter(call, BIAS, channel, 0);
    for (int64_t at = channel * plane; at < in->n_elems; at += step) {
        for (int64_t i = at; i < at + plane; i++) {
            tnn_tensor_set_number(&call->outputs[0], i, (tnn_tensor_number(in, i) - mean) * scale + bias);
        }
    }
}

static tnn_status run_batch_norm(const tnn_kernel_call *call, tnn_error *err) {
    (void)err;
    const tnn_tensor *in = call->operands[INPUT];
    bool training = tnn_arg_bool(&call->node->args[TRAINING]);
    for (int64_t c = 0; in->rank > 1 && c < in->dims[1]; c++) {
        double mean = training ? moment(in, c, 0, 1) : parameter(call, MEAN, c, 0);
        normalize(call, c, mean, training ? moment(in, c, mean, 2) : parameter(call, VAR, c, 1));
    }
    return TNN_OK;
}

static tnn_status dims_batch_norm(const tnn_node *node, tnn_dimmap *map, tnn_error *err) {
    TNN_TRY(tnn_link_broadcast(map, node, INPUT, err));
    for (int slot = WEIGHT; tnn_node_operand(node, INPUT)->shape.rank > 1 && slot <= VAR; slot++) {
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
