"""Tensors of one archive that look at the same storage: what is written through one is read through the others."""

from pathlib import Path

import litert
import pytest
import tinynn
import torch
from torch import Tensor, nn


class Rows(nn.Module):
    """A buffer, a row, a column and a transposed block of it. Which is saved first differs."""

    def __init__(self, first: str):
        super().__init__()
        table = torch.arange(24.0).reshape(4, 6)
        parts = {"table": table, "row": table[1], "column": table[:, 2], "block": table[1:3, ::2].t()}
        for name in [first, *(name for name in parts if name != first)]:
            self.register_buffer(name, parts[name])

    def forward(self, x: Tensor) -> Tensor:
        self.row.add_(x)
        self.column.mul_(2)
        y = self.block.sum(1) + self.table[1, 2]
        self.block.copy_(torch.stack([x[:3], x[3:]], 1))
        return torch.cat([y, self.row, self.column, self.table.flatten()])


class Tied(nn.Module):
    """One vector of numbers for the weight of a layer, its bias, and the first half of another layer's weight."""

    def __init__(self):
        super().__init__()
        numbers = torch.randn(40)
        self.a, self.b = nn.Linear(4, 4), nn.Linear(4, 2)
        self.a.weight = nn.Parameter(numbers[3:19].view(4, 4).t(), requires_grad=False)
        self.a.bias = nn.Parameter(numbers[19:27:2], requires_grad=False)
        self.b.weight = nn.Parameter(numbers[1:9].view(2, 4), requires_grad=False)

    def forward(self, x: Tensor) -> Tensor:
        y = self.a(x)
        self.b.weight.mul_(y[0, 0])
        return self.b(self.a(x)) + y[:, :2]


class Overlapping(nn.Module):
    """Windows that overlap in part, and one that repeats its elements."""

    def __init__(self):
        super().__init__()
        numbers = torch.arange(10.0)
        self.register_buffer("low", numbers[:6])
        self.register_buffer("high", numbers[4:])
        self.register_buffer("frames", numbers.unfold(0, 4, 2))
        self.register_buffer("same", numbers[5].expand(3))

    def forward(self, x: Tensor) -> Tensor:
        self.low.mul_(x)
        self.high[1:] += 1
        return torch.cat([self.low, self.high, self.frames.flatten(), self.same])


class Listed(nn.Module):
    """Views in a list and a tuple, which are no buffers."""

    def __init__(self):
        super().__init__()
        table = torch.arange(12.0).reshape(3, 4)
        self.table = table
        self.rows = [table[0], table[2]]
        self.pair = (table[:, 0], table[:, 3])

    def forward(self, x: Tensor) -> Tensor:
        self.rows[1].add_(x)
        self.pair[1].neg_()
        return self.table * 2 + self.rows[0]


CASES = {
    **{f"rows, {first} first": (lambda first=first: Rows(first), 6) for first in ("table", "row", "column", "block")},
    "tied": (Tied, (2, 4)),
    "overlapping": (Overlapping, 6),
    "listed": (Listed, 4),
}


@pytest.mark.parametrize("how", ["traced", "scripted"])
@pytest.mark.parametrize("name", CASES)
def test_writes_are_shared(name, how, tmp_path: Path):
    torch.manual_seed(0)
    make, shape = CASES[name]
    module, x = make().eval(), torch.randn(shape)
    path = tmp_path / "model.pt"
    if how == "traced":
        # Tracing runs the module, which changes the buffers: what is saved is the state after that.
        torch.jit.trace(module, x, check_trace=False).save(path)
    else:
        torch.jit.script(module).save(path)
    with torch.no_grad():
        expected = [torch.jit.load(path)(x).numpy()]
    model = tinynn.load(path, inputs=[tuple(x.shape)])
    litert.assert_close(model.run(x.numpy()), expected, 1e-6)
    model.convert(tmp_path / "out.tflite", layout="nchw")
    litert.assert_close(litert.run(tmp_path / "out.tflite", [x.numpy()]), expected, 1e-6)


def test_unwritten_windows_are_constants(tmp_path: Path):
    """Weights that share a storage cost nothing as long as nobody writes to it."""
    class Read(nn.Module):
        def __init__(self):
            super().__init__()
            numbers = torch.randn(24)
            self.register_buffer("a", numbers[:12].view(3, 4))
            self.register_buffer("b", numbers[8:20].view(4, 3))

        def forward(self, x):
            return x @ self.a.t() @ self.b.t()

    module, x, path = Read(), torch.randn(2, 4), tmp_path / "model.pt"
    torch.jit.trace(module, x).save(path)
    text = tinynn.load(path).text()
    assert "const %a: float32[3, 4]" in text and "const %b: float32[4, 3]" in text
    assert "slice" not in text and "reshape" not in text
