"""What tracing took from the values of its example: converted as traced, and named where the archive shows it."""

from pathlib import Path

import litert
import numpy as np
import pytest
import tinynn
import torch
from torch import nn

MEAN = torch.tensor([0.4, 0.5, 0.6]).view(3, 1, 1)


def uniform(*shape):
    return torch.rand(*shape, generator=torch.Generator().manual_seed(1)) - 0.4


IMAGE, ROWS, FLAGS = uniform(1, 3, 4, 5), uniform(4, 4), torch.tensor([1, 3])

# Of each the inputs, and what the one warning says.
BAKED = {
    "numpy": (lambda x: x + torch.from_numpy(x.detach().numpy() * 2), [ROWS], 'c0, float32[4, 4], is as large as x'),
    "mask by a list": (lambda x: x * torch.tensor((x > 0).tolist()), [ROWS], 'c0, bool[4, 4], is as large as x'),
    "flattened": (lambda x: x.flatten() + torch.from_numpy(x.numpy().ravel()), [ROWS], 'c0, float32[16], is'),
    "through operators": (lambda x: torch.from_numpy(x.numpy()).t().relu() + x.sin(), [ROWS], "c0, float32[4, 4]"),
    "of another input": (lambda x, y: x.sum() * torch.from_numpy(y.numpy()) + y.sum(), [ROWS, uniform(2, 3)],
                         'c0, float32[2, 3], is as large as y'),
    "chosen rows": (lambda x: x[torch.from_numpy(np.array([2, 0, 0, 3]))], [ROWS], "is an index in no order"),
    "index as a number": (lambda x, i: x[int(i[0])], [ROWS, FLAGS], 'input i has no effect on the outputs'),
    "slice as a number": (lambda x, i: x[:, : int(i[1])], [ROWS, FLAGS], 'input i has no effect'),
    "condition": (lambda x, i: x + 1 if i.sum() > 2 else x, [ROWS, FLAGS], 'input i has no effect'),
}

# Constants that are what they should be.
USUAL = {
    "positions": (lambda x: x + torch.arange(x.size(1)), [ROWS]),
    "mask": (lambda x: x.masked_fill(torch.triu(torch.ones(x.size(0), x.size(1)), 1) > 0, -1e9), [ROWS]),
    "mask of values": (lambda x: x * (x > 0), [ROWS]),
    "mean": (lambda x: (x - MEAN) / torch.tensor([0.2, 0.3, 0.4]).view(3, 1, 1), [IMAGE]),
    "sizes": (lambda x: x * torch.tensor(x.shape[2:]).sum(), [IMAGE]),
    "channels": (lambda x: x[:, [2, 1, 0]], [IMAGE]),
    "exchanged": (lambda x: x[:, torch.tensor([0, 2, 1, 3])], [ROWS]),
    "repeated": (lambda x: x[:, torch.tensor([0, 0, 1, 1, 3, 3])], [ROWS]),
    "numbers": (lambda x: x * 2.5 + torch.tensor(3.0), [ROWS]),
    "layers": (nn.Sequential(nn.Linear(4, 4), nn.LayerNorm(4), nn.BatchNorm1d(4)).eval(), [ROWS]),
}


def load(function, inputs, path: Path):
    module = function
    if not isinstance(function, nn.Module):
        # The names of the inputs are those of the function's arguments.
        module = type("Program", (nn.Module,), {"forward": staticmethod(function)})()
    with torch.no_grad():
        torch.jit.trace(module, tuple(inputs), check_trace=False).save(path)
        expected = torch.jit.load(path)(*inputs)
    model = tinynn.load(path)
    litert.assert_close(model.run(*(x.numpy() for x in inputs)), [expected.numpy()], 1e-6)
    return model


@pytest.mark.parametrize("name", BAKED)
def test_named(name, tmp_path: Path):
    function, inputs, says = BAKED[name]
    warnings = load(function, inputs, tmp_path / "a.pt").warnings
    assert len(warnings) == 1 and says in warnings[0]
    if "constant" in warnings[0]:
        assert "torchscript/test_baked_values.py:" in warnings[0]


@pytest.mark.parametrize("name", USUAL)
def test_usual_constants(name, tmp_path: Path):
    function, inputs = USUAL[name]
    assert not load(function, inputs, tmp_path / "a.pt").warnings


def test_only_traced_programs(tmp_path: Path):
    """A scripted program holds no values of an example, and its inputs may be left alone."""
    class Two(nn.Module):
        def forward(self, x, y):
            return x + 1

    torch.jit.script(Two()).save(tmp_path / "a.pt")
    assert not tinynn.load(tmp_path / "a.pt", inputs=[(2, 3), (4,)]).warnings
