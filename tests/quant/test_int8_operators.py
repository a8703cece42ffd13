"""Every operator that TFLite computes in integers, a case or several: LiteRT's kernels, those of XNNPACK, tinynn's own
interpreter and PyTorch agree on it.

A case is a module of one operator whose inputs and outputs are int8. PyTorch computes from the same numbers, so that what differs is
the operator's own rounding.
"""

import json
import math
import subprocess
from dataclasses import dataclass
from pathlib import Path

import litert
import numpy as np
import pytest
import tinynn
import torch
from ai_edge_litert.interpreter import Interpreter
from torch import Tensor, nn
from torch.nn import functional as F

SAMPLES = 8
IMAGE = (1, 4, 7, 6)

# LiteRT's reference resolver registers older versions only of these, or none.
NOT_IN_REFERENCE = {"ELU", "TILE", "DEPTH_TO_SPACE"}
# Its reference kernel of SUM gives numbers that depend on where its memory lies.
UNSTABLE_IN_REFERENCE = {"SUM"}


@dataclass(frozen=True)
class Case:
    operator: str
    function: object  # a module, or a function of tensors
    inputs: tuple[tuple[int, ...], ...] = (IMAGE,)
    name: str = ""
    steps: float = 1.0  # of the result's scale, from PyTorch
    decibels: float | None = None  # in place of steps, where weights are rounded too
    xnnpack: float = 0.01  # the share of elements that XNNPACK may give one step away
    layout: str = "nhwc"
    positive: bool = False
    per_tensor: bool = False


class Calls(nn.Module):
    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, *x: Tensor):
        return self.function(*x)


def weighted(operator: str, module, *inputs, name: str, **more) -> list[Case]:
    """With a scale for each channel, and with one. Weights and results of 8 bits give 40 dB each, less what clips."""
    both = [(False, "per channel"), (True, "per tensor")]
    return [Case(operator, module, inputs or (IMAGE,), f"{name}, {text}", decibels=33 if one else 35, per_tensor=one, **more)
            for one, text in both]


def in_both_layouts(operator: str, function, *inputs, name: str = "", **more) -> list[Case]:
    return [Case(operator, function, inputs or (IMAGE,), f"{name} {layout}".strip(), layout=layout, **more)
            for layout in ("nhwc", "nchw")]


def conv(**options):
    return lambda: nn.Conv2d(4, 6, **({"kernel_size": 3} | options))


def turned(channels: int) -> nn.Conv2d:
    """A convolution that all kernels compute exactly: channels in another order."""
    layer = nn.Conv2d(channels, channels, 1, bias=False)
    with torch.no_grad():
        layer.weight.copy_(torch.eye(channels).flip(0)[:, :, None, None])
    return layer


SMALL, MATRIX = (1, 4, 1, 1), (4, 13)

CASES = [
    *weighted("CONV_2D", conv(), name="valid"),
    *weighted("CONV_2D", conv(padding=1, stride=2), name="same, stride"),
    *weighted("CONV_2D", conv(padding=2, dilation=2, bias=False), name="dilation, no bias"),
    *weighted("CONV_2D", conv(kernel_size=(1, 5)), name="1x5"),
    *weighted("CONV_2D", lambda: nn.Sequential(nn.Conv2d(4, 6, 3, groups=2)), name="groups"),
    *weighted("CONV_2D", lambda: nn.Sequential(nn.Conv2d(4, 6, 3), nn.ReLU()), name="relu"),
    *weighted("CONV_2D", lambda: nn.Sequential(nn.Conv2d(4, 6, 3), nn.ReLU6()), name="relu6"),
    *weighted("CONV_2D", lambda: nn.Sequential(nn.Conv2d(4, 6, 3), nn.Hardtanh()), name="hardtanh"),
    *weighted("CONV_2D", lambda: nn.Conv1d(4, 6, 3), (1, 4, 13), name="one dimension"),
    *weighted("DEPTHWISE_CONV_2D", lambda: nn.Conv2d(4, 4, 3, groups=4), name="plain"),
    *weighted("DEPTHWISE_CONV_2D", lambda: nn.Conv2d(4, 8, 3, groups=4, padding=1, stride=2), name="multiplier"),
    *weighted("DEPTHWISE_CONV_2D", lambda: nn.Sequential(nn.Conv2d(4, 4, 3, groups=4, dilation=2), nn.ReLU6()), name="dilation"),
    *weighted("FULLY_CONNECTED", lambda: nn.Linear(13, 5), MATRIX, name="plain"),
    *weighted("FULLY_CONNECTED", lambda: nn.Linear(7, 5, bias=False), (2, 3, 7), name="no bias"),
    *weighted("FULLY_CONNECTED", lambda: nn.Sequential(nn.Linear(13, 1), nn.ReLU()), MATRIX, name="relu"),
    *weighted("TRANSPOSE_CONV", lambda: nn.ConvTranspose2d(4, 5, 3, stride=2), name="stride"),
    *weighted("TRANSPOSE_CONV", lambda: nn.ConvTranspose2d(4, 5, 2, stride=2, padding=0, bias=False), name="no bias"),
    Case("BATCH_MATMUL", torch.matmul, ((2, 5, 7), (2, 7, 3)), steps=1.5),
    Case("BATCH_MATMUL", lambda a, b: a @ b.transpose(-1, -2), ((2, 5, 7), (2, 3, 7)), "transposed", steps=1.5),
    Case("BATCH_MATMUL", torch.matmul, ((1, 5, 7), (3, 7, 1)), "broadcast", steps=1.5),
    *in_both_layouts("ADD", torch.add, IMAGE, IMAGE),
    Case("ADD", torch.add, (IMAGE, SMALL), "channels"),
    Case("ADD", torch.add, (IMAGE, (6,)), "row", layout="nchw"),
    Case("ADD", lambda x: x + 0.75, name="number"),
    Case("ADD", lambda x, y: (x + y).relu(), (IMAGE, IMAGE), "relu"),
    Case("ADD", lambda x: F.relu6(x + 3.5), name="relu6"),
    Case("SUB", torch.sub, (IMAGE, IMAGE)),
    Case("SUB", torch.sub, (SMALL, IMAGE), "channels"),
    Case("SUB", lambda x: 1 - x, name="number"),
    Case("SUB", lambda x, y: F.hardtanh(x - y), (IMAGE, IMAGE), "hardtanh"),
    # XNNPACK rounds a product once, the reference kernel twice.
    Case("MUL", torch.mul, (IMAGE, IMAGE), xnnpack=0.02),
    Case("MUL", torch.mul, (IMAGE, SMALL), "channels"),
    Case("MUL", lambda x: x * -1.7, name="number"),
    Case("MUL", torch.neg, name="sign"),
    Case("MUL", lambda x: x / 3, name="quotient"),
    Case("MUL", lambda x: x**2, name="square"),
    Case("MUL", lambda x: x**3, ((3, 13),), name="third power", steps=3),
    Case("MUL", lambda x, y: (x * y).relu(), (IMAGE, IMAGE), "relu", xnnpack=0.02),
    Case("MAXIMUM", torch.maximum, (IMAGE, IMAGE)),
    Case("MAXIMUM", lambda x: x.clamp(min=0.3), name="bound"),
    Case("MAXIMUM", lambda x: torch.maximum(x, torch.tensor(9.0)), name="constant above all"),
    Case("MINIMUM", torch.minimum, (IMAGE, SMALL)),
    Case("MINIMUM", lambda x: x.clamp(-0.3, 0.4), name="bounds"),
    *[Case(name, lambda x, f=function: f(x, x.flip(-1)), steps=0) for name, function in
      (("EQUAL", torch.eq), ("NOT_EQUAL", torch.ne), ("GREATER", torch.gt), ("GREATER_EQUAL", torch.ge), ("LESS", torch.lt),
       ("LESS_EQUAL", torch.le))],
    *[Case(name, function, steps=0, name="0") for name, function in
      (("GREATER", lambda x: x > 0), ("LESS_EQUAL", lambda x: x <= 0))],
    Case("SELECT_V2", lambda x, y: torch.where(x > 0, x, y), (IMAGE, IMAGE)),
    Case("SELECT_V2", lambda x: torch.where(x > 0, x, -2.5), name="number"),
    Case("SELECT_V2", lambda x: x.masked_fill(torch.eye(6, dtype=torch.bool), 0.5), ((2, 6, 6),), name="mask"),
    Case("ABS", torch.abs),
    Case("RELU", torch.relu),
    Case("RELU6", lambda x: F.relu6(x)),
    Case("RELU_N1_TO_1", lambda x: F.hardtanh(x)),
    # XNNPACK's slope has 8 bits.
    Case("LEAKY_RELU", lambda x: F.leaky_relu(x, 0.13), xnnpack=0.12),
    Case("PRELU", lambda: nn.PReLU(4, 0.3)),
    Case("PRELU", lambda: nn.PReLU(1, 0.2), ((3, 13),), "one slope"),
    Case("HARD_SWISH", F.hardswish),
    Case("ELU", F.elu),
    Case("GELU", F.gelu),
    Case("GELU", lambda x: F.gelu(x, approximate="tanh"), name="tanh"),
    Case("LOGISTIC", torch.sigmoid),
    Case("TANH", torch.tanh),
    Case("EXP", torch.exp),
    Case("LOG", torch.log, positive=True),
    Case("SQRT", torch.sqrt, positive=True),  # it cuts off
    Case("RSQRT", torch.rsqrt, positive=True),
    *[Case("SOFTMAX", lambda x, d=d: x.softmax(d), ((2, 5, 7),), f"axis {d}") for d in (0, 1, 2)],
    Case("SOFTMAX", lambda x: x.softmax(1), name="channels"),
    Case("LOG_SOFTMAX", lambda x: x.log_softmax(-1), (MATRIX,)),
    # So is a mean; with one more bit than its result has, the first rounding is half a step.
    *in_both_layouts("MEAN", lambda x: x.mean((2, 3)), xnnpack=0.25),
    Case("MEAN", lambda x: x.mean(1, keepdim=True), name="channels"),
    Case("SUM", lambda x: x.sum(-1), ((2, 3, 7),)),
    Case("REDUCE_PROD", lambda x: x.prod(-1), ((3, 4, 2),), steps=1.5),
    Case("REDUCE_MAX", lambda x: x.amax(1)),
    Case("REDUCE_MIN", lambda x: x.amin((0, 2)), ((2, 3, 7),)),
    Case("ARG_MAX", lambda x: x.argmax(-1), ((3, 5, 7),), steps=0),
    Case("ARG_MIN", lambda x: x.argmin(1), ((3, 5, 7),), steps=0),
    Case("TOPK_V2", lambda x: x.topk(3).values, ((3, 9),)),
    *in_both_layouts("MAX_POOL_2D", lambda x: F.max_pool2d(x, 3, 2, 1)),
    Case("AVERAGE_POOL_2D", lambda x: F.avg_pool2d(x, 2)),
    Case("AVERAGE_POOL_2D", lambda x: F.adaptive_avg_pool2d(x, (7, 3)), name="adaptive"),
    Case("CONCATENATION", lambda x, y: torch.cat([x, y], 1), (IMAGE, (1, 3, 7, 6))),
    Case("CONCATENATION", lambda x, y: torch.cat([x, y, x], -1), ((2, 5), (2, 3)), "last"),
    Case("CONCATENATION", lambda x: torch.cat([x, torch.full((1, 4, 1, 6), 7.0)], 2), name="constant above all"),
    Case("CONCATENATION", lambda x, y: torch.slice_scatter(x, y, 1, 1, 3), ((3, 5), (3, 2)), "slice_scatter"),
    Case("PAD", lambda x: F.pad(x, (1, 2, 0, 1))),
    Case("PADV2", lambda x: F.pad(x, (1, 0, 2, 1), value=4.0)),
    Case("MIRROR_PAD", lambda x: F.pad(x, (1, 2, 2, 1), mode="reflect")),
    Case("RESHAPE", lambda x: x.reshape(6, 4), ((4, 6),)),
    Case("TRANSPOSE", lambda x: x.permute(2, 0, 1), ((2, 3, 5),)),
    Case("SLICE", lambda x: x[:, 1:3]),
    Case("STRIDED_SLICE", lambda x: x[:, :, ::2, 1::3]),
    Case("SPLIT", lambda x: x.chunk(2, 1)),
    Case("SPLIT_V", lambda x: x.split([1, 3], 1)),
    Case("GATHER", lambda x: x[:, [2, 0, 0, 3]]),
    Case("REVERSE_V2", lambda x: x.flip(-1)),
    Case("TILE", lambda x: x.repeat(1, 2, 1, 3)),
    Case("BROADCAST_TO", lambda x: x.expand(1, 4, 7, 6), (SMALL,)),
    Case("DEPTH_TO_SPACE", lambda: nn.Sequential(turned(8), nn.PixelShuffle(2)), ((1, 8, 3, 5),)),
    Case("SPACE_TO_DEPTH", lambda: nn.Sequential(nn.PixelUnshuffle(2), turned(12)), ((1, 3, 6, 4),)),
    Case("RESIZE_NEAREST_NEIGHBOR", lambda x: F.interpolate(x, scale_factor=2)),
    # XNNPACK's weights have 11 bits.
    Case("RESIZE_BILINEAR", lambda x: F.interpolate(x, scale_factor=2, mode="bilinear"), xnnpack=0.06),
    Case("RESIZE_BILINEAR", lambda x: F.interpolate(x, size=(4, 9), mode="bilinear", align_corners=True), xnnpack=0.1,
         name="corners"),
]


def identity(case: Case) -> str:
    return f"{case.operator} {case.name}".strip()


def module_of(case: Case) -> nn.Module:
    torch.manual_seed(5)
    named = getattr(case.function, "__name__", "") == "<lambda>" and case.function.__code__.co_argcount == 0
    return (case.function() if named or not callable(case.function) else Calls(case.function)).eval()


@dataclass
class Written:
    """A quantized file, its inputs as they are stored, and what PyTorch makes of them."""

    path: Path
    stored: list[list[np.ndarray]]  # a list a sample
    expected: list[list[np.ndarray]]
    report: dict


def _stored(array: np.ndarray, detail: dict) -> np.ndarray:
    scale, zero = detail["quantization"]
    return np.clip(np.rint(array / scale) + zero, -128, 127).astype(np.int8)


def _real(stored: np.ndarray, detail: dict) -> np.ndarray:
    scale, zero = detail["quantization"]
    return (stored.astype(np.float64) - zero) * scale if scale else stored


def _to_file(array: np.ndarray, layout: str) -> np.ndarray:
    return litert.channels_last(array) if layout == "nhwc" else array


def _to_torch(array: np.ndarray, layout: str) -> Tensor:
    real = array.transpose(0, 3, 1, 2) if array.ndim == 4 and layout == "nhwc" else array
    return torch.from_numpy(np.ascontiguousarray(real.astype(np.float32)))


def _expected(case: Case, module: nn.Module, stored: list[np.ndarray], details: list[dict]) -> list[np.ndarray]:
    with torch.no_grad():
        results = module(*(_to_torch(_real(x, d), case.layout) for x, d in zip(stored, details)))
    results = results if isinstance(results, (tuple, list)) else [results]
    return [_to_file(result.numpy(), case.layout) for result in results]


@pytest.fixture(params=CASES, ids=identity, scope="module")
def written(request, tmp_path_factory):
    case = request.param
    module, path = module_of(case), tmp_path_factory.mktemp("int8") / "model.tflite"
    draw = (lambda shape: torch.rand(shape) * 3 + 0.05) if case.positive else (lambda shape: torch.randn(shape) * 1.3)
    samples = [tuple(draw(shape) for shape in case.inputs) for _ in range(SAMPLES)]
    report = tinynn.load(module, samples[0]).quantize(path, samples, case.layout, io="int8", per_tensor=case.per_tensor)
    details = Interpreter(str(path)).get_input_details()
    stored = [[_stored(_to_file(x.numpy(), case.layout), d) for x, d in zip(sample, details)] for sample in samples]
    return case, Written(path, stored, [_expected(case, module, x, details) for x in stored], report)


def _is_small(tensor: dict) -> bool:
    return tensor["dtype"] == "int8" and tensor["scales"] > 0


def _reference(case: Case) -> str:
    return "builtin" if case.operator in NOT_IN_REFERENCE | UNSTABLE_IN_REFERENCE else "reference"


def test_operator_stands_in_the_file_with_integers(written):
    case, file = written
    (graph,) = tinynn.inspect(file.path)["subgraphs"]
    found = [node for node in graph["nodes"] if node["op"] == case.operator]
    assert found, [node["op"] for node in graph["nodes"]]
    for node in found:
        assert any(_is_small(graph["tensors"][k]) for k in node["inputs"] if k >= 0)
    assert not any(tensor["dtype"] == "float32" for tensor in graph["tensors"])
    assert file.report["quantization"]["float_operators"] == 0, file.report["quantization"]


def test_interpreter_gives_the_reference_kernels_integers(written):
    case, file = written
    for stored in file.stored:
        expected = litert.run(file.path, stored, _reference(case))
        for g, e in zip(tinynn.run_tflite(file.path, *stored), expected, strict=True):
            np.testing.assert_array_equal(g, e)


def test_xnnpack_is_within_one_step(written):
    case, file = written
    different = total = 0
    for stored in file.stored:
        expected = litert.run(file.path, stored, _reference(case))
        for g, e in zip(litert.run(file.path, stored), expected, strict=True):
            steps = np.abs(g.astype(np.int64) - e.astype(np.int64))
            assert steps.max(initial=0) <= 1
            different += int(np.count_nonzero(steps))
            total += steps.size
    assert different <= case.xnnpack * total, f"{different} of {total} differ"


def test_numbers_are_pytorchs(written):
    case, file = written
    details = Interpreter(str(file.path)).get_output_details()
    power = noise = 0.0
    for stored, results in zip(file.stored, file.expected):
        for g, detail, e in zip(tinynn.run_tflite(file.path, *stored), details, results, strict=True):
            if g.dtype == np.int8:  # what rounded operands make too large is stored as the largest number
                e = e.clip(*(_real(np.array(end), detail) for end in (-128, 127)))
            error = np.abs(_real(g, detail).astype(np.float64) - e)
            power, noise = power + float((e.astype(np.float64) ** 2).sum()), noise + float((error**2).sum())
            steps = error.max(initial=0) / (detail["quantization"][0] or 1)
            assert case.decibels is not None or steps <= case.steps * 1.001, f"{steps:.2f} steps"
    found = 10 * math.log10(power / max(noise, 1e-30))
    assert case.decibels is None or found >= case.decibels, f"{found:.1f} dB"


@pytest.mark.parametrize("operator", sorted(NOT_IN_REFERENCE))
def test_reference_resolver_lacks_it(operator, tmp_path):
    """If LiteRT comes to have it, the cases above should ask for it."""
    case = next(case for case in CASES if case.operator == operator)
    samples = [tuple(torch.randn(shape) for shape in case.inputs)]
    tinynn.load(module_of(case), samples[0]).quantize(tmp_path / "model.tflite", samples, io="int8")
    with pytest.raises(ValueError, match=f"Didn't find op for builtin opcode '{operator}'"):
        litert.open_file(tmp_path / "model.tflite", "reference")


@pytest.mark.parametrize("function, reasons", [
    (lambda x: (x * 500) > 30, ["GREATER stays float: its kernel compares no numbers with scales from 1 up"]),
    (lambda x: torch.stack([x.abs(), x]).amax(0).sqrt(), ["SQRT stays float: it reads numbers below 0, at which its kernel stops"]),
    (lambda x: torch.stack([x.abs() + 0.1, x]).amax(0).rsqrt(), ["RSQRT stays float: it reads numbers below 0, at which its kernel stops"]),
    (lambda x: x.abs() / (x.abs() + 0.1), ["DIV stays float: its kernel stops where a divisor is stored as 0; by a constant it is a product"]),
], ids=["GREATER", "SQRT", "RSQRT", "DIV"])
def test_kernels_that_would_stop_or_be_wrong_are_left_to_floats(function, reasons, tmp_path):
    torch.manual_seed(1)
    module, samples = Calls(function).eval(), [torch.randn(3, 5) for _ in range(SAMPLES)]
    report = tinynn.load(module, samples[0]).quantize(tmp_path / "model.tflite", samples)
    assert [line.split(": ", 1)[1] for line in report["quantization"]["floats"]] == reasons
    for kernels in litert.KERNELS:
        got = np.stack([litert.run(tmp_path / "model.tflite", [x.numpy()], kernels)[0] for x in samples]).astype(np.float64)
        expected = np.stack([module(x).numpy() for x in samples])
        # A number beside the bound may change sides.
        assert ((got - expected) ** 2).sum() <= (0.02 if expected.dtype == bool else 0.002) * (expected**2).sum(), kernels


def test_every_operator_has_a_case(program):
    rows = json.loads(subprocess.run([program, "support", "--json"], capture_output=True, check=True).stdout)
    operators = {row["name"] for row in rows if row["how"] == "TFLite operator"}
    assert operators == {case.operator for case in CASES}
