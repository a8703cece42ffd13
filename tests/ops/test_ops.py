"""Every case of cases.py: shapes, reference kernels and the converted file against PyTorch."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import litert
import numpy as np
import pytest
import tinynn
import torch
from case import Case, to_numpy
from cases import CASES

BY_NAME = {case.name: case for case in CASES}


@dataclass
class Exported:
    """A case as tinynn loads it, and what PyTorch makes of it."""

    model: tinynn.Model
    inputs: list[np.ndarray]
    outputs: list[np.ndarray]


# What PyTorch's decompositions use and tinynn does not have as operators of a model's own.
DECOMPOSED_LACKS = {"scalar_tensor"}  # of the namespace prims


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
    litert.assert_close(exported.model.run(*exported.inputs), exported.outputs, case.tolerance)


@pytest.mark.parametrize("layout", ["nhwc", "nchw"])
def test_litert(case, export, layout, tmp_path: Path):
    """LiteRT gives PyTorch's numbers for the converted file, by both sets of kernels."""
    exported = export(case)
    path = tmp_path / "case.tflite"
    exported.model.convert(path, layout=layout)
    if case.litert:
        return
    order = litert.channels_last if layout == "nhwc" else lambda array: array
    inputs, outputs = (
        [order(litert.as_stored(array)) for array in arrays] for arrays in (exported.inputs, exported.outputs)
    )
    reasons = {"xnnpack": case.litert_xnnpack, "reference": case.litert_reference}
    for kernels in (kernels for kernels in litert.KERNELS if not reasons[kernels]):
        litert.assert_close(litert.run(path, inputs, kernels), outputs, case.tolerance)


def test_decomposed(case, tmp_path: Path):
    """The same program in PyTorch's smallest set of operators, as `run_decompositions` leaves it."""
    module, inputs = case.build()
    with torch.no_grad():
        outputs = _flat(module(*(tensor.clone() for tensor in inputs)))
    path = tmp_path / "case.pt2"
    torch.export.save(torch.export.export(module, inputs).run_decompositions(), path)
    try:
        model = tinynn.load(path)
    except tinynn.UnsupportedOperators as error:
        assert {lack.op.split(".")[1] for lack in error.operators} <= DECOMPOSED_LACKS
        return
    litert.assert_close(model.run(*map(to_numpy, inputs)), outputs, case.tolerance)
