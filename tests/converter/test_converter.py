"""tinynn.converter: what TFLiteConverter takes, writes and raises; numbers are LiteRT's against PyTorch's."""

import inspect

import numpy as np
import pytest
import tinynn
import torch
from ai_edge_litert.interpreter import Interpreter
from tinynn.converter import TFLiteConverter
from tinynn.converter.base import GraphOptimizer
from torch import nn

IMAGE = torch.linspace(-1, 1, 60).reshape(1, 3, 4, 5)


class Small(nn.Module):
    def __init__(self):
        super().__init__()
        torch.manual_seed(1)
        self.conv = nn.Conv2d(3, 2, 3, padding=1)

    def forward(self, x):
        return self.conv(x).relu()


def run_file(path, arrays) -> list[np.ndarray]:
    """The outputs of LiteRT, in the file's order of dimensions."""
    interpreter = Interpreter(str(path))
    interpreter.allocate_tensors()
    details = interpreter.get_input_details()
    assert [tuple(d["shape"]) for d in details] == [a.shape for a in arrays]
    for detail, array in zip(details, arrays):
        interpreter.set_tensor(detail["index"], np.ascontiguousarray(array))
    interpreter.invoke()
    return [interpreter.get_tensor(detail["index"]) for detail in interpreter.get_output_details()]


def outputs_agree(converter: TFLiteConverter) -> None:
    """Convert, run in LiteRT, and compare every output with PyTorch's."""
    converter.convert()
    found = run_file(converter.tflite_path, converter.inputs_for_tflite())
    expected = converter.get_outputs()
    assert len(found) == len(expected)
    for array, tensor, flag in zip(found, expected, converter.output_transpose):
        wanted = tensor.permute(0, 2, 3, 1) if flag else tensor
        np.testing.assert_allclose(array, wanted.numpy(), rtol=0, atol=1e-5 * max(1, float(tensor.abs().max())))


def test_constructor_is_that_of_the_contract():
    names = (
        "model dummy_input tflite_path input_transpose output_transpose nchw_transpose dump_jit_model_path "
        "dump_dummy_input_path dump_config_path strict_symmetric_check preserve_tensors optimize quantize_target_type "
        "quantize_input_output_type hybrid_quantization_from_float hybrid_per_channel hybrid_asymmetric_inputs "
        "hybrid_quantize_weight_type fuse_quant_dequant fuse_input_indices fuse_output_indices gc_when_reload "
        "group_conv_rewrite rewrite_quantizable tflite_micro_rewrite map_bilstm_to_lstm float16_quantization "
        "enable_mtk_ops conv_transpose_with_bias max_transpose_dims hybrid_conv hybrid_int16_lstm unroll_rnn "
        "separated_rnn_gate_calc bypass_elementwise_passthrough_constraint hybrid_gen_single_op_models hybrid_config "
        "group_tensors missing_outputs_as_constants legacy_gelu"
    ).split()
    parameters = list(inspect.signature(TFLiteConverter).parameters.values())
    assert [p.name for p in parameters if p.kind is p.POSITIONAL_OR_KEYWORD] == names
    assert len(names) == 40 and GraphOptimizer.ALL_OPTIMIZE == 5


def function(x):
    return x * 2 + 1


@pytest.mark.parametrize("use_export", [False, True], ids=["trace", "export"])
@pytest.mark.parametrize(
    "make",
    [
        Small,
        lambda: function,
        lambda: nn.DataParallel(Small()),
        lambda: torch.jit.script(Small()),
        lambda: torch.jit.trace(Small(), IMAGE),
        lambda: torch.jit.trace(function, IMAGE),
        lambda: torch.jit.script(function),
    ],
    ids=["module", "function", "parallel", "scripted", "traced", "traced_function", "scripted_function"],
)
def test_models(make, use_export, tmp_path):
    outputs_agree(TFLiteConverter(make(), IMAGE, tmp_path / "new" / "out.tflite", use_export=use_export))


@pytest.mark.parametrize("dummy", [None, IMAGE], ids=["no_dummy", "dummy"])
def test_exported_program_and_paths(tmp_path, dummy):
    program = torch.export.export(Small(), (IMAGE,))
    torch.export.save(program, tmp_path / "a.pt2")
    torch.jit.trace(Small(), IMAGE).save(tmp_path / "a.pt")
    for number, model in enumerate([program, tmp_path / "a.pt2", str(tmp_path / "a.pt")]):
        path = tmp_path / f"{number}.tflite"
        TFLiteConverter(model, dummy, path).convert()
        array = IMAGE.permute(0, 2, 3, 1).numpy()
        expected = Small()(IMAGE).detach().permute(0, 2, 3, 1).numpy()
        np.testing.assert_allclose(run_file(path, [array])[0], expected, rtol=0, atol=1e-5)


class Nested(nn.Module):
    """Nested tuples in, a list and a tuple out; an input is returned, one is not used, one result is a constant."""

    def forward(self, x, pair):
        first, (second, unused) = pair
        return (x + first, [second, second.split(2, 1)[0]]), torch.ones(2, 3)


class Dictionary(nn.Module):
    def forward(self, d):
        return {"sum": d["b"] + d["a"], "b": d["b"]}


@pytest.mark.parametrize(
    "model, dummy",
    [
        (Nested(), (torch.rand(2, 4), (torch.rand(4), (torch.rand(3, 4), torch.rand(7))))),
        (Dictionary(), ({"b": torch.rand(2, 3), "a": torch.rand(3)},)),
    ],
    ids=["nested", "dictionary"],
)
@pytest.mark.parametrize("use_export", [False, True], ids=["trace", "export"])
def test_structures(model, dummy, use_export, tmp_path):
    outputs_agree(TFLiteConverter(model, dummy, tmp_path / "out.tflite", missing_outputs_as_constants=True,
                                  use_export=use_export))


def test_export_when_tracing_fails(tmp_path):
    class WithNumber(nn.Module):
        def forward(self, x, n):
            return x * n

    outputs_agree(TFLiteConverter(WithNumber(), (torch.rand(2, 3), 3), tmp_path / "out.tflite"))


@pytest.mark.parametrize("rewrite", [False, True], ids=["grouped", "split"])
@pytest.mark.parametrize(
    "layer, shape",
    [
        (nn.Conv2d(8, 12, 3, groups=4, padding=1, stride=2), (1, 8, 7, 9)),
        (nn.Conv1d(6, 9, 3, groups=3, bias=False), (2, 6, 7)),
        (nn.Conv3d(4, 6, 2, groups=2), (1, 4, 3, 4, 5)),
    ],
    ids=["2d", "1d", "3d"],
)
def test_group_conv_rewrite(layer, shape, rewrite, tmp_path):
    model = nn.Sequential(layer, nn.ReLU())
    converter = TFLiteConverter(model, torch.randn(shape), tmp_path / "out.tflite", group_conv_rewrite=rewrite)
    outputs_agree(converter)
    split = rewrite or len(shape) == 5
    operators = converter.report["operators"]
    assert operators["CONV_3D" if len(shape) == 5 else "CONV_2D"]["count"] == (layer.groups if split else 1)
    assert ("SPLIT" in operators) == ("CONCATENATION" in operators) == split


@pytest.mark.parametrize(
    "options, transposes",
    [
        ({}, ([True, False], [True, True])),
        ({"nchw_transpose": False}, ([False, False], [False, False])),
        ({"input_transpose": [False, False]}, ([False, False], [True, True])),
        ({"output_transpose": [False, True]}, ([True, False], [False, True])),
        ({"input_transpose": False, "output_transpose": True}, ([False, False], [True, True])),
    ],
    ids=["default", "nchw", "input", "output", "both"],
)
def test_transposes(options, transposes, tmp_path):
    class Two(nn.Module):
        def forward(self, x, y):
            return torch.nn.functional.max_pool2d(x, 2), x * y

    converter = TFLiteConverter(Two(), (IMAGE, torch.rand(5)), tmp_path / "out.tflite", **options)
    outputs_agree(converter)
    assert (converter.input_transpose, converter.output_transpose) == transposes
    assert converter.common_graph.input_transpose == transposes[0]


def test_wrong_transposes(tmp_path):
    path = tmp_path / "out.tflite"
    with pytest.raises(IndexError):
        TFLiteConverter(Small(), IMAGE, path, input_transpose=[]).convert()
    with pytest.raises(AssertionError, match="2 flags for 1 outputs"):
        TFLiteConverter(Small(), IMAGE, path, output_transpose=[True, True]).convert()
    with pytest.raises(AssertionError, match="2 dimensions"):
        TFLiteConverter(function, torch.rand(2, 3), path, input_transpose=True).convert()
    assert not path.exists()


@pytest.mark.parametrize(
    "options, error, words",
    [
        ({"quantize_target_type": "int4"}, AttributeError, "int4"),
        ({"quantize_target_type": "int16"}, AttributeError, "strict_symmetric_check"),
        ({"quantize_input_output_type": "int8"}, AssertionError, "fuse_quant_dequant"),
        ({"quantize_input_output_type": "x", "fuse_quant_dequant": True}, AssertionError, "'x'"),
        ({"quantize_input_output_type": "int16", "fuse_quant_dequant": True}, AttributeError, "int16"),
        ({"hybrid_quantization_from_float": True, "hybrid_per_channel": True}, AttributeError, "uint8"),
        ({"hybrid_quantization_from_float": True, "hybrid_quantize_weight_type": "int16"}, AttributeError, "int16"),
        ({"dump_config_path": "x.json"}, AssertionError, "dump_jit_model_path"),
        ({"hybrid_gen_single_op_models": True, "map_bilstm_to_lstm": True}, NotImplementedError,
         "map_bilstm_to_lstm=True.*hybrid_gen_single_op_models=True"),
        ({"hybrid_quantization_from_float": True, "hybrid_quantize_weight_type": "x"}, AttributeError, "'x'"),
        ({"quantize_target_type": "int8"}, NotImplementedError, "quantization"),
    ],
)
def test_wrong_and_lacking_options(options, error, words):
    with pytest.raises(error, match=words):
        TFLiteConverter(Small(), IMAGE, "out.tflite", **options)


def test_no_temporary_file_is_left(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    TFLiteConverter(Small(), IMAGE, tmp_path / "out.tflite").convert()
    with pytest.raises(tinynn.UnsupportedOperators):
        TFLiteConverter(torch.bincount, torch.tensor([1, 2]), tmp_path / "none.tflite").convert()
    assert list((tmp_path / "temporary").iterdir()) == []
    assert not (tmp_path / "none.tflite").exists()


def test_unsupported_operations(tmp_path):
    assert TFLiteConverter(Small(), IMAGE, "out.tflite").unsupported_operations() == []
    converter = TFLiteConverter(torch.bincount, torch.tensor([1, 2]), "out.tflite")
    assert ["bincount" in name for name in converter.unsupported_operations()] == [True]


@pytest.mark.parametrize("dummy", [(), (IMAGE, IMAGE)], ids=["too_few", "too_many"])
def test_wrong_input_counts(dummy, tmp_path):
    with pytest.raises(tinynn.Error, match="Small: torch.jit.trace failed.*torch.export too"):
        TFLiteConverter(Small(), dummy, tmp_path / "out.tflite").convert()


def test_no_network(tmp_path):
    with pytest.raises(TypeError, match="found int"):
        TFLiteConverter(3, IMAGE, tmp_path / "out.tflite").convert()
    with pytest.raises(tinynn.Error, match="nowhere.pt") as caught:
        TFLiteConverter("nowhere.pt", IMAGE, tmp_path / "out.tflite").convert()
    assert caught.value.code == "i/o"
