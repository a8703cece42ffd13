"""Bad input and bad output: exit code, message, and no file left behind. Run with sanitizers."""

import os
import subprocess
from pathlib import Path

import pytest
import torch
from torch import nn


class Lacking(nn.Module):
    """Uses two operators that tinynn lacks, one of them twice."""

    def forward(self, x):
        return torch.special.airy_ai(torch.special.bessel_j0(x) + torch.special.bessel_j0(x * 2))


@pytest.fixture(scope="module")
def saved(tmp_path_factory) -> dict[str, Path]:
    """Files of many kinds."""
    folder = tmp_path_factory.mktemp("saved")
    module = nn.Sequential(nn.Linear(3, 4), nn.ReLU()).eval()
    example = (torch.randn(2, 3),)
    torch.export.save(torch.export.export(module, example), folder / "good.pt2")
    torch.export.save(torch.export.export(Lacking(), example), folder / "lacking.pt2")
    torch.save(module.state_dict(), folder / "state_dict.pt")
    torch.jit.save(torch.jit.script(module), folder / "script.pt")
    good = (folder / "good.pt2").read_bytes()
    (folder / "empty.pt2").write_bytes(b"")
    (folder / "half.pt2").write_bytes(good[: len(good) // 2])
    (folder / "text.pt2").write_text("import torch\n")
    (folder / "png.pt2").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(64))
    (folder / "model.tflite").write_bytes(b"\x1c\0\0\0TFL3" + bytes(64))
    (folder / "folder.pt2").mkdir()
    return {path.name: path for path in folder.iterdir()}


@pytest.fixture
def convert(checked_program, tmp_path):
    """Convert in an empty folder, which must be as empty afterwards; returns what stood on standard error."""

    def convert(model, *arguments, code: int, out: str = "out.tflite") -> str:
        done = subprocess.run([checked_program, "convert", str(model), "-o", out, *arguments], capture_output=True,
                              text=True, cwd=tmp_path, timeout=60)
        assert done.returncode == code, f"exit code {done.returncode}: {done.stdout}{done.stderr}"
        assert done.stdout == ""
        assert done.stderr.startswith("tinynn: ")
        assert list(tmp_path.iterdir()) == []
        return done.stderr

    return convert


@pytest.mark.parametrize(
    "name, code, words",
    [
        ("missing.pt2", 2, ["missing.pt2", "No such file or directory"]),
        ("folder.pt2", 2, ["folder.pt2", "irectory"]),
        ("empty.pt2", 2, ["empty.pt2", "empty"]),
        ("half.pt2", 2, ["half.pt2"]),
        ("text.pt2", 2, ["text.pt2"]),
        ("png.pt2", 2, ["png.pt2"]),
        ("model.tflite", 3, ["model.tflite", ".tflite"]),
        ("state_dict.pt", 3, ["state_dict.pt", "state dict"]),
        ("script.pt", 1, ["script.pt", "which shape", "--input"]),
    ],
)
def test_wrong_file(convert, saved, name, code, words):
    said = convert(saved.get(name, Path("/nowhere") / name), code=code)
    assert said.count("\n") == 1
    for word in words:
        assert word in said


def test_unreadable(convert, saved, tmp_path_factory):
    if os.geteuid() == 0:
        pytest.skip("root reads everything")
    path = tmp_path_factory.mktemp("unreadable") / "model.pt2"
    path.write_bytes(saved["good.pt2"].read_bytes())
    path.chmod(0)
    assert "Permission denied" in convert(path, code=2)


def test_cut_anywhere(convert, saved, tmp_path_factory):
    """A file cut at any place is refused as malformed."""
    good = saved["good.pt2"].read_bytes()
    path = tmp_path_factory.mktemp("cut") / "cut.pt2"
    for length in range(1, len(good), max(1, len(good) // 40)):
        path.write_bytes(good[:length])
        assert convert(path, code=2).count("\n") == 1


def test_all_lacks_are_listed(convert, saved):
    lines = convert(saved["lacking.pt2"], code=3).splitlines()
    assert "lacking.pt2" in lines[0]
    assert len(lines) == 3
    assert lines[1].startswith("  2 x aten.special_bessel_j0") and lines[2].startswith("  1 x aten.special_airy_ai")
    for line in lines[1:]:
        assert "test_errors.py:" in line and "return torch.special.airy_ai(" in line


def test_inspect_of_what_lacks(checked_program, saved):
    done = subprocess.run([checked_program, "inspect", saved["lacking.pt2"]], capture_output=True, text=True)
    assert done.returncode in (0, 3)
    assert "bessel_j0" in done.stdout + done.stderr


@pytest.mark.parametrize(
    "spec, words",
    [
        ("nosuch=2x3", ["nosuch"]),
        ("2x3x4", ["3", "2"]),
        ("2x3:int64", ["int64", "float32"]),
        ("2x5", ["5"]),
    ],
)
def test_input_that_does_not_fit(convert, saved, spec, words):
    done = convert(saved["good.pt2"], "--input", spec, code=1)
    for word in words:
        assert word in done


def test_too_many_inputs(convert, saved):
    convert(saved["good.pt2"], "--input", "2x3", "--input", "2x3", code=1)


@pytest.mark.parametrize("out", ["nowhere/out.tflite", "/proc/out.tflite", "/"])
def test_unwritable_output(convert, saved, out):
    assert out.rstrip("/") in convert(saved["good.pt2"], out=out, code=4)


def test_unwritable_report(convert, saved):
    assert "nowhere/report.json" in convert(saved["good.pt2"], "--report", "nowhere/report.json", code=4)


def test_failure_leaves_the_old_output(checked_program, saved, tmp_path):
    out = tmp_path / "out.tflite"
    out.write_text("old")
    subprocess.run([checked_program, "convert", saved["half.pt2"], "-o", out], capture_output=True)
    assert out.read_text() == "old"
    assert list(tmp_path.iterdir()) == [out]


def test_disk_full(checked_program, saved, tmp_path):
    """A file size limit stands for a full disk."""
    command = f"ulimit -f 0; trap '' XFSZ; exec {checked_program} convert {saved['good.pt2']} -o {tmp_path}/out.tflite"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True)
    assert done.returncode == 4, done.stderr
    assert "out.tflite" in done.stderr
    assert list(tmp_path.iterdir()) == []
