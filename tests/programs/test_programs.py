"""Random programs, saved in every form that PyTorch has for them, against PyTorch."""

import contextlib
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
class Results:
    """What a run gives, and its inputs as it leaves them."""

    outputs: list[np.ndarray]
    inputs: list[np.ndarray]


def run(module, program: generate.Program) -> Results:
    inputs = program.inputs()
    outputs = [tensor.detach().contiguous().numpy().copy() for tensor in module(*inputs)]
    return Results(outputs, [tensor.numpy() for tensor in inputs])


@dataclass
class Case:
    seed: int
    program: generate.Program
    module: torch.nn.Module
    expected: Results
    folder: Path

    def compare(self, path: Path, expected: Results | None = None) -> None:
        """Reference kernels, and LiteRT on the converted file."""
        inputs = [tensor.numpy() for tensor in self.program.inputs()]
        # A scripted file says nothing of its inputs.
        specs = [(array.shape, array.dtype.name) for array in inputs] if path.name == "scripted.pt" else None
        model = tinynn.load(path, specs, written_inputs="return" if self.program.writes_inputs else "refuse")
        wanted = self.with_written(model, expected or self.expected)
        litert.assert_close(model.run(*inputs), wanted, 1e-5)
        model.convert(path.with_suffix(".tflite"), layout="nchw")
        litert.assert_close(litert.run(path.with_suffix(".tflite"), inputs, "reference"), wanted, 1e-5)

    def with_written(self, model: tinynn.Model, expected: Results) -> list[np.ndarray]:
        """The outputs, and behind them the inputs that the model says it writes to; all others must be as they were."""
        written = [value.name.removesuffix("_written") for value in model.outputs[len(expected.outputs) :]]
        after = {f"x{i}": array for i, array in enumerate(expected.inputs)}
        for (name, array), before in zip(after.items(), self.program.inputs()):
            assert name in written or np.array_equal(array, before.numpy()), f"{name} is written"
        return expected.outputs + [after[name] for name in written]


def build(program: generate.Program, folder: Path) -> torch.nn.Module:
    """The program as a module; torch.jit.script reads its source from the file."""
    path = folder / "program.py"
    path.write_text(program.source)
    spec = importlib.util.spec_from_file_location("program", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.Program().eval()


def make_case(seed: int, folder: Path) -> Case:
    program = generate.generate(seed)
    module = build(program, folder)
    return Case(seed, program, module, run(module, program), folder)


@pytest.fixture(params=range(N_PROGRAMS), scope="module")
def case(request, tmp_path_factory) -> Case:
    """The program of a seed. Both are shown when a test fails."""
    return make_case(request.param, tmp_path_factory.mktemp(f"program{request.param}"))


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
        # x[i] = y drops leading dimensions of 1 of y in Python, not in TorchScript, which also takes x + 0 for x, whatever
        # its type. An error is right then, and so is what Python gives.
        with contextlib.suppress(tinynn.Error):
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
    case.compare(path, run(exported.module(), case.program))
