"""`tinynn check` and `tinynn support`."""

import json
import subprocess
from fnmatch import fnmatch
from pathlib import Path

import pytest
import torch
from torch import nn

TREE = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def run(checked_program, tmp_path):
    """Run the program in an empty folder."""

    def run(*arguments, code: int = 0) -> subprocess.CompletedProcess:
        done = subprocess.run([checked_program, *map(str, arguments)], capture_output=True, text=True, cwd=tmp_path)
        assert done.returncode == code, f"exit code {done.returncode}: {done.stdout}{done.stderr}"
        return done

    return run


class Lacking(nn.Module):
    """Two operators that have no meaning in a .tflite, one of them twice."""

    def forward(self, x):
        return torch.linalg.svdvals(x) + torch.linalg.svdvals(x + 1) + torch.matrix_exp(x)


def save(module: nn.Module, path: Path, *inputs: torch.Tensor) -> Path:
    torch.export.save(torch.export.export(module.eval(), inputs), path)
    return path


def test_check_converts_without_writing(run, tmp_path):
    model = save(nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU()), tmp_path / "small.pt2", torch.randn(1, 3, 8, 8))
    assert run("check", model).stdout == f"{model}: converts to 1 operators, 0 transposes\n"
    report = json.loads(run("check", model, "--json").stdout)
    assert report["operators"] == {"CONV_2D": {"count": 1, "version": 1}}
    assert [path.name for path in tmp_path.iterdir()] == ["small.pt2"]


def test_check_knows_layouts(run, tmp_path):
    model = save(nn.Conv2d(3, 4, 3), tmp_path / "small.pt2", torch.randn(1, 3, 8, 8))
    assert run("check", model, "--layout", "nchw").stdout.startswith(f"{model}: converts to 3 operators, 2 transposes\n")


def test_check_lists_all_that_is_lacking(run, tmp_path):
    model = save(Lacking(), tmp_path / "lacking.pt2", torch.eye(3))
    done = run("check", model, code=3)
    lines = done.stderr.splitlines()
    assert "2 operators are not supported" in lines[0]
    assert [line.split(":")[0] for line in lines[1:]] == ["  2 x aten.linalg_svdvals.default",
                                                          "  1 x aten.matrix_exp.default"]
    assert all("test_check_support.py" in line for line in lines[1:])


def test_check_refuses_wrong_arguments(run):
    assert "check needs a model file" in run("check", code=1).stderr
    assert "support takes no argument" in run("support", "x", code=1).stderr


def test_support_is_json(run):
    rows = json.loads(run("support", "--json").stdout)
    names = {row["name"]: row for row in rows}
    assert names["convolution"]["how"] == "operator" and "groups" in names["convolution"]["signature"]
    assert names["silu"]["how"] == "composite"
    assert names["conv2d"]["how"] == "rewritten"
    assert all(row["reason"] for row in rows if row["how"] == "refused")


def test_support_page_is_its_output(run):
    assert run("support", "--markdown").stdout == (TREE / "docs" / "support.md").read_text(), (
        "write it again: build/cli/tinynn support --markdown > docs/support.md")


def test_support_has_core_aten(run):
    """Every operator of PyTorch's smallest set has a state."""
    rows = {row["name"] for row in json.loads(run("support", "--json").stdout)}
    known = rows | {name.split(".")[0] for name in rows}
    packets = (getattr(torch.ops.aten, name) for name in dir(torch.ops.aten))
    packets = [packet for packet in packets if isinstance(packet, torch._ops.OpOverloadPacket)]
    core = {packet.__name__ for packet in packets
            if any(torch.Tag.core in getattr(packet, overload).tags for overload in packet.overloads())}
    assert len(core) > 150
    lacking = {name for name in core if not {name, name.removesuffix("_")} & known}
    assert {name for name in lacking if not any(fnmatch(name, pattern) for pattern in known if "*" in pattern)} == set()
