"""Real networks, converted by the program: LiteRT's numbers against PyTorch's, and the shape of what was written."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import litert
import networks
import pytest
import torch

# Name, and how many PADs the file must have: a stride of 2 over an even size with symmetric padding, which SAME, being
# asymmetric there, cannot express; and max pools whose padding is not SAME's.
NETWORKS = {
    "mobilenet_v2": 5,
    "mobilenet_v3_small": 5,
    "resnet18": 5,
    "squeezenet1_0": 0,
    "mnasnet1_0": 5,
    "efficientnet_b0": 5,
    "densenet121": 2,
    "efficientnet_lite0": 0,
    "efficientnet_lite1": 0,
    "efficientnet_lite2": 0,
}
LARGE = {"resnet50": 5, "resnext50_32x4d": 5, "vgg11_bn": 0, "alexnet": 1}
if os.environ.get("TINYNN_TEST_ALL"):
    NETWORKS |= LARGE


def convert(program: Path, model: Path, out: Path, *arguments: str) -> str:
    done = subprocess.run([program, "convert", model, "-o", out, *arguments], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module", params=NETWORKS)
def network(request, tmp_path_factory):
    """Name, saved model, input and PyTorch's output."""
    folder = tmp_path_factory.mktemp(request.param)
    module, shape = networks.build(request.param)
    path = folder / "model.pt2"
    networks.export(module, shape, path)
    image = torch.randn(shape, generator=torch.Generator().manual_seed(2))
    with torch.no_grad():
        expected = module(image).numpy()
    yield request.param, path, image.numpy(), expected
    shutil.rmtree(folder)


def test_converts(network, program, tmp_path):
    name, model, image, expected = network
    out, report_path = tmp_path / "out.tflite", tmp_path / "report.json"
    convert(program, model, out, "--report", str(report_path))
    litert.assert_close(litert.run(out, [litert.channels_last(image)]), [expected], 1e-4)
    operators = operator_counts(json.loads(report_path.read_text()))
    assert operators.get("TRANSPOSE", 0) == 0
    assert operators.get("PAD", 0) + operators.get("PADV2", 0) == NETWORKS[name]


def operator_counts(report: dict) -> dict[str, int]:
    return {name: row["count"] for name, row in report["operators"].items()}


def test_same_bytes(network, program, tmp_path):
    """Two runs, one of them without address randomization, write the same bytes."""
    _, model, _, _ = network
    first, second = tmp_path / "first.tflite", tmp_path / "second.tflite"
    convert(program, model, first)
    subprocess.run(["setarch", "-R", program, "convert", model, "-o", second, "-q"], check=True)
    assert first.read_bytes() == second.read_bytes()


def test_dynamic_batch(program, tmp_path):
    """The batch's symbol goes from the input to the output; the file is made for the hint or for what --input says."""
    module, shape = networks.build("mobilenet_v2")
    model, out = tmp_path / "model.pt2", tmp_path / "out.tflite"
    networks.export(module, shape, model, dynamic_batch=True)
    printed = convert(program, model, out, "--verbose", "--input", "4x3x224x224")
    lines = printed.splitlines()
    symbol = next(line for line in lines if line.startswith("input ")).split("[")[1].split(",")[0]
    assert not symbol.isdigit()
    last = next(line for line in reversed(lines) if line.startswith("%"))
    assert f"float32[{symbol}, 1000]" in last
    image = torch.randn((4, *shape[1:]), generator=torch.Generator().manual_seed(2))
    with torch.no_grad():
        expected = module(image).numpy()
    litert.assert_close(litert.run(out, [litert.channels_last(image.numpy())]), [expected], 1e-4)
