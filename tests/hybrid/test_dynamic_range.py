"""Files with weights of 8 bits under activations of floats: which operators get them, that all of LiteRT's kernels run them, that
tinynn's interpreter gives the reference kernels' numbers, and that these are near PyTorch's."""

import json
import subprocess

import litert
import numpy as np
import pytest
import tinynn
import torch
from tinynn.converter import TFLiteConverter
from torch import nn


def decibels(expected: np.ndarray, got: np.ndarray) -> float:
    error = ((expected - got) ** 2).sum()
    return float(10 * np.log10((expected**2).sum() / error)) if error > 0 else np.inf


CASES = {
    # Inputs of any rank, and the kinds of operators that they become.
    "linear": (lambda: nn.Linear(40, 30), (3, 40), ["FULLY_CONNECTED"]),
    "linear without bias": (lambda: nn.Linear(64, 64, bias=False), (1, 64), ["FULLY_CONNECTED"]),
    "linear over three dimensions": (lambda: nn.Linear(48, 33), (2, 7, 48), ["FULLY_CONNECTED"]),
    "convolution": (lambda: nn.Conv2d(13, 17, 3, padding=1), (1, 13, 9, 7), ["CONV_2D"]),
    "convolution of one place": (lambda: nn.Conv2d(32, 64, 1), (2, 32, 5, 5), ["CONV_2D"]),
    "dilated convolution": (lambda: nn.Conv2d(16, 16, 3, dilation=2), (1, 16, 13, 13), ["CONV_2D"]),
    "strided convolution": (lambda: nn.Conv2d(8, 40, 5, stride=2, bias=False), (1, 8, 15, 15), ["CONV_2D"]),
    "convolution in one dimension": (lambda: nn.Conv1d(24, 24, 5), (1, 24, 30), ["CONV_2D"]),
    "attention": (lambda: nn.TransformerEncoderLayer(32, 4, 64, batch_first=True), (1, 10, 32), ["FULLY_CONNECTED"]),
}


def saved(model: nn.Module, shape, path):
    torch.manual_seed(0)
    model = model.eval()
    x = torch.randn(shape)
    with torch.no_grad():
        torch.jit.trace(model, x).save(path)
        return x.numpy(), model(x).numpy()


@pytest.mark.parametrize("per_tensor", [False, True])
@pytest.mark.parametrize("name", CASES)
def test_operator(name, per_tensor, tmp_path):
    make, shape, kinds = CASES[name]
    torch.manual_seed(1)
    x, expected = saved(make(), shape, tmp_path / "m.pt")
    path = tmp_path / "m.tflite"
    report = tinynn.load(tmp_path / "m.pt").to_tflite(
        path, "nchw", dynamic_range={"per_tensor": per_tensor, "even_if_slower": True}
    )
    assert report["dynamic_range"]["operators"] > 0
    types = weight_types(path)
    assert all(types[kind] == {"int8"} for kind in kinds), types
    results = {kernels: litert.run(path, [x], kernels)[0] for kernels in litert.RESOLVERS}
    for kernels, got in results.items():
        assert decibels(expected, got) > (30 if not per_tensor else 28), kernels
    own = tinynn.run_tflite(path, x)[0]
    assert decibels(results["reference"], own) > 55  # sums are floats in another order


def weight_types(path) -> dict[str, set[str]]:
    """The types of constant weights, by operator."""
    types: dict[str, set[str]] = {}
    interpreter = litert.open_file(path, "builtin")
    details = {detail["index"]: detail for detail in interpreter.get_tensor_details()}
    for op in interpreter._get_ops_details():
        if op["op_name"] in ("CONV_2D", "DEPTHWISE_CONV_2D", "FULLY_CONNECTED"):
            types.setdefault(op["op_name"], set()).add(np.dtype(details[op["inputs"][1]]["dtype"]).name)
    return types


class Mixed(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 16, 3)
        self.depthwise = nn.Conv2d(16, 160, 5, groups=16)
        self.grouped = nn.Conv2d(160, 64, 3, groups=2)
        self.up = nn.ConvTranspose2d(64, 16, 3)
        self.body = nn.Conv2d(16, 32, 3)
        self.head = nn.Linear(32, 40)

    def forward(self, x):
        return self.head(self.body(self.up(self.grouped(self.depthwise(self.stem(x))))).mean((2, 3)))


def test_what_stays_float_is_said(tmp_path):
    x, expected = saved(Mixed(), (1, 3, 17, 17), tmp_path / "m.pt")
    path = tmp_path / "m.tflite"
    model = tinynn.load(tmp_path / "m.pt")
    report = model.to_tflite(path, dynamic_range=True)
    assert report["dynamic_range"]["operators"] == 1
    assert any("CONV_2D would be slower" in line for line in report["dynamic_range"]["floats"])
    report = model.to_tflite(path, dynamic_range={"even_if_slower": True})
    assert report["dynamic_range"]["operators"] == 2
    reasons = " ".join(report["dynamic_range"]["floats"])
    for words in ("few weights", "DEPTHWISE_CONV_2D is slower", "has groups", "TRANSPOSE_CONV has no such kernel"):
        assert words in reasons
    for kernels in litert.RESOLVERS:
        got = litert.run(path, [litert.channels_last(x)], kernels)[0]
        assert decibels(expected, got) > 30
    report = model.to_tflite(path, dynamic_range={"linear_only": True, "min_elems": 0})
    assert weight_types(path) == {"CONV_2D": {"float32"}, "DEPTHWISE_CONV_2D": {"float32"}, "FULLY_CONNECTED": {"int8"}}
    report = model.to_tflite(path, dynamic_range={"floats": ["linear"]})
    assert any("linear: FULLY_CONNECTED is kept float by name" in line for line in report["dynamic_range"]["floats"])
    with pytest.raises(tinynn.Error, match='liner: .*nearest is "linear"'):
        model.to_tflite(path, dynamic_range={"floats": ["liner"]})
    with pytest.raises(TypeError, match="per_channel"):
        model.to_tflite(path, dynamic_range={"per_channel": True})


def test_shared_weights_are_stored_once(tmp_path):
    class Tied(nn.Module):
        def __init__(self):
            super().__init__()
            self.weight = nn.Parameter(torch.randn(64, 64) / 8)

        def forward(self, x):
            return nn.functional.linear(torch.relu(nn.functional.linear(x, self.weight)), self.weight)

    x, expected = saved(Tied(), (2, 64), tmp_path / "m.pt")
    path = tmp_path / "m.tflite"
    tinynn.load(tmp_path / "m.pt").to_tflite(path, dynamic_range=True)
    assert path.stat().st_size < 64 * 64 + 4096
    assert decibels(expected, litert.run(path, [x])[0]) > 30


def test_weights_of_zeros_and_of_infinity(tmp_path):
    model = nn.Sequential(nn.Linear(64, 64), nn.Linear(64, 64))
    with torch.no_grad():
        model[0].weight[3] = 0
        model[1].weight[0, 0] = torch.inf
    x, expected = saved(model, (1, 64), tmp_path / "m.pt")
    report = tinynn.load(tmp_path / "m.pt").to_tflite(tmp_path / "m.tflite", dynamic_range=True)
    assert "not finite" in report["dynamic_range"]["floats"][0] and report["dynamic_range"]["operators"] == 1
    got = litert.run(tmp_path / "m.tflite", [x])[0]
    assert np.isinf(got[0, 0]) and decibels(expected[:, 1:], got[:, 1:]) > 30


def test_together_with_float16(tmp_path):
    x, expected = saved(nn.Sequential(nn.Conv2d(16, 64, 3), nn.Flatten(), nn.Linear(64 * 25, 7)), (1, 16, 7, 7),
                        tmp_path / "m.pt")
    tinynn.load(tmp_path / "m.pt").to_tflite(tmp_path / "m.tflite", "nchw", dynamic_range={"linear_only": True},
                                             float16=True)
    for kernels in litert.RESOLVERS:
        assert decibels(expected, litert.run(tmp_path / "m.tflite", [x], kernels)[0]) > 30


def test_quantized_files_have_no_dynamic_range(tmp_path):
    x, _ = saved(nn.Linear(8, 8), (1, 8), tmp_path / "m.pt")
    with pytest.raises(tinynn.Error, match="dynamic_range: is for files whose values stay float"):
        tinynn.load(tmp_path / "m.pt").quantize(tmp_path / "m.tflite", [x], dynamic_range=True)
    assert not (tmp_path / "m.tflite").exists()


@pytest.mark.parametrize("option", ["--dynamic-range", "--dynamic-range-per-tensor", "--dynamic-range-all"])
def test_program(option, program, tmp_path):
    x, expected = saved(nn.Linear(64, 64), (1, 64), tmp_path / "m.pt")
    subprocess.run([program, "convert", tmp_path / "m.pt", "-o", tmp_path / "m.tflite", option, "--report",
                    tmp_path / "r.json"], check=True, capture_output=True)
    assert json.loads((tmp_path / "r.json").read_text())["dynamic_range"] == {"operators": 1, "floats": []}
    assert decibels(expected, litert.run(tmp_path / "m.tflite", [x])[0]) > 30


@pytest.mark.parametrize(
    "options, types",
    [
        ({}, {"CONV_2D": {"int8"}, "FULLY_CONNECTED": {"int8"}}),
        ({"hybrid_per_channel": True, "quantize_target_type": "int8"}, {"CONV_2D": {"int8"}, "FULLY_CONNECTED": {"int8"}}),
        ({"hybrid_conv": False, "hybrid_quantize_weight_type": "int8"}, {"CONV_2D": {"float32"}, "FULLY_CONNECTED": {"int8"}}),
        ({"hybrid_config": {"linear": False}}, {"CONV_2D": {"int8"}, "FULLY_CONNECTED": {"float32"}}),
        ({"hybrid_asymmetric_inputs": False}, {"CONV_2D": {"int8"}, "FULLY_CONNECTED": {"int8"}}),
    ],
)
def test_converter(options, types, tmp_path):
    torch.manual_seed(0)
    model = nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU(), nn.Flatten(), nn.Linear(8 * 25, 6)).eval()
    x = torch.randn(1, 3, 7, 7)
    TFLiteConverter(model, x, str(tmp_path / "m.tflite"), hybrid_quantization_from_float=True, **options).convert()
    assert weight_types(tmp_path / "m.tflite") == types
    for kernels in litert.RESOLVERS:
        got = litert.run(tmp_path / "m.tflite", [litert.channels_last(x.numpy())], kernels)[0]
        assert decibels(model(x).detach().numpy(), got) > 28
