"""Damaged files give an error or an equal model; never a crash, a hang or a leak. Run with sanitizers.

TINYNN_SEED sets the seed, which is printed; TINYNN_TEST_ALL=1 runs some thousands of copies a file.
"""

import os
import random
from pathlib import Path

import damage
import pytest
import repack
import small
import torch

SEED = int(os.environ.get("TINYNN_SEED", "1"))
COUNT = 400 if os.environ.get("TINYNN_TEST_ALL") else 40


def exported(folder: Path, container: str) -> Path:
    return repack.repack(container, small.export(small.Convolutional, folder / "model.pt2"), folder / "whole.pt2")


@pytest.mark.parametrize("container", repack.CONTAINERS)
def test_bytes_of_an_archive(probe, container, tmp_path):
    """Every entry is small enough that its checksum is looked at: what loads is equal, unless no more is left of an archive
    than its comment or an entry that nobody reads."""
    rng = random.Random(SEED)
    whole = exported(tmp_path, container)
    paths = []
    for i, data in enumerate(damage.bytes_damaged(whole.read_bytes(), rng, 4 * COUNT)):
        paths.append(tmp_path / f"{i}.pt2")
        paths[-1].write_bytes(data)
    [wanted, *found] = damage.judge(probe, SEED, [whole, *paths])
    assert wanted.startswith("ok")
    assert {line for line in found if line.startswith("ok")} <= {wanted}, f"seed {SEED}"
    assert any(line.startswith("malformed") for line in found)


@pytest.mark.parametrize("container", repack.CONTAINERS)
def test_entries_of_an_archive(probe, container, tmp_path):
    """With checksums that fit, so that what reads the entries meets the damage."""
    rng = random.Random(SEED)
    whole = exported(tmp_path, container)
    copies = [*damage.entries_damaged(whole, rng, COUNT // 4)]
    for entry in repack.entries(whole):
        if entry.endswith(".pt"):
            copies += damage.nested_damaged(whole, entry, rng, COUNT // 8)
    paths = [damage.archive(tmp_path / f"{i}.pt2", found, rng) for i, (_, found) in enumerate(copies)]
    lines = damage.judge(probe, SEED, paths)
    assert any(line.startswith("malformed") for line in lines)


@pytest.mark.parametrize("zipped", [True, False], ids=["zip", "stream"])
def test_state_dict(probe, zipped, tmp_path):
    rng = random.Random(SEED)
    whole = tmp_path / "whole.pt"
    torch.save(small.make(small.Convolutional)[0].state_dict(), whole, _use_new_zipfile_serialization=zipped)
    paths = []
    for i, data in enumerate(damage.bytes_damaged(whole.read_bytes(), rng, 4 * COUNT)):
        paths.append(tmp_path / f"{i}.pt")
        paths[-1].write_bytes(data)
    if zipped:
        paths += [damage.archive(tmp_path / f"entry{i}.pt", found, rng)
                  for i, (_, found) in enumerate(damage.entries_damaged(whole, rng, COUNT))]
    assert not [line for line in damage.judge(probe, SEED, paths) if line.startswith("ok")]
