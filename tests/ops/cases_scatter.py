"""What meets at one place is put together; masks that are constants; bags of an embedding."""

import torch
import torch.nn.functional as f
from case import B, Case, F, I32, I64, Input, fn, mod
from torch import nn

MASK = torch.tensor([True, False, True, True, False])
GRID_MASK = torch.tensor([[True, False, True], [False, False, True]])


def reduce(reduction: str, include_self: bool, *inputs: Input, dim: int = 1, name: str = "") -> Case:
    return fn(f"scatter_reduce {reduction}{'' if include_self else ' alone'} {name}",
              lambda x, i, v: x.scatter_reduce(dim, i % 5, v, reduction, include_self=include_self), *inputs)


def index_reduce(reduction: str, include_self: bool) -> Case:
    return fn(f"index_reduce {reduction}{'' if include_self else ' alone'}",
              lambda x, i, v: x.index_reduce(-2, i % 5, v, reduction, include_self=include_self),
              F(2, 5, 3), I64(7), F(2, 7, 3))


SELVES = (True, False)
REDUCTIONS = [
    *(reduce(r, s, F(2, 5), I64(2, 3), F(2, 3), name="2-D") for r in ("prod", "mean", "amax", "amin") for s in SELVES),
    *(reduce(r, s, F(5, 3, 7), I64(3, 2, 7), F(4, 3, 7), dim=0, name="part")
      for r in ("sum", "prod", "mean", "amax", "amin") for s in SELVES),
    *(reduce(r, s, I32(2, 5), I64(2, 3), I32(2, 3), name="int32") for r in ("prod", "mean", "amax", "amin") for s in SELVES),
    *(reduce(r, s, I64(2, 5), I64(2, 3), I64(2, 3), name="int64") for r in ("prod", "amax", "amin") for s in SELVES),
    *(index_reduce(r, s) for r in ("prod", "mean", "amax", "amin") for s in SELVES),
    fn("scatter multiply", lambda x, i, v: x.scatter(1, i % 5, v, reduce="multiply"), F(2, 5), I64(2, 3), F(2, 3)),
    fn("scatter multiply number", lambda x, i: x.scatter(-1, i % 5, -2.5, reduce="multiply"), F(2, 5), I64(2, 3)),
    fn("scatter_reduce 0-D", lambda x, v: x.scatter_reduce(0, torch.tensor(0), v, "amax"), F(), F()),
    fn("scatter_reduce of constants", lambda x, v: x.scatter_reduce(1, torch.tensor([[0, 0, 4], [2, 1, 2]]), v, "amin"),
       F(2, 5), F(2, 3)),
    fn("put", lambda x, v: x.put(torch.tensor([[1, -2], [7, 4]]), v), F(5, 3), F(2, 2)),
    fn("put accumulate", lambda x, i, v: x.put(i, v, accumulate=True), F(5, 3), I64(7), F(7)),
]


class Masks(nn.Module):
    """Masks that the module holds."""

    def __init__(self):
        super().__init__()
        self.register_buffer("rows", MASK)
        self.register_buffer("places", GRID_MASK)

    def forward(self, x, y):
        return x[self.rows], y[self.places] * 2, y.masked_select(self.places), x[self.rows.nonzero()[:, 0]]


MASKS = [
    mod("masks", Masks, F(5, 7), F(2, 3)),
    fn("mask of rows", lambda x: x[MASK], F(5, 7)),
    fn("mask of elements", lambda x: x[GRID_MASK] + 1, F(2, 3)),
    fn("mask behind", lambda x: x[:, MASK, :2], F(3, 5, 7)),
    fn("mask computed", lambda x: x[torch.arange(5) % 2 == 0], F(5, 7)),
    fn("masked_select", lambda x: x.masked_select(GRID_MASK), F(2, 3)),
    fn("masked_select broadcast", lambda x: x.masked_select(torch.tensor([True, False])), F(7, 1)),
    fn("nonzero", lambda x: x[GRID_MASK.nonzero()[:, 1]], F(5, 7)),
    fn("nonzero as tuple", lambda x: x[GRID_MASK.nonzero(as_tuple=True)], F(5, 7)),
    fn("nonzero of numbers", lambda x: x[torch.tensor([0.0, 0.25, 0.0, -3.0]).nonzero()[:, 0]], F(5, 7)),
    fn("argwhere", lambda x: x[torch.argwhere(MASK)[:, 0]], F(5, 7)),
    fn("masked_scatter", lambda x, v: x.masked_scatter(GRID_MASK, v), F(2, 3), F(7)),
    fn("masked_scatter of input", lambda x, m, v: x.masked_scatter(m, v), F(5, 7), B(5, 7), F(5, 7)),
    fn("masked_scatter broadcast", lambda x, m, v: x.masked_scatter(m, v), F(5, 7), B(7), F(36)),
    fn("masked_scatter integers", lambda x, m, v: x.masked_scatter(m, v), I64(5, 7), B(5, 7), I64(5, 7)),
]

OFFSETS = torch.tensor([0, 2, 2, 7])
MODES = ("sum", "mean", "max")

BAGS = [
    *(fn(f"embedding_bag {m}", lambda i, w, m=m: f.embedding_bag(i % 7, w, mode=m), I64(3, 5), F(7, 13)) for m in MODES),
    *(fn(f"embedding_bag {m} padding", lambda i, w, m=m: f.embedding_bag(i % 3, w, mode=m, padding_idx=1),
         I64(7, 2), F(3, 5)) for m in MODES),
    *(fn(f"embedding_bag {m} offsets", lambda i, w, m=m: f.embedding_bag(i % 7, w, OFFSETS, mode=m), I64(10), F(7, 5))
      for m in MODES),
    *(fn(f"embedding_bag {m} offsets padding",
         lambda i, w, m=m: f.embedding_bag(i % 3, w, OFFSETS, mode=m, padding_idx=-1), I64(10), F(3, 5)) for m in MODES),
    *(fn(f"embedding_bag {m} offsets of input",
         lambda i, o, w, m=m: f.embedding_bag(i % 7, w, o.abs().cumsum(0) - o[:1].abs(), mode=m, padding_idx=2),
         I64(30), I64(4), F(7, 5)) for m in ("sum", "mean")),
    fn("embedding_bag last offset",
       lambda i, w: f.embedding_bag(i % 7, w, torch.tensor([0, 2, 2, 7, 10]), mode="mean", include_last_offset=True),
       I64(10), F(7, 5)),
    fn("embedding_bag weighted", lambda i, w, p: f.embedding_bag(i % 7, w, mode="sum", per_sample_weights=p),
       I64(3, 5), F(7, 13), F(3, 5)),
    fn("embedding_bag weighted offsets",
       lambda i, w, p: f.embedding_bag(i % 7, w, OFFSETS, mode="sum", per_sample_weights=p), I64(10), F(7, 5), F(10)),
    fn("embedding_bag int32", lambda i, w: f.embedding_bag(i % 7, w), I32(3, 5), F(7, 13)),
]

CASES = REDUCTIONS + MASKS + BAGS
