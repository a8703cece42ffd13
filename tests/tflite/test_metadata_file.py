"""What a file calls its inputs and outputs and says of itself: by the command line and from Python, read back with the
package flatbuffers and with zipfile, as the TensorFlow Lite Support library reads it, and run by LiteRT."""

import io
import subprocess
import zipfile
from pathlib import Path

import flatbuffers
import litert
import numpy as np
import pytest
import tinynn
import torch
from ai_edge_litert import schema_py_generated as litert_schema
from ai_edge_litert.interpreter import Interpreter
from flatbuffers import encode, number_types, packer
from torch import nn

LABELS = ["cat", "dog", "größer", "two words"]
IMAGE_PROPERTIES, NORMALIZATION, AXIS_LABELS, RGB, GRAYSCALE = 2, 1, 2, 1, 2


class Table:
    """A table of tensorflow_lite_support/metadata/metadata_schema.fbs; fields by number."""

    def __init__(self, data: bytes, at: int):
        self.table = flatbuffers.table.Table(data, at)

    @classmethod
    def root(cls, data: bytes) -> "Table":
        assert data[4:8] == b"M001"
        return cls(data, encode.Get(packer.uoffset, data, 0))

    def _place(self, field: int) -> int:
        return self.table.Offset(4 + 2 * field)

    def text(self, field: int) -> str | None:
        place = self._place(field)
        return self.table.String(place + self.table.Pos).decode() if place else None

    def byte(self, field: int) -> int:
        place = self._place(field)
        return self.table.Get(number_types.Int8Flags, place + self.table.Pos) if place else 0

    def child(self, field: int) -> "Table":
        return Table(self.table.Bytes, self.table.Indirect(self._place(field) + self.table.Pos))

    def children(self, field: int) -> list["Table"]:
        place = self._place(field)
        start = self.table.Vector(place) if place else 0
        count = self.table.VectorLen(place) if place else 0
        return [Table(self.table.Bytes, self.table.Indirect(start + 4 * i)) for i in range(count)]

    def floats(self, field: int) -> list[float]:
        return self.table.GetVectorAsNumpy(number_types.Float32Flags, self._place(field)).tolist()


class Two(nn.Module):
    """A picture and a vector; scores of four classes and a picture."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3, padding=1)

    def forward(self, x, shift):
        y = self.conv(x)
        return y.mean((2, 3)) + shift, y


@pytest.fixture(scope="module")
def model(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("two") / "two.pt2"
    torch.export.save(torch.export.export(Two().eval(), (torch.rand(1, 3, 6, 5), torch.rand(4))), path)
    return path


@pytest.fixture
def convert(checked_program, model, tmp_path):
    """Convert by the program with sanitizers; returns the file, or with `code` the complaint."""

    def convert(*arguments, code: int = 0, path: Path = model):
        out = tmp_path / "out.tflite"
        command = [checked_program, "convert", path, "-o", out, *arguments]
        done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
        assert done.returncode == code, done.stdout + done.stderr
        return out if code == 0 else done.stderr

    (tmp_path / "labels.txt").write_bytes("\r\n".join(LABELS).encode())
    return convert


def entry(path: Path) -> Table:
    """The model's metadata."""
    model = litert_schema.Model.GetRootAs(path.read_bytes())
    entries = {model.Metadata(i).Name(): model.Metadata(i).Buffer() for i in range(model.MetadataLength())}
    return Table.root(model.Buffers(entries[b"TFLITE_METADATA"]).DataAsNumpy().tobytes())


def run_signature(path: Path, **inputs) -> dict[str, np.ndarray]:
    runner = Interpreter(str(path)).get_signature_runner("serving_default")
    return runner(**inputs)


def test_names(convert):
    path = convert("--input-names", "image,bias", "--output-names", "scores,map")
    interpreter = litert.open_file(path)
    assert [detail["name"] for detail in interpreter.get_input_details()] == ["image", "bias"]
    assert [detail["name"] for detail in interpreter.get_output_details()] == ["scores", "map"]
    image, bias = np.ones((1, 6, 5, 3), np.float32), np.ones(4, np.float32)
    results = run_signature(path, image=image, bias=bias)
    np.testing.assert_allclose(results["scores"], results["map"].mean((1, 2)) + 1, atol=1e-5)


def test_an_output_takes_a_name_that_another_tensor_has(convert):
    first = litert.open_file(convert())
    inner = [detail["name"] for detail in first.get_tensor_details() if detail["name"].startswith("mean")]
    assert inner
    path = convert("--output-names", f"x,{inner[0]}")
    details = litert.open_file(path).get_output_details()
    assert details[1]["name"] == inner[0]
    results = run_signature(path, x=np.ones((1, 6, 5, 3), np.float32), shift=np.ones(4, np.float32))
    assert set(results) == {"x", inner[0]}, "an output may be called as an input"


def test_metadata(convert):
    path = convert(
        *["--image-mean", "0.485,0.456,0.406", "--image-std", "0.229,0.224,0.225", "--labels", "labels.txt"],
        *["--metadata", "name=Two", "--metadata", "description=a=b", "--metadata", "version=1.5"],
        *["--metadata", "author=Jürgen", "--metadata", "license=MIT"],
    )
    metadata = entry(path)
    texts = {"name": 0, "description": 1, "version": 2, "author": 4, "license": 5, "min_parser_version": 7}
    assert {key: metadata.text(field) for key, field in texts.items()} == {
        "name": "Two", "description": "a=b", "version": "1.5", "author": "Jürgen", "license": "MIT",
        "min_parser_version": "1.0.0",
    }
    (subgraph,) = metadata.children(3)
    picture, vector = subgraph.children(2)
    scores, image = subgraph.children(3)
    assert [t.text(0) for t in (picture, vector, scores, image)] == ["x", "shift", "add", "conv2d"]
    assert picture.child(3).byte(0) == IMAGE_PROPERTIES and picture.child(3).child(1).byte(0) == RGB
    (unit,) = picture.children(4)
    assert unit.byte(0) == NORMALIZATION
    np.testing.assert_allclose(unit.child(1).floats(0), [123.675, 116.28, 103.53], rtol=1e-6)
    np.testing.assert_allclose(unit.child(1).floats(1), [58.395, 57.12, 57.375], rtol=1e-6)
    assert vector.children(4) == [] and image.children(6) == []
    (labels,) = scores.children(6)
    assert labels.text(0) == "labels.txt" and labels.byte(2) == AXIS_LABELS
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["labels.txt"]
        assert archive.read("labels.txt").decode().splitlines() == LABELS
    assert litert.open_file(path).get_output_details()[0]["shape"].tolist() == [1, 4]


def test_same_file_from_python(convert, model, tmp_path):
    path = convert(
        *["--image-mean", "127.5", "--image-std", "100,120,127.5", "--image-range", "255", "--labels", "labels.txt"],
        *["--metadata", "name=Two", "--input-names", "a,b", "--output-names", "c,d"],
    )
    common = {
        "image_mean": 127.5, "image_std": (100, 120, 127.5), "image_range": 255, "metadata": {"name": "Two"},
        "input_names": ["a", "b"], "output_names": ["c", "d"],
    }
    for number, labels in enumerate([LABELS, tmp_path / "labels.txt"]):
        other = tmp_path / f"{number}.tflite"
        report = tinynn.load(model).convert(other, labels=labels, **common)
        assert other.read_bytes() == path.read_bytes()
        assert report["file_bytes"] == other.stat().st_size
        assert [value["name"] for value in report["inputs"] + report["outputs"]] == ["a", "b", "c", "d"]


def test_the_numbers_make_the_input(convert):
    """What the file says, applied to bytes, is what torchvision's Normalize makes of pixels from 0 to 1."""
    path = convert("--image-mean", "0.485,0.456,0.406", "--image-std", "0.229,0.224,0.225")
    options = entry(path).children(3)[0].children(2)[0].children(4)[0].child(1)
    pixels = np.random.default_rng(0).integers(0, 256, (6, 5, 3), np.uint8)
    ours = (pixels - np.array(options.floats(0))) / np.array(options.floats(1))
    theirs = (pixels / 255 - [0.485, 0.456, 0.406]) / [0.229, 0.224, 0.225]
    np.testing.assert_allclose(ours, theirs, atol=1e-6)


def test_gray_pictures(convert, tmp_path):
    gray = tmp_path / "gray.pt2"
    torch.export.save(torch.export.export(nn.Conv2d(1, 2, 3), (torch.rand(1, 1, 8, 8),)), gray)
    picture = entry(convert("--image-mean", "0.5", "--image-std", "0.5", path=gray)).children(3)[0].children(2)[0]
    assert picture.child(3).child(1).byte(0) == GRAYSCALE


def test_without_options_there_is_no_metadata(convert):
    path = convert("--output-names", "a,b")
    with pytest.raises(KeyError):
        entry(path)
    assert not zipfile.is_zipfile(path)


@pytest.mark.parametrize(
    "arguments, code, message",
    [
        (["--output-names", "a"], 1, "outputs: 1 names, the model has 2"),
        (["--input-names", "a,b,c"], 1, "inputs: 3 names, the model has 2"),
        (["--input-names", "a,a"], 1, 'inputs: the name "a" is given twice'),
        (["--output-names", "a,"], 1, "outputs: name 2 of 2 is empty"),
        (["--image-mean", "0.5"], 1, "image std: is missing, mean and std go together"),
        (["--image-std", "0.5"], 1, "image mean: is missing, mean and std go together"),
        (["--image-mean", "0.5,y", "--image-std", "1"], 1, '--image-mean: "y" is no number'),
        (["--image-mean", "inf", "--image-std", "1"], 1, '--image-mean: "inf" is no number'),
        (["--image-mean", "120", "--image-std", "60"], 1, "an image range of 255 is for numbers in the unit of bytes"),
        (["--image-mean", "0.5", "--image-std", "1", "--layout", "nchw"], 1, '"x" is float32[1, 3, 6, 5]'),
        (["--labels", "three.txt"], 1, '3 labels fit no output; along its last dimension "add" has 4, "conv2d" has 4'),
        (["--labels", "gap.txt"], 1, "labels: line 2 is empty"),
        (["--labels", "nowhere.txt"], 2, "nowhere.txt: No such file or directory"),
        (["--labels", "."], 2, ".: Is a directory"),
        (["--metadata", "name"], 1, '--metadata "name": the form is KEY=TEXT'),
        (["--metadata", "nom=x"], 1, '--metadata "nom": expected name, description, version, author or license'),
    ],
)
def test_refusals(convert, tmp_path, arguments, code, message):
    (tmp_path / "three.txt").write_text("a\nb\nc\n")
    (tmp_path / "gap.txt").write_text("a\n\nb\n")
    assert message in convert(*arguments, code=code)
    assert not (tmp_path / "out.tflite").exists()


def test_refusals_from_python(model):
    loaded = tinynn.load(model)
    with pytest.raises(TypeError, match="'nom': expected one of name"):
        loaded.check(metadata={"nom": "x"})
    with pytest.raises(tinynn.Error, match="5 labels fit no output") as caught:
        loaded.check(labels=[*LABELS, "more"])
    assert caught.value.code == "invalid"


def test_inspect_tells(convert, checked_program):
    path = convert("--labels", "labels.txt", "--metadata", "author=me")
    told = subprocess.run([checked_program, "inspect", path], capture_output=True, text=True, check=True).stdout
    assert "metadata\n  author: me\n  input  x\n  input  shift\n  output add, file labels.txt\n" in told
    metadata = tinynn.inspect(path)["metadata"]
    assert metadata["author"] == "me" and metadata["outputs"][0]["files"] == ["labels.txt"]


def test_a_file_that_is_an_archive_too_can_be_inspected_from_memory(convert):
    """The archive's own distances count from the start of the model."""
    data = convert("--labels", "labels.txt").read_bytes()
    assert zipfile.ZipFile(io.BytesIO(data)).infolist()[0].header_offset == data.rindex(b"PK\x03\x04")
