"""Attention and the layers made of it."""

import torch
import torch.nn.functional as f
from case import B, F, fn, mod
from torch import nn

attend = f.scaled_dot_product_attention
Q = F(2, 3, 5, 8)
K = F(2, 3, 7, 8)
V = F(2, 3, 7, 4)


class SelfAttention(nn.Module):
    """nn.MultiheadAttention on one sequence, or on a query and another one."""

    def __init__(self, masked: bool = False, **options):
        super().__init__()
        self.attention = nn.MultiheadAttention(8, 2, **options)
        if self.attention.out_proj.bias is not None:
            nn.init.normal_(self.attention.out_proj.bias)
        self.mask = torch.triu(torch.full((5, 5), float("-inf")), 1) if masked else None

    def forward(self, x, y=None):
        y = x if y is None else y
        return self.attention(x, y, y, attn_mask=self.mask)


class NoGrad(nn.Module):
    """Layers as exported without gradients, when PyTorch takes its fused operators."""

    def __init__(self, layer: nn.Module):
        super().__init__()
        self.layer = layer.requires_grad_(False)

    def forward(self, *x):
        return self.layer(*x)


# Rows 1 and 4 see nothing.
UNSEEN = torch.tensor([True, False, True, True, False])[:, None]


def penalty(mask: torch.Tensor) -> torch.Tensor:
    return torch.zeros(mask.shape).masked_fill(~mask, float("-inf"))


CASES = [
    fn("attention", lambda q, k, v: attend(q, k, v), Q, K, V),
    fn("attention of 3-D", lambda q, k, v: attend(q, k, v), F(2, 5, 8), F(2, 7, 8), F(2, 7, 3)),
    fn("attention of 2-D", lambda q, k, v: attend(q, k, v), F(5, 8), F(7, 8), F(7, 3)),
    fn("attention scale", lambda q, k, v: attend(q, k, v, scale=0.5), Q, K, V),
    fn("attention mask", lambda q, k, v, m: attend(q, k, v, attn_mask=m), Q, K, V, F(5, 7)),
    fn("attention mask 4-D", lambda q, k, v, m: attend(q, k, v, attn_mask=m), Q, K, V, F(2, 1, 5, 7)),
    fn("attention bool mask", lambda q, k, v, m: attend(q, k, v, attn_mask=m | torch.eye(5, 7, dtype=torch.bool)),
       Q, K, V, B(5, 7)),
    fn("attention nothing seen", lambda q, k, v, m: attend(q, k, v, attn_mask=m & UNSEEN), Q, K, V, B(2, 1, 5, 7)),
    fn("attention nothing seen by constants", lambda q, k, v: attend(q, k, v, attn_mask=UNSEEN.expand(5, 7)), Q, K, V),
    fn("attention nothing seen by one mask", lambda q, k, v, m: attend(q, k, v, attn_mask=m), Q, K, V, B(5, 1)),
    fn("attention nothing seen by penalties", lambda q, k, v, m: attend(q, k, v, attn_mask=penalty(m & UNSEEN)),
       Q, K, V, B(5, 7)),
    fn("attention nothing seen in groups", lambda q, k, v, m: attend(q, k, v, attn_mask=m & UNSEEN, enable_gqa=True),
       F(1, 6, 5, 8), F(1, 2, 7, 8), F(1, 2, 7, 4), B(5, 7)),
    fn("attention all seen by constants", lambda q, k, v: attend(q, k, v, attn_mask=torch.ones(5, 7).tril() > 0), Q, K, V),
    fn("safe softmax", lambda x, m: torch._safe_softmax(torch.where(m & UNSEEN, x, float("-inf")), 1), F(5, 7), B(5, 7)),
    fn("attention causal", lambda q, k, v: attend(q, k, v, is_causal=True), Q, K, V),
    fn("attention causal long", lambda q, k, v: attend(q, k, v, is_causal=True), F(2, 3, 7, 8), F(2, 3, 5, 8), F(2, 3, 5, 4)),
    fn("attention grouped", lambda q, k, v: attend(q, k, v, enable_gqa=True), F(2, 6, 5, 8), F(2, 3, 7, 8), F(2, 3, 7, 4)),
    fn("attention grouped mask", lambda q, k, v, m: attend(q, k, v, attn_mask=m, enable_gqa=True),
       F(1, 6, 5, 8), F(1, 2, 7, 8), F(1, 2, 7, 4), F(5, 7)),
    fn("attention one head", lambda q, k, v: attend(q, k, v), F(1, 1, 5, 8), F(1, 1, 7, 8), F(1, 1, 7, 8)),
    mod("multihead attention", lambda: SelfAttention(batch_first=True), F(2, 5, 8)),
    mod("multihead attention cross", lambda: SelfAttention(batch_first=True), F(2, 5, 8), F(2, 7, 8)),
    mod("multihead attention mask", lambda: SelfAttention(True, batch_first=True), F(2, 5, 8)),
    mod("multihead attention sequence first", lambda: SelfAttention(), F(5, 2, 8)),
    mod("multihead attention without batch", lambda: SelfAttention(), F(5, 8)),
    mod("multihead attention without bias", lambda: SelfAttention(bias=False, batch_first=True), F(2, 5, 8)),
    mod("multihead attention bias key", lambda: SelfAttention(add_bias_kv=True, add_zero_attn=True), F(5, 2, 8)),
    mod("multihead attention other widths", lambda: SelfAttention(kdim=6, vdim=6, batch_first=True), F(2, 5, 8), F(2, 7, 6)),
    mod("multihead attention fused", lambda: NoGrad(SelfAttention(batch_first=True)), F(2, 5, 8)),
    mod("encoder layer", lambda: nn.TransformerEncoderLayer(8, 2, 16, batch_first=True), F(2, 5, 8)),
    mod("encoder layer norm first", lambda: nn.TransformerEncoderLayer(8, 2, 16, norm_first=True), F(5, 2, 8)),
    mod("encoder layer gelu", lambda: nn.TransformerEncoderLayer(8, 2, 16, activation="gelu"), F(5, 2, 8)),
    mod("encoder layer fused", lambda: NoGrad(nn.TransformerEncoderLayer(8, 2, 16, batch_first=True)), F(2, 5, 8)),
    mod("encoder layer fused norm first",
        lambda: NoGrad(nn.TransformerEncoderLayer(8, 2, 16, batch_first=True, norm_first=True, activation="gelu")),
        F(2, 5, 8)),
    mod("encoder", lambda: nn.TransformerEncoder(nn.TransformerEncoderLayer(8, 2, 16, batch_first=True), 2), F(2, 5, 8)),
    mod("decoder layer", lambda: nn.TransformerDecoderLayer(8, 2, 16, batch_first=True), F(2, 5, 8), F(2, 7, 8)),
    mod("decoder", lambda: nn.TransformerDecoder(nn.TransformerDecoderLayer(8, 2, 16), 2), F(5, 2, 8), F(7, 2, 8)),
    mod("transformer", lambda: nn.Transformer(8, 2, 1, 1, 16, batch_first=True), F(2, 5, 8), F(2, 7, 8)),
]
