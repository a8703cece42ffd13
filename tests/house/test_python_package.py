"""The Python package is typed and clean, and its reference can be built."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

TREE = Path(__file__).resolve().parent.parent.parent


def run(*command: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=TREE, capture_output=True, text=True)


def test_mypy(tmp_path):
    done = run(sys.executable, "-m", "mypy", "--cache-dir", tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr


def test_ruff():
    done = run(sys.executable, "-m", "ruff", "check", "--no-cache", "python")
    assert done.returncode == 0, done.stdout


@pytest.mark.skipif(os.environ.get("TINYNN_TEST_ALL") != "1", reason="installs mkdocs: TINYNN_TEST_ALL=1")
def test_pages_build(tmp_path):
    done = run(TREE / "tools" / "docs.sh", tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    reference = (tmp_path / "site" / "api" / "tinynn.html").read_text()
    assert 'id="tinynn.Model.to_tflite"' in reference and 'id="tinynn.compare"' in reference
    first = (tmp_path / "site" / "index.html").read_text()
    assert 'href="cli.html"' in first
