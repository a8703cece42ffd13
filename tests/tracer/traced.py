"""Modules to trace, each in a file that has lines, as a user's are."""

from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.ao.quantization import DeQuantStub, QuantStub


class Small(nn.Module):
    """A module of modules, an addition, a shape that depends on the batch."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, 4, 3, padding=1), nn.BatchNorm2d(4), nn.ReLU())
        self.more = nn.Conv2d(4, 4, 1)
        self.fc = nn.Linear(4 * 16, 5)

    def forward(self, x: Tensor) -> Tensor:
        x = self.stem(x)
        x = x + self.more(x)
        return self.fc(x.view(x.shape[0], -1))


class Modes(nn.Module):
    """An addition of training alone stands before one of both modes; so do a constant and a call of a module."""

    def __init__(self):
        super().__init__()
        self.a, self.b, self.aux = nn.Linear(6, 6), nn.Linear(6, 6), nn.Linear(6, 2)
        self.act, self.drop = nn.ReLU(), nn.Dropout(0.5)
        self.table, self.training_table = torch.randn(10, 6), torch.randn(10, 6)

    def forward(self, x: Tensor):
        y = self.a(x)
        if self.training:
            y = y + x
            y = self.act(y)
            y = y * self.training_table.sum(0)
        z = self.act(y)
        z = z + self.b(x)
        z = z * self.table.sum(0)
        return (self.drop(z), self.aux(y)) if self.training else z


class Stubs(nn.Module):
    """A quantized part between stubs, and a float part."""

    def __init__(self):
        super().__init__()
        self.quant, self.dequant = QuantStub(), DeQuantStub()
        self.body = nn.Sequential(nn.Linear(6, 6), nn.ReLU())

    def forward(self, x: Tensor) -> Tensor:
        return torch.sigmoid(self.dequant(self.body(self.quant(x))))


class Named(NamedTuple):
    total: Tensor
    parts: list[Tensor]


class Several(nn.Module):
    """Several inputs, nested, and outputs in a dict or a named tuple."""

    def __init__(self, named: bool):
        super().__init__()
        self.named, self.fc = named, nn.Linear(6, 6)

    def forward(self, x: Tensor, pair: tuple[Tensor, Tensor]):
        y = self.fc(x) + pair[0]
        total, parts = y.sum(1), [y - pair[1], y]
        return Named(total, parts) if self.named else {"total": total, "parts": parts}


class Dirty(nn.Module):
    """Leaves traces wherever a module can."""

    def __init__(self):
        super().__init__()
        self.norm, self.drop = nn.BatchNorm1d(6), nn.Dropout(0.5)
        self.register_buffer("seen", torch.zeros(1))
        self.count, self.last, self.fails = 0, None, False

    def forward(self, x: Tensor) -> Tensor:
        self.count += 1
        self.last = x
        self.seen += 1
        x = self.drop(self.norm(x))
        if self.fails:
            raise KeyError("a mistake of the user's")
        return x


class FixedBatch(nn.Module):
    """Takes a batch of one alone."""

    def forward(self, x: Tensor) -> Tensor:
        return x.view(1, 6) * 2


class Decides(nn.Module):
    """Looks at its input's numbers, which only tracing follows."""

    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(6, 6)

    def forward(self, x: Tensor) -> Tensor:
        return self.fc(x) if x.sum().item() > 0 else x


class Places(nn.Module):
    """Parts at odd places, parameters of its own, constants."""

    def __init__(self):
        super().__init__()
        self.parts = nn.ModuleDict({"a-b": nn.Linear(6, 6), "plain": nn.Linear(6, 6)})
        self.rows = nn.ModuleList([nn.Linear(6, 6), nn.Sequential(nn.Tanh(), nn.Linear(6, 6))])
        self.scale = nn.Parameter(torch.randn(6))
        self.register_buffer("shift", torch.randn(6))
        self.tensor_0 = "a name that the program wants"

    def forward(self, x: Tensor) -> Tensor:
        for part in (*self.parts.values(), *self.rows):
            x = part(x)
        return x * self.scale + self.shift + torch.arange(6.0) + self.rows[0].weight.sum()
