"""What is written beside a conversion: dumps, and the files of export_converter_files."""

import json
import subprocess
from xml.etree import ElementTree

import numpy as np
import pytest
import torch
from ai_edge_litert.interpreter import Interpreter
from tinynn.converter import TFLiteConverter
from tinynn.converter.utils.tflite import parse_lstm_states, parse_model
from tinynn.util.converter_util import export_converter_files, generate_converter_config, parse_config
from torch import nn

IMAGE = torch.rand(1, 3, 4, 5)


class Two(nn.Module):
    def forward(self, x, scale):
        return x * scale, x.sum((1, 2, 3))


DUMMY = (IMAGE, torch.tensor([2], dtype=torch.int32))


def test_dumps(tmp_path):
    paths = {name: str(tmp_path / name) for name in ("model.pt", "inputs.npz", "config.json", "out.tflite")}
    TFLiteConverter(Two(), DUMMY, paths["out.tflite"], dump_jit_model_path=paths["model.pt"], gc_when_reload=True,
                    dump_dummy_input_path=paths["inputs.npz"], dump_config_path=paths["config.json"]).convert()
    np.testing.assert_array_equal(torch.jit.load(paths["model.pt"])(*DUMMY)[0], IMAGE * 2)
    saved = np.load(paths["inputs.npz"])
    np.testing.assert_array_equal(saved["arr_0"], IMAGE)
    np.testing.assert_array_equal(saved["arr_1"], [2])
    assert json.loads((tmp_path / "config.json").read_text()) == {
        "src_model": paths["model.pt"],
        "dst_model": paths["out.tflite"],
        "inputs": [
            {"shape": [1, 3, 4, 5], "type": "float32", "transpose": True},
            {"shape": [1], "type": "int32", "transpose": False},
        ],
        "outputs": [],
    }


def test_export_and_convert(tmp_path):
    export_converter_files(Two(), DUMMY, str(tmp_path / "new"), "two", output_transpose=[False, False])
    path, tflite, input_transpose, inputs, output_transpose = parse_config(tmp_path / "new" / "two.json")
    assert (path, tflite) == (str(tmp_path / "new" / "two.pt"), str(tmp_path / "new" / "two.tflite"))
    assert (input_transpose, output_transpose) == ([True, False], [False, False])
    assert [(tuple(x.shape), x.dtype) for x in inputs] == [((1, 3, 4, 5), torch.float32), ((1,), torch.int32)]
    converter = TFLiteConverter(torch.jit.load(path), inputs, tflite, input_transpose, output_transpose)
    converter.convert()
    assert [value["shape"] for value in converter.report["inputs"]] == [[1, 4, 5, 3], [1]]
    assert [value["shape"] for value in converter.report["outputs"]] == [[1, 3, 4, 5], [1]]


def test_drawing(tmp_path):
    export_converter_files(Two(), DUMMY, str(tmp_path), "two")
    assert not (tmp_path / "two.svg").exists()
    export_converter_files(torch.jit.script(nn.Linear(3, 4)), torch.rand(2, 3), str(tmp_path), "two", dump_graph=True)
    picture = ElementTree.parse(tmp_path / "two.svg").getroot()
    assert picture.tag.endswith("svg") and any("linear" in (text.text or "") for text in picture.iter())


def test_order_of_keys(tmp_path):
    export_converter_files(Two(), DUMMY, str(tmp_path))
    text = (tmp_path / "jit_model.json").read_text()
    config = json.loads(text)
    assert list(config) == ["src_model", "dst_model", "inputs", "outputs"]
    assert text.startswith('{\n    "src_model"')
    assert [entry["type"] for entry in config["outputs"]] == ["float32", "float32"]
    assert parse_config(tmp_path / "jit_model.json", prepare_inputs=False)[3] is None


@pytest.mark.parametrize("flags", [[True], [1, 0], [True, False, True]])
def test_wrong_flags(flags, tmp_path):
    with pytest.raises(AssertionError, match="input transpose should either be boolean or list of booleans"):
        generate_converter_config(DUMMY, [], flags, None, str(tmp_path / "x.pt"))


def test_parse_model(tmp_path):
    path = tmp_path / "out.tflite"
    TFLiteConverter(Two(), DUMMY, path).convert()
    assert parse_model(path).Subgraphs(0).InputsLength() == 2
    assert parse_lstm_states(path) == parse_lstm_states(path.read_bytes()) == parse_lstm_states(parse_model(path)) == []


@pytest.fixture
def exported(tmp_path):
    export_converter_files(Two(), DUMMY, str(tmp_path), "two", output_transpose=[False, False])
    return tmp_path / "two.json"


def convert(program, *arguments) -> subprocess.CompletedProcess:
    return subprocess.run([program, "convert", *map(str, arguments)], capture_output=True, text=True)


def shapes_of(path) -> list[list[int]]:
    interpreter = Interpreter(str(path))
    details = interpreter.get_input_details() + interpreter.get_output_details()
    return [detail["shape"].tolist() for detail in details]


def test_program_takes_the_json(exported, program):
    done = convert(program, exported)
    assert done.returncode == 0, done.stderr
    assert shapes_of(exported.with_suffix(".tflite")) == [[1, 4, 5, 3], [1], [1, 3, 4, 5], [1]]


def test_program_finds_the_model_beside_the_json(exported, program, tmp_path):
    moved = tmp_path / "elsewhere"
    moved.mkdir()
    for ending in (".pt", ".json"):
        exported.with_suffix(ending).rename(moved / f"two{ending}")
    done = convert(program, moved / "two.json")
    assert done.returncode == 0, done.stderr
    assert [path.name for path in sorted(tmp_path.glob("**/*.tflite"))] == ["two.tflite"]
    assert (moved / "two.tflite").exists()


@pytest.mark.parametrize(
    "change, words",
    [
        (lambda text: text[:-3], "two.json:"),
        (lambda text: text.replace("src_model", "model"), '"src_model"'),
        (lambda text: text.replace('"int32"', '"int33"'), "inputs[1]"),
        (lambda text: text.replace('"transpose": false', '"transpose": 0', 2), "inputs[1]"),
        (lambda text: text.replace("two.pt", "three.pt"), "three.pt"),
    ],
)
def test_program_refuses_a_wrong_json(exported, program, change, words):
    exported.write_text(change(exported.read_text()))
    done = convert(program, exported)
    assert done.returncode == 2 and words in done.stderr
    assert not exported.with_suffix(".tflite").exists()


def test_program_takes_layouts_from_one_place(exported, program):
    done = convert(program, exported, "--layout", "nchw")
    assert done.returncode == 1 and "exclude each other" in done.stderr


def test_program_splits_groups(program, tmp_path):
    torch.jit.trace(nn.Conv2d(4, 6, 1, groups=2), torch.rand(1, 4, 3, 3)).save(tmp_path / "grouped.pt")
    report = tmp_path / "report.json"
    counts = []
    for options in ([], ["--split-groups"]):
        done = convert(program, tmp_path / "grouped.pt", "--report", report, *options)
        assert done.returncode == 0, done.stderr
        counts.append(json.loads(report.read_text())["n_operators"])
    assert counts == [1, 4]
