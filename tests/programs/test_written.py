"""Inputs and buffers that a program writes to: refused, returned, ignored; in every form of file."""

import litert
import pytest
import tinynn
import torch
from torch import nn

# torch.jit warns that it will go away.
pytestmark = pytest.mark.filterwarnings("ignore")

X = torch.tensor([[1.0, -2.0, 3.0], [-4.0, 5.0, -6.0]])


class WritesInput(nn.Module):
    def forward(self, x):
        x[0].mul_(10)
        return x.sum(1)


class WritesBuffer(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("count", torch.tensor([1.0, 2.0]))

    def forward(self, x):
        self.count.add_(x.size(0))
        return x.sum(1) * self.count


def save(form: str, make, path):
    module, example = make().eval(), (X.clone(),)
    if form == "traced":
        traced = torch.jit.trace(module, example, check_trace=False)
        traced.load_state_dict(make().state_dict())  # tracing has run the program
        traced.save(str(path))
    elif form == "scripted":
        torch.jit.script(module).save(str(path))
    else:
        program = torch.export.export(module, example)
        torch.export.save(program.run_decompositions() if form == "decomposed" else program, path)


@pytest.fixture(params=["traced", "scripted", "exported", "decomposed"])
def load(request, tmp_path):
    def load(make, **options):
        path = tmp_path / ("model.pt" if request.param in ("traced", "scripted") else "model.pt2")
        save(request.param, make, path)
        inputs = [tuple(X.shape)] if request.param == "scripted" else None
        return tinynn.load(path, inputs, **options)

    return load


def test_refuses_written_inputs(load):
    with pytest.raises(tinynn.Error, match='input "x" is written in place; a converted model cannot change its inputs'):
        load(WritesInput)


def test_ignores_written_inputs(load):
    model = load(WritesInput, written_inputs="ignore")
    assert ['input "x" is changed by the program' in warning for warning in model.warnings] == [True]
    expected = X.clone()
    litert.assert_close(model.run(X.numpy()), [WritesInput()(expected).numpy()], 1e-6)


def test_returns_written_inputs(load):
    model = load(WritesInput, written_inputs="return")
    assert model.outputs[-1].name == "x_written" and model.warnings == []
    expected = X.clone()
    result = WritesInput()(expected)
    litert.assert_close(model.run(X.numpy()), [result.numpy(), expected.numpy()], 1e-6)


def test_ignores_written_buffers(load):
    model = load(WritesBuffer)
    assert ['"count" is changed by the program' in warning for warning in model.warnings] == [True]
    litert.assert_close(model.run(X.numpy()), [WritesBuffer()(X).detach().numpy()], 1e-6)


def test_returns_written_buffers(load):
    model = load(WritesBuffer, written_buffers="return")
    module = WritesBuffer()
    result = module(X)
    assert model.outputs[-1].name == "count_written"
    litert.assert_close(model.run(X.numpy()), [result.numpy(), module.count.numpy()], 1e-6)


def test_refuses_written_buffers(load):
    with pytest.raises(tinynn.Error, match='"count" is written in place'):
        load(WritesBuffer, written_buffers="refuse")


def test_names_the_choices(load):
    with pytest.raises(tinynn.Error, match='expected "refuse", "return" or "ignore"'):
        load(WritesInput, written_inputs="keep")
