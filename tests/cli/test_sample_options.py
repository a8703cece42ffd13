"""The options that say how pictures become inputs, by `tinynn run`. What they mean is tested in tests/samples."""

import subprocess

import numpy as np
import PIL.Image
import pytest
import torch
from torch import nn


class Same(nn.Module):
    def forward(self, x):
        return x * 1


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A model of [1,3,16,16], and pictures of 20 x 30 pixels."""
    folder = tmp_path_factory.mktemp("place")
    torch.export.save(torch.export.export(Same(), (torch.ones(1, 3, 16, 16),)), folder / "model.pt2")
    (folder / "pictures").mkdir()
    rng = np.random.default_rng(1)
    for i in range(4):
        pixels = rng.integers(0, 256, (30, 20, 3), dtype=np.uint8)
        PIL.Image.fromarray(pixels).save(folder / "pictures" / f"{i}.png")
    return folder


def run(program, place, *options):
    command = [program, "run", place / "model.pt2", "--inputs", place / "pictures", "-o", place / "out.npz", *options]
    return subprocess.run(list(map(str, command)), capture_output=True, text=True)


def result(program, place, *options) -> np.ndarray:
    done = run(program, place, *options)
    assert done.returncode == 0, done.stderr
    [array] = np.load(place / "out.npz").values()
    return array


def pixels(place, i: int, size=None) -> np.ndarray:
    image = PIL.Image.open(place / "pictures" / f"{i}.png")
    image = image.resize(size, PIL.Image.Resampling.BILINEAR) if size else image
    return np.asarray(image).transpose(2, 0, 1).astype(np.float32)


def test_transforms(checked_program, place):
    array = result(checked_program, place, "--resize", "30x20", "--crop", "16", "--mean", "10,20,30", "--std", "2",
                   "--white", "255", "--bgr")
    mean = np.array([10, 20, 30], np.float32).reshape(3, 1, 1)
    for i in range(4):
        assert np.array_equal(array[i, 0], (pixels(place, i)[::-1, 7:23, 2:18] - mean) / 2)


def test_shorter_side(checked_program, place):
    array = result(checked_program, place, "--resize=18", "--white=255")
    assert np.abs(array[0, 0] - pixels(place, 0, (18, 27))[:, 6:22, 1:17]).max() <= 1


def test_some_samples(checked_program, place):
    everything, two = (result(checked_program, place, *options) for options in ([], ["--max-samples", "2"]))
    assert len(everything) == 4 and np.array_equal(two, everything[[0, 2]])


@pytest.mark.parametrize("options, wanted", [
    (["--resize", "3x"], '--resize is "3x", expected pixels, 256 or 224x320 (height first)'),
    (["--crop", "-1"], '--crop is "-1", expected pixels, 224'),
    (["--mean", "1,2"], '--mean is "1,2", expected a number, or three with commas between'),
    (["--std", "1,2,3,4"], '--std is "1,2,3,4", expected a number, or three with commas between'),
    (["--white", "much"], '--white is "much", expected 1 or 255'),
    (["--max-samples", "0"], '--max-samples is "0", expected a number, 128'),
    (["--crop", "20"], "pictures cut to 20x20 do not fit the input of 16x16"),
    (["--pictures-nhwc"], "x: takes no pictures: the input must be [1,H,W,C] or [H,W,C], C being 1 or 3"),
])
def test_refused(checked_program, place, options, wanted):
    done = run(checked_program, place, *options)
    assert (done.returncode, done.stderr) == (1, f"tinynn: {wanted}\n")
