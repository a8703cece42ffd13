/* Other names of normalisations and of attention. A second result, the statistics, exists only in training. */
#include "ops/list.h"

static const char text_native_group_norm[] =
    "def native_group_norm(input, weight, bias, N, C, HxW, group, eps):\n"
    "    y = torch.group_norm(input, group, weight, bias, eps)\n"
    "    return y, absent(\"the means of the groups\"), absent(\"the deviations of the groups\")\n";

/* q, k and v [B, L, H, E / H] of rows that one layer has projected, heads in front. */
#define TEXT_MULTI_HEAD                                                                            \
    "    batch, length, width = query.shape\n"                                                     \
    "    head = embed_dim // num_head\n"                                                           \
    "    if query is key and key is value:\n"                                                      \
    "        qkv = torch.linear(query, qkv_weight, qkv_bias)\n"                                    \
    "        qkv = torch.reshape(qkv, [batch, length, 3, num_head, head])\n"                       \
    "        q, k, v = torch.unbind(torch.permute(qkv, [2, 0, 3, 1, 4]))\n"                        \
    "    else:\n"                                                                                  \
    "        weights = torch.chunk(qkv_weight, 3)\n"                                               \
    "        biases = torch.chunk(qkv_bias, 3)\n"                                                  \
    "        q = torch.reshape(torch.linear(query, weights[0], biases[0]), [batch, length, num_head, head])\n" \
    "        k = torch.reshape(torch.linear(key, weights[1], biases[1]), [batch, -1, num_head, head])\n" \
    "        v = torch.reshape(torch.linear(value, weights[2], biases[2]), [batch, -1, num_head, head])\n" \
    "        q, k, v = [torch.transpose(x, 1, 2) for x in (q, k, v)]\n"                            \
    "    scores = torch.matmul(q * (1 / math.sqrt(head)), torch.transpose(k, -2, -1))\n"                 \
    "    if mask is not None:\n"                                                                   \
    "        if mask_type == 1:\n"                                                                 \
    "            mask = torch.reshape(mask, [batch, 1, 1, -1])\n"                                  \
    "        scores = torch.where(mask, -math.inf, scores) if mask.dtype == torch.bool else scores + mask\n" \
    "    weights = torch.softmax(scores, -1)\n"                                                    \
    "    y = torch.reshape(torch.transpose(torch.matmul(weights, v), 1, 2), [batch, length, embed_dim])\n" \
    "    y = torch.linear(y, proj_weight, proj_bias)\n"

static const char text_encoder_layer[] =
    "def _transformer_encoder_layer_fwd(src, embed_dim, num_heads, qkv_weight, qkv_bias, proj_weight, proj_bias,\n"
    "                                   use_gelu, norm_first, eps, norm_weight_1, norm_bias_1, norm_weight_2,\n"
    "                                   norm_bias_2, ffn_weight_1, ffn_bias_1, ffn_weight_2, ffn_bias_2, mask,\n"
    "                                   mask_type):\n"
    "    x = torch.layer_norm(src, [embed_dim], norm_weight_1, norm_bias_1, eps) if norm_first else src\n"
    "    y = torch._native_multi_head_attention(x, x, x, embed_dim, num_heads, qkv_weight, qkv_bias, proj_weight,\n"
    "                                           proj_bias, mask, False, True, mask_type)\n"
    "    x = src + y[0]\n"
    "    if not norm_first:\n"
    "        x = torch.layer_norm(x, [embed_dim], norm_weight_1, norm_bias_1, eps)\n"
    "    y = torch.layer_norm(x, [embed_dim], norm_weight_2, norm_bias_2, eps) if norm_first else x\n"
    "    y = torch.linear(y, ffn_weight_1, ffn_bias_1)\n"
    "    y = torch.gelu(y) if use_gelu else torch.relu(y)\n"
    "    y = x + torch.linear(y, ffn_weight_2, ffn_bias_2)\n"
    "    return y if norm_first else torch.layer_norm(y, [embed_dim], norm_weight_2, norm_bias_2, eps)\n";

static const tnn_spelling_row rows[] = {
    {"native_layer_norm",
     "native_layer_norm(Tensor input, SymInt[] normalized_shape, Tensor? weight, Tensor? bias, float eps) -> "
     "(Tensor, Tensor, Tensor)",
     "def native_layer_norm(input, normalized_shape, weight, bias, eps):\n"
     "    y = torch.layer_norm(input, normalized_shape, weight, bias, eps)\n"
     "    return y, absent(\"the means of the rows\"), absent(\"the deviations of the rows\")\n"},
    {"native_group_norm",
     "native_group_norm(Tensor input, Tensor? weight, Tensor? bias, SymInt N, SymInt C, SymInt HxW, int group, "
     "float eps) -> (Tensor, Tensor, Tensor)",
     text_native_group_norm},
    {"rms_norm", /* eps None: the distance from 1 to the next number of the type that PyTorch computes in */
     "rms_norm(Tensor input, SymInt[] normalized_shape, Tensor? weight=None, float? eps=None) -> Tensor",
     "def rms_norm(input, normalized_shape, weight, eps):\n"
     "    if eps is None:\n"
     "        eps = 2.220446049250313e-16 if input.dtype == torch.float64 else 1.1920928955078125e-07\n"
     "    return torch.rms_norm.primitive(input, normalized_shape, weight, eps)\n"},
    {"_fused_rms_norm",
     "_fused_rms_norm(Tensor input, int[] normalized_shape, Tensor? weight, float? eps) -> (Tensor, Tensor)",
     "def _fused_rms_norm(input, normalized_shape, weight, eps):\n"
     "    y = torch.rms_norm(input, normalized_shape, weight, eps)\n"
     "    return y, absent(\"the deviations of the rows\")\n"},
    /* The norm of a weight over all dimensions but one, -1 for none. */
    {"norm_except_dim", "norm_except_dim(Tensor v, int pow=2, int dim=0) -> Tensor",
     "def norm_except_dim(v, pow, dim):\n"
     "    assert pow == 2, \"norm_except_dim: pow is not 2\"\n"
     "    if dim == -1:\n"
     "        return torch.sqrt(torch.sum(v * v))\n"
     "    dims = [k for k in range(v.dim()) if k != dim]\n"
     "    return torch.sqrt(torch.sum(v * v, dims, True))\n"},
    {"_weight_norm", "_weight_norm(Tensor v, Tensor g, int dim=0) -> Tensor",
     "def _weight_norm(v, g, dim):\n"
     "    return v * (g / torch.norm_except_dim(v, 2, dim))\n"},
    {"_weight_norm_interface", "_weight_norm_interface(Tensor v, Tensor g, int dim=0) -> (Tensor, Tensor)",
     "def _weight_norm_interface(v, g, dim):\n"
     "    norm = torch.norm_except_dim(v, 2, dim)\n"
     "    return v * (g / norm), norm\n"},
    /* Rows of y that a mask, of bools or with -inf, leaves nothing for are 0. Nothing is written where it leaves something
     * for all of them. */
    {"_zero_unseen", "_zero_unseen(Tensor y, Tensor mask) -> Tensor",
     "def zero_unseen(y, mask):\n"
     "    seen = torch.any(mask if mask.dtype == torch.bool else mask != -inf, -1, True)\n"
     "    all_seen = torch.all(seen)\n"
     "    if known(all_seen) and bool(all_seen):\n"
     "        return y\n"
     "    return torch.where(seen, y, 0.0)\n"},
    {"_safe_softmax", "_safe_softmax(Tensor self, int dim, ScalarType? dtype=None) -> Tensor",
     "def _safe_softmax(self, dim, dtype):\n"
     "    seen = torch.any(self != -inf, dim, True)\n"
     "    return torch.where(seen, torch.softmax(self, dim, dtype), 0.0)\n"},
    /* Attention as ATen's kernels for one processor or another call it. */
    {"_scaled_dot_product_flash_attention_for_cpu",
     "_scaled_dot_product_flash_attention_for_cpu(Tensor query, Tensor key, Tensor value, float dropout_p=0.0, bool "
     "is_causal=False, *, Tensor? attn_mask=None, float? scale=None) -> (Tensor, Tensor)",
     "def attention(query, key, value, dropout_p, is_causal, attn_mask, scale):\n"
     "    y = torch.scaled_dot_product_attention(query, key, value, attn_mask, dropout_p, is_causal, scale=scale)\n"
     "    return y, absent(\"the log of the sums of an attention\")\n"},
    {"_scaled_dot_product_attention_math",
     "_scaled_dot_product_attention_math(Tensor query, Tensor key, Tensor value, Tensor? attn_mask=None, float "
     "dropout_p=0.0, bool is_causal=False, Tensor? dropout_mask=None, *, float? scale=None, bool enable_gqa=False) "
     "-> (Tensor, Tensor)",
     "def attention(query, key, value, attn_mask, dropout_p, is_causal, dropout_mask, scale, enable_gqa):\n"
     "    y = torch.scaled_dot_product_attention(query, key, value, attn_mask, dropout_p, is_causal, scale=scale,\n"
     "                                           enable_gqa=enable_gqa)\n"
     "    return y, absent(\"the weights of an attention\")\n"},
    {"_native_multi_head_attention",
     "_native_multi_head_attention(Tensor query, Tensor key, Tensor value, int embed_dim, int num_head, Tensor "
     "qkv_weight, Tensor qkv_bias, Tensor proj_weight, Tensor proj_bias, Tensor? mask=None, bool need_weights=True, "
     "bool average_attn_weights=True, int? mask_type=None) -> (Tensor, Tensor)",
     "def _native_multi_head_attention(query, key, value, embed_dim, num_head, qkv_weight, qkv_bias, proj_weight,\n"
     "                                 proj_bias, mask, need_weights, average_attn_weights, mask_type):\n"
     TEXT_MULTI_HEAD
     "    if not need_weights:\n"
     "        return y, absent(\"the weights of an attention\")\n"
     "    return y, torch.mean(weights, [1]) if average_attn_weights else weights\n"},
    {"_transformer_encoder_layer_fwd",
     "_transformer_encoder_layer_fwd(Tensor src, int embed_dim, int num_heads, Tensor qkv_weight, Tensor qkv_bias, "
     "Tensor proj_weight, Tensor proj_bias, bool use_gelu, bool norm_first, float eps, Tensor norm_weight_1, Tensor "
     "norm_bias_1, Tensor norm_weight_2, Tensor norm_bias_2, Tensor ffn_weight_1, Tensor ffn_bias_1, Tensor "
     "ffn_weight_2, Tensor ffn_bias_2, Tensor? mask=None, int? mask_type=None) -> Tensor",
     text_encoder_layer},
};

const tnn_spelling_table tnn_spellings_norm = {rows, sizeof rows / sizeof *rows};
