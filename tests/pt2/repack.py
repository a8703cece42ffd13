"""A `.pt2` of the installed torch in the containers of older ones, and as other zip tools would write them.

    python tests/pt2/repack.py CONTAINER IN.pt2 OUT.pt2

Containers: "2.9" (raw storages, as torch 2.9 and later), "2.8" (pickled weights), "2.7" (a flat archive of torch.save
archives). The program is kept byte for byte; the weights are the same tensors on the same storages.
"""

import io
import json
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

import torch

# By the code of torch's export schema.
DTYPES = {
    1: torch.uint8, 2: torch.int8, 3: torch.int16, 4: torch.int32, 5: torch.int64, 6: torch.float16, 7: torch.float32,
    8: torch.float64, 12: torch.bool, 13: torch.bfloat16,
}


@dataclass
class Parts:
    """What a `.pt2` archive holds, whichever its container."""

    program: bytes
    weights: dict[str, torch.Tensor]
    constants: dict[str, torch.Tensor]
    samples: bytes  # a torch.save archive
    raw: dict[str, bytes]  # entries as torch 2.9 names them, without the root folder


def entries_of(data: bytes) -> dict[str, bytes]:
    """All entries of a zip archive in memory, by their whole names."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(found: dict[str, bytes], compression: int = zipfile.ZIP_STORED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, data in found.items():
            archive.writestr(name, data)
    return out.getvalue()


def entries(path: Path) -> dict[str, bytes]:
    """All entries of a zip archive, its root folder stripped when they share one."""
    found = entries_of(path.read_bytes())
    roots = {name.split("/", 1)[0] + "/" for name in found}
    root = roots.pop() if len(roots) == 1 else ""
    return {name.removeprefix(root): data for name, data in found.items()}


def _tensors(raw: dict[str, bytes], kind: str, model: str) -> dict[str, torch.Tensor]:
    """The tensors that a config names; those of one file share a storage."""
    config = json.loads(raw[f"data/{kind}/{model}_{kind}_config.json"])["config"]
    storages, tensors = {}, {}
    for path, entry in config.items():
        meta, file = entry["tensor_meta"], entry["path_name"]
        dtype = DTYPES[meta["dtype"]]
        data = bytearray(raw[f"data/{kind}/{file}"])
        if file not in storages:
            storages[file] = torch.frombuffer(data, dtype=torch.uint8) if data else torch.empty(0, dtype=torch.uint8)
        sizes, strides = ([number["as_int"] for number in meta[key]] for key in ("sizes", "strides"))
        tensor = storages[file].view(dtype).as_strided(sizes, strides, meta["storage_offset"]["as_int"])
        tensors[path] = torch.nn.Parameter(tensor, meta["requires_grad"]) if entry["is_param"] else tensor
    return tensors


def read(path: Path, model: str = "model") -> Parts:
    raw = entries(path)
    return Parts(raw[f"models/{model}.json"], _tensors(raw, "weights", model), _tensors(raw, "constants", model),
                 raw.get(f"data/sample_inputs/{model}.pt", b""), raw)


def saved(obj) -> bytes:
    out = io.BytesIO()
    torch.save(obj, out)
    return out.getvalue()


def as_raw(parts: Parts) -> dict[str, bytes]:
    return parts.raw


def as_pickled(parts: Parts, model: str = "model") -> dict[str, bytes]:
    """Torch 2.8."""
    return {
        "archive_format": b"pt2",
        "archive_version": b"0",
        "byteorder": b"little",
        f"models/{model}.json": parts.program,
        f"data/weights/{model}.pt": saved(parts.weights),
        f"data/constants/{model}.pt": saved(parts.constants),
        f"data/sample_inputs/{model}.pt": parts.samples,
        ".data/version": b"6\n",
        ".data/serialization_id": b"0" * 40,
    }


def as_flat(parts: Parts) -> dict[str, bytes]:
    """Torch 2.7 and earlier."""
    version = json.loads(parts.program)["schema_version"]
    return {
        "serialized_exported_program.json": parts.program,
        "serialized_state_dict.pt": saved(parts.weights),
        "serialized_constants.pt": saved(parts.constants) if parts.constants else b"",
        "serialized_example_inputs.pt": parts.samples,
        "version": f"{version['major']}.{version['minor']}".encode(),
    }


CONTAINERS = {"2.9": as_raw, "2.8": as_pickled, "2.7": as_flat}


def write(path: Path, found: dict[str, bytes], root: str = "", compression: int = zipfile.ZIP_STORED) -> Path:
    path.write_bytes(zipped({root + name: data for name, data in found.items()}, compression))
    return path


def repack(container: str, source: Path, target: Path, root: str = "", compression: int = zipfile.ZIP_STORED) -> Path:
    return write(target, CONTAINERS[container](read(source)), root, compression)


if __name__ == "__main__":
    repack(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
