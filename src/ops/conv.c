/* convolution over 1, 2 or 3 spatial dimensions, and transposed.
 *
 *   input   [N, C, spatial] or [C, spatial]
 *   weight  [O, C / groups, kernel]; transposed: [C, O / groups, kernel]
 *   bias    [O]
 *   padding n entries, or 2n: before each spatial dimension, then after each */
#include "ops/conv.h"

#include "ops/infer.h"
#include "ops/link.h"
#include "ops/list.h"
#include "ops/promote.h"
#include "ops/window.h"

enum { INPUT, WEIGHT, BIAS, STRIDE, PADDING, DILATION, TRANSPOSED, OUTPUT_PADDING, GROUPS };

static tnn_status check_tensors(const tnn_call *call, size_t n, tnn_error *err) {
    const tnn_value *input = tnn_call_tensor(call, INPUT), *weight = tnn_call_tensor(call, WEIGHT);
    const tnn_value *bias = tnn_call_tensor(call, BIAS);
    if (tnn_dtype_is_integral(input->dtype))
        return tnn_call_unsupported(call, err, "input is %s, only floats are convolved; cast it to float32 before",
                                    tnn_dtype_name(input->dtype));
    TNN_TRY(tnn_call_need_dtype(call, WEIGHT, input->dtype, err));
    TNN_TRY(tnn_call_need_dtype(call, BIAS, input->dtype, err));
    if (input->shape.rank != n + 1 && input->shape.rank != n + 2) {
        return tnn_call_invalid(call, err, "input has shape %s, weight of shape %s needs %zu or %zu dimensions",
                                tnn_shape_text_of(&input->shape).text, tnn_shape_text_of(&weight->shape).text, n + 1,
                                n + 2);
    }
    if (bias && bias->shape.rank != 1) {
        return tnn_call_invalid(call, err, "bias has shape %s, expected 1 dimension",
                                tnn_shape_text_of(&bias->shape).text);
    }
    return TNN_OK;
}

static tnn_status check_lists(const tnn_call *call, size_t n, tnn_error *err) {
    TNN_TRY(tnn_window_check(call, STRIDE, n, false, 1, err));
    TNN_TRY(tnn_window_check(call, PADDING, n, true, 0, err));
    TNN_TRY(tnn_window_check(call, DILATION, n, false, 1, err));
    if (!tnn_arg_bool(&call->args[TRANSPOSED])) return TNN_OK;
    TNN_TRY(tnn_window_check(call, OUTPUT_PADDING, n, false, 0, err));
    for (size_t i = 0; i < n; i++) {
        int64_t stride = tnn_list_int(&call->args[STRIDE], i), dilation = tnn_list_int(&call->args[DILATION], i);
        int64_t more = tnn_list_int(&call->args[OUTPUT_PADDING], i);
        if (more < stride || more < dilation) continue;
        return tnn_call_invalid(call, err, "output_padding is %lld, expected less than stride %lld or dilation %lld",
                                (long long)more, (long long)stride, (long long)dilation);
    }
    return TNN_OK;
}

/* Channels of input, weight and bias agree; `out` is the number of output channels. */
static tnn_status check_channels(const tnn_call *call, tnn_size channels, tnn_size *out, tnn_error *err) {
    const tnn_shape *weight = &tnn_call_tensor(call, WEIGHT)->shape;
    const tnn_value *bias = tnn_call_tensor(call, BIAS);
    bool transposed = tnn_arg_bool(&call->args[TRANSPOSED]);
    tnn_size groups = call->args[GROUPS].as.size, inner;
    if (groups.hint < 1 || weight->dims[0].hint % groups.hint != 0) {
        return tnn_call_invalid(call, err, "groups is %lld, expected a divisor of weight's %lld channels",
                                (long long)groups.hint, (long long)weight->dims[0].hint);
    }
    TNN_TRY(tnn_size_mul(&inner, call->model->arena, weight->dims[1], groups, err));
    *out = transposed ? inner : weight->dims[0];
    TNN_TRY(tnn_call_need_size(call, "the number of input channels", channels, transposed ? weight->dims[0] : inner,
                               err));
    return bias ? tnn_call_need_size(call, "the length of bias", bias->shape.dims[0], *out, err) : TNN_OK;
}

/* (in - 1) * stride - before - after + dilation * (kernel - 1) + output_padding + 1 */
static tnn_status transposed_out(const tnn_call *call, const tnn_window_size *size, tnn_size more, tnn_size *out,
                                 tnn_error *err) {
    tnn_arena *arena = call->model->arena;
    tnn_size extent, sum;
    TNN_TRY(tnn_size_sub(&sum, arena, size->in, tnn_size_const(1), err));
    TNN_TRY(tnn_size_mul(&sum, arena, sum, size->stride, err));
    TNN_TRY(tnn_size_sub(&sum, arena, sum, size->before, err));
    TNN_TRY(tnn_size_sub(&sum, arena, sum, size->after, err));
    TNN_TRY(tnn_size_sub(&extent, arena, size->kernel, tnn_size_const(1), err));
    TNN_TRY(tnn_size_mul(&extent, arena, extent, size->dilation, err));
    TNN_TRY(tnn_size_add(&sum, arena, sum, extent, err));
    TNN_TRY(tnn_size_add(&sum, arena, sum, more, err));
    TNN_TRY(tnn_size_add(out, arena, sum, tnn_size_const(1), err));
    if (out->hint >= 0) return TNN_OK;
    return tnn_call_invalid(call, err, "the result would have size %lld, expected 0 or more", (long long)out->hint);
}

static tnn_status spatial_out(const tnn_call *call, size_t n, size_t i, tnn_size in, tnn_size *out, tnn_error *err) {
    const tnn_arg *args = call->args;
    tnn_window_size size = {
        .in = in,
        .kernel = tnn_call_tensor(call, WEIGHT)->shape.dims[2 + i],
        .stride = tnn_list_size(&args[STRIDE], i),
        .dilation = tnn_list_size(&args[DILATION], i),
        .before = tnn_padding_before(&args[PADDING], n, i),
        .after = tnn_padding_after(&args[PADDING], n, i),
    };
    if (!tnn_arg_bool(&args[TRANSPOSED])) return tnn_window_out(call, &size, false, out, err);
    return transposed_out(call, &size, tnn_list_size(&args[OUTPUT_PADDING], i), out, err);
}

static tnn_status infer_convolution(const tnn_call *call, tnn_type *outs, uint32_t *n_outs, tnn_error *err) {
    const tnn_value *input = tnn_call_tensor(call, INPUT), *weight = tnn_call_tensor(call, WEIGHT);
    tnn_shape shape = input->shape;
    if (weight->shape.rank < 3 || weight->shape.rank > 2 + TNN_WINDOW_DIMS) {
        return tnn_call_invalid(call, err, "weight has shape %s, expected 3 to 5 dimensions",
                                tnn_shape_text_of(&weight->shape).text);
    }
    size_t n = weight->shape.rank - 2u;
    TNN_TRY(check_tensors(call, n, err));
    TNN_TRY(check_lists(call, n, err));
    size_t channel = shape.rank - n - 1;
    TNN_TRY(check_channels(call, shape.dims[channel], &shape.dims[channel], err));
    for (size_t i = 0; i < n; i++) {
        tnn_size *dim = &shape.dims[channel + 1 + i];
        TNN_TRY(spatial_out(call, n, i, *dim, dim, err));
    }
    return tnn_call_result(outs, n_outs, input->dtype, &shape);
}

static tnn_status run_convolution(const tnn_kernel_call *call, tnn_error *err) {
    const tnn_arg *args = call->node->args;
    const tnn_tensor *input = call->operands[INPUT], *weight = call->operands[WEIGHT];
    tnn_tensor *out = &call->outputs[0];
    size_t n = weight->rank - 2u;
    bool batched = input->rank == weight->rank;
    tnn_conv conv = {
        .window = tnn_window_make(n, input, out, weight->dims + 2, &args[STRIDE], &args[PADDING], &args[DILATION]),
        .transposed = tnn_arg_bool(&args[TRANSPOSED]),
        .batch = batched ? input->dims[0] : 1,
        .groups = tnn_arg_int(&args[GROUPS]),
        .input = input, .weight = weight, .bias = call->operands[BIAS], .out = out,
    };
    conv.in_channels = input->dims[batched] / conv.groups;
    conv.out_channels = out->dims[batched] / conv.groups;
    return tnn_conv_run(&conv, err);
}

static tnn_status dims_convolution(const tnn_node *node, tnn_dimmap *map, tnn_error *err) {
    uint8_t n = (uint8_t)(tnn_node_operand(node, WEIGHT)->shape.rank - 2);
    uint8_t rank = node->outputs[0]->shape.rank, channel = (uint8_t)(rank - n - 1);
    bool transposed = tnn_arg_bool(&node->args[TRANSPOSED]);
    int64_t groups = tnn_arg_int(&node->args[GROUPS]);
    for (uint8_t d = 0; d < rank; d++) {
        if (d < channel) TNN_TRY(tnn_link_same(map, node, INPUT, d, TNN_RESULT, d, err));
        if (d > channel) TNN_TRY(tnn_link_place(map, node, INPUT, d, TNN_RESULT, d, err));
    }
    TNN_TRY(tnn_link_groups(map, node, TNN_LINK_CONTRACT, INPUT, channel, WEIGHT, transposed ? 0 : 1, groups, err));
    TNN_TRY(tnn_link_groups(map, node, TNN_LINK_SAME, WEIGHT, transposed ? 1 : 0, TNN_RESULT, channel, groups, err));
    return tnn_link_same(map, node, BIAS, 0, TNN_RESULT, channel, err);
}

const tnn_op_row tnn_op_convolution = {
    .op = {"convolution",
           "convolution(Tensor input, Tensor weight, Tensor? bias, SymInt[] stride, SymInt[] padding, "
           "SymInt[] dilation, bool transposed, SymInt[] output_padding, SymInt groups) -> Tensor",
           TNN_OP_convolution, TNN_OPLIST_ATEN},
    .op_class = TNN_CLASS_WINDOW, .infer = infer_convolution, .kernel = run_convolution, .dims = dims_convolution,
};
