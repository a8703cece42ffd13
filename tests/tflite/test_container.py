"""Files that the writer makes from hand-made graphs (hand_graphs.c), run by LiteRT and compared with numpy."""

import os
import subprocess
from pathlib import Path

import flatbuffers
import numpy as np
import pytest
from ai_edge_litert import schema_py_generated as litert_schema

import litert

TREE = Path(__file__).resolve().parents[2]


def numbers(*shape: int) -> np.ndarray:
    """Elements of a float constant, as in hand_graphs.h."""
    count = int(np.prod(shape))
    return (np.arange(count) * 37 % 101).astype(np.float32).reshape(shape) / np.float32(50) - np.float32(1)


def convolution(image: np.ndarray, filters: np.ndarray, bias: np.ndarray) -> np.ndarray:
    """3 by 3, stride 2, one element of padding around 5 by 5, relu6; groups when a filter has fewer channels."""
    padded = np.pad(image, ((0, 0), (1, 1), (1, 1), (0, 0)))
    out = np.zeros((1, 3, 3, len(filters)), np.float32)
    groups = image.shape[3] // filters.shape[3]
    for o, taps in enumerate(filters):
        first = o // (len(filters) // groups) * taps.shape[2]
        for h in range(3):
            for w in range(3):
                window = padded[0, 2 * h : 2 * h + 3, 2 * w : 2 * w + 3, first : first + taps.shape[2]]
                out[0, h, w, o] = (window * taps).sum() + bias[o]
    return out.clip(0, 6)


def gelu(x: np.ndarray) -> np.ndarray:
    return 0.5 * x * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3)))


def dilated(x: np.ndarray) -> np.ndarray:
    out = np.zeros((3, 5), np.float32)
    out[::2, ::2] = x
    return out


# name: shape of the input, expected outputs for it
CASES = {
    "add": ((2, 3), lambda x: [np.maximum(x + numbers(3), 0)]),
    "conv": ((1, 5, 5, 4), lambda x: [convolution(x, numbers(6, 3, 3, 4), numbers(6))]),
    "grouped_conv": ((1, 5, 5, 4), lambda x: [convolution(x, numbers(6, 3, 3, 2), numbers(6))]),
    "linear": ((2, 4), lambda x: [x @ numbers(4, 3)]),
    "big_linear": ((2, 1000), lambda x: [x @ numbers(1000, 1001)]),
    "concat": ((2, 3), lambda x: [np.concatenate([x, numbers(2, 2), x], axis=1)]),
    "split": ((2, 4), lambda x: [x[:, 2:], x[:, :2], x[:, 2:], x]),
    "gelu": ((2, 3), lambda x: [gelu(2 * x) + numbers(3) + numbers(3)]),
    "dilate": ((2, 3), lambda x: [dilated(x)]),
    "squeeze": ((1, 3, 1), lambda x: [x.reshape(3)]),
}


def write_graphs(folder: Path, outside: bool) -> Path:
    """All files, with their buffers inside the FlatBuffer or behind it."""
    writer = Path(os.environ.get("TINYNN_WRITE_HAND_GRAPHS", TREE / "build-asan/tests/tflite/write_hand_graphs"))
    if not writer.exists():
        pytest.fail(f"{writer} is missing: build the tests first", pytrace=False)
    subprocess.run([writer, folder, *(["0"] if outside else [])], check=True)
    return folder


@pytest.fixture(scope="module", params=["inside", "outside"])
def folder(request, tmp_path_factory) -> Path:
    return write_graphs(tmp_path_factory.mktemp(request.param), request.param == "outside")


@pytest.fixture(scope="module")
def inside(tmp_path_factory) -> Path:
    return write_graphs(tmp_path_factory.mktemp("inside"), outside=False)


@pytest.mark.parametrize("kernels", litert.KERNELS)
@pytest.mark.parametrize("name", CASES)
def test_numbers(folder: Path, name: str, kernels: str):
    shape, expected = CASES[name]
    x = np.random.default_rng(1).uniform(-1, 1, shape).astype(np.float32)
    got = litert.run(folder / f"{name}.tflite", [x], kernels)
    wanted = [np.asarray(e, np.float32) for e in expected(x)]
    litert.assert_close(got, wanted, 1e-5)


def test_signature_names_the_outputs(folder: Path):
    interpreter = litert.open_file(folder / "split.tflite")
    signature = interpreter.get_signature_list()["serving_default"]
    assert signature == {"inputs": ["x"], "outputs": ["first", "same", "second", "third"]}
    x = np.arange(8, dtype=np.float32).reshape(2, 4)
    outputs = interpreter.get_signature_runner("serving_default")(x=x)
    np.testing.assert_array_equal(outputs["first"], x[:, 2:])
    np.testing.assert_array_equal(outputs["second"], x[:, :2])
    np.testing.assert_array_equal(outputs["third"], x[:, 2:])
    np.testing.assert_array_equal(outputs["same"], x)


def test_same_graph_gives_same_bytes(folder: Path, tmp_path: Path):
    write_graphs(tmp_path, outside=folder.name.startswith("outside"))
    for name in CASES:
        assert (tmp_path / f"{name}.tflite").read_bytes() == (folder / f"{name}.tflite").read_bytes()


def nodes(program: Path, path: Path) -> list[str]:
    """What inspect says, without the lines that speak of sizes."""
    text = subprocess.run([program, "inspect", path], check=True, capture_output=True, text=True).stdout
    return [line for line in text.splitlines() if not line.startswith(("TensorFlow", "structure"))]


@pytest.mark.parametrize("name", CASES)
def test_the_layout_of_another_writer_is_read(program: Path, inside: Path, name: str, tmp_path: Path):
    """LiteRT's own code reads the file and writes it back to front; inspect sees the same model."""
    path = inside / f"{name}.tflite"
    model = litert_schema.ModelT.InitFromObj(litert_schema.Model.GetRootAs(path.read_bytes()))
    assert all(tensor.hasRank for tensor in model.subgraphs[0].tensors)
    builder = flatbuffers.Builder()
    builder.Finish(model.Pack(builder), b"TFL3")
    again = tmp_path / "again.tflite"
    again.write_bytes(bytes(builder.Output()))
    assert nodes(program, again) == nodes(program, path)
