"""Programs that `tinynn codegen` writes, imported into Python."""

import importlib.util
import subprocess
import warnings
from pathlib import Path

import torch
import zoo
from torch import Tensor, nn


def write(program: Path, model: Path, out: Path, *options: str) -> str:
    """Write the program beside its weights; its text."""
    done = subprocess.run([program, "codegen", model, "-o", out, *options], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return out.read_text()


def load(path: Path, name: str = "Net") -> nn.Module:
    """The module of a written program, with its weights, in evaluation mode."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    net = getattr(module, name)()
    net.load_state_dict(torch.load(path.with_suffix(".pth"), weights_only=True))
    return net.eval()


def save(module: nn.Module, inputs: tuple[Tensor, ...], form: str, path: Path) -> None:
    """As zoo.save, and "dynamic": exported so that the first size of all inputs may be any."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if form != "dynamic":
            return zoo.save(module, inputs, form, path)
        batch = torch.export.Dim("batch")
        twice = tuple(torch.cat([x, x]) for x in inputs)
        with torch.no_grad():
            exported = torch.export.export(module, twice, dynamic_shapes=tuple({0: batch} for _ in inputs))
        torch.export.save(exported, path)


def assert_equal(ours, theirs, factor: float = 1e-6) -> None:
    """Within `factor` of the largest magnitude; what is no number is the same."""
    ours, theirs = zoo.flat(ours), zoo.flat(theirs)
    assert len(ours) == len(theirs)
    for a, b in zip(ours, theirs):
        assert a.dtype == b.dtype and a.shape == b.shape
        bound = factor * max(float(b.detach().abs().max()), 1e-3) if b.numel() and b.is_floating_point() else 0
        torch.testing.assert_close(a, b, rtol=0, atol=bound, equal_nan=True)
