"""Small modules that hold their tensors in every way that torch.export knows."""

import warnings
from pathlib import Path

import torch
from torch import nn

EXAMPLE = (3, 4)


class Tied(nn.Module):
    """Two layers with one weight; buffers that are windows on one storage."""

    def __init__(self):
        super().__init__()
        self.first, self.second = nn.Linear(4, 4), nn.Linear(4, 4)
        self.second.weight = self.first.weight
        storage = torch.randn(24)
        self.register_buffer("block", storage[:16].view(4, 4))
        self.register_buffer("turned", storage[4:20].view(4, 4).t())
        self.register_buffer("spread", storage[::6])

    def forward(self, x):
        return self.second(self.first(x @ self.block) @ self.turned) + self.spread


class TiedWritten(Tied):
    """A write to one window is seen by the others."""

    def forward(self, x):
        y = x @ self.turned
        self.block.mul_(2.0)
        self.turned[0].add_(1.0)
        return y @ self.turned + self.spread + self.block[0]


class Lifted(nn.Module):
    """A constant that only the code knows."""

    def forward(self, x):
        return x * torch.tensor([1.0, -2.0, 3.0, 0.5])


class Unsaved(nn.Module):
    """A buffer that state_dict() leaves out, and a tensor that is neither parameter nor buffer."""

    def __init__(self):
        super().__init__()
        self.register_buffer("scale", torch.randn(4), persistent=False)
        self.shift = torch.randn(4)

    def forward(self, x):
        return x * self.scale + self.shift


class NoGrad(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(4, 4)

    def forward(self, x):
        with torch.no_grad():
            y = self.layer(x).relu()
        return x + y


class AutocastOff(NoGrad):
    def forward(self, x):
        with torch.autocast("cpu", enabled=False):
            y = self.layer(x.float()).relu()
        return x + y


class AutocastElsewhere(NoGrad):
    """Exported on a CPU, autocast for CUDA does nothing."""

    def forward(self, x):
        with torch.autocast("cuda", dtype=torch.float16):
            y = self.layer(x).relu()
        return x + y


class Autocast(NoGrad):
    def forward(self, x):
        with torch.autocast("cpu", dtype=torch.bfloat16):
            y = self.layer(x)
        return x + y


class Convolutional(nn.Module):
    """What run_decompositions() rewrites: convolution, batch norm, pooling, linear."""

    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(nn.Conv2d(3, 6, 3, padding=1), nn.BatchNorm2d(6), nn.ReLU6(), nn.MaxPool2d(2))
        self.head = nn.Linear(6, 5)

    def forward(self, x):
        return self.head(self.features(x).mean([2, 3]))


def make(kind: type[nn.Module]) -> tuple[nn.Module, torch.Tensor]:
    """The module in evaluation mode and an input; the same at every call."""
    torch.manual_seed(1)
    module = kind().eval()
    return module, torch.randn((1, 3, 8, 8) if kind is Convolutional else EXAMPLE)


def export(kind: type[nn.Module], path: Path, decompose: bool = False) -> Path:
    module, example = make(kind)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        program = torch.export.export(module, (example,))
        torch.export.save(program.run_decompositions() if decompose else program, path)
    return path


def expected(kind: type[nn.Module]) -> torch.Tensor:
    """What the module gives for its example the first time it runs."""
    module, example = make(kind)
    with torch.no_grad():
        return module(example)
