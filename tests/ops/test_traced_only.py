"""What torch.export gives up on and tracing does not: covariance asks its weights, combinations a mask."""

from pathlib import Path

import litert
import pytest
import tinynn
import torch
from case import F, I64, Program

CASES = {
    "cov": (torch.cov, [F(5, 7)]),
    "cov of a line": (lambda x: torch.cov(x, correction=0), [F(7)]),
    "cov of integers": (torch.cov, [I64(3, 5)]),
    "cov weighted": (lambda x, f, a: torch.cov(x, fweights=f.abs() + 1, aweights=a.abs()), [F(5, 7), I64(7), F(7)]),
    "cov of importance": (lambda x, a: torch.cov(x, correction=0, aweights=a.abs()), [F(5, 7), F(7)]),
    "corrcoef": (torch.corrcoef, [F(5, 7)]),
    "corrcoef of a line": (torch.corrcoef, [F(7)]),
    "combinations": (torch.combinations, [F(5)]),
    "combinations with replacement": (lambda x: torch.combinations(x, 3, True), [F(4)]),
    "combinations of one": (lambda x: torch.combinations(x, 1), [F(4)]),
}


@pytest.mark.parametrize("name", CASES)
def test_traced(name: str, tmp_path: Path) -> None:
    function, specs = CASES[name]
    generator = torch.Generator().manual_seed(0)
    inputs = tuple(spec.make(generator) for spec in specs)
    torch.jit.save(torch.jit.trace(Program(function), inputs), tmp_path / "model.pt")
    model = tinynn.load(tmp_path / "model.pt", inputs=[(x.shape, str(x.dtype).removeprefix("torch.")) for x in inputs])
    arrays, expected = [x.numpy() for x in inputs], [function(*inputs).numpy()]
    litert.assert_close(model.run(*arrays), expected, 1e-5)
    model.convert(tmp_path / "model.tflite")
    for kernels in litert.KERNELS:
        litert.assert_close(litert.run(tmp_path / "model.tflite", arrays, kernels), expected, 1e-5)
