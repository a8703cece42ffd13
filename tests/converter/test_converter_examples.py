"""The programs of examples/converter, as a user runs them."""

import subprocess
import sys
from pathlib import Path

import pytest

TREE = Path(__file__).resolve().parent.parent.parent
EXAMPLES = TREE / "examples" / "converter"
PRINTED = {
    "convert.py": [
        "nhwc [1, 32, 32, 3] [1, 16, 16, 8] [1, 16, 16, 3] 0 transposes",
        "nchw [1, 3, 32, 32] [1, 8, 16, 16] [1, 3, 16, 16] 3 transposes",
        "mixed [1, 3, 32, 32] [1, 16, 16, 8] [1, 3, 16, 16] 2 transposes",
    ],
    "convert_from_json.py": ["network.tflite {'CONV_2D': {'count': 1"],
    "custom_operator.py": [
        "meaning {'CONV_2D': 1, 'MUL': 2, 'LOGISTIC': 1}",
        "kernel {'CONV_2D': 1, 'CUSTOM:MySwish': 1}",
    ],
    "grouped_convolution.py": [
        "grouped False {'CONV_2D': 1}",
        "grouped True {'SPLIT': 1, 'CONV_2D': 4, 'CONCATENATION': 1}",
        "grouped_transposed True {'SPLIT': 1, 'TRANSPOSE_CONV': 4, 'CONCATENATION': 1}",
    ],
    "unsupported_operators.py": ["1 x aten.linalg_eigvalsh", "1 x aten.bincount"],
}


def test_every_example_is_run():
    assert {path.name for path in EXAMPLES.glob("*.py")} == set(PRINTED)


@pytest.mark.parametrize("name", PRINTED)
def test_example(name, tmp_path, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(TREE / "python"))
    done = subprocess.run([sys.executable, EXAMPLES / name, tmp_path], capture_output=True, text=True, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    for words in PRINTED[name]:
        assert words in done.stdout
