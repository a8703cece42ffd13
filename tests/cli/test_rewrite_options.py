"""The options of the program that say in what operators a model is written. Run with sanitizers."""

import json
import subprocess
from pathlib import Path

import pytest
import torch
from torch import nn


class Everything(nn.Module):
    """Something for each option."""

    def __init__(self):
        super().__init__()
        self.grouped = nn.Conv2d(4, 8, 1, groups=2)
        self.norm = nn.BatchNorm2d(8)
        self.halves = nn.Linear(108, 4)
        self.up = nn.ConvTranspose2d(8, 3, 2, stride=2)

    def forward(self, x):
        y = torch.nn.functional.gelu(self.up(self.norm(self.grouped(x)))).flatten(1)
        halves = self.halves(y).chunk(2, 1)
        y = torch.cat([y, halves[0] * halves[1]], 1)
        return torch.cat([y * i for i in range(2, 13)], 1), x.unflatten(1, (2, 2)).permute(0, 3, 4, 2, 1) + 1


@pytest.fixture(scope="module")
def model(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("model") / "all.pt2"
    torch.export.save(torch.export.export(Everything().eval(), (torch.randn(1, 4, 3, 3),)), path)
    return path


@pytest.fixture(params=["convert", "check"])
def count(request, checked_program, model, tmp_path):
    """Run the program with options, and count an operator of the file it writes."""

    def count(operator: str, *options: str, code: int = 0) -> int | str:
        report = tmp_path / "report.json"
        out = ["--json"] if request.param == "check" else ["-o", tmp_path / "out.tflite", "--report", report]
        done = subprocess.run([checked_program, request.param, model, *out, "--layout", "nchw", *options],
                              capture_output=True, text=True)
        assert done.returncode == code, done.stdout + done.stderr
        if code:
            return done.stderr
        text = done.stdout if request.param == "check" else report.read_text()
        return json.loads(text)["operators"].get(operator, {"count": 0})["count"]

    return count


@pytest.mark.parametrize(
    "operator, options, without, with_it",
    [
        ("DEQUANTIZE", ["--float16"], 0, 6),
        ("SPLIT", ["--split-groups"], 1, 2),
        ("ADD", ["--tconv-bias-as-add"], 1, 2),
        ("GELU", ["--legacy-gelu"], 1, 0),
        ("LOGISTIC", ["--legacy-gelu"], 0, 1),
        ("CONCATENATION", ["--micro"], 2, 3),
        ("FULLY_CONNECTED", ["--separate-gates"], 1, 2),
        ("ADD", ["--optimize", "1"], 1, 2),
        ("ADD", ["--optimize=2"], 1, 1),
    ],
)
def test_effect(count, operator, options, without, with_it):
    assert [count(operator), count(operator, *options)] == [without, with_it]


def test_transposes_have_few_dimensions(count):
    assert count("TRANSPOSE", "--max-transpose-dims", "4") == count("TRANSPOSE")
    assert "needs a TRANSPOSE of 3 dimensions, 2 are allowed" in count("TRANSPOSE", "--max-transpose-dims", "2", code=3)
