"""The wheel: built from a clean copy of the tree, installed where there is no PyTorch, no compiler and no source."""

import json
import os
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
    "run": model.run(np.ones((2, 3), np.float32))[0].tolist(),
    "operators": report["operators"],
}))
from tinynn.converter import TFLiteConverter
TFLiteConverter(sys.argv[1], None, sys.argv[2]).convert()
"""
pytestmark = pytest.mark.skipif(os.environ.get("TINYNN_TEST_ALL") != "1", reason="takes a minute: TINYNN_TEST_ALL=1")


def run(*command, cwd=None) -> str:
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("TINYNN_", "PYTHON"))}
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    ignored = shutil.ignore_patterns(".git", ".venv", "build*", "__pycache__", "demo-out", "*.so")
    shutil.copytree(TREE, folder / "tree", ignore=ignored)
    run(sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", str(folder), str(folder / "tree"), cwd=folder)
    (built,) = folder.glob("*.whl")
    return built


def test_contents(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    assert wheel.name.startswith("tinynn-0.1.0-cp") and "-abi3-linux" in wheel.name
    assert {"tinynn/_binding.abi3.so", "tinynn/py.typed", "tinynn/converter/base.py"} <= set(names)
    assert not [name for name in names if not name.startswith(("tinynn/", "tinynn-0.1.0.dist-info/"))]


def test_wheel_converts_without_torch(wheel, tmp_path):
    model = nn.Linear(3, 4)
    torch.export.save(torch.export.export(model, (torch.ones(2, 3),)), tmp_path / "model.pt2")
    run(sys.executable, "-m", "venv", str(tmp_path / "venv"))
    python = tmp_path / "venv" / "bin" / "python"
    run(str(python), "-m", "pip", "install", "-q", str(wheel))
    out = tmp_path / "model.tflite"
    told = json.loads(run(str(python), "-c", PROGRAM, str(tmp_path / "model.pt2"), str(out), cwd=tmp_path))
    assert told["binding"] and not told["torch"] and told["file"].startswith(str(tmp_path / "venv"))
    assert told["operators"] == {"FULLY_CONNECTED": {"count": 1, "version": 1}}
    np.testing.assert_allclose(told["run"], model(torch.ones(2, 3)).detach(), atol=1e-6)
    assert out.stat().st_size > 0
