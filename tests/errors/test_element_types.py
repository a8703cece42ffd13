"""Element types that tinynn does not have are refused by name, wherever a model has them."""

from pathlib import Path

import pytest
import tinynn
import torch
from torch import nn


class Buffer(nn.Module):
    def __init__(self, tensor: torch.Tensor):
        super().__init__()
        self.register_buffer("buffer", tensor)

    def forward(self, x):
        return x + self.buffer.to(torch.float32)


class Input(nn.Module):
    def forward(self, x):
        return x.to(torch.float32) + 1


class Cast(nn.Module):
    def __init__(self, dtype: torch.dtype):
        super().__init__()
        self.dtype = dtype

    def forward(self, x):
        return x.to(self.dtype).to(torch.float32)


TYPES = ["complex64", "complex128", "uint16", "uint32", "uint64", "float8_e4m3fn", "float8_e5m2"]
PLACES = {
    "buffer": lambda dtype, x: (Buffer(x.to(dtype)), x),
    "input": lambda dtype, x: (Input(), x.to(dtype)),
    "cast": lambda dtype, x: (Cast(dtype), x),
}


def save(module: nn.Module, x: torch.Tensor, path: Path) -> Path:
    if path.suffix == ".pt2":
        torch.export.save(torch.export.export(module, (x,)), path)
    else:
        torch.jit.save(torch.jit.trace(module, (x,), check_trace=False), path)
    return path


@pytest.mark.filterwarnings("ignore:Casting complex")
@pytest.mark.parametrize("ending", ["pt2", "pt"])
@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("name", TYPES)
def test_named(name, place, ending, tmp_path):
    path = save(*PLACES[place](getattr(torch, name), torch.arange(4.0)), tmp_path / f"model.{ending}")
    with pytest.raises(tinynn.Error) as error:
        tinynn.load(path)
    assert error.value.code == "unsupported"
    told = str(error.value) + "".join(lack.reason for lack in getattr(error.value, "operators", ()))
    assert name in told.lower()
