"""silero-vad's TorchScript file, as its package has it: scripted, two models in one, a recurrent cell with a state."""

import importlib.util
import subprocess
from pathlib import Path

import litert
import pytest
import tinynn
import torch

FILE = Path(importlib.util.find_spec("silero_vad").submodule_search_locations[0]) / "data" / "silero_vad.jit"


def test_inspect(program):
    """The whole tree, though the shapes of its inputs are lacking."""
    done = subprocess.run([program, "inspect", FILE], capture_output=True, text=True)
    assert done.returncode == 1
    assert "reparam_conv: Conv1d" in done.stdout and "weight_ih: float32[512, 128]" in done.stdout
    assert "forward(x, sr)" in done.stdout
    assert 'which shape input "x" has' in done.stderr


@pytest.mark.parametrize("rate", [8000, 16000])
def test_convert(rate, tmp_path: Path):
    samples = 512 if rate == 16000 else 256
    model = tinynn.load(FILE, inputs={"x": (1, samples), "sr": (rate,)})
    x = torch.randn(1, samples, generator=torch.Generator().manual_seed(0)) * 0.1
    with torch.no_grad():
        expected = torch.jit.load(FILE)(x, rate).numpy()
    litert.assert_close(model.run(x.numpy()), [expected], 1e-5)
    model.convert(tmp_path / "out.tflite")
    litert.assert_close(litert.run(tmp_path / "out.tflite", [x.numpy()]), [expected], 1e-4)


def test_wrong_rate():
    with pytest.raises(tinynn.Error, match="Supported sampling rates"):
        tinynn.load(FILE, inputs={"x": (1, 512), "sr": (11025,)})


def test_number_is_lacking():
    with pytest.raises(tinynn.Error, match='"sr" is a int without a default'):
        tinynn.load(FILE, inputs=[(1, 512)])
