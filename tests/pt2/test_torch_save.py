"""Files of torch.save hold no program: the error says what they hold, and inspect lists the tensors."""

import io
import json
import pickle
import struct
import subprocess
import tarfile
from pathlib import Path

import pytest
import small
import torch


def refuse(program: Path, model: Path) -> str:
    done = subprocess.run([program, "convert", model, "-o", "/dev/null"], capture_output=True, text=True)
    assert done.returncode == 3, done.stderr
    assert done.stderr.count("\n") == 1 and "torch.export.save(torch.export.export(" in done.stderr
    return done.stderr


def inspect(program: Path, model: Path) -> dict:
    done = subprocess.run([program, "inspect", "--json", model], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def expect_tensors(found: dict, state: dict[str, torch.Tensor], prefix: str = "") -> None:
    wanted = [{"name": prefix + name, "dtype": str(tensor.dtype).removeprefix("torch."), "shape": list(tensor.shape)}
              for name, tensor in state.items()]
    assert found["format"] == "torch.save" and found["complete"]
    assert found["tensors"] == wanted


@pytest.fixture
def module() -> torch.nn.Module:
    return small.make(small.Convolutional)[0]


FORMS = pytest.mark.parametrize("zipped", [True, False], ids=["zip", "stream"])
OLD_FORM = "in the form of torch 1.5 and earlier"


@FORMS
def test_state_dict(program, module, zipped, tmp_path):
    path = tmp_path / "state.pth"
    torch.save(module.state_dict(), path, _use_new_zipfile_serialization=zipped)
    said = refuse(program, path)
    assert "state.pth: this is a torch.save file" in said and (OLD_FORM in said) != zipped
    assert "with a state dict: 9 tensors (features.0.weight, features.0.bias, features.1.weight, ...)" in said
    assert "load_state_dict()" in said
    expect_tensors(inspect(program, path), module.state_dict())


@FORMS
def test_whole_module(program, module, zipped, tmp_path):
    path = tmp_path / "module.pt"
    torch.save(module, path, _use_new_zipfile_serialization=zipped)
    said = refuse(program, path)
    assert "with a pickled module of class small.Convolutional: 9 tensors" in said and "weights_only=False" in said
    found = inspect(program, path)
    assert found["holds"] == "module" and found["class"] == "small.Convolutional"
    assert sorted(tensor["name"] for tensor in found["tensors"]) == sorted(module.state_dict())


@FORMS
def test_checkpoint(program, module, zipped, tmp_path):
    path = tmp_path / "checkpoint.pt"
    optimizer = torch.optim.Adam(module.parameters())
    saved = {"epoch": 3, "model": module.state_dict(), "optimizer": optimizer.state_dict(), "best": 0.5}
    torch.save(saved, path, _use_new_zipfile_serialization=zipped)
    assert "a checkpoint dict (epoch, model, optimizer, best): 9 tensors (model.features.0.weight, " in refuse(program, path)
    expect_tensors(inspect(program, path), module.state_dict(), "model.")


def test_text(program, module, tmp_path):
    path = tmp_path / "state.pth"
    torch.save(module.state_dict(), path)
    said = subprocess.run([program, "inspect", path], capture_output=True, text=True).stdout
    assert "state.pth: a torch.save file with a state dict, " in said
    assert "\n  features.0.weight: float32[6, 3, 3, 3]\n" in said


def test_other_objects(program, tmp_path):
    path = tmp_path / "object.pt"
    torch.save(torch.zeros(2, 3, dtype=torch.int16), path)
    assert "with one tensor" in refuse(program, path)
    torch.save([torch.zeros(2), {"a": torch.ones(3)}], path)
    assert [tensor["name"] for tensor in inspect(program, path)["tensors"]] == ["0", "1.a"]
    path.write_bytes(pickle.dumps({"weights": [1, 2]}))
    assert "a bare Python pickle with a dict (weights): 0 tensors" in refuse(program, path)


class _Legacy(pickle.Pickler):
    """Names tensors by persistent ids, as torch 0.1 did."""

    def __init__(self, file, ids: dict[int, str]):
        super().__init__(file, protocol=2)
        self._ids = ids

    def persistent_id(self, obj):
        return self._ids[id(obj)] if isinstance(obj, torch.Tensor) else None


def save_as_tar(state: dict[str, torch.Tensor], path: Path) -> None:
    """The form of torch 0.1, which no torch of today writes."""
    ids = {id(tensor): str(1000 + i) for i, tensor in enumerate(state.values())}
    table = io.BytesIO(pickle.dumps(len(state), protocol=2))
    table.seek(0, io.SEEK_END)
    for tensor in state.values():
        table.write(pickle.dumps((ids[id(tensor)], "0", torch.FloatTensor), protocol=2))
        numbers = [*tensor.shape, *tensor.stride(), tensor.storage_offset()]
        table.write(struct.pack(f"<ii{len(numbers)}q", tensor.dim(), 0, *numbers))
    pickled = io.BytesIO()
    _Legacy(pickled, ids).dump(state)
    with tarfile.open(path, "w", format=tarfile.PAX_FORMAT) as archive:
        for name, data in [("sys_info", b""), ("pickle", pickled.getvalue()), ("storages", b""),
                           ("tensors", table.getvalue())]:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))


def test_tar(program, tmp_path):
    state = {"w": torch.zeros(2, 3), "bias.x": torch.zeros(5), "scalar": torch.tensor(1.0)}
    save_as_tar(state, tmp_path / "old.pt")
    assert "in the form of torch 0.1 (a tar archive) with a state dict: 3 tensors (w, bias.x, scalar)" in refuse(
        program, tmp_path / "old.pt")
    expect_tensors(inspect(program, tmp_path / "old.pt"), state)


def test_cut_anywhere(checked_program, module, tmp_path):
    """Streams and tar archives that end early are refused, or told as far as they go."""
    torch.save(module.state_dict(), tmp_path / "stream.pt", _use_new_zipfile_serialization=False)
    save_as_tar({"w": torch.zeros(2, 3)}, tmp_path / "tar.pt")
    for name in ("stream.pt", "tar.pt"):
        whole = (tmp_path / name).read_bytes()
        for size in range(1, len(whole), max(1, len(whole) // 25)):
            (tmp_path / "cut.pt").write_bytes(whole[:size])
            done = subprocess.run([checked_program, "inspect", tmp_path / "cut.pt"], capture_output=True, text=True)
            assert done.returncode in (0, 2, 3) and done.stderr.count("\n") <= 1, done.stderr
