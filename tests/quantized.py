"""What tests of quantized files share: distances in decibels, LiteRT's numbers of a file, and the program."""

import subprocess
from pathlib import Path

import litert
import numpy as np
import tinynn
import torch
from torch import Tensor, nn

SAMPLES = 12


def decibels(expected: np.ndarray, got: np.ndarray) -> float:
    noise = float(((expected - got) ** 2).sum())
    return 10 * np.log10(float((expected**2).sum()) / max(noise, 1e-30))


def outputs(path: Path, samples: list[Tensor], kernels: str) -> np.ndarray:
    return np.stack([litert.run(path, [litert.channels_last(x.numpy())], kernels)[0] for x in samples])


def quality(tmp_path: Path, module: nn.Module, samples: list[Tensor], tested: list[Tensor], **options) -> float:
    """In dB, of LiteRT's numbers on other samples."""
    path = tmp_path / "model.tflite"
    tinynn.load(module, samples[0]).quantize(path, samples, **options)
    with torch.no_grad():
        expected = np.stack([litert.channels_last(module(x).numpy()) for x in tested])
    return decibels(expected, outputs(path, tested, "reference"))


def step(report: dict, name: str) -> dict:
    """Of a report, what is said of a step that makes numbers better."""
    return next(step for step in report["quantization"]["steps"] if step["name"] == name)


def run(folder: Path, *command: str | Path, code: int = 0) -> subprocess.CompletedProcess[str]:
    """Run the program in the folder."""
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stderr
    return done
