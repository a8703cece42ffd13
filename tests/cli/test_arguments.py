"""The program's arguments: what it prints and how it ends. Run with sanitizers."""

import json
import os
import re
import subprocess
import zipfile
from pathlib import Path

import pytest
import torch
from torch import nn


COMMANDS = ("calibrate", "check", "codegen", "compare", "convert", "inspect", "quantize", "run", "statistics", "support")


@pytest.fixture(scope="module")
def model(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("model") / "small.pt2"
    program = torch.export.export(nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU()).eval(), (torch.randn(1, 3, 8, 8),))
    torch.export.save(program, path)
    return path


@pytest.fixture
def run(checked_program, tmp_path):
    """Run the program in an empty folder."""

    def run(*arguments, code: int = 0) -> subprocess.CompletedProcess:
        done = subprocess.run([checked_program, *map(str, arguments)], capture_output=True, text=True, cwd=tmp_path)
        assert done.returncode == code, f"exit code {done.returncode}: {done.stdout}{done.stderr}"
        return done

    return run


def test_help(run):
    done = run("--help")
    assert done.stdout.startswith("usage: tinynn") and done.stderr == ""
    for code in range(7):
        assert f"\n  {code}  " in done.stdout
    assert run("convert", "--help").stdout.startswith("usage: tinynn convert")
    assert run("inspect", "-h").stdout.startswith("usage: tinynn inspect")
    assert run("--version").stdout == "tinynn 0.1.0\n"


@pytest.mark.parametrize("command", COMMANDS)
def test_help_tells_of_each_option_once(run, command):
    told = re.findall(r"^  (?:-\w, )?(--[\w-]+)", run(command, "--help").stdout, flags=re.MULTILINE)
    assert len(told) > 0 and sorted(told) == sorted(set(told))


@pytest.mark.parametrize(
    "arguments, message",
    [
        (["convrt"], 'unknown command "convrt", did you mean convert?'),
        (["frobnicate"], 'unknown command "frobnicate", `tinynn --help` lists them'),
        (["convert"], "convert needs a model file: tinynn convert MODEL"),
        (["convert", "a", "b"], 'convert takes one model file, found "b" too'),
        (["convert", "a", "--otput", "b"], "unknown option --otput, did you mean --output?"),
        (["convert", "a", "-z"], "unknown option -z"),
        (["convert", "a", "-o"], "option --output needs a value"),
        (["convert", "a", "--quiet=1"], 'option --quiet takes no value, found "1"'),
        (["convert", "a", "-q", "-v"], "--quiet and --verbose exclude each other"),
        (["convert", "a", "--layout", "nhcw"], '--layout "nhcw": expected nhwc or nchw'),
        (["convert", "a", "--optimize", "6"], '--optimize "6": expected 0, 1, 2, 3, 4 or 5'),
        (["check", "a", "--optimize", "-1"], '--optimize "-1": expected 0, 1, 2, 3, 4 or 5'),
        (["convert", "a", "--max-transpose-dims=1"], '--max-transpose-dims "1": expected 2, 3, 4, 5, 6, 7 or 8'),
        (["check", "a", "--float16=1"], 'option --float16 takes no value, found "1"'),
        (["convert", "a", "--written-inputs", "keep"], '--written-inputs "keep": expected refuse, return or ignore'),
        (["check", "a", "b"], 'check takes one model file, found "b" too'),
        (["check", "a", "--written-buffers", "keep"], '--written-buffers "keep": expected refuse, return or ignore'),
        (["check", "a", "--layout", "nhcw"], '--layout "nhcw": expected nhwc or nchw'),
        (["inspect", "a", "--methd", "b"], "unknown option --methd, did you mean --method?"),
        (["convert", "a", "--input", "1x"], "expected a dimension from 0"),
        (["convert", "a", "--input", "1,3"], 'expected "x" between dimensions'),
        (["convert", "a", "--input", "=1x3"], "the name is empty"),
        (["convert", "a", "--input", "x="], "the shape is missing"),
        (["convert", "a", "--input", "1x3:flot32"], "no such dtype"),
        (["convert", "a", "--input", "1x1x1x1x1x1x1x1x1"], "more than 8 dimensions"),
        (["convert", "a", "--input", "99999999999999999999"], "expected a dimension from 0"),
        (["inspect"], "inspect needs a model file"),
        (["inspect", "a", "b"], 'inspect takes one model file, found "b" too'),
        (["inspect", "a", "--jsn"], "unknown option --jsn, did you mean --json?"),
    ],
)
def test_wrong_arguments(run, arguments, message):
    done = run(*arguments, code=1)
    assert done.stdout == ""
    assert done.stderr.startswith("tinynn: ") and done.stderr.count("\n") == 1
    assert message in done.stderr
    if "--input" in arguments:
        assert "[NAME=]1x3x224x224[:DTYPE]" in done.stderr


COMMANDS = ["convert", "check", "inspect"]


class Shared(nn.Module):
    """Writes to its input, and has another method that does not."""

    @torch.jit.export
    def twice(self, x):
        return x * 2

    def forward(self, x):
        x.add_(1)
        return torch.relu(x)


@pytest.fixture(scope="module")
def scripted(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("model") / "shared.pt"
    torch.jit.script(Shared()).save(str(path))
    return path


@pytest.mark.parametrize("command", COMMANDS)
def test_help_names_what_every_command_takes(run, command):
    text = run(command, "--help").stdout
    for option in ("--input", "--model", "--method", "--ignore-crc", "--written-inputs", "--written-buffers"):
        assert f"\n  {option}" in text
    assert all(len(line) <= 96 for line in text.splitlines())


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_reads_a_model_alike(run, scripted, command):
    given = [command, scripted, "--input", "2x3"]
    told = run(*given, code=0 if command == "inspect" else 3)
    assert command == "inspect" or 'input "x" is written in place' in told.stderr
    assert 'input "x" is written in place' in run(*given, "--written-inputs", "refuse", code=3).stderr
    run(*given, "--written-inputs", "return")
    run(*given, "--method", "twice", "--written-inputs", "refuse")
    assert "it has: forward, twice" in run(*given, "--method", "thrice", code=1).stderr
    assert "a TorchScript archive holds one model" in run(*given, "--model", "other", code=1).stderr


@pytest.mark.parametrize("command", COMMANDS)
def test_methods_belong_to_torchscript(run, model, command):
    assert "torch.export has no methods" in run(command, model, "--method", "forward", code=1).stderr


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_can_ignore_checksums(run, model, tmp_path, command):
    whole = model.read_bytes()
    damaged = tmp_path / "damaged.pt2"
    # The first byte of a bias lies in the last bits of a float's mantissa.
    with zipfile.ZipFile(model) as archive:
        info = next(info for info in archive.infolist() if info.filename.endswith("weights/weight_1"))
        data = archive.read(info)
    at = whole.index(data)
    damaged.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
    assert "is damaged: its CRC is" in run(command, damaged, code=2).stderr
    run(command, damaged, "--ignore-crc")


def test_no_arguments(run):
    done = run(code=1)
    assert done.stdout == "" and done.stderr.startswith("usage: tinynn")


def test_summary(run, model, tmp_path):
    done = run("convert", model, "-o", "out.tflite")
    assert done.stdout.startswith("out.tflite: 1 operators, 0 transposes, ") and done.stderr == ""
    assert done.stdout.count("\n") == 1
    assert (tmp_path / "out.tflite").read_bytes()[4:8] == b"TFL3"


def test_transposes_have_reasons(run, model):
    lines = run("convert", model, "-o", "out.tflite", "--layout", "nchw").stdout.splitlines()
    assert ", 2 transposes, " in lines[0]
    assert [line.startswith("  transpose: ") for line in lines[1:]] == [True, True]


def test_quiet(run, model):
    done = run("convert", model, "-o", "out.tflite", "--quiet")
    assert done.stdout == done.stderr == ""


def test_verbose_shows_the_graph(run, model):
    printed = run("convert", model, "-o", "out.tflite", "--verbose").stdout
    assert "input %" in printed and "convolution(" in printed and "out.tflite: " in printed


def test_default_output_is_beside_the_model(run, model, tmp_path):
    copy = tmp_path / "net.pt2"
    copy.write_bytes(model.read_bytes())
    run("convert", copy)
    assert (tmp_path / "net.tflite").exists()


def test_output_is_replaced(run, model, tmp_path):
    out = tmp_path / "out.tflite"
    out.write_text("old")
    run("convert", model, "-o", out)
    assert out.read_bytes()[4:8] == b"TFL3"
    assert out.stat().st_mode & 0o777 == 0o666 & ~_umask()


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def test_output_is_never_the_model(run, model):
    done = run("convert", model, "-o", model, code=1)
    assert "the output is the model itself" in done.stderr
    done = run("convert", model, "-o", "out.tflite", "--report", model, code=1)
    assert "the report is the model itself" in done.stderr


def test_report(run, model, tmp_path):
    run("convert", model, "-o", "out.tflite", "--report", "report.json")
    report = json.loads((tmp_path / "report.json").read_text())
    assert report["operators"] == {"CONV_2D": {"count": 1, "version": 1}}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out.tflite", "report.json"]


def test_inspect(run, model, tmp_path):
    assert "convolution" in run("inspect", model).stdout
    json.loads(run("inspect", model, "--json").stdout)
    run("convert", model, "-o", "out.tflite", "-q")
    assert "CONV_2D" in run("inspect", "out.tflite").stdout
    assert json.loads(run("inspect", "out.tflite", "--json").stdout)


def test_full_standard_output(checked_program):
    with open("/dev/full", "w") as full:
        done = subprocess.run([checked_program, "--help"], stdout=full, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 4
    assert done.stderr == "tinynn: standard output: No space left on device\n"
