"""What `tinynn support` says an operator becomes is what converting a program of PyTorch gives."""

import json
import subprocess
from collections import Counter

import pytest
import tinynn
import torch
from case import Program

UNARY = ["abs", "celu", "cos", "elu", "erf", "exp", "gelu", "hardsigmoid", "hardswish", "leaky_relu", "log1p", "log_sigmoid",
         "mish", "neg", "reciprocal", "relu", "relu6", "rsqrt", "selu", "sigmoid", "silu", "softplus", "sum", "tan", "tanh"]
BINARY = ["atan2", "div", "fmod", "hypot", "maximum", "mul", "remainder"]


@pytest.fixture(scope="module")
def becomes(checked_program) -> dict[str, Counter]:
    """By name: TFLite operators with counts."""
    printed = subprocess.run([checked_program, "support", "--json"], capture_output=True, text=True, check=True).stdout
    rows = json.loads(printed)
    assert not any(row["becomes"] for row in rows if row["how"] == "refused")
    return {row["name"]: Counter(row["becomes"].split(", ")) for row in rows if row["becomes"]}


def converted(function, n_inputs: int, path) -> Counter:
    inputs = tuple(torch.randn(1, 4, 6, 6) for _ in range(n_inputs))
    torch.export.save(torch.export.export(Program(function), inputs), path)
    report = tinynn.load(path).convert(path.with_suffix(".tflite"), layout="nchw")
    return Counter({name: count["count"] for name, count in report["operators"].items()})


@pytest.mark.parametrize("name", UNARY + BINARY)
def test_same_as_converted(name, becomes, tmp_path):
    operator = getattr(torch.ops.aten, name)
    assert becomes[name] == converted(lambda *x: operator(*x), 1 if name in UNARY else 2, tmp_path / "model.pt2")


@pytest.mark.parametrize("name, expected", [("conv2d", "CONV_2D"), ("linear", "FULLY_CONNECTED"), ("where", "SELECT_V2"),
                                            ("batch_norm", "MUL, ADD"), ("max_pool2d", "MAX_POOL_2D"), ("alias", "none")])
def test_named(name, expected, becomes):
    assert becomes[name] == Counter(expected.split(", "))
