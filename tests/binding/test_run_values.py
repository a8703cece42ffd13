"""Model.run_values: what lies between inputs and outputs, by name, against PyTorch."""

import numpy as np
import pytest
import tinynn
import torch
from torch import nn
from torch.nn import functional


class Net(nn.Module):
    """A composite (silu), two results of one call, a result that nobody reads, and an output that is an input."""

    def __init__(self):
        super().__init__()
        torch.manual_seed(3)
        self.conv = nn.Conv2d(2, 4, 3)

    def steps(self, x):
        conv = self.conv(x)
        silu = functional.silu(conv)
        values, indices = silu.max(1)
        return {"x": x, "conv2d": conv, "silu": silu, "max_1": values, "max_1_1": indices, "to": values.to(torch.float64)}

    def forward(self, x):
        return self.steps(x)["to"], x


@pytest.fixture(scope="module")
def net(tmp_path_factory) -> tuple[tinynn.Model, torch.Tensor]:
    path = tmp_path_factory.mktemp("net") / "net.pt2"
    example = torch.linspace(-1, 1, 50).reshape(1, 2, 5, 5)
    torch.export.save(torch.export.export(Net(), (example,)), path)
    return tinynn.load(path), example


@pytest.mark.parametrize("names", [None, ["silu"], ["max_1_1", "x", "conv2d", "x"], []])
def test_values(net, names):
    model, example = net
    values = model.run_values(example.numpy(), names=names)
    with torch.no_grad():
        expected = Net().steps(example)
    assert list(values) == (list(expected) if names is None else list(dict.fromkeys(names)))
    for name, value in values.items():
        assert value.dtype.name == str(expected[name].dtype).removeprefix("torch.")
        np.testing.assert_allclose(value, expected[name].numpy(), rtol=0, atol=1e-6)


def test_bfloat16_comes_as_float32(tmp_path):
    path = tmp_path / "b.pt2"
    example = torch.linspace(-3, 3, 7)
    torch.export.save(torch.export.export(Half(), (example,)), path)
    values = tinynn.load(path).run_values(example.numpy())
    halves = [value for name, value in values.items() if "mul" in name]
    np.testing.assert_array_equal(halves[0], (example.to(torch.bfloat16) * 3).float().numpy())
    assert halves[0].dtype == np.float32


class Half(nn.Module):
    def forward(self, x):
        return (x.to(torch.bfloat16) * 3).to(torch.float32)


@pytest.mark.parametrize(
    "arrays, names, words",
    [
        ([np.zeros((1, 2, 5, 5), np.float32)], ["silu", "nowhere"], "nowhere: is no input of the model"),
        ([np.zeros((1, 2, 5, 5), np.float32)], ["conv.weight"], "conv.weight: is no input of the model"),
        ([np.zeros((1, 2, 5, 6), np.float32)], None, "x: is float32"),
        ([], None, "takes 1 inputs, found 0"),
    ],
)
def test_refusals(net, arrays, names, words):
    with pytest.raises(tinynn.Error, match=words) as caught:
        net[0].run_values(*arrays, names=names)
    assert caught.value.code == "invalid"
