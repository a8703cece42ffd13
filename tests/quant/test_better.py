"""What makes the numbers of quantized files better: that each step gains, says so, and does no harm."""

from pathlib import Path

import litert
import numpy as np
import pytest
import tinynn
import torch
from quantized import SAMPLES, decibels, outputs, quality, step
from torch import Tensor, nn


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


@pytest.mark.parametrize("reader", [nn.Conv2d(8, 8, 2, groups=2), nn.Conv2d(8, 8, 1)], ids=["2x2", "1x1"])
def test_biases_far_above_zero_are_absorbed(reader, tmp_path):
    torch.manual_seed(5)
    reader.reset_parameters()
    module = nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU(), reader).eval()
    with torch.no_grad():
        module[0].bias += 30
        module[2].bias -= module[2](torch.full((1, 8, 2, 2), 30.0))[0, :, 0, 0]
    samples, tested = [[torch.randn(1, 3, 9, 9) for _ in range(SAMPLES)] for _ in range(2)]
    without, absorbed = (quality(tmp_path, module, samples, tested, absorb_biases=absorb) for absorb in (False, True))
    assert absorbed > without + 4, (without, absorbed)
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
    module, samples = nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU(), nn.Conv2d(8, 4, 1)).eval(), [torch.randn(1, 3, 9, 9)]
    report = tinynn.load(module, samples[0]).quantize(tmp_path / "model.tflite", samples, analytic_bias=True)
    assert step(report, "bias correction")["changed"] == 0
    assert report["warnings"] == ["biases are not corrected: no layer has a batch norm before it whose statistics are known"]


def smooth(*shape: int) -> Tensor:
    """Numbers that hang together along all dimensions behind the first, as those of pictures and behind layers do."""
    x = torch.randn(shape)
    for d in range(1, len(shape)):
        x = x.cumsum(d)
    return x / x.std()


ROUNDED = {
    "stride, padding": (nn.Conv2d(4, 16, 3, stride=2, padding=1), (1, 4, 15, 13)),
    "dilation, one side": (nn.Conv2d(4, 16, (3, 2), dilation=(2, 1), padding=(2, 0)), (1, 4, 12, 13)),
    "groups": (nn.Conv2d(8, 16, 3, groups=2), (2, 8, 9, 8)),
    "depthwise": (nn.Conv2d(16, 16, 3, padding=1, groups=16), (1, 16, 9, 8)),
    "one dimension": (nn.Conv1d(5, 16, 4, stride=2, padding=2), (1, 5, 40)),
    "linear": (nn.Linear(40, 16), (8, 40)),
    "linear, three dimensions": (nn.Linear(40, 16), (2, 7, 40)),
}


@pytest.mark.parametrize("name", ROUNDED)
def test_rounding_suits_what_weights_are_multiplied_with(name, tmp_path):
    """Wherever windows were taken from wrong places, the numbers would be worse, and not better."""
    torch.manual_seed(8)
    layer, shape = ROUNDED[name]
    samples, tested = [[smooth(*shape) for _ in range(30)] for _ in range(2)]
    # A scale as if there were a large weight: 4 bits for the others.
    with torch.no_grad():
        layer.reset_parameters()
        layer.weight.view(-1)[0] = 16 * layer.weight.abs().max()
    found = {adaround: quality(tmp_path, layer.eval(), samples, tested, per_tensor=True, adaround=adaround) for adaround in (False, True)}
    assert found[True] > found[False] + 1, found


def test_rounded_weights_are_neighbours(tmp_path):
    torch.manual_seed(9)
    module = nn.Sequential(nn.Conv2d(3, 12, 3), nn.ReLU(), nn.Conv2d(12, 12, 3, groups=12), nn.ReLU(), nn.Conv2d(12, 8, 1)).eval()
    samples, tested = [[smooth(1, 3, 12, 12) for _ in range(30)] for _ in range(2)]
    with torch.no_grad():
        for layer in module[::2]:
            layer.weight.view(-1)[0] = 8 * layer.weight.abs().max()
    options = {"per_tensor": True, "equalize": False, "search_ranges": False}
    weights, found = {}, {}
    for adaround in (False, True):
        found[adaround] = quality(tmp_path, module, samples, tested, adaround=adaround, **options)
        interpreter = litert.open_file(tmp_path / "model.tflite", "reference")
        tensors = [t for t in interpreter.get_tensor_details() if t["dtype"] == np.int8 and "weight" in t["name"]]
        weights[adaround] = np.concatenate([interpreter.get_tensor(t["index"]).ravel().astype(int) for t in tensors])
    apart = np.abs(weights[True] - weights[False])
    assert apart.max() == 1 and 0.05 < apart.mean() < 0.5
    assert found[True] > found[False] + 1, found
    files = []
    for n in (1, 3):
        report = tinynn.load(module, samples[0]).quantize(tmp_path / "model.tflite", samples, adaround=True, n_threads=n, **options)
        files.append((tmp_path / "model.tflite").read_bytes())
    assert files[0] == files[1]
    assert [s["name"] for s in report["quantization"]["steps"]] == ["rounding", "bias correction"]
    assert step(report, "rounding")["changed"] == 3 and not step(report, "rounding")["taken_back"]


def test_rounding_to_4_bits(tmp_path):
    """In the network it gains where steps are wide."""
    torch.manual_seed(10)
    module = nn.Sequential(nn.Conv2d(3, 24, 3), nn.ReLU(), nn.Conv2d(24, 24, 3), nn.ReLU(), nn.Conv2d(24, 8, 1)).eval()
    samples, tested = [[smooth(1, 3, 12, 12) for _ in range(30)] for _ in range(2)]
    options = {"weights": {"min_elems": 0}}
    found = {adaround: quality(tmp_path, module, samples, tested, adaround=adaround, **options) for adaround in (False, True)}
    report = tinynn.load(module, samples[0]).quantize(tmp_path / "model.tflite", samples, adaround=True, **options)
    assert report["int4"]["operators"] == 3
    assert found[True] > found[False] + 3, found


def test_rows_that_are_too_long_to_be_rounded_so(tmp_path):
    module, samples = nn.Sequential(nn.Linear(4609, 4), nn.ReLU(), nn.Linear(4, 3)), [torch.randn(1, 4609) for _ in range(3)]
    report = tinynn.load(module, samples[0]).quantize(tmp_path / "model.tflite", samples, adaround=True)
    assert step(report, "rounding")["changed"] == 1
    assert report["warnings"] == ["1 layers are rounded to nearest: an output has more than 4608 weights"]


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


class Scaled(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return torch.cat([x, x * 4, x * 0], 1)


def test_ranges_that_are_alike_are_not_warned_of(tmp_path):
    module, samples = Scaled().eval(), [torch.randn(1, 3, 9, 9)]
    assert tinynn.load(module, samples[0]).quantize(tmp_path / "x.tflite", samples)["warnings"] == []
