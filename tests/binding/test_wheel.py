"""The package as users install it: by `pip install .` from a clean copy of the tree, and as the wheel of tools/wheel.sh,
which needs none of the core's libraries; both where there is no PyTorch and no source."""

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

TREE = Path(__file__).resolve().parent.parent.parent
PROGRAM = """
import importlib.util, json, sys
import numpy as np, tinynn
model = tinynn.load(sys.argv[1])
report = model.convert(sys.argv[2])
print(json.dumps({
    "torch": importlib.util.find_spec("torch") is not None,
    "file": tinynn.__file__,
    "binding": "tinynn._binding" in sys.modules,
    "run": model.run(np.ones((1, 3, 224, 224), np.float32))[0].tolist(),
    "operators": report["operators"],
}))
from tinynn.converter import TFLiteConverter
TFLiteConverter(sys.argv[1], None, sys.argv[2]).convert()
"""
pytestmark = pytest.mark.skipif(os.environ.get("TINYNN_TEST_ALL") != "1", reason="takes minutes: TINYNN_TEST_ALL=1")


def run(*command, cwd=None) -> str:
    """With no more of our environment than a user has."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("TINYNN_", "PYTHON"))}
    environment["PYTHON"] = sys.executable  # for tools/wheel.sh
    done = subprocess.run([*map(str, command)], cwd=cwd, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def tree(tmp_path_factory) -> Path:
    """A clean copy, away from what has been built."""
    copy = tmp_path_factory.mktemp("wheel") / "tree"
    ignored = shutil.ignore_patterns(".git", ".venv", "build*", "dist", "__pycache__", "demo-out", "*.so")
    shutil.copytree(TREE, copy, ignore=ignored)
    return copy


@pytest.fixture(scope="module")
def model(tmp_path_factory) -> tuple[Path, nn.Module]:
    module = nn.Sequential(nn.Conv2d(3, 4, 3, stride=2), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten()).eval()
    path = tmp_path_factory.mktemp("model") / "model.pt2"
    torch.export.save(torch.export.export(module, (torch.ones(1, 3, 224, 224),)), path)
    return path, module


def new_environment(folder: Path) -> Path:
    """The folder of a virtual environment's programs."""
    run(sys.executable, "-m", "venv", folder)
    return folder / "bin"


def check_installed(programs: Path, model: tuple[Path, nn.Module], folder: Path) -> None:
    """Package and program convert, without PyTorch, to the same bytes."""
    path, module = model
    out = folder / "python.tflite"
    told = json.loads(run(programs / "python", "-c", PROGRAM, path, out, cwd=folder))
    assert told["binding"] and not told["torch"] and told["file"].startswith(str(programs.parent))
    assert told["operators"]["CONV_2D"]["count"] == 1
    np.testing.assert_allclose(told["run"], module(torch.ones(1, 3, 224, 224)).detach(), atol=1e-5)
    assert run(programs / "tinynn", "--version") == "tinynn 0.1.0\n"
    assert "0 transposes" in run(programs / "tinynn", "convert", path, "-o", "program.tflite", cwd=folder)
    assert (folder / "program.tflite").read_bytes() == out.read_bytes()


def test_pip_install(tree, model, tmp_path):
    programs = new_environment(tmp_path / "venv")
    run(programs / "pip", "install", "-q", ".", cwd=tree)
    check_installed(programs, model, tmp_path)
    shown = re.findall(r"^```python\n(.*?)^```$", (TREE / "README.md").read_text(), re.MULTILINE | re.DOTALL)
    (example,) = (text for text in shown if "tinynn.load" in text)
    shutil.copy(model[0], tmp_path / "model.pt2")
    run(programs / "python", "-c", example, cwd=tmp_path)
    assert (tmp_path / "model.tflite").exists()


def test_repaired_wheel(tree, model, tmp_path):
    run(tree / "tools" / "wheel.sh", tmp_path / "dist", cwd=tmp_path)
    (wheel,) = (tmp_path / "dist").iterdir()
    assert re.fullmatch(r"tinynn-0\.1\.0-cp3\d+-abi3-manylinux_2_\d+_\w+\.whl", wheel.name)
    names = zipfile.ZipFile(wheel).namelist()
    assert {"tinynn/_binding.abi3.so", "tinynn/py.typed", "tinynn-0.1.0.data/scripts/tinynn"} <= set(names)
    libraries = {re.sub(r"-.*", "", Path(name).name) for name in names if name.startswith("tinynn.libs/")} - {""}
    assert libraries >= {"libjansson", "libyaml"}
    expected = ("tinynn/", "tinynn-0.1.0.dist-info/", "tinynn-0.1.0.data/", "tinynn.libs/", "tinynn.scripts/")
    assert not [name for name in names if not name.startswith(expected)]
    programs = new_environment(tmp_path / "venv")
    run(programs / "pip", "install", "-q", wheel)
    check_installed(programs, model, tmp_path)
