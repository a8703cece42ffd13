"""Quantized files: LiteRT runs them by all its kernels, their numbers are near the float network's, and tinynn's own
interpreter gives the reference kernels' integers bit for bit."""

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path

import litert
import numpy as np
import pytest
import tinynn
import torch
from ai_edge_litert.interpreter import OpResolverType, Interpreter
from quantized import SAMPLES, decibels, outputs
from torch import Tensor, nn
from torch.nn import functional as F


class Calls(nn.Module):
    """A convolution, and a function of its result."""

    def __init__(self, function, channels: int = 8):
        super().__init__()
        self.first = nn.Conv2d(3, channels, 3, padding=1)
        self.function = function

    def forward(self, x: Tensor) -> Tensor:
        return self.function(self.first(x))


class Residual(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 8, 3, padding=1)
        self.body = nn.Sequential(nn.Conv2d(8, 24, 1), nn.ReLU6(), nn.Conv2d(24, 24, 3, padding=1, groups=24), nn.ReLU6(),
                                  nn.Conv2d(24, 8, 1))
        self.head = nn.Conv2d(8, 5, 1)

    def forward(self, x: Tensor) -> Tensor:
        x = self.stem(x)
        return self.head(x + self.body(x))


class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.qkv = nn.Linear(16, 48)
        self.out = nn.Linear(16, 16)

    def forward(self, x: Tensor) -> Tensor:
        q, k, v = self.qkv(x).chunk(3, -1)
        return self.out((q @ k.transpose(-1, -2) / 4).softmax(-1) @ v)


@dataclass(frozen=True)
class Case:
    name: str
    make: object
    shape: tuple[int, ...] = (1, 3, 9, 11)
    floats: int = 0  # operators that stay float
    decibels: float = 25


def calls(name: str, function, **more) -> Case:
    return Case(name, lambda: Calls(function), **more)


def scaled_pieces(x: Tensor, sizes: list[int]) -> Tensor:
    """The second of two pieces keeps its numbers, beside larger ones."""
    first, second = x.split(sizes, 1)
    return torch.cat([first * 20, second], 1)


CASES = [
    Case("convolution, batch norm, relu", lambda: nn.Sequential(nn.Conv2d(3, 7, 3, stride=2), nn.BatchNorm2d(7), nn.ReLU())),
    Case("depthwise, dilated", lambda: nn.Sequential(nn.Conv2d(3, 6, 1), nn.Conv2d(6, 12, 3, groups=6, dilation=2, padding=2))),
    Case("groups", lambda: nn.Sequential(nn.Conv2d(3, 8, 1), nn.Conv2d(8, 12, 3, groups=4))),
    Case("transposed", lambda: nn.Sequential(nn.Conv2d(3, 8, 1), nn.ConvTranspose2d(8, 5, 3, stride=2, padding=1))),
    Case("one dimension", lambda: nn.Sequential(nn.Conv1d(5, 8, 3), nn.ReLU(), nn.Conv1d(8, 4, 1)), (1, 5, 21)),
    Case("residual, relu6", Residual),
    Case("linear", lambda: nn.Sequential(nn.Linear(20, 33), nn.ReLU(), nn.Linear(33, 7)), (3, 20)),
    Case("attention", Attention, (1, 6, 16), floats=0, decibels=20),
    Case("classifier", lambda: nn.Sequential(nn.Conv2d(3, 9, 3), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(9, 5), nn.Softmax(-1))),
    Case("log softmax", lambda: nn.Sequential(nn.Linear(20, 11), nn.LogSoftmax(-1)), (3, 20)),
    calls("pools", lambda x: F.avg_pool2d(F.max_pool2d(x, 3, 2, 1), 2)),
    calls("mean", lambda x: x.mean((2, 3))),
    calls("concatenation of what is fixed", lambda x: torch.cat([x, x.sigmoid(), x.tanh()], 1)),
    calls("hardswish", F.hardswish),
    calls("hardsigmoid", F.hardsigmoid, floats=0),
    calls("silu", F.silu),
    calls("gelu", F.gelu),
    calls("leaky relu", lambda x: F.leaky_relu(x, 0.1)),
    calls("elu", F.elu),
    calls("prelu", nn.PReLU(8, 0.3)),
    calls("product", lambda x: x * x.sigmoid() + 0.5),
    calls("difference", lambda x: x - x.flip(-1)),
    calls("maximum", lambda x: torch.maximum(x, x.flip(-1))),
    calls("clamp", lambda x: x.clamp(-0.3, 0.4)),
    calls("absolute", torch.abs),
    calls("pad, slice", lambda x: F.pad(x, (1, 2, 0, 1))[:, :, 1:, ::2]),
    calls("constant pad", lambda x: F.pad(x, (1, 2, 0, 1), value=0.25)),
    calls("bilinear", lambda x: F.interpolate(x, scale_factor=2, mode="bilinear")),
    calls("nearest", lambda x: F.interpolate(x, scale_factor=2)),
    calls("split", lambda x: torch.cat(x.chunk(2, 1)[::-1], 1)),
    calls("pieces under another scale", lambda x: scaled_pieces(x.sigmoid(), [3, 5])),
    calls("halves under another scale", lambda x: scaled_pieces(x.sigmoid(), [4, 4])),
    calls("square", lambda x: x.square() * 0.5),
    calls("an operator without an integer kernel", lambda x: (x + 1).sin() * 0.5, floats=1),
]


def prepare(case: Case) -> tuple[nn.Module, list[Tensor]]:
    torch.manual_seed(len(case.name))
    return case.make().eval(), [torch.randn(case.shape) for _ in range(SAMPLES)]


def operators(path: Path) -> dict[str, int]:
    return {name: row["count"] for name, row in tinynn.inspect(path)["operators"].items()}


@pytest.fixture(params=CASES, ids=lambda case: case.name)
def quantized(request, tmp_path):
    module, samples = prepare(request.param)
    path = tmp_path / "model.tflite"
    report = tinynn.load(module, samples[0]).quantize(path, samples)
    return request.param, module, samples, path, report


def test_numbers_are_near_the_float_networks(quantized):
    case, module, samples, path, _ = quantized
    with torch.no_grad():
        expected = np.stack([litert.channels_last(module(x).numpy()) for x in samples])
    for kernels in ("xnnpack", "reference"):
        if kernels == "reference" and case.name == "elu":
            continue  # LiteRT's reference resolver lacks it
        found = decibels(expected, outputs(path, samples, kernels))
        assert found >= case.decibels, f"{kernels}: {found:.1f} dB"


def test_only_what_must_stays_float(quantized):
    case, _, _, _, report = quantized
    assert report["quantization"]["float_operators"] == case.floats, report["quantization"]


def test_own_interpreter_gives_the_same_integers(quantized, tmp_path):
    case, _, samples, path, _ = quantized
    if case.name == "elu":
        pytest.skip("LiteRT's reference resolver lacks it")
    for x in samples[:3]:
        array = litert.channels_last(x.numpy())
        (expected,) = litert.run(path, [array], "reference")
        (got,) = tinynn.run_tflite(path, array)
        np.testing.assert_array_equal(got, expected)


@pytest.mark.parametrize("io", ["int8", "uint8"])
def test_inputs_and_outputs_of_integers(io, tmp_path):
    module, samples = prepare(CASES[0])
    path = tmp_path / "model.tflite"
    tinynn.load(module, samples[0]).quantize(path, samples, io=io)
    interpreter = Interpreter(str(path), experimental_op_resolver_type=OpResolverType.BUILTIN_REF)
    interpreter.allocate_tensors()
    (inner,), (outer,) = interpreter.get_input_details(), interpreter.get_output_details()
    assert inner["dtype"] == outer["dtype"] == np.dtype(io)
    expected, got = [], []
    for x in samples:
        scale, zero = inner["quantization"]
        limits = np.iinfo(io)
        stored = np.clip(np.rint(litert.channels_last(x.numpy()) / scale) + zero, limits.min, limits.max).astype(io)
        interpreter.set_tensor(inner["index"], stored)
        interpreter.invoke()
        scale, zero = outer["quantization"]
        got.append((interpreter.get_tensor(outer["index"]).astype(np.float32) - zero) * scale)
        with torch.no_grad():
            expected.append(litert.channels_last(module(x).numpy()))
    assert decibels(np.stack(expected), np.stack(got)) > 25


def test_threads_and_runs_give_the_same_bytes(tmp_path):
    module, samples = prepare(CASES[5])
    model = tinynn.load(module, samples[0])
    files = []
    for n in (1, 3, 3):
        model.quantize(tmp_path / "model.tflite", samples, n_threads=n)
        files.append((tmp_path / "model.tflite").read_bytes())
    assert files[0] == files[1] == files[2]


def test_channels_of_different_ranges_are_equalized(tmp_path):
    """A scale for all weights of a layer is enough when nothing but a ReLU stands between two layers."""
    torch.manual_seed(3)
    module = nn.Sequential(nn.Conv2d(3, 16, 3), nn.ReLU(), nn.Conv2d(16, 8, 3)).eval()
    spread = 2 ** torch.empty(16).uniform_(-4, 4)
    with torch.no_grad():
        module[0].weight *= spread[:, None, None, None]
        module[0].bias *= spread
        module[2].weight /= spread[None, :, None, None]
    samples = [torch.randn(1, 3, 12, 12) for _ in range(SAMPLES)]
    with torch.no_grad():
        expected = np.stack([litert.channels_last(module(x).numpy()) for x in samples])
    found = {}
    for equalize in (False, True):
        path = tmp_path / "model.tflite"
        tinynn.load(module, samples[0]).quantize(path, samples, per_tensor=True, equalize=equalize)
        found[equalize] = decibels(expected, outputs(path, samples, "reference"))
    assert found[False] < 20 and found[True] > 30, found


def test_biases_take_back_what_rounding_does(tmp_path):
    torch.manual_seed(1)
    module = nn.Sequential(nn.Conv2d(3, 8, 3, padding=1, groups=1), nn.ReLU(), nn.Conv2d(8, 8, 5, groups=8)).eval()
    samples = [torch.rand(1, 3, 16, 16) + 1 for _ in range(SAMPLES)]
    with torch.no_grad():
        expected = np.stack([litert.channels_last(module(x).numpy()) for x in samples])
    errors = {}
    for correct in (False, True):
        path = tmp_path / "model.tflite"
        tinynn.load(module, samples[0]).quantize(path, samples, per_tensor=True, correct_biases=correct)
        errors[correct] = np.abs((outputs(path, samples, "reference") - expected).mean((0, 1, 2, 3))).max()
    assert errors[True] < 0.6 * errors[False], errors


@pytest.mark.parametrize(
    "samples, words",
    [
        ([], "samples: there are none"),
        ([torch.randn(1, 3, 9, 12)], "input: is float32[1, 3, 9, 12], the model has float32[1, 3, 9, 11]"),
        ([torch.randn(1, 3, 9, 11).double()], "input: is float64[1, 3, 9, 11], the model has float32[1, 3, 9, 11]"),
        ([torch.full((1, 3, 9, 11), float("nan"))], "sample 0 gives nan"),
        ([torch.randn(1, 3, 9, 11)] * 2 + [torch.full((1, 3, 9, 11), float("inf"))], "sample 2 gives infinite numbers"),
        ([(torch.randn(1, 3, 9, 11), torch.randn(1))], "a sample has 2 arrays, the model has 1 inputs"),
    ],
)
def test_samples_that_do_not_fit(samples, words, tmp_path):
    module, good = prepare(CASES[0])
    with pytest.raises(tinynn.Error) as caught:
        tinynn.load(module, good[0]).quantize(tmp_path / "model.tflite", samples)
    assert words in str(caught.value)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("what", ["one sample", "zeros", "a channel of zeros", "a constant", "huge"])
def test_extremes_give_a_file_that_runs(what, tmp_path):
    module, samples = prepare(CASES[0])
    with torch.no_grad():
        if what == "a channel of zeros":
            module[0].weight[2] = 0
            module[0].bias[2] = 0
        if what == "a constant":
            module[0].weight.zero_()
        if what == "huge":
            module[0].weight *= 1e30
    samples = {"one sample": samples[:1], "zeros": [torch.zeros_like(samples[0])]}.get(what, samples)
    path = tmp_path / "model.tflite"
    tinynn.load(module, samples[0]).quantize(path, samples)
    for kernels in ("xnnpack", "reference"):
        got = outputs(path, samples, kernels)
        with torch.no_grad():
            expected = np.stack([litert.channels_last(module(x).numpy()) for x in samples])
        assert np.isfinite(got).all()
        assert np.abs(got - expected).max() <= 0.02 * np.abs(expected).max() + 1e-6


def test_program(tmp_path, program):
    module, samples = prepare(CASES[0])
    torch.jit.trace(module, samples[0]).save(str(tmp_path / "model.pt"))
    np.save(tmp_path / "samples.npy", np.stack([x.numpy() for x in samples]))
    command = [program, "quantize", "model.pt", "--samples", "samples.npy", "-o", "model.tflite", "--report", "report.json",
               "--algorithm", "minmax", "--threads", "2"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("model.tflite: 3 operators") and "calibrated on 12 samples" in done.stdout
    assert "\n  bias correction: 1 layers, outputs from " in done.stdout
    assert json.loads((tmp_path / "report.json").read_text())["quantization"]["float_operators"] == 0


@pytest.mark.parametrize(
    "options, code, words",
    [
        (["-o", "x.tflite"], 1, "--samples or --stats is missing"),
        (["--samples", "samples.npy"], 1, "-o is missing"),
        (["--samples", "nothing.npy", "-o", "x.tflite"], 2, "nothing.npy"),
        (["--samples", "samples.npy", "-o", "x.tflite", "--algorithm", "l3"], 1, '--algorithm "l3": expected l2, minmax'),
        (["--samples", "samples.npy", "-o", "x.tflite", "--io", "int16"], 1, 'is "int16"'),
        (["--samples", "samples.npy", "-o", "x.tflite", "--percentile", "0"], 1, 'is "0"'),
        (["--samples", "samples.npy", "-o", "x.tflite", "--threads", "0"], 1, 'is "0"'),
        (["--samples", "samples.npy", "-o", "x.tflite", "--concat", "all"], 1, '--concat "all": expected keep, split or float'),
        (["--samples", "samples.npy", "-o", "nowhere/x.tflite"], 4, "nowhere/x.tflite"),
    ],
)
def test_programs_complaints(options, code, words, tmp_path, program):
    module, samples = prepare(CASES[0])
    torch.jit.trace(module, samples[0]).save(str(tmp_path / "model.pt"))
    np.save(tmp_path / "samples.npy", np.stack([x.numpy() for x in samples]))
    done = subprocess.run([program, "quantize", "model.pt", *options], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == code and words in done.stderr, done.stderr
