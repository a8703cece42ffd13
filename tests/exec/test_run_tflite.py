"""tinynn.run_tflite: whole networks, tensors by name, refusals."""

from dataclasses import replace

import litert
import numpy as np
import pytest
import tinynn
import torch
from one_op import OneOp, Tensor, constant, write
from torch import nn


def small_network() -> nn.Module:
    torch.manual_seed(0)
    return nn.Sequential(nn.Conv2d(3, 8, 3, padding=1), nn.BatchNorm2d(8), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
                         nn.Linear(8 * 5 * 5, 4), nn.Softmax(-1)).eval()


@pytest.fixture
def converted(tmp_path):
    """The model, its file, an input in PyTorch's order."""
    x = torch.rand(2, 3, 10, 10)
    model = tinynn.load(small_network(), x)
    model.convert(tmp_path / "net.tflite")
    return model, tmp_path / "net.tflite", x.numpy()


def test_network(converted):
    model, path, x = converted
    (got,) = tinynn.run_tflite(path, litert.channels_last(x))
    litert.assert_close([got], model.run(x), 1e-6)
    litert.assert_close([got], litert.run(path, [litert.channels_last(x)]), 1e-6)


def test_tensors_by_name(converted):
    model, path, x = converted
    tensors = tinynn.TfliteProgram(path).run_tensors(litert.channels_last(x))
    values = model.run_values(x)
    assert {model.outputs[0].name, model.inputs[0].name} <= tensors.keys()
    last = [name for name in tensors if name in values][-1]
    litert.assert_close([tensors[last].reshape(values[last].shape)], [values[last]], 1e-6)


def test_a_program_runs_again(converted):
    _, path, x = converted
    program = tinynn.TfliteProgram(path)
    first = program.run(litert.channels_last(x))
    program.run_tensors(litert.channels_last(x))
    np.testing.assert_array_equal(program.run(litert.channels_last(x)), first)


def refusal(op: OneOp, path, *arrays) -> tinynn.Error:
    write(op, path)
    with pytest.raises(tinynn.Error) as caught:
        tinynn.run_tflite(path, *arrays)
    return caught.value


def test_arrays_that_do_not_fit(converted):
    _, path, x = converted
    with pytest.raises(tinynn.Error, match="takes 1 inputs, found 2"):
        tinynn.run_tflite(path, x, x)
    with pytest.raises(tinynn.Error, match="another type or shape"):
        tinynn.run_tflite(path, x)  # not channels last


def test_refusals(tmp_path):
    path, two = tmp_path / "op.tflite", np.zeros(2, np.float32)
    float2, float3 = Tensor((2,), "float32"), Tensor((3,), "float32")
    error = refusal(OneOp("ADD_N", [float2], [Tensor((2,), "float32")]), path, two)
    assert (error.code, "no kernel for ADD_N" in error.message) == ("unsupported", True)
    error = refusal(OneOp("RELU", [float2], [float3]), path, two)
    assert (error.code, error.where) == ("malformed", "operator 0, RELU")
    assert "dimension 0" in error.message
    int16 = Tensor((2,), "int16", (0.1,), (0,))
    error = refusal(OneOp("ELU", [int16], [replace(int16)]), path, two.astype(np.int16))
    assert (error.code, "quantized int16" in error.message) == ("unsupported", True)
    error = refusal(OneOp("TANH", [int16], [replace(int16)]), path, two.astype(np.int16))
    assert (error.code, "a result of the scale 1/32768" in error.message) == ("malformed", True)
    error = refusal(OneOp("RELU", [float2, constant(two)], [Tensor((2,), "float32")]), path, two)
    assert "2 operands and 1 results" in error.message
    error = refusal(OneOp("LOGISTIC", [Tensor((2,), "int8")], [Tensor((2,), "int8")]), path, two.astype(np.int8))
    assert "has no scale" in error.message
    error = refusal(OneOp("GATHER", [float2, constant(np.array([2], np.int32))], [Tensor((1,), "float32")], {"axis": 0},
                          "GatherOptions"), path, two)
    assert (error.code, error.message) == ("invalid", "index 2, there are 2")


def test_not_a_file(tmp_path):
    (tmp_path / "x.tflite").write_bytes(b"no FlatBuffer")
    with pytest.raises(tinynn.Error) as caught:
        tinynn.run_tflite(tmp_path / "x.tflite")
    assert caught.value.code == "malformed"
    with pytest.raises(tinynn.Error) as caught:
        tinynn.run_tflite(tmp_path / "missing.tflite")
    assert caught.value.code == "i/o"
