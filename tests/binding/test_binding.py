"""The Python package: what it takes, returns and raises."""

from pathlib import Path

import numpy as np
import pytest
import tinynn
import torch
from torch import nn


class Two(nn.Module):
    """Two inputs of different dtypes, two outputs."""

    def forward(self, image, scale):
        return image * scale, image.sum(1)


@pytest.fixture(scope="module")
def two(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("two") / "two.pt2"
    example = (torch.randn(1, 3, 4, 5), torch.tensor([2], dtype=torch.int32))
    torch.export.save(torch.export.export(Two(), example), path)
    return path


@pytest.fixture(scope="module")
def dynamic(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("dynamic") / "dynamic.pt2"
    program = torch.export.export(nn.Linear(3, 4), (torch.randn(2, 3),), dynamic_shapes=({0: torch.export.Dim("n")},))
    torch.export.save(program, path)
    return path


def test_version():
    assert tinynn.__version__ == "0.1.0"


def test_values(two):
    model = tinynn.load(two)
    assert model.inputs == [
        tinynn.Value("image", "float32", (1, 3, 4, 5)),
        tinynn.Value("scale", "int32", (1,)),
    ]
    assert [(v.dtype, v.shape) for v in model.outputs] == [("float32", (1, 3, 4, 5)), ("float32", (1, 4, 5))]
    assert model.warnings == []
    assert "input %image: float32[1, 3, 4, 5]" in model.text()


def test_run(two):
    image = np.arange(60, dtype=np.float32).reshape(1, 3, 4, 5)
    outputs = tinynn.load(two).run(image, np.array([3], np.int32))
    np.testing.assert_array_equal(outputs[0], image * 3)
    np.testing.assert_array_equal(outputs[1], image.sum(1))


def test_run_takes_any_strides(two):
    image = np.arange(60, dtype=np.float32).reshape(1, 4, 5, 3).transpose(0, 3, 1, 2)
    outputs = tinynn.load(two).run(image, np.array([1], np.int32))
    np.testing.assert_array_equal(outputs[0], image)


@pytest.mark.parametrize(
    "arrays, words",
    [
        ([np.zeros((1, 3, 4, 5), np.float32)], "takes 2 inputs, found 1"),
        ([np.zeros((1, 3, 4, 6), np.float32), np.zeros(1, np.int32)], "image"),
        ([np.zeros((1, 3, 4, 5), np.float64), np.zeros(1, np.int32)], "float64"),
        ([np.zeros((1, 3, 4, 5), np.float32), np.zeros((1, 1), np.int32)], "scale"),
    ],
)
def test_run_refuses(two, arrays, words):
    with pytest.raises(tinynn.Error, match=words) as caught:
        tinynn.load(two).run(*arrays)
    assert caught.value.code == "invalid"


WRONG = ["text", b"bytes", None, 5, object(), {}, [[1, 2], [3]], np.array([None]), np.zeros((1, 3, 4, 5), complex),
         np.zeros((1, 3, 4, 5), "datetime64[s]"), np.zeros((1,) * 20)]


@pytest.mark.parametrize("array", WRONG)
def test_run_survives_wrong_types(two, array):
    with pytest.raises((tinynn.Error, TypeError, ValueError)):
        tinynn.load(two).run(array, np.zeros(1, np.int32))


@pytest.mark.parametrize("inputs", [[(5, 3)], {"input": (5, 3)}, [((5, 3), "float32")]])
def test_inputs_set_sizes(dynamic, inputs):
    model = tinynn.load(dynamic, inputs)
    assert model.inputs[0].shape == (5, 3) and model.outputs[0].shape == (5, 4)


@pytest.mark.parametrize(
    "inputs, words",
    [
        ([(5, 4)], "4"),
        ({"nosuch": (5, 3)}, "nosuch"),
        ([((5, 3), "flot32")], 'no dtype is called "flot32"'),
        ([(1,) * 9], "9 dimensions"),
        ([(-1, 3)], "-1"),
    ],
)
def test_inputs_that_do_not_fit(dynamic, inputs, words):
    with pytest.raises(tinynn.Error, match=words) as caught:
        tinynn.load(dynamic, inputs)
    assert caught.value.code == "invalid"


@pytest.mark.parametrize("layout, shape", [("nhwc", [1, 4, 5, 3]), ("nchw", [1, 3, 4, 5])])
def test_convert(two, tmp_path, layout, shape):
    out = tmp_path / "two.tflite"
    report = tinynn.load(two).convert(out, layout)
    assert out.stat().st_size == report["file_bytes"]
    assert [value["name"] for value in report["inputs"]] == ["image", "scale"]
    assert report["inputs"][0]["shape"] == shape
    assert tinynn.inspect(out)


@pytest.mark.parametrize(
    "inputs, outputs, shapes",
    [
        (["nchw", "nhwc"], None, [[1, 3, 4, 5], [1, 4, 5, 3]]),
        (None, ["nchw", "nchw"], [[1, 4, 5, 3], [1, 3, 4, 5]]),
    ],
)
def test_layouts_one_by_one(two, tmp_path, inputs, outputs, shapes):
    report = tinynn.load(two).convert(tmp_path / "two.tflite", input_layouts=inputs, output_layouts=outputs)
    assert [report["inputs"][0]["shape"], report["outputs"][0]["shape"]] == shapes


def test_check_writes_nothing(two):
    report = tinynn.load(two).check()
    assert report["operators"]["MUL"]["count"] == 1
    assert report["file_bytes"] == 0


def test_convert_refuses(two, tmp_path):
    model = tinynn.load(two)
    with pytest.raises(tinynn.Error, match="nhcw"):
        model.convert(tmp_path / "out.tflite", "nhcw")
    with pytest.raises(tinynn.Error, match="inputs: 1 layouts, the model has 2"):
        model.convert(tmp_path / "out.tflite", input_layouts=["nhwc"])
    with pytest.raises(tinynn.Error) as caught:
        model.convert(tmp_path / "nowhere" / "out.tflite")
    assert caught.value.code == "i/o"


def test_unsupported_operators_are_listed(tmp_path):
    class Lacking(nn.Module):
        def forward(self, x):
            return torch.binomial(torch._standard_gamma(torch.binomial(x, x)), x)

    path = tmp_path / "lacking.pt2"
    torch.export.save(torch.export.export(Lacking(), (torch.randn(2, 3),)), path)
    with pytest.raises(tinynn.UnsupportedOperators, match="_standard_gamma") as caught:
        tinynn.load(path)
    found = [(lack.op.split(".")[1], lack.count) for lack in caught.value.operators]
    assert found == [("binomial", 2), ("_standard_gamma", 1)]
    assert "torch.binomial(" in caught.value.operators[0].source


def test_missing_file():
    with pytest.raises(tinynn.Error) as caught:
        tinynn.load("/nowhere/model.pt2")
    assert caught.value.code == "i/o" and caught.value.position is None
    assert "/nowhere/model.pt2" in str(caught.value)


def test_malformed_file(tmp_path):
    path = tmp_path / "text.pt2"
    path.write_text("not a model")
    with pytest.raises(tinynn.Error) as caught:
        tinynn.load(path)
    assert caught.value.code in ("malformed", "unsupported")
