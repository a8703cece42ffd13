"""tinynn.load: every form of a network, and every form of its inputs."""

import numpy as np
import pytest
import small_network
import tinynn
import torch
from torch import nn


def add(first, second):
    return first + 2 * second


def forms(folder):
    """The same network in all forms, with inputs where it needs them."""
    network, image = small_network.make(), small_network.image()
    program = torch.export.export(network, (image,))
    traced = torch.jit.trace(network, image)
    torch.export.save(program, folder / "net.pt2")
    torch.jit.save(traced, folder / "net.pt")
    return {
        "module": (network, image), "wrapped": (nn.DataParallel(network), image), "exported": (program, None),
        "traced": (traced, None), "scripted": (torch.jit.script(network), image), "pt2": (folder / "net.pt2", None),
        "pt": (str(folder / "net.pt"), None),
    }


@pytest.mark.parametrize("form", ["module", "wrapped", "exported", "traced", "scripted", "pt2", "pt"])
def test_every_form_computes_the_same(form, tmp_path):
    network, inputs = forms(tmp_path)[form]
    image = small_network.image()
    (got,) = tinynn.load(network, inputs).run(image.numpy())
    expected = small_network.make()(image).detach().numpy()
    np.testing.assert_allclose(got, expected, atol=1e-5 * np.abs(expected).max())


@pytest.mark.parametrize(
    "inputs",
    [
        (torch.zeros(2, 3), torch.zeros(3)),
        [np.zeros((2, 3), np.float32), np.zeros(3, np.float32)],
        [(2, 3), (3,)],
        [((2, 3), "float32"), (3,)],
        {"second": (3,), "first": torch.zeros(2, 3)},
    ],
)
def test_every_form_of_inputs(inputs):
    model = tinynn.load(add, inputs)
    assert [(value.dtype, value.shape) for value in model.inputs] == [("float32", (2, 3)), ("float32", (3,))]
    assert model.name == "add"
    assert model.run(np.full((2, 3), 5, np.float32), np.ones(3, np.float32))[0].tolist() == [[7.0] * 3] * 2


@pytest.mark.parametrize("inputs", [torch.zeros(2, 3), np.zeros((2, 3), np.float32), (2, 3), [(2, 3)]])
def test_one_input_needs_no_list(inputs):
    assert tinynn.load(nn.ReLU(), inputs).inputs[0].shape == (2, 3)


def test_dtypes_of_shapes():
    model = tinynn.load(nn.Embedding(7, 4), {"input": ((1, 5), "int64")})
    assert model.inputs[0].dtype == "int64" and model.outputs[0].shape == (1, 5, 4)


def test_use_export_keeps_modules():
    model = tinynn.load(small_network.make(), small_network.image(), use_export=True)
    assert "block.conv" in {node.scope for node in model.graph}


def test_repr():
    said = repr(tinynn.load(small_network.make(), small_network.image()))
    assert said.startswith("<tinynn.Model Network: image: float32[1, 3, 13, 9] -> ")


@pytest.mark.parametrize(
    "network, inputs, error, words",
    [
        (5, None, TypeError, "found int"),
        (None, [(1, 2)], TypeError, "found NoneType"),
        (b"bytes", None, TypeError, "found bytes"),
        ([], None, TypeError, "found list"),
        ("/nowhere.pt2", None, tinynn.Error, "nowhere"),
        (add, {"first": (2,), "third": (2,)}, TypeError, "third|second"),
        (add, [(2, 3), (4,)], tinynn.Error, "torch.jit.trace failed"),
        (add, [((2, 3), "flot32"), (3,)], tinynn.Error, 'no dtype is called "flot32"'),
        (add, [5.0, (3,)], TypeError, "found 5.0"),
        (add, "text", TypeError, "found 't'"),
    ],
)
def test_refused(network, inputs, error, words):
    with pytest.raises(error, match=words):
        tinynn.load(network, inputs)


def test_named_only_parameters():
    def keyword(*, x):
        return x

    with pytest.raises(TypeError, match="x: parameters that have to be named"):
        tinynn.load(keyword, {"x": (2,)})
