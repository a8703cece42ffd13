/* Normalisations over what a tensor holds, and attention.
 *
 *   norm       (x - mean(x)) / sqrt(var(x) + eps) * weight + bias, var without Bessel's correction
 *   attention  softmax(q @ transpose(k) * scale + mask) @ v
 *
 * The difference from the mean is squared, not x: the variance of numbers far from 0 would lose its digits. */
#include "ops/composites.h"

#include "ops/class.h"
#include "ops/infer.h"

const tnn_composite_row tnn_composite_layer_norm = {
    .op = TNN_COMPOSITE_HEAD(layer_norm, "Tensor input, SymInt[] normalized_shape, Tensor? weight=None, Tensor? "
                                         "bias=None, float eps=1e-05, bool cudnn_enable=True"),
    .infer = tnn_infer_unary_float,
    .text = "def layer_norm(input, normalized_shape, weight, bias, eps, cudnn_enable):\n"
            "    dims = [k - len(normalized_shape) for k in range(len(normalized_shape))]\n"
            "    rest = input - torch.mean(input, dims, True)\n"
            "    y = rest * torch.rsqrt(torch.mean(rest * rest, dims, True) + eps)\n"
            "    y = y if weight is None else y * weight\n"
            "    return y if bias is None else y + bias\n",
};

const tnn_composite_row tnn_composite_rms_norm = {
    .op = TNN_COMPOSITE_HEAD(rms_norm,
                             "Tensor input, SymInt[] normalized_shape, Tensor? weight, float eps"),
    .infer = tnn_infer_unary_float,
    .text = "def rms_norm(input, normalized_shape, weight, eps):\n"
            "    dims = [k - len(normalized_shape) for k in range(len(normalized_shape))]\n"
            "    y = input * torch.rsqrt(torch.mean(input * input, dims, True) + eps)\n"
            "    return y if weight is None else y * weight\n",
};

/* Channels in groups [N, G, C / G, spatial]; weight and bias are one a channel. */
const tnn_composite_row tnn_composite_group_norm = {
    .op = TNN_COMPOSITE_HEAD(group_norm, "Tensor input, int num_groups, Tensor? weight=None, Tensor? bias=None, "
                                         "float eps=1e-05, bool cudnn_enabled=True"),
    .infer = tnn_infer_unary_float,
    .text = "def group_norm(input, num_groups, weight, bias, eps, cudnn_enabled):\n"
            "    shape = list(input.shape)\n"
            "    assert shape[1] % num_groups == 0, \"group_norm: the groups do not divide the channels\"\n"
            "    x = torch.reshape(input, [shape[0], num_groups, shape[1] // num_groups] + shape[2:])\n"
            "    dims = list(range(2, x.dim()))\n"
            "    rest = x - torch.mean(x, dims, True)\n"
            "    y = rest * torch.rsqrt(torch.mean(rest * rest, dims, True) + eps)\n"
            "    y = torch.reshape(y, shape)\n"
            "    channels = [shape[1]] + [1] * (len(shape) - 2)\n"
            "    y = y if weight is None else y * torch.reshape(weight, channels)\n"
            "    return y if bias is None else y + torch.reshape(bias, channels)\n",
};

/* One sample and one channel at a time; with statistics that are given it is a batch norm. */
const tnn_composite_row tnn_composite_instance_norm = {
    .op = TNN_COMPOSITE_HEAD(instance_norm,
                             "Tensor input, Tensor? weight, Tensor? bias, Tensor? running_mean, Tensor? running_var, "
                             "bool use_input_stats, float momentum, float eps, bool cudnn_enabled"),
    .infer = tnn_infer_unary_float,
    .text = "def instance_norm(input, weight, bias, mean, var, use_input_stats, momentum, eps, cudnn_enabled):\n"
            "    channels = [input.size(1)] + [1] * (input.dim() - 2)\n"
            "    if use_input_stats:\n"
            "        dims = list(range(2, input.dim()))\n"
            "        y = input - torch.mean(input, dims, True)\n"
            "        y = y * torch.rsqrt(torch.mean(y * y, dims, True) + eps)\n"
            "    else:\n"
            "        y = input - torch.reshape(mean, channels)\n"
            "        y = y * torch.rsqrt(torch.reshape(var, channels) + eps)\n"
            "    y = y if weight is None else y * torch.reshape(weight, channels)\n"
            "    return y if bias is None else y + torch.reshape(bias, channels)\n",
};

/* [.., L, E] of query, the last dimension of value. */
static tnn_status infer_attention(const tnn_call *call, tnn_type *outs, uint32_t *n_outs, tnn_error *err) {
    const tnn_shape *query = &tnn_call_tensor(call, 0)->shape, *value = &tnn_call_tensor(call, 2)->shape;
    TNN_TRY(tnn_call_need_float(call, 0, err));
    TNN_TRY(tnn_call_need_dtype(call, 1, tnn_call_tensor(call, 0)->dtype, err));
    TNN_TRY(tnn_call_need_dtype(call, 2, tnn_call_tensor(call, 0)->dtype, err));
    if (query->rank < 2 || value->rank != query->rank) {
        return tnn_call_invalid(call, err, "query has shape %s, value %s, expected 2 or more and as many dimensions",
                                tnn_shape_text_of(query).text, tnn_shape_text_of(value).text);
    }
    tnn_shape shape = *query;
    for (uint8_t d = 0; d + 2 < shape.rank; d++) {
        if (!shape.dims[d].expr && shape.dims[d].hint == 1) shape.dims[d] = value->dims[d];
    }
    shape.dims[shape.rank - 1] = value->dims[value->rank - 1];
    return tnn_call_result(outs, n_outs, tnn_call_tensor(call, 0)->dtype, &shape);
}

/* Heads that share a key are rows of one product: [B, H, L, E] is seen as [B, H of key, g * L, E]. A mask of bools
 * keeps what is true. A dropout of the weights is left out: the result is the expected value of what it draws. */
const tnn_composite_row tnn_composite_scaled_dot_product_attention = {
    .op = TNN_COMPOSITE_HEAD(scaled_dot_product_attention,
                             "Tensor query, Tensor key, Tensor value, Tensor? attn_mask=None, float dropout_p=0.0, "
                             "bool is_causal=False, *, float? scale=None, bool enable_gqa=False"),
    .infer = infer_attention,
    .text =
        "def scaled_dot_product_attention(query, key, value, attn_mask, dropout_p, is_causal, scale, enable_gqa):\n"
        "    length = query.size(-2)\n"
        "    keys = key.size(-2)\n"
        "    shared = 1\n"
        "    if enable_gqa:\n"
        "        shared = query.size(-3) // key.size(-3)\n"
        "    q = query * (1 / math.sqrt(query.size(-1)) if scale is None else scale)\n"
        "    lead = list(query.shape)[:-2]\n"
        "    if shared > 1:\n"
        "        q = torch.reshape(q, lead[:-1] + [key.size(-3), shared * length, query.size(-1)])\n"
        "    scores = torch.matmul(q, torch.transpose(key, -2, -1))\n"
        "    rows = list(scores.shape)\n"
        "    masked = is_causal or attn_mask is not None\n"
        "    if shared > 1 and masked:\n"
        "        scores = torch.reshape(scores, lead + [length, keys])\n"
        "    if is_causal:\n"
        "        seen = torch.unsqueeze(torch.arange(length), 1) >= torch.arange(keys)\n"
        "        attn_mask = torch.where(seen, torch.full([], 0.0, dtype=query.dtype), -math.inf)\n"
        "    if masked:\n"
        "        if attn_mask.dtype == torch.bool:\n"
        "            scores = torch.where(attn_mask, scores, -math.inf)\n"
        "        else:\n"
        "            scores = scores + attn_mask\n"
        "    if shared > 1 and masked:\n"
        "        scores = torch.reshape(scores, rows)\n"
        "    y = torch.matmul(torch.softmax(scores, -1), value)\n"
        "    y = torch.reshape(y, lead + [length, value.size(-1)]) if shared > 1 else y\n"
        "    return torch._zero_unseen(y, attn_mask) if masked and not is_causal else y\n",
};
