"""The same program in the containers of every torch gives the same graph and the same bytes."""

import json
import logging
import os
import subprocess
import zipfile
from pathlib import Path

import networks
import numpy as np
import pytest
import repack
import small
import tinynn
import torch

ALL = bool(os.environ.get("TINYNN_TEST_ALL"))
NETWORKS = ["mobilenet_v2", "resnet18"]
if ALL:
    NETWORKS += ["mobilenet_v3_small", "squeezenet1_0", "mnasnet1_0", "efficientnet_b0", "densenet121", *networks.LITE_SIZES,
                 "resnet50", "resnext50_32x4d", "vgg11_bn", "alexnet"]
HELD = [small.Tied, small.TiedWritten, small.Lifted, small.Unsaved, small.NoGrad, small.Convolutional]


def convert(program: Path, model: Path, out: Path, *arguments: str) -> bytes:
    done = subprocess.run([program, "convert", model, "-o", out, *arguments], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return out.read_bytes()


def refuse(program: Path, model: Path, *arguments: str, code: int) -> str:
    done = subprocess.run([program, "convert", model, "-o", "/dev/null", *arguments], capture_output=True, text=True)
    assert done.returncode == code, done.stderr
    return done.stderr


def described(program: Path, model: Path) -> str:
    """All that inspect says of a model but what its container is called and made of."""
    done = subprocess.run([program, "inspect", model], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout[done.stdout.index("\ninputs") :]


@pytest.fixture(scope="module", params=[*NETWORKS, *HELD], ids=lambda kind: getattr(kind, "__name__", kind))
def model(request, tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("saved") / "model.pt2"
    if isinstance(request.param, str):
        module, shape = networks.build(request.param)
        networks.export(module, shape, path)
    else:
        small.export(request.param, path)
    yield path
    path.unlink()


@pytest.mark.parametrize("compression", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED], ids=["stored", "deflate"])
@pytest.mark.parametrize("container", repack.CONTAINERS)
def test_same_bytes(program, model, container, compression, tmp_path):
    if compression == zipfile.ZIP_DEFLATED and model.stat().st_size > 1 << 20 and not ALL:
        pytest.skip("packing a large network takes seconds")
    root = "" if container == "2.7" or compression == zipfile.ZIP_DEFLATED else "model/"
    old = repack.repack(container, model, tmp_path / "old.pt2", root, compression)
    assert convert(program, old, tmp_path / "old.tflite") == convert(program, model, tmp_path / "new.tflite")
    assert described(program, old) == described(program, model)


@pytest.mark.parametrize("container", repack.CONTAINERS)
def test_torch_reads_what_the_repacker_writes(container, tmp_path):
    logging.disable(logging.WARNING)
    model = small.export(small.Tied, tmp_path / "model.pt2")
    old = repack.repack(container, model, tmp_path / "old.pt2", "" if container == "2.7" else "old/")
    state = torch.export.load(old).state_dict
    logging.disable(logging.NOTSET)
    assert torch.equal(state["turned"], small.make(small.Tied)[0].turned)


@pytest.mark.parametrize("kind", [*HELD, small.AutocastOff, small.AutocastElsewhere], ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("decompose", [False, True], ids=["as exported", "decomposed"])
def test_numbers(kind, decompose, tmp_path):
    if decompose and kind is small.TiedWritten:
        pytest.skip("torch cannot decompose writes to buffers that overlap")
    loaded = tinynn.load(small.export(kind, tmp_path / "model.pt2", decompose))
    [found] = loaded.run(small.make(kind)[1].numpy())
    np.testing.assert_allclose(found, small.expected(kind).numpy(), rtol=0, atol=1e-5)


def test_written_buffers_are_told(tmp_path):
    warnings = tinynn.load(small.export(small.TiedWritten, tmp_path / "model.pt2")).warnings
    assert any('"block" is changed by the program' in line for line in warnings)


def test_autocast_is_refused(program, tmp_path):
    said = refuse(program, small.export(small.Autocast, tmp_path / "model.pt2"), code=3)
    assert "wrap_with_autocast: autocast computes in a smaller type" in said


def two_models(folder: Path, names: tuple[str, str]) -> Path:
    """An archive with two models."""
    found = {}
    for name, kind in zip(names, [small.Lifted, small.Unsaved]):
        parts = repack.read(small.export(kind, folder / f"{name}.pt2"))
        found |= repack.as_pickled(parts, name)
    return repack.write(folder / "two.pt2", found, "two/")


def test_several_models(program, tmp_path):
    two = two_models(tmp_path, ("encoder", "decoder"))
    for name in ("encoder", "decoder"):
        alone = convert(program, tmp_path / f"{name}.pt2", tmp_path / "alone.tflite")
        assert convert(program, two, tmp_path / "out.tflite", "--model", name) == alone
        assert described(program, tmp_path / f"{name}.pt2").startswith("\ninputs")
    assert tinynn.load(two, model="decoder").outputs
    assert "2 models and none is called \"model\"; name one (--model): encoder, decoder" in refuse(program, two, code=1)
    assert 'no model "head"; it has: encoder, decoder' in refuse(program, two, "--model", "head", code=1)


def test_model_is_the_usual_name(program, tmp_path):
    two = two_models(tmp_path, ("other", "model"))
    assert convert(program, two, tmp_path / "a.tflite") == convert(program, two, tmp_path / "b.tflite", "--model", "model")


def test_only_model_needs_no_name(program, tmp_path):
    parts = repack.read(small.export(small.Lifted, tmp_path / "model.pt2"))
    convert(program, repack.write(tmp_path / "one.pt2", repack.as_pickled(parts, "net")), tmp_path / "out.tflite")


def test_flat_container_has_one_model(program, tmp_path):
    old = repack.repack("2.7", small.export(small.Lifted, tmp_path / "model.pt2"), tmp_path / "old.pt2")
    convert(program, old, tmp_path / "out.tflite", "--model", "model")
    assert "it has: model" in refuse(program, old, "--model", "head", code=1)


def test_oldest_names_of_the_flat_container(program, tmp_path):
    model = small.export(small.Tied, tmp_path / "model.pt2")
    found = {name.replace("_dict.pt", "_dict.json").replace("constants.pt", "constants.json"): data
             for name, data in repack.as_flat(repack.read(model)).items()}
    old = repack.write(tmp_path / "old.pt2", found)
    assert convert(program, old, tmp_path / "old.tflite") == convert(program, model, tmp_path / "new.tflite")


class Dynamic(torch.nn.Module):
    def forward(self, x, y):
        return x.reshape(x.shape[0] * 2, -1).relu() + y


def respell(node, hints: bool):
    """The program as older minors of the schema spell it, in place; without hints if wanted."""
    import sympy

    for key, value in list(node.items()) if isinstance(node, dict) else enumerate(node):
        if key == "expr_str":
            node[key] = str(sympy.sympify(value))
        elif key == "hint" and not hints:
            node[key] = None
        elif key == "as_none":
            node[key] = []
        elif key == "dtype" and value == 7:
            node[key] = "FLOAT"
        elif key == "layout":
            node[key] = "Strided"
        elif key == "inputs" and isinstance(node.get("target"), str):
            for argument in value:
                argument.pop("kind", None)
            respell(value, hints)
        elif isinstance(value, (dict, list)):
            respell(value, hints)


@pytest.mark.parametrize("hints", [True, False], ids=["hints", "sample inputs"])
def test_older_spellings(program, hints, tmp_path):
    model = tmp_path / "model.pt2"
    rows = torch.export.Dim("rows", min=2, max=50)
    dynamic = {"x": {0: rows}, "y": {0: 2 * rows}}
    example = (torch.randn(5, 6), torch.randn(10, 3))
    torch.export.save(torch.export.export(Dynamic(), example, dynamic_shapes=dynamic), model)
    parts = repack.read(model)
    tree = json.loads(parts.program)
    respell(tree, hints)
    tree["schema_version"]["minor"] = 1
    parts.program = json.dumps(tree).encode()
    old = repack.write(tmp_path / "old.pt2", repack.as_flat(parts))
    assert described(program, old) == described(program, model)
    assert tinynn.load(old).inputs[0].shape == (5, 6)


@pytest.mark.parametrize("version, words", [({"major": 9, "minor": 0}, "schema 9.0"), (5, "schema 5.0")])
def test_other_schemas(program, version, words, tmp_path):
    parts = repack.read(small.export(small.Lifted, tmp_path / "model.pt2"))
    tree = json.loads(parts.program) | {"schema_version": version}
    found = repack.as_pickled(parts) | {"models/model.json": json.dumps(tree).encode()}
    assert words in refuse(program, repack.write(tmp_path / "other.pt2", found), code=3)


def test_big_endian(program, tmp_path):
    found = repack.as_pickled(repack.read(small.export(small.Lifted, tmp_path / "model.pt2")))
    found["byteorder"] = b"big"
    said = refuse(program, repack.write(tmp_path / "big.pt2", found), code=3)
    assert 'byteorder is "big"' in said and "little-endian" in said
