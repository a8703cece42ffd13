"""Model.to_tflite: the report, the options' names, progress, logging."""

import json
import logging
import pickle
import sys

import pytest
import small_network
import tinynn
import torch


@pytest.fixture(scope="module")
def model() -> tinynn.Model:
    return tinynn.load(small_network.make(), small_network.image())


@pytest.fixture(scope="module")
def report(model, tmp_path_factory) -> tinynn.Report:
    return model.to_tflite(tmp_path_factory.mktemp("report") / "net.tflite")


def test_report_is_its_dictionary(model, report, tmp_path):
    assert report == model.convert(tmp_path / "again.tflite") == json.loads(json.dumps(report))
    assert pickle.loads(pickle.dumps(report)) == report


# `analysis` is of quantized files: tests/quant/test_analysis.py.
NAMES = [name for name, member in vars(tinynn.Report).items() if isinstance(member, property) and name != "analysis"]


@pytest.mark.parametrize("name", NAMES)
def test_attributes(report, name):
    assert getattr(report, name) == report[name]


def test_report_says(report):
    assert report.operators["CONV_2D"]["count"] == 2 and report.n_transposes == len(report.transposes) == 0
    said = str(report)
    for words in ("input: image: float32[1, 13, 9, 3]", f"operators: {report.n_operators}, of them 0 transposes",
                  f"file: {report.file_bytes:,} bytes", f"needs: TensorFlow Lite {report.min_runtime_version}"):
        assert words in said
    assert said.splitlines()[-1].split()[1:] == ["1", "1"]
    assert "<td>CONV_2D</td>" in report._repr_html_()


def test_orders(report):
    order = report["orders"]["image"]
    assert [dim for dim, _, _ in order] == [0, 2, 3, 1]
    assert [size for _, _, size in order] == [1, 13, 9, 3]


@pytest.mark.parametrize("call", ["to_tflite", "convert", "check"])
def test_unknown_option(model, tmp_path, call):
    arguments = [] if call == "check" else [tmp_path / "net.tflite"]
    with pytest.raises(TypeError, match="unknown option 'split_group', did you mean 'split_groups'"):
        getattr(model, call)(*arguments, split_group=True)


@pytest.mark.parametrize("options", [{"layout": 5}, {"layout": None}, {"input_layouts": 5}, {"split_groups": "yes"},
                                     {"progress": 5}])
def test_wrong_types(model, tmp_path, options):
    with pytest.raises((TypeError, tinynn.Error)):
        model.to_tflite(tmp_path / "net.tflite", **options)
    assert not list(tmp_path.iterdir())


def test_progress(model, tmp_path):
    told = []
    report = model.to_tflite(tmp_path / "net.tflite", progress=lambda *arguments: told.append(arguments))
    fractions, written = zip(*told)
    assert list(fractions) == sorted(fractions) and 0 < fractions[0] < 0.5 and fractions[-1] == 1
    assert list(written) == sorted(written) and written[0] == 0 and written[-1] == report.file_bytes
    assert len(told) > 8


@pytest.mark.parametrize("from_call", [0, 2, 5, -1])
def test_false_cancels(model, tmp_path, from_call):
    path = tmp_path / "net.tflite"
    path.write_bytes(b"old")
    told = []
    model.convert(tmp_path / "whole.tflite", progress=lambda *arguments: told.append(arguments))
    last = range(len(told))[from_call]
    told.clear()

    def stop(*arguments):
        told.append(arguments)
        return len(told) <= last

    with pytest.raises(tinynn.Error) as caught:
        model.to_tflite(path, progress=stop)
    assert caught.value.code == "cancelled" and len(told) == last + 1
    assert path.read_bytes() == b"old" and sorted(p.name for p in tmp_path.iterdir()) == ["net.tflite", "whole.tflite"]


@pytest.mark.parametrize("error", [ZeroDivisionError("mine"), KeyboardInterrupt()])
def test_exceptions_come_through(model, tmp_path, error):
    def fail(*_):
        raise error

    with pytest.raises(type(error)) as caught:
        model.to_tflite(tmp_path / "net.tflite", progress=fail)
    assert caught.value is error and not list(tmp_path.iterdir())


def test_a_bar(model, tmp_path, capsys):
    pytest.importorskip("tqdm")
    model.to_tflite(tmp_path / "net.tflite", progress=True)
    assert "net.tflite: 100%" in capsys.readouterr().err


def test_no_bar_without_tqdm(model, tmp_path, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "tqdm.auto", None)
    model.to_tflite(tmp_path / "net.tflite", progress=True)
    assert capsys.readouterr().err == "" and (tmp_path / "net.tflite").exists()


def test_logging(tmp_path, caplog, capfd):
    model = tinynn.load(lambda x: x.double() * 0.1, [(3,)])
    with caplog.at_level(logging.INFO, "tinynn"):
        report = model.to_tflite(tmp_path / "net.tflite")
    said = [(record.name, record.levelname) for record in caplog.records]
    assert said == [("tinynn", "WARNING")] * len(report.warnings) + [("tinynn", "INFO")]
    assert report.warnings and report.warnings[0] in caplog.records[0].getMessage()
    caplog.clear()
    model.convert(tmp_path / "net.tflite")
    assert not caplog.records and capfd.readouterr() == ("", "")


def error_of(call) -> tinynn.Error:
    with pytest.raises(tinynn.Error) as caught:
        call()
    return caught.value


def test_errors_pickle(tmp_path):
    for error in (error_of(lambda: tinynn.load("/nowhere.pt2")), error_of(lambda: tinynn.load(torch.bincount, [(3,)]))):
        again = pickle.loads(pickle.dumps(error))
        assert type(again) is type(error) and str(again) == str(error) and vars(again) == vars(error)
        assert repr(error).startswith(type(error).__name__ + "(") and f"code={error.code!r}" in repr(error)


def test_error_says_all():
    error = error_of(lambda: tinynn.load(lambda x: torch.bincount(x), {"x": ((3,), "int64")}))
    assert isinstance(error, tinynn.UnsupportedOperators) and error.operators[0].op.startswith("aten.bincount")
    assert f"1 x {error.operators[0].op}: {error.operators[0].reason}" in str(error)
