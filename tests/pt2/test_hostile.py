"""Archives made to do harm: each is refused by its right name. Run with sanitizers."""

import json
import os
import pickle
import struct
import subprocess
import warnings
import zipfile
import zlib
from pathlib import Path

import pytest
import repack
import small


@pytest.fixture(scope="module")
def parts(tmp_path_factory) -> repack.Parts:
    return repack.read(small.export(small.Tied, tmp_path_factory.mktemp("whole") / "model.pt2"))


@pytest.fixture
def say(checked_program, tmp_path):
    """Convert; returns what stood on standard error, which is one line."""

    def say(model: Path, *arguments: str, code: int = 2) -> str:
        command = [checked_program, "convert", model, "-o", tmp_path / "out.tflite", *arguments]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
        assert done.returncode == code, f"exit code {done.returncode}: {done.stderr}"
        assert done.stderr.count("\n") == (code != 0)
        return done.stderr

    return say


def write(path: Path, found: dict[str, bytes], extra: list[tuple[str, bytes]] = []) -> Path:
    """As repack.write, with entries whose names may be those of others."""
    with zipfile.ZipFile(path, "w") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name, data in [*found.items(), *extra]:
            archive.writestr(name, data)
    return path


@pytest.mark.parametrize("name", ["../evil", "a/../../evil", "/etc/passwd", "a\\b", "a\nb"])
def test_names_that_leave_the_archive(say, parts, name, tmp_path):
    assert "entry has an unsafe name" in say(write(tmp_path / "m.pt2", parts.raw, [(name, b"x")]))


def test_two_entries_of_one_name(say, parts, tmp_path):
    """Two readers would see two models."""
    said = say(write(tmp_path / "m.pt2", parts.raw, [("models/model.json", parts.program)]))
    assert 'two entries are called "models/model.json"' in said


def test_entries_that_overlap(say, parts, tmp_path):
    """Each entry of a central directory may point to the same bytes: a small file with much to unpack."""
    path = write(tmp_path / "m.pt2", parts.raw, [("zz", b"0123456789")])
    data = bytearray(path.read_bytes())
    end = data.rindex(b"PK\x05\x06")
    last = data.rindex(b"PK\x01\x02")
    copy = bytearray(data[last:end])
    copy[46:48] = b"yy"
    local = struct.unpack_from("<I", copy, 42)[0]
    count, _, size = struct.unpack_from("<HHI", data, end + 8)
    struct.pack_into("<HHI", data, end + 8, count + 1, count + 1, size + len(copy))
    data[end:end] = copy
    path.write_bytes(data)
    said = say(path)
    assert "local header contradicts the central directory" in said or "entries overlap" in said
    assert local > 0


@pytest.mark.parametrize("entry", ["models/model.json", "data/weights/model_weights_config.json"])
def test_wrong_checksum(say, parts, entry, tmp_path):
    path = write(tmp_path / "m.pt2", parts.raw)
    crc = struct.pack("<I", zlib.crc32(parts.raw[entry]))
    path.write_bytes(path.read_bytes().replace(crc, b"\x11\x22\x33\x44"))
    assert f'entry "{entry}" is damaged: its CRC is ' in say(path)
    say(path, "--ignore-crc", code=0)


def bomb(n_bytes: int) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = bytes(1 << 20)
    return b"".join([*(packer.compress(block) for _ in range(n_bytes >> 20)), packer.flush()])


def stored_as(path: Path, found: dict[str, bytes], name: str, packed: bytes, size: int) -> Path:
    """An archive whose entry `name` is DEFLATE data that claims `size` bytes."""
    local = struct.pack("<IHHHHHIIIHH", 0x04034B50, 20, 0, 8, 0, 0, 0, len(packed), size, len(name), 0) + name.encode()
    whole = repack.zipped(found)
    end = whole.rindex(b"PK\x05\x06")
    count, _, dir_bytes, dir_at = struct.unpack_from("<HHII", whole, end + 8)
    central = struct.pack("<IHHHHHHIIIHHHHHII", 0x02014B50, 20, 20, 0, 8, 0, 0, 0, len(packed), size, len(name), 0, 0, 0, 0, 0,
                          dir_at) + name.encode()
    directory = whole[dir_at:end] + central
    at = dir_at + len(local) + len(packed)
    tail = struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, count + 1, count + 1, len(directory), at, 0)
    path.write_bytes(whole[:dir_at] + local + packed + directory + tail)
    return path


def test_zip_bomb(say, parts, tmp_path):
    packed = bomb(64 << 20)
    found = {name: data for name, data in parts.raw.items() if name != "models/model.json"}
    said = say(stored_as(tmp_path / "m.pt2", found, "models/model.json", packed, 0xF0000000))
    assert "more than compression can give" in said or "its compressed data is damaged" in said
    said = say(stored_as(tmp_path / "m.pt2", found, "models/model.json", packed, 64 << 20))
    assert "CRC" in said


def test_bomb_inside_of_an_archive(probe, parts, tmp_path):
    """What is inflated counts for the archive as a whole, and entries inside of entries too."""
    found = repack.as_pickled(parts)
    inner = repack.entries_of(found["data/weights/model.pt"])
    largest = max(inner, key=lambda name: len(inner[name]) if "/data/" in name else 0)
    inner[largest] += bytes(96 << 20)
    found["data/weights/model.pt"] = repack.zipped(inner, zipfile.ZIP_DEFLATED)
    path = repack.write(tmp_path / "m.pt2", found, "", zipfile.ZIP_DEFLATED)
    said = subprocess.run([probe], input=f"{path}\n", capture_output=True, text=True, timeout=60).stdout
    assert said.startswith("limit") and "the limit has " in said


@pytest.mark.parametrize("depth", [300, 100000])
def test_deep_json(say, parts, depth, tmp_path):
    program = parts.program.replace(b'"metadata": {}', b'"metadata": {"x": ' + b"[" * depth + b"]" * depth + b"}")
    assert program != parts.program
    assert "JSON is nested deeper than 200" in say(write(tmp_path / "m.pt2", parts.raw | {"models/model.json": program}))


def pickled_weights(parts: repack.Parts, data: bytes) -> dict[str, bytes]:
    """The container of torch 2.8 with another pickle for the weights."""
    found = repack.as_pickled(parts)
    inner = repack.entries_of(found["data/weights/model.pt"])
    return found | {"data/weights/model.pt": repack.zipped(inner | {"archive/data.pkl": data})}


class Evil:
    def __reduce__(self):
        return os.system, ("touch hacked",)


def deep() -> list:
    nested = []
    for _ in range(400):
        nested = [nested]
    return nested


def cycle() -> list:
    loop = []
    loop.append(loop)
    return loop


@pytest.mark.parametrize(
    "data, code, words",
    [
        (pickle.dumps({"x": deep()}, 2), 2, "pickle is nested deeper than the limit"),
        (pickle.dumps({"x": cycle()}, 2), 3, "pickle holds an object that contains itself"),
        (pickle.dumps({"x": Evil()}, 2), 3, 'system", which is not on the list of what tinynn reads'),
        (b"\x80\x02}X\xff\xff\xff\x7fabc", 2, "string reaches past the end"),
        (b"\x80\x02}r\xff\xff\xff\xff.", 2, "memo index is larger than the pickle could need"),
        (b"\x80\x02" + b"]" * 3000000 + b".", 2, "more objects than the limit allows"),
        (b"\x80\x02]q\x00" + b"(h\x00" + b"h\x00" * 200 + b"e" * 1 + b".", 3, "contains itself"),
        (b"\x80\x02K\x01.", 3, "expected a dict of tensors"),
        (b"\x80\x09K\x01.", 3, "pickle protocol 9"),
    ],
)
def test_pickles(say, parts, data, code, words, tmp_path):
    said = say(write(tmp_path / "m.pt2", pickled_weights(parts, data)), code=code)
    assert words in said and "data/weights/model.pt" in said
    assert not Path("hacked").exists()


def edited(parts: repack.Parts, edit) -> dict[str, bytes]:
    program = json.loads(parts.program)
    edit(program)
    return parts.raw | {"models/model.json": json.dumps(program).encode()}


def nodes(program: dict) -> list[dict]:
    return program["graph_module"]["graph"]["nodes"]


def test_graphs_in_graphs(say, parts, tmp_path):
    """Deeper than the limit of graphs, not deeper than that of JSON."""

    def nest(program):
        node = nodes(program)[0]
        for _ in range(20):
            graph = {"inputs": [], "outputs": [], "nodes": [node], "tensor_values": {}}
            node = {"target": "torch.ops.higher_order.wrap_with_set_grad_enabled", "outputs": [], "metadata": {}, "inputs": [
                {"name": "", "arg": {"as_bool": True}, "kind": 1},
                {"name": "", "arg": {"as_graph": {"name": "g", "graph": graph}}, "kind": 1}]}
        nodes(program)[0] = node

    assert "graphs are nested deeper than 16" in say(write(tmp_path / "m.pt2", edited(parts, nest)))


def test_window_outside_of_its_storage(say, parts, tmp_path):
    config = json.loads(parts.raw["data/weights/model_weights_config.json"])
    config["config"]["second.weight"]["tensor_meta"]["storage_offset"] = {"as_int": 2**62}
    found = parts.raw | {"data/weights/model_weights_config.json": json.dumps(config).encode()}
    assert '"second.weight"' in say(write(tmp_path / "m.pt2", found))


def test_enormous_sizes(say, parts, tmp_path):
    def enlarge(program):
        values = program["graph_module"]["graph"]["tensor_values"]
        values["x"]["sizes"] = [{"as_int": 2**62}, {"as_int": 4}]

    said = say(write(tmp_path / "m.pt2", edited(parts, enlarge)))
    assert said


def test_cut_storage(say, parts, tmp_path):
    """A storage of an older container that is shorter than its tensor."""
    found = repack.as_flat(parts)
    inner = repack.entries_of(found["serialized_state_dict.pt"])
    name = max((name for name in inner if "/data/" in name), key=lambda name: len(inner[name]))
    inner[name] = inner[name][:-24]
    found["serialized_state_dict.pt"] = repack.zipped(inner)
    assert "storage" in say(write(tmp_path / "m.pt2", found))
