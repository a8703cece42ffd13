"""Tensors without dimensions, with one element, and without elements."""

import torch
import torch.nn.functional as f
from case import B, F, I64, fn

SHAPES = {"no dimensions": (), "one element": (1,), "no elements": (0,), "no rows": (0, 3), "nothing inside": (2, 0, 3)}
# Which PyTorch takes in every shape.
ANY = {
    "as it is": lambda x: x,
    "pointwise": lambda x: torch.where(x > 0, x.exp(), x * x - 1).clamp(-1, 1),
    "activations": lambda x: f.gelu(x) + f.silu(x),
    "cast": lambda x: x.to(torch.int64) + 1,
    "shape": lambda x: x.reshape(-1).unsqueeze(0),
    "expand": lambda x: x.expand(4, *x.shape).clone(),
    "stack": lambda x: torch.stack([x, x + 1]),
    "sums": lambda x: (x.sum(), x.prod(), (x > 0).any(), (x > 0).all()),
    "cumsum": lambda x: x.cumsum(0),
    "softmax": lambda x: x.softmax(-1),
    "sort": lambda x: tuple(torch.sort(x, 0)),
}

CASES = [fn(f"{shape} {name}", function, F(*dims)) for shape, dims in SHAPES.items() for name, function in ANY.items()] + [
    fn("no dimensions broadcast", lambda x, y: x + y, F(), F(2, 3)),
    fn("no dimensions of integers", lambda x: (x * 2, x * 2.5), I64()),
    fn("no dimensions of bools", lambda x, y: torch.where(x, y, 0.0), B(), F(2, 3)),
    fn("no rows cat", lambda x, y: torch.cat([x, y]), F(0, 3), F(2, 3)),
    fn("no rows matmul", lambda x, y: x @ y.T, F(0, 3), F(2, 3)),
    fn("no columns matmul", lambda x: x @ torch.ones(0, 3), F(2, 0)),
    fn("no rows linear", lambda x: f.linear(x, torch.ones(4, 3)), F(0, 3)),
    fn("slice to nothing and back", lambda x: torch.cat([x[:0], x]), F(2, 3)),
    fn("sum of nothing", lambda x: x.sum(1), F(2, 0, 3)),
    fn("nothing known", lambda x: x.new_zeros(0), F(2)),
]
