"""Inputs of bytes: the file gives for raw pictures what the network gives for normalized ones, by all of LiteRT's kernels."""

import subprocess
from pathlib import Path

import litert
import numpy as np
import pytest
import tinynn
import torch
from torch import Tensor, nn

MEAN, STD = (123.675, 116.28, 103.53), (58.395, 57.12, 57.375)  # of ImageNet, in bytes
N = 12


def pictures(shape: tuple[int, ...] = (1, 3, 16, 14)) -> list[np.ndarray]:
    """Smooth pictures of bytes, with all of 0 to 255."""
    random = np.random.default_rng(4)
    coarse = [random.integers(0, 256, (*shape[:-2], 4, 5)) for _ in range(N)]
    sizes = (shape[-2] // 4 + 1, shape[-1] // 5 + 1)
    return [np.kron(x, np.ones(sizes, np.int64))[..., : shape[-2], : shape[-1]].astype(np.uint8) for x in coarse]


def normalized(picture: np.ndarray, mean, std) -> Tensor:
    shape = (-1, 1, 1)
    x = torch.from_numpy(picture).double()
    return ((x - torch.tensor(mean).double().reshape(shape)) / torch.tensor(std).double().reshape(shape)).float()


def network(padding: int, groups: int = 1, stem: bool = False) -> nn.Module:
    torch.manual_seed(6)
    first = nn.Conv2d(3, 9, 3, padding=padding, groups=groups)
    body = [nn.ReLU(), nn.Conv2d(9, 8, 3, stride=2), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(8, 10)]
    module = nn.Sequential(nn.MaxPool2d(2), first, *body) if stem else nn.Sequential(first, *body)
    return module.eval()


def decibels(expected: np.ndarray, got: np.ndarray) -> float:
    return 10 * np.log10(float((expected**2).sum()) / float(((expected - got) ** 2).sum()))


def outputs(path: Path, inputs: list[np.ndarray], kernels: str) -> np.ndarray:
    return np.stack([litert.run(path, [litert.channels_last(x)], kernels)[0] for x in inputs])


def check(module: nn.Module, mean, std, tmp_path: Path, **options) -> tinynn.Report:
    """Bytes in: as near to the network as the file that takes floats, to 1 dB, and the same class."""
    raw = pictures()
    samples = [normalized(x, mean, std) for x in raw]
    model = tinynn.load(module, samples[0])
    with torch.no_grad():
        expected = np.stack([module(x).numpy() for x in samples])
    model.quantize(tmp_path / "float.tflite", samples)
    report = model.quantize(tmp_path / "raw.tflite", samples, input_stats=[(mean, std)], **options)
    bits = report["inputs"][0]["dtype"]
    stored = [(x.astype(np.int64) - (128 if bits == "int8" else 0)).astype(bits) for x in raw]
    for kernels in ("xnnpack", "reference"):
        usual = decibels(expected, outputs(tmp_path / "float.tflite", [x.numpy() for x in samples], kernels))
        got = outputs(tmp_path / "raw.tflite", stored, kernels)
        assert decibels(expected, got) > max(usual - 1, 25), kernels
        sure = np.sort(expected, -1)[..., -1] - np.sort(expected, -1)[..., -2] > 2 * np.abs(got - expected).max()
        assert sure.any() and (got.argmax(-1) == expected.argmax(-1))[sure].all()
    own = tinynn.run_tflite(tmp_path / "raw.tflite", litert.channels_last(stored[0]))[0]
    np.testing.assert_array_equal(own, outputs(tmp_path / "raw.tflite", stored[:1], "reference")[0])
    return report


def inner_input(path: Path) -> dict:
    details = litert.open_file(path).get_input_details()[0]
    return {"dtype": details["dtype"].__name__, "quantization": details["quantization"]}


@pytest.mark.parametrize("io, dtype, zero", [("float32", "uint8", 127), ("uint8", "uint8", 127), ("int8", "int8", -1)])
def test_one_whole_mean_is_a_zero_point(tmp_path, io, dtype, zero):
    module, raw = network(1, stem=True), pictures()
    samples = [normalized(x, (127.0,), (64.0,)) for x in raw]
    tinynn.load(module, samples[0]).quantize(tmp_path / "x.tflite", samples, io=io, input_stats=[(127, 64)])
    assert inner_input(tmp_path / "x.tflite") == {"dtype": dtype, "quantization": (1 / 64, zero)}
    if io == "float32":
        assert check(module, (127.0,), (64.0,), tmp_path)["warnings"] == []


@pytest.mark.parametrize("groups", [1, 3])
@pytest.mark.parametrize("io", ["float32", "int8"])
def test_a_mean_and_std_a_channel_go_into_a_convolution_without_padding(tmp_path, groups, io):
    module = network(0, groups)
    if io == "float32":
        report = check(module, MEAN, STD, tmp_path)
        assert report["warnings"] == [] and report["quantization"]["float_operators"] == 0
    raw = pictures()
    samples = [normalized(x, MEAN, STD) for x in raw]
    tinynn.load(module, samples[0]).quantize(tmp_path / "raw.tflite", samples, io=io, input_stats=[(MEAN, STD)])
    zero = round(sum(MEAN) / 3) - (128 if io == "int8" else 0)
    assert inner_input(tmp_path / "raw.tflite")["quantization"] == (np.float32(3 / sum(STD)), zero)


def test_stds_alone_go_into_any_convolution(tmp_path):
    check(network(1), (128.0,) * 3, (40.0, 60.0, 90.0), tmp_path)


def test_a_fraction_of_a_mean_goes_into_a_convolution_without_padding(tmp_path):
    assert check(network(0), (127.5,), (127.5,), tmp_path)["warnings"] == []


@pytest.mark.parametrize("channels", [1, 3])
def test_a_fraction_of_a_mean_is_rounded_where_it_must(tmp_path, channels):
    (warning,) = check(network(1), (127.5,) * channels, (127.5,) * channels, tmp_path)["warnings"]
    assert 'input "input": the zero point is 128 for a mean of 127.5, so its numbers are 0.00392157 too low; ' in warning
    assert 'which reads it, pads with zeros' in warning


def test_folding_is_exact(tmp_path):
    """In floats, but for their digits: what the file computes is within the error of its weights and activations alone. With weights that
    8 bits hold exactly, and a last layer that is the first, only the output is rounded."""
    module = nn.Sequential(nn.Conv2d(3, 4, 2))
    torch.manual_seed(2)
    with torch.no_grad():
        module[0].weight.copy_(torch.randint(-127, 128, module[0].weight.shape) / 64)
        module[0].weight[:, 0, 0, 0] = 127 / 64  # the scale of each channel is 1 / 64
        module[0].bias.copy_(torch.randint(-500, 500, (4,)) / 64)
    raw = pictures()
    mean, std = (10.0, 100.0, 250.0), (1.0, 1.0, 1.0)
    samples = [normalized(x, mean, std) for x in raw]
    model = tinynn.load(module, samples[0])
    model.quantize(tmp_path / "raw.tflite", samples, input_stats=[(mean, std)], correct_biases=False)
    with torch.no_grad():
        expected = np.stack([litert.channels_last(module(x).numpy()) for x in samples])
    step = (expected.max() - expected.min()) / 255
    assert np.abs(outputs(tmp_path / "raw.tflite", raw, "reference") - expected).max() <= 0.51 * step


class TwoInputs(nn.Module):
    def __init__(self):
        super().__init__()
        self.first, self.second = nn.Conv2d(3, 4, 3), nn.Conv2d(1, 4, 3)

    def forward(self, image: Tensor, depth: Tensor) -> Tensor:
        return self.first(image) + self.second(depth)


def test_inputs_by_name(tmp_path):
    raw, depth = pictures(), [torch.randn(1, 1, 16, 14) for _ in range(N)]
    samples = [(normalized(x, MEAN, STD), d) for x, d in zip(raw, depth)]
    module = TwoInputs().eval()
    model = tinynn.load(module, samples[0])
    report = model.quantize(tmp_path / "x.tflite", samples, input_stats={"image": (MEAN, STD)})
    assert [row["dtype"] for row in report["inputs"]] == ["uint8", "float32"]
    with torch.no_grad():
        expected = np.stack([litert.channels_last(module(*s).numpy()) for s in samples])
    got = np.stack([litert.run(tmp_path / "x.tflite", [litert.channels_last(x), litert.channels_last(s[1].numpy())])[0]
                    for x, s in zip(raw, samples)])
    assert decibels(expected, got) > 25


def test_statistics_serve_raw_inputs_too(tmp_path):
    """They are of the network as it is, whatever its inputs become."""
    raw = pictures()
    samples = [normalized(x, MEAN, STD) for x in raw]
    module = network(0)
    model = tinynn.load(module, samples[0])
    model.quantize(tmp_path / "x.tflite", statistics=model.calibrate(samples), input_stats=[(MEAN, STD)])
    with torch.no_grad():
        expected = np.stack([module(x).numpy() for x in samples])
    assert decibels(expected, outputs(tmp_path / "x.tflite", raw, "reference")) > 20


@pytest.mark.parametrize(
    "module, stats, code, words",
    [
        (network(1), (MEAN, STD), "unsupported", ["input: mean and std cannot be folded", "pads with zeros", "need no folding"]),
        (network(0, stem=True), (MEAN, STD), "unsupported", ["(max_pool), which reads it, is no convolution"]),
        (nn.ConvTranspose2d(3, 4, 3), (MEAN, STD), "unsupported", ["is a transposed convolution"]),
        (network(0), ((-40.0,), (50.0,)), None, []),
        (network(1), ((-40.0,), (50.0,)), "unsupported", ["pads with zeros"]),
        (network(0), (MEAN, (50.0, 60.0)), "invalid", ["input: 3 means and 2 stds"]),
        (network(0), ((1.0, 2.0), (50.0, 60.0)), "invalid", ["input: 2 means or stds for 3 channels"]),
        (network(0), (128, 0), "invalid", ["mean 128 and std 0"]),
        (network(0), (float("nan"), 1), "invalid", ["mean nan and std 1"]),
        (network(0), ((), ()), "invalid", ["0 means and 0 stds"]),
    ],
)
def test_refusals(tmp_path, module, stats, code, words):
    samples = [normalized(x, MEAN, STD) for x in pictures()]
    model = tinynn.load(module.eval(), samples[0])
    if code is None:
        model.quantize(tmp_path / "x.tflite", samples, input_stats=[stats])
        return
    with pytest.raises(tinynn.Error) as caught:
        model.quantize(tmp_path / "x.tflite", samples, input_stats=[stats])
    assert caught.value.code == code and all(w in str(caught.value) for w in words), caught.value
    assert not list(tmp_path.iterdir())


def test_all_reasons_are_listed(tmp_path):
    class Several(nn.Module):
        def __init__(self):
            super().__init__()
            self.first = nn.Conv2d(3, 3, 3, padding=1)

        def forward(self, x: Tensor):
            return self.first(x) + x.tanh(), x

    samples = [normalized(x, MEAN, STD) for x in pictures()]
    with pytest.raises(tinynn.Error) as caught:
        tinynn.load(Several().eval(), samples[0]).quantize(tmp_path / "x.tflite", samples, input_stats=[(MEAN, STD)])
    for words in ("is an output of the model", "pads with zeros", "(tanh), which reads it, is no convolution"):
        assert words in str(caught.value)


@pytest.mark.parametrize(
    "stats, words",
    [
        ({"picture": (128, 64)}, "picture: is no input of the model"),
        ([(128, 64), (128, 64)], "input_stats: are for 2 inputs, the model has 1"),
    ],
)
def test_inputs_that_are_not_there(tmp_path, stats, words):
    samples = [normalized(x, MEAN, STD) for x in pictures()]
    with pytest.raises(tinynn.Error, match=words):
        tinynn.load(network(0), samples[0]).quantize(tmp_path / "x.tflite", samples, input_stats=stats)


@pytest.fixture
def folder(tmp_path) -> Path:
    samples = [normalized(x, MEAN, STD).numpy() for x in pictures()]
    np.save(tmp_path / "samples.npy", np.stack(samples))
    torch.jit.trace(network(0), torch.from_numpy(samples[0])).save(str(tmp_path / "model.pt"))
    return tmp_path


def quantize(folder: Path, program: Path, *options: str, code: int = 0) -> subprocess.CompletedProcess[str]:
    command = [program, "quantize", "model.pt", "--samples", "samples.npy", "-o", "x.tflite", *options]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stderr
    return done


def test_program(folder, program):
    quantize(folder, program, "--input-stats", "input=123.675,116.28,103.53,58.395,57.12,57.375")
    one = (folder / "x.tflite").read_bytes()
    model = tinynn.load(folder / "model.pt")
    model.quantize(folder / "y.tflite", np.load(folder / "samples.npy"), input_stats=[(MEAN, STD)])
    assert (folder / "y.tflite").read_bytes() == one
    quantize(folder, program, "--input-stats", "128,64")
    assert inner_input(folder / "x.tflite")["quantization"] == (1 / 64, 128)


@pytest.mark.parametrize("text", ["128", "1,2,3", "a,b", "", "128,64,", "x=", ",".join(["1"] * 34)])
def test_programs_complaints(folder, program, text):
    done = quantize(folder, program, "--input-stats", text, code=1)
    assert "--input-stats is " in done.stderr and done.stderr.count("\n") == 1
