"""float64, float16 and bfloat16: computed in float32, which the report says."""

import torch
import torch.nn.functional as f
from case import B, F, I32, I64, Input, N, V, fn, mod
from torch import nn

X = F(3, 5)
FLOATS = {
    torch.float64: {},
    torch.float16: {"tolerance": 2e-3, "why": "PyTorch rounds results to 11 bits"},
    torch.bfloat16: {"tolerance": 2e-2, "why": "PyTorch rounds results to 8 bits"},
}


def infinities(kind: str) -> Input:
    return V(float("inf"), -float("inf"), float("nan"), 1, kind=kind)


def network() -> nn.Module:
    layers = [nn.Conv2d(3, 4, 3, padding=1), nn.BatchNorm2d(4), nn.ReLU6(), nn.MaxPool2d(2), nn.Flatten()]
    return nn.Sequential(*layers, nn.Linear(36, 7), nn.LayerNorm(7), nn.GELU(), nn.Linear(7, 5), nn.Softmax(-1))


def of_type(dtype: torch.dtype, rounding: dict) -> list:
    name = str(dtype).removeprefix("torch.")

    def typed(title, function, *inputs):
        return fn(f"{name} {title}", function, *inputs, **rounding)

    return [
        mod(f"{name} network", lambda: network().to(dtype), N(name, 1, 3, 6, 6), **rounding),
        mod(f"{name} attention", lambda: nn.MultiheadAttention(8, 2, batch_first=True).to(dtype),
            *[N(name, 1, 5, 8)] * 3, **rounding),
        typed("there and back", lambda x: (x.to(dtype) * 3 + 1).float(), X),
        typed("from int", lambda x: x.to(dtype) / 3, I32(3, 5)),
        typed("to int", lambda x: x.to(torch.int32), V(1.5, -1.5, 0.0, 100.25, kind=name)),
        typed("from bool", lambda x: x.to(dtype) - 0.5, B(3, 5)),
        typed("to bool", lambda x: x.bool(), V(1.5, -0.0, 0.0, kind=name)),
        typed("sum", lambda x: x.sum(1, dtype=dtype), X),
        typed("sum of integers", lambda x: x.sum(1, dtype=dtype), I64(3, 5)),
        typed("mean", lambda x: x.mean(dtype=dtype), X),
        typed("prod", lambda x: x.prod(1, dtype=dtype), X),
        typed("cumsum", lambda x: x.cumsum(1, dtype=dtype), X),
        typed("softmax", lambda x: x.softmax(1, dtype=dtype), X),
        typed("log softmax", lambda x: x.log_softmax(1, dtype=dtype), X),
        typed("arange", lambda x: x + torch.arange(5, dtype=dtype), X),
        typed("linspace", lambda x: x + torch.linspace(-1, 1, 5, dtype=dtype), X),
        typed("full", lambda x: x + torch.full((5,), 0.1, dtype=dtype), X),
        typed("zeros", lambda x: x + torch.zeros(5, dtype=dtype), X),
        typed("new ones", lambda x: x + x.new_ones((3, 1), dtype=dtype), X),
        typed("full like", lambda x: x * torch.full_like(x, 2, dtype=dtype), X),
        typed("lone tensor", lambda x: x * torch.tensor(0.1, dtype=dtype), X),
        typed("lone tensor and integers", lambda x: x * torch.tensor(0.1, dtype=dtype), I32(3, 5)),
        typed("beside float32", lambda x, y: torch.cat([x + y, y]), N(name, 3, 5), X),
        typed("comparison", lambda x, y: torch.where(x > 0.5, x, y), N(name, 3, 5), X),
        typed("order", lambda x: tuple(torch.topk(x, 2)), N(name, 3, 5)),
        typed("of gather", lambda x, i: x.gather(1, i.abs() % 5), N(name, 3, 5), I64(3, 2)),
        typed("no elements", lambda x: x + 1, N(name, 0, 5)),
        typed("no dimensions", lambda x: x + 1, N(name)),
        typed("nan to num", lambda x: torch.nan_to_num(x) * 1e-3, V(float("nan"), 1, 2, kind=name)),
    ]


CASES = [case for dtype, rounding in FLOATS.items() for case in of_type(dtype, rounding)] + [
    fn("float64 constants fold in double", lambda x: x + (torch.tensor([16777217.0, 0.1], dtype=torch.float64)
                                                          - torch.tensor([16777216.0, 0.0], dtype=torch.float64)), F(3, 2)),
    fn("float16 infinities to num", torch.nan_to_num, infinities("float16"), **FLOATS[torch.float16]),
    fn("bfloat16 infinities to num", torch.nan_to_num, infinities("bfloat16"), **FLOATS[torch.bfloat16]),
    fn("float64 infinities to num", torch.nan_to_num, infinities("float64"), litert="the largest of float32 in the file"),
    fn("float64 power", lambda x: torch.float_power(x, 2), X),
    fn("float64 softplus", lambda x: f.softplus(x.double()), F(3, 5, scale=20)),
    fn("float64 rms norm", lambda x: f.rms_norm(x, (5,)), V(*(k * 1e-3 for k in range(5)), kind="float64")),
    fn("float64 sampled grid", lambda x, g: f.grid_sample(x, g, align_corners=True), N("float64", 1, 2, 4, 5),
       N("float64", 1, 3, 3, 2)),
    fn("float64 affine grid", lambda t: f.affine_grid(t, (1, 2, 3, 4), align_corners=False), N("float64", 1, 2, 3)),
    fn("bfloat16 bags", lambda w, i, o: f.embedding_bag(i % 5, w, o.abs(), mode="mean"),
       N("bfloat16", 5, 4), V(0, 4, 2, 1, 3, kind="int64"),
       V(0, 2, 4, kind="int64"), **FLOATS[torch.bfloat16]),
    fn("bfloat16 ldexp", torch.ldexp, N("bfloat16", 5), I32(5)),
]
