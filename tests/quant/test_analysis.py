"""What a report says of losses, against PyTorch's numbers and LiteRT's."""

import re
import subprocess
from html.parser import HTMLParser

import litert
import numpy as np
import pytest
import tinynn
import torch
from mixed_networks import BadConcat, Named
from torch import nn

SHAPE = (1, 3, 10, 12)


class Plain(nn.Module):
    """Two layers and a pool between, which only moves numbers."""

    def __init__(self):
        super().__init__()
        self.first, self.second = nn.Conv2d(3, 8, 3), nn.Conv2d(8, 5, 1)

    def forward(self, x):
        return self.second(nn.functional.max_pool2d(self.first(x).relu(), 2))


def samples(n: int = 6) -> list[torch.Tensor]:
    generator = torch.Generator().manual_seed(5)
    return [torch.randn(SHAPE, generator=generator) for _ in range(n)]


def build(kind) -> nn.Module:
    torch.manual_seed(0)
    return kind().eval()


def decibels(expected: torch.Tensor, got: torch.Tensor) -> float:
    return float(10 * torch.log10((expected.double() ** 2).sum() / ((expected.double() - got.double()) ** 2).sum()))


def rounded(x: torch.Tensor, row: dict) -> torch.Tensor:
    """Stored by the scale and zero point of a row."""
    stored = torch.clamp(torch.round(x / row["scale"]) + row["zero_point"], -128, 127)
    return (stored - row["zero_point"]) * row["scale"]


def rounded_weights(layer: nn.Conv2d) -> torch.Tensor:
    scale = layer.weight.abs().amax((1, 2, 3), keepdim=True) / 127
    return torch.round(layer.weight / scale) * scale


@pytest.fixture(scope="module")
def analyzed(tmp_path_factory):
    module, path = build(Plain), tmp_path_factory.mktemp("analysis") / "model.tflite"
    report = tinynn.load(module, samples()[0]).quantize(path, samples(), analyze=True, equalize=False)
    return module, report, path


def test_each_rounding_alone_is_what_pytorch_finds(analyzed):
    module, report, _ = analyzed
    x = torch.cat(samples())
    image, first, pool, _ = report.analysis
    assert [row["type"] for row in report.analysis] == ["input", "convolution + relu", "max_pool", "convolution"]
    with torch.no_grad():
        rest = lambda y: module.second(nn.functional.max_pool2d(y, 2))
        exact = module.first(x).relu()
        by_weights = nn.functional.conv2d(x, rounded_weights(module.first), module.first.bias).relu()
        expected = {
            "weights_snr": decibels(module.first.weight, rounded_weights(module.first)),
            "snr_by_weights": decibels(exact, by_weights),
            "snr_by_values": decibels(exact, rounded(exact, first)),
            "snr": decibels(exact, rounded(by_weights, first)),
            "outputs_by_weights": decibels(rest(exact), rest(by_weights)),
            "outputs_by_values": decibels(rest(exact), rest(rounded(exact, first))),
        }
        assert {key: first[key] for key in expected} == pytest.approx(expected, abs=0.02)
        a, b = exact.flatten().double(), rounded(by_weights, first).flatten().double()
        assert first["cosine"] == pytest.approx(float(a @ b / (a.norm() * b.norm())), abs=1e-6)
        assert image["snr_by_values"] == pytest.approx(decibels(x, rounded(x, image)), abs=0.02)
        assert image["outputs"] == pytest.approx(decibels(rest(exact), rest(module.first(rounded(x, image)).relu())), abs=0.02)
    assert pool["snr"] is None and pool["outputs"] is None and image["weights_snr"] is None
    noise = 10 ** (-first["outputs_by_weights"] / 10) + 10 ** (-first["outputs_by_values"] / 10)
    assert first["outputs"] == pytest.approx(-10 * np.log10(noise), abs=0.02)


def test_all_roundings_together_are_what_the_file_does(analyzed):
    """Tensor by tensor; the file's sums are of integers, so a few numbers fall to the other side of a half."""
    module, report, path = analyzed
    exact, found = {}, {}
    interpreter = litert.Interpreter(str(path), experimental_op_resolver_type=litert.KERNELS["reference"],
                                     experimental_preserve_all_tensors=True)
    interpreter.allocate_tensors()
    model = tinynn.load(module, samples()[0])
    for x in samples():
        interpreter.set_tensor(interpreter.get_input_details()[0]["index"], litert.channels_last(x.numpy()))
        interpreter.invoke()
        values = model.run_values(x.numpy())
        for detail in interpreter.get_tensor_details():
            name = detail["name"]
            if name in values and detail["dtype"] == np.int8:
                scale, zero = detail["quantization"]
                real = (interpreter.get_tensor(detail["index"]).astype(np.float32) - zero) * scale
                found.setdefault(name, []).append(torch.from_numpy(real))
                exact.setdefault(name, []).append(torch.from_numpy(litert.channels_last(values[name])))
    rows = {row["name"]: row for row in report.analysis}
    assert len(found) >= 2
    for name, tensors in found.items():
        assert rows[name]["accumulated_snr"] == pytest.approx(decibels(torch.cat(exact[name]), torch.cat(tensors)), abs=0.3), name
    got = torch.cat([torch.from_numpy(litert.run(path, [litert.channels_last(x.numpy())], "reference")[0]) for x in samples()])
    with torch.no_grad():
        expected = torch.cat([module(x).permute(0, 2, 3, 1) for x in samples()])
    assert report["quantization"]["snr"] == pytest.approx(decibels(expected, got), abs=0.3)


def test_histograms_hold_what_was_seen(analyzed):
    _, report, _ = analyzed
    x = torch.cat(samples())
    image = report.analysis[0]
    counts, _ = np.histogram(x.numpy(), 64, (image["seen_low"], image["seen_high"]))
    assert (image["seen_low"], image["seen_high"]) == pytest.approx((float(x.min()), float(x.max())))
    assert sum(image["histogram"]) == x.numel()
    assert np.abs(np.cumsum(counts) - np.cumsum(image["histogram"])).max() < 0.03 * x.numel()
    assert image["low"] <= image["seen_low"] + image["scale"] and image["high"] >= image["seen_high"] - image["scale"]


def test_same_for_any_number_of_threads(tmp_path):
    model = tinynn.load(build(BadConcat), samples()[0])
    reports = [model.quantize(tmp_path / "model.tflite", samples(), auto_exclude=30, n_threads=n) for n in (1, 3)]
    assert reports[0] == reports[1] and reports[0]._page == reports[1]._page


def test_several_outputs_count_alike(tmp_path):
    """An output of small numbers is as important as one of large ones."""

    class Two(Plain):
        def forward(self, x):
            y = super().forward(x)
            return y * 1000, (y * 0.001).sigmoid()

    module, path = build(Two), tmp_path / "model.tflite"
    report = tinynn.load(module, samples()[0]).quantize(path, samples(), analyze=True)
    noises = []
    with torch.no_grad():
        for k in (0, 1):
            expected = torch.cat([module(x)[k].permute(0, 2, 3, 1) for x in samples()])
            got = [litert.run(path, [litert.channels_last(x.numpy())], "reference")[k] for x in samples()]
            noises.append(10 ** (-decibels(expected, torch.from_numpy(np.concatenate(got))) / 10))
    assert report["quantization"]["snr"] == pytest.approx(-10 * np.log10(np.mean(noises)), abs=0.3)


# ---- the page ----


class Page(HTMLParser):
    """Tags in their order, each closed; the rows of tables; attributes that would fetch something."""

    EMPTY = {"meta", "br"}

    def __init__(self, text: str):
        super().__init__()
        self.open, self.rows, self.svgs, self.fetched = [], 0, 0, []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        self.rows += tag == "tr"
        self.svgs += tag == "svg"
        self.fetched += [value for name, value in attributes if name in ("src", "href", "xlink:href")]
        if tag not in self.EMPTY:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        pass

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_page_is_whole_and_alone(tmp_path):
    report = tinynn.load(build(BadConcat), samples()[0]).quantize(tmp_path / "m<b>.tflite", samples(), auto_exclude=30)
    report.write_analysis(tmp_path / "page.html")
    text = (tmp_path / "page.html").read_text()
    page = Page(text)
    steps = report["quantization"]["auto_exclude"]["steps"]
    assert page.rows == len(report.analysis) + 1 + len(steps) + 2
    assert page.svgs == 2 + sum("histogram" in row for row in report.analysis)
    assert page.fetched == [] and not re.search(r"https?:|@import|url\(", text)
    assert "m&#60;b&#62;.tflite" in text and "m<b>" not in text and "nan" not in text and "inf" not in text.replace("info", "")


def test_nothing_is_told_that_was_not_asked_for(tmp_path):
    report = tinynn.load(build(Named), samples()[0]).quantize(tmp_path / "model.tflite", samples())
    assert not {"snr", "auto_exclude", "analysis"} & set(report["quantization"])
    for tell in (lambda: report.analysis, report.analysis_text, lambda: report.write_analysis(tmp_path / "page.html")):
        with pytest.raises(tinynn.Error, match="nothing was analyzed"):
            tell()
    assert not (tmp_path / "page.html").exists()


def test_program_prints_the_table(tmp_path, program):
    torch.jit.trace(build(BadConcat), samples()[0]).save(str(tmp_path / "model.pt"))
    np.save(tmp_path / "samples.npy", np.stack([x.numpy() for x in samples()]))
    command = [program, "quantize", "model.pt", "--samples", "samples.npy", "-o", "model.tflite", "--analyze", "--analysis", "page.html"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    last = slice(len(lines[1]) - len("cost"), len(lines[1]))
    table = lines[2 : next(i for i, line in enumerate(lines) if line.startswith("outputs: "))]
    costs = [float(line[last]) for line in table if line[last].strip()]
    assert costs == sorted(costs) and len(costs) == 7
    assert lines[1].split() == "operator type weights by weights by values both all before cost".split()
    assert Page((tmp_path / "page.html").read_text()).rows >= len(costs)
