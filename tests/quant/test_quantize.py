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
from torch import Tensor, nn
from torch.nn import functional as F

SAMPLES = 12


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


def decibels(expected: np.ndarray, got: np.ndarray) -> float:
    noise = float(((expected - got) ** 2).sum())
    return 10 * np.log10(float((expected**2).sum()) / max(noise, 1e-30))


def outputs(path: Path, samples: list[Tensor], kernels: str) -> np.ndarray:
    return np.stack([litert.run(path, [litert.channels_last(x.numpy())], kernels)[0] for x in samples])


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


def spread_channels(layers: list[nn.Module]) -> None:
    """Scale what each layer makes by 2^U(-4, 4) a channel, and what the next one reads by the inverse."""
    with torch.no_grad():
        for maker, reader in zip(layers, layers[1:]):
            factor = 2 ** torch.empty(len(maker.bias)).uniform_(-4, 4)
            maker.weight *= factor.reshape(-1, *[1] * (maker.weight.dim() - 1))
            maker.bias *= factor
            if getattr(reader, "groups", 1) > 1:
                reader.weight /= factor.reshape(-1, 1, 1, 1)
            else:
                columns = factor.repeat_interleave(reader.weight.shape[1] // len(factor))
                reader.weight /= columns.reshape(1, -1, *[1] * (reader.weight.dim() - 2))


class Mean(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return x.mean((2, 3))


HEADS = {
    "pool": ([nn.AdaptiveAvgPool2d(1), nn.Flatten()], 24),
    "mean": ([Mean()], 24),
    "flatten": ([nn.Flatten()], 24 * 25),
    "pool, flatten": ([nn.MaxPool2d(2), nn.Flatten(), nn.Dropout()], 24 * 4),
}


@pytest.mark.parametrize("head", HEADS)
def test_layers_that_follow_each_other_are_equalized(head, tmp_path):
    """However the channels are spread, what comes out is nearly as good as if they were not; the depthwise layer has both its sides
    spread, and the last channels lie in runs behind the flattening."""
    torch.manual_seed(4)
    between, n = HEADS[head]
    layers = [nn.Conv2d(3, 12, 3, padding=1), nn.Conv2d(12, 12, 3, stride=2, padding=1, groups=12), nn.Conv2d(12, 24, 1), nn.Linear(n, 6)]
    first, middle, last, linear = layers
    module = nn.Sequential(first, nn.ReLU(), middle, nn.ReLU(), last, nn.ReLU(), *between, linear).eval()
    samples = [torch.randn(1, 3, 10, 10) for _ in range(SAMPLES)]
    with torch.no_grad():
        expected = np.stack([module(x).numpy() for x in samples])
    path, found = tmp_path / "model.tflite", {}
    for spreads in (False, True):
        if spreads:
            spread_channels(layers)
        for equalize in (False, True):
            tinynn.load(module, samples[0]).quantize(path, samples, per_tensor=True, equalize=equalize)
            found[spreads, equalize] = decibels(expected, outputs(path, samples, "reference"))
    assert found[True, False] < 20, found
    assert found[True, True] > max(40, found[False, True] - 3), found


def step(report, name: str) -> dict:
    return next(step for step in report["quantization"]["steps"] if step["name"] == name)


def test_steps_say_what_they_gained(tmp_path):
    torch.manual_seed(3)
    module = nn.Sequential(nn.Conv2d(3, 16, 3), nn.ReLU(), nn.Conv2d(16, 8, 3)).eval()
    spread_channels([module[0], module[2]])
    samples = [torch.randn(1, 3, 12, 12) for _ in range(SAMPLES)]
    with torch.no_grad():
        expected = np.stack([litert.channels_last(module(x).numpy()) for x in samples])
    path = tmp_path / "model.tflite"
    report = tinynn.load(module, samples[0]).quantize(path, samples, per_tensor=True)
    steps = report["quantization"]["steps"]
    assert [s["name"] for s in steps] == ["equalization", "range search", "bias correction"]
    equalization, search, biases = steps
    assert equalization["changed"] == 1 and equalization["decibels_after"] > equalization["decibels_before"] + 10
    assert search["changed"] == 0 and search["decibels_before"] == search["decibels_after"]
    assert biases["changed"] == 2 and biases["decibels_after"] > biases["decibels_before"]
    # What is simulated is what LiteRT computes.
    found = decibels(expected[:8], outputs(path, samples[:8], "reference"))
    assert abs(found - biases["decibels_after"]) < 0.5, (found, biases)


def test_equalization_that_loses_is_taken_back(tmp_path):
    taken_back = 0
    for seed in range(12):
        torch.manual_seed(seed)
        module = nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU(), nn.Conv2d(8, 8, 3, groups=8), nn.ReLU(), nn.Conv2d(8, 4, 1)).eval()
        samples = [torch.randn(1, 3, 9, 9) for _ in range(SAMPLES)]
        model = tinynn.load(module, samples[0])
        found = step(model.quantize(tmp_path / "model.tflite", samples), "equalization")
        if not found["taken_back"]:
            assert found["decibels_after"] >= found["decibels_before"]
            continue
        assert found["changed"] > 0 and found["decibels_after"] < found["decibels_before"]
        model.quantize(tmp_path / "without.tflite", samples, equalize=False)
        assert (tmp_path / "model.tflite").read_bytes() == (tmp_path / "without.tflite").read_bytes()
        taken_back += 1
    assert taken_back > 0


def test_what_is_equalized_has_another_name(tmp_path):
    """Its numbers are no longer those that the model calls so."""
    torch.manual_seed(3)
    module = nn.Sequential(nn.Conv2d(3, 16, 3), nn.ReLU(), nn.Conv2d(16, 8, 3)).eval()
    with torch.no_grad():
        module[0].weight *= 2 ** torch.empty(16).uniform_(-4, 4)[:, None, None, None]
    samples = [torch.randn(1, 3, 12, 12) for _ in range(SAMPLES)]
    model = tinynn.load(module, samples[0])
    for equalize in (False, True):
        model.quantize(tmp_path / "model.tflite", samples, equalize=equalize)
        names = {tensor["name"] for tensor in tinynn.inspect(tmp_path / "model.tflite")["subgraphs"][0]["tensors"]}
        assert any(name.endswith("/scaled") for name in names) == equalize, names
        comparison = tinynn.compare(model, tmp_path / "model.tflite", samples[0], tolerance=0.1)
        assert comparison.ok and comparison.first is None, str(comparison)


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


def quality(tmp_path: Path, module: nn.Module, samples: list[Tensor], tested: list[Tensor], **options) -> float:
    """In dB, of LiteRT's numbers on other samples."""
    path = tmp_path / "model.tflite"
    tinynn.load(module, samples[0]).quantize(path, samples, **options)
    with torch.no_grad():
        expected = np.stack([litert.channels_last(module(x).numpy()) for x in tested])
    return decibels(expected, outputs(path, tested, "reference"))


@pytest.mark.parametrize("reader", [nn.Conv2d(8, 8, 2, groups=2), nn.Conv2d(8, 8, 1)], ids=["2x2", "1x1"])
def test_biases_far_above_zero_are_absorbed(reader, tmp_path):
    torch.manual_seed(5)
    module = nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU(), reader).eval()
    with torch.no_grad():
        module[0].bias += 30
        module[2].bias -= module[2](torch.full((1, 8, 2, 2), 30.0))[0, :, 0, 0]
    samples, tested = [[torch.randn(1, 3, 9, 9) for _ in range(SAMPLES)] for _ in range(2)]
    without, absorbed = (quality(tmp_path, module, samples, tested, absorb_biases=absorb) for absorb in (False, True))
    assert absorbed > without + 6, (without, absorbed)
    report = tinynn.load(module, samples[0]).quantize(tmp_path / "model.tflite", samples, absorb_biases=True)
    found = step(report, "bias absorption")
    assert found["changed"] == 1 and not found["taken_back"]


def test_what_cannot_absorb_biases(tmp_path):
    """A border of zeros, a ReLU6, and an output of the network."""
    torch.manual_seed(5)
    first, samples = nn.Conv2d(3, 8, 3), [torch.randn(1, 3, 9, 9)]
    with torch.no_grad():
        first.bias += 12
    for rest in ([nn.ReLU(), nn.Conv2d(8, 8, 3, padding=1)], [nn.ReLU6(), nn.Conv2d(8, 8, 1)], [nn.ReLU()]):
        model = tinynn.load(nn.Sequential(first, *rest).eval(), samples[0])
        report = model.quantize(tmp_path / "model.tflite", samples, absorb_biases=True)
        assert step(report, "bias absorption")["changed"] == 0


class Normalized(nn.Module):
    """Batch norms that know their statistics; their ReLUs, a sum and a pool stand before other layers."""

    def __init__(self):
        super().__init__()
        self.first = nn.Sequential(nn.Conv2d(3, 16, 3), nn.BatchNorm2d(16), nn.ReLU())
        self.body = nn.Sequential(nn.Conv2d(16, 16, 3, groups=16), nn.BatchNorm2d(16), nn.ReLU6(), nn.Conv2d(16, 16, 1), nn.BatchNorm2d(16))
        self.short = nn.Sequential(nn.Conv2d(16, 16, 3), nn.BatchNorm2d(16))
        self.head = nn.Sequential(nn.Conv2d(16, 8, 2), nn.BatchNorm2d(8), nn.AvgPool2d(2), nn.Flatten(), nn.Linear(8 * 36, 10))
        for module in self.modules():
            if isinstance(module, nn.BatchNorm2d):
                nn.init.uniform_(module.weight, 0.5, 1.5)
                nn.init.uniform_(module.bias, 0.0, 2.0)
                module.momentum = None  # a plain average
        with torch.no_grad():
            self(torch.randn(64, 3, 18, 18))

    def forward(self, x: Tensor) -> Tensor:
        x = self.first(x)
        return self.head(self.body(x) + self.short(x))


def test_biases_are_corrected_by_batch_norms(tmp_path):
    torch.manual_seed(7)
    module = Normalized().eval()
    samples, tested = [[torch.randn(1, 3, 18, 18) for _ in range(SAMPLES)] for _ in range(2)]
    plain = {"per_tensor": True, "equalize": False, "search_ranges": False}
    without = quality(tmp_path, module, samples, tested, correct_biases=False, **plain)
    analytic = quality(tmp_path, module, samples, tested, analytic_bias=True, **plain)
    assert analytic > without + 2, (without, analytic)
    report = tinynn.load(module, samples[0]).quantize(tmp_path / "model.tflite", samples, analytic_bias=True)
    assert step(report, "bias correction")["changed"] == 5  # all layers but the first
    assert report["warnings"] == []


def test_batch_norms_that_are_gone(tmp_path):
    module, samples = prepare(Case("", Residual))
    report = tinynn.load(module, samples[0]).quantize(tmp_path / "model.tflite", samples, analytic_bias=True)
    assert step(report, "bias correction")["changed"] == 0
    assert report["warnings"] == ["biases are not corrected: no layer has a batch norm before it whose statistics are known"]


class Detector(nn.Module):
    """A head as YOLO's: boxes in pixels and scores from 0 to 1, side by side in one output."""

    def __init__(self, follows=None):
        super().__init__()
        self.stem = nn.Conv2d(3, 8, 3, stride=2, padding=1)
        self.boxes = nn.Conv2d(8, 4, 1)
        self.scores = nn.Conv2d(8, 5, 1)
        self.follows = follows

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        x = self.stem(x).relu()
        boxes, scores = self.boxes(x).flatten(2).sigmoid() * 640, self.scores(x).flatten(2).sigmoid()
        out = torch.cat([boxes, scores], 1)
        return (out if self.follows is None else self.follows(out)), x


def detect(tmp_path: Path, concat: str, follows=None) -> tuple[dict, list[np.ndarray], np.ndarray]:
    """The report, the outputs of the file, and the first output of the network, of one sample."""
    torch.manual_seed(2)
    module = Detector(follows).eval()
    samples = [torch.randn(1, 3, 12, 12) for _ in range(SAMPLES)]
    path = tmp_path / "model.tflite"
    report = tinynn.load(module, samples[0]).quantize(path, samples, concat=concat)
    got = litert.run(path, [litert.channels_last(samples[0].numpy())])
    for own, theirs in zip(tinynn.run_tflite(path, litert.channels_last(samples[0].numpy())),
                           litert.run(path, [litert.channels_last(samples[0].numpy())], "reference")):
        np.testing.assert_array_equal(own, theirs)
    with torch.no_grad():
        return report, got, module(samples[0])[0].numpy()


def kept_float(report) -> set[str]:
    """The operators that the plan keeps float. What else is float only moves their numbers."""
    lines = [(line.split(": ")[1].split()[0], line.split(": ")[2]) for line in report["quantization"]["floats"]]
    kept = {operator for operator, why in lines if why == "it is to stay float"}
    assert {operator for operator, _ in lines} - kept <= {"RESHAPE", "TRANSPOSE"}
    return kept


def test_boxes_beside_scores_are_warned_of(tmp_path):
    report, (out, _), expected = detect(tmp_path, "keep")
    (warning,) = report["warnings"]
    assert warning.startswith('concatenation "cat": "mul" ranges from ') and '"sigmoid_1" from 0 to 0.9961' in warning, warning
    assert warning.endswith("about 2 of 256 levels; one scale holds both"), warning
    assert decibels(expected[:, :4], out[:, :4]) > 30
    assert len(np.unique(out[:, 4:])) <= 2  # the scores are gone


@pytest.mark.parametrize("concat", ["split", "float"])
def test_boxes_beside_scores_are_parted(concat, tmp_path):
    report, got, expected = detect(tmp_path, concat)
    (warning,) = report["warnings"]
    if concat == "split":
        boxes, scores, _ = got
        assert [output["name"] for output in report["outputs"]] == ["mul", "sigmoid_1", "relu"]
        assert warning.endswith("its parts are outputs in its place")
        assert "CONCATENATION" not in report["operators"]
    else:
        boxes, scores = got[0][:, :4], got[0][:, 4:]
        assert warning.endswith("it stays float, and what follows")
        assert kept_float(report) == {"CONCATENATION", "RESHAPE"}
    assert decibels(expected[:, :4], boxes) > 30 and decibels(expected[:, 4:], scores) > 30


def test_what_follows_a_concatenation_stays_float(tmp_path):
    """One that is no output cannot be split, which the warning says."""
    report, (out, _), expected = detect(tmp_path, "float", lambda x: (x * 0.5).abs())
    assert kept_float(report) >= {"CONCATENATION", "MUL", "ABS"}
    assert decibels(expected[:, 4:], out[:, 4:]) > 30
    report, (out, _), _ = detect(tmp_path, "split", lambda x: (x * 0.5).abs())
    assert [warning.endswith("one scale holds both") for warning in report["warnings"]] == [True]


def test_names_of_outputs_that_change(tmp_path):
    module = Detector().eval()
    x = torch.randn(1, 3, 12, 12)
    with pytest.raises(tinynn.Error, match="output_names: cannot be given where concatenations are split"):
        tinynn.load(module, x).quantize(tmp_path / "x.tflite", [x], concat="split", output_names=["a", "b"])
    with pytest.raises(tinynn.Error, match="concat 'all': expected one of keep, split, float"):
        tinynn.load(module, x).quantize(tmp_path / "x.tflite", [x], concat="all")
    assert not list(tmp_path.iterdir())


def test_ranges_that_are_alike_are_not_warned_of(tmp_path):
    module, samples = prepare(calls("", lambda x: torch.cat([x, x * 4, x * 0], 1)))
    assert tinynn.load(module, samples[0]).quantize(tmp_path / "x.tflite", samples)["warnings"] == []


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
        (["--samples", "samples.npy", "-o", "x.tflite", "--concat", "all"], 1, 'is "all", expected keep, split or float'),
        (["--samples", "samples.npy", "-o", "nowhere/x.tflite"], 4, "nowhere/x.tflite"),
    ],
)
def test_programs_complaints(options, code, words, tmp_path, program):
    module, samples = prepare(CASES[0])
    torch.jit.trace(module, samples[0]).save(str(tmp_path / "model.pt"))
    np.save(tmp_path / "samples.npy", np.stack([x.numpy() for x in samples]))
    done = subprocess.run([program, "quantize", "model.pt", *options], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == code and words in done.stderr, done.stderr
