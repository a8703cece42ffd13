"""A case of the operator tests: a small program, its inputs, and what to make of them.

A case is one line:

    fn("relu", lambda x: x.relu(), F(2, 5))
    mod("conv2d stride", lambda: nn.Conv2d(3, 4, 3, stride=2), F(1, 3, 7, 7))
"""

from collections.abc import Callable
from dataclasses import dataclass
from zlib import crc32

import ml_dtypes
import numpy as np
import torch
from torch import nn


@dataclass(frozen=True)
class Input:
    """A random input: float types standard normal times `scale`, "int" from -5 to 5, "byte" from 0 to 255, "bool".

    With `values` it is these numbers, as the dtype `kind`.
    """

    kind: str
    shape: tuple[int, ...]
    scale: float = 1.0
    values: tuple[float, ...] = ()

    def make(self, generator: torch.Generator) -> torch.Tensor:
        if self.values:
            return torch.tensor(self.values, dtype=getattr(torch, self.kind)).reshape(self.shape)
        if self.kind.startswith(("float", "bfloat")):
            return torch.randn(self.shape, generator=generator).to(getattr(torch, self.kind)) * self.scale
        if self.kind == "bool":
            return torch.rand(self.shape, generator=generator) > 0.5
        if self.kind == "byte":
            return torch.randint(0, 256, self.shape, generator=generator, dtype=torch.uint8)
        return torch.randint(-5, 6, self.shape, generator=generator, dtype=getattr(torch, self.kind))


def F(*shape: int, scale: float = 1.0) -> Input:
    return Input("float", shape, scale)


def I64(*shape: int) -> Input:
    return Input("int64", shape)


def I32(*shape: int) -> Input:
    return Input("int32", shape)


def B(*shape: int) -> Input:
    return Input("bool", shape)


def V(*values: float, kind: str = "float32") -> Input:
    """These numbers."""
    return Input(kind, (len(values),), values=values)


def N(kind: str, *shape: int) -> Input:
    """Random numbers of a dtype that has no letter of its own."""
    return Input("byte" if kind == "uint8" else kind, shape)


def to_numpy(tensor: torch.Tensor) -> np.ndarray:
    """Of every dtype; bfloat16 is that of ml_dtypes."""
    tensor = tensor.detach().contiguous()
    if tensor.dtype == torch.bfloat16:
        return tensor.float().numpy().astype(ml_dtypes.bfloat16)
    return tensor.numpy()


class Program(nn.Module):
    """A function as a module, which torch.export wants."""

    def __init__(self, function: Callable):
        super().__init__()
        self.function = function

    def forward(self, *tensors):
        return self.function(*tensors)


@dataclass(frozen=True)
class Case:
    """`litert` says why the converted file is not run, "" when it is; `litert_reference` and `litert_xnnpack` why not
    by one of the sets of kernels. `tolerance` is the largest difference, as a part of the largest magnitude of the
    expected output; `why` its reason where it is not the usual 1e-5.
    """

    name: str
    make: Callable[[], nn.Module]
    inputs: tuple[Input, ...]
    litert: str = ""
    litert_reference: str = ""
    litert_xnnpack: str = ""
    tolerance: float = 1e-5
    why: str = ""

    def build(self) -> tuple[nn.Module, tuple[torch.Tensor, ...]]:
        """The module in evaluation mode and its inputs; the same at every call."""
        seed = crc32(self.name.encode())
        torch.manual_seed(seed)
        module = self.make().eval()
        randomize_statistics(module, seed)
        generator = torch.Generator().manual_seed(seed)
        return module, tuple(spec.make(generator) for spec in self.inputs)


def randomize_statistics(module: nn.Module, seed: int) -> None:
    """A fresh batch norm is the identity, which would hide every mistake in folding it."""
    generator = torch.Generator().manual_seed(seed)
    for part in module.modules():
        if not isinstance(part, nn.modules.batchnorm._BatchNorm):
            continue
        with torch.no_grad():
            if part.running_mean is not None:
                part.running_mean.copy_(torch.randn(part.running_mean.shape, generator=generator) * 0.1)
                part.running_var.copy_(torch.rand(part.running_var.shape, generator=generator) + 0.5)
            if part.weight is not None:
                part.weight.copy_(torch.rand(part.weight.shape, generator=generator) + 0.5)
                part.bias.copy_(torch.randn(part.bias.shape, generator=generator) * 0.1)


def mod(name: str, make: Callable[[], nn.Module], *inputs: Input, **options) -> Case:
    return Case(name, make, inputs, **options)


def fn(name: str, function: Callable, *inputs: Input, **options) -> Case:
    return Case(name, lambda: Program(function), inputs, **options)


def seq(name: str, make: Callable[[], list[nn.Module]], *inputs: Input, **options) -> Case:
    """Layers one after another."""
    return Case(name, lambda: nn.Sequential(*make()), inputs, **options)
