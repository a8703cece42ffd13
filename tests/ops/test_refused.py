"""What TFLite cannot express is refused, by name and with a reason."""

from pathlib import Path

import pytest
import tinynn
import torch
from case import F, I32, I64, Program

REFUSED = {
    "random": (lambda x: x + torch.rand_like(x), [F(3, 5)], "random numbers (rand_like)"),
    "random output": (lambda x: torch.randn(3, 5), [F(3, 5)], "random numbers (randn)"),
    "random in place": (lambda x: x + torch.empty(5).exponential_(), [F(5)], "random numbers (exponential)"),
    "bernoulli": (lambda x: torch.bernoulli(x.sigmoid()), [F(3, 5)], "random numbers (bernoulli)"),
    "bincount": (lambda x: torch.bincount(x.abs(), minlength=6), [I64(7)], "aten.bincount"),
    "indices of cummax": (lambda x: torch.cummax(x, 0)[1] + 1, [F(5)], "the indices of cummax"),
    "rrelu in training": (lambda x: torch.rrelu(x, training=True), [F(5)], "rrelu in training draws random numbers"),
    "spectral norm": (lambda x: torch.linalg.matrix_norm(x, 2), [F(3, 5)], "singular values"),
    "int64 division": (lambda x: x // 3, [I64(5)], "div: TFLite divides int32, this is int64"),
    "int64 xor": (lambda x: x ^ 5, [I64(5)], "BITWISE_XOR takes up to 32 bits, this is int64"),
    "int64 and": (lambda x, y: x & y, [I64(5), I64(5)], "up to 32 bits, this is int64"),
    "shift by tensor": (lambda x, y: x << y.abs(), [I32(5), I32(5)], "TFLite has no left shift"),
    "integer powers": (lambda x, y: x ** y.abs(), [I32(5), I32(5)], "cast to float32 first"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name: str, tmp_path: Path) -> None:
    function, inputs, text = REFUSED[name]
    generator = torch.Generator().manual_seed(0)
    tensors = tuple(spec.make(generator) for spec in inputs)
    torch.export.save(torch.export.export(Program(function), tensors), tmp_path / "model.pt2")
    with pytest.raises(tinynn.Error) as error:
        tinynn.load(tmp_path / "model.pt2").convert(tmp_path / "model.tflite")
    assert text in str(error.value)
    assert not (tmp_path / "model.tflite").exists()
