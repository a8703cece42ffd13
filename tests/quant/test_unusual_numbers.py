"""Numbers that quantization has trouble with: masks of attention, infinities, huge and tiny ones, none at all."""

import math
from dataclasses import dataclass

import litert
import numpy as np
import pytest
import tinynn
import torch
from torch import Tensor, nn
from torch.nn import functional as F

LENGTH, WIDTH, HEADS = 24, 32, 4
SAMPLES = 8
LEAST = torch.finfo(torch.float32).min
EARLIER = torch.tril(torch.ones(LENGTH, LENGTH, dtype=torch.bool))


class Attention(nn.Module):
    """`attend` makes the result of scores in units of 1, values, and what the model is given beside the sequence."""

    def __init__(self, attend):
        super().__init__()
        self.qkv = nn.Linear(WIDTH, 3 * WIDTH)
        self.out = nn.Linear(WIDTH, WIDTH)
        self.attend = attend

    def forward(self, x: Tensor, *mask: Tensor) -> Tensor:
        parts = self.qkv(x).chunk(3, -1)
        q, k, v = (part.view(1, LENGTH, HEADS, WIDTH // HEADS).transpose(1, 2) for part in parts)
        return self.out(self.attend(3 * q, k, v, *mask).transpose(1, 2).reshape(1, LENGTH, WIDTH))


def scores(q: Tensor, k: Tensor) -> Tensor:
    return q @ k.transpose(-1, -2) / math.sqrt(WIDTH // HEADS)


def filled(value: float):
    return lambda q, k, v: scores(q, k).masked_fill(~EARLIER, value).softmax(-1) @ v


def added(value: float):
    return lambda q, k, v: (scores(q, k) + torch.zeros(LENGTH, LENGTH).masked_fill(~EARLIER, value)).softmax(-1) @ v


def product_added(value: float):
    """As BERT does: the mask is an input of ones and zeros."""
    return lambda q, k, v, keep: (scores(q, k) + (1 - keep) * value).softmax(-1) @ v


def given(q: Tensor, k: Tensor, v: Tensor, mask: Tensor) -> Tensor:
    return F.scaled_dot_product_attention(q, k, v, attn_mask=mask)


def filled_twice(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    near = EARLIER.flip(0).flip(1).roll(5, 1) | torch.eye(LENGTH, dtype=torch.bool)
    return scores(q, k).masked_fill(~EARLIER, -1e9).masked_fill(~near, -1e9).softmax(-1) @ v


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = nn.TransformerEncoderLayer(WIDTH, HEADS, 64, batch_first=True)

    def forward(self, x: Tensor) -> Tensor:
        return self.layer(x, src_mask=nn.Transformer.generate_square_subsequent_mask(LENGTH))


def ends(value: float) -> list[Tensor]:
    """Masks of an end of the sequence, another one for each sample."""
    masks = [torch.zeros(1, 1, LENGTH, LENGTH) for _ in range(SAMPLES)]
    for k, mask in enumerate(masks):
        mask[..., 2 * k + 3 :] = value
    return masks


def with_a_row_that_sees_nothing(masks: list[Tensor]) -> list[Tensor]:
    """Its result is 0 in PyTorch."""
    for mask in masks:
        mask[..., 4, :] = -math.inf
    return masks


@dataclass(frozen=True)
class Case:
    name: str
    make: object
    masks: object = None  # a function that gives one a sample
    floats: int = 0  # operators that stay float


CASES = [
    Case("is_causal", lambda: Attention(lambda q, k, v: F.scaled_dot_product_attention(q, k, v, is_causal=True))),
    Case("mask of bools", lambda: Attention(lambda q, k, v: F.scaled_dot_product_attention(q, k, v, attn_mask=EARLIER))),
    Case("encoder layer", Encoder),
    *[Case(f"fill {value:g}", lambda value=value: Attention(filled(value))) for value in (-math.inf, LEAST, -1e9, -1e4, -100)],
    *[Case(f"add {value:g}", lambda value=value: Attention(added(value))) for value in (-math.inf, LEAST, -1e9, -1e4, -100)],
    Case("fill twice", lambda: Attention(filled_twice)),
    # The mask is clipped in floats before it is stored; a comparison of the mask stays float too.
    *[Case(f"input {value:g}", lambda: Attention(given), lambda value=value: ends(value), 2) for value in (-math.inf, LEAST, -1e9)],
    *[Case(f"product {value:g}", lambda value=value: Attention(product_added(value)), lambda: [1 - m for m in ends(1)], 2)
      for value in (LEAST, -1e9, -1e4)],
    Case("a row that sees nothing", lambda: Attention(given), lambda: with_a_row_that_sees_nothing(ends(-math.inf)), 2),
    # What the softmax reads is made in floats.
    Case("sine, fill -inf", lambda: Attention(lambda q, k, v: (scores(q, k).sin().masked_fill(~EARLIER, -math.inf)).softmax(-1) @ v),
         floats=3),
]


def decibels(expected: np.ndarray, got: np.ndarray) -> float:
    noise = float(((expected.astype(np.float64) - got) ** 2).sum())
    return 10 * math.log10(float((expected.astype(np.float64) ** 2).sum()) / max(noise, 1e-30))


def as_file(sample: tuple[Tensor, ...]) -> list[np.ndarray]:
    return [litert.channels_last(x.numpy()) for x in sample]


def run(path, samples, kernels: str) -> np.ndarray:
    return np.stack([litert.run(path, as_file(sample), kernels)[0] for sample in samples])


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_masks_cost_no_accuracy(case, tmp_path):
    torch.manual_seed(1)
    module, path = case.make().eval(), tmp_path / "model.tflite"
    masks = case.masks() if case.masks else [None] * SAMPLES
    samples = [(torch.randn(1, LENGTH, WIDTH), *([mask] if mask is not None else [])) for mask in masks]
    report = tinynn.load(module, samples[0]).quantize(path, samples)
    with torch.no_grad():
        expected = np.stack([module(*sample).numpy() for sample in samples])
    for kernels in ("xnnpack", "reference"):
        found = decibels(expected, run(path, samples, kernels))
        assert found > 26, f"{kernels}: {found:.1f} dB"  # without a mask: 31
    np.testing.assert_array_equal(tinynn.run_tflite(path, *as_file(samples[0]))[0], run(path, samples[:1], "reference")[0])
    assert report["quantization"]["float_operators"] == case.floats, report["quantization"]


class Calls(nn.Module):
    """A function of what a layer gives, and a layer behind it."""

    def __init__(self, function):
        super().__init__()
        self.first, self.function, self.last = nn.Linear(WIDTH, LENGTH), function, nn.Linear(LENGTH, WIDTH)

    def forward(self, x: Tensor) -> Tensor:
        return self.last(self.function(self.first(x)))


def quantized(module: nn.Module, samples: list[Tensor], path) -> dict:
    return tinynn.load(module.eval(), samples[0]).quantize(path, samples)


@pytest.mark.parametrize("function, words", [
    (lambda x: x.masked_fill(~EARLIER, -math.inf).amax(-1, keepdim=True) + x, "REDUCE_MAX stays float: its numbers are infinite"),
    (lambda x: torch.where(EARLIER, x, -math.inf).exp() + x, "EXP stays float: its numbers are infinite"),
    (lambda x: x.relu().log().exp() + x, "LOG stays float: its numbers are infinite"),
], ids=["amax", "exp", "log"])
def test_infinities_stay_float(function, words, tmp_path):
    torch.manual_seed(2)
    module, samples = Calls(function).eval(), [torch.randn(1, LENGTH, WIDTH) for _ in range(SAMPLES)]
    report = quantized(module, samples, tmp_path / "model.tflite")
    assert any(words in line for line in report["quantization"]["floats"]), report["quantization"]
    with torch.no_grad():
        expected = np.stack([module(x).numpy() for x in samples])
    for kernels in ("xnnpack", "reference"):
        assert decibels(expected, run(tmp_path / "model.tflite", [(x,) for x in samples], kernels)) > 26


@pytest.mark.parametrize("function, name, sample", [
    (lambda x: (x - 1).log(), "log", 1),
    (lambda x: x.sub(x) / x.sub(x) + 1, "div", 0),
    (lambda x: x.masked_fill(torch.arange(LENGTH)[:, None] == 3, -math.inf).softmax(-1), "linear_1", 0),
], ids=["log", "division", "a row that sees nothing"])
def test_nan_is_an_error_with_value_and_sample(function, name, sample, tmp_path):
    torch.manual_seed(2)
    samples = [torch.zeros(1, LENGTH, WIDTH), torch.randn(1, LENGTH, WIDTH)]
    module = Calls(function)
    with torch.no_grad():
        module.first.bias.fill_(2)
        module.first.weight.abs_()
        samples[1] -= 9 * sample
    with pytest.raises(tinynn.Error) as caught:
        quantized(module, samples, tmp_path / "model.tflite")
    assert caught.value.code == "invalid" and f"{name}: sample {sample} gives nan" in str(caught.value)
    assert not list(tmp_path.iterdir())


def scaled_linear(weight: float, bias: float) -> nn.Sequential:
    """Two layers, the first of which has other magnitudes than usual."""
    torch.manual_seed(2)
    module = nn.Sequential(nn.Linear(WIDTH, 16), nn.ReLU(), nn.Linear(16, 8))
    with torch.no_grad():
        module[0].weight *= weight
        module[0].bias.copy_(torch.linspace(0.5, 1, 16) * bias)
        module[2].weight /= max(abs(weight), abs(bias)) or 1
    return module


NUMBERS = [
    ("huge", scaled_linear(1e34, 1e34), 1.0, 30),
    ("huge beside tiny", scaled_linear(1e37, 1e37), 1.0, None),  # scales are normal numbers, so that little is left of the tiny
    ("tiny", scaled_linear(1e-30, 1e-30), 1.0, 30),
    ("tiny inputs", scaled_linear(1, 0), 1e-30, 20),
    ("huge inputs", scaled_linear(1, 0), 1e36, 30),
    ("a bias beyond all weights", scaled_linear(1e-7, 1e3), 1.0, 30),
    ("weights of zero", scaled_linear(0, 1), 1.0, 30),
    ("all zero", scaled_linear(0, 0), 1.0, 30),
]


@pytest.mark.parametrize("per_tensor", [False, True], ids=["per channel", "per tensor"])
@pytest.mark.parametrize("name, module, inputs, least", NUMBERS, ids=[row[0] for row in NUMBERS])
def test_magnitudes(name, module, inputs, least, per_tensor, tmp_path):
    torch.manual_seed(4)
    samples = [torch.randn(1, WIDTH) * inputs for _ in range(1 if name == "a bias beyond all weights" else SAMPLES)]
    path = tmp_path / "model.tflite"
    tinynn.load(module.eval(), samples[0]).quantize(path, samples, per_tensor=per_tensor)
    with torch.no_grad():
        expected = np.stack([module(x).numpy() for x in samples])
    for kernels in ("xnnpack", "reference"):
        got = run(path, [(x,) for x in samples], kernels)
        assert np.isfinite(got).all()
        assert least is None or decibels(expected, got) > least, f"{decibels(expected, got):.1f} dB"
    for x in samples:
        np.testing.assert_array_equal(tinynn.run_tflite(path, x.numpy())[0], litert.run(path, [x.numpy()], "reference")[0])


@pytest.mark.parametrize("function", [
    lambda x: torch.cat([x, x[:, :0]], 1),
    lambda x: x[:, :0].sum() + x,
    lambda x: torch.cat([x.relu()[:, :0], x * 2], 1),
], ids=["beside others", "summed", "computed"])
def test_tensors_without_elements(function, tmp_path):
    torch.manual_seed(5)
    module, samples = Calls(function).eval(), [torch.randn(1, LENGTH, WIDTH) for _ in range(3)]
    quantized(module, samples, tmp_path / "model.tflite")
    with torch.no_grad():
        expected = np.stack([module(x).numpy() for x in samples])
    for kernels in ("xnnpack", "reference"):
        assert decibels(expected, run(tmp_path / "model.tflite", [(x,) for x in samples], kernels)) > 30


def test_numbers_beside_those_of_operands_have_a_place(tmp_path):
    """A bound, a constant or a padding beyond all that the operand holds."""
    module = nn.Sequential(nn.Conv2d(2, 3, 1), nn.ConstantPad2d(1, 9.0), nn.MaxPool2d(2)).eval()
    samples = [torch.randn(1, 2, 5, 5) for _ in range(3)]
    quantized(module, samples, tmp_path / "model.tflite")
    (got,) = litert.run(tmp_path / "model.tflite", as_file((samples[0],)), "reference")
    assert abs(got.max() - 9) < 0.05
