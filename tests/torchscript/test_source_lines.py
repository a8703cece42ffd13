"""Messages about a .pt name the author's line, as the archive's .debug_pkl files have it."""

import io
import pickle
import random
import zipfile
from pathlib import Path

import pytest
import tinynn
import torch
from torch import nn

HERE = "torchscript/test_source_lines.py"
BAD = "y = torch.linalg.svdvals(self.fc(x))"


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 4)
        self.drop = nn.Dropout(0.5)

    def forward(self, x):
        y = torch.linalg.svdvals(self.fc(x))
        return torch.relu(y) + torch.linalg.eigvalsh(
            x @ x.t())


class Train(nn.Module):
    def __init__(self):
        super().__init__()
        self.drop = nn.Sequential(nn.Dropout(0.5))

    def forward(self, x):
        x = x + 1
        return self.drop(x)


def line_of(code: str) -> int:
    lines = Path(__file__).read_text().splitlines()
    return next(number for number, line in enumerate(lines, 1) if line.strip() == code)


def save(module: nn.Module, how: str, path: Path) -> Path:
    x = torch.randn(3, 4)
    script = torch.jit.trace(module, x, check_trace=False) if how == "traced" else torch.jit.script(module)
    script.save(path)
    return path


def lacks(path: Path) -> dict[str, str]:
    with pytest.raises(tinynn.UnsupportedOperators) as caught:
        tinynn.load(path, inputs=[(3, 4)])
    return {lack.op: lack.source for lack in caught.value.operators}


@pytest.mark.parametrize("how", ["traced", "scripted"])
def test_lacks_name_the_line(how, tmp_path: Path):
    """Two operators that TorchScript prints into one line came from two."""
    found = lacks(save(Net(), how, tmp_path / "a.pt"))
    line = line_of(BAD)
    assert found["aten.linalg_svdvals"] == f"{HERE}:{line}" + (f": {BAD}" if how == "scripted" else "")
    assert found["aten.linalg_eigvalsh"].startswith(f"{HERE}:{line + 1}")


@pytest.mark.parametrize("how", ["traced", "scripted"])
def test_layers_of_pytorch_name_their_caller(how, tmp_path: Path):
    warnings = tinynn.load(save(Train().train(), how, tmp_path / "a.pt"), inputs=[(3, 4)]).warnings
    assert len(warnings) == 1
    assert f"(in drop.0, {HERE}:{line_of('return self.drop(x)')}" in warnings[0]


def test_errors_name_the_line(tmp_path: Path):
    class Wrong(nn.Module):
        def forward(self, x):
            return torch.mm(x, x)

    with pytest.raises(tinynn.Error, match=f"{HERE}:{line_of('return torch.mm(x, x)')}"):
        tinynn.load(save(Wrong(), "scripted", tmp_path / "a.pt"), inputs=[(3, 4)])


def test_what_conversion_refuses_names_the_line(tmp_path: Path):
    class Computed(nn.Module):
        def forward(self, x):
            weight = x.view(4, 1, 3)
            return torch.conv_transpose1d(x.view(1, 4, 3), weight, groups=4)

    model = tinynn.load(save(Computed(), "scripted", tmp_path / "a.pt"), inputs=[(3, 4)])
    with pytest.raises(tinynn.UnsupportedOperators) as caught:
        model.convert(tmp_path / "a.tflite")
    code = "return torch.conv_transpose1d(x.view(1, 4, 3), weight, groups=4)"
    assert [lack.source for lack in caught.value.operators] == [f"{HERE}:{line_of(code)}: {code}"]


def rewrite(path: Path, change) -> Path:
    """The archive again, each .debug_pkl through `change`; None leaves it out."""
    out = path.with_name("changed.pt")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            data = change(data) if name.endswith(".debug_pkl") else data
            if data is not None:
                new.writestr(name, data)
    return out


def test_without_debug_files(tmp_path: Path):
    path = save(Net(), "scripted", tmp_path / "a.pt")
    expected = lacks(path).keys()
    found = lacks(rewrite(path, lambda data: None))
    assert found.keys() == expected
    assert all(source.startswith("code/__torch__") for source in found.values())


class Untabled(pickle.Unpickler):
    """As torch before 1.10 wrote it: texts where they belong."""

    def find_class(self, module, name):
        return list


def without_table(data: bytes) -> bytes:
    _, texts, records = Untabled(io.BytesIO(data)).load()

    def record(begin, span, tag):
        (lines, name, first), start, end = span
        return begin, (("".join(texts[k] for k in lines), texts[name] or None, first), start, end), tag

    return pickle.dumps(tuple(record(*r) for r in records), protocol=2)


@pytest.mark.parametrize("how", ["traced", "scripted"])
def test_older_files(how, tmp_path: Path):
    path = save(Net(), how, tmp_path / "a.pt")
    assert lacks(rewrite(path, without_table)) == lacks(path)


def damage(data: bytes, seed: int) -> bytes:
    choose = random.Random(seed)
    data = bytearray(data)
    if seed % 4 == 0:
        return bytes(data[:choose.randrange(len(data))])
    for _ in range(choose.randrange(1, 4)):
        data[choose.randrange(len(data))] ^= 1 << choose.randrange(8)
    return bytes(data)


@pytest.mark.parametrize("how", ["traced", "scripted"])
def test_damaged_debug_files_do_no_harm(how, tmp_path: Path):
    path = save(Net(), how, tmp_path / "a.pt")
    expected = lacks(path).keys()
    for seed in range(150):
        assert lacks(rewrite(path, lambda data: damage(data, seed))).keys() == expected, seed
