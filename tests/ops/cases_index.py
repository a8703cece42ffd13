"""Taking and putting elements by number."""

import torch
import torch.nn.functional as f
from case import B, F, I32, I64, fn, mod
from torch import nn

X = F(5, 7)
Y = F(3, 5, 7)
ROWS = torch.tensor([4, 0, 2])
SIGNED = torch.tensor([-1, 0, -3])
GRID = torch.tensor([[0, 2, 1], [4, 4, 3]])


class Table(nn.Module):
    """Every kind of index that is a constant."""

    def __init__(self, index):
        super().__init__()
        self.index = index

    def forward(self, x):
        return x[self.index]


class Rows(nn.Module):
    """Numbers of rows from any integers."""

    def forward(self, x):
        return x % 13


def take(name: str, index, *inputs):
    return mod(f"index {name}", lambda: Table(index), *inputs)


def put(name: str, function, *inputs, **options):
    return fn(name, lambda x, *rest: function(x.clone(), *rest), *inputs, **options)


def _assign(x, index, value):
    x[index] = value
    return x


TAKING = [
    fn("index_select", lambda x: x.index_select(0, ROWS), X),
    fn("index_select last", lambda x: x.index_select(-1, ROWS), Y),
    fn("index_select of input", lambda x, i: x.index_select(1, i % 5), Y, I64(4)),
    fn("index_select int32", lambda x, i: x.index_select(1, i.abs() % 5), Y, I32(4)),
    fn("index_select of bools", lambda x: (x > 0).index_select(0, ROWS), X),
    fn("index_select after convolution", lambda x: f.conv2d(x, torch.ones(6, 3, 1, 1)).index_select(1, ROWS),
       F(1, 3, 5, 5)),
    fn("gather", lambda x: x.gather(1, GRID), F(2, 5)),
    fn("gather first", lambda x: x.gather(0, GRID), F(5, 3)),
    fn("gather cut", lambda x: x.gather(1, GRID), F(4, 5)),
    fn("gather of 3-D", lambda x, i: x.gather(1, i % 5), Y, I64(3, 2, 7)),
    fn("gather of 1-D", lambda x: x.gather(0, ROWS), F(7)),
    fn("take_along_dim", lambda x: x.take_along_dim(GRID, 1), F(2, 5)),
    fn("take_along_dim broadcast", lambda x: x.take_along_dim(GRID[:1], 1), F(4, 5)),
    fn("take_along_dim flat", lambda x: x.take_along_dim(SIGNED.abs()), X),
    fn("take", lambda x: x.take(torch.tensor([[0, -1], [13, 5]])), X),
    fn("embedding of 2-D", lambda i, w: f.embedding(i % 5, w), I64(2, 3), X),
    fn("embedding of 1-D", lambda i, w: f.embedding(i % 5, w, padding_idx=0), I64(3), X),
    fn("embedding of 0-D", lambda i, w: f.embedding(i % 5, w), I64(), X),
    mod("embedding and linear", lambda: nn.Sequential(Rows(), nn.Embedding(13, 8), nn.Linear(8, 5)), I64(2, 3)),
    fn("one_hot", lambda x: f.one_hot(x % 5, 6), I64(2, 3)),
    fn("one_hot float", lambda x: f.one_hot(x % 5, 6).float(), I64(7)),
]

INDEX = [
    take("rows", ROWS, X),
    take("rows by list", [4, 0, 2], X),
    take("negative", SIGNED, X),
    take("grid", GRID, X),
    take("second", (slice(None), ROWS), X),
    take("last", (..., ROWS), Y),
    take("pairs", (ROWS, SIGNED), X),
    take("pairs behind", (slice(None), ROWS, SIGNED), Y),
    take("apart", (torch.tensor([0, 2]), slice(None), torch.tensor([5, -1])), Y),
    take("broadcast", (torch.tensor([[0], [4]]), ROWS), X),
    take("with slice", (slice(1, 3), ROWS), Y),
    take("with none", (None, ROWS), X),
    take("none between", (ROWS, None, slice(None, None, 2)), X),
    take("with number", (1, ROWS), Y),
    take("number behind", (ROWS, 2), X),
    take("of one", torch.tensor(3), X),
    take("three", (torch.tensor([0, 2]), torch.tensor([4, 1]), torch.tensor([-7, 6])), Y),
    fn("index of input", lambda x, i: x[i], X, I64(2, 3)),
    fn("index of inputs", lambda x, i, j: x[i % 3, :, j], Y, I64(2), I64(2)),
    fn("index by argmax", lambda x: x[torch.arange(5), x.argmax(1)], X),
]

PUTTING = [
    put("put rows", lambda x, v: _assign(x, ROWS, v), X, F(3, 7)),
    put("put number", lambda x: _assign(x, ROWS, 2.5), X),
    put("put pairs", lambda x, v: _assign(x, (ROWS, SIGNED), v), X, F(3)),
    put("put second", lambda x, v: _assign(x, (slice(None), ROWS), v), X, F(5, 3)),
    put("put broadcast", lambda x, v: _assign(x, (slice(None), ROWS), v), X, F(3)),
    put("put apart", lambda x, v: _assign(x, (torch.tensor([0, 2]), slice(None), torch.tensor([5, -1])), v), Y, F(2, 5)),
    put("put of input", lambda x, i, v: _assign(x, i % 5, v), X, I64(1), F(1, 7)),
    put("put number where places meet", lambda x, i: _assign(x, i % 2, 2.5), X, I64(4)),
    put("put row where places meet", lambda x, i, v: _assign(x, (slice(None), i % 3), v), Y, I64(2, 3), F(7)),
    put("put infinity", lambda x: _assign(x, ROWS, float("inf")), X),
    put("put by mask", lambda x, m: _assign(x, m, -2.5), X, B(5, 7)),
    put("put by mask of rows", lambda x, m: _assign(x, m, float("-inf")), X, B(5)),
    put("put by constant mask", lambda x, v: _assign(x, torch.tensor([True, False, True, True, False]), v), X, F(3, 7)),
    fn("index_put", lambda x, v: x.index_put((ROWS,), v), X, F(3, 7)),
    fn("index_put accumulate", lambda x, v: x.index_put((torch.tensor([1, 1, 4]),), v, accumulate=True), X, F(3, 7)),
    fn("index_put of input accumulate", lambda x, i, v: x.index_put((i,), v, accumulate=True), X, I64(3), F(3, 7)),
    fn("index_add", lambda x, v: x.index_add(0, torch.tensor([1, 1, 4]), v), X, F(3, 7)),
    fn("index_add dim alpha", lambda x, v: x.index_add(1, ROWS, v, alpha=-0.5), Y, F(3, 3, 7)),
    fn("index_copy", lambda x, v: x.index_copy(0, ROWS, v), X, F(3, 7)),
    fn("index_copy of a number", lambda x, v: x.index_copy(0, torch.tensor([2]), v), F(5), F()),
    fn("index_copy dim", lambda x, v: x.index_copy(-1, ROWS, v), Y, F(3, 5, 3)),
    fn("index_copy of input", lambda x, i, v: x.index_copy(1, i % 5, v), Y, I64(1), F(3, 1, 7)),
    fn("index_fill", lambda x: x.index_fill(0, ROWS, 1.5), X),
    fn("index_fill dim", lambda x: x.index_fill(1, ROWS, -2), Y),
    fn("index_fill of input", lambda x, i: x.index_fill(0, i % 5, 3), X, I64(3)),
    fn("scatter", lambda x, v: x.scatter(1, torch.tensor([[0, 2], [1, 3]]), v), F(2, 5), F(2, 2)),
    fn("scatter part", lambda x, v: x.scatter(0, torch.tensor([[0, 2], [1, 3]]), v), F(5, 3), F(4, 3)),
    fn("scatter number", lambda x: x.scatter(1, torch.tensor([[0, 2], [1, 3]]), 1.5), F(2, 5)),
    fn("scatter of input", lambda x, i, v: x.scatter(1, i % 5, v), F(2, 5), I64(2, 1), F(2, 1)),
    fn("scatter number of input", lambda x, i: x.scatter(1, i % 5, 1.0), F(2, 5), I64(2, 3)),
    fn("scatter_add", lambda x, i, v: x.scatter_add(1, i % 5, v), F(2, 5), I64(2, 3), F(2, 3)),
    fn("scatter_add first", lambda x, i, v: x.scatter_add(0, i % 3, v), Y, I64(2, 4, 7), F(2, 5, 7)),
    fn("scatter add", lambda x, i, v: x.scatter(1, i % 5, v, reduce="add"), F(2, 5), I64(2, 3), F(2, 3)),
    fn("scatter_reduce sum", lambda x, i, v: x.scatter_reduce(1, i % 5, v, "sum"), F(2, 5), I64(2, 3), F(2, 3)),
    fn("scatter_reduce alone", lambda x, i, v: x.scatter_reduce(1, i % 5, v, "sum", include_self=False),
       F(2, 5), I64(2, 3), F(2, 3)),
    fn("scatter_reduce mean", lambda x, i, v: x.scatter_reduce(1, i % 5, v, "mean"), F(2, 5), I64(2, 3), F(2, 3)),
    fn("scatter_reduce mean alone", lambda x, i, v: x.scatter_reduce(1, i % 5, v, "mean", include_self=False),
       F(2, 5), I64(2, 3), F(2, 3)),
    fn("scatter integers", lambda x, i, v: x.scatter_add(1, i % 5, v), I64(2, 5), I64(2, 3), I64(2, 3)),
]

CASES = TAKING + INDEX + PUTTING
