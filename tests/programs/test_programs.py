"""Random programs, saved in every form that PyTorch has for them, against PyTorch."""

import importlib.util
import os
from dataclasses import dataclass
from pathlib import Path

import generate
import litert
import numpy as np
import pytest
import tinynn
import torch

ALL = bool(os.environ.get("TINYNN_TEST_ALL"))
N_PROGRAMS = 2000 if ALL else 200
# torch.export takes most of the time: in the short run it sees a part of the programs.
EXPORT_EVERY = 1 if ALL else 5
DECOMPOSE_EVERY = 1 if ALL else 10
# Tracing warns of every branch on a size.
pytestmark = pytest.mark.filterwarnings("ignore")


@dataclass
class Case:
    seed: int
    program: generate.Program
    module: torch.nn.Module
    expected: list[np.ndarray]
    folder: Path

    def compare(self, path: Path, expected: list[np.ndarray] | None = None) -> None:
        """Reference kernels, and LiteRT on the converted file."""
        expected = self.expected if expected is None else expected
        inputs = [tensor.numpy() for tensor in self.program.inputs()]
        # A scripted file says nothing of its inputs.
        specs = [(array.shape, array.dtype.name) for array in inputs] if path.name == "scripted.pt" else None
        model = tinynn.load(path, specs)
        litert.assert_close(model.run(*inputs), expected, 1e-5)
        model.convert(path.with_suffix(".tflite"), layout="nchw")
        litert.assert_close(litert.run(path.with_suffix(".tflite"), inputs, "reference"), expected, 1e-5)


def build(program: generate.Program, folder: Path) -> torch.nn.Module:
    """The program as a module; torch.jit.script reads its source from the file."""
    path = folder / "program.py"
    path.write_text(program.source)
    spec = importlib.util.spec_from_file_location("program", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.Program().eval()


def flat(tensors) -> list[np.ndarray]:
    return [tensor.detach().contiguous().numpy() for tensor in tensors]


@pytest.fixture(params=range(N_PROGRAMS), scope="module")
def case(request, tmp_path_factory) -> Case:
    """The program of a seed. Both are shown when a test fails."""
    program = generate.generate(request.param)
    folder = tmp_path_factory.mktemp(f"program{request.param}")
    module = build(program, folder)
    return Case(request.param, program, module, flat(module(*program.inputs())), folder)


@pytest.fixture(autouse=True)
def shown(case):
    print(f"seed {case.seed}\n{case.program.source}")


def test_traced(case):
    path = case.folder / "traced.pt"
    torch.jit.trace(case.module, case.program.inputs(), check_trace=False).save(str(path))
    case.compare(path)


def test_scripted(case):
    path = case.folder / "scripted.pt"
    scripted = torch.jit.script(case.module)
    scripted.save(str(path))
    try:
        scripted(*case.program.inputs())
    except RuntimeError:
        # x[i] = y drops leading dimensions of 1 of y in Python, not in TorchScript.
        with pytest.raises(tinynn.Error):
            case.compare(path)
        return
    case.compare(path)


def test_exported(case):
    if case.seed % EXPORT_EVERY:
        pytest.skip("a part of the programs in the short run")
    path = case.folder / "exported.pt2"
    torch.export.save(torch.export.export(case.module, case.program.inputs()), path)
    case.compare(path)


def test_decomposed(case):
    if case.seed % DECOMPOSE_EVERY:
        pytest.skip("a part of the programs in the short run")
    path = case.folder / "decomposed.pt2"
    try:
        exported = torch.export.export(case.module, case.program.inputs()).run_decompositions()
    except RuntimeError:
        pytest.skip("PyTorch cannot decompose it")
    torch.export.save(exported, path)
    # PyTorch's decompositions of writes through unfold and expand lose some: what they say counts.
    case.compare(path, flat(exported.module()(*case.program.inputs())))
