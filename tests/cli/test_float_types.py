"""float64, float16 and bfloat16 become float32, and whoever converts is told."""

import json
import subprocess

import pytest
import torch
from torch import nn


@pytest.fixture
def model(tmp_path):
    network = nn.Sequential(nn.Linear(5, 3), nn.ReLU()).half().eval()
    torch.export.save(torch.export.export(network, (torch.zeros(2, 5).half(),)), tmp_path / "half.pt2")
    return tmp_path / "half.pt2"


EXPECTED = [
    'input "input" is float16 in the model and float32 in the file',
    'output "relu" is float16 in the model and float32 in the file',
    "float16 is computed in float32, without rounding to its digits and range: 5 values, the first is \"input\"",
]


def run(*arguments) -> str:
    return subprocess.run(list(map(str, arguments)), capture_output=True, text=True, check=True).stdout


def test_convert_and_check_say_so(checked_program, model, tmp_path):
    printed = run(checked_program, "convert", model, "-o", tmp_path / "half.tflite", "--report", tmp_path / "half.json")
    told = [f"  warning: {line}" for line in EXPECTED]
    assert printed.splitlines()[1:] == told
    assert run(checked_program, "check", model).splitlines()[1:] == told
    report = json.loads((tmp_path / "half.json").read_text())
    assert report["warnings"] == EXPECTED
    assert report["inputs"][0]["dtype"] == report["outputs"][0]["dtype"] == "float32"


def test_quiet_says_nothing(checked_program, model, tmp_path):
    assert run(checked_program, "convert", model, "-o", tmp_path / "half.tflite", "-q") == ""
