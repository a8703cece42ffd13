"""Files with damage: of the bytes as they are, which checksums may notice, and of entries, with checksums that fit; and
what tests/read/probe.c says of them."""

import random
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path

import repack


def bytes_damaged(whole: bytes, rng: random.Random, count: int) -> Iterator[bytes]:
    """Cut copies, copies with flipped bits, with a byte or a run of bytes changed, with a piece taken out or doubled."""
    for _ in range(count):
        data, at = bytearray(whole), rng.randrange(len(whole))
        kind = rng.randrange(6)
        if kind == 0:
            del data[at:]
        elif kind == 1:
            data[at] ^= 1 << rng.randrange(8)
        elif kind == 2:
            data[at] = rng.choice([0, 1, 0x7F, 0x80, 0xFF, rng.randrange(256)])
        elif kind == 3:
            for i in range(at, min(len(data), at + rng.randrange(1, 9))):
                data[i] = rng.choice([0, 0xFF, rng.randrange(256)])
        elif kind == 4:
            del data[at : at + rng.randrange(1, 40)]
        else:
            data[at:at] = data[at : at + rng.randrange(1, 40)]
        yield bytes(data)


# What a JSON program or a Python source breaks at: numbers beyond every limit, other types, other names.
_WORDS = [b"9223372036854775807", b"-1", b"99999999999999999999", b"null", b"[]", b"{}", b'""', b"1e308", b"true", b"0",
          b'"x"', b'"as_int"', b'"as_tensor"', b'"torch.ops.aten.add_.Tensor"']


def words_damaged(whole: bytes, rng: random.Random, count: int) -> Iterator[bytes]:
    """Copies of a text in which a number, a name or a bracket is another."""
    import re

    places = [match.span() for match in re.finditer(rb'"[^"]*"|-?\d+|[\[\]{}]', whole)]
    for _ in range(count if places else 0):
        (begin, end), (other, other_end) = rng.choice(places), rng.choice(places)
        word = rng.choice([*_WORDS, whole[other:other_end], whole[other:other_end]])
        yield whole[:begin] + word + whole[end:]


def entries_damaged(path: Path, rng: random.Random, count: int) -> Iterator[tuple[str, dict[str, bytes]]]:
    """The entries of an archive with one of them damaged, and its name; every entry has its turns."""
    found = repack.entries(path)
    for name, data in found.items():
        if not data:
            continue
        text = name.endswith((".json", ".py"))
        copies = [*bytes_damaged(data, rng, count), *(words_damaged(data, rng, 4 * count) if text else [])]
        for copy in copies:
            yield name, found | {name: copy}
        yield name, {key: value for key, value in found.items() if key != name}


def nested_damaged(path: Path, entry: str, rng: random.Random, count: int) -> Iterator[tuple[str, dict[str, bytes]]]:
    """The same for the entries of an archive inside of the archive."""
    inner = path.with_name("inner.pt")
    outer = repack.entries(path)
    if not outer[entry]:
        return
    inner.write_bytes(outer[entry])
    for name, found in entries_damaged(inner, rng, count):
        repack.write(inner, found, "archive/")
        yield f"{entry}: {name}", outer | {entry: inner.read_bytes()}


def archive(path: Path, found: dict[str, bytes], rng: random.Random) -> Path:
    compression = rng.choice([zipfile.ZIP_STORED, zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
    return repack.write(path, found, rng.choice(["", "root/"]), compression)


def judge(probe: Path, seed: int, paths: list[Path], size: int | None = None) -> list[str]:
    """What the probe says of each file, which is removed; never that it crashed, nor that something of its own is wrong.
    `size` is told to programs that ask for the shape of their image."""
    tail = "" if size is None else f"\t{size}"
    names = "".join(f"{path}{tail}\n" for path in paths)
    done = subprocess.run([probe], input=names.encode(), capture_output=True, timeout=600)
    lines = done.stdout.decode(errors="replace").split("\n")[:-1]
    broken = paths[min(len(lines), len(paths) - 1)]
    assert done.returncode == 0, f"seed {seed}, {broken.name}: {done.stderr.decode()[-3000:]}"
    assert len(lines) == len(paths)
    assert not [line for line in lines if line.startswith("internal")], f"seed {seed}"
    for path in paths:
        path.unlink()
    return lines
