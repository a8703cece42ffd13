"""Damaged TorchScript archives give an error of one line that names the place, or a model; never a crash, a hang or a leak. Run
with sanitizers.

TINYNN_SEED sets the seed, which is printed; TINYNN_TEST_ALL=1 runs some thousands of copies.
"""

import os
import random
import zipfile
from pathlib import Path

import damage
import pytest
import repack
import small
import torch
from torch import Tensor, nn

pytestmark = pytest.mark.filterwarnings("ignore")

SEED = int(os.environ.get("TINYNN_SEED", "1"))
COUNT = 100 if os.environ.get("TINYNN_TEST_ALL") else 5
SIZE = 8


class Scripted(nn.Module):
    """What a traced program has not: conditions, loops, attributes, constants of other kinds, other methods."""

    def __init__(self):
        super().__init__()
        self.features = small.Convolutional()
        self.scales = {"first": [1.0, 2.0], "second": [0.5]}
        self.register_buffer("shift", torch.ones(5))

    @torch.jit.export
    def scaled(self, x: Tensor, name: str) -> Tensor:
        for scale in self.scales[name]:
            x = x * scale if x.dim() > 1 else x + scale
        return x

    def forward(self, x: Tensor) -> Tensor:
        out = [self.features(x)]
        i = 0
        while i < 3 and len(out) < 3:
            out.append(self.scaled(out[-1], "first") + self.shift)
            i += 1
        assert x.size(0) == 1, f"a batch of {x.size(0)}"
        y = torch.stack(out, 1)
        y[:, 0] += self.shift
        return torch.cat([y, y.relu()], dim=-1)


def save(form: str, folder: Path, compression: int) -> Path:
    """The archive without what nobody reads."""
    torch.manual_seed(1)
    path = folder / "model.pt"
    if form == "traced":
        torch.jit.trace(small.Convolutional().eval(), torch.randn(1, 3, SIZE, SIZE)).save(str(path))
    else:
        torch.jit.script(Scripted().eval()).save(str(path))
    found = {name: data for name, data in repack.entries(path).items() if not name.endswith(("debug_pkl", "serialization_id"))}
    return repack.write(path, found, "model/", compression)


@pytest.mark.parametrize("compression", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED], ids=["stored", "deflate"])
@pytest.mark.parametrize("form", ["traced", "scripted"])
def test_bytes_of_an_archive(probe, form, compression, tmp_path):
    """Checksums notice what the format does not: what loads is equal."""
    rng = random.Random(SEED)
    whole = save(form, tmp_path, compression)
    paths = []
    for i, data in enumerate(damage.bytes_damaged(whole.read_bytes(), rng, 20 * COUNT)):
        paths.append(tmp_path / f"{i}.pt")
        paths[-1].write_bytes(data)
    [wanted, *found] = damage.judge(probe, SEED, [whole, *paths], SIZE)
    assert wanted.startswith("ok")
    assert {line for line in found if line.startswith("ok")} <= {wanted}, f"seed {SEED}"
    assert any(line.startswith("malformed") for line in found)


@pytest.mark.parametrize("compression", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED], ids=["stored", "deflate"])
@pytest.mark.parametrize("form", ["traced", "scripted"])
def test_entries_of_an_archive(probe, form, compression, tmp_path):
    """With checksums that fit, so that what reads the entries meets the damage."""
    rng = random.Random(SEED)
    whole = save(form, tmp_path, compression)
    copies = [found for _, found in damage.entries_damaged(whole, rng, COUNT)]
    paths = [repack.write(tmp_path / f"{i}.pt", found, "model/", compression) for i, found in enumerate(copies)]
    lines = damage.judge(probe, SEED, paths, SIZE)
    assert any(line.startswith("malformed") for line in lines)
    assert [line for path, line in zip(paths, lines) if not line.startswith("ok") and path.name not in line] == []
