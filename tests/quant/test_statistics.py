"""Statistics: what they say is what PyTorch computes, merging and threads change nothing, samples are read when they are wanted."""

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import litert
import numpy as np
import pytest
import tinynn
import torch
from quantized import run
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset

N = 9


def network() -> nn.Module:
    torch.manual_seed(5)
    return nn.Sequential(nn.Conv2d(3, 6, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 4, 3), nn.Softmax(1)).eval()


def draw(n: int = N) -> list[Tensor]:
    torch.manual_seed(8)
    return [torch.randn(1, 3, 10, 12) * (1 + k) for k in range(n)]


@pytest.fixture
def model() -> tinynn.Model:
    return tinynn.load(network(), draw(1)[0])


def saved(statistics: tinynn.Statistics, path: Path) -> bytes:
    statistics.save(path)
    return path.read_bytes()


def test_they_say_what_the_network_computes(model):
    samples = draw()
    found = model.calibrate(samples).as_dict()
    with torch.no_grad():
        activations = np.stack([network()[:2](x).numpy() for x in samples])
    for name, numbers in {"input": np.stack([x.numpy() for x in samples]), "relu": activations}.items():
        row = found[name]
        axes = tuple(range(1, numbers.ndim))
        assert row["shape"] == numbers.shape[1:] and row["numbers"] == numbers.size
        # The engine adds up in another order than PyTorch.
        close = {"rtol": 1e-5, "atol": 1e-5}
        np.testing.assert_allclose(row["low"], numbers.min(), **close)
        np.testing.assert_allclose(row["high"], numbers.max(), **close)
        np.testing.assert_allclose(row["mean_low"], numbers.min(axes).mean(dtype=np.float64), **close)
        np.testing.assert_allclose(row["mean_high"], numbers.max(axes).mean(dtype=np.float64), **close)
        bin_width = 2 ** np.ceil(np.log2((row["high"] - row["low"]) / 2047))
        assert abs(row["mean"] - numbers.mean(dtype=np.float64)) <= bin_width / 2


def test_ranges_are_those_of_the_algorithms(model):
    statistics = model.calibrate(draw())
    row = statistics.as_dict()["input"]
    assert statistics.ranges("minmax")["input"] == (row["low"], row["high"])
    assert statistics.ranges("average")["input"] == (row["mean_low"], row["mean_high"])
    wide, narrow = (statistics.ranges("percentile", p)["input"] for p in (99.9, 90))
    assert row["low"] <= wide[0] < narrow[0] < 0 < narrow[1] < wide[1] <= row["high"]
    assert statistics.ranges("l2")["relu"][0] == 0


def test_neither_threads_nor_order_nor_place_changes_them(model, tmp_path):
    samples = draw()
    whole = saved(model.calibrate(samples), tmp_path / "whole.json")
    assert saved(model.calibrate(samples, n_threads=3), tmp_path / "threads.json") == whole
    assert saved(model.calibrate(samples[::-1]), tmp_path / "order.json") == whole
    parts = [model.calibrate(samples[k::3]) for k in (2, 0, 1)]
    for part in parts[1:]:
        parts[0].merge(part)
    assert saved(parts[0], tmp_path / "merged.json") == whole


def test_files_come_back(model, tmp_path):
    statistics = model.calibrate(draw())
    text = saved(statistics, tmp_path / "statistics.json")
    again = tinynn.Statistics.load(tmp_path / "statistics.json")
    assert saved(again, tmp_path / "again.json") == text
    assert again.as_dict() == statistics.as_dict() and again.n_samples == N
    # What is read can be merged further.
    again.merge(statistics)
    assert again.n_samples == 2 * N
    assert {k: v["numbers"] for k, v in again.as_dict().items()} == {k: 2 * v["numbers"] for k, v in statistics.as_dict().items()}


@pytest.mark.parametrize("algorithm", ["l2", "minmax", "average", "percentile", "kl"])
def test_quantizing_by_them_is_quantizing_by_samples(model, tmp_path, algorithm):
    samples, files = draw(), []
    model.calibrate(samples).save(tmp_path / "statistics.json")
    statistics = tinynn.Statistics.load(tmp_path / "statistics.json")
    plain = {"equalize": False, "search_ranges": False, "correct_biases": False}
    for given in ({"samples": samples} | plain, {"statistics": statistics}):
        model.quantize(tmp_path / "model.tflite", algorithm=algorithm, **given)
        files.append((tmp_path / "model.tflite").read_bytes())
    assert files[0] == files[1]
    for given in ({"equalize": False}, {"statistics": statistics}):
        model.quantize(tmp_path / "model.tflite", samples, algorithm=algorithm, **given)
        files.append((tmp_path / "model.tflite").read_bytes())
    assert files[2] == files[3]


def test_the_report_says_what_is_left_out(model, tmp_path):
    statistics = model.calibrate(draw())
    report = model.quantize(tmp_path / "model.tflite", statistics=statistics)["quantization"]
    assert report["samples"] == N
    assert [line.split(":")[0] for line in report["left_out"]] == ["equalization", "range search", "bias correction"]
    report = model.quantize(tmp_path / "model.tflite", statistics=statistics, adaround=True)["quantization"]
    assert report["left_out"][2:] == ["rounding: it needs samples", "bias correction: it needs samples"]
    report = model.quantize(tmp_path / "model.tflite", draw(2), statistics=statistics)["quantization"]
    assert [line.split(":")[0] for line in report["left_out"]] == ["equalization"]
    # What nobody wanted is not left out.
    report = model.quantize(tmp_path / "model.tflite", statistics=statistics, equalize=False, algorithm="minmax")
    assert [line.split(":")[0] for line in report["quantization"]["left_out"]] == ["bias correction"]
    assert model.quantize(tmp_path / "model.tflite", draw(2))["quantization"]["left_out"] == []


def test_statistics_of_another_model(model, tmp_path):
    statistics = model.calibrate(draw(2))
    wider = tinynn.load(network(), torch.randn(1, 3, 10, 14))
    deeper = tinynn.load(nn.Sequential(network(), nn.Conv2d(4, 4, 1)).eval(), torch.randn(1, 3, 10, 12))
    for other, words in ((wider, "input: has another shape in "), (deeper, "has no statistics in ")):
        with pytest.raises(tinynn.Error, match=words):
            other.quantize(tmp_path / "model.tflite", statistics=statistics)
        before = saved(statistics, tmp_path / "before.json")
        with pytest.raises(tinynn.Error, match="is of another model"):
            statistics.merge(other.calibrate([np.zeros(other.inputs[0].shape, np.float32)]))
        assert saved(statistics, tmp_path / "after.json") == before
    assert not (tmp_path / "model.tflite").exists()


def change(path: str, value: object):
    """Set what stands at a path of keys; None removes it."""
    keys = [int(key) if key.isdigit() else key for key in path.split(".")]

    def apply(tree):
        at = tree
        for key in keys[:-1]:
            at = at[key]
        if value is None:
            del at[keys[-1]]
        else:
            at[keys[-1]] = value

    return apply


@pytest.mark.parametrize(
    "apply, code, words",
    [
        (change("tinynn_statistics", 2), "unsupported", "tinynn_statistics: is version 2, this tinynn reads 1"),
        (change("tinynn_statistics", None), "malformed", 'has no "tinynn_statistics"'),
        (change("samples", -1), "malformed", "samples: is -1, expected 0 to"),
        (change("values", {}), "malformed", "values: expected an array"),
        (change("values.1.name", "input"), "malformed", 'has two values "input"'),
        (change("values.0.shape", [1] * 9), "malformed", "values[0].shape: has 9 dimensions, at most 8"),
        (change("values.0.shape.1", -3), "malformed", "values[0].shape[1]: is -3"),
        (change("values.0.low", 1e300), "malformed", "values[0].low: is 1e+300, expected a float32"),
        (change("values.0.high", -100), "malformed", "values[0]: numbers from"),
        (change("values.0.high", 1e30), "malformed", "values[0].counts: of "),
        (change("values.0.counts.3", -1), "malformed", "values[0].counts[3]: is -1"),
        (change("values.0.counts.3", 2**62), "malformed", "values[0].counts[3]: is 4611686018427387904"),
        (change("values.0.counts.3", "x"), "malformed", "values[0].counts[3]: expected an integer, found a string"),
        (change("values.0.zeros", 10**9), "malformed", "values[0]: 1000000000 zeros of "),
        (change("values.0.lows", [0] * 8), "malformed", "values[0].lows: has 8 numbers, expected 9"),
        (change("values.0.lows.0", 2**32), "malformed", "values[0].lows[0]: is 4294967296"),
    ],
)
def test_broken_files(model, tmp_path, apply, code, words):
    path = tmp_path / "statistics.json"
    model.calibrate(draw(2)).save(path)
    tree = json.loads(path.read_text())
    apply(tree)
    path.write_text(json.dumps(tree))
    with pytest.raises(tinynn.Error) as caught:
        tinynn.Statistics.load(path)
    assert caught.value.code == code and words in str(caught.value), caught.value


# ---- samples ----


class Images(Dataset):
    """Samples that are made when they are asked for."""

    def __init__(self, n: int, fails_at: int = -1):
        self.n, self.fails_at, self.asked = n, fails_at, []

    def __len__(self) -> int:
        return self.n

    def __getitem__(self, index: int) -> Tensor:
        self.asked.append(index)
        if index == self.fails_at:
            raise LookupError("a broken picture")
        return draw(self.n)[index][0]


def test_datasets_loaders_and_generators_give_the_same(model, tmp_path):
    batches = [x[None] for x in Images(N)]
    expected = saved(model.calibrate(batches), tmp_path / "list.json")
    for samples in (DataLoader(Images(N)), (x for x in batches), np.stack([x.numpy() for x in batches]), [[x] for x in batches]):
        assert saved(model.calibrate(samples, n_threads=2), tmp_path / "other.json") == expected
    files = []
    for samples in (batches, (x for x in batches)):
        model.quantize(tmp_path / "model.tflite", samples, n_threads=2)
        files.append((tmp_path / "model.tflite").read_bytes())
    assert files[0] == files[1]


def test_a_dataset_is_asked_one_by_one():
    model = tinynn.load(nn.Conv2d(3, 2, 1).eval(), torch.randn(3, 10, 12))
    images = Images(6)
    model.calibrate(images)
    assert images.asked == list(range(6))


@pytest.mark.parametrize("n_threads", [1, 3])
def test_what_a_sample_raises_comes_through(tmp_path, n_threads):
    model = tinynn.load(nn.Conv2d(3, 2, 1).eval(), torch.randn(3, 10, 12))
    with pytest.raises(LookupError, match="a broken picture"):
        model.calibrate(Images(6, fails_at=4), n_threads=n_threads)
    with pytest.raises(LookupError, match="a broken picture"):
        model.quantize(tmp_path / "model.tflite", Images(6, fails_at=4), n_threads=n_threads)
    with pytest.raises(LookupError, match="a broken picture"):
        model.quantize(tmp_path / "model.tflite", iter(Images(6, fails_at=4)), n_threads=n_threads)
    assert not list(tmp_path.iterdir())


MEASURE = """
import resource, sys
import numpy as np, tinynn
class Images:
    def __init__(self, n): self.n = n
    def __len__(self): return self.n
    def __getitem__(self, i):
        if i >= self.n: raise IndexError
        return np.full((1, 3, 96, 96), i % 7, np.float32)
model = tinynn.load(sys.argv[1])
peaks = []
for n in (40, 40, 2000):
    samples = Images(n) if sys.argv[2] == "sequence" else iter(Images(n))
    model.quantize(sys.argv[3], samples, n_threads=2)
    peaks.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
print(peaks[2] - peaks[1])
"""


@pytest.mark.parametrize("kind", ["sequence", "iterable"])
def test_memory_does_not_grow_with_samples(tmp_path, kind):
    """2000 samples are 221 MB."""
    torch.jit.trace(nn.Conv2d(3, 4, 3, stride=2), torch.rand(1, 3, 96, 96)).save(str(tmp_path / "model.pt"))
    paths = os.pathsep.join([str(Path(tinynn.__file__).parent.parent), os.environ.get("PYTHONPATH", "")])
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, "model.pt", kind, "model.tflite"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": paths},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) < 8 << 10, f"{done.stdout} KiB more"


def test_floats_of_64_bits(tmp_path):
    """The file has floats of 32; the samples have the model's type."""
    module = network().double()
    samples = [x.double() for x in draw()]
    path = tmp_path / "model.tflite"
    tinynn.load(module, samples[0]).quantize(path, samples)
    with torch.no_grad():
        expected = litert.channels_last(module(samples[0]).numpy())
    (got,) = litert.run(path, [litert.channels_last(samples[0].float().numpy())])
    assert np.abs(got - expected).max() < 0.05


# ---- progress ----


def test_progress_is_told(model, tmp_path):
    told = []
    model.calibrate(draw(), progress=lambda done, total: told.append((done, total)))
    assert told == [(k + 1, N) for k in range(N)]
    told.clear()
    model.quantize(tmp_path / "model.tflite", draw(), n_threads=2, progress=lambda done, total: told.append((done, total)))
    assert told == [(k + 1, N) for k in range(N)]


def test_progress_cancels(model):
    with pytest.raises(tinynn.Error) as caught:
        model.calibrate(draw(), progress=lambda done, _: done < 3)
    assert caught.value.code == "cancelled"
    with pytest.raises(ZeroDivisionError):
        model.calibrate(draw(), progress=lambda done, total: done // (total - total))


# ---- the program ----


@pytest.fixture
def folder(tmp_path) -> Path:
    samples = [x.numpy() for x in draw()]
    torch.jit.trace(network(), draw(1)[0]).save(str(tmp_path / "model.pt"))
    np.save(tmp_path / "all.npy", np.stack(samples))
    np.save(tmp_path / "a.npy", np.stack(samples[:4]))
    np.save(tmp_path / "b.npy", np.stack(samples[4:]))
    return tmp_path


def test_programs(folder, program):
    for part in ("all", "a", "b"):
        done = run(folder, program, "calibrate", "model.pt", "--samples", f"{part}.npy", "-o", f"{part}.json", "--threads", "2")
        assert done.stderr == "" and done.stdout.startswith(f"{part}.json: 5 values over ")
    done = run(folder, program, "statistics", "b.json", "a.json", "-o", "merged.json", "--algorithm", "minmax")
    assert (folder / "merged.json").read_bytes() == (folder / "all.json").read_bytes()
    lines = done.stdout.splitlines()
    assert lines[0].split() == ["value", "shape", "numbers", "low", "high", "mean", "range"]
    assert lines[-1] == "5 values over 9 samples"
    name, *cells = lines[1].split()
    row = tinynn.Statistics.load(folder / "all.json").as_dict()[name]
    assert cells[:3] == ["[1,3,10,12]", "3240", f"{row['low']:.4g}"]
    done = run(folder, program, "quantize", "model.pt", "--stats", "merged.json", "-o", "model.tflite")
    summary, *rest = done.stdout.splitlines()
    assert summary.endswith("calibrated on 9 samples")
    assert rest == [
        "  left out: equalization: it would change the values that the statistics are of",
        "  left out: range search: it needs samples",
        "  left out: bias correction: it needs samples",
    ]
    done = run(folder, program, "quantize", "model.pt", "--stats", "merged.json", "--samples", "a.npy", "-o", "model.tflite")
    assert done.stdout.count("left out") == 1


@pytest.mark.parametrize(
    "command, code, words",
    [
        (["calibrate", "model.pt", "-o", "x.json"], 1, "--samples is missing"),
        (["calibrate", "model.pt", "--samples", "a.npy"], 1, "-o is missing"),
        (["calibrate", "model.pt", "--samples", "a.npy", "-o", "nowhere/x.json"], 4, "nowhere/x.json"),
        (["calibrate", "model.pt", "--samples", "none.npy", "-o", "x.json"], 2, "none.npy"),
        (["statistics"], 1, "statistics needs a file"),
        (["statistics", "none.json"], 2, "none.json"),
        (["statistics", "model.pt"], 2, "model.pt"),
        (["quantize", "model.pt", "--stats", "none.json", "-o", "x.tflite"], 2, "none.json"),
    ],
)
def test_programs_complaints(folder, program, command, code, words):
    before = sorted(path.name for path in folder.iterdir())
    done = run(folder, program, *command, code=code)
    assert words in done.stderr and done.stderr.count("\n") == 1, done.stderr
    assert sorted(path.name for path in folder.iterdir()) == before


def test_a_terminal_sees_a_bar(folder, program):
    np.save(folder / "many.npy", np.zeros((60000, 1, 3, 10, 12), np.float32))
    ours, theirs = pty.openpty()
    command = [program, "calibrate", "model.pt", "--samples", "many.npy", "-o", "x.json"]
    running = subprocess.Popen(command, cwd=folder, stderr=theirs, stdout=subprocess.PIPE)
    os.close(theirs)
    seen = b""
    while True:
        try:
            more = os.read(ours, 4096)
        except OSError:  # the other end is closed
            break
        if not more:
            break
        seen += more
    assert running.wait() == 0
    os.close(ours)
    assert b"/60000 samples, " in seen and b" images/s" in seen
    assert seen.endswith(b"\r\x1b[K")
