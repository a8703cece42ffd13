"""Every case of cases.py: shapes, reference kernels and the converted file against PyTorch."""

import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from zlib import crc32

import litert
import numpy as np
import pytest
import tinynn
import torch
from case import Case, to_numpy
from cases import CASES

TEST_ALL = os.environ.get("TINYNN_TEST_ALL") == "1"
BY_NAME = {case.name: case for case in CASES}


@dataclass
class Exported:
    """A case as tinynn loads it, and what PyTorch makes of it."""

    model: tinynn.Model
    inputs: list[np.ndarray]
    outputs: list[np.ndarray]


def _flat(result) -> list[np.ndarray]:
    if isinstance(result, (tuple, list)):
        return [array for part in result for array in _flat(part)]
    return [to_numpy(result)]


@pytest.fixture(scope="session")
def export(tmp_path_factory):
    """Exports a case and loads it, once for all tests that follow one another."""
    folder = tmp_path_factory.mktemp("exported")

    @lru_cache(maxsize=1)
    def exported(case: Case) -> Exported:
        module, inputs = case.build()
        with torch.no_grad():
            outputs = _flat(module(*(tensor.clone() for tensor in inputs)))
        # The model keeps its file mapped, so that no other case may write to it.
        path = folder / f"{case.name.replace('/', '_')}.pt2"
        torch.export.save(torch.export.export(module, inputs), path)
        return Exported(tinynn.load(path), [to_numpy(tensor) for tensor in inputs], outputs)

    return exported


@pytest.fixture(params=BY_NAME, scope="module")
def case(request) -> Case:
    return BY_NAME[request.param]


def test_types(case, export):
    """Shapes and dtypes are PyTorch's."""
    exported = export(case)
    for values, arrays in ((exported.model.inputs, exported.inputs), (exported.model.outputs, exported.outputs)):
        assert [(v.dtype, v.shape) for v in values] == [(a.dtype.name, a.shape) for a in arrays]


def test_reference(case, export):
    """The reference kernels give PyTorch's numbers."""
    exported = export(case)
    litert.assert_close(exported.model.run(*exported.inputs, reference=True), exported.outputs, case.tolerance)


def test_engine(case, export):
    """The engine gives the numbers of the reference kernels."""
    _sample(case, 6)
    exported = export(case)
    expected = exported.model.run(*exported.inputs, reference=True)
    litert.assert_close(exported.model.run(*exported.inputs), expected, case.tolerance)


def _is_chosen(case: Case, one_of: int) -> bool:
    """All cases when all tests run, else a share of them; always the same ones."""
    return TEST_ALL or crc32(case.name.encode()) % one_of == 0


def _sample(case: Case, one_of: int) -> None:
    if not _is_chosen(case, one_of):
        pytest.skip("set TINYNN_TEST_ALL=1")


def _check_litert(model: tinynn.Model, case: Case, inputs: list, outputs: list, layout: str, path: Path) -> None:
    model.convert(path, layout=layout)
    if case.litert:
        return
    order = litert.channels_last if layout == "nhwc" else lambda array: array
    inputs, outputs = ([order(litert.as_stored(array)) for array in arrays] for arrays in (inputs, outputs))
    reasons = {"xnnpack": case.litert_xnnpack, "reference": case.litert_reference}
    for kernels in (kernels for kernels in litert.KERNELS if not reasons[kernels]):
        results = litert.run(path, inputs, kernels)
        litert.assert_close(results, outputs, case.tolerance)
    litert.assert_close(tinynn.run_tflite(path, *inputs), results, 1e-5)


def test_litert(case, export, tmp_path: Path):
    """LiteRT gives PyTorch's numbers for the converted file, by both sets of kernels and in both layouts, which are the
    same where nothing that goes in or out has four dimensions. PyTorch's layout is run for a share of the cases.
    """
    exported = export(case)
    has_images = any(array.ndim == 4 for array in exported.inputs + exported.outputs)
    for layout in ("nhwc", "nchw") if has_images and _is_chosen(case, 4) else ("nhwc",):
        _check_litert(exported.model, case, exported.inputs, exported.outputs, layout, tmp_path / f"{layout}.tflite")


@pytest.mark.filterwarnings("ignore::torch.jit.TracerWarning")
def test_traced(case, tmp_path: Path):
    """The same program as a traced TorchScript file."""
    _sample(case, 12)
    module, inputs = case.build()
    path = tmp_path / "case.pt"
    with torch.no_grad():
        outputs = _flat(module(*(tensor.clone() for tensor in inputs)))
        try:
            traced = torch.jit.trace(module, tuple(t.clone() for t in inputs), check_trace=False)
        except (RuntimeError, TypeError) as error:
            pytest.skip(f"PyTorch does not trace it: {str(error).splitlines()[0]}")
    torch.jit.save(traced, path)
    model = tinynn.load(path)
    arrays = [to_numpy(tensor) for tensor in inputs]
    assert [(v.dtype, v.shape) for v in model.outputs] == [(a.dtype.name, a.shape) for a in outputs]
    _check_litert(model, case, arrays, outputs, "nchw", tmp_path / "case.tflite")


def test_decomposed(case, tmp_path: Path):
    """The same program in PyTorch's smallest set of operators, as `run_decompositions` leaves it."""
    _sample(case, 12)
    module, inputs = case.build()
    program = torch.export.export(module, inputs).run_decompositions()
    with torch.no_grad():  # a decomposition may differ from its operator: multilabel_margin_loss does
        outputs = _flat(program.module()(*(tensor.clone() for tensor in inputs)))
    path = tmp_path / "case.pt2"
    torch.export.save(program, path)
    model = tinynn.load(path)
    litert.assert_close(model.run(*map(to_numpy, inputs), reference=True), outputs, case.tolerance)
