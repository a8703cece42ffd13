"""Real networks, traced, scripted and frozen: the same operators as from the `.pt2`, and LiteRT's numbers against
PyTorch's. TINYNN_TEST_ALL=1 runs all of them."""

import os
import shutil
from pathlib import Path

import litert
import pytest
import tinynn
import torch
import zoo

FEW = ["mobilenet_v2", "squeezenet1_0", "shufflenet_v2_x1_0", "U-Net", "YOLO head", "TransformerEncoder", "TransformerDecoder"]
NETWORKS = list(zoo.ENTRIES) if os.environ.get("TINYNN_TEST_ALL") else FEW

# Where the operators differ from those of the `.pt2`: network and kind of archive to the reason.
DIFFERENCES = {
    ("swin_t", "frozen"): "freezing computes tables of relative positions, some of them 64 KiB larger than what they are made from",
} | {
    ("vit_b_16", form): "tracing keeps attention as one operator, torch.export a permute before each projection"
    for form in ("traced", "scripted", "frozen")
}


@pytest.fixture(scope="module", params=NETWORKS)
def network(request, tmp_path_factory):
    """Name, paths by form, inputs, PyTorch's outputs."""
    folder = tmp_path_factory.mktemp("network")
    module, inputs = zoo.build(request.param)
    paths = {form: folder / f"model.{form}" for form in zoo.forms(request.param)}
    with torch.no_grad():
        expected = [tensor.numpy() for tensor in zoo.flat(module(*inputs))]
    for form, path in paths.items():
        zoo.save(module, inputs, form, path)
    yield request.param, paths, [tensor.numpy() for tensor in inputs], expected
    shutil.rmtree(folder)


def operators(report: dict) -> dict[str, int]:
    return {name: row["count"] for name, row in report["operators"].items()}


@pytest.mark.parametrize("form", ["traced", "scripted", "frozen"])
def test_network(network, form, tmp_path: Path):
    name, paths, inputs, expected = network
    if form not in paths:
        pytest.skip("PyTorch does not script it")
    out = tmp_path / "out.tflite"
    reference = operators(tinynn.load(paths["pt2"]).convert(out))
    # A traced archive keeps the shapes of its example, the others have none.
    model = tinynn.load(paths[form], inputs=None if form == "traced" else [array.shape for array in inputs])
    found = operators(model.convert(out))
    if (name, form) in DIFFERENCES:
        print(f"{name}, {form}: {DIFFERENCES[name, form]}: {found} for {reference}")
        assert found != reference and sum(found.values()) <= sum(reference.values())
    else:
        assert found == reference
    got = litert.run(out, [litert.channels_last(array) for array in inputs])
    litert.assert_close(got, [litert.channels_last(array) for array in expected], 1e-4)
