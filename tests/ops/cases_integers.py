"""Every integer type through what computes with it: results wrap around, and numbers wrap around before they are used."""

import torch
import torch.nn.functional as f
from case import V, fn

LIMITS = {"uint8": (0, 255), "int8": (-128, 127), "int16": (-(2**15), 2**15 - 1), "int32": (-(2**31), 2**31 - 1),
          "int64": (-(2**62), 2**62)}


def of_type(kind: str) -> list:
    low, high = LIMITS[kind]
    x = V(low, high, 0, 1, 3, high // 2, high // 3, max(low, -1), max(low, -7), high - 1, kind=kind)
    y = V(1, high, 3, 1, 2, 3, high - 2, 5, 7, 4, kind=kind)
    n = V(2, 0, 1, 3, 1, 0, 2, 3, 1, 0, kind=kind)

    def typed(title, function, *inputs, **options):
        return fn(f"{kind} {title}", function, *inputs, **options)

    cases = [
        typed("add wraps", lambda x, y: (x + y, x + 3, x + 300), x, y),
        typed("sub wraps", lambda x, y: (x - y, 5 - x, torch.sub(x, y, alpha=3)), x, y),
        typed("mul wraps", lambda x, y: (x * y, x * -3), x, y),
        typed("neg and abs wrap", lambda x: (-x, x.abs()), x),
        typed("power wraps", lambda x: (x ** 0, x ** 2, x ** 5), x),
        typed("floor divide", lambda x, y: (x // y, x // 3, torch.div(x, -3, rounding_mode="floor")), x, y),
        typed("truncated divide", lambda x, y: (torch.div(x, y, rounding_mode="trunc"),
                                                torch.div(x, -3, rounding_mode="trunc")), x, y),
        typed("divide by 300", lambda x: (x // 300, x % 300), x),
        typed("remainders", lambda x, y: (x % y, x % 3, torch.fmod(x, y), torch.fmod(x, -3)), x, y),
        typed("bits", lambda x, y: (x & y, x | y, x ^ y, ~x), x, y),
        typed("bits of numbers", lambda x: (x & 7, x | -8, x ^ 5, x & 300, x | 300, x ^ 300), x),
        typed("shifts", lambda x: (x << 2, x >> 2, x >> 0), x),
        typed("compare", lambda x, y: (x > y, x == 3, x > -3, x < 300, x != 300), x, y),
        typed("where", lambda x, y: torch.where(x > y, x, -3), x, y),
        typed("threshold", lambda x: f.threshold(x, -3, 5), x),
        typed("hardtanh", lambda x: f.hardtanh(x, 0, 5), x),
        typed("extremes", lambda x, y: (torch.maximum(x, y), x.clamp(1, 5), x.amax(0), x.argmin(0)), x, y),
        typed("sums wrap", lambda x: (x.sum(), x.sum(dtype=x.dtype), x.prod(dtype=x.dtype), x.cumsum(0)), x),
        typed("matmul wraps", lambda x, y: (x.reshape(2, 5) @ y.reshape(5, 2), x @ y, y.reshape(5, 2) @ x[:2]), x, y),
        typed("linear", lambda x, y: f.linear(x.reshape(2, 5), y.reshape(2, 5), x[:2]), x, y),
        typed("scatter add", lambda x, y: torch.zeros_like(x).index_add(0, torch.tensor([1, 1, 3]), y[:3]), x, y),
        typed("left shift by a tensor", lambda x, n: (x << n, 3 << n, x << (n + 61), n << -1), x, n),
        typed("powers of two", lambda n: (2 ** n, 2 ** (n + 30)), n),
        typed("right shift by a tensor", lambda x, n: x >> n, x, n) if kind != "int64" else None,
        typed("max pool", lambda x: f.max_pool2d(x.reshape(1, 1, 2, 5), 2), x) if high < 2**16 else None,
    ]
    casts = [typed(f"to {to}", lambda x, to=to: x.to(getattr(torch, to)), x) for to in (*LIMITS, "bool", "float32")]
    return [case for case in cases if case] + casts


CASES = [case for kind in LIMITS for case in of_type(kind)] + [
    fn("int64 divide one that is large", lambda x: x // 7, V(2**61 - 1, -(2**61) + 5, 7 * 2**55, 13, kind="int64")),
    fn("int64 divide by powers", lambda x: (x // 2**40, x >> 33), V(2**61 - 1, -(2**61) + 5, 2**40, 13, kind="int64")),
    fn("int64 bits broadcast", lambda x, y: x.reshape(2, 2, 1) ^ y, V(1, -1, 2**40, -5, kind="int64"),
       V(2**33, 77, -1, kind="int64")),
    fn("int64 clamp at the ends", lambda x: (x.clamp(0, 2**63 - 1), x.clamp(-(2**61) - 1), x.clamp(max=2**61 + 1)),
       V(-(2**62), 2**62, 5, 2**61 + 1, -(2**61) - 1, kind="int64")),
    fn("bool xor number", lambda x: x ^ 3, V(1, 0, 1, kind="bool")),
    fn("bool square", lambda x: x.square(), V(1, 0, 1, kind="bool")),
]
