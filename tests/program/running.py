"""A program in Python, run by PyTorch and read by tinynn."""

import importlib.util
from pathlib import Path

import numpy as np
import tinynn
import torch
from litert import difference
from torch import nn

TOLERANCE = 1e-6


def import_program(path: Path):
    """The module, as Python imports it."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def randomize(network: nn.Module) -> nn.Module:
    """Weights and statistics that are neither zeros nor ones, so that one lost or mixed up is seen."""
    generator = torch.Generator().manual_seed(7)
    with torch.no_grad():
        for name, tensor in network.state_dict().items():
            if tensor.dtype.is_floating_point:
                tensor.copy_(torch.rand(tensor.shape, generator=generator) - (0 if "running_var" in name else 0.5))
                if "running_var" in name:
                    tensor.add_(0.5)
    return network


def flat(result) -> list[np.ndarray]:
    """The tensors in order; None and numbers are no outputs."""
    if isinstance(result, torch.Tensor):
        return [result.detach().contiguous().numpy()]
    items = result.values() if isinstance(result, dict) else result if isinstance(result, (list, tuple)) else []
    return [array for item in items for array in flat(item)]


def specs(inputs: list[torch.Tensor]) -> list:
    return [(tuple(x.shape), str(x.dtype).removeprefix("torch.")) for x in inputs]


def save(text: str, folder: Path, name: str = "Net", arguments: tuple = ()) -> tuple[Path, nn.Module]:
    """model.py and model.pth, and the network as PyTorch makes it of them."""
    path = folder / "model.py"
    path.write_text(text)
    torch.manual_seed(0)
    network = randomize(getattr(import_program(path), name)(*arguments)).eval()
    torch.save(network.state_dict(), folder / "model.pth")
    return path, network


def check(text: str, inputs: list[torch.Tensor], folder: Path, name: str = "Net") -> tinynn.Model:
    """tinynn's numbers are PyTorch's."""
    path, network = save(text, folder, name)
    with torch.no_grad():
        expected = flat(network(*[x.clone() for x in inputs]))
    model = tinynn.load(path, specs(inputs), model=name, written_inputs="ignore")
    assert_same(list(model.run(*[x.numpy() for x in inputs])), expected)
    return model


def assert_same(got: list[np.ndarray], expected: list[np.ndarray]) -> None:
    assert [(x.dtype, x.shape) for x in got] == [(x.dtype, x.shape) for x in expected]
    for mine, theirs in zip(got, expected):
        if np.issubdtype(theirs.dtype, np.floating):
            assert difference(mine, theirs) <= TOLERANCE
        else:
            assert np.array_equal(mine, theirs)
