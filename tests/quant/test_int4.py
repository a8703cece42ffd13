"""Weights of 4 bits: all of LiteRT's kernels take them, tinynn's interpreter gives the same numbers, the noise is that of 4 bits, and
what keeps 8 is said."""

import json
import math
from pathlib import Path

import litert
import numpy as np
import pytest
import tinynn
import torch
from quantized import run
from torch import Tensor, nn

N = 24


def decibels(expected: np.ndarray, got: np.ndarray) -> float:
    noise = float(((expected - got) ** 2).sum())
    return 10 * math.log10(float((expected**2).sum()) / noise) if noise > 0 else math.inf


def outputs(path: Path, samples: list[Tensor], kernels: str) -> np.ndarray:
    return np.stack([litert.run(path, [litert.channels_last(x.numpy())], kernels)[0] for x in samples])


def expected_of(module: nn.Module, samples: list[Tensor]) -> np.ndarray:
    with torch.no_grad():
        return np.stack([litert.channels_last(module(x).numpy()) for x in samples])


def write(module: nn.Module, samples: list[Tensor], path: Path, kind: str, **options) -> tinynn.Report:
    model = tinynn.load(module, samples[0])
    options = {"weights": {"min_elems": 0}} | options
    if kind == "integers":
        return model.quantize(path, samples, correct_biases=False, **options)
    return model.convert(path, **({"dynamic_range": {"even_if_slower": True, "min_elems": 0}} | options))


def weight_types(path: Path) -> list[str]:
    """Of convolutions and fully connected layers, in order."""
    graph = tinynn.inspect(path)["subgraphs"][0]
    rows = [op for op in graph["nodes"] if op["op"] in ("CONV_2D", "DEPTHWISE_CONV_2D", "FULLY_CONNECTED", "TRANSPOSE_CONV")]
    return [graph["tensors"][op["inputs"][1]]["dtype"] for op in rows]


def uniform(module: nn.Module) -> nn.Module:
    """Weights spread evenly up to 1, one of each channel at the end, and no bias: the step is 1 / 7."""
    torch.manual_seed(1)
    with torch.no_grad():
        for layer in module.modules():
            if isinstance(layer, (nn.Conv1d, nn.Conv2d, nn.Linear)):
                layer.weight.uniform_(-1, 1)
                layer.weight.flatten(1)[:, 0] = 1
    return module.eval()


LAYERS = {
    "linear": (lambda: nn.Linear(200, 64, bias=False), (1, 200), 10),
    "linear, odd": (lambda: nn.Linear(77, 33, bias=False), (3, 77), 10),
    "linear, three dimensions": (lambda: nn.Linear(64, 48, bias=False), (2, 5, 64), 10),
    "convolution": (lambda: nn.Conv2d(24, 32, 3, padding=1, bias=False), (1, 24, 7, 9), 7),
    "convolution, odd": (lambda: nn.Conv2d(5, 7, 3, stride=2, bias=False), (1, 5, 15, 13), 7),
    "convolution of one place": (lambda: nn.Conv2d(48, 40, 1, bias=False), (1, 48, 6, 5), 7),
    "dilated": (lambda: nn.Conv2d(16, 20, 3, dilation=2, bias=False), (1, 16, 11, 11), 7),
    "one dimension": (lambda: nn.Conv1d(24, 24, 5, bias=False), (1, 24, 30), 7),
}


@pytest.mark.parametrize("per_tensor", [False, True])
@pytest.mark.parametrize("kind", ["integers", "dynamic range"])
@pytest.mark.parametrize("name", LAYERS)
def test_noise_is_that_of_four_bits(tmp_path, name, kind, per_tensor):
    """Errors are even within a step of 1/7: their mean square is (1/7)^2 / 12, that of weights 1/3, so the ratio is 22.9 dB whatever the
    inputs, which are independent. 8 bits of activations add nothing to speak of."""
    make, shape, version = LAYERS[name]
    module = uniform(make())
    samples = [torch.randn(shape) for _ in range(N)]
    path = tmp_path / "m.tflite"
    hybrid = {"dynamic_range": {"per_tensor": per_tensor, "even_if_slower": True, "min_elems": 0}}
    report = write(module, samples, path, kind, **({"per_tensor": per_tensor} if kind == "integers" else hybrid))
    n = module.weight.numel()
    assert report["int4"] == {"operators": 1, "bytes": (n + 1) // 2, "eights": []}
    assert weight_types(path) == ["int4"]
    found = next(row["version"] for op, row in report["operators"].items() if op in ("CONV_2D", "FULLY_CONNECTED"))
    assert found == (12 if version == 10 and kind == "dynamic range" else version)
    expected = expected_of(module, samples)
    for kernels in litert.RESOLVERS:
        got = outputs(path, samples, kernels)
        assert abs(decibels(expected, got) - 10 * math.log10(196)) < 1, kernels
    reference = litert.run(path, [litert.channels_last(samples[0].numpy())], "reference")[0]
    own = tinynn.run_tflite(path, litert.channels_last(samples[0].numpy()))[0]
    if kind == "integers":
        np.testing.assert_array_equal(own, reference)
    else:
        assert decibels(reference, own) > 55  # sums are floats in another order


def test_numbers_of_four_bits_are_exact(tmp_path):
    """Weights that are whole numbers up to 7 come through: packing mixes nothing up."""
    module = nn.Linear(7, 9, bias=False).eval()
    torch.manual_seed(3)
    with torch.no_grad():
        module.weight.copy_(torch.randint(-7, 8, (9, 7)).float())
        module.weight[:, 2] = 7
    samples = [torch.eye(7)[k : k + 1] for k in range(7)]
    path = tmp_path / "m.tflite"
    write(module, samples, path, "dynamic range")
    for kernels in litert.RESOLVERS:
        np.testing.assert_allclose(outputs(path, samples, kernels), expected_of(module, samples), atol=0.06, rtol=0)
    got = np.stack([tinynn.run_tflite(path, x.numpy())[0] for x in samples])
    np.testing.assert_array_equal(np.rint(got), expected_of(module, samples))


class Several(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 8, 3, padding=1)
        self.depthwise = nn.Conv2d(8, 8, 3, padding=1, groups=8)
        self.grouped = nn.Conv2d(8, 64, 3, groups=2)
        self.up = nn.ConvTranspose2d(64, 16, 2)
        self.body = nn.Sequential(nn.Conv2d(16, 32, 3), nn.ReLU(), nn.Conv2d(32, 32, 3))
        self.head = nn.Linear(32, 40)

    def forward(self, x: Tensor) -> Tensor:
        x = self.up(self.grouped(self.depthwise(self.stem(x))).relu())
        return self.head(self.body(x).mean((2, 3)))


@pytest.fixture
def several() -> tuple[nn.Module, list[Tensor]]:
    torch.manual_seed(0)
    return Several().eval(), [torch.randn(1, 3, 12, 12) for _ in range(8)]


def test_what_keeps_eight_bits_is_said(tmp_path, several):
    module, samples = several
    path = tmp_path / "m.tflite"
    report = write(module, samples, path, "integers", weights="int4")
    assert weight_types(path) == ["int8", "int8", "int4", "int8", "int4", "int4", "int4"]
    reasons = " ".join(report["int4"]["eights"])
    for words in ("has few weights", "is depthwise, for which LiteRT's reference", "is transposed"):
        assert words in reasons
    assert len(report["int4"]["eights"]) == 3
    for kernels in litert.RESOLVERS:
        assert decibels(expected_of(module, samples), outputs(path, samples, kernels)) > 15
    report = write(module, samples, path, "dynamic range", weights="int4")
    assert report["int4"]["operators"] == 3 and report["dynamic_range"]["operators"] == 4
    for kernels in litert.RESOLVERS:
        assert decibels(expected_of(module, samples), outputs(path, samples, kernels)) > 15


def test_convolutions_that_would_be_slower(tmp_path, several):
    module, samples = several
    path = tmp_path / "m.tflite"
    report = write(module, samples, path, "dynamic range", weights="int4", dynamic_range={"min_elems": 0})
    assert report["int4"]["operators"] == 1 and weight_types(path)[-1] == "int4"
    assert sum("would be slower" in line for line in report["int4"]["eights"]) == 3


@pytest.mark.parametrize(
    "choice, types",
    [
        ("int8", ["int8"] * 7),
        ({"linear_only": True}, ["int8"] * 6 + ["int4"]),
        ({"layers": ["body.*"]}, ["int8"] * 4 + ["int4"] * 2 + ["int8"]),
        ({"layers": ["body.?", "head"], "min_elems": 5000}, ["int8"] * 5 + ["int4", "int8"]),
        ({"layers": []}, ["int8", "int8", "int4", "int8", "int4", "int4", "int4"]),
    ],
)
def test_layers_are_chosen(tmp_path, several, choice, types):
    module, samples = several
    write(module, samples, tmp_path / "m.tflite", "integers", weights=choice)
    assert weight_types(tmp_path / "m.tflite") == types


def test_shared_weights(tmp_path):
    class Tied(nn.Module):
        def __init__(self):
            super().__init__()
            self.weight = nn.Parameter(torch.randn(64, 64) / 8)
            self.between = nn.ReLU()

        def forward(self, x: Tensor) -> Tensor:
            first = nn.functional.linear(x, self.weight)
            return nn.functional.linear(self.between(first), self.weight)

    samples = [torch.randn(2, 64) for _ in range(4)]
    path = tmp_path / "m.tflite"
    report = write(Tied().eval(), samples, path, "dynamic range", weights="int4")
    assert report["int4"]["operators"] == 2 and report["int4"]["bytes"] == 2048
    assert path.stat().st_size < 2048 + 3072
    report = write(Tied().eval(), samples, path, "dynamic range", weights={"layers": ["relu"]})
    assert report["int4"]["operators"] == 0
    assert report["int4"]["eights"] == ["relu: linear shares its weights with one that keeps 8 bits"]


def test_biases_are_corrected_for_four_bits(tmp_path):
    torch.manual_seed(1)
    module = nn.Sequential(nn.Conv2d(8, 16, 3, padding=1), nn.ReLU(), nn.Conv2d(16, 16, 3)).eval()
    samples = [torch.rand(1, 8, 12, 12) + 1 for _ in range(12)]
    expected, errors = expected_of(module, samples), {}
    model, path = tinynn.load(module, samples[0]), tmp_path / "m.tflite"
    for correct in (False, True):
        model.quantize(path, samples, weights={"min_elems": 0}, correct_biases=correct)
        errors[correct] = np.abs((outputs(path, samples, "reference") - expected).mean((0, 1, 2, 3))).max()
    assert errors[True] < 0.2 * errors[False], errors


def test_half_the_bytes_whatever_the_threads(tmp_path):
    torch.manual_seed(2)
    module = nn.Sequential(nn.Linear(256, 512), nn.ReLU(), nn.Linear(512, 256)).eval()
    samples = [torch.randn(1, 256) for _ in range(8)]
    model, files = tinynn.load(module, samples[0]), []
    for weights, n_threads in (("int8", 1), ("int4", 1), ("int4", 3)):
        model.quantize(tmp_path / "m.tflite", samples, weights=weights, n_threads=n_threads)
        files.append((tmp_path / "m.tflite").read_bytes())
    assert files[1] == files[2]
    assert len(files[0]) - len(files[1]) == 256 * 512


@pytest.mark.parametrize(
    "options, error, words",
    [
        ({"weights": "int4"}, tinynn.Error, "int4: is for files of integers and of dynamic range"),
        ({"weights": "int2"}, tinynn.Error, "weights 'int2': expected"),
        ({"weights": {"bits": 4}}, TypeError, "unknown option 'bits'"),
        ({"weights": {"layers": ["hed"]}, "dynamic_range": True}, tinynn.Error, "hed: is to have weights of 4 bits, and no layer"),
    ],
)
def test_refusals(tmp_path, several, options, error, words):
    module, samples = several
    with pytest.raises(error, match=words):
        tinynn.load(module, samples[0]).convert(tmp_path / "m.tflite", **options)
    assert not list(tmp_path.iterdir())


@pytest.fixture
def folder(tmp_path, several) -> Path:
    module, samples = several
    torch.jit.trace(module, samples[0]).save(str(tmp_path / "m.pt"))
    np.save(tmp_path / "s.npy", np.stack([x.numpy() for x in samples]))
    return tmp_path


def test_program(folder, program):
    many = ["--weight-type", "int4", "--int4-layers", "body.*", "--int4-layers", "head", "--int4-min-elems", "1"]
    run(folder, program, "quantize", "m.pt", "--samples", "s.npy", "-o", "m.tflite", "--report", "r.json", *many)
    assert json.loads((folder / "r.json").read_text())["int4"]["operators"] == 3
    shown = run(folder, program, "inspect", "m.tflite").stdout
    assert "int4" in shown
    run(folder, program, "convert", "m.pt", "-o", "m.tflite", "--dynamic-range-all", "--weight-type", "int4-linear", "--report", "r.json")
    assert json.loads((folder / "r.json").read_text())["int4"]["operators"] == 1
    shown = json.loads(run(folder, program, "check", "m.pt", "--dynamic-range-all", "--weight-type", "int4", "--json").stdout)
    assert shown["int4"]["operators"] == 3


@pytest.mark.parametrize(
    "options, code, words",
    [
        (["--weight-type", "int2"], 1, '--weight-type "int2": expected int8, int4 or int4-linear'),
        (["--weight-type", "int4"], 1, "int4: is for files of integers"),
        (["--weight-type", "int4", "--int4-min-elems", "x"], 1, '--int4-min-elems is "x"'),
        (["--weight-type", "int4", "--dynamic-range", "--int4-layers", "tail"], 1, "tail: is to have weights of 4 bits"),
    ],
)
def test_programs_complaints(folder, program, options, code, words):
    done = run(folder, program, "convert", "m.pt", "-o", "m.tflite", *options, code=code)
    assert words in done.stderr and not (folder / "m.tflite").exists()


def test_analysis_is_of_4_bits(tmp_path):
    samples = [torch.randn(1, 200) for _ in range(4)]
    report = write(uniform(nn.Linear(200, 64, bias=False)), samples, tmp_path / "model.tflite", "integers",
                   weights={"min_elems": 0}, analyze=True)
    (row,) = (row for row in report.analysis if row["weights_snr"] is not None)
    # Numbers spread evenly up to 1 have a power of 1 / 3, those of a step of 1 / 7 around them one of 1 / 588.
    assert abs(row["weights_snr"] - 10 * math.log10(588 / 3)) < 0.5


def test_rounding_of_4_bits_suits_the_inputs(tmp_path):
    module, path = uniform(nn.Linear(200, 64, bias=False)), tmp_path / "model.tflite"
    mix = torch.randn(8, 200)
    samples = [torch.randn(1, 8) @ mix for _ in range(N)]
    tested = [torch.randn(1, 8) @ mix for _ in range(N)]
    found = {}
    for adaround in (False, True):
        write(module, samples, path, "integers", adaround=adaround)
        assert weight_types(path) == ["int4"]
        found[adaround] = min(decibels(expected_of(module, tested), outputs(path, tested, k)) for k in ("xnnpack", "reference"))
    assert found[True] > found[False] + 3, found


def test_layer_that_stays_float_has_no_weights_of_4_bits(tmp_path):
    module, path = uniform(nn.Sequential(nn.Linear(40, 30), nn.Linear(30, 20))), tmp_path / "model.tflite"
    samples = [torch.randn(1, 40) for _ in range(4)]
    report = write(module, samples, path, "integers", config={"1": False})
    assert weight_types(path) == ["int4", "float32"]
    assert report["int4"]["operators"] == 1
