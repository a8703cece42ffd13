"""Options that say in what operators a network is written: what is in the file, and that LiteRT computes PyTorch's numbers by
both sets of kernels."""

import copy
import logging

import litert
import numpy as np
import pytest
import tinynn
import torch
from ai_edge_litert.interpreter import Interpreter
from tinynn.converter import TFLiteConverter
from tinynn.converter.base import GraphOptimizer
from torch import nn


def seeded(*layers: nn.Module) -> nn.Module:
    """The layers one after another, with random weights and statistics."""
    model = nn.Sequential(*layers).eval()
    generator = torch.Generator().manual_seed(1)
    for name, tensor in [*model.named_parameters(), *model.named_buffers()]:
        if tensor.is_floating_point():
            torch.nn.init.uniform_(tensor, 0.5 if name.endswith("var") else -1, 1, generator=generator)
    return model


def converted(model, dummy, path, expected=None, tolerance=1e-5, **options) -> TFLiteConverter:
    """Convert, run twice by both sets of kernels, and compare with PyTorch's result."""
    converter = TFLiteConverter(model, dummy, path, **options)
    converter.convert()
    expected = converter.get_outputs() if expected is None else expected
    wanted = [np.asarray(tensor.detach().permute(0, 2, 3, 1) if flag else tensor.detach())
              for tensor, flag in zip(expected, converter.output_transpose)]
    for kernels in litert.KERNELS:
        interpreter = litert.open_file(path, kernels)
        for _ in range(2):
            for detail, array in zip(interpreter.get_input_details(), converter.inputs_for_tflite()):
                interpreter.set_tensor(detail["index"], np.ascontiguousarray(array))
            interpreter.invoke()
            found = [interpreter.get_tensor(detail["index"]) for detail in interpreter.get_output_details()]
            litert.assert_close(found, wanted, tolerance)
    return converter


def counts(converter: TFLiteConverter) -> dict[str, int]:
    return {name: row["count"] for name, row in converter.report["operators"].items()}


def operators(path) -> list[dict]:
    """The operators of a file in order: name, indices of inputs and outputs."""
    return Interpreter(str(path), experimental_preserve_all_tensors=True)._get_ops_details()


def tensors(path) -> dict[int, dict]:
    return {detail["index"]: detail for detail in Interpreter(str(path)).get_tensor_details()}


def constants(path, dtype) -> list[str]:
    """The names of the file's constants of this type."""
    made = {index for operator in operators(path) for index in operator["outputs"]}
    inputs = {detail["index"] for detail in Interpreter(str(path)).get_input_details()}
    return [t["name"] for i, t in tensors(path).items() if t["dtype"] is dtype and i not in made | inputs]


# ---- float16_quantization ----


def rounded(model: nn.Module) -> nn.Module:
    """The network with its weights rounded to float16."""
    model = copy.deepcopy(model)
    with torch.no_grad():
        for tensor in model.parameters():
            tensor.copy_(tensor.half().float())
    return model


LAYERS = {
    "conv": lambda: ([nn.Conv2d(3, 40, 3, padding=1), nn.PReLU(40), nn.Conv2d(40, 40, 3, groups=40)], (1, 3, 9, 9)),
    "groups": lambda: ([nn.Conv2d(8, 16, 3, groups=4)], (1, 8, 9, 9)),
    "conv1d": lambda: ([nn.Conv1d(8, 64, 3, dilation=2), nn.ReLU()], (2, 8, 9)),
    "conv3d": lambda: ([nn.Conv3d(4, 24, 3)], (1, 4, 5, 6, 7)),
    "tconv": lambda: ([nn.ConvTranspose2d(8, 24, 3, stride=2, padding=1, output_padding=1)], (1, 8, 5, 6)),
    "tconv3d": lambda: ([nn.ConvTranspose3d(4, 16, 3, stride=2)], (1, 4, 3, 4, 5)),
    "linear": lambda: ([nn.Linear(70, 50), nn.Tanh(), nn.Linear(50, 60, bias=False)], (3, 70)),
    "lstm": lambda: ([nn.LSTM(16, 24, batch_first=True)], (2, 3, 16)),
}


@pytest.mark.parametrize("name", LAYERS)
def test_float16(name, tmp_path):
    layers, shape = LAYERS[name]()
    model, dummy = seeded(*layers), torch.randn(shape, generator=torch.Generator().manual_seed(2))
    paths = tmp_path / "float32.tflite", tmp_path / "float16.tflite"
    TFLiteConverter(model, dummy, paths[0]).convert()
    with torch.no_grad():
        expected = [t for t in torch.utils._pytree.tree_leaves(rounded(model)(dummy))]
    # The two biases of an LSTM are added before they are rounded.
    tolerance = 1e-3 if name == "lstm" else 1e-5
    converter = converted(model, dummy, paths[1], expected, tolerance, float16_quantization=True)
    assert constants(paths[1], np.float32) == []
    n_weights = len(constants(paths[1], np.float16))
    assert counts(converter)["DEQUANTIZE"] == n_weights > 0
    assert converter.report["warnings"] == []
    sizes = [path.stat().st_size for path in paths]
    weights = sum(p.numel() for p in model.parameters())
    assert sizes[0] - sizes[1] > 2 * weights - 250 * n_weights - 100


def test_float16_of_a_large_layer_halves_the_file(tmp_path):
    model, dummy = seeded(nn.Linear(512, 512), nn.ReLU(), nn.Linear(512, 512)), torch.randn(2, 512)
    converted(model, dummy, tmp_path / "out.tflite", [rounded(model)(dummy)], float16_quantization=True)
    assert 0.5 < (tmp_path / "out.tflite").stat().st_size / (4 * (2 * 512 * 512 + 1024)) < 0.502


def test_float16_of_embeddings_and_shared_weights(tmp_path):
    class Tied(nn.Module):
        """The table is read by the embedding and, as a matrix, by two products."""

        def __init__(self):
            super().__init__()
            self.table = nn.Embedding(30, 8)

        def forward(self, x):
            y = self.table(x)
            return y @ self.table.weight.t() + torch.relu(y) @ self.table.weight.t()

    model, dummy = seeded(Tied()), torch.arange(6).reshape(2, 3)
    with torch.no_grad():
        expected = [rounded(model)(dummy)]
    converter = converted(model, dummy, tmp_path / "out.tflite", expected, float16_quantization=True)
    path = tmp_path / "out.tflite"
    names = constants(path, np.float16)
    assert [name for name in names if "bias" not in name] == ["0.table.weight"]
    assert counts(converter)["DEQUANTIZE"] == len(names)
    table, = (i for i, tensor in tensors(path).items() if tensor["name"] == "0.table.weight/float32")
    assert sum(table in operator["inputs"] for operator in operators(path)) == 3


class Numbers(nn.Module):
    """A mask of -1e9, epsilons that float16 does not have, infinity, which it has, a weight, and a single number."""

    def __init__(self):
        super().__init__()
        self.register_buffer("mask", torch.tensor([0, -1e9, 0, -1e9]))
        self.register_buffer("tiny", torch.tensor([1e-12, 2e-12, 0, 3e-12]))
        self.register_buffer("infinite", torch.tensor([1, -torch.inf, 2, torch.inf]))
        self.register_buffer("weight", torch.tensor([1 / 3, 2 / 3, 65504, 0]))

    def forward(self, x):
        return x + self.mask, x * self.tiny, torch.maximum(x, self.infinite), x * self.weight * 3


def test_float16_keeps_what_it_cannot_hold(tmp_path, caplog):
    path, dummy = tmp_path / "out.tflite", torch.tensor([[1.0, 2, 3, 4]])
    model = Numbers()
    expected = list(model(dummy)[:3]) + [dummy * model.weight.half().float() * 3]
    with caplog.at_level(logging.WARNING, "tinynn.converter.base"):
        converted(model, dummy, path, expected, 1e-6, float16_quantization=True)
    assert [name for name in sorted(constants(path, np.float32)) if "scalar" not in name] == ["mask", "tiny"]
    assert ["scalar" in name for name in constants(path, np.float32)].count(True) == 1
    assert sorted(constants(path, np.float16)) == ["infinite", "weight"]
    warning = '"mask" stays float32: its number of magnitude 1e+09 is infinite in float16'
    assert [warning in record.getMessage() for record in caplog.records].count(True) == 1
    assert not any("tiny" in record.getMessage() for record in caplog.records)


# ---- legacy_gelu ----


@pytest.mark.parametrize("approximate", ["none", "tanh"])
def test_legacy_gelu(approximate, tmp_path, caplog):
    dummy = torch.linspace(-4, 4, 41).reshape(1, 41)
    with caplog.at_level(logging.WARNING, "tinynn.converter.base"):
        converter = converted(nn.GELU(approximate), dummy, tmp_path / "out.tflite", [dummy * (1.702 * dummy).sigmoid()],
                              legacy_gelu=True)
    assert counts(converter) == {"MUL": 2, "LOGISTIC": 1}
    messages = [record.getMessage() for record in caplog.records]
    assert any(f"gelu(approximate='{approximate}') is written as x * sigmoid(1.702 x)" in m for m in messages)
    everywhere = torch.linspace(-20, 20, 100001, dtype=torch.float64)
    gelu = torch.nn.functional.gelu(everywhere, approximate=approximate)
    assert (gelu - everywhere * (1.702 * everywhere).sigmoid()).abs().max() < 0.021  # as the warning says
    assert counts(converted(nn.GELU(approximate), dummy, tmp_path / "out.tflite")) == {"GELU": 1}


# ---- conv_transpose_with_bias ----


@pytest.mark.parametrize(
    "layer, shape, expected",
    [
        (lambda: nn.ConvTranspose2d(3, 4, 3, stride=2), (1, 3, 4, 5), {"TRANSPOSE_CONV": 1, "ADD": 1}),
        (lambda: nn.ConvTranspose2d(3, 4, 3, bias=False), (1, 3, 4, 5), {"TRANSPOSE_CONV": 1}),
        (lambda: nn.ConvTranspose2d(3, 4, 5, padding=1), (1, 3, 4, 5),
         {"TRANSPOSE_CONV": 1, "SLICE": 1, "ADD": 1}),
        (lambda: nn.ConvTranspose1d(3, 4, 3, stride=2), (1, 3, 5), {"TRANSPOSE_CONV": 1, "ADD": 1}),
        (lambda: nn.ConvTranspose3d(3, 4, 2, stride=2), (1, 3, 2, 3, 4), {"CONV_3D_TRANSPOSE": 1, "ADD": 1}),
        (lambda: nn.ConvTranspose2d(4, 6, 3, groups=2), (1, 4, 4, 5),
         {"SPLIT": 1, "TRANSPOSE_CONV": 2, "CONCATENATION": 1, "ADD": 1}),
    ],
    ids=["2d", "no_bias", "cropped", "1d", "3d", "groups"],
)
@pytest.mark.parametrize("with_relu", [False, True], ids=["plain", "relu"])
def test_conv_transpose_without_bias(layer, shape, expected, with_relu, tmp_path):
    path, model = tmp_path / "out.tflite", seeded(layer(), *[nn.ReLU()] * with_relu)
    found = counts(converted(model, torch.randn(shape), path, conv_transpose_with_bias=False))
    found.pop("RESHAPE", None)
    found.pop("TRANSPOSE", None)
    assert found == expected | ({"RELU": 1} if with_relu else {})
    assert {len(operator["inputs"]) for operator in operators(path) if "CONV" in operator["op_name"]} <= {3, 4}
    for operator in operators(path):
        assert "CONV" not in operator["op_name"] or all(index < 0 for index in operator["inputs"][3:])


def test_zero_bias_needs_no_addition(tmp_path):
    layer = nn.ConvTranspose2d(3, 4, 3)
    torch.nn.init.zeros_(layer.bias)
    assert counts(converted(layer, torch.randn(1, 3, 4, 5), tmp_path / "out.tflite", conv_transpose_with_bias=False)) == {
        "TRANSPOSE_CONV": 1}


def test_conv_transpose_with_bias(tmp_path):
    path, layer = tmp_path / "out.tflite", seeded(nn.ConvTranspose2d(3, 4, 3))
    assert counts(converted(layer, torch.randn(1, 3, 4, 5), path)) == {"TRANSPOSE_CONV": 1}
    assert len(operators(path)[0]["inputs"]) == 4


# ---- max_transpose_dims ----


class Permute(nn.Module):
    def __init__(self, *dims: int):
        super().__init__()
        self.dims = dims

    def forward(self, x):
        return x.permute(self.dims) + 1


def ranks_of_transposes(path) -> list[int]:
    found = tensors(path)
    return [len(found[operator["inputs"][0]]["shape"]) for operator in operators(path) if operator["op_name"] == "TRANSPOSE"]


@pytest.mark.parametrize(
    "dims, most, ranks",
    [
        ((0, 4, 1, 2, 3), -1, [5]),
        ((0, 4, 1, 2, 3), 5, [5]),
        ((0, 4, 1, 2, 3), 4, [3]),
        ((0, 4, 1, 2, 3), 3, [3]),
        ((2, 3, 4, 0, 1), 2, [2]),
    ],
)
def test_max_transpose_dims(dims, most, ranks, tmp_path):
    path = tmp_path / "out.tflite"
    converter = converted(Permute(*dims), torch.randn(2, 3, 4, 5, 6), path, max_transpose_dims=most)
    assert ranks_of_transposes(path) == ranks
    assert counts(converter).get("RESHAPE", 0) == (2 if ranks != [5] else 0)


def test_too_many_transpose_dims(tmp_path):
    converter = TFLiteConverter(Permute(0, 4, 3, 2, 1), torch.randn(2, 3, 4, 5, 6), tmp_path / "out.tflite",
                                max_transpose_dims=4)
    with pytest.raises(AssertionError, match=r"%\w+ needs a TRANSPOSE of 5 dimensions, 4 are allowed"):
        converter.convert()
    assert not (tmp_path / "out.tflite").exists()


# ---- tflite_micro_rewrite ----


@pytest.mark.parametrize("n, concatenations", [(10, [10]), (11, [10, 2]), (21, [10, 10, 3]), (101, [10] * 10 + [10, 2])])
def test_micro_concatenation(n, concatenations, tmp_path):
    class Cat(nn.Module):
        def forward(self, x):
            return torch.cat([x * float(i) for i in range(n)], 1)

    path = tmp_path / "out.tflite"
    converted(Cat(), torch.randn(2, 3), path, tflite_micro_rewrite=True)
    found = [len(operator["inputs"]) for operator in operators(path) if operator["op_name"] == "CONCATENATION"]
    assert sorted(found) == sorted(concatenations)
    converted(Cat(), torch.randn(2, 3), path)
    assert [len(o["inputs"]) for o in operators(path) if o["op_name"] == "CONCATENATION"] == [n]


# ---- optimize ----


def residual() -> nn.Module:
    class Residual(nn.Module):
        def __init__(self):
            super().__init__()
            self.first = nn.Sequential(nn.Conv2d(4, 4, 3, padding=1), nn.BatchNorm2d(4), nn.ReLU())
            self.second = nn.Sequential(nn.Conv2d(4, 4, 3, padding=1), nn.BatchNorm2d(4))

        def forward(self, x):
            return torch.relu(x + self.second(self.first(x)))

    return seeded(Residual())


@pytest.mark.parametrize(
    "level, expected",
    [
        (GraphOptimizer.NO_OPTIMIZE, {"CONV_2D": 2, "MUL": 2, "ADD": 3, "RELU": 2, "TRANSPOSE": 5}),
        (GraphOptimizer.FOLD_BUFFER, {"CONV_2D": 2, "MUL": 2, "ADD": 3, "RELU": 2, "TRANSPOSE": 5}),
        (GraphOptimizer.FUSE_BN, {"CONV_2D": 2, "ADD": 1, "RELU": 2, "TRANSPOSE": 5}),
        (GraphOptimizer.COMMON_OPTIMIZE, {"CONV_2D": 2, "ADD": 1, "TRANSPOSE": 3}),
        (GraphOptimizer.BRANCH_OPTIMIZE, {"CONV_2D": 2, "ADD": 1}),
        (GraphOptimizer.BRANCH_OPTIMIZE_EXTENDED, {"CONV_2D": 2, "ADD": 1}),
    ],
)
def test_optimize(level, expected, tmp_path):
    found = counts(converted(residual(), torch.randn(1, 4, 6, 7), tmp_path / "out.tflite", optimize=level))
    found["TRANSPOSE"] = found.get("TRANSPOSE", 0)
    assert found == {"TRANSPOSE": 0} | expected


def test_pads_stay_below_common_optimize(tmp_path):
    model = seeded(nn.ZeroPad2d((0, 1, 0, 1)), nn.Conv2d(3, 4, 3, stride=2))
    for level, expected in ((2, 1), (3, 0)):
        converter = converted(model, torch.randn(1, 3, 8, 8), tmp_path / "out.tflite", optimize=level)
        assert counts(converter).get("PAD", 0) == expected


def test_level_out_of_range(tmp_path):
    with pytest.raises(tinynn.Error, match="optimize: is 6, expected 0 to 5"):
        TFLiteConverter(residual(), torch.randn(1, 4, 6, 7), tmp_path / "out.tflite", optimize=6).convert()


# ---- preserve_tensors, visualize ----


def test_preserve_tensors(tmp_path):
    class Steps(nn.Module):
        def forward(self, x, y):
            product = x * y
            return torch.nn.functional.silu(product), product.sum(1)

    dummy = (torch.randn(2, 3), torch.randn(3))
    converter = TFLiteConverter(Steps(), dummy, tmp_path / "out.tflite", preserve_tensors=True)
    assert converter.tensor_names() == []
    converter.convert()
    x, y, product, silu, total = (converter.get_value(name) for name in converter.tensor_names())
    torch.testing.assert_close((x, y, product), (*dummy, dummy[0] * dummy[1]))
    torch.testing.assert_close((silu, total), Steps()(*dummy))
    assert converter.get_value("nowhere") is None and converter.get_value("nowhere", 3) == 3


def test_tensors_are_not_kept_without_the_option(tmp_path):
    converter = TFLiteConverter(nn.ReLU(), torch.randn(2, 3), tmp_path / "out.tflite")
    converter.convert()
    assert converter.tensor_names() == []


def test_visualize(capsys):
    converter = TFLiteConverter(seeded(nn.Linear(3, 4)), torch.randn(2, 3), "out.tflite")
    converter.visualize()
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("input %") and any("= linear(" in line for line in lines)
    assert not any(line.startswith("const") for line in lines)
    converter.visualize(hide_constants=False)
    assert any("const" in line and "weight: float32[4, 3]" in line for line in capsys.readouterr().out.splitlines())


# ---- separated_rnn_gate_calc ----


@pytest.mark.parametrize(
    "layer, together, separate",
    [
        (nn.LSTM(5, 4), 3, 4 + 2 * 4),  # the first state is 0, so that a step of it needs no layer
        (nn.GRU(5, 4), 3, 3 + 2 * 3),
        (nn.LSTM(5, 4, num_layers=2, bidirectional=True), 12, 48),
        (nn.RNN(5, 4), 3, 3),
    ],
    ids=["lstm", "gru", "deep", "rnn"],
)
def test_separate_gates(layer, together, separate, tmp_path):
    dummy = torch.randn(3, 2, 5)
    expected = [tensor for tensor in torch.utils._pytree.tree_leaves(layer.eval()(dummy))]
    for option, layers in ((False, together), (True, separate)):
        converter = converted(layer, dummy, tmp_path / "out.tflite", expected, separated_rnn_gate_calc=option)
        assert counts(converter)["FULLY_CONNECTED"] == layers
        assert "SPLIT_V" not in counts(converter) or not option
