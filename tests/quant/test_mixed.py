"""Mixed precision: a YAML file says what stays float, or a budget of noise does. LiteRT tells what the file holds."""

import json
import re
import subprocess

import litert
import numpy as np
import pytest
import tinynn
import torch
from mixed_networks import BadBesides, BadConcat, Named

SHAPE = (1, 3, 10, 12)


def samples(shape=SHAPE, n: int = 8) -> list[torch.Tensor]:
    generator = torch.Generator().manual_seed(5)
    return [torch.randn(shape, generator=generator) for _ in range(n)]


def build(kind) -> torch.nn.Module:
    torch.manual_seed(0)
    return kind().eval()


@pytest.fixture(scope="module")
def named() -> tinynn.Model:
    return tinynn.load(build(Named), torch.randn(SHAPE))


def floats(path) -> set[str]:
    """Names of the tensors that the file computes in floats; no inputs, outputs and borders."""
    interpreter = litert.open_file(path, "reference")
    ends = {d["index"] for d in interpreter.get_input_details() + interpreter.get_output_details()}
    return {d["name"] for d in interpreter.get_tensor_details()
            if d["dtype"] == np.float32 and d["index"] not in ends and "float32" not in d["name"]}


def decibels(expected: np.ndarray, got: np.ndarray) -> float:
    return 10 * np.log10(float((expected**2).sum()) / max(float(((expected - got) ** 2).sum()), 1e-30))


def file_decibels(module, path, inputs, kernels: str) -> float:
    with torch.no_grad():
        expected = np.stack([litert.channels_last(module(x).numpy()) for x in inputs])
    got = np.stack([litert.run(path, [litert.channels_last(x.numpy())], kernels)[0] for x in inputs])
    return decibels(expected, got)


# ---- the file that is written ----


def test_unedited_file_changes_nothing(named, tmp_path):
    config = tmp_path / "config.yaml"
    named.write_quantize_config(config)
    named.quantize(tmp_path / "plain.tflite", samples())
    named.quantize(tmp_path / "same.tflite", samples(), config=config)
    assert (tmp_path / "plain.tflite").read_bytes() == (tmp_path / "same.tflite").read_bytes()


def test_file_lists_every_operator_with_its_type_shape_and_reason(named, tmp_path):
    named.write_quantize_config(tmp_path / "config.yaml")
    text = (tmp_path / "config.yaml").read_text()
    lines = re.findall(r"^([\w.]+): (true|false)  # (.*)$", text, re.MULTILINE)
    kinds = [comment.split(" float32")[0] for _, _, comment in lines]
    assert kinds == ["convolution + relu", "convolution", "sigmoid of silu", "mul of silu", "add", "convolution", "softmax",
                     "mean", "sin", "mul"]
    assert "float32[1, 8, 10, 12] in stem.0" in lines[0][2]
    assert [(value, comment.split("; ")[1]) for _, value, comment in lines if ";" in comment] == [
        ("false", "TFLite has no integer kernel for it")]
    named.write_quantize_config(tmp_path / "again.yaml")
    assert (tmp_path / "again.yaml").read_text() == text


def test_edited_line_keeps_one_operator_float(named, tmp_path):
    config, path = tmp_path / "config.yaml", tmp_path / "model.tflite"
    named.write_quantize_config(config)
    lines = config.read_text().splitlines()
    (at,) = (i for i, line in enumerate(lines) if "# add " in line)
    name = lines[at].split(":")[0]
    lines[at] = f"{name}: false"
    config.write_text("\n".join(lines))
    plain = named.quantize(path, samples())["quantization"]
    before = floats(path)
    mixed = named.quantize(path, samples(), config=config)["quantization"]
    assert name not in before and floats(path) == before | {name}
    assert mixed["float_operators"] == plain["float_operators"] + 1
    for kernels in ("xnnpack", "reference"):
        assert file_decibels(build(Named), path, samples(), kernels) > 30


# ---- what operators may be called ----

ORDER = ("stem", "conv", "sigmoid", "silu", "add", "head", "softmax", "mean", "sin", "mul")
EVERYTHING = set(ORDER)
ALWAYS = {"sin"}


@pytest.mark.parametrize(
    "config, expected",
    [
        ({}, set()),
        ({"default": "float"}, EVERYTHING),
        ({"default": False, "head_0": True}, EVERYTHING - {"head"}),
        ({"stem.0": False}, {"stem"}),
        ({"stem_1": False}, {"stem"}),
        ({"stem.2": "float32"}, {"stem"}),
        ({"body_0": False}, {"conv"}),
        ({"body.2": False}, {"sigmoid", "silu"}),
        ({"silu": False}, {"sigmoid", "silu"}),
        ({"relu": False}, {"stem"}),
        ({"drop": False}, set()),
        ({"rules": [{"type": "silu", "precision": "float"}]}, {"sigmoid", "silu"}),
        ({"rules": [{"type": "sigmoid", "precision": "float"}]}, {"sigmoid"}),
        ({"rules": [{"type": "soft*", "precision": "float"}, {"type": "m?an", "precision": False}]}, {"softmax", "mean"}),
        ({"rules": [{"scope": "body", "precision": "float"}]}, {"conv", "sigmoid", "silu"}),
        ({"rules": [{"scope": "*.0", "type": "conv*", "precision": "float"}]}, {"stem", "conv", "head"}),
        ({"rules": [{"scope": "b*", "precision": "float"}, {"type": "silu", "precision": "int8"}]}, {"conv"}),
        ({"rules": [{"name": "*", "precision": "float"}], "head.1": True}, EVERYTHING - {"softmax"}),
        ({"head.1": True, "rules": [{"name": "*", "precision": "float"}]}, EVERYTHING),
    ],
    ids=lambda part: str(sorted(part)) if isinstance(part, set) else str(part),
)
def test_names_types_and_scopes(config, expected, named, tmp_path):
    """The operators by what the written file calls them, in its order."""
    path = tmp_path / "model.tflite"
    named.write_quantize_config(tmp_path / "config.yaml")
    names = re.findall(r"^([\w.]+): (?:true|false)", (tmp_path / "config.yaml").read_text(), re.MULTILINE)
    known = dict(zip(names, ORDER))
    report = named.quantize(path, samples(), config=config)
    found = {known[line.split(":")[0]] for line in report["quantization"]["floats"] if line.split(":")[0] in known}
    assert found == expected | ALWAYS
    assert {known[name] for name in floats(path) if name in known} == found - {"mul"}  # which is the output


def test_layerwise_file_of_tinynn(named, tmp_path):
    (tmp_path / "named_q_config.yml").write_text(
        "stem_0: true # type: (Conv2d, BatchNorm2d, ReLU)\n"
        "drop: true # type: Dropout\n"
        "body_0: false # type: (Conv2d, BatchNorm2d)\n"
        "head_0: true # type: Conv2d\n"
    )
    report = named.quantize(tmp_path / "model.tflite", samples(), config=tmp_path / "named_q_config.yml")
    assert report["quantization"]["float_operators"] == 2  # and the sine


@pytest.mark.parametrize(
    "text, words",
    [
        ("stem_0: true\nstem_9: false", 'line 2, column 1: no operator is called "stem_9", did you mean "stem.'),
        ("default: int8\nrelu: perhaps", 'line 2, column 7: "perhaps": expected int8 or true, float or false'),
        ("relu: [false]", "line 1, column 7: expected a text, found a list"),
        ("relu: 1.5", '"1.5": expected int8'),
        ("relu:", "line 1, column 6: expected a text, found nothing"),
        ("relu: false\nrelu: true", 'line 2, column 1: the key "relu" stands here twice'),
        ("- relu", "line 1, column 1: expected a mapping, found a list"),
        ("", "expected a mapping, found nothing"),
        ("relu: {", "line"),
        ("rules: [relu]", "line 1, column 9: expected a mapping, found a text"),
        ("rules:\n- {type: softmax}", 'line 2, column 3: the rule lacks "precision"'),
        ("rules:\n- {precision: float}", 'the rule has no "name", "type" or "scope"'),
        ("rules:\n- {tipe: softmax, precision: float}", 'line 2, column 4: unknown key "tipe", did you mean "type"?'),
        ("rules:\n- {type: softmux, precision: float}", 'no operator has the type "softmux", did you mean "softmax"?'),
        ("rules:\n- {scope: heed, precision: float}", 'no operator is in the scope "heed"'),
        ("rules:\n- {name: nothing*, precision: float}", 'no operator is called "nothing*"'),
        ("rules:\n- {type: softmax, scope: stem, precision: float}", "fits the rest of the rule"),
        ("sin: true", 'line 1, column 1: "sin" cannot be int8: sin: TFLite has no integer kernel for it'),
        ("relu: !!python/object:os.system x", "a tag of this kind is not supported"),
    ],
)
def test_wrong_files_are_refused_by_line(text, words, named, tmp_path):
    (tmp_path / "config.yaml").write_text(text)
    with pytest.raises(tinynn.Error) as caught:
        named.quantize(tmp_path / "model.tflite", samples(), config=tmp_path / "config.yaml")
    assert "config.yaml" in str(caught.value) and words in str(caught.value)
    assert not (tmp_path / "model.tflite").exists()


# ---- a budget ----


def test_budget_leaves_the_worst_in_floats(tmp_path):
    module, inputs, path = build(BadConcat), samples(), tmp_path / "model.tflite"
    model = tinynn.load(module, inputs[0])
    plain = model.quantize(path, inputs, analyze=True)["quantization"]
    assert plain["snr"] < 17 and "auto_exclude" not in plain
    found = model.quantize(path, inputs, auto_exclude=30)["quantization"]
    excluded = {name for step in found["auto_exclude"]["steps"] for name in step["operators"]}
    assert found["snr"] >= 30 and found["auto_exclude"]["snr_after"] >= 30 > found["auto_exclude"]["snr_before"]
    assert "cat" in excluded and found["float_operators"] == len(excluded) < 6
    for kernels in ("xnnpack", "reference"):
        assert file_decibels(module, path, inputs, kernels) == pytest.approx(found["snr"], abs=0.5)


def test_budget_that_is_met_changes_nothing(tmp_path):
    inputs = samples()
    model = tinynn.load(build(BadConcat), inputs[0])
    model.quantize(tmp_path / "plain.tflite", inputs)
    found = model.quantize(tmp_path / "same.tflite", inputs, auto_exclude=5)["quantization"]
    assert found["auto_exclude"]["steps"] == []
    assert (tmp_path / "plain.tflite").read_bytes() == (tmp_path / "same.tflite").read_bytes()


def test_budget_that_int8_cannot_meet_makes_a_float_file(tmp_path):
    module, inputs, path = build(BadConcat), samples(), tmp_path / "model.tflite"
    found = tinynn.load(module, inputs[0]).quantize(path, inputs, auto_exclude=200)["quantization"]
    assert found["integer_operators"] == 0 and found["borders"] == 0 and found["snr"] is None
    assert file_decibels(module, path, inputs, "reference") > 110


def test_what_is_not_needed_is_taken_back(tmp_path):
    """The weights of one branch cost most, but the budget is met without the other branch, too."""
    module, inputs, path = build(BadBesides), samples((1, 4, 12, 12)), tmp_path / "model.tflite"
    for x in inputs:
        x[:, 0] = 0
    report = tinynn.load(module, inputs[0]).quantize(
        path, inputs, auto_exclude=19.5, per_tensor=True, equalize=False, algorithm="minmax"
    )
    steps = report["quantization"]["auto_exclude"]["steps"]
    assert [(step["because"], step["taken_back"]) for step in steps] == [("weights", True), ("values", False)]
    assert report["quantization"]["float_operators"] == 2
    assert file_decibels(module, path, inputs, "reference") == pytest.approx(report["quantization"]["snr"], abs=0.3)


def test_configured_floats_stay(tmp_path):
    inputs = samples()
    model = tinynn.load(build(BadConcat), inputs[0])
    report = model.quantize(tmp_path / "model.tflite", inputs, auto_exclude=30, config={"a.0": False})
    assert any(line.startswith("relu: ") for line in report["quantization"]["floats"])


def test_outputs_of_integers_have_no_budget(tmp_path):
    class Top(BadConcat):
        def forward(self, x):
            return super().forward(x).argmax(1)

    inputs = samples()
    with pytest.raises(tinynn.Error, match="no output holds real numbers"):
        tinynn.load(build(Top), inputs[0]).quantize(tmp_path / "model.tflite", inputs, auto_exclude=30)
    assert not list(tmp_path.iterdir())


# ---- the program ----


@pytest.fixture
def saved(tmp_path):
    torch.jit.trace(build(Named), samples()[0], check_trace=False).save(str(tmp_path / "model.pt"))
    np.save(tmp_path / "samples.npy", np.stack([x.numpy() for x in samples()]))
    return tmp_path


def run(program, folder, *options):
    return subprocess.run([program, "quantize", "model.pt", *options], cwd=folder, capture_output=True, text=True)


def test_program_writes_and_reads_the_file(saved, program):
    written = run(program, saved, "--write-config", "config.yaml")
    assert (written.returncode, written.stdout, written.stderr) == (0, "", "")
    with open(saved / "config.yaml", "a") as file:
        file.write("head_0: float\n")
    done = run(program, saved, "--samples", "samples.npy", "-o", "model.tflite", "--config", "config.yaml", "--report", "report.json")
    assert done.returncode == 0, done.stderr
    assert json.loads((saved / "report.json").read_text())["quantization"]["float_operators"] == 2  # and the sine


def test_program_prints_what_is_left_in_floats(saved, program):
    done = run(program, saved, "--samples", "samples.npy", "-o", "model.tflite", "--auto-exclude", "60")
    assert done.returncode == 0, done.stderr
    assert "left in floats to reach 60 dB" in done.stdout and "  before: " in done.stdout and "  after: " in done.stdout


@pytest.mark.parametrize(
    "options, code, words",
    [
        (["--samples", "samples.npy", "-o", "x.tflite", "--config", "wrong.yaml"], 2, "wrong.yaml: line 1, column 1: no operator"),
        (["--samples", "samples.npy", "-o", "x.tflite", "--config", "nothing.yaml"], 2, "nothing.yaml: cannot read"),
        (["--samples", "samples.npy", "-o", "x.tflite", "--auto-exclude", "many"], 1, '--auto-exclude is "many"'),
        (["--write-config", "nowhere/config.yaml"], 4, "nowhere/config.yaml"),
        (["--samples", "samples.npy", "-o", "x.tflite", "--analysis", "nowhere/x.html"], 4, "nowhere/x.html"),
    ],
)
def test_programs_complaints(options, code, words, saved, program):
    (saved / "wrong.yaml").write_text("convolutino: false")
    done = run(program, saved, *options)
    assert done.returncode == code and words in done.stderr, done.stderr
    assert not list(saved.glob("x.*")) and not list(saved.glob(".*"))


# ---- with statistics ----


@pytest.mark.parametrize("config", [{"stem.0": False}, {"rules": [{"type": "sigmoid", "precision": "float"}]}])
def test_statistics_serve_whatever_stays_float(named, tmp_path, config):
    named.quantize(tmp_path / "statistics.tflite", statistics=named.calibrate(samples()), config=config)
    named.quantize(tmp_path / "samples.tflite", samples(), config=config, equalize=False, search_ranges=False, correct_biases=False)
    assert (tmp_path / "statistics.tflite").read_bytes() == (tmp_path / "samples.tflite").read_bytes()


@pytest.mark.parametrize("option", [{"auto_exclude": 30}, {"analyze": True}])
def test_losses_need_samples(named, tmp_path, option):
    path, (name,) = tmp_path / "model.tflite", option
    with pytest.raises(tinynn.Error, match=f"{name}.*needs samples"):
        named.quantize(path, statistics=named.calibrate(samples()), **option)
    assert not path.exists()


def test_budget_beside_statistics(tmp_path):
    module, path = build(BadConcat), tmp_path / "model.tflite"
    model = tinynn.load(module, samples()[0])
    report = model.quantize(path, samples(), statistics=model.calibrate(samples()), auto_exclude=30)["quantization"]
    assert report["auto_exclude"]["snr_before"] < 30 <= report["auto_exclude"]["snr_after"]
    for kernels in ("xnnpack", "reference"):
        assert file_decibels(module, path, samples(), kernels) > 29
