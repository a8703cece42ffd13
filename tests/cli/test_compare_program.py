"""`tinynn compare`: a file against the model it was made from."""

import json
import subprocess

import numpy as np
import pytest
import tinynn
import torch
from torch import nn


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """A model, its file, a file of the same network with other weights, inputs."""
    folder = tmp_path_factory.mktemp("compare")
    for name, seed in (("right", 0), ("wrong", 1)):
        torch.manual_seed(seed)
        net = nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU(), nn.Conv2d(4, 5, 3)).eval()
        torch.export.save(torch.export.export(net, (torch.rand(1, 3, 8, 9),)), folder / f"{name}.pt2")
        tinynn.load(folder / f"{name}.pt2").convert(folder / f"{name}.tflite")
    np.savez(folder / "x.npz", input=np.random.default_rng(0).random((3, 3, 8, 9), np.float32))
    return folder


def run(program, *arguments) -> subprocess.CompletedProcess:
    return subprocess.run([program, "compare", *map(str, arguments)], check=False, capture_output=True, text=True)


def test_the_same(checked_program, files):
    for inputs in (("--random", 2), ("--inputs", files / "x.npz")):
        done = run(checked_program, files / "right.pt2", files / "right.tflite", *inputs, "--json")
        assert (done.returncode, done.stderr) == (0, "")
        result = json.loads(done.stdout)
        (output,) = result["differences"]
        assert result["ok"] and output["output"] and output["relative"] < 1e-6 and output["cosine"] > 0.999999


def test_tensors(checked_program, files):
    done = run(checked_program, files / "right.pt2", files / "right.tflite", "--random", 1, "--tensors", "--json")
    rows = json.loads(done.stdout)["differences"]
    assert done.returncode == 0 and len(rows) >= 3 and not any(row["departs"] for row in rows)


def test_another_network_departs(checked_program, files):
    done = run(checked_program, files / "right.pt2", files / "wrong.tflite", "--random", 1, "--tensors")
    assert done.returncode == 1
    assert "departs" in done.stdout and "the first tensor that departs is relu" in done.stdout
    assert run(checked_program, files / "right.pt2", files / "wrong.tflite", "--random", 1, "--tolerance", 100).returncode == 0


@pytest.mark.parametrize("io", ["float32", "int8", "uint8"])
def test_integers_count_as_the_numbers_they_stand_for(checked_program, files, tmp_path, io):
    samples = list(np.load(files / "x.npz")["input"][:, None])
    tinynn.load(files / "right.pt2").quantize(tmp_path / "small.tflite", samples, io=io)
    done = run(checked_program, files / "right.pt2", tmp_path / "small.tflite", "--inputs", files / "x.npz", "--tensors",
               "--tolerance", 0.03, "--json")
    rows = json.loads(done.stdout)["differences"]
    assert done.returncode == 0, done.stderr
    assert rows[0]["output"] and rows[0]["snr"] > 30 and not any(row["departs"] for row in rows)


@pytest.mark.parametrize(("arguments", "message"), [
    (["right.pt2"], "needs a .tflite file"),
    (["right.pt2", "right.tflite"], "one of --inputs and --random"),
    (["right.pt2", "right.tflite", "--random", "-1"], 'takes a number above 0, found "-1"'),
    (["right.pt2", "right.tflite", "right.tflite", "--random", "1"], "takes one model file"),
])
def test_wrong_arguments(checked_program, files, arguments, message):
    done = run(checked_program, *(files / a if a.startswith("right") else a for a in arguments))
    assert done.returncode == 1 and message in done.stderr


def test_missing_file(checked_program, files):
    done = run(checked_program, files / "right.pt2", files / "no.tflite", "--random", 1)
    assert done.returncode == 2 and "no.tflite" in done.stderr
