"""tinynn.compare: numbers, a planted fault, and what does not fit."""

import math
import sys

import numpy as np
import pytest
import small_network
import tinynn
import torch
from torch import nn
from tinynn._compare import _difference

IMAGE = small_network.image()


@pytest.fixture(scope="module")
def model() -> tinynn.Model:
    return tinynn.load(small_network.make(), IMAGE, use_export=True)


@pytest.fixture(scope="module")
def path(model, tmp_path_factory):
    path = tmp_path_factory.mktemp("compare") / "net.tflite"
    model.convert(path)
    return path


@pytest.mark.parametrize("form", ["model", "module", "array"])
def test_equal(model, path, form):
    network = small_network.make() if form == "module" else model
    comparison = tinynn.compare(network, path, IMAGE.numpy() if form == "array" else [IMAGE])
    assert comparison.ok and comparison.first is None
    assert len(comparison.outputs) == 1 and comparison.worst is comparison.outputs[0]
    assert comparison.worst.relative < 1e-6 and comparison.worst.snr > 100 and comparison.worst.cosine > 0.999999
    if form != "module":
        assert [found.name for found in comparison.tensors] == ["conv2d", "relu", "add", "mean", "linear"]


@pytest.mark.parametrize("part, first", [("stem", "conv2d"), ("block.conv", "relu"), ("head", "linear")])
def test_planted_weight_is_found(model, tmp_path, part, first):
    wrong = small_network.make()
    with torch.no_grad():
        wrong.get_submodule(part).weight[0] *= 1.3
    tinynn.load(wrong, IMAGE, use_export=True).convert(tmp_path / "wrong.tflite")
    comparison = tinynn.compare(model, tmp_path / "wrong.tflite", IMAGE)
    assert not comparison.ok and comparison.first.name == first
    assert 0.001 < comparison.first.relative < 1 and 5 < comparison.first.snr < 60
    marked = [line.split()[1] for line in str(comparison).splitlines() if line.startswith("departs")]
    assert marked[:2] == ["output", first]
    assert f"the first tensor that departs is {first}" in str(comparison)
    assert f"<td>{first}</td>" in comparison._repr_html_() and first in repr(comparison)


def test_tolerance(model, path):
    assert tinynn.compare(model, path, IMAGE, tolerance=0).first is not None


class Shuffled(nn.Module):
    """Channels in groups, so that a tensor of the file lies in an order that is none of PyTorch's dimensions."""

    def __init__(self):
        super().__init__()
        self.first, self.second = nn.Conv2d(4, 4, 1), nn.Conv2d(4, 4, 1)

    def forward(self, x):
        y = self.first(x)
        y = y.view(1, 2, 2, 4, 4).transpose(1, 2).reshape(1, 4, 4, 4)
        return self.second(torch.tanh(y)), y.sigmoid()


@pytest.mark.parametrize("layout", ["nhwc", "nchw"])
def test_layouts(tmp_path, layout):
    """All dimensions are equal: only `layout` can say the order."""
    model = tinynn.load(Shuffled().eval(), (1, 4, 4, 4))
    model.convert(tmp_path / "net.tflite", layout)
    image = np.random.default_rng(0).random((1, 4, 4, 4), np.float32)
    comparison = tinynn.compare(model, tmp_path / "net.tflite", image, layout=layout)
    assert comparison.ok and comparison.first is None and len(comparison.tensors) >= 4
    other = "nchw" if layout == "nhwc" else "nhwc"
    assert not tinynn.compare(model, tmp_path / "net.tflite", image, layout=other).ok


def test_attention_with_a_folded_factor(tmp_path):
    """A factor that moves into the layer before it: that layer's result is no longer what the model calls so."""

    class Scaled(nn.Module):
        def __init__(self):
            super().__init__()
            self.layer = nn.Linear(6, 8)

        def forward(self, x):
            return torch.tanh(self.layer(x).reshape(2, 4, 2) * 0.5) + 1

    model = tinynn.load(Scaled(), (2, 6))
    report = model.convert(tmp_path / "net.tflite")
    assert "MUL" not in report.operators
    comparison = tinynn.compare(model, tmp_path / "net.tflite", torch.rand(2, 6))
    assert comparison.first is None and "linear" not in {found.name for found in comparison.tensors}


def test_outputs_that_are_inputs_and_constants(tmp_path):
    model = tinynn.load(lambda x: (x, x + 1, torch.arange(3)), [(1, 2)])
    model.convert(tmp_path / "net.tflite")
    comparison = tinynn.compare(model, tmp_path / "net.tflite", np.ones((1, 2), np.float32))
    assert comparison.ok and len(comparison.outputs) == 3


@pytest.mark.parametrize(
    "expected, got, values",
    [
        ([3.0, 4.0], [3.0, 4.0], (0, 0, math.inf, 1)),
        ([3.0, 4.0], [3.0, 3.0], (1, 0.25, 10 * math.log10(25), 21 / (5 * math.sqrt(18)))),
        ([0.0, 0.0], [0.0, 0.5], (0.5, 0.5, -math.inf, 0)),
        ([math.inf, math.nan, 2.0], [math.inf, math.nan, 1.0], (1, 0.5, 10 * math.log10(4), 1)),
        ([1.0, 2.0], [1.0, math.nan], (math.inf, math.inf, -math.inf, math.nan)),
        ([], [], (0, 0, math.inf, 1)),
    ],
)
def test_figures(expected, got, values):
    found = _difference("x", np.array(expected, np.float32), np.array(got, np.float32))
    assert (found.max_error, found.relative, found.snr, found.cosine) == pytest.approx(values, nan_ok=True)


@pytest.mark.parametrize(
    "inputs, words",
    [
        (torch.rand(1, 3, 9, 13), "image"),
        ([IMAGE, IMAGE], "takes 1 inputs, found 2"),
        ([], "takes 1 inputs, found 0"),
        (IMAGE.double(), "float64"),
    ],
)
def test_inputs_that_do_not_fit(model, path, inputs, words):
    with pytest.raises(tinynn.Error, match=words):
        tinynn.compare(model, path, inputs)


def test_another_network(path):
    model = tinynn.load(lambda x: x + 1, [(1, 3, 13, 8)])
    with pytest.raises(tinynn.Error, match=r"input x: the file has \[1, 13, 9, 3\], the model \[1, 3, 13, 8\]"):
        tinynn.compare(model, path, np.zeros((1, 3, 13, 8), np.float32))
    with pytest.raises(tinynn.Error, match="the file has 1 outputs, the model 2"):
        tinynn.compare(lambda x: (x, x + 1), path, IMAGE)


def test_files_that_cannot_be_loaded(model, tmp_path):
    with pytest.raises(tinynn.Error, match="no such file"):
        tinynn.compare(model, tmp_path / "missing.tflite", IMAGE)
    (tmp_path / "text.tflite").write_text("no model")
    with pytest.raises(tinynn.Error, match="LiteRT cannot load it"):
        tinynn.compare(model, tmp_path / "text.tflite", IMAGE)


def test_without_litert(model, path, monkeypatch):
    monkeypatch.setitem(sys.modules, "ai_edge_litert.interpreter", None)
    with pytest.raises(ImportError, match="pip install ai-edge-litert"):
        tinynn.compare(model, path, IMAGE)


@pytest.mark.parametrize("inputs", [5, None, [5], "text"])
def test_wrong_types(model, path, inputs):
    with pytest.raises((TypeError, tinynn.Error)):
        tinynn.compare(model, path, inputs)


@pytest.mark.parametrize("io", ["float32", "int8", "uint8"])
def test_integers_count_as_the_numbers_they_stand_for(model, tmp_path, io):
    path = tmp_path / "net.tflite"
    model.quantize(path, [IMAGE + shift for shift in (-0.2, 0, 0.2)], io=io)
    comparison = tinynn.compare(model, path, IMAGE, tolerance=0.05)
    assert comparison.ok and comparison.first is None, str(comparison)
    assert comparison.worst.snr > 30
    assert {"conv2d", "add", "linear"} & {found.name for found in comparison.tensors}
