"""NumPy reads what this library writes, and the library what NumPy writes."""

import subprocess

import numpy as np
import pytest

TYPES = ["bool", "u1", "i1", "<i2", "<i4", "<i8", "<f2", "<f4", "<f8", ">i2", ">i8", ">f2", ">f4", ">f8"]
SHAPES = [(), (0,), (1,), (7,), (5, 1), (2, 3, 5), (3, 0, 2), (2, 1, 3, 2, 1, 2, 1, 2)]


@pytest.fixture(scope="module")
def copy(checked_program, tmp_path_factory):
    """Arrays through tests/read/npz_copy.c, and back."""
    program = checked_program.parent.parent / "tests" / "read" / "npz_copy"
    folder = tmp_path_factory.mktemp("copies")

    def run(path):
        out = folder / path.name
        done = subprocess.run([program, path, out], capture_output=True, text=True)
        assert done.returncode in (0, 1), done.stderr
        return np.load(out) if done.returncode == 0 else done.stdout.strip()

    return run


def random_array(rng, dtype: str, shape: tuple) -> np.ndarray:
    """Any bits, and 0 or 1 for booleans."""
    kind = np.dtype(dtype)
    if kind == bool:
        return rng.integers(0, 2, shape).astype(bool)
    n_bytes = int(np.prod(shape)) * kind.itemsize
    return np.frombuffer(rng.bytes(n_bytes), kind).reshape(shape)


def same(found: np.ndarray, wanted: np.ndarray) -> bool:
    native = wanted.astype(wanted.dtype.newbyteorder("="))
    return found.dtype == native.dtype and found.shape == native.shape and found.tobytes() == native.tobytes()


@pytest.mark.parametrize("compressed", [False, True], ids=["stored", "deflated"])
def test_archives(copy, tmp_path, compressed):
    """All types and shapes in one archive, in both orders."""
    rng = np.random.default_rng(1)
    arrays = {}
    for dtype in TYPES:
        for shape in SHAPES:
            array = random_array(rng, dtype, shape)
            arrays[f"{dtype} {shape} C"] = array
            arrays[f"{dtype} {shape} F"] = np.asfortranarray(array)
    save = np.savez_compressed if compressed else np.savez
    save(tmp_path / "all.npz", **arrays)
    found = copy(tmp_path / "all.npz")
    assert found.files == list(arrays)
    assert [name for name in arrays if not same(found[name], arrays[name])] == []


@pytest.mark.parametrize("version", [(1, 0), (2, 0), (3, 0)])
@pytest.mark.parametrize("order", ["C", "F"])
def test_single_arrays(copy, tmp_path, version, order):
    array = np.asarray(np.random.default_rng(2).normal(size=(3, 5, 2)), "<f4", order=order)
    with open(tmp_path / "one.npy", "wb") as file:
        np.lib.format.write_array(file, array, version)
    assert same(copy(tmp_path / "one.npy"), array)


def test_names_in_any_language(copy, tmp_path):
    np.savez(tmp_path / "names.npz", **{"größe": np.ones(2), "入力": np.zeros(3)})
    assert copy(tmp_path / "names.npz").files == ["größe", "入力"]


@pytest.mark.parametrize("array, wanted", [
    (np.array(["text"]), 'NumPy\'s type "<U4"'),
    (np.zeros(3, "c8"), 'NumPy\'s type "<c8"'),
    (np.zeros(3, [("a", "f4"), ("b", "i2")]), "an array of structures"),
], ids=["text", "complex", "structures"])
def test_refused_types(copy, tmp_path, array, wanted):
    np.save(tmp_path / "other.npy", array)
    assert wanted in copy(tmp_path / "other.npy")


def test_pickled_objects_are_refused(copy, tmp_path):
    np.save(tmp_path / "object.npy", np.array([{}], dtype=object), allow_pickle=True)
    assert 'NumPy\'s type "|O"' in copy(tmp_path / "object.npy")


def test_the_same_bytes_each_time(copy, tmp_path, checked_program):
    np.savez(tmp_path / "a.npz", x=np.arange(6.0), y=np.ones((2, 2), "i1"))
    program = checked_program.parent.parent / "tests" / "read" / "npz_copy"
    for name in ("b", "c"):
        subprocess.run([program, tmp_path / "a.npz", tmp_path / f"{name}.npz"], check=True)
    assert (tmp_path / "b.npz").read_bytes() == (tmp_path / "c.npz").read_bytes()
