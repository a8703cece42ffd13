"""The library inside of a long-lived process: threads, fork, memory."""

import hashlib
import os
import resource
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import tinynn
import torch
from torch import nn


@pytest.fixture(scope="module")
def path(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("process") / "model.pt"
    model = nn.Sequential(nn.Conv2d(3, 256, 3), nn.ReLU(), nn.Conv2d(256, 256, 3), nn.Flatten())
    torch.jit.trace(model, torch.rand(1, 3, 9, 9)).save(path)
    return path


def convert(path: Path, number: int) -> str:
    out = path.with_name(f"{number}.tflite")
    tinynn.load(path).convert(out)
    digest = hashlib.sha256(out.read_bytes()).hexdigest()
    out.unlink()
    return digest


def test_four_at_once(path):
    with ThreadPoolExecutor(4) as pool:
        digests = set(pool.map(lambda number: convert(path, number), range(40)))
    assert digests == {convert(path, 0)}


def test_after_fork(path):
    expected = convert(path, 0)
    child = os.fork()
    if child == 0:
        os._exit(0 if convert(path, 1) == expected else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def resident_bytes() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize()


def test_memory_stays_flat(path):
    for number in range(20):
        convert(path, number)
    before = resident_bytes()
    for number in range(200):
        convert(path, number)
    # One model is 2.4 MB: a leak of one in twenty would show.
    assert resident_bytes() - before < 16 * path.stat().st_size // 2
