"""`tinynn run`."""

import subprocess
from pathlib import Path

import litert
import numpy as np
import pytest
import torch
from torch import nn


@pytest.fixture
def run(checked_program, tmp_path):
    """Run the program in an empty folder."""

    def run(*arguments, code: int = 0) -> subprocess.CompletedProcess:
        done = subprocess.run([checked_program, "run", *map(str, arguments)], capture_output=True, text=True, cwd=tmp_path)
        assert done.returncode == code, f"exit code {done.returncode}: {done.stdout}{done.stderr}"
        return done

    return run


class Difference(nn.Module):
    def forward(self, a, b):
        return torch.relu(a - b), a + b


@pytest.fixture
def difference(tmp_path) -> Path:
    path = tmp_path / "difference.pt2"
    torch.export.save(torch.export.export(Difference(), (torch.ones(1, 3), torch.ones(1, 3))), path)
    return path


def arrays(n: int) -> dict[str, np.ndarray]:
    generator = np.random.default_rng(n)
    return {name: generator.standard_normal((n, 3)).astype(np.float32) for name in "ab"}


@pytest.mark.parametrize("option", ([], ["--reference"], ["--threads", "2"]))
def test_one_sample(run, difference, tmp_path, option):
    inputs = arrays(1)
    np.savez(tmp_path / "in.npz", **inputs)
    assert run(difference, "--inputs", "in.npz", "-o", "out.npz", *option).stderr == ""
    found = np.load(tmp_path / "out.npz")
    expected = Difference()(*(torch.from_numpy(inputs[name]) for name in "ab"))
    litert.assert_close([found["relu"], found["add"]], [value.numpy() for value in expected], 1e-6)


def test_several_samples_stand_side_by_side(run, difference, tmp_path):
    inputs = arrays(4)
    np.savez(tmp_path / "in.npz", **inputs)
    run(difference, "--inputs", "in.npz", "-o", "out.npz")
    found = np.load(tmp_path / "out.npz")
    assert found["add"].shape == (4, 1, 3)
    np.testing.assert_allclose(found["add"][:, 0], inputs["a"] + inputs["b"], rtol=1e-6)


@pytest.mark.parametrize("arguments, code, message", [
    (["-o", "out.npz"], 1, "--inputs is missing"),
    (["--inputs", "in.npz"], 1, "-o is missing"),
    (["--inputs", "in.npz", "-o", "out.npz", "--threads", "0"], 1, '--threads is "0", expected a number from 1 to 1024'),
    (["--inputs", "lost.npz", "-o", "out.npz"], 2, "lost.npz"),
    (["--inputs", "in.npz", "-o", "no/folder/out.npz"], 4, "no/folder/out.npz"),
])
def test_refusals(run, difference, tmp_path, arguments, code, message):
    np.savez(tmp_path / "in.npz", **arrays(1))
    assert message in run(difference, *arguments, code=code).stderr
    assert not (tmp_path / "out.npz").exists()
