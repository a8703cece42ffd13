/* convolution by oneDNN, channels innermost. */
#include "engine/kernels.h"
#include "ops/infer.h"
#include "ops/window.h"

enum { INPUT, WEIGHT, BIAS, STRIDE, PADDING, DILATION, TRANSPOSED, OUTPUT_PADDING, GROUPS };

static void free_op(void *op) {
    tnn_dnnl_op_free(op);
}

tnn_status tnn_plan_own_dnnl(tnn_planner *p, tnn_dnnl_op *op, tnn_error *err) {
    if (op == NULL || tnn_arena_defer(p->engine->arena, free_op, op) == TNN_OK) return TNN_OK;
    tnn_dnnl_op_free(op);
    return tnn_fail_nomem(err);
}

tnn_status tnn_run_dnnl(const tnn_step_call *call, tnn_error *err) {
    void *second = call->step->n_in > 1 ? call->in[1] : NULL;
    return tnn_dnnl_run(call->step->data, call->stream, call->in[0], second, call->out[0], call->scratch, err);
}

/* All that is not data. Places are by shape: [N, C, spatial] or [C, spatial]. */
static tnn_dnnl_conv describe(const tnn_node *node, const tnn_place *in, const tnn_place *out) {
    const tnn_shape *weight = &node->args[WEIGHT].as.tensor->shape;
    int n = weight->rank - 2, channel = in->rank - n - 1;
    tnn_dnnl_conv c = {.n_spatial = n, .transposed = tnn_arg_bool(&node->args[TRANSPOSED]),
                       .batch = channel > 0 ? in->dims[0] : 1, .groups = tnn_arg_int(&node->args[GROUPS]),
                       .in_channels = in->dims[channel], .out_channels = out->dims[channel],
                       .activation = node->activation};
    for (int i = 0; i < n; i++) {
        c.in[i] = in->dims[channel + 1 + i];
        c.out[i] = out->dims[channel + 1 + i];
        c.kernel[i] = weight->dims[2 + i].hint;
        c.stride[i] = tnn_list_int(&node->args[STRIDE], (size_t)i);
        c.dilation[i] = tnn_list_int(&node->args[DILATION], (size_t)i);
        c.before[i] = tnn_padding_before(&node->args[PADDING], (size_t)n, (size_t)i).hint;
    }
    return c;
}

tnn_status tnn_plan_dnnl_conv(tnn_planner *p, tnn_dnnl_conv *conv, const tnn_value *weight, const tnn_value *bias,
                              tnn_dnnl_op **op, tnn_error *err) {
    tnn_tensor weights, biases = {0};
    *op = NULL;
    tnn_status status = tnn_plan_constant(p, weight, &weights, err);
    if (status == TNN_OK && bias != NULL) status = tnn_plan_constant(p, bias, &biases, err);
    conv->weight = weights.data;
    conv->bias = biases.data;
    if (status == TNN_OK) status = tnn_dnnl_conv_new(op, p->engine->dnnl, conv, err);
    tnn_tensor_clear(&weights);
    tnn_tensor_clear(&biases);
    return status == TNN_OK ? tnn_plan_own_dnnl(p, *op, err) : status;
}

static const tnn_value *bias_of(const tnn_node *node) {
    return node->args[BIAS].kind == TNN_ARG_TENSOR ? node->args[BIAS].as.tensor : NULL;
}

static bool is_fit(const tnn_node *node) {
    const tnn_value *weight = node->args[WEIGHT].as.tensor, *bias = bias_of(node);
    return tnn_plan_is_f32(node->outputs[0]) && weight->constant != NULL && (bias == NULL || bias->constant != NULL);
}

static tnn_place shape_of(const tnn_value *value) {
    tnn_place place = {.dtype = value->dtype, .rank = value->shape.rank};
    for (uint8_t d = 0; d < place.rank; d++) place.dims[d] = value->shape.dims[d].hint;
    return place;
}

tnn_status tnn_plan_convolution(tnn_planner *p, const tnn_node *node, bool *done, tnn_error *err) {
    const tnn_value *input = node->args[INPUT].as.tensor, *result = node->outputs[0];
    tnn_place in = shape_of(input), out = shape_of(result);
    tnn_dnnl_op *op;
    if (!is_fit(node)) return TNN_OK;
    tnn_dnnl_conv conv = describe(node, &in, &out);
    tnn_order order = tnn_order_channels_last(in.rank, (size_t)conv.n_spatial);
    TNN_TRY(tnn_plan_dnnl_conv(p, &conv, node->args[WEIGHT].as.tensor, bias_of(node), &op, err));
    if (op == NULL) return TNN_OK;
    TNN_TRY(tnn_plan_get_in(p, input, &order, &in, err));
    TNN_TRY(tnn_plan_result(p, result, &order, &out, err));
    *done = true;
    return tnn_plan_add_node(p, node, tnn_run_dnnl, op, &in, 1, &out, TNN_ACT_NONE, tnn_dnnl_scratch_bytes(op), err);
}
