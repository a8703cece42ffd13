"""What TFLite cannot express is refused, by name and with a reason."""

from pathlib import Path

import pytest
import tinynn
import torch
import torch.nn.functional as f
from case import B, F, I32, I64, N, Program

REFUSED = {
    "random": (lambda x: x + torch.rand_like(x), [F(3, 5)], "random numbers (rand_like)"),
    "random output": (lambda x: torch.randn(3, 5), [F(3, 5)], "random numbers (randn)"),
    "random in place": (lambda x: x + torch.empty(5).exponential_(), [F(5)], "random numbers (exponential)"),
    "bernoulli": (lambda x: torch.bernoulli(x.sigmoid()), [F(3, 5)], "random numbers (bernoulli)"),
    "bincount": (lambda x: torch.bincount(x.abs(), minlength=6), [I64(7)], "aten.bincount"),
    "bessel": (lambda x: torch.special.bessel_j0(x), [F(5)], "no operators of TFLite give it"),
    "gcd": (lambda x, y: torch.gcd(x, y), [I64(5), I64(5)], "until a remainder is 0"),
    "rrelu in training": (lambda x: torch.rrelu(x, training=True), [F(5)], "rrelu in training draws random numbers"),
    "spectral norm": (lambda x: torch.linalg.matrix_norm(x, 2), [F(3, 5)], "singular values"),
    "int64 right shift": (lambda x, y: x >> y, [I64(5), I64(5)], "RIGHT_SHIFT takes up to 32 bits, this is int64"),
    "int8 convolution": (lambda x: torch.conv2d(x, x), [N("int8", 1, 1, 3, 3)], "only floats are convolved"),
    "clamp beyond": (lambda x: x.clamp(max=300), [N("int8", 5)], "max is 300, which int8 does not hold"),
    "int32 pool": (lambda x: torch.max_pool2d(x, 2), [I32(1, 4, 4)], "TFLite has a kernel for float32, this is int32"),
    "integer powers": (lambda x, y: x ** y.abs(), [I32(5), I32(5)], "cast to float32 first"),
    "bags of data": (lambda i, o, w: f.embedding_bag(i, w, o, mode="max"), [I64(7), I64(3), F(5, 3)],
                     "the maximum of bags whose lengths are data"),
    "embedding max_norm": (lambda i, w: f.embedding(i, w, max_norm=1.0), [I64(3), F(5, 3)], "leave max_norm away"),
    "mask of data": (lambda x, m: x[m], [F(5), B(5)], "use torch.where"),
    "nonzero of data": (lambda x: x.nonzero(), [F(5)], "as many elements as are true"),
}


def test_other_namespaces(tmp_path: Path) -> None:
    """Operators that are not PyTorch's own have their reasons, too."""
    with torch.library._scoped_library("torchvision", "FRAGMENT") as library:
        if not hasattr(torch.ops.torchvision, "roi_pool"):
            library.define("roi_pool(Tensor input, Tensor rois, float scale, int height, int width) -> (Tensor, Tensor)")
        library.impl("roi_pool", lambda x, boxes, scale, height, width: (x, x), "Meta")
        library.impl("roi_pool", lambda x, boxes, scale, height, width: (x, x), "CPU")
        program = Program(lambda x, boxes: torch.ops.torchvision.roi_pool(x, boxes, 1.0, 2, 2)[0])
        exported = torch.export.export(program, (torch.zeros(1, 2, 5, 5), torch.zeros(1, 5)))
        torch.export.save(exported, tmp_path / "model.pt2")
    with pytest.raises(tinynn.UnsupportedOperators) as error:
        tinynn.load(tmp_path / "model.pt2")
    assert "its windows lie where the boxes say" in str(error.value)


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
